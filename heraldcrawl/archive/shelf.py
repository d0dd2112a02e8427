"""Where the page archive's files lie, and how to open them: here, or at any address of fsspec.

What a capture's row says is enough to read it:

>>> shelf = Shelf(Path("data"))                          # doctest: +SKIP
>>> record = shelf.read(connection, capture, max_bytes)  # doctest: +SKIP
"""

from __future__ import annotations

import re
import socket
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from psycopg.rows import class_row

from heraldcrawl.archive.capture import Capture
from heraldcrawl.archive.reader import Place, opened, record_at
from heraldcrawl.errors import ArchiveError
from heraldcrawl.store.queries import load

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from heraldcrawl.archive.reader import Record

    Connection = psycopg.Connection[Any]

_FILES = load("archive_files")

#: A file's name below the archive's folder; no other is ever opened, moved or deleted.
_NAME = re.compile(r"[0-9]{4}/[0-9]{8}T[0-9]{6}Z-(?:([0-9]+)|packed)-[0-9]+\.warc\.gz").fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a file may be: what its row in ``archive_files`` says of that."""

    name: str
    host: str
    location: str | None
    copies: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Whereabouts):
    """A row of ``archive_files``."""

    run: int | None
    bytes: int
    captures: int
    sha256: str | None
    started_at: datetime
    finished_at: datetime | None
    packed_into: str | None
    rows: int  # of captures

    @property
    def is_unfinished_pack(self) -> bool:
        """Whether it was to be packed from others when somebody was killed."""
        return self.run is None and self.finished_at is None


class Shelf:
    """The archive's folder, and what its files' rows say of other places.

    :param home: HERALD_HOME
    """

    def __init__(self, home: Path) -> None:
        self.folder = home.expanduser().absolute() / "archive"

    def names(self) -> list[str]:
        """The archive's files that lie in the folder, the oldest first."""
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.glob("*/*.gz"))
        return sorted(name for name in found if _NAME(name))

    def path(self, name: str) -> Path:
        """Where a file lies, or would lie, in the folder.

        :raises ArchiveError: that is no name of ours, and may lead anywhere
        """
        if not _NAME(name):
            raise ArchiveError(f"{name!r} is no file of the page archive")
        return self.folder / name

    def address(self, file: Whereabouts) -> str:
        """Where to read a file: in the folder, where it was moved to, or a copy.

        :raises ArchiveError: it is not here, and the database knows no other place
        """
        path = self.path(file.name)
        if path.exists():
            return str(path)
        for location in (file.location, *file.copies):
            if location is not None:
                return f"{location}/{file.name}"
        where = f"; it was written on {file.host}" if file.host != this_host() else ""
        raise ArchiveError(f"{file.name} is missing{where}")

    def read(self, connection: Connection, capture: Capture, max_bytes: int) -> Record | None:
        """The record of a capture; of a revisit with the payload that it refers to.

        :returns: None if there is no such record, or none with a payload
        :raises ArchiveError: its file is missing
        :raises OSError: its file cannot be read
        """
        record = self._record(connection, capture, max_bytes)
        if record is None or capture.record_type != "revisit":
            return record
        with connection.cursor(row_factory=class_row(Capture)) as cursor:
            at = {"url": capture.url, "at": capture.refers_to_at}
            original = cursor.execute(_FILES["payload"], at).fetchone()
        payload = original and self._record(connection, original, max_bytes)
        if not payload:
            return None
        record.take_payload(payload)
        return record

    def _record(self, connection: Connection, capture: Capture, max_bytes: int) -> Record | None:
        with connection.cursor(row_factory=class_row(Whereabouts)) as cursor:
            file = cursor.execute(_FILES["whereabouts"], {"name": capture.file}).fetchone()
        if file is None:
            raise ArchiveError(f"the database does not know {capture.file}")
        with opened(self.address(file)) as stream:
            place = Place(capture.file, capture.record_offset)
            return record_at(stream, place, max_bytes)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else puts the folder in order meanwhile.

        :raises ArchiveError: somebody does
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            if not _lock(file):
                raise ArchiveError("another scrapy archive is at work here")
            yield

    def is_being_written(self, name: str) -> bool:
        """Whether a crawl writes to a file of the folder."""
        with self.path(name).open("rb") as file:
            return not _lock(file)


def _lock(file: IO[Any]) -> bool:
    """Lock a file until it is closed.

    :returns: whether nobody else had
    """
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def files(connection: Connection) -> list[File]:
    """All that the database knows, the oldest first."""
    with connection.cursor(row_factory=class_row(File)) as cursor:
        return cursor.execute(_FILES["files"]).fetchall()


def find(connection: Connection, name: str) -> File | None:
    """What the database knows of a file."""
    with connection.cursor(row_factory=class_row(File)) as cursor:
        return cursor.execute(_FILES["file"], {"name": name}).fetchone()


def captures(connection: Connection, name: str) -> list[Capture]:
    """What the database knows to be in a file, in its order."""
    with connection.cursor(row_factory=class_row(Capture)) as cursor:
        return cursor.execute(_FILES["captures"], {"name": name}).fetchall()


def this_host() -> str:
    """The name under which this machine's files are known."""
    return socket.gethostname()


def began(name: str) -> datetime:
    """When a file was begun, by its name.

    >>> began("2026/20260131T060000Z-12-0001.warc.gz").isoformat()
    '2026-01-31T06:00:00+00:00'
    """
    return datetime.strptime(stamp(name), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def stamp(name: str) -> str:
    """The time in a file's name, which sorts."""
    return name.partition("/")[2].partition("-")[0]


def run_of(name: str) -> int | None:
    """The run that wrote a file.

    >>> run_of("2026/20260131T060000Z-12-0001.warc.gz")
    12
    """
    match = _NAME(name)
    return int(match[1]) if match and match[1] else None
