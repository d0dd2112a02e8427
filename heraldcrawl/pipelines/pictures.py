"""Fetches the pictures of stored stories, where PICTURES is on.

A story's pictures become due in the transaction that stores it, and are fetched from that list
beside the stories. So no story waits for a picture or is lost for one, and what a killed crawl left
behind the next one finds.

Pictures do not go into the page archive as well: each is a whole file by itself, with its checksum,
and together they are by far the larger part of a site.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import CloseSpider, DontCloseSpider

from heraldcrawl.errors import DatabaseLost, Stopping, why_failed
from heraldcrawl.extensions.database import Database
from heraldcrawl.middlewares import REFUSALS
from heraldcrawl.pipelines.images import OriginalImagesPipeline, Picture
from heraldcrawl.pipelines.picture_files import NotWritten, PictureFailed, PictureFiles
from heraldcrawl.site.pictures import is_herald_picture
from heraldcrawl.spiders.pictures import PicturesSpider
from heraldcrawl.store.records import printable

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from heraldcrawl.items import Article
    from heraldcrawl.store import Store

logger = logging.getLogger(__name__)


class PicturesPipeline:
    """Fetches what is due on the run's list, and holds the spider open meanwhile.

    Counts ``picture/fetched``, ``picture/bytes``, ``picture/failed``, ``picture/failed/<reason>``,
    ``picture/dead``, and in the end ``picture/waiting``. Where the site refuses BLOCK_LIMIT of them
    in a row, or the disk takes no more, the rest waits for the next run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._images = OriginalImagesPipeline.from_crawler(crawler)
        settings = crawler.settings
        self._attempts = settings.getint("STORY_ATTEMPTS")
        self._lease_seconds = settings.getfloat("LEASE_SECONDS")
        self._at_once = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._block_limit = settings.getint("BLOCK_LIMIT")
        self._refused = 0  # in a row
        self._may_be_due = True  # another run may have left some
        self._stopped: str | None = None  # why no more are fetched in this run
        self._work: asyncio.Task[None] | None = None

        spider: Any = crawler.spider
        is_for_pictures = isinstance(spider, PicturesSpider)
        #: Whose pictures this run fetches; None: those of all lists.
        self._list: str | None = None if is_for_pictures else spider.name
        #: How many more it may fetch; None: any number.
        self._left: int | None = spider.arguments.limit if is_for_pictures else None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(pipeline.spider_idle, signal=signals.spider_idle)
        return pipeline

    # What is to be done ---------------------------------------------------------------------------

    def open_spider(self) -> None:
        self._images.open_spider()
        if isinstance(self._images.store, PictureFiles):
            self._images.store.remove_leftovers()

    async def process_item(self, item: Article) -> Article:
        """A story was stored, and its pictures are due."""
        self._may_be_due = True
        self._start()
        return item

    def item_dropped(self) -> None:
        """A story was stored and found unchanged, but its pictures may not be known yet."""
        self._may_be_due = True

    def spider_idle(self) -> None:
        """Keep the spider open while pictures are due; signal handler.

        :raises DontCloseSpider: some may be
        :raises CloseSpider: what the spider is for cannot be done
        """
        if self._may_be_due:
            self._start()
        if self._work is not None:
            raise DontCloseSpider
        if self._store.lost is not None:
            raise self._store.lost
        if self._stopped is not None and self._list is None:
            raise CloseSpider(self._stopped)

    async def close_spider(self) -> None:
        """Finish what is under way, and begin no more."""
        self._stopped = self._stopped or "shutdown"
        if self._work is not None:
            await self._work
        if hasattr(self._database, "store"):
            with suppress(DatabaseLost):  # said by the store
                waiting = await self._store.pictures.count_waiting(self._list)
                self._count("picture/waiting", waiting)

    def _start(self) -> None:
        if self._work is None and self._stopped is None:
            self._work = asyncio.create_task(self._fetch_due())

    async def _fetch_due(self) -> None:
        try:
            while self._may_be_due and self._stopped is None:
                self._may_be_due = False  # until another story is stored
                while urls := await self._lease():
                    await asyncio.gather(*(self._fetch(Picture(url)) for url in urls))
        except DatabaseLost:  # said by the store
            self._stopped = "database_unavailable"
        except Exception:
            logger.exception("No more pictures are fetched in this run")
            self._stopped = "picture_error"
        finally:
            self._work = None

    async def _lease(self) -> list[str]:
        count = self._at_once if self._left is None else min(self._at_once, self._left)
        if self._stopped is not None or not count:
            return []
        urls = await self._store.pictures.lease(self._list, count, self._lease_seconds)
        if self._left is not None:
            self._left -= len(urls)
        return urls

    async def _fetch(self, picture: Picture) -> None:
        if is_herald_picture(picture.url):
            await self._images.process_item(picture)
        else:
            picture.failure = PictureFailed("foreign", final=True)
        await self._record(picture)

    async def _record(self, picture: Picture) -> None:
        """Write down what became of a picture.

        :raises DatabaseLost: there is nobody to write it down
        """
        failure = picture.failure
        if failure is None and picture.file is not None:
            await self._store.pictures.settle(picture.url, picture.file)
            self._refused = 0
            self._count("picture/fetched")
            self._count("picture/bytes", picture.file.bytes)
        elif isinstance(failure, DatabaseLost):
            raise failure
        elif isinstance(failure, Stopping):  # given back when the run closes
            self._stopped = self._stopped or "shutdown"
        elif isinstance(failure, NotWritten):
            self._stop("pictures_unwritable", f"cannot be written ({failure})")
        else:
            await self._fail(picture)

    async def _fail(self, picture: Picture) -> None:
        failure = picture.failure
        if isinstance(failure, PictureFailed):
            reason, detail, is_final = failure.reason, failure.detail, failure.final
        else:
            (reason, is_final), detail = why_failed(failure), str(failure)
        state = await self._store.pictures.fail(
            picture.url, reason, printable(detail), attempts=self._attempts, final=is_final
        )
        logger.info("%s was not fetched: %s %s", picture.url, reason, detail)
        self._count("picture/failed")
        self._count(f"picture/failed/{reason}")
        if state == "dead":
            self._count("picture/dead")
        is_refused = reason in {f"http_{status}" for status in REFUSALS}
        self._refused = self._refused + 1 if is_refused else 0
        if self._refused >= self._block_limit:
            self._stop("blocked", f"are refused ({reason})")

    def _stop(self, reason: str, why: str) -> None:
        if self._stopped is None:
            logger.error("Pictures %s; the rest waits for the next run", why)
            self._stopped = reason

    # Private --------------------------------------------------------------------------------------

    @property
    def _database(self) -> Database:
        database = self._crawler.get_extension(Database)
        assert database is not None
        return database

    @property
    def _store(self) -> Store:
        return self._database.store

    def _count(self, key: str, by: int = 1) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(key, by)
