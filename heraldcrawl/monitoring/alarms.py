"""Which alarms are told, and when: once at first, again after a day, and once when it is over.

Pure decisions over the rows of the ``alarms`` table; the store makes them in one transaction, so
that no two runs tell the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: An alarm that lasts is told again after so long,
AGAIN: Final = timedelta(days=1)
#: or when it is so many times as bad as when it was told.
WORSE: Final = 2.0
#: What came back within so long had not really been over:
BACK: Final = timedelta(days=1)
#: it takes so many good looks for each time it came back, until it is.
GOOD_LOOKS: Final = 3
MOST_GOOD_LOOKS: Final = 12
#: The same trouble in more sections than this is told together, not oftener than
TOGETHER: Final = 3
PAUSE: Final = timedelta(hours=1)
#: Whoever tells and is killed meanwhile keeps the others from it for so long.
CLAIM: Final = timedelta(minutes=5)

Kind = Literal["new", "still", "worse", "over"]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that an operator should look at."""

    what: str  # the trouble's name, such as list, silence, field/authors
    seen: str  # one sentence
    usual: str
    advice: str
    badness: float = 1.0  # grows with the trouble: twice as much is told again
    spider: str | None = None  # the section; None: the whole installation

    @property
    def key(self) -> str:
        return key(self.spider, self.what)


def key(spider: str | None, what: str) -> str:
    """Name a trouble of a section, or of the installation."""
    return f"{spider}/{what}" if spider else what


@dataclass(frozen=True, slots=True)
class Standing:
    """An alarm as the table has it."""

    alarm: Alarm
    opened_at: datetime
    last_seen_at: datetime
    id: int | None = None  # None: not in the table yet
    told_at: datetime | None = None  # None: nobody has heard of it
    told_badness: float = 0.0
    returns: int = 0  # how often it came back after it had seemed to be over
    good_looks: int = 0  # in a row, since it was last seen
    closed_at: datetime | None = None
    over_told_at: datetime | None = None
    accepted_at: datetime | None = None  # the operator wants to hear no more of it
    telling_until: datetime | None = None  # a run is telling it


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell."""

    kind: Kind
    standing: Standing

    def with_id(self, number: int | None) -> News:
        """Name the row that was made for it."""
        if number is None:
            return self
        return replace(self, standing=replace(self.standing, id=number))


def decide(
    rows: Iterable[Standing], alarms: Iterable[Alarm], well: Collection[str], now: datetime
) -> tuple[list[Standing], list[News]]:
    """Take in what a look saw.

    :param rows: the alarms that are open, were closed within a day, or are still to be told
    :param alarms: what is wrong
    :param well: keys of what was looked at and found well; of the rest this look knows nothing
    :returns: all rows as they are now, and what to tell; those are claimed
    """
    seen = {alarm.key: alarm for alarm in alarms}
    after: list[Standing] = []
    for row in sorted(rows, key=lambda row: row.opened_at, reverse=True):
        alarm = seen.pop(row.alarm.key, None) if _is_current(row, now) else None
        if alarm is not None:
            after.append(_seen_again(row, alarm, now))
        elif row.closed_at is None and row.alarm.key in well:
            after.append(_found_well(row, now))
        else:
            after.append(row)
    after += [Standing(alarm, opened_at=now, last_seen_at=now) for alarm in seen.values()]
    return _claim(after, now)


def told(row: Standing, kind: Kind, now: datetime) -> Standing:
    """The row after somebody was told of it."""
    if kind == "over":
        return replace(row, over_told_at=now, telling_until=None)
    return replace(row, told_at=now, told_badness=row.alarm.badness, telling_until=None)


def _is_current(row: Standing, now: datetime) -> bool:
    """Whether what is seen now is this alarm, and not another one of the same name."""
    return row.closed_at is None or now - row.closed_at < BACK


def _seen_again(row: Standing, alarm: Alarm, now: datetime) -> Standing:
    row = replace(row, alarm=alarm, last_seen_at=now, good_looks=0)
    if row.closed_at is None:
        return row
    return replace(
        row,
        closed_at=None, told_at=None, over_told_at=None, accepted_at=None, returns=row.returns + 1,
    )  # fmt: skip


def _found_well(row: Standing, now: datetime) -> Standing:
    looks = row.good_looks + 1
    is_over = looks >= min(max(1, GOOD_LOOKS * row.returns), MOST_GOOD_LOOKS)
    return replace(row, good_looks=looks, closed_at=now if is_over else None)


def _claim(rows: list[Standing], now: datetime) -> tuple[list[Standing], list[News]]:
    """Decide what is told by this run."""
    lately = Counter(
        (row.alarm.what, kind)
        for row in rows
        for kind, at in (("new", row.told_at), ("over", row.over_told_at))
        if row.alarm.spider and at and now - at < PAUSE
    )
    after, news = [], []
    for row in rows:
        kind = _kind(row, now)
        if kind and lately[row.alarm.what, kind] < TOGETHER:
            row = replace(row, telling_until=now + CLAIM)  # noqa: PLW2901  (rows are values)
            news.append(News(kind, row))
        after.append(row)
    return after, news


def _kind(row: Standing, now: datetime) -> Kind | None:
    if row.accepted_at or (row.telling_until and row.telling_until > now):
        return None
    if row.closed_at is not None:
        return "over" if row.told_at and not row.over_told_at else None
    if row.told_at is None:
        return "new"
    if row.last_seen_at < now:
        return None
    if row.alarm.badness >= WORSE * row.told_badness:
        return "worse"
    return "still" if now - row.told_at >= AGAIN else None
