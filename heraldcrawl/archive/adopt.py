"""Gives rows to records that have none: written when a crawl was killed, or of a lost database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from heraldcrawl.archive import shelf as shelves
from heraldcrawl.archive.reader import CAPTURES, Reader, opened
from heraldcrawl.site.addresses import story_id
from heraldcrawl.store.queries import load
from heraldcrawl.store.records import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heraldcrawl.archive.reader import Record
    from heraldcrawl.archive.shelf import Connection, File, Shelf

_FILES = load("archive_files")

_BATCH = 1000  # rows


def adopt(connection: Connection, shelf: Shelf, max_bytes: int) -> Iterator[tuple[str, int]]:
    """Go through the folder's files that may have records without row.

    A file that a crawl is writing is left to that crawl.

    :returns: file by file, its name and how many rows were added
    """
    known = {file.name: file for file in shelves.files(connection)}
    connection.rollback()
    for name in shelf.names():
        file = known.get(name)
        if _may_lack_rows(shelf, name, file) and not shelf.is_being_written(name):
            yield name, _adopt_file(connection, shelf, name, max_bytes)


def _may_lack_rows(shelf: Shelf, name: str, file: File | None) -> bool:
    if file is None:
        return True
    if file.packed_into or file.is_unfinished_pack or file.location:
        return False
    is_whole = file.rows == file.captures and file.bytes == shelf.path(name).stat().st_size
    return file.finished_at is None or not is_whole


def _adopt_file(connection: Connection, shelf: Shelf, name: str, max_bytes: int) -> int:
    """Add the rows of a file, in one transaction."""
    with opened(str(shelf.path(name))) as stream:
        reader = Reader(stream, name, max_bytes=max_bytes, wanted=lambda kind, _: kind in CAPTURES)
        make = _Rows()
        rows = [row for record in reader if (row := make.of(record))]
    with connection.transaction():
        before = shelves.find(connection, name)
        connection.execute(
            _FILES["adopt_file"],
            {
                "name": name,
                "host": shelves.this_host(),
                "run": shelves.run_of(name),
                "bytes": reader.end,
                "captures": len(rows),
                "started_at": rows[0]["captured_at"] if rows else shelves.began(name),
            },
        )
        for start in range(0, len(rows), _BATCH):
            batch = {"name": name, "captures": json.dumps(rows[start : start + _BATCH])}
            connection.execute(_FILES["adopt_captures"], batch)
        after = shelves.find(connection, name)
    assert after is not None
    return after.rows - (before.rows if before else 0)


class _Rows:
    """Makes rows of a file's records, one after the other, as a crawl would have made them."""

    def __init__(self) -> None:
        self._stories: dict[str, str] = {}  # address that a story redirected to -> the story
        self._captured: dict[str, str] = {}  # address -> time of its last response

    def of(self, record: Record) -> dict[str, Any] | None:
        if record.captured_at is None or not record.url:
            return None
        at = record.captured_at.isoformat()
        article_id = self._stories.pop(record.url, None) or story_id(record.url)
        location = record.header("location")
        if article_id and location:
            self._stories[urljoin(record.url, location)] = article_id
        refers_to_at = None
        if record.record_type == "revisit":
            _, referred = record.refers_to
            refers_to_at = referred and referred.isoformat()
        elif record.record_type == "conversion":
            refers_to_at = self._captured.get(record.url)
        else:
            self._captured[record.url] = at
        return {
            "record_offset": record.place.offset,
            "record_length": record.length,
            "url": printable(record.url),
            "article_id": article_id,
            "captured_at": at,
            "record_type": record.record_type,
            "status": record.status,
            "payload_digest": record.fields.get("warc-payload-digest"),
            "refers_to_at": refers_to_at,
        }
