"""Puts many small files together into few large ones: a run every ten minutes writes one each.

Gzip members may follow each other in any file, so that records are copied as they are. What is
killed in the midst is begun again: the files that were there count until the database says, in one
transaction, that everything that was in them lies in the new one; only then are they deleted.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heraldcrawl import __version__
from heraldcrawl.archive import shelf as shelves
from heraldcrawl.archive.digests import Digesting, sha256_of
from heraldcrawl.archive.reader import Reader, opened
from heraldcrawl.archive.records import warcinfo
from heraldcrawl.archive.writer import CONFORMS_TO, SUFFIX, sync_folder
from heraldcrawl.errors import ArchiveError
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heraldcrawl.archive.shelf import Connection, File, Shelf

_FILES = load("archive_files")

_CHUNK = 1 << 20  # bytes
_PART = ".part"


@dataclass(frozen=True, slots=True)
class Packed:
    """A file that was made of others."""

    name: str
    bytes: int
    sources: tuple[str, ...]


def pack(connection: Connection, shelf: Shelf, file_bytes: int, max_bytes: int) -> Iterator[Packed]:
    """Pack what is finished, lies here and was not copied elsewhere.

    :param file_bytes: how large a file may become; one that has half of it stays as it is
    :param max_bytes: of the largest record
    :raises ArchiveError: a file is damaged, and stays as it is
    """
    _clear_up(connection, shelf)
    for group in _groups(connection, shelf, file_bytes):
        yield _pack(connection, shelf, group, max_bytes)
        _clear_up(connection, shelf)


def _groups(connection: Connection, shelf: Shelf, file_bytes: int) -> list[list[File]]:
    """Files of one year that go together, in the order of time."""
    groups: list[list[File]] = []
    for file in shelves.files(connection):
        if not _may_be_packed(shelf, file) or file.bytes >= file_bytes / 2:
            continue
        group = groups[-1] if groups else []
        fits = sum(each.bytes for each in group) + file.bytes <= file_bytes
        if group and fits and group[0].name[:4] == file.name[:4]:
            group.append(file)
        else:
            groups.append([file])
    connection.rollback()
    return [group for group in groups if len(group) > 1 or _has_tail(shelf, group[0])]


def _may_be_packed(shelf: Shelf, file: File) -> bool:
    return (
        file.finished_at is not None
        and file.packed_into is None
        and file.location is None
        and not file.copies
        and shelf.path(file.name).exists()
        and not shelf.is_being_written(file.name)
    )


def _has_tail(shelf: Shelf, file: File) -> bool:
    """Whether a kill left part of a record at its end, which packing leaves out."""
    return shelf.path(file.name).stat().st_size > file.bytes


def _pack(connection: Connection, shelf: Shelf, group: list[File], max_bytes: int) -> Packed:
    name = _free_name(connection, shelf, group[0].name)
    path = shelf.path(name)
    part = path.with_name(path.name + _PART)
    with connection.transaction():
        connection.execute(_FILES["begin_pack"], {"name": name, "host": shelves.this_host()})
    starts = []
    with part.open("wb") as target:
        out = Digesting(target)
        out.write(warcinfo(path.name, _info(group), datetime.now(UTC)))
        for file in group:
            starts.append(out.bytes)
            _copy(shelf, file, out, max_bytes)
        target.flush()
        os.fsync(target.fileno())
    with part.open("rb") as written:
        if sha256_of(written) != out.sha256:
            raise ArchiveError(f"{name} was not written as it should be; is the disk sound?")
    part.replace(path)
    sync_folder(path.parent)
    with connection.transaction():
        for file, by in zip(group, starts, strict=True):
            move = {"source": file.name, "target": name, "by": by}
            if connection.execute(_FILES["repack"], move).rowcount != file.captures:
                raise ArchiveError(f"{file.name} has not the captures that its row tells of")
            connection.execute(_FILES["repack_dead_letters"], move)
            connection.execute(_FILES["mark_packed"], move)
        connection.execute(
            _FILES["finish_pack"],
            {
                "name": name,
                "bytes": out.bytes,
                "captures": sum(file.captures for file in group),
                "sha256": out.sha256,
                "started_at": group[0].started_at,
            },
        )
    return Packed(name, out.bytes, tuple(file.name for file in group))


def _copy(shelf: Shelf, file: File, out: Digesting, max_bytes: int) -> None:
    """Copy a file's records, if they are sound.

    :raises ArchiveError: they are not
    """
    with opened(str(shelf.path(file.name))) as source:
        reader = Reader(source, file.name, max_bytes=max_bytes, wanted=lambda *_: False)
        for _ in reader:
            pass
        if reader.skipped["damaged"] or reader.end < file.bytes:
            raise ArchiveError(f"{file.name} is damaged; scrapy archive verify tells more")
        source.seek(0)
        left = file.bytes  # and no more: behind it may be what a kill has left
        while left:
            chunk = source.read(min(left, _CHUNK))
            out.write(chunk)
            left -= len(chunk)


def _free_name(connection: Connection, shelf: Shelf, first: str) -> str:
    """A name that sorts with the first of the files, and that nothing has."""
    known = {file.name for file in shelves.files(connection)}
    connection.rollback()
    number = 1
    while True:
        name = f"{first[:4]}/{shelves.stamp(first)}-packed-{number:04}{SUFFIX}"
        if name not in known and not shelf.path(name).exists():
            return name
        number += 1


def _info(group: list[File]) -> dict[str, str]:
    return {
        "software": f"heraldcrawl/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS_TO,
        "description": f"{len(group)} files packed into one, each after its own warcinfo record",
        "hostname": shelves.this_host(),
    }


def _clear_up(connection: Connection, shelf: Shelf) -> None:
    """Delete what was packed into others, and what an interrupted pack has left."""
    for file in shelves.files(connection):
        if file.packed_into is None and not file.is_unfinished_pack:
            continue
        path = shelf.path(file.name)
        path.unlink(missing_ok=True)
        path.with_name(path.name + _PART).unlink(missing_ok=True)
        connection.execute(_FILES["forget_file"], {"name": file.name})
    connection.commit()
