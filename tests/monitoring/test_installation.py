"""Disk, dead letters, killed and absent runs, stale leases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from heraldcrawl.monitoring.installation import (
    DeadLetters,
    Disk,
    Job,
    Killed,
    Stale,
    judge_dead_letters,
    judge_disk,
    judge_jobs,
    judge_killed,
    judge_leases,
)
from heraldcrawl.monitoring.verdict import Verdict

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
GIB = 1024**3


def disk(free_gib: float, at: datetime = NOON, host: str = "here") -> Disk:
    return Disk(host, int(free_gib * GIB), at)


def keys(verdict: Verdict) -> set[str]:
    assert all(alarm.seen and alarm.usual and alarm.advice for alarm in verdict.alarms)
    return {alarm.key for alarm in verdict.alarms}


def test_a_disk_is_told_when_it_is_nearly_full_or_will_be_in_a_week() -> None:
    assert keys(judge_disk(disk(50), None, 2 * GIB)) == set()
    assert keys(judge_disk(disk(1.9), None, 2 * GIB)) == {"disk/here"}
    assert keys(judge_disk(disk(50), disk(60, NOON - WEEK), 2 * GIB)) == set()
    assert keys(judge_disk(disk(50), disk(110, NOON - WEEK), 2 * GIB)) == {"disk/here"}
    assert keys(judge_disk(disk(50), disk(110, NOON - WEEK, "there"), 2 * GIB)) == set()
    assert keys(judge_disk(disk(50), disk(51, NOON - timedelta(hours=1)), 2 * GIB)) == set()
    assert judge_disk(disk(60), disk(50, NOON - WEEK), 2 * GIB).well == {"disk/here"}
    [full] = judge_disk(disk(0), None, 2 * GIB).alarms
    assert "0.0 GiB" in full.seen


def test_dead_letters_are_told_when_they_are_many_more_than_usual() -> None:
    assert keys(judge_dead_letters(DeadLetters(0, 0.0, ""))) == set()
    assert keys(judge_dead_letters(DeadLetters(4, 0.0, "4 × http_500"))) == set()
    assert keys(judge_dead_letters(DeadLetters(5, 0.3, "5 × http_500"))) == {"dead letters"}
    assert keys(judge_dead_letters(DeadLetters(9, 2.0, "9 × http_500"))) == set()


def test_killed_runs_are_told_and_the_section_s_next_good_day_ends_it() -> None:
    killed = [Killed("kpop", 2, NOON)]
    verdict = judge_killed(killed, ["market"])
    assert keys(verdict) == {"kpop/killed"}
    assert verdict.well == {"market/killed"}


def test_stale_leases_name_the_run() -> None:
    assert keys(judge_leases([])) == set()
    [alarm] = judge_leases([Stale(12, 3, NOON), Stale(13, 1, NOON)]).alarms
    assert alarm.seen.startswith("4 stories are held")
    assert alarm.seen.endswith("12, 13")


def test_a_job_that_does_not_run_is_told_unless_it_is_running() -> None:
    starts = [NOON - timedelta(hours=n) for n in range(5, 30)]
    assert keys(judge_jobs([Job("kpop", starts, is_running=False)], NOON)) == {"kpop/absent"}
    assert keys(judge_jobs([Job("kpop", starts, is_running=True)], NOON)) == set()
    on_time = judge_jobs([Job("kpop", starts, is_running=False)], starts[0] + timedelta(hours=1))
    assert (keys(on_time), on_time.well) == (set(), {"kpop/absent"})
    assert judge_jobs([Job("kpop", starts[:2], is_running=False)], NOON) == Verdict()
