"""Groups of stories that are copies of one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime  # noqa: TC003  (dataclass fields are inspected at run time)
from typing import TYPE_CHECKING, Any

from psycopg.rows import class_row

from heraldcrawl.site.dates import isoformat
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from heraldcrawl.reading.archive import Connection

_QUERIES = load("duplicates")


@dataclass(frozen=True, slots=True)
class Member:
    """A story of a group."""

    id: str
    url: str
    headline: str
    section: str | None
    source_organization: str | None
    date_published: datetime | None
    from_original: float | None  # share of its words that stand in the original
    of_original: float | None  # share of the original's words that stand in it

    def as_json(self) -> dict[str, Any]:
        published = self.date_published and isoformat(self.date_published)
        return asdict(self) | {"date_published": published}


@dataclass(frozen=True, slots=True)
class Group:
    """An original with its copies, the earliest first."""

    original: Member
    copies: list[Member]

    def as_json(self) -> dict[str, Any]:
        original = self.original.as_json()
        del original["from_original"], original["of_original"]
        return {"original": original, "copies": [copy.as_json() for copy in self.copies]}


def newest_groups(connection: Connection, most: int) -> list[Group]:
    """Find the groups that got the newest copies, the newest first."""
    rows = connection.execute(_QUERIES["newest_groups"], {"most": most}).fetchall()
    return [_group(connection, row[0]) for row in rows]


def group_of(connection: Connection, id_: str) -> Group | None:
    """Find a story's group, of itself alone where it has no copies; None if there is no story."""
    row = connection.execute(_QUERIES["original"], {"id": id_}).fetchone()
    return _group(connection, row[0]) if row else None


def count_unsigned(connection: Connection) -> int:
    """Count the stories of an older heraldcrawl that were not compared with others yet."""
    [count] = connection.execute(_QUERIES["count_unsigned"]).fetchone() or (0,)
    return int(count)


def _group(connection: Connection, original: str) -> Group:
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        first, *copies = cursor.execute(_QUERIES["group"], {"id": original}).fetchall()
    return Group(first, copies)
