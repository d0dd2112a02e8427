"""How complete the archive is: by section and month, what was announced and what became of it.

A story counts under the section that it is filed under, and under those above that one: by its page
where it is stored, else by the deepest list that showed it. Its month is Korea's: of publication
where it is stored, else of the day that a list gave, or that its id has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, fields
from datetime import date  # noqa: TC003  (dataclass fields are inspected at run time)
from typing import TYPE_CHECKING, Any

from psycopg import IsolationLevel
from psycopg.rows import dict_row

from heraldcrawl.reading.gaps import Gap, find_gaps
from heraldcrawl.site.sections import SECTIONS, by_slug
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from heraldcrawl.reading.archive import Connection
    from heraldcrawl.reading.selection import Selection

_QUERIES = load("coverage")

Path = tuple[str, ...]

#: The paper as a whole.
WHOLE: Path = ()
_LISTS = {section.path: section.slug for section in SECTIONS}


@dataclass(slots=True)
class Counts:
    """What became of the stories that were announced: each is one of the first five."""

    stored: int = 0
    missing: int = 0  # waits in the ledger, or was seen by a bounded crawl that did not want it
    failed: int = 0  # is a dead letter
    gone: int = 0  # is a dead letter because its page was not there any more
    elsewhere: int = 0  # set aside: its page files it under another section than was asked for
    only_here: int = 0  # of those stored: their pages are gone from the site since

    @property
    def announced(self) -> int:
        return self.stored + self.missing + self.failed + self.gone + self.elsewhere

    @property
    def share(self) -> float | None:
        """The share that is stored of the stories that belong here; None where there are none."""
        belonging = self.announced - self.elsewhere
        return self.stored / belonging if belonging else None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left that another attempt could bring."""
        return not (self.missing or self.failed)

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Counts)))

    def as_json(self) -> dict[str, Any]:
        share = self.share
        return {
            "announced": self.announced,
            **{f.name: getattr(self, f.name) for f in fields(Counts)},
            "share": None if share is None else round(share, 4),
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a section's list was read without a gap, newest story first."""

    finished_at: datetime | None = None  # its end was reached; None: not yet
    next_page: int | None = None  # where a walk under way goes on
    back_to: date | None = None

    @property
    def state(self) -> str:
        if self.finished_at is not None:
            return "end"
        return "never" if self.back_to is None else "under way"

    def covers(self, month: date) -> bool:
        """Whether the list was read across the whole month."""
        return self.back_to is not None and self.back_to <= month

    def as_json(self) -> dict[str, Any]:
        return {
            "read": self.state,
            "back_to": self.back_to and self.back_to.isoformat(),
            "finished_at": self.finished_at and self.finished_at.isoformat(),
            "next_page": self.next_page,
        }


@dataclass(slots=True)
class SectionCoverage:
    """What is known of a section and of those below it."""

    path: Path
    spider: str | None = None  # that reads its list
    reading: Reading = field(default_factory=Reading)
    months: dict[date | None, Counts] = field(default_factory=dict)  # None: no day is known
    reasons: dict[str, Counter[str]] = field(default_factory=dict)  # failed, gone -> why

    def add(self, month: date | None, what: str, reason: str | None, stories: int) -> None:
        """Count stories.

        :param what: a field of :class:`Counts`
        """
        counts = self.months.setdefault(month, Counts())
        setattr(counts, what, getattr(counts, what) + stories)
        if what in ("failed", "gone"):
            self.reasons.setdefault(what, Counter())[reason or "unknown"] += stories

    @property
    def total(self) -> Counts:
        return sum(self.months.values(), Counts())

    @property
    def span(self) -> tuple[date, date] | None:
        """The oldest and the newest month of which anything is known."""
        known = [month for month in self.months if month is not None]
        return (min(known), max(known)) if known else None

    @property
    def gaps(self) -> list[Gap]:
        counts = {m: c.announced - c.elsewhere for m, c in self.months.items() if m is not None}
        return find_gaps(counts)

    def periods(self, by: str) -> Iterator[tuple[str | None, Counts]]:
        """What is known period by period, the oldest first, and last what has no day.

        :param by: ``month`` (2021-08), ``year`` (2021), or ``section``: one period for all
        """
        if by == "section":
            yield None, self.total
            return
        length = {"month": 7, "year": 4}[by]
        found: defaultdict[str | None, Counts] = defaultdict(Counts)
        for month in sorted(self.months, key=str):  # None comes last
            found[month.isoformat()[:length] if month else None] += self.months[month]
        yield from found.items()

    def as_json(self, by: str) -> dict[str, Any]:
        return {
            "section": list(self.path),
            **self.total.as_json(),
            "reasons": {state: dict(reasons) for state, reasons in self.reasons.items()},
            "list": self.reading.as_json(),
            "gaps": [
                gap.as_json() | {"list_was_read": self.reading.covers(gap.first)}
                for gap in self.gaps
            ],
            "periods": [{"period": name, **c.as_json()} for name, c in self.periods(by)],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of the selected sections, in the order of the menu."""

    whole: SectionCoverage  # of all that was selected
    sections: list[SectionCoverage]  # those below it, and the selected one itself
    unknown: list[Path]  # sections of the menu of which nothing is known

    @property
    def rows(self) -> list[SectionCoverage]:
        """All of them, the whole first."""
        below = [section for section in self.sections if section is not self.whole]
        return [self.whole, *below]

    def as_json(self, by: str) -> dict[str, Any]:
        return {
            "is_complete": self.whole.total.is_complete,
            "whole": self.whole.as_json(by),
            "sections": [section.as_json(by) for section in self.sections],
            "unknown": [list(path) for path in self.unknown],
        }


def read_coverage(connection: Connection, selection: Selection) -> Coverage:
    """Count the stories that are known of, at one moment."""
    top = tuple(selection.path or WHOLE)
    lists = {path: slug for path, slug in _LISTS.items() if path[: len(top)] == top}
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_QUERIES["count"], _parameters(selection)).fetchall()
        walks = cursor.execute(_QUERIES["walks"], {"lists": [*lists.values()]}).fetchall()
    readings = {by_slug(walk.pop("list")).path: Reading(**walk) for walk in walks}
    found: dict[Path, SectionCoverage] = {
        path: SectionCoverage(path, _LISTS.get(path), readings.get(path, Reading()))
        for path in {top, *readings}
    }
    for row in rows:
        section = tuple(row["section"])
        for path in (section[:depth] for depth in range(len(top), len(section) + 1)):
            if path not in found:
                found[path] = SectionCoverage(path, _LISTS.get(path))
            found[path].add(row["month"], row["state"], row["reason"], row["stories"])
            found[path].add(row["month"], "only_here", None, row["only_here"])
    return Coverage(
        whole=found[top],
        sections=[found[path] for path in _in_order(found.keys() - {WHOLE})],
        unknown=[path for path in lists if path not in found],
    )


def unstored(connection: Connection, selection: Selection, states: Iterable[str]) -> Iterator[str]:
    """Find the ids of stories that are not stored, the latest first.

    :param states: ``missing``, ``failed``, ``gone``, ``elsewhere``
    """
    parameters = _parameters(selection) | {"states": list(states)}
    with connection.transaction(), connection.cursor("unstored") as cursor:
        cursor.execute(_QUERIES["unstored"], parameters)
        for (id_,) in cursor:
            yield id_


def _parameters(selection: Selection) -> dict[str, Any]:
    return {
        "path": selection.path or [],
        "since": selection.since,
        "until": selection.until,
    }


def _in_order(paths: Iterable[Path]) -> list[Path]:
    """Sort as the menu does, with what it lacks after all that it has on the same level."""
    places = {path[:depth]: n for n, path in reversed([*enumerate(_LISTS)]) for depth in (1, 2)}

    def place(path: Path) -> list[tuple[int, str]]:
        depths = range(1, len(path) + 1)
        return [(places.get(path[:depth], len(places)), path[depth - 1]) for depth in depths]

    return sorted(paths, key=place)
