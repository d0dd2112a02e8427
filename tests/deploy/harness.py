"""A Scrapyd as ``deploy/`` sets it up, for the tests to start, stop and kill."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psutil
import requests
from scrapyd_client.pyclient import ScrapydClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROJECT = Path(__file__).parents[2]
WAIT_SECONDS = 120
CREDENTIALS = {"SCRAPYD_USERNAME": "operator", "SCRAPYD_PASSWORD": "100% 'secret' $HOME"}


class Site(NamedTuple):
    """Where the tests' Scrapyd works."""

    home: Path  # HERALD_HOME
    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> ScrapydClient:
        return ScrapydClient(self.url, *CREDENTIALS.values())

    @property
    def eggs(self) -> list[Path]:
        return sorted((self.home / "scrapyd" / "eggs" / "heraldcrawl").iterdir())

    def jobs(self, state: str) -> list[dict[str, Any]]:
        """Scrapyd's jobs that are pending, running or finished."""
        return list(self.client.jobs("heraldcrawl")[state])

    def deploy(self) -> None:
        run([PROJECT / "deploy" / "deploy.sh", "test"], self.environment | CREDENTIALS)


def make_site(home: Path, **environment: str) -> Site:
    """A new place for a Scrapyd, on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    # Scrapyd-client reads more targets from here, beside the project's own scrapy.cfg.
    (home / "scrapy.cfg").write_text(f"[deploy:test]\nurl = http://127.0.0.1:{port}/\n")
    # An operator's own file must not open it to the network.
    (home / ".scrapyd.conf").write_text("[scrapyd]\nbind_address = 0.0.0.0\nmax_proc = 2\n")
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SCRAPYD_", "DATABASE_"))
    }
    ours = {
        "DATABASE_URL": "",
        "HERALD_HOME": str(home),
        "HOME": str(home),
        "SCRAPYD_HTTP_PORT": str(port),
        "XDG_CONFIG_HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    return Site(home, port, inherited | ours | environment)


def run(command: list[str | Path], environment: dict[str, str], cwd: Path = PROJECT) -> str:
    """Run a command that must succeed, and return what it printed."""
    done = subprocess.run(
        command, env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def scrapyd(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    """Run one; what is left of it in the end is stopped, its jobs with it."""
    with (
        (site.home / "scrapyd.log").open("ab") as log,
        subprocess.Popen(
            [PROJECT / "deploy" / "scrapyd.sh"],
            env=site.environment | CREDENTIALS,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            wait_for(lambda: process.poll() is not None or answers(site.url), site)
            assert process.poll() is None, log_of(site)
            yield process
        finally:
            process.terminate()
            process.wait(WAIT_SECONDS)


def answers(url: str) -> bool:
    """Tell whether anybody does."""
    try:
        requests.get(url, timeout=10)
    except requests.ConnectionError:
        return False
    return True


def log_of(site: Site) -> str:
    """Everything that Scrapyd and its jobs said."""
    logs = [site.home / "scrapyd.log", *site.home.glob("scrapyd/logs/**/*.log")]
    return "\n".join(log.read_text("utf-8") for log in logs if log.exists())


def listening(site: Site) -> list[tuple[str, int, int | None]]:
    """Who listens on the port: address, port, pid."""
    return [
        (connection.laddr.ip, connection.laddr.port, connection.pid)
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
        and connection.laddr
        and connection.laddr.port == site.port
    ]


def wait_for(condition: Callable[[], object], site: Site) -> None:
    """Wait until it is true."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, log_of(site)
        time.sleep(0.1)
