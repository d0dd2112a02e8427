"""Copies or moves the archive's files to any folder, or any address that fsspec knows.

Whatever was copied is read back and its digest compared before the database hears of it, and a file
is deleted only after that. So an interrupted copy or move is finished by the next.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from heraldcrawl.archive import shelf as shelves
from heraldcrawl.archive.digests import Digesting, sha256_of
from heraldcrawl.archive.reader import opened, remote
from heraldcrawl.archive.writer import sync_folder
from heraldcrawl.errors import ArchiveError
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heraldcrawl.archive.shelf import Connection, File, Shelf

_FILES = load("archive_files")

_CHUNK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Transferred:
    """A file that is in its new place."""

    name: str
    address: str
    bytes: int


def destination(text: str) -> str:
    """The folder's address as the database keeps it: a path is absolute, nothing ends in a slash.

    >>> destination("s3://archive/herald/")
    's3://archive/herald'

    :raises ArchiveError: it tells a password, or nothing here can write there
    """
    if "://" not in text:
        return str(Path(text).expanduser().absolute())
    parts = urlsplit(text)
    if parts.password:
        raise ArchiveError("the address tells a password; put it into the environment instead")
    if parts.scheme == "file":
        return str(Path(parts.path))
    import fsspec  # noqa: PLC0415  (half a second, for what most never use)

    try:
        fsspec.get_filesystem_class(parts.scheme)
    except (ImportError, ValueError) as error:
        raise ArchiveError(f"{parts.scheme}:// cannot be used here: {error}") from error
    return text.rstrip("/")


def transfer(
    connection: Connection, shelf: Shelf, to: str, *, delete: bool, days: float = 0
) -> Iterator[Transferred]:
    """Bring every finished file to a folder that has not got it yet.

    :param to: its address; the archive's own folder brings home what was moved away
    :param delete: move it, that is: it lies there from now on, and no longer where it lay
    :param days: leave alone what was finished later
    :raises ArchiveError: a file is missing, or did not arrive whole; the others before it did
    """
    home = to == str(shelf.folder)
    if home and not delete:
        raise ArchiveError("that is the archive's own folder")
    until = datetime.now(UTC) - timedelta(days=days)
    found = shelves.files(connection)
    connection.rollback()
    for file in found:
        if file.finished_at is None or file.finished_at > until or file.packed_into:
            continue
        if delete and file.location == (None if home else to):
            _delete_leftover(shelf, file, to)  # of a move that was interrupted
        elif (delete or to not in file.copies) and file.location != to:
            if file.location is None and not shelf.path(file.name).exists():
                continue  # it lies on another machine
            yield _transfer(connection, shelf, file, to, home=home, delete=delete)


def _transfer(
    connection: Connection, shelf: Shelf, file: File, to: str, *, home: bool, delete: bool
) -> Transferred:
    path, target = shelf.path(file.name), f"{to}/{file.name}"
    source = str(path) if file.location is None else f"{file.location}/{file.name}"
    digest = _copy(source, target)
    if file.sha256 not in (None, digest):
        raise ArchiveError(f"{source} is not what it was; scrapy archive verify tells more")
    with opened(target) as arrived:
        if sha256_of(arrived) != digest:
            raise ArchiveError(f"{target} did not arrive whole; nothing was deleted")
    there = {"name": file.name, "location": None if home else to, "sha256": digest}
    with connection.transaction():
        connection.execute(_FILES["moved" if delete else "copied"], there)
    if delete:
        _remove(source)
    return Transferred(file.name, target, file.bytes)


def _delete_leftover(shelf: Shelf, file: File, to: str) -> None:
    """Delete the file that a move had copied and not deleted yet, if it arrived whole."""
    left = shelf.path(file.name)
    if file.location is None or not left.exists():
        return
    with opened(f"{to}/{file.name}") as arrived:
        if sha256_of(arrived) == file.sha256:
            left.unlink()


def _copy(source: str, target: str) -> str:
    """Copy a file.

    :returns: its SHA-256
    """
    with opened(source) as file, _created(target) as created:
        out = Digesting(created)
        while chunk := file.read(_CHUNK):
            out.write(chunk)
    return out.sha256


@contextmanager
def _created(target: str) -> Iterator[Any]:
    """Write a file; a local one is on the disk when that is done."""
    if "://" not in target:
        path = Path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
        return
    import fsspec  # noqa: PLC0415  (half a second, for what most never use)

    with remote(target):
        filesystem, path_there = fsspec.url_to_fs(target)
        bucket = path_there.partition("/")[0]
        if bucket and not filesystem.exists(bucket):  # or s3fs would make what may be a slip
            raise ArchiveError(f"{target}: there is no {bucket}")
        filesystem.makedirs(path_there.rpartition("/")[0], exist_ok=True)
        with filesystem.open(path_there, "wb") as file:
            yield file


def _remove(address: str) -> None:
    if "://" not in address:
        Path(address).unlink()
        return
    import fsspec  # noqa: PLC0415  (half a second, for what most never use)

    with remote(address):
        filesystem, path = fsspec.url_to_fs(address)
        filesystem.rm_file(path)
