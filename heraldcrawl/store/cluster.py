"""The cluster of the embedded server: its folder, its settings, and how it is made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heraldcrawl.errors import StoreError
from heraldcrawl.store import programs

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The database, and its owner.
NAME = "heraldcrawl"

#: Written at each start. An operator's own go to ``ALTER SYSTEM``, which wins.
SETTINGS = {
    "listen_addresses": "",  # nothing on the network: the socket alone
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
    "port": "5432",  # the socket's name
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",  # bounds how long recovery takes
    "wal_level": "minimal",  # nobody replicates from here
    "max_wal_senders": "0",
    # Leaves nothing behind outside the cluster, and logind cannot remove it at a logout.
    "dynamic_shared_memory_type": "mmap",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_filename": "%a.log",  # a week's worth, each day over the same of last week
    "log_truncate_on_rotation": "on",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",  # a failed statement can be as long as its stories
}

SOCKET = f".s.PGSQL.{SETTINGS['port']}"

_HBA = "local all all trust\n"  # the folder decides who comes in
_BUILTIN_LOCALES = 17  # the version that brought them


def version(data: Path) -> int | None:
    """Tell the major version of a cluster; None where there is none."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def make(data: Path, folder: Path, major: int, lock: int, *, fsync: str = "on") -> None:
    """Make it aside and move it in place, so that it is whole or not there at all.

    :param folder: of PostgreSQL's programs
    :param lock: an open file that the programs are to inherit
    """
    new = data.with_name("new")
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700)
    prefix, user = programs.named_user()
    if user:
        os.chown(new, user["user"], user["group"])
    initdb = [
        str(folder / "initdb"),
        f"--pgdata={here(new)}",
        f"--username={NAME}",
        "--auth=reject",  # until pg_hba.conf says otherwise
        "--encoding=UTF8",
        "--locale=C",
        "--data-checksums",
    ]
    if major >= _BUILTIN_LOCALES:
        initdb += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if fsync == "off":
        initdb += ["--no-sync"]
    create = [str(folder / "postgres"), "--single", "-D", here(new)]
    create += ["-c", "exit_on_error=true", "-c", f"fsync={fsync}", "postgres"]
    failure = "the database cannot be made"
    if prefix:
        failure += f" (PostgreSQL wants a name in /etc/passwd for user {os.geteuid()})"
    for command, text in ((initdb, ""), (create, f"CREATE DATABASE {NAME};\n")):
        _run([*prefix, *command], failure, text, cwd=new, pass_fds=(lock,), **user)
    if user:
        _give_away(new, programs.SERVER_ID)
    new.rename(data)
    parent = os.open(data.parent, os.O_RDONLY)
    os.fsync(parent)
    os.close(parent)


def configure(data: Path, settings: Mapping[str, str]) -> None:
    _run(
        ["sh", "-c", 'cat > postgresql.conf && printf %s "$0" > pg_hba.conf', _HBA],
        "the database server's settings cannot be written",
        "".join(f"{name} = '{value}'\n" for name, value in settings.items()),
        cwd=data,
        **programs.server_user(),  # a link that this user may have made must not lead root astray
    )


def clear(data: Path) -> None:
    """Remove what a killed server left, which can keep another from starting.

    Its pid can be a zombie's by now, or somebody else's.
    """
    for leftover in ("postmaster.pid", SOCKET, f"{SOCKET}.lock"):
        (data / leftover).unlink(missing_ok=True)


def here(folder: Path) -> str:
    """Name a folder for PostgreSQL, which is to run inside it.

    By this name it can be entered even where a folder above it is closed to the server's user, as
    root's own is; and the name is never too long.
    """
    return "/proc/self/cwd" if sys.platform == "linux" else str(folder)


def _run(command: list[str], failure: str, text: str, **surroundings: Any) -> None:
    """Run a program apart from the terminal and from our environment."""
    try:
        result = subprocess.run(  # noqa: S603  (PostgreSQL's own)
            command,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            env=programs.ENVIRONMENT,
            start_new_session=True,
            **surroundings,
        )
    except OSError as error:
        raise StoreError(f"{failure}: {error}") from error
    if result.returncode:
        words = " ".join(result.stderr.split()) or f"exit status {result.returncode}"
        raise StoreError(f"{failure}: {words}")


def _give_away(folder: Path, owner: int) -> None:
    for parent, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            os.chown(Path(parent, name), owner, owner, follow_symlinks=False)
    os.chown(folder, owner, owner)
