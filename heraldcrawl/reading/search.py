"""Full-text search.

The words of a story go into an index of their own (``search_texts``), and not in the transaction
that stores it: that would make each story wait several times as long. A trigger notes what changed,
and :func:`update` takes it from there: at the end of a crawl, and before a search.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  (dataclass fields are inspected at run time)
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import class_row

from heraldcrawl.errors import ArgumentError
from heraldcrawl.site.dates import isoformat
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg.errors import Diagnostic

    from heraldcrawl.reading.archive import Connection
    from heraldcrawl.reading.selection import Selection

_QUERIES = load("search")

_BATCH = 200  # stories a transaction; a crawl that changes one of them waits so long
_MANY = 10_000  # after so many, the planner's statistics are of another index


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that was found."""

    rank: float
    id: str
    url: str
    date_published: datetime | None
    section: str | None
    headline: str
    snippet: str  # places of the text, the words marked

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "url": self.url,
            "headline": self.headline,
            "date_published": self.date_published and isoformat(self.date_published),
            "section": self.section,
            "rank": round(self.rank, 6),
            "snippet": self.snippet,
        }


def search(
    connection: Connection,
    words: str,
    selection: Selection,
    *,
    limit: int = 10,
    marks: tuple[str, str] = ("**", "**"),
    notice: Callable[[str], object] = lambda _: None,
) -> list[Hit]:
    """Find stories, the best first.

    :param words: words, "a phrase", -without, or
    :param marks: around the words in a snippet
    :param notice: is told what bounds the search had
    :raises ArgumentError: the words are in every text
    """
    parameters = {
        "words": words,
        "path": selection.path,
        "since": selection.since,
        "until": selection.until,
        "most": limit,
        "start": marks[0],
        "stop": marks[1],
    }

    def tell(diagnostic: Diagnostic) -> None:
        if "phrase was looked for" in (diagnostic.message_primary or ""):
            notice(f"{diagnostic.message_primary}")

    connection.add_notice_handler(tell)
    try:
        with connection.transaction(), connection.cursor(row_factory=class_row(Hit)) as cursor:
            if connection.execute(_QUERIES["is_empty"], parameters).fetchone() == (True,):
                raise ArgumentError(
                    f"{words!r} has no word to search for; the like of “the” is nowhere"
                )
            return cursor.execute(_QUERIES["search"], parameters).fetchall()
    finally:
        connection.remove_notice_handler(tell)


def update(connection: Connection, *, seconds: float) -> int:
    """Bring the index up to date, as far as the time allows.

    :returns: how many stories it has taken in
    """
    deadline = time.monotonic() + seconds
    done = 0
    while time.monotonic() < deadline:
        with connection.transaction():
            rows = connection.execute(_QUERIES["take"], {"most": _BATCH}).fetchall()
            ids = {"ids": [row[0] for row in rows]}
            if rows:
                connection.execute(_QUERIES["index"], ids)
                connection.execute(_QUERIES["settle"], ids)
        done += len(rows)
        if len(rows) < _BATCH:
            break
    if done >= _MANY:
        connection.execute(_QUERIES["analyze"])
        connection.commit()
    return done


def update_if_allowed(connection: Connection, *, seconds: float) -> None:
    """Bring the index up to date, unless this user may only read."""
    try:
        update(connection, seconds=seconds)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction):
        connection.rollback()


def count_waiting(connection: Connection) -> int:
    """Count the stories that the index does not have, or not as they are now."""
    [count] = connection.execute(_QUERIES["count_waiting"]).fetchone() or (0,)
    connection.rollback()
    return int(count)
