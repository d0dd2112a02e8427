"""What a judge says: alarms, and what was looked at and found well."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heraldcrawl.monitoring.alarms import key

if TYPE_CHECKING:
    from typing import Self

    from heraldcrawl.monitoring.alarms import Alarm


@dataclass
class Verdict:
    """Of one or several judges; what is in neither was not looked at."""

    alarms: list[Alarm] = field(default_factory=list)
    well: set[str] = field(default_factory=set)  # keys

    def __iadd__(self, other: Verdict) -> Self:
        self.alarms += other.alarms
        self.well |= other.well
        return self

    @classmethod
    def of(cls, alarm: Alarm | None, spider: str | None, what: str) -> Verdict:
        """Of a judge who looks at one thing."""
        return cls([alarm]) if alarm else cls(well={key(spider, what)})


def percent(part: float, whole: float = 1.0) -> str:
    """A share in words.

    >>> percent(1, 3), percent(999, 1000)
    ('33 %', '99.9 %')
    """
    share = 100 * part / whole
    return f"{share:.0f} %" if share in (0, 100) or 0 < round(share) < 100 else f"{share:.1f} %"  # noqa: PLR2004  (per cent)


def many(count: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun.

    >>> many(1, "story", "stories"), many(3, "story", "stories")
    ('1 story', '3 stories')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
