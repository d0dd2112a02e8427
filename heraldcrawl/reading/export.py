"""Stories by the thousand: read through a cursor, written part by part."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg import IsolationLevel
from psycopg.rows import dict_row

from heraldcrawl.errors import ArgumentError
from heraldcrawl.reading.output import replaced
from heraldcrawl.site.dates import KST
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from heraldcrawl.reading.archive import Connection
    from heraldcrawl.reading.formats import Writer
    from heraldcrawl.reading.selection import Selection

_QUERIES = load("export")

#: Stories at a time: some megabytes, and a row group of a Parquet file.
_PART = 1000
#: What somebody meant as a time, and no name for a new file.
_LIKE_A_TIME = re.compile(r"\d{4}-\d[\d:T .+-]*Z?")


@dataclass(frozen=True, slots=True)
class Point:
    """Up to where an export has seen the changes of the archive."""

    at: datetime
    transaction: str | None = None  # older ones were seen; None where only a time is known


def export(
    connection: Connection,
    writer: Writer,
    selection: Selection,
    *,
    revisions: bool = False,
    changed_since: Point | None = None,
) -> Point:
    """Write the selected stories, oldest first, as they are at this moment.

    :param revisions: all texts that they had, not the current one alone
    :param changed_since: only stories that changed after what an earlier export had seen
    :returns: what this one has seen
    """
    parameters = selection.parameters() | {
        "changed_since": changed_since and changed_since.at,
        "transaction": changed_since and changed_since.transaction,
    }
    statement = _QUERIES["revisions" if revisions else "stories"]
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    with connection.transaction():
        [at, transaction] = connection.execute(_QUERIES["point"]).fetchone() or ()
        with connection.cursor("stories", row_factory=dict_row) as cursor:
            cursor.execute(statement, parameters)
            while rows := cursor.fetchmany(_PART):
                writer.write(rows)
    writer.finish()
    return Point(at, transaction)


def read_point(since: str, about: dict[str, Any]) -> Point | None:
    """Read what ``--changed-since`` was given: a time, or a file that :func:`write_point` wrote.

    :param about: what is exported; it must be the same each time
    :returns: None where the file is still to be made
    :raises ArgumentError: it is neither, or of another export
    """
    if (at := _time(since)) is not None:
        return Point(at)
    path = Path(since)
    if not path.exists():
        if _LIKE_A_TIME.fullmatch(since):
            raise ArgumentError(f"--changed-since {since} is no time; write it as 2026-01-31T06:00")
        return None
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        point = Point(datetime.fromisoformat(known["at"]), known["transaction"])
    except (ValueError, KeyError, TypeError) as error:
        raise ArgumentError(
            f"--changed-since {since} is neither a time (2026-01-31T06:00) nor a file that an"
            " earlier export wrote to remember where it was"
        ) from error
    if known.get("about") != about:
        raise ArgumentError(
            f"--changed-since {since} was written by an export of another selection"
            f" ({json.dumps(known.get('about'))})"
        )
    return point


def write_point(since: str, point: Point, about: dict[str, Any]) -> None:
    """Remember in a file where an export was; does nothing for a time."""
    if _time(since) is None:
        known = {"at": point.at.isoformat(), "transaction": point.transaction, "about": about}
        with replaced(Path(since).resolve()) as file:
            file.write(f"{json.dumps(known, ensure_ascii=False)}\n".encode())


def _time(text: str) -> datetime | None:
    """Read a time; Korea's where it does not say another zone.

    >>> _time("2026-01-31T06:00").isoformat(), _time("last-export.json")
    ('2026-01-31T06:00:00+09:00', None)
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=KST)
