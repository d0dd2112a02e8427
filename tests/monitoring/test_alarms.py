"""Told once, again after a day, once when it is over; decided without a database."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from heraldcrawl.monitoring.alarms import Alarm, News, Standing, decide, told

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def alarm(what: str = "list", spider: str | None = "kpop", badness: float = 1.0) -> Alarm:
    return Alarm(what, "nothing", "something", "look", badness, spider)


class Table:
    """The table of alarms, and everything that was told."""

    def __init__(self) -> None:
        self.rows: dict[int, Standing] = {}
        self.hours = 0.0

    def look(
        self,
        *alarms: Alarm,
        well: Collection[str] = (),
        hours: float = 1,
        delivers: bool = True,
    ) -> Sequence[str]:
        """A look after some hours; the kinds of what is told."""
        self.hours += hours
        now = NOON + self.hours * HOUR
        rows, news = decide(self.rows.values(), alarms, well, now)
        for row in rows:
            number = row.id or len(self.rows) + 1
            self.rows[number] = replace(row, id=number)
        for each in news:
            self._tell(each, now, delivers=delivers)
        return [each.kind for each in news]

    def _tell(self, news: News, now: datetime, *, delivers: bool) -> None:
        [(number, row)] = [
            (n, row) for n, row in self.rows.items() if replace(news.standing, id=n) == row
        ]
        self.rows[number] = (
            told(row, news.kind, now) if delivers else replace(row, telling_until=None)
        )


def test_it_is_told_once_then_daily_and_once_when_it_is_over() -> None:
    table = Table()
    assert table.look(alarm()) == ["new"]
    assert [table.look(alarm()) for _ in range(23)] == [[]] * 23
    assert table.look(alarm()) == ["still"]
    assert table.look(alarm()) == []
    assert table.look(well={"kpop/list"}) == ["over"]
    assert table.look(well={"kpop/list"}) == []


def test_it_is_told_again_when_it_gets_twice_as_bad() -> None:
    table = Table()
    assert table.look(alarm(badness=3)) == ["new"]
    assert table.look(alarm(badness=5)) == []
    assert table.look(alarm(badness=6)) == ["worse"]
    assert table.look(alarm(badness=7)) == []


def test_a_look_that_did_not_see_closes_nothing() -> None:
    table = Table()
    table.look(alarm())
    assert table.look(well={"kpop/silence"}, hours=100) == []
    assert table.rows[1].closed_at is None


def test_what_was_not_delivered_is_told_by_the_next_look() -> None:
    table = Table()
    assert table.look(alarm(), delivers=False) == ["new"]
    assert table.rows[1].told_at is None
    assert table.look() == ["new"]  # whatever that one saw
    assert table.look() == []


def test_what_nobody_heard_of_is_over_without_a_word() -> None:
    table = Table()
    table.look(alarm(), delivers=False)
    assert table.look(well={"kpop/list"}) == []
    assert table.look() == []


def test_an_over_that_was_not_delivered_is_told_by_the_next_look() -> None:
    table = Table()
    table.look(alarm())
    assert table.look(well={"kpop/list"}, delivers=False) == ["over"]
    assert table.look() == ["over"]
    assert table.look() == []


def test_what_another_run_is_telling_is_left_to_it_until_that_died() -> None:
    table = Table()
    table.look(alarm(), delivers=False)
    table.rows[1] = replace(table.rows[1], telling_until=NOON + 1.05 * HOUR)
    assert table.look(alarm(), hours=0.02) == []
    assert table.look(alarm(), hours=0.1) == ["new"]


def test_what_comes_and_goes_is_not_told_each_time() -> None:
    table = Table()
    kinds: list[str] = []
    for _ in range(24):
        kinds += table.look(alarm())
        kinds += table.look(well={"kpop/list"})
    assert Counter(kinds)["new"] <= 3
    assert len(kinds) <= 6
    for _ in range(12):
        kinds += table.look(well={"kpop/list"})
    assert kinds[-1] == "over"


def test_what_comes_back_after_a_day_is_another_alarm() -> None:
    table = Table()
    table.look(alarm())
    table.look(well={"kpop/list"})
    assert table.look(alarm(), hours=25) == ["new"]
    assert len(table.rows) == 2
    assert table.look(well={"kpop/list"}) == ["over"]


def test_the_same_in_many_sections_is_told_together() -> None:
    table = Table()
    sections = [f"section{n}" for n in range(10)]
    told_at_once = [len(table.look(alarm(spider=name), hours=0.01)) for name in sections]
    assert told_at_once == [1] * 3 + [0] * 7
    assert table.look(hours=1) == ["new"] * 7
    over = [len(table.look(well={f"{name}/list"}, hours=0.01)) for name in sections]
    assert sum(over) == 3
    assert table.look(hours=1) == ["over"] * 7


def test_another_trouble_meanwhile_is_told_at_once() -> None:
    table = Table()
    for n in range(5):
        table.look(alarm(spider=f"section{n}"), hours=0.01)
    assert table.look(alarm("silence"), hours=0.01) == ["new"]
    assert table.look(alarm("disk/here", spider=None), hours=0.01) == ["new"]


def test_what_is_accepted_is_not_told_of_until_it_is_over() -> None:
    table = Table()
    table.look(alarm())
    table.rows[1] = replace(table.rows[1], accepted_at=NOON + 1.5 * HOUR)
    assert table.look(alarm(badness=9), hours=48) == []
    assert table.look(well={"kpop/list"}) == []
    assert table.rows[1].closed_at is not None
    assert table.look(alarm(), hours=30) == ["new"]
