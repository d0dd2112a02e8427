"""The report: everything that is known at one moment, as plain values, and what needs somebody."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
import scrapy

from heraldcrawl import __version__
from heraldcrawl.errors import HeraldError, StoreError
from heraldcrawl.monitoring.looks import Home
from heraldcrawl.monitoring.message import plain
from heraldcrawl.monitoring.verdict import many
from heraldcrawl.reading.archive import limited, open_as_it_is
from heraldcrawl.scrapyd import Scrapyd
from heraldcrawl.secret import secret
from heraldcrawl.status.numbers import is_in_order, late
from heraldcrawl.store.status import Facts, look

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scrapy.settings import BaseSettings


_SILENCE_SECONDS: Final = 15


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

    def needs(self, only: Collection[str] = ()) -> list[str]:
        """What somebody should look at, one sentence each.

        :param only: of these spiders, and what concerns all; empty: of all
        """
        facts = self.facts
        found = []
        if facts.newer:
            found.append("the database is newer than this heraldcrawl: install the newer one")
        elif facts.pending and not self.database:
            found.append(
                f"{many(len(facts.pending), 'migration is', 'migrations are')} pending:"
                " scrapy db migrate, or the next crawl"
            )
        found += [
            f"alarm {row['key']}: {plain(row['seen'])}"
            for row in facts.alarms
            if row["accepted_at"] is None and _is_asked(row["spider"], only)
        ]
        told = {row["spider"] for row in facts.alarms}
        for each in facts.spiders:
            if not _is_asked(each.spider, only):
                continue
            if each.silent and each.spider not in told:
                killed = many(each.silent, "run was", "runs were")
                found.append(f"{each.spider}: {killed} killed")
            elif each.reason and not is_in_order(each.reason) and each.spider not in told:
                found.append(f"{each.spider}: its last run ended as {each.reason}")
        found += [
            f"{job.spider}: no run has begun since {max(job.starts):%Y-%m-%d %H:%M} UTC"
            for job in late(facts.jobs, self.at)
            if job.spider not in told and _is_asked(job.spider, only)
        ]
        if self.scrapyd is not None and not self.scrapyd_answers:
            found.append(self.scrapyd)
        return found


def _is_asked(spider: str | None, only: Collection[str]) -> bool:
    """Whether it is of one of these spiders, or of none."""
    return not only or not spider or spider in only


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
    with (
        open_as_it_is(settings, starts=starts) as connection,
        limited(connection, _SILENCE_SECONDS),
    ):
        return look(connection)


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
