"""The texts a story had, and what changed from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row

from heraldcrawl.errors import ArgumentError
from heraldcrawl.items import EVIDENT
from heraldcrawl.reading.records import as_record
from heraldcrawl.reading.words import Piece, compare
from heraldcrawl.site.addresses import story_id, story_url
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from heraldcrawl.reading.archive import Connection

_QUERIES = load("history")

#: What a reader of the story sees; the section is the last of the breadcrumbs.
_COMPARED = (*(name for name in EVIDENT if name != "section"), "in_language")


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is another than in the revision before."""

    field: str
    before: Any
    after: Any

    @property
    def pieces(self) -> list[Piece]:
        return compare(_text(self.before), _text(self.after))


@dataclass(frozen=True, slots=True)
class Revision:
    """One of the texts."""

    revision: int
    fetched_at: datetime
    reason: str
    reader: str | None  # the heraldcrawl that read its page, if that is known
    record: dict[str, Any]  # as in the feed
    changes: list[Change]  # since the revision before


@dataclass(frozen=True, slots=True)
class Name:
    """Another id that a story is known by, or that its page names as its own."""

    id: str
    evidence: list[str]  # what says so, and what agrees
    at: datetime
    is_alias: bool  # proven

    def as_json(self) -> dict[str, Any]:
        at = self.at.astimezone(UTC).isoformat()
        return {"id": self.id, "url": story_url(self.id), "evidence": self.evidence, "at": at}


@dataclass(frozen=True, slots=True)
class History:
    """A story with all its revisions."""

    id: str
    url: str
    first_seen_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None  # when its page was first found missing
    duplicate_of: str | None
    names: list[Name]
    revisions: list[Revision]

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "url": self.url,
            "first_seen_at": self.first_seen_at.astimezone(UTC).isoformat(),
            "last_seen_at": self.last_seen_at.astimezone(UTC).isoformat(),
            "gone_at": self.gone_at and self.gone_at.astimezone(UTC).isoformat(),
            "duplicate_of": self.duplicate_of,
            "aliases": [name.as_json() for name in self.names if name.is_alias],
            "not_joined": [name.as_json() for name in self.names if not name.is_alias],
            "revisions": [
                {
                    "revision": revision.revision,
                    "fetched_at": revision.fetched_at.astimezone(UTC).isoformat(),
                    "reason": revision.reason,
                    "reader": revision.reader,
                    "content_hash": revision.record["content_hash"],
                    "changes": [
                        {
                            "field": change.field,
                            "before": change.before,
                            "after": change.after,
                            "words": [list(piece) for piece in change.pieces],
                        }
                        for change in revision.changes
                    ],
                }
                for revision in self.revisions
            ],
        }


def parse_id(text: str) -> str:
    """Find the id that an address, or an id itself, means.

    >>> parse_id("http://m.koreaherald.com/view.php?ud=20260131000001")
    '20260131000001'

    :raises ArgumentError: it is neither
    """
    id_ = text if text.isascii() and text.isdigit() else story_id(text)
    if id_ is None:
        raise ArgumentError(f"{text} is neither a story's id nor an address of one")
    return id_


def read_history(connection: Connection, id_: str) -> History | None:
    """Read all revisions of a story; None where the archive has no such story.

    :param id_: any that it is known by
    """
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        story = cursor.execute(_QUERIES["story"], {"id": id_}).fetchone()
        if story is None:
            return None
        names = cursor.execute(_QUERIES["names"], {"id": story["id"]}).fetchall()
        rows = cursor.execute(_QUERIES["revisions"], {"id": story["id"]}).fetchall()
    records = [as_record(row) for row in rows]
    changes = [[], *(_changes(before, after) for before, after in pairwise(records))]
    return History(
        **story,
        names=[Name(**name) for name in names],
        revisions=[
            Revision(
                row["revision"], row["fetched_at"], row["reason"], row["reader"], record, changed
            )
            for row, record, changed in zip(rows, records, changes, strict=True)
        ],
    )


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    return [
        Change(name, before[name], after[name]) for name in _COMPARED if before[name] != after[name]
    ]


def _text(value: Any) -> str:
    """Write a field's value as a person would.

    >>> _text([{"name": "Kang Do-yun", "email": None}, {"name": "Seo Ha-rin", "email": "s@e.kr"}])
    'Kang Do-yun\\nSeo Ha-rin, s@e.kr'
    """
    if isinstance(value, list):
        return "\n".join(_text(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(_text(each) for each in value.values() if each)
    return "" if value is None else str(value)
