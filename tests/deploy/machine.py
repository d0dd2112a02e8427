"""A machine with systemd to install on: namespaces of this one, and a layer that forgets.

Its files are this machine's, seen through an overlay in memory; its network is a loopback alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
WAIT_SECONDS = 240

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NAMESPACES = ("--pid", "--mount", "--cgroup", "--uts", "--ipc", "--net")


def missing() -> str | None:
    """What keeps this machine from lending another one; None if nothing does."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "namespaces need root on Linux"
    programs = ("unshare", "nsenter", "ip", "setpriv", "systemd-analyze", "/lib/systemd/systemd")
    if lacking := [name for name in programs if not shutil.which(name)]:
        return f"{', '.join(lacking)} is missing"
    unshare = ["unshare", *_NAMESPACES, "--fork", "true"]
    tried = subprocess.run(unshare, check=False, capture_output=True)
    if tried.returncode:
        return "this container may make no namespaces"
    version = subprocess.run(
        ["/usr/bin/python3", "-c", "import sys, venv; print(*sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    if version.stdout.split() != [str(part) for part in sys.version_info[:2]]:
        return "/usr/bin/python3 is missing or of another version"
    return None


class Machine:
    """One that has booted."""

    def __init__(self, init: int) -> None:
        self._init = init  # the pid of its PID 1

    def run(self, script: str, *, check: bool = True) -> str:
        """Run a bash script as its root in the project's folder, and return all that it said."""
        command = [
            *("nsenter", "--target", str(self._init), "--all", "--"),
            *("env", "-i", f"PATH={_PATH}", "HOME=/root", "LANG=C.UTF-8"),
            *("bash", "-euo", "pipefail", "-c", f"cd /opt/heraldcrawl\n{script}"),
        ]
        # Into a file: a pipe would stay open as long as what runs in the background.
        with TemporaryFile() as out:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                timeout=WAIT_SECONDS,
                check=False,
            )
            out.seek(0)
            said = out.read().decode()
        assert not check or done.returncode == 0, f"{script}\n{said}\n{self._journal()}"
        return said

    def wait_for(self, script: str) -> str:
        """Run it until it succeeds."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            said = self.run(f"if {script}; then echo; echo yes; fi", check=False)
            if said.endswith("\nyes\n"):
                return said.removesuffix("\nyes\n")
            assert time.monotonic() < deadline, f"{script}\n{said}\n{self._journal()}"
            time.sleep(0.5)

    def _journal(self) -> str:
        return self.run("journalctl --no-pager --output cat --lines 20", check=False)


@contextmanager
def boot(folder: Path) -> Iterator[Machine]:
    """Boot one that has a clone of the project in /opt/heraldcrawl, and its environment."""
    clone = folder / "clone"
    files = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(files, cwd=PROJECT, check=True, capture_output=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (PROJECT / name).exists():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, clone / name)
    with (folder / "boot.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *("unshare", *_NAMESPACES, "--fork", "--kill-child=KILL"),
                *("sh", PROJECT / "tests/deploy/boot.sh", folder, PROJECT),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield _booted(process, folder)
        finally:
            for pid in _children(process):
                os.kill(pid, 9)  # PID 1: all of them end with it
            process.wait(WAIT_SECONDS)


def _booted(process: subprocess.Popen[bytes], folder: Path) -> Machine:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for pid in _children(process):
            machine = Machine(pid)
            if "running" in machine.run("systemctl is-system-running || true", check=False).split():
                return machine
        time.sleep(0.2)
    raise AssertionError(f"it does not boot: {(folder / 'boot.log').read_text()}")


def _children(process: subprocess.Popen[bytes]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []
