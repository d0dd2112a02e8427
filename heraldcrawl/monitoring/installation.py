"""Judges of the installation: its disk, its ledger, its runs as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from heraldcrawl.monitoring.alarms import Alarm
from heraldcrawl.monitoring.habits import JobHabit
from heraldcrawl.monitoring.verdict import Verdict, many

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A disk that is full in so many days, at the rate of the last ones, is told of.
_DAYS_LEFT: Final = 7
_LEAST_RATE_DAYS: Final = 1.0
#: Dead letters of a day: so many at least, and so many times as many as usual.
_DEAD: Final = 5
_DEAD_TIMES: Final = 5

_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk at one time."""

    host: str
    free_bytes: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Stories that failed for good, other than those that are gone."""

    last_day: int
    days_before: float  # on average, of the last month
    reasons: str  # the last day's, in words


@dataclass(frozen=True, slots=True)
class Killed:
    """Runs of a spider that ended within a day without a word."""

    spider: str
    runs: int
    last_started_at: datetime


@dataclass(frozen=True, slots=True)
class Stale:
    """Stories that a run holds, which does not renew its leases."""

    run: int
    stories: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """When a spider's runs began."""

    spider: str
    starts: Sequence[datetime]
    is_running: bool


def judge_disk(now: Disk, before: Disk | None, least_free_bytes: int) -> Verdict:
    """Is there room for what is to come?

    :param before: the same disk some days ago
    """
    rate = 0.0
    if before is not None and before.host == now.host:
        days = (now.at - before.at) / timedelta(days=1)
        if days >= _LEAST_RATE_DAYS:
            rate = max(before.free_bytes - now.free_bytes, 0) / days
    left = now.free_bytes / rate if rate else None
    alarm = None
    if now.free_bytes < least_free_bytes or (left is not None and left < _DAYS_LEFT):
        grows = f", and {rate / _GIB:.1f} GiB fewer each day" if rate else ""
        alarm = Alarm(
            f"disk/{now.host}",
            seen=f"{now.free_bytes / _GIB:.1f} GiB are free under HERALD_HOME on {now.host}{grows}",
            usual=f"{least_free_bytes / _GIB:.1f} GiB at least, for {_DAYS_LEFT} days",
            advice="make room, or move the page archive to a larger disk, before the database"
            " stops",
            badness=least_free_bytes / max(now.free_bytes, 1),
        )
    return Verdict.of(alarm, None, f"disk/{now.host}")


def judge_dead_letters(dead: DeadLetters) -> Verdict:
    """Do more stories fail for good than usual?"""
    alarm = None
    if dead.last_day >= max(_DEAD, _DEAD_TIMES * dead.days_before):
        alarm = Alarm(
            "dead letters",
            seen=f"{dead.last_day} stories failed for good within a day ({dead.reasons})",
            usual=f"{dead.days_before:.1f} a day",
            advice="see `scrapy ledger list`; when the cause is mended, `scrapy ledger retry`",
            badness=dead.last_day,
        )
    return Verdict.of(alarm, None, "dead letters")


def judge_killed(killed: Sequence[Killed], spiders: Sequence[str]) -> Verdict:
    """Were runs killed?

    :param spiders: those that are looked at
    """
    verdict = Verdict()
    found = {each.spider: each for each in killed}
    for spider in {*spiders, *found}:
        alarm = None
        if each := found.get(spider):
            alarm = Alarm(
                "killed",
                seen=f"{many(each.runs, 'run')} ended within a day without a word, the last begun"
                f" at {each.last_started_at:%Y-%m-%d %H:%M} UTC",
                usual="a run says how it ended",
                advice="nothing is lost, the next run goes on. If it was no restart of the machine,"
                " see whether it ran out of memory (journalctl -k) or lost its database",
                badness=each.runs,
                spider=spider,
            )
        verdict += Verdict.of(alarm, spider, "killed")
    return verdict


def judge_leases(stale: Sequence[Stale]) -> Verdict:
    """Does a run hold stories and do nothing with them?"""
    alarm = None
    if stale:
        held = sum(each.stories for each in stale)
        runs = ", ".join(str(each.run) for each in stale)
        since = min(each.since for each in stale)
        alarm = Alarm(
            "leases",
            seen=f"{many(held, 'story is', 'stories are')} held since {since:%Y-%m-%d %H:%M} UTC by"
            f" runs that are alive and do nothing: {runs}",
            usual="a run renews or returns what it holds within LEASE_SECONDS",
            advice="that process hangs; end it, and the next run fetches the stories",
            badness=held,
        )
    return Verdict.of(alarm, None, "leases")


def judge_jobs(jobs: Sequence[Job], now: datetime) -> Verdict:
    """Has a section's job not run for longer than it ever does?"""
    verdict = Verdict()
    for job in jobs:
        habit = JobHabit.learn(job.starts)
        if habit is None:
            continue
        silent = now - max(job.starts)
        alarm = None
        if silent > habit.limit and not job.is_running:
            alarm = Alarm(
                "absent",
                seen=f"no run has begun for {_hours(silent)}",
                usual=f"one every {_hours(habit.usual)}",
                advice="see whether the scheduler runs (systemctl list-timers, Scrapyd's page), and"
                " start one by hand: scrapy crawl; `scrapy alarms --accept` if it is not to run",
                spider=job.spider,
            )
        verdict += Verdict.of(alarm, job.spider, "absent")
    return verdict


def _hours(span: timedelta) -> str:
    """A length of time, to the tenth of an hour.

    >>> _hours(timedelta(minutes=90)), _hours(timedelta(minutes=10))
    ('1.5 hours', '10 minutes')
    """
    hours = span.total_seconds() / 3600
    return f"{hours:.1f} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"
