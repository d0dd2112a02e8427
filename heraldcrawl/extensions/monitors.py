"""Looks at every run's numbers when it has ended, and tells the operator what is wrong."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import signals

from heraldcrawl.errors import DatabaseLost
from heraldcrawl.extensions.database import Database
from heraldcrawl.monitoring import away
from heraldcrawl.monitoring.looks import Home, look_at_installation, look_at_run
from heraldcrawl.monitoring.numbers import Run, habit, latency_class
from heraldcrawl.monitoring.pages import KINDS
from heraldcrawl.monitoring.second_look import SecondLook
from heraldcrawl.monitoring.shares import Before, judge
from heraldcrawl.monitoring.telling import tell
from heraldcrawl.monitoring.verdict import Verdict
from heraldcrawl.signals import run_finished
from heraldcrawl.store.alarms import AlarmBook
from heraldcrawl.store.monitors import Monitors as Queries

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from heraldcrawl.store import Lease, Store

logger = logging.getLogger(__name__)


class Monitors:
    """Judges the run, and what it says of the installation, beside the runs before it.

    Sets ``host``, ``replay``, ``disk/free_bytes`` and ``disk/total_bytes``; counts the site's
    answers by the seconds they took as ``latency/<at most>``, adds these up as
    ``latency/total_seconds``, and counts ``monitor/second_looks``. It
    never fails the crawl, nor holds up its end for longer than ALARM_SECONDS.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._settings = crawler.settings
        self._started_at = datetime.now(UTC)
        self._before: Before | None = None
        self.second_look = SecondLook()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.response_received, signal=signals.response_received)
        crawler.signals.connect(extension.run_finished, signal=run_finished)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        assert self._crawler.stats is not None
        home = Home.of(self._settings)
        self._crawler.stats.set_value("host", home.host)
        self._crawler.stats.set_value("disk/free_bytes", home.free_bytes)
        self._crawler.stats.set_value("disk/total_bytes", home.total_bytes)
        if self._is_replay:
            self._crawler.stats.set_value("replay", value=True)

    def response_received(self, response: Response, request: Request) -> None:  # noqa: ARG002  (Scrapy's)
        stats = self._crawler.stats
        assert stats is not None
        if (seconds := request.meta.get("download_latency")) is not None:
            stats.inc_value(latency_class(seconds))
            total = stats.get_value("latency/total_seconds", 0.0)
            stats.set_value("latency/total_seconds", total + seconds)

    async def doubtful(self) -> list[Lease]:
        """Older stories to be read once more, where this run's lack what they had."""
        try:
            return await self._doubtful()
        except DatabaseLost:
            raise
        except Exception:  # whatever ails the monitors is no fault of the crawl
            logger.exception("The monitors broke")
            return []

    async def _doubtful(self) -> list[Lease]:
        assert self._crawler.stats is not None
        name, run = self._habit, self._run(None)
        if name is None or self._is_bounded or not (run.read or run.unread):
            return []
        doubts = judge(run.shares(), await self._pages_before(name)).doubts
        if not doubts:
            return []
        known = await self._queries.known_stories(run.spider, self._started_at)
        leases = self.second_look.choose(doubts, known)
        if leases:
            self._crawler.stats.inc_value("monitor/second_looks", len(leases))
            traits = ", ".join(finding.trait for finding in doubts)
            logger.info("Too few stories have %s; reading %d older ones again", traits, len(leases))
        return leases

    async def run_finished(self, reason: str) -> None:
        seconds = self._settings.getfloat("ALARM_SECONDS")
        try:
            async with asyncio.timeout(seconds):
                await self._look(self._run(reason))
        except TimeoutError:
            logger.error("The monitors did not end within %g s", seconds)  # noqa: TRY400  (one sentence)
        except DatabaseLost:  # said by the store
            pass
        except Exception:  # likewise
            logger.exception("The monitors broke")

    async def spider_closed(self, reason: str) -> None:
        if reason == "database_unavailable":
            try:
                async with asyncio.timeout(self._settings.getfloat("ALARM_SECONDS")):
                    await away.tell(self._settings)
            except Exception:  # likewise
                logger.exception("The monitors broke")

    # Private --------------------------------------------------------------------------------------

    async def _look(self, run: Run) -> None:
        queries, name = self._queries, self._habit
        book = AlarmBook(self._store.link)
        verdict = Verdict()
        if name is not None:
            verdict += await look_at_run(
                queries,
                run,
                name,
                pages=await self._pages_before(name) if run.read or run.unread else Before(),
                again=self.second_look.seen,
                judges_silence=not (self._is_replay or self._is_bounded),
            )
        verdict += await look_at_installation(queries, self._settings, [run.spider])
        await tell(book, verdict, self._settings)
        await away.over(self._settings)
        if name is not None and not self._is_bounded:
            await queries.belong_to(name, is_usual=await self._is_usual(book, run, name))

    async def _is_usual(self, book: AlarmBook, run: Run, name: str) -> bool | None:
        """Whether later runs may be judged by this one's stories."""
        if not run.read:
            return None
        alarms = [each.alarm for each in await book.open_alarms()]
        kinds = {alarm.what.partition("/")[0] for alarm in alarms if alarm.spider == name}
        return not kinds & set(KINDS)

    async def _pages_before(self, name: str) -> Before:
        if self._before is None:
            self._before = Before.of(await self._queries.usual_stats_before(name))
        return self._before

    def _run(self, reason: str | None) -> Run:
        assert self._crawler.stats is not None
        assert self._crawler.spider is not None
        stats = self._crawler.stats.get_stats()
        return Run(
            self._crawler.spider.name, reason, self._started_at, datetime.now(UTC), dict(stats)
        )

    @property
    def _habit(self) -> str | None:
        assert self._crawler.spider is not None
        return habit(self._crawler.spider.name, is_replay=self._is_replay)

    @property
    def _is_bounded(self) -> bool:
        """Whether the run was told where to stop, so that it is nobody's habit."""
        arguments = getattr(self._crawler.spider, "arguments", None)
        return bool(getattr(arguments, "bounded", True))

    @property
    def _is_replay(self) -> bool:
        return bool(self._settings.get("REPLAY"))

    @property
    def _queries(self) -> Queries:
        return Queries(self._store.link, self._store.run)

    @property
    def _store(self) -> Store:
        database = self._crawler.get_extension(Database)
        assert database is not None
        return database.store
