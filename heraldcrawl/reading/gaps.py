"""Months in which suspiciously little is known of a section that has much before and after."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Months with stories that tell, on either side, what is usual; fewer than three tell nothing.
_NEIGHBOURS = 6
_FEWEST_NEIGHBOURS = 3
#: Where fewer a month are usual, a month without any is nothing unusual.
_LEAST_USUAL = 8
#: Less than this share of what is usual is suspicious: by chance, once in some hundred months.
_SUSPICIOUS = 0.25


@dataclass(frozen=True, slots=True)
class Gap:
    """Months in a row in which stories may be missing that nobody announced."""

    first: date  # of these months
    last: date
    stories: int  # known of in all of them together
    usual: int  # a month, before and after

    @property
    def months(self) -> int:
        return _number(self.last) - _number(self.first) + 1

    def as_json(self) -> dict[str, str | int]:
        return {
            "first": f"{self.first:%Y-%m}",
            "last": f"{self.last:%Y-%m}",
            "stories": self.stories,
            "usual": self.usual,
        }


def find_gaps(counts: Mapping[date, int]) -> list[Gap]:
    """Find the months that have less than a quarter of what is usual before and after them.

    The oldest and the newest month are not judged, for they may have just begun or just ended.

    >>> counts = {date(2016, month, 1): 40 for month in range(1, 13)}
    >>> counts[date(2016, 6, 1)] = 2
    >>> del counts[date(2016, 7, 1)]
    >>> find_gaps(counts)
    [Gap(first=datetime.date(2016, 6, 1), last=datetime.date(2016, 7, 1), stories=2, usual=40)]

    :param counts: stories by the first day of their month
    """
    known = {_number(month): counts[month] for month in sorted(counts) if counts[month]}
    return [
        Gap(
            _month(members[0][0]),
            _month(members[-1][0]),
            sum(known.get(number, 0) for number, _ in members),
            min(usual for _, usual in members),
        )
        for members in _runs(known)
    ]


def _runs(known: Mapping[int, int]) -> Iterator[list[tuple[int, int]]]:
    """Yield the suspicious months with what is usual there, those in a row together."""
    numbers = [*known]
    judged = (
        [(number, _usual(known, numbers, number)) for number in range(numbers[0] + 1, numbers[-1])]
        if numbers
        else []
    )
    suspicious = [
        (number, usual)
        for number, usual in judged
        if usual >= _LEAST_USUAL and known.get(number, 0) < usual * _SUSPICIOUS
    ]
    for _, run in groupby(enumerate(suspicious), lambda pair: pair[1][0] - pair[0]):
        yield [member for _, member in run]


def _usual(known: Mapping[int, int], numbers: list[int], number: int) -> int:
    """Tell how many stories a month are usual around a month, by the poorer side."""
    place = bisect_left(numbers, number)
    before = [known[n] for n in numbers[max(place - _NEIGHBOURS, 0) : place]]
    after = [known[n] for n in numbers[place + (number in known) :][:_NEIGHBOURS]]
    if min(len(before), len(after)) < _FEWEST_NEIGHBOURS:
        return 0
    return int(min(median(before), median(after)))


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
