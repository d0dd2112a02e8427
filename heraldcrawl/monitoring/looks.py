"""Brings the judges what they need to know: of a run that has ended, of the installation."""

from __future__ import annotations

import shutil
import socket
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from heraldcrawl.folders import nearest
from heraldcrawl.monitoring.habits import NewsHabit
from heraldcrawl.monitoring.installation import (
    Disk,
    judge_dead_letters,
    judge_disk,
    judge_jobs,
    judge_killed,
    judge_leases,
)
from heraldcrawl.monitoring.past import Past
from heraldcrawl.monitoring.runs import judge_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.settings import BaseSettings

    from heraldcrawl.monitoring.numbers import Run
    from heraldcrawl.monitoring.shares import Again, Before
    from heraldcrawl.monitoring.verdict import Verdict
    from heraldcrawl.store.monitors import Monitors

#: A shorter silence is none worth learning habits for.
_SILENCE: Final = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Home:
    """The disk under HERALD_HOME."""

    host: str
    free_bytes: int
    total_bytes: int

    @classmethod
    def of(cls, settings: BaseSettings) -> Home:
        home = Path(settings["HERALD_HOME"]).expanduser().absolute()
        usage = shutil.disk_usage(nearest(home))  # there is none before the first crawl
        return cls(socket.gethostname(), usage.free, usage.total)


async def look_at_run(
    queries: Monitors,
    run: Run,
    habit: str,
    *,
    pages: Before,
    again: Sequence[Again] = (),
    judges_silence: bool = True,
) -> Verdict:
    """Judge a run beside those before it.

    :param pages: of the runs before; needed where the run met any story
    :param judges_silence: the run looked at all of its list that could be new, on the site itself
    """
    before = await queries.runs_before(habit)
    past = Past(before, pages, again)
    if judges_silence and run.reason == "finished" and not run.count("list/new"):
        last_news_at, news_habit = await _silence(queries, run, before)
        past = replace(past, last_news_at=last_news_at, habit=news_habit)
    return judge_run(run, past, habit)


async def look_at_installation(
    queries: Monitors, settings: BaseSettings, spiders: Sequence[str] = ()
) -> Verdict:
    """Judge the disk, the ledger, and whether runs were killed.

    :param spiders: whose runs are known to have ended well
    """
    home = Home.of(settings)
    now = Disk(home.host, home.free_bytes, datetime.now(UTC))
    before = await queries.disk_days_ago(home.host)
    verdict = judge_disk(now, before, settings.getint("ALARM_DISK_FREE"))
    verdict += judge_dead_letters(await queries.dead_letters())
    verdict += judge_killed(await queries.killed(), spiders)
    verdict += judge_leases(await queries.stale_leases())
    return verdict


async def look_at_jobs(queries: Monitors) -> Verdict:
    """Judge whether every section's job still runs."""
    return judge_jobs(await queries.jobs(), datetime.now(UTC))


async def _silence(
    queries: Monitors, run: Run, before: Sequence[Run]
) -> tuple[datetime | None, NewsHabit | None]:
    """Since when there is no news, and what is usual; as little as is needed to know it."""
    times = [each.finished_at for each in before if each.count("list/new")]
    if times and run.finished_at - max(times) < _SILENCE:
        return max(times), None
    stories, seen_at = await queries.news(run.spider, run.finished_at)
    last_news_at = max([*times, *([seen_at] if seen_at else [])], default=None)
    if last_news_at is None or run.finished_at - last_news_at < _SILENCE:
        return last_news_at, None
    return last_news_at, NewsHabit.learn(stories)
