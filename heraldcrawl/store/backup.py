"""Backups of the database by PostgreSQL's own programs: pg_dump's custom format, one file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from heraldcrawl.errors import StoreError, UpkeepError
from heraldcrawl.store.given import connect, inspect, split_password
from heraldcrawl.store.locks import RUN_LOCK
from heraldcrawl.store.migrate import migrate
from heraldcrawl.store.programs import find_client
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from pathlib import Path

_QUERIES = load("server")

#: Rights belong to a server's roles, which another server may not have.
_PORTABLE = ("--no-owner", "--no-privileges")
_DUMPED_FROM = re.compile(r"^;\s+Dumped from database version: (\d+)", re.MULTILINE)
_TABLES = re.compile(r" TABLE DATA \S+ (\S+) ")
_PIECE_BYTES = 1 << 20


def backup(url: str, out: IO[bytes], *, ours: bool) -> None:
    """Write the archive as it is at this moment; crawls go on meanwhile.

    :param ours: the server is the embedded one
    :raises StoreError: there is no archive
    :raises UpkeepError: it cannot be done, and why
    """
    with connect(url) as connection:
        if connection.execute(_QUERIES["is_empty"]).fetchone() == (True,):
            raise StoreError("the database holds no archive yet; scrapy crawl makes one")
    dump = find_client("pg_dump", ours=ours, at_least=_major(url))
    login, environment = _login(url)
    with TemporaryFile() as said:
        command = [dump, "--format=custom", *_PORTABLE, *login]
        if _start(command, env=environment, stdout=out, stderr=said).wait():
            raise UpkeepError(f"the backup failed: {_complaint(said)}")


def restore(url: str, file: Path, *, ours: bool, replace: bool = False) -> list[str]:
    """Put a backup into a database and bring it up to this version.

    :param replace: remove what is there, in the same transaction
    :returns: the names of the migrations that it needed
    :raises UpkeepError: it cannot be done, and why; what the file holds is there as a whole or not
        at all
    """
    _check(url, file, replace=replace)
    login, environment = _login(url)
    psql = [find_client("psql", ours=ours), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    with (
        TemporaryFile() as refused,
        TemporaryFile() as unread,
        _start(
            [_reader(), "--file=-", *_PORTABLE, file], stdout=subprocess.PIPE, stderr=unread
        ) as reading,
        _start(
            [*psql, "--file=-", *login],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=refused,
        ) as writing,
    ):
        assert reading.stdout is not None
        assert writing.stdin is not None
        is_cut = False
        with suppress(BrokenPipeError):  # psql has ended, and says why
            writing.stdin.write(b"BEGIN;\n")
            writing.stdin.write(_QUERIES["clear"].encode() if replace else b"")
            shutil.copyfileobj(reading.stdout, writing.stdin, _PIECE_BYTES)
            if not (is_cut := reading.wait() != 0):
                # Until this line, whatever ends psql or us, nothing has happened.
                writing.stdin.write(b"COMMIT;\n")
            writing.stdin.close()
        reading.stdout.close()
        if writing.wait() and not is_cut:
            raise UpkeepError(f"the database refuses the backup: {_complaint(refused)}")
        if is_cut:
            raise UpkeepError(f"{file} cannot be read to its end: {_complaint(unread)}")
    applied = migrate(url)
    with connect(url) as connection:
        connection.execute(_QUERIES["analyze"])
    return applied


def _check(url: str, file: Path, *, replace: bool) -> None:
    """Find out whether the file can go there.

    :raises UpkeepError: it cannot, and why
    """
    listed = subprocess.run(  # noqa: S603  (PostgreSQL's own)
        [_reader(), "--list", file], capture_output=True, text=True, errors="replace", check=False
    )
    dumped_from = _DUMPED_FROM.search(listed.stdout)
    if listed.returncode or not dumped_from:
        why = listed.stderr.strip().removeprefix("pg_restore: error: ")
        raise UpkeepError(f"{file} is no backup: {why}")
    if not {"articles", "migrations"} <= set(_TABLES.findall(listed.stdout)):
        raise UpkeepError(f"{file} is a backup of another database, not of an archive")
    if (found := _major(url)) < int(dumped_from[1]):
        raise UpkeepError(
            f"{file} comes from PostgreSQL {dumped_from[1]}, and this is {found};"
            " restore it into the same version or a newer one"
        )
    with connect(url) as connection:
        if not replace and connection.execute(_QUERIES["is_empty"]).fetchone() == (False,):
            raise UpkeepError(
                "the database is not empty; name another HERALD_HOME or DATABASE_URL,"
                " or say --replace to remove what is there"
            )
        crawls = connection.execute(_QUERIES["count_live_runs"], {"lock": RUN_LOCK}).fetchone()
        if crawls != (0,):
            raise UpkeepError("a crawl uses the database; stop all crawls first")


def _reader() -> Path:
    return find_client("pg_restore", ours=True)  # works on the file alone


def _major(url: str) -> int:
    version, _ = inspect(url)
    return int(version.partition(".")[0])


def _login(url: str) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment of a client; in the former everybody could read the password."""
    public, password = split_password(url)
    return ["--dbname", public], os.environ | ({"PGPASSWORD": password} if password else {})


def _start(command: list[Any], **surroundings: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, **surroundings)  # noqa: S603  (PostgreSQL's own)


def _complaint(said: IO[bytes]) -> str:
    """The first error among what a program said."""
    said.seek(0)
    lines = said.read().decode(errors="replace").splitlines()
    words = next((line for line in lines if "ERROR:" in line or "error:" in line), "no word why")
    return re.sub(r"^.*?(ERROR|error): +", "", words)
