"""Finds the Herald's story pages in WARC and WACZ files of whatever origin.

A file may be hostile, or just broken. So nothing is unpacked to a disk, every length is bounded,
and what is passed over is counted by why:

``type/<type>``
    a record of another type than response or revisit
``other_site``, ``other_address``
    no page of the Herald's, or none of a story's
``status/<status>``, ``not_html``
    another answer than a page
``no_time``
    nobody can tell when it was captured: no time, or none at which there was such a page
``odd_name``, ``damaged``, ``truncated``, ``too_large``, ``no_http``
    a member of a WACZ file whose name leads elsewhere; and what :mod:`heraldcrawl.archive.reader`
    cannot read
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from glob import glob
from typing import TYPE_CHECKING, BinaryIO, cast

from heraldcrawl.archive.reader import Reader, opened, remote
from heraldcrawl.errors import ArchiveError, ArgumentError
from heraldcrawl.site.addresses import is_herald, story_id

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from heraldcrawl.archive.reader import Record

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SUFFIXES = (".warc", ".warc.gz")
#: Of these a member is decompressed piece by piece, whatever it becomes.
_BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: What zipfile raises for a file that is none, or not all of one.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError,
    NotImplementedError,
)  # fmt: skip
_ENCRYPTED = 1  # a zip member's flag
_LARGEST_DIRECTORY = 1 << 26  # bytes; of a zip file, which is read as a whole
_END_OF_DIRECTORY = b"PK\x05\x06"
_ELSEWHERE = (1 << 32) - 1
_END_WITHIN = 66_000  # bytes; a comment may follow
_FIRST = datetime(1996, 1, 1, tzinfo=UTC)  # no archive of the Web has older pages
_HTML = ("", "text/html", "application/xhtml+xml")
_OK = 200
_NOT_MODIFIED = 304


def find(names: list[str]) -> list[str]:
    """The files that paths, globs and addresses of fsspec name.

    :raises ArgumentError: one of them names no file
    :raises ArchiveError: an address cannot be reached
    """
    found: list[str] = []
    for name in names:
        matches = _remote_matches(name) if "://" in name else _local_matches(name)
        if not matches:
            raise ArgumentError(f"{name} names no file, and is no story's id or address")
        found += matches
    return list(dict.fromkeys(found))


class Foreign:
    """A file of somebody's.

    :param address: a path, or any address that fsspec knows
    :param max_bytes: of the largest page
    :param skipped: counts what is passed over, and why
    """

    def __init__(self, address: str, max_bytes: int, skipped: Counter[str]) -> None:
        self.address = address
        self._max_bytes = max_bytes
        self._skipped = skipped
        self.has_revisits = False  # told by pages()

    def pages(self) -> Iterator[Record]:
        """The responses that are story pages, in the file's order.

        :raises ArchiveError: it cannot be read, or is neither a WARC nor a WACZ file
        """
        for reader in self._readers(self._is_response):
            for record in reader:
                if self._is_page(record):
                    yield record
            self._skipped.update(reader.skipped)

    def revisits(self) -> Iterator[Record]:
        """The revisits of story pages, in a second pass.

        :raises ArchiveError: it cannot be read any more
        """
        for reader in self._readers(lambda kind, url: kind == "revisit" and _is_story(url)):
            for record in reader:
                if record.status not in (None, _OK, _NOT_MODIFIED):
                    self._skipped[f"status/{record.status}"] += 1
                elif not _is_possible(record.captured_at):
                    self._skipped["no_time"] += 1
                else:
                    yield record

    def _readers(self, wanted: Callable[[str, str], bool]) -> Iterator[Reader]:
        found = 0
        try:
            with opened(self.address) as file:
                for name, stream in self._streams(file):
                    reader = Reader(stream, name, max_bytes=self._max_bytes, wanted=wanted)
                    yield reader
                    found += reader.found
        except OSError as error:
            raise ArchiveError(f"{self.address}: {error.strerror or error}") from error
        except _DAMAGED as error:
            raise ArchiveError(f"{self.address} is a damaged WACZ file: {error}") from error
        if not found:
            raise ArchiveError(f"{self.address} is neither a WARC nor a WACZ file")

    def _streams(self, file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
        """The WARC files in it, or itself."""
        is_zip = file.read(len(_ZIP[0])) in _ZIP
        file.seek(0)
        if not is_zip:
            yield self.address, file
            return
        _check_directory(file)
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                if not member.filename.lower().endswith(_SUFFIXES):
                    continue
                if _is_odd(member):
                    self._skipped["odd_name"] += 1
                    continue
                with archive.open(member) as stream:
                    yield f"{self.address}!{member.filename}", cast("BinaryIO", stream)

    def _is_response(self, kind: str, url: str) -> bool:
        if kind == "revisit" and _is_story(url):
            self.has_revisits = True  # told of in the second pass
            return False
        if kind not in ("response", "revisit"):
            self._skipped[f"type/{kind if kind in _TYPES else 'other'}"] += 1
        elif not is_herald(url):
            self._skipped["other_site"] += 1
        elif not _is_story(url):
            self._skipped["other_address"] += 1
        else:
            return True
        return False

    def _is_page(self, record: Record) -> bool:
        kind = record.header("content-type").partition(";")[0].strip().lower()
        if record.status != _OK:
            self._skipped[f"status/{record.status}"] += 1
        elif kind not in _HTML:
            self._skipped["not_html"] += 1
        elif not _is_possible(record.captured_at):
            self._skipped["no_time"] += 1
        else:
            return True
        return False


def _is_possible(at: datetime | None) -> bool:
    """Whether a page of the site may have been captured then; clocks may be a little fast."""
    return at is not None and _FIRST <= at <= datetime.now(UTC) + timedelta(days=1)


_TYPES = frozenset({"warcinfo", "request", "metadata", "resource", "conversion", "continuation"})


def _is_story(url: str) -> bool:
    return is_herald(url) and story_id(url) is not None


def _is_odd(member: zipfile.ZipInfo) -> bool:
    """Whether a member is one that no tool would write, or that cannot be read within bounds."""
    parts = member.filename.replace("\\", "/").split("/")
    return (
        ".." in parts
        or not parts[0]
        or ":" in parts[0]
        or member.compress_type not in _BOUNDED
        or bool(member.flag_bits & _ENCRYPTED)
    )


def _check_directory(file: BinaryIO) -> None:
    """Look at how long a zip file's directory claims to be, before it is read.

    :raises BadZipFile: too long
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_WITHIN))
    tail = file.read(_END_WITHIN)
    end = tail.rfind(_END_OF_DIRECTORY)
    claimed = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    if claimed == _ELSEWHERE:  # zip64 tells it elsewhere: from there to here it is at most
        start = tail.rfind(b"PK\x06\x06", 0, end)
        claimed = int.from_bytes(tail[start + 40 : start + 48], "little") if start >= 0 else size
    file.seek(0)
    if claimed > _LARGEST_DIRECTORY:
        raise zipfile.BadZipFile("its directory is too long")


def _local_matches(name: str) -> list[str]:
    return sorted(glob(name, recursive=True)) or glob(_literal(name))  # noqa: PTH207  (as replay.py)


def _literal(name: str) -> str:
    """A name that may hold a glob's characters itself."""
    return name.replace("[", "[[]")


def _remote_matches(name: str) -> list[str]:
    if not any(mark in name for mark in "*?["):
        return [name]
    import fsspec  # noqa: PLC0415  (half a second, for what most never use)

    with remote(name):
        system, path = fsspec.core.url_to_fs(name)
        return sorted(system.unstrip_protocol(match) for match in system.glob(path))
