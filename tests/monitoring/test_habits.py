"""Habits of news and of jobs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.monitoring.habits import JobHabit, NewsHabit, is_holiday
from heraldcrawl.site.dates import KST

MONDAY = datetime(2026, 3, 9, tzinfo=KST)


def hourly(weeks: int = 12, *, every: int = 1) -> list[datetime]:
    """Stories from 9 to 18 on workdays."""
    hours = [MONDAY + timedelta(hours=n) for n in range(weeks * 7 * 24)]
    office = [at for at in hours if at.weekday() < 5 and 9 <= at.hour < 18]
    return [at + timedelta(minutes=10) for at in office][::every]


def too_long(habit: NewsHabit, since: datetime) -> float:
    """After how many hours a silence is too long."""
    hours = 1
    while habit.worth(since, since + timedelta(hours=hours)) < habit.limit:
        hours += 1
    return hours


def test_night_and_weekend_are_worth_nothing() -> None:
    habit = NewsHabit.learn(hourly())
    assert habit is not None
    friday = MONDAY + timedelta(weeks=12, days=4, hours=17, minutes=10)
    assert habit.worth(friday, friday + timedelta(days=2, hours=15)) < 0.3 * habit.limit
    assert habit.worth(friday, friday + timedelta(days=4, hours=16)) > habit.limit


def test_a_rarer_section_may_be_silent_longer() -> None:
    since = MONDAY + timedelta(weeks=12, hours=9)
    often, seldom = NewsHabit.learn(hourly()), NewsHabit.learn(hourly(every=12))
    assert often is not None
    assert seldom is not None
    assert too_long(often, since) < too_long(seldom, since)


def test_a_burst_counts_no_more_than_a_story() -> None:
    stories = hourly()
    night = MONDAY + timedelta(weeks=6, hours=2)
    burst = [night + timedelta(seconds=n) for n in range(500)]
    plain, with_burst = NewsHabit.learn(stories), NewsHabit.learn(sorted([*stories, *burst]))
    assert plain is not None
    assert with_burst is not None
    assert with_burst.limit == pytest.approx(plain.limit, rel=0.1)


def test_a_public_holiday_is_a_sunday() -> None:
    assert is_holiday(date(2026, 2, 17))  # Seollal
    assert is_holiday(date(2026, 9, 25))  # Chuseok
    assert not is_holiday(date(2026, 3, 9))
    stories = [at for at in hourly(weeks=20) if not is_holiday(at.date())]
    habit = NewsHabit.learn(stories)
    assert habit is not None
    before = datetime(2026, 9, 23, 18, tzinfo=KST)
    assert habit.worth(before, datetime(2026, 9, 28, 9, tzinfo=KST)) < habit.limit / 2


def test_little_teaches_nothing() -> None:
    assert NewsHabit.learn([]) is None
    assert NewsHabit.learn(hourly(weeks=1)) is None
    assert NewsHabit.learn(hourly(weeks=1, every=3)) is None
    assert JobHabit.learn([MONDAY, MONDAY + timedelta(hours=1)]) is None


@given(st.lists(st.datetimes(datetime(2025, 1, 1), datetime(2026, 1, 1)), min_size=1))  # noqa: DTZ001  (made aware below)
def test_any_past_teaches_or_does_not(times: list[datetime]) -> None:
    aware = [at.replace(tzinfo=KST) for at in times]
    habit = NewsHabit.learn(aware)
    if habit is not None:
        last = max(aware)
        worths = [habit.worth(last, last + timedelta(days=days)) for days in range(5)]
        assert worths == sorted(worths)
        assert habit.limit > 0
        assert all(0 < chance < 1 for chance in habit.chances.values())


@pytest.mark.parametrize(
    ("minutes", "late", "too_late"),
    [(10, 30, 36), (60, 2 * 60 + 30, 2 * 60 + 41), (24 * 60, 30 * 60, 31 * 60)],
)
def test_a_job_may_miss_a_slot(minutes: int, late: int, too_late: int) -> None:
    starts = [MONDAY + timedelta(minutes=minutes * n) for n in range(30)]
    habit = JobHabit.learn(starts)
    assert habit is not None
    assert timedelta(minutes=late) < habit.limit < timedelta(minutes=too_late)
    assert habit.usual == timedelta(minutes=minutes)
