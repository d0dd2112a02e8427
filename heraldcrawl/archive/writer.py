"""Writes a run's WARC files: HERALD_HOME/archive/<year>/<UTC time>-<run>-<serial>.warc.gz.

A file only grows, record by record, and each is a gzip member of its own: whoever is killed leaves
whole records behind, and at most one that is not. The writer holds a lock on its file as long as it
lives, so that nobody packs or moves a file that is still being written.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from socket import gethostname
from typing import TYPE_CHECKING

from scrapy import __version__ as scrapy_version

from heraldcrawl import __version__
from heraldcrawl.archive.capture import Capture
from heraldcrawl.archive.records import warcinfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from scrapy.settings import BaseSettings

    from heraldcrawl.archive.records import Copy, Exchange, Written

if sys.platform != "win32":
    import fcntl

#: macOS and Windows have only the one that writes the file's times as well.
_sync = getattr(os, "fdatasync", os.fsync)

SUFFIX = ".warc.gz"
CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


class Writer:
    """Writes groups of exchanges; what it has returned is on the disk. Not for two threads at once.

    :param folder: the archive's
    :param run: number of the run, part of the files' names
    :param info: fields of each file's warcinfo record
    :param file_bytes: a file ends before it would grow larger
    """

    def __init__(self, folder: Path, run: int, info: Mapping[str, str], file_bytes: int) -> None:
        self._folder = folder
        self._run = run
        self._info = info
        self._limit = file_bytes
        self._serial = 0
        self._descriptor: int | None = None
        self.name = ""  # of the file being written
        self.bytes = 0  # written to it
        self.captures = 0  # in it

    def open(self) -> None:
        """Begin a file.

        :raises OSError: the folder cannot be written to
        """
        at = datetime.now(UTC)
        folder = self._folder / f"{at:%Y}"
        folder.mkdir(parents=True, exist_ok=True)
        while self._descriptor is None:
            self._serial += 1
            path = folder / f"{at:%Y%m%dT%H%M%SZ}-{self._run}-{self._serial:04}{SUFFIX}"
            with suppress(FileExistsError):
                flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
                self._descriptor = os.open(path, flags, 0o666)
        if sys.platform != "win32":
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        self.name = f"{folder.name}/{path.name}"
        self.bytes = self.captures = 0
        self._write(warcinfo(path.name, self._info, at))
        for parent in (folder, self._folder, self._folder.parent):
            sync_folder(parent)

    def append(
        self, group: Iterable[tuple[Exchange | Copy, Written]]
    ) -> list[tuple[Capture, int, int]]:
        """Append the records of a group and wait until they are on the disk.

        :returns: for each its capture, and the file's bytes and captures up to there
        :raises OSError: it could not be written, or not all of it; the file ends as it did before
        """
        done = []
        waiting: list[bytes] = []
        end, count = self.bytes, self.captures
        for exchange, written in group:
            length = sum(map(len, written.members))
            if end + length > self._limit and count:
                self._write(b"".join(waiting))
                waiting.clear()
                self.captures = count
                self.close()
                self.open()
                end, count = self.bytes, self.captures
            capture = Capture(
                file=self.name,
                record_offset=end,
                record_length=len(written.members[0]),
                url=exchange.url,
                article_id=exchange.article_id,
                captured_at=exchange.captured_at,
                record_type=written.record_type,
                status=exchange.status,
                payload_digest=written.payload_digest,
                refers_to_at=written.refers_to_at,
                record_id=written.record_id,
            )
            waiting += written.members
            end, count = end + length, count + 1
            done.append((capture, end, count))
        self._write(b"".join(waiting))
        self.captures = count
        return done

    def close(self) -> None:
        """End the file; one without a capture is none."""
        if self._descriptor is not None:
            if not self.captures:
                (self._folder / self.name).unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, data: bytes) -> None:
        assert self._descriptor is not None
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            _sync(self._descriptor)
        except OSError as error:
            error.filename = str(self._folder / self.name)
            with suppress(OSError):
                os.ftruncate(self._descriptor, self.bytes)
                os.lseek(self._descriptor, self.bytes, os.SEEK_SET)
            raise
        self.bytes += len(data)


def describe(settings: BaseSettings, spider: str, run: int) -> dict[str, str]:
    """What a run's warcinfo records say, in the terms of WARC and Dublin Core."""
    info = {
        "software": f"heraldcrawl/{__version__} Scrapy/{scrapy_version}",
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS_TO,
        "description": f"The Korea Herald, asked at {settings['SITE_URL']}",
        "isPartOf": f"run {run} of {spider}",
        "operator": settings["CONTACT"],
        "hostname": gethostname(),
        "http-header-user-agent": settings["USER_AGENT"],
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
    }
    if settings.get("REPLAY"):
        info["source"] = f"replayed from {settings['REPLAY']}"
    return info


def sync_folder(folder: Path) -> None:
    """Make sure that the files in it are there after a power cut, too."""
    with suppress(PermissionError):  # then it is another's, and was there before
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
