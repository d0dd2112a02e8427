"""What the store's statements are given and what they tell, as records."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from heraldcrawl.items import Article
from heraldcrawl.site.addresses import story_url
from heraldcrawl.site.dates import from_iso, isoformat
from heraldcrawl.site.lists import ListEntry

if TYPE_CHECKING:
    from heraldcrawl.store.identity import Alias

#: Fields that come from the page; the others are the archive's to tell.
_STORED = [
    field.name
    for field in fields(Article)
    if field.name not in ("duplicate_of", "revision", "first_seen_at")
]
_stored_of = attrgetter(*_STORED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a story in the archive."""

    id: str  # the first one that it had
    outcome: str  # new, changed, unchanged
    revision: int
    first_seen_at: datetime
    duplicate_of: str | None
    alias: Alias | None = None  # its other id, known from now on
    doubts: tuple[Alias, ...] = ()  # ids of other stories that its page named as its own


@dataclass(frozen=True, slots=True)
class Listed:
    """What the archive knows of an entry of a list page."""

    article_id: str
    is_new: bool  # this list had not shown it before
    pending: bool  # it is still to be fetched
    is_covered: bool  # a walk that was completed had passed it on this list
    is_walked: bool  # the walk under way had passed it


@dataclass(frozen=True, slots=True)
class Lease:
    """A story that this run is to fetch, with what the list said of it."""

    article_id: str
    url: str
    section: list[str]
    headline: str | None
    date_published: str | None
    category: str | None
    description: str | None
    image: str | None
    is_revisit: bool = False  # it is stored; what the list said is what the archive knows of it
    has_text: bool = False  # and it is not its headline and pictures alone
    etag: str | None = None  # what the page gave to ask by whether it has changed
    last_modified: str | None = None
    is_archived: bool = True  # the page archive has a response of this address, or may have
    was_refused: bool = False  # the last time, while the site answered others

    @property
    def entry(self) -> ListEntry:
        """What the list said, as the readers take it."""
        return ListEntry(
            id=self.article_id,
            url=self.url,
            headline=self.headline or "",
            date_published=from_iso(self.date_published) if self.date_published else None,
            category=self.category,
            description=self.description,
            image=self.image,
        )


@dataclass(frozen=True, slots=True)
class Walk:
    """The walk through a list that is under way."""

    id: int
    list: str
    next_page: int  # all before it was read without a gap
    is_deep: bool  # goes beyond what earlier walks had reached


def printable(text: str) -> str:
    """The text without what PostgreSQL cannot hold: NUL and lone surrogates.

    >>> printable("Kim\\x00 \\ud800Jong-un")
    'Kim \ufffdJong-un'
    """
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def record_of(article: Article, stored_as: str) -> dict[str, Any]:
    """A story as the statements of ``articles.sql`` take it.

    :param stored_as: the id under which the archive has it, or will
    """
    record = dict(zip(_STORED, _stored_of(article), strict=True))
    if stored_as != article.id:
        record |= {"id": stored_as, "url": story_url(stored_as)}
    record["authors"] = [author.as_json() for author in article.authors]
    record["images"] = [image.as_json() for image in article.images]
    record["date_published"] = _instant(article.date_published)
    record["date_modified"] = _instant(article.date_modified)
    record["fetched_at"] = (article.fetched_at or datetime.now(UTC)).isoformat()
    return record


def entry_record(position: int, entry: ListEntry, *, wanted: bool) -> dict[str, Any]:
    """What a list said, as the statements of ``ledger.sql`` take it."""
    published: datetime | date | None = entry.date_published
    return {
        "position": position,
        "article_id": entry.id,
        "url": entry.url,
        "wanted": wanted,
        "headline": printable(entry.headline),
        "date_published": published and isoformat(published),
        "category": entry.category and printable(entry.category),
        "description": entry.description and printable(entry.description),
        "image": entry.image and printable(entry.image),
    }


def _instant(stamp: str | None) -> str | None:
    """Where only the day is known, midnight in Korea."""
    return f"{stamp}T00:00:00+09:00" if stamp and "T" not in stamp else stamp
