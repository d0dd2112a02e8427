"""Is every page that the database knows in the archive, whole, and the other way round?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from heraldcrawl.archive import shelf as shelves
from heraldcrawl.archive.digests import matches
from heraldcrawl.archive.reader import CAPTURES, Reader, opened
from heraldcrawl.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from heraldcrawl.archive.capture import Capture
    from heraldcrawl.archive.reader import Record
    from heraldcrawl.archive.shelf import Connection, File, Shelf


@dataclass
class Report:
    """What was found in a file."""

    name: str
    records: int = 0  # whole ones, of whatever type
    state: str = "whole"  # or open: a crawl writes to it; elsewhere: on another machine; faulty
    faults: Counter[str] = field(default_factory=Counter)  # kind -> how many
    notes: Counter[str] = field(default_factory=Counter)  # the same, where it is no fault

    def as_record(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "state": self.state,
            "records": self.records,
            "faults": dict(self.faults),
            "notes": dict(self.notes),
        }


def verify(
    connection: Connection,
    shelf: Shelf,
    *,
    max_bytes: int,
    only: Iterable[str] = (),
    progress: Callable[[int], object] = lambda _: None,
) -> Iterator[Report]:
    """Read every file from its beginning to its end.

    :param max_bytes: of the largest record
    :param only: these files alone
    :param progress: told the bytes of each file that is done
    """
    known = {file.name: file for file in shelves.files(connection)}
    connection.rollback()
    wanted = {shelf.path(name).relative_to(shelf.folder).as_posix() for name in only}
    for name in sorted(known.keys() | set(shelf.names())):
        if not wanted or name in wanted:
            report = _verify_file(connection, shelf, name, known.get(name), max_bytes)
            progress(known[name].bytes if name in known else 0)
            yield report


def _verify_file(
    connection: Connection, shelf: Shelf, name: str, file: File | None, max_bytes: int
) -> Report:
    report = Report(name)
    if file is not None and (file.packed_into or file.is_unfinished_pack):
        report.notes["left by a pack that was interrupted"] += 1
        return report
    is_open = shelf.path(name).exists() and shelf.is_being_written(name)
    rows = {row.record_offset: row for row in shelves.captures(connection, name)}
    connection.rollback()
    try:
        with opened(shelf.address(file) if file else str(shelf.path(name))) as stream:
            reader = Reader(stream, name, max_bytes=max_bytes)
            for record in reader:
                _verify_record(report, record, rows)
    except (ArchiveError, OSError) as error:
        if file is not None and isinstance(error, ArchiveError) and _is_elsewhere(file):
            report.state = "elsewhere"
            report.notes[f"on {file.host}"] += 1
        else:
            report.state = "faulty"
            report.faults["file missing"] += 1
        return report
    report.faults["row without record"] += len(rows)
    # What a kill has left behind the last whole record was never counted as written.
    has_all = reader.end >= (file.bytes if file else 0)
    for reason, count in reader.skipped.items():
        is_note = reason == "truncated" and has_all
        (report.notes if is_note else report.faults)[_SAID.get(reason, reason)] += count
    if is_open:
        report.state = "open"
        report.notes += report.faults
        report.faults.clear()
    report.faults = +report.faults
    if report.faults:
        report.state = "faulty"
    return report


def _verify_record(report: Report, record: Record, rows: dict[int, Capture]) -> None:
    report.records += 1
    row = rows.pop(record.place.offset, None)
    fields = record.fields
    digests = {"block": (record.block, fields.get("warc-block-digest", ""))}
    if record.record_type != "revisit":  # a revisit's payload is elsewhere
        digests["payload"] = (record.payload, fields.get("warc-payload-digest", ""))
    for what, (data, told) in digests.items():
        if told and matches(data, told) is False:
            report.faults[f"{what} digest differs"] += 1
    if record.record_type not in CAPTURES:
        return
    if row is None:
        report.faults["record without row"] += 1
    elif (row.url, row.captured_at, row.payload_digest, row.record_length) != (
        record.url,
        record.captured_at,
        fields.get("warc-payload-digest"),
        record.length,
    ):
        report.faults["row differs from record"] += 1


def _is_elsewhere(file: File) -> bool:
    return file.location is None and file.host != shelves.this_host()


_SAID = {"truncated": "ends in the middle of a record", "too_large": "record too large to be read"}
