"""When a section has news, and when its job runs: learned from the past, with no fixed threshold.

The news habit is how likely each hour of each weekday is to bring anything at all, so that a burst
counts no more than one story does, and a quiet night or Sunday nothing. What an hour of silence is
worth is minus the logarithm of the chance that it brings nothing; public holidays are Sundays, and
worth a quarter of one. A silence is too long when it is worth more than the section's own silences
let expect in half a century: for a busy section a day, for a weekly column a month.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from math import log, log1p
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

from heraldcrawl.site.dates import KST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

    from holidays import HolidayBase

#: Nothing is learned from fewer silences or fewer days.
FEWEST: Final = 12
_FEWEST_DAYS: Final = 14
#: A silence so long is expected once in so many years.
_YEARS: Final = 50
_HOURS_A_YEAR: Final = 24 * 365
#: How many weeks of the same group of days, and of all days, weigh as much as one of this weekday.
_PRIOR: Final = 4
#: No hour is surer to bring news than this.
_SUREST: Final = 0.95
#: What an hour of a public holiday is worth beside one of a Sunday.
_HOLIDAY: Final = 0.25
#: How much days differ from their like: by a gamma distribution with this shape, as a whole.
_MOODS: Final = 3.0

_SATURDAY, _SUNDAY = 5, 6
_KST_HOURS = 9


@dataclass(frozen=True, slots=True)
class NewsHabit:
    """In which hours of the week a section has news."""

    chances: dict[tuple[int, int], float]  # (weekday, hour in Korea) -> of any news
    limit: float  # what a silence may be worth
    usual: timedelta  # the silence than which nine in ten are shorter

    @classmethod
    def learn(cls, stories: Iterable[datetime]) -> Self | None:
        """Learn from the times at which stories appeared; None where there are too few.

        :param stories: aware, in any order
        """
        hours = sorted({_hour(at) for at in stories})
        if len(hours) <= FEWEST or hours[-1] - hours[0] < 24 * _FEWEST_DAYS:
            return None
        cells = _cells(hours[0], hours[-1] + 1)
        chances = _chances(hours, cells)
        worths = _worths(chances, cells)
        silences = [_worth(worths, hours[0], a + 1, b) for a, b in pairwise(hours)]
        often = quantiles(silences, n=10)[-1]
        tail = [worth - often for worth in silences if worth > often]
        slope = max(sum(tail) / len(tail), 1.0) if tail else 1.0
        a_year = len(silences) * _HOURS_A_YEAR / (hours[-1] - hours[0])
        limit = often + slope * log(max(0.1 * a_year * _YEARS, 1.0))
        gaps = [b - a for a, b in pairwise(hours)]
        return cls(chances, limit, timedelta(hours=quantiles(gaps, n=10)[-1]))

    def worth(self, since: datetime, now: datetime) -> float:
        """What the silence between two times is worth."""
        first, last = _hour(since) + 1, _hour(now)
        return _worth(_worths(self.chances, _cells(first, last)), first, first, last)


@dataclass(frozen=True, slots=True)
class JobHabit:
    """How often a spider's job starts."""

    usual: timedelta
    limit: timedelta  # nothing for longer is no habit

    @classmethod
    def learn(cls, starts: Sequence[datetime]) -> Self | None:
        """Learn from the times at which runs began; None where there are too few."""
        gaps = sorted((b - a).total_seconds() for a, b in pairwise(sorted(starts)))
        if len(gaps) < _FEWEST_JOBS:
            return None
        often = quantiles(gaps, n=10)[-1]
        spare = min(1.5 * often, _LONGEST_SPARE.total_seconds()) + _SPARE.total_seconds()
        return cls(timedelta(seconds=median(gaps)), timedelta(seconds=often + spare))


_FEWEST_JOBS: Final = 4
#: A slot may be missed, once, where slots are frequent.
_LONGEST_SPARE: Final = timedelta(hours=6)
_SPARE: Final = timedelta(minutes=10)


@lru_cache(maxsize=512)
def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Korea."""
    return day in _calendar()


@cache
def _calendar() -> HolidayBase:
    import holidays  # noqa: PLC0415  (costs 0.1 s, and few runs look at silence)

    return holidays.country_holidays("KR")


def _hour(at: datetime) -> int:
    return int(at.timestamp() // 3600)


#: Of an hour: its weekday and hour in Korea, and whether it is of a public holiday.
_Cell = tuple[int, int, bool]


def _cells(first: int, last: int) -> list[_Cell]:
    """Each hour from the first, before the last."""
    cells: list[_Cell] = []
    at = datetime.fromtimestamp(first * 3600, UTC).astimezone(KST)
    while len(cells) < last - first:
        day = at.date()
        is_off = is_holiday(day)
        weekday = _SUNDAY if is_off else day.weekday()
        cells += [(weekday, hour, is_off) for hour in range(at.hour, 24)]
        at = datetime(day.year, day.month, day.day, tzinfo=KST) + timedelta(days=1)
    return cells[: max(last - first, 0)]


def _chances(hours: Sequence[int], cells: Sequence[_Cell]) -> dict[tuple[int, int], float]:
    """How likely each hour of the week is to bring news, each leaning on the hours like it."""
    with_news = set(hours)
    looked: Counter[tuple[int, int]] = Counter()
    found: Counter[tuple[int, int]] = Counter()
    for hour, (weekday, of_day, _) in enumerate(cells, hours[0]):
        looked[weekday, of_day] += 1
        found[weekday, of_day] += hour in with_news
    overall = found.total() / looked.total()
    groups = (range(_SATURDAY), (_SATURDAY,), (_SUNDAY,))
    chances = {}
    for group in groups:
        for of_day in range(24):
            alike = sum(found[day, of_day] for day in group) + overall
            alike /= sum(looked[day, of_day] for day in group) + 1
            for day in group:
                own = found[day, of_day] + _PRIOR * alike
                chance = own / (looked[day, of_day] + _PRIOR)
                chances[day, of_day] = min(chance, _SUREST)
    return chances


def _worth(worths: Sequence[float], origin: int, first: int, last: int) -> float:
    """What a silence is worth, day by day: a day is slow as a whole, so that its hours say less.

    :param worths: of the hours from the origin on
    """
    total = 0.0
    while first < last:
        midnight = (first + _KST_HOURS) // 24 * 24 + 24 - _KST_HOURS
        end = min(midnight, last)
        day = sum(worths[first - origin : end - origin])
        total += _MOODS * log1p(day / _MOODS)
        first = end
    return total


def _worths(chances: dict[tuple[int, int], float], cells: Sequence[_Cell]) -> list[float]:
    """What silence in each hour is worth."""
    return [
        -log(1 - chances[weekday, hour]) * (_HOLIDAY if is_off else 1.0)
        for weekday, hour, is_off in cells
    ]
