"""The second look: older stories that had what this run's stories lack, read once more.

If they still have it, the news was unusual; if they have lost it, the page has changed. So a lost
trait is told from a coincidence on the first run, however few stories that run had.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from heraldcrawl.monitoring.shares import Again
from heraldcrawl.monitoring.traits import UNREADABLE, Traits, traits
from heraldcrawl.store.records import Lease

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heraldcrawl.monitoring.shares import Finding

#: Stories for each doubtful trait, and in all.
_LOOKS: Final = 3
_MOST: Final = 6
_LEASE: Final = {field.name for field in fields(Lease)}


class SecondLook:
    """One run's second look."""

    def __init__(self) -> None:
        self.seen: list[Again] = []
        self._before: dict[str, Traits] = {}  # by the story's id, until it is seen

    def choose(self, doubts: Iterable[Finding], known: Iterable[dict[str, Any]]) -> list[Lease]:
        """The stories to read: as few as have every doubtful trait a few times.

        :param known: older stories, the latest first
        """
        missing = dict.fromkeys((finding.trait for finding in doubts), _LOOKS)
        chosen: list[Lease] = []
        for row in known:
            had = traits(row["sources"], row["issues"], row["layout"], row["characters"])
            of_use = [trait for trait, looks in missing.items() if looks and trait in had]
            if of_use and len(chosen) < _MOST:
                missing |= {trait: missing[trait] - 1 for trait in of_use}
                self._before[row["article_id"]] = had
                chosen.append(Lease(**{name: row[name] for name in _LEASE & row.keys()}))
        return chosen

    def saw(self, lease: Lease, now: Traits | None) -> None:
        """What a story's page gives now.

        :param now: None if no story was found in it
        """
        before = self._before.pop(lease.article_id)
        self.seen.append(Again(lease.url, before, UNREADABLE if now is None else now))
