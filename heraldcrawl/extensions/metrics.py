"""A run's numbers for node_exporter's textfile collector, for jobs that end are hard to scrape."""

from __future__ import annotations

import asyncio
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from scrapy import signals
from scrapy.exceptions import NotConfigured

from heraldcrawl.errors import HeraldError
from heraldcrawl.reading.archive import limited, open_as_it_is
from heraldcrawl.reading.output import replaced
from heraldcrawl.signals import run_finished
from heraldcrawl.store.status import Facts, SpiderRuns, look_at_runs

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class Metrics:
    """Writes ``heraldcrawl_<spider>.prom`` to METRICS_TEXTFILE when a run ends.

    Where the database is lost, no totals are in it. It never fails the crawl, nor holds up its end
    for long: a database that hangs costs the file.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._folder = Path(crawler.settings["METRICS_TEXTFILE"]).expanduser()
        self._started_at = datetime.now(UTC)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.get("METRICS_TEXTFILE"):
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.run_finished, signal=run_finished)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    async def run_finished(self) -> None:
        await asyncio.to_thread(self._write_all)

    async def spider_closed(self, reason: str) -> None:
        if reason == "database_unavailable":
            await asyncio.to_thread(self._write, self._without_database(reason))

    def _write_all(self) -> None:
        facts = Facts()
        settings = self._crawler.settings
        silence = settings.getfloat("DATABASE_SILENCE_SECONDS")
        try:
            with open_as_it_is(settings) as connection, limited(connection, silence):
                look_at_runs(connection, facts, self._spider)
        except (HeraldError, psycopg.Error) as error:
            logger.warning("No metrics of this run were written: %s", error)
        else:
            self._write(facts)

    def _write(self, facts: Facts) -> None:
        # They cost 0.1 s, and most installations write no such file.
        from heraldcrawl.metrics.collector import exposition  # noqa: PLC0415
        from heraldcrawl.metrics.runs import of_runs  # noqa: PLC0415

        text = exposition(lambda: of_runs(facts))
        try:
            with replaced(self._folder / f"heraldcrawl_{self._spider}.prom") as file:
                os.fchmod(file.fileno(), 0o644)  # another user's program reads it
                file.write(text)
        except OSError as error:
            logger.warning("METRICS_TEXTFILE=%s: %s", self._folder, error.strerror)

    def _without_database(self, reason: str) -> Facts:
        facts = Facts()
        end = datetime.now(UTC)
        run = SpiderRuns(self._spider, None, self._started_at, end, reason, None, None, 0, None, 0)
        facts.spiders.append(run)
        return facts

    @property
    def _spider(self) -> str:
        assert self._crawler.spider is not None
        return self._crawler.spider.name
