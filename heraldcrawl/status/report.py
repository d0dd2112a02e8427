"""The report: everything that is known at one moment, as plain values, and what needs somebody."""

from __future__ import annotations

import os
import platform
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
import scrapy

from heraldcrawl import __version__
from heraldcrawl.errors import HeraldError, StoreError
from heraldcrawl.monitoring.habits import JobHabit
from heraldcrawl.monitoring.looks import Home
from heraldcrawl.monitoring.message import plain
from heraldcrawl.reading.archive import open_as_it_is
from heraldcrawl.scrapyd import Scrapyd
from heraldcrawl.secret import secret
from heraldcrawl.site.sections import SECTIONS
from heraldcrawl.store.queries import load
from heraldcrawl.store.status import Facts, look

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scrapy.settings import BaseSettings

    from heraldcrawl.monitoring.installation import Job
    from heraldcrawl.monitoring.traits import Shares
    from heraldcrawl.store.status import SpiderRuns

_RUNS: Final = load("runs")

#: Reasons with which a run that does its work ends.
IN_ORDER: Final = ("finished", "shutdown", "unfinished")
#: What a run did with stories: statistic -> word.
OUTCOMES: Final = {
    "story/new": "new",
    "story/changed": "changed",
    "story/unchanged": "unchanged",
    "story/gone": "gone",
    "story/failed": "failed",
    "story/dead": "dead",
}
_SILENCE_SECONDS: Final = 15
_EVIDENCE: Final = re.compile(r"(\w+)=(.+)").fullmatch


@dataclass
class Report:
    """One look at an installation."""

    at: datetime
    home: str
    disk: Home
    versions: dict[str, str]
    database: str | None = None  # why it cannot be used; None: it can
    scrapyd: str | None = None  # what it says; None: it is not configured
    scrapyd_answers: bool = False
    facts: Facts = field(default_factory=Facts)

    def needs(self) -> list[str]:
        """What somebody should look at, one sentence each."""
        facts = self.facts
        found = []
        if facts.newer:
            found.append("the database is newer than this heraldcrawl: install the newer one")
        elif facts.pending and not self.database:
            found.append(
                f"{len(facts.pending)} migrations are pending: scrapy db migrate, or the next crawl"
            )
        found += [
            f"alarm {row['key']}: {plain(row['seen'])}"
            for row in facts.alarms
            if row["accepted_at"] is None
        ]
        told = {row["spider"] for row in facts.alarms}
        for each in facts.spiders:
            if each.silent and each.spider not in told:
                found.append(f"{each.spider}: {each.silent} runs were killed")
            elif each.reason and not is_in_order(each.reason) and each.spider not in told:
                found.append(f"{each.spider}: its last run ended as {each.reason}")
        found += [
            f"{job.spider}: no run has begun since {max(job.starts):%Y-%m-%d %H:%M} UTC"
            for job in late(facts.jobs, self.at)
            if job.spider not in told
        ]
        if self.scrapyd is not None and not self.scrapyd_answers:
            found.append(self.scrapyd)
        return found


def is_in_order(reason: str) -> bool:
    """Whether a run ended as runs do."""
    return reason in IN_ORDER or reason.startswith("closespider")


def never_run(facts: Facts) -> list[str]:
    """Spiders of the menu of which no run is known."""
    known = {each.spider for each in facts.spiders}
    return [slug for slug in (*(each.slug for each in SECTIONS), "latest") if slug not in known]


def late(jobs: Collection[Job], now: datetime) -> list[Job]:
    """Jobs that have not begun for longer than is their habit."""
    return [
        job
        for job in jobs
        if not job.is_running
        and (habit := JobHabit.learn(job.starts))
        and now - max(job.starts) > habit.limit
    ]


def take(settings: BaseSettings, *, starts: bool = True, asks_scrapyd: bool = True) -> Report:
    """Look at everything. What cannot be reached is said, and the rest told all the same.

    :param starts: start an embedded database server that does not run
    """
    home = Path(settings["HERALD_HOME"]).expanduser().absolute()
    report = Report(
        at=datetime.now(UTC),
        home=str(home),
        disk=Home.of(settings),
        versions={
            "heraldcrawl": __version__,
            "scrapy": scrapy.__version__,
            "python": platform.python_version(),
        },
    )
    try:
        report.facts = facts(settings, starts=starts)
        report.versions["postgresql"] = report.facts.version
    except StoreError as error:
        report.database = str(error)
    except psycopg.Error as error:
        words = str(error).strip().splitlines() or [type(error).__name__]
        report.database = f"the database failed: {words[0]}"
    if asks_scrapyd:
        report.scrapyd, report.scrapyd_answers = _scrapyd(settings)
    return report


def facts(settings: BaseSettings, *, starts: bool = True) -> Facts:
    """Look at the database that the settings name.

    :param starts: start an embedded server that does not run
    :raises StoreError: it cannot be used
    """
    with open_as_it_is(settings, starts=starts) as connection:
        timeout = {"timeout": f"{_SILENCE_SECONDS}s"}
        connection.execute(_RUNS["set_timeouts"], timeout)
        connection.commit()
        return look(connection)


def counted(run: SpiderRuns) -> dict[str, int]:
    """What a spider's last run did with stories."""
    stats = run.stats or {}
    return {word: int(stats.get(key, 0)) for key, word in OUTCOMES.items()}


def evidence(shares: Shares) -> dict[str, dict[str, float]]:
    """The share of a section's stories for which each field came from each kind of evidence."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for trait, stories in sorted(shares.has.items()):
        if shares.stories and (match := _EVIDENCE(trait)):
            name, source = match.groups()
            found[name][source] = round(stories / shares.stories, 4)
    return dict(found)


def kinds(shares: Shares) -> dict[str, float]:
    """The share of each kind of evidence in all that was read, the largest first."""
    found: defaultdict[str, int] = defaultdict(int)
    for trait, stories in shares.has.items():
        if match := _EVIDENCE(trait):
            found[match[2]] += stories
    every = sum(found.values())
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return {source: round(stories / every, 4) for source, stories in ordered if every}


def as_record(report: Report, only: Collection[str] = ()) -> dict[str, Any]:
    """Write the report as programs take it.

    :param only: the spiders to tell of; empty: all
    """
    facts = report.facts
    record: dict[str, Any] = {
        "at": report.at,
        "needs": report.needs(),
        "versions": report.versions,
        "home": report.home,
        "disk": {"free_bytes": report.disk.free_bytes, "total_bytes": report.disk.total_bytes},
        "scrapyd": report.scrapyd and {"reachable": report.scrapyd_answers, "said": report.scrapyd},
        "database": {"reachable": report.database is None, "why": report.database},
    }
    if report.database is not None:
        return record
    record["database"] |= {
        "bytes": facts.bytes,
        "schema": facts.schema,
        "pending_migrations": facts.pending,
        "is_newer": facts.newer,
    }
    return record | {
        "stories": {"count": facts.stories, "is_estimated": facts.are_estimated},
        "ledger": facts.ledger,
        "revisits": facts.revisits,
        "dead_letters": {"reasons": facts.dead, "latest": facts.latest_dead},
        "walks": facts.walks,
        "alarms": [
            {name: row[name] for name in ("key", "seen", "opened_at", "told_at", "accepted_at")}
            for row in facts.alarms
        ],
        "archive": facts.archive,
        "never_run": never_run(facts),
        "sections": [
            _section(each, facts) for each in facts.spiders if not only or each.spider in only
        ],
    }


def _section(each: SpiderRuns, facts: Facts) -> dict[str, Any]:
    job = next((job for job in facts.jobs if job.spider == each.spider), None)
    habit = JobHabit.learn(job.starts) if job else None
    shares = facts.shares.get(each.spider)
    return {
        "spider": each.spider,
        "run": each.run,
        "started_at": each.started_at,
        "finished_at": each.finished_at,
        "reason": each.reason,
        "last_finished_at": each.last_finished_at,
        "running": each.running,
        "running_since": each.running_since,
        "killed": each.silent,
        "next_at": job and habit and max(job.starts) + habit.usual,
        "waiting": facts.waiting.get(each.spider, 0),
        "stories": counted(each),
        "read": shares.stories if shares else 0,
        "evidence": evidence(shares) if shares else {},
    }


def _scrapyd(settings: BaseSettings) -> tuple[str | None, bool]:
    """What Scrapyd says, if the environment has a name for it."""
    if not is_scrapyd_configured(os.environ):
        return None, False
    try:
        login = secret("SCRAPYD_USERNAME"), secret("SCRAPYD_PASSWORD")
        jobs = Scrapyd(settings["SCRAPYD_URL"], settings["BOT_NAME"], *login).jobs()
    except HeraldError as error:
        return str(error), False
    states = [job.state for job in jobs]
    return f"{states.count('running')} jobs run, {states.count('pending')} wait", True


def is_scrapyd_configured(environment: Mapping[str, str]) -> bool:
    """Whether somebody has said how to ask Scrapyd."""
    return bool(environment.get("SCRAPYD_USERNAME"))
