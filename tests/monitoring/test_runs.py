"""What one run beside those before it is an alarm for, and what it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from heraldcrawl.monitoring.habits import NewsHabit
from heraldcrawl.monitoring.numbers import Run, habit
from heraldcrawl.monitoring.past import Past
from heraldcrawl.monitoring.runs import judge_run
from heraldcrawl.monitoring.shares import Before
from heraldcrawl.site.dates import KST

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ORDINARY = {
    "list/pages": 2, "list/entries": 30, "list/new": 3, "story/read": 3, "story/new": 3,
    "layout/e4": 3, "evidence/headline/json-ld": 3, "downloader/response_count": 6,
    "latency/0.5": 4, "latency/1": 2,
}  # fmt: skip
FAILED: dict[str, Any] = {"story/failed": 4, "story/failed/TimeoutError": 4}


def run(hours_ago: float = 0, reason: str = "finished", **stats: Any) -> Run:
    at = NOON - timedelta(hours=hours_ago)
    named = {name.replace("__", "/"): value for name, value in stats.items()}
    return Run("kpop", reason, at - timedelta(minutes=5), at, {**ORDINARY, **named})


PAST = Past(runs=[run(n) for n in range(1, 20)])


def alarms(*runs: Run, past: Past = PAST) -> set[str]:
    """What is told after the last of some runs, the latest first."""
    latest, *before = runs
    verdict = judge_run(latest, replace(past, runs=[*before, *past.runs]), "kpop")
    assert all(alarm.seen and alarm.usual and alarm.advice for alarm in verdict.alarms)
    assert not {alarm.key for alarm in verdict.alarms} & verdict.well
    return {alarm.what for alarm in verdict.alarms}


def test_an_ordinary_run_is_well_in_every_way() -> None:
    verdict = judge_run(run(), PAST, "kpop")
    assert verdict.alarms == []
    assert {f"kpop/{what}" for what in ("list", "silence", "blocked", "failures", "slow")} <= (
        verdict.well
    )


def test_a_first_run_is_judged_by_what_needs_no_past() -> None:
    assert alarms(run(), past=Past()) == set()
    nothing: dict[str, Any] = {"list__entries": 0, "list__pages": 0, "story__read": 0}
    assert alarms(run(0, "no_list", list__unreadable=2, **nothing), past=Past()) == {"list"}
    unread: dict[str, Any] = {"story__read": 0, "story__failed": 3, "story__failed__unreadable": 3}
    assert alarms(run(0, "no_story", **unread), past=Past()) == {"unreadable"}
    little = Before.of([{"story/read": 5, "story/new": 5}])
    assert alarms(run(0, "no_story", **unread), past=Past(pages=little)) == {"unreadable"}


@pytest.mark.parametrize("why", ["list/unreadable", "list/empty", "list/failed/http_404"])
def test_a_list_that_answers_without_entries_is_told_at_once(why: str) -> None:
    stats = {"list/pages": 1, why: 1, "list/entries": 0, "list/new": 0}
    latest = Run("kpop", "no_list", NOON, NOON, stats)
    assert alarms(latest) == {"list"}


def test_a_list_that_lost_most_of_its_entries_is_told() -> None:
    assert alarms(run(list__entries=8)) == {"list"}
    assert alarms(run(list__entries=12)) == set()


def test_a_site_that_is_away_for_two_hours_is_not_told_and_for_three_it_is() -> None:
    away = {"list/failed": 2, "list/failed/TimeoutError": 2}
    ends = [NOON - timedelta(hours=n) for n in range(4)]
    row = [Run("kpop", "no_list", at - timedelta(minutes=5), at, away) for at in ends]
    assert alarms(*row[1:]) == set()
    assert alarms(*row) == {"unreachable"}


def test_failing_stories_are_told_when_it_goes_on() -> None:
    def failing(hours_ago: float) -> Run:
        return run(hours_ago, story__read=1, story__new=1, layout__e4=1, **_named(FAILED))

    assert alarms(failing(0)) == set()
    assert alarms(failing(0), failing(1)) == set()
    assert alarms(failing(0), run(1), failing(2)) == set()
    assert alarms(failing(0), failing(1), failing(2)) == set()
    assert alarms(*map(failing, range(4))) == {"failures"}
    long = replace(failing(0), started_at=NOON - timedelta(hours=4))
    assert alarms(long) == {"failures"}


def test_one_bad_page_that_is_tried_again_and_again_is_not_told() -> None:
    again: dict[str, Any] = {"story__read": 0, "story__failed": 1, "story__failed__TimeoutError": 1}
    assert alarms(*(run(n, **again) for n in range(1)), past=PAST) == set()


def test_links_that_lead_nowhere_are_told_at_once() -> None:
    gone: dict[str, Any] = {"story__failed": 3, "story__failed__http_404": 3}
    assert alarms(run(story__read=0, layout__e4=0, **gone)) == {"gone"}
    assert alarms(run(story__read=60, **gone)) == set()


def test_a_site_that_blocks_is_told_at_once_and_a_refusal_is_not() -> None:
    assert alarms(run(0, "blocked", refused__403=5)) == {"blocked"}
    assert alarms(run(refused__429=1)) == set()
    many: dict[str, Any] = {"refused__429": 3}
    assert alarms(*(run(n, **many) for n in range(4))) == {"blocked"}


def test_a_slow_site_is_told_when_it_stays_slow() -> None:
    slow: dict[str, Any] = {"latency__0.5": 0, "latency__1": 0, "latency__16": 6}
    assert alarms(run(0, **slow)) == set()
    assert alarms(run(0, **slow), run(1), run(2, **slow)) == set()
    assert alarms(*(run(n, **slow) for n in range(4))) == {"slow"}


def test_runs_that_do_not_end_or_break_are_told() -> None:
    assert alarms(run(0, "unfinished")) == set()
    assert alarms(*(run(n, "unfinished") for n in range(4))) == {"unfinished"}
    assert alarms(run(spider_exceptions__count=1)) == {"broken"}
    assert alarms(run(0, "memusage_exceeded")) == {"broken"}
    assert alarms(run(0, "archive_unwritable")) == {"archive"}
    assert alarms(run(0, "shutdown")) == set()
    assert alarms(run(0, "closespider_timeout")) == set()


def test_silence_is_judged_by_the_section_s_own_habit() -> None:
    monday = datetime(2026, 2, 2, tzinfo=KST)
    hours = [monday + timedelta(hours=n) for n in range(28 * 24)]
    stories = [at for at in hours if 8 <= at.hour < 20 and at < NOON - timedelta(days=4)]
    past = replace(PAST, last_news_at=stories[-1], habit=NewsHabit.learn(stories))
    quiet: dict[str, Any] = {"list__new": 0, "story__read": 0, "story__new": 0}
    assert alarms(run(0, **quiet), past=past) == {"silence"}
    assert alarms(run(0, **quiet), past=replace(past, habit=None)) == set()
    assert alarms(run(0, "shutdown", **quiet), past=past) == set()
    assert alarms(run(0), past=past) == set()
    recent = replace(past, last_news_at=NOON - timedelta(hours=5))
    assert alarms(run(0, **quiet), past=recent) == set()


def test_what_is_no_habit() -> None:
    assert habit("article", is_replay=False) is None
    assert habit("kpop", is_replay=True) == "kpop (replayed)"
    assert habit("kpop", is_replay=False) == "kpop"


def test_what_a_run_counts() -> None:
    stats = {
        "story/failed": 9, "story/failed/unreadable": 2, "story/failed/http_404": 3,
        "refused/403": 1, "refused/challenge": 2, "list/pages": 3, "list/unreadable": 1,
        "latency/0.5": 1, "latency/64": 2,
    }  # fmt: skip
    numbers = Run("kpop", "finished", NOON, NOON, stats)
    assert (numbers.unread, numbers.gone, numbers.unanswered) == (2, 3, 4)
    assert (numbers.refusals, numbers.list_pages, numbers.latency()) == (3, 2, 64)
    assert Run("kpop", None, NOON, NOON).latency() is None


def _named(stats: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("/", "__"): value for name, value in stats.items()}
