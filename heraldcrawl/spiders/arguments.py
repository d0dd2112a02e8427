"""What may follow ``-a``: checked as a whole before the first request."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from heraldcrawl.errors import ArgumentError
from heraldcrawl.site.addresses import story_id

if TYPE_CHECKING:
    from heraldcrawl.site.lists import ListEntry


@dataclass(frozen=True)
class SectionArguments:
    """What every section spider takes."""

    since: date | None = None  # first day wanted, Korea time
    until: date | None = None  # last day wanted, Korea time
    pages: int | None = None  # at most so many list pages
    limit: int | None = None  # at most so many stories
    full: bool = False  # walk to the end of the archive

    @property
    def bounded(self) -> bool:
        """Whether the walk may leave out stories, so that it cannot count as completed."""
        return any((self.since, self.until, self.pages, self.limit))

    def wants(self, entry: ListEntry) -> bool:
        """Whether the entry's day is wanted; an entry without a day is looked at."""
        day = _day(entry.date_published)
        if day is None:
            return True
        return (not self.since or day >= self.since) and (not self.until or day <= self.until)

    def is_past(self, entry: ListEntry) -> bool:
        """Whether the entry is older than anything wanted."""
        day = _day(entry.date_published)
        return bool(self.since and day and day < self.since)


@dataclass(frozen=True)
class LatestArguments:
    """What ``latest`` takes."""

    limit: int | None = None  # at most so many stories

    @property
    def bounded(self) -> bool:
        """Whether the run may leave out stories."""
        return self.limit is not None


@dataclass(frozen=True)
class ArticleArguments:
    """What ``article`` takes."""

    url: tuple[str, ...] = ()  # ids of the stories asked for
    file: tuple[str, ...] = ()  # ids of more, of which only those are fetched that are not stored
    bounded: ClassVar[bool] = True  # to these


@dataclass(frozen=True)
class PicturesArguments:
    """What ``pictures`` takes."""

    limit: int | None = None  # at most so many pictures
    retry: bool = False  # those as well that had failed for good
    bounded: ClassVar[bool] = True  # to pictures: it looks at no story again


def parse_section(given: dict[str, str]) -> SectionArguments:
    """What a section spider was given.

    >>> parse_section({"since": "2026-01-31", "limit": "3"}).since
    datetime.date(2026, 1, 31)

    :raises ArgumentError: one sentence naming the argument and what it takes
    """
    given = _known(given, SectionArguments)
    since, until = _date(given, "since"), _date(given, "until")
    if since and until and since > until:
        raise ArgumentError(f"since={since} is later than until={until}")
    return SectionArguments(
        since=since,
        until=until,
        pages=_count(given, "pages"),
        limit=_count(given, "limit"),
        full=_switch(given, "full"),
    )


def parse_latest(given: dict[str, str]) -> LatestArguments:
    """What ``latest`` was given.

    :raises ArgumentError: one sentence naming the argument and what it takes
    """
    return LatestArguments(limit=_count(_known(given, LatestArguments), "limit"))


def parse_article(given: dict[str, str]) -> ArticleArguments:
    """What ``article`` was given.

    >>> parse_article({"url": "http://m.koreaherald.com/view.php?np=1&ud=20260131000001"}).url
    ('20260131000001',)

    :raises ArgumentError: one sentence naming the argument and what it takes
    """
    given = _known(given, ArticleArguments)
    addresses = given.get("url", "").split()
    if not addresses and "file" not in given:
        raise ArgumentError(
            'url= takes addresses of stories (-a url="A B C"), file= a file with one a line'
        )
    ids = [_story(address, f"url={address}") for address in addresses]
    lines = _lines(given["file"]) if "file" in given else []
    more = [
        _story(line.strip(), f"line {number} of file={given['file']}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    return ArticleArguments(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(more)))


def parse_pictures(given: dict[str, str]) -> PicturesArguments:
    """What ``pictures`` was given.

    :raises ArgumentError: one sentence naming the argument and what it takes
    """
    given = _known(given, PicturesArguments)
    return PicturesArguments(limit=_count(given, "limit"), retry=_switch(given, "retry"))


def _known(given: dict[str, str], arguments: type[Any]) -> dict[str, str]:
    names = [field.name for field in fields(arguments)]
    for name in given:
        if name not in names and not name.startswith("_"):  # Scrapyd adds _job
            raise ArgumentError(f"{name}= is no argument of this spider; it takes {_list(names)}")
    return given


def _story(address: str, where: str) -> str:
    id_ = story_id(address)
    if id_ is None:
        raise ArgumentError(f"{where} is no address of a Korea Herald story")
    return id_


def _lines(name: str) -> list[str]:
    try:
        return Path(name).read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ArgumentError(f"file={name} is no text in UTF-8") from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ArgumentError(f"file={name} cannot be read: {why}") from error


def _date(given: dict[str, str], name: str) -> date | None:
    if name not in given:
        return None
    try:
        return date.fromisoformat(given[name])
    except ValueError as error:
        raise ArgumentError(f"{name}={given[name]} is no date; write it as 2026-01-31") from error


def _count(given: dict[str, str], name: str) -> int | None:
    if name not in given:
        return None
    if not (given[name].isascii() and given[name].isdigit() and int(given[name][:10]) > 0):
        raise ArgumentError(f"{name}={given[name]} is no number above 0")
    return int(given[name][:10])


def _switch(given: dict[str, str], name: str) -> bool:
    value = given.get(name, "0")
    if value not in ("0", "1"):
        raise ArgumentError(f"{name}={value} is neither 1 nor 0")
    return value == "1"


def _day(published: datetime | date | None) -> date | None:
    return published.date() if isinstance(published, datetime) else published


def _list(names: list[str]) -> str:
    return ", ".join(f"{name}=" for name in names)
