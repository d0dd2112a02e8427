"""The run's database and page archive: opened before the first request, closed after the last."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from scrapy import signals
from scrapy.exceptions import CloseSpider

from heraldcrawl.archive.keeping import PageArchive
from heraldcrawl.archive.shelf import Shelf
from heraldcrawl.archive.writer import Writer, describe
from heraldcrawl.errors import ArchiveLost, DatabaseLost, StoreError
from heraldcrawl.signals import run_finished
from heraldcrawl.store import Store, migrate
from heraldcrawl.store.choice import embedded, given
from heraldcrawl.store.given import check
from heraldcrawl.store.revisits import parse_ages

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler

    from heraldcrawl.store.server import Server

logger = logging.getLogger(__name__)

#: For stories of an older heraldcrawl; what is left then is left to the next crawl.
_SIGNING_SECONDS = 60.0


class Database:
    """Opens the store and the page archive when the spider opens; without them, no request is made.

    Closes the spider with the reason ``database_unavailable`` when there is no usable database, and
    ``archive_unwritable`` when pages cannot be kept.
    """

    store: Store
    archive: PageArchive | None = None  # None where ARCHIVE_ENABLED is off

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._server: Server | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    @property
    def is_lost(self) -> bool:
        """Whether one of them was given up, so that nothing is worth fetching any more."""
        return (hasattr(self, "store") and self.store.lost is not None) or (
            self.archive is not None and self.archive.lost is not None
        )

    async def spider_opened(self, spider: Spider) -> None:
        try:
            url = await asyncio.to_thread(self._prepare)
            store = Store(
                url,
                patience_seconds=self._crawler.settings.getfloat("DATABASE_PATIENCE_SECONDS"),
                silence_seconds=self._crawler.settings.getfloat("DATABASE_SILENCE_SECONDS"),
                lease_seconds=self._crawler.settings.getfloat("LEASE_SECONDS"),
                is_stopping=self._is_stopping,
                revisit_ages=parse_ages(self._crawler.settings.getlist("REVISIT_HOURS")),
            )
            if self._crawler.settings.getbool("PICTURES"):
                store.pictures.list = spider.name
            self.store = store
            await store.open(spider.name, getattr(spider, "arguments_given", {}))
            if self._crawler.settings.getbool("ARCHIVE_ENABLED"):
                await self._open_archive(spider, store)
        except DatabaseLost:  # said by the store
            raise
        except ArchiveLost as error:  # said by the archive
            raise CloseSpider("archive_unwritable") from error
        except (StoreError, psycopg.Error) as error:
            logger.error("No database: %s", error)  # noqa: TRY400  (one sentence, no traceback)
            raise CloseSpider("database_unavailable") from error

    async def spider_closed(self, reason: str) -> None:
        try:
            if self.archive is not None:
                await self.archive.close()
            if hasattr(self, "store"):
                try:
                    await self._finish(reason)
                finally:
                    await self.store.disconnect()
        except DatabaseLost:  # said by the store; the run's row stays open
            pass
        finally:
            if self._server is not None:
                await asyncio.to_thread(self._server.release)

    async def _open_archive(self, spider: Spider, store: Store) -> None:
        settings = self._crawler.settings
        writer = Writer(
            Shelf(Path(settings["HERALD_HOME"])).folder,
            store.run,
            describe(settings, spider.name, store.run),
            settings.getint("ARCHIVE_FILE_BYTES"),
        )
        archive = PageArchive(writer, store, settings["SITE_URL"], self._archive_lost)
        await archive.open()
        self.archive = archive

    def _archive_lost(self) -> None:
        assert self._crawler.engine is not None
        self._closing = asyncio.ensure_future(
            self._crawler.engine.close_spider_async(reason="archive_unwritable")
        )

    async def _finish(self, reason: str) -> None:
        assert self._crawler.stats is not None
        if reason == "finished" and (signed := await self.store.sign_older(_SIGNING_SECONDS)):
            self._crawler.stats.inc_value("duplicates/signed", signed)
        await self.store.finish(reason, self._crawler.stats.get_stats())
        await self._crawler.signals.send_catch_log_async(run_finished, reason=reason)

    def _is_stopping(self) -> bool:
        return self._crawler.engine is None or not self._crawler.engine.running

    def _prepare(self) -> str:
        self._server = embedded(self._crawler.settings)
        if self._server is not None:
            url = self._server.acquire()
        else:
            url = given(self._crawler.settings)
            check(url)
        for name in migrate(url):
            logger.info("Database migrated: %s", name)
        return url
