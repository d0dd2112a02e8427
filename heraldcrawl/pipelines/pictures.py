"""Fetches the pictures of stored stories, where PICTURES is on.

A story's pictures become due in the transaction that stores it, and are fetched from that list
beside the stories. So no story waits for a picture or is lost for one, and what a killed crawl left
behind the next one finds.

The file is what the site sent, byte for byte, although Scrapy's own pipeline would write it anew as
JPEG: an archive keeps the original, and its checksum proves it. It does not go into the page
archive as well: it is whole by itself, and pictures are by far the larger part of a site.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from scrapy import Request, signals
from scrapy.exceptions import (
    CloseSpider,
    DontCloseSpider,
    DownloadCancelledError,
    IgnoreRequest,
)
from scrapy.http.request import NO_CALLBACK
from scrapy.pipelines.images import ImagesPipeline
from scrapy.pipelines.media import FileException
from twisted.python.failure import Failure

from heraldcrawl.download import Stopping
from heraldcrawl.errors import DatabaseLost
from heraldcrawl.extensions.database import Database
from heraldcrawl.middlewares import PICTURE, REFUSALS
from heraldcrawl.pipelines.picture_files import (
    NotWritten,
    PictureFailed,
    PictureFiles,
    describe,
    open_picture,
)
from heraldcrawl.site.pictures import is_herald_picture
from heraldcrawl.spiders.pictures import PicturesSpider

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from typing import Self

    from PIL.Image import Image
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.pipelines.files import FilesStoreProtocol
    from scrapy.pipelines.media import FileInfo, FileInfoOrError, MediaPipeline

    from heraldcrawl.items import Article
    from heraldcrawl.store import Store
    from heraldcrawl.store.pictures import PictureFile

logger = logging.getLogger(__name__)

_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


@dataclass(slots=True)
class Picture:
    """A picture on its way: what Scrapy's pipeline calls the item."""

    url: str
    file: PictureFile | None = None  # once it was looked at
    failure: BaseException | None = None  # why it is not stored


class PicturesPipeline(ImagesPipeline):
    """Fetches what is due on the run's list, and holds the spider open meanwhile.

    Counts ``picture/fetched``, ``picture/bytes``, ``picture/failed``, ``picture/failed/<reason>``,
    ``picture/dead``, and in the end ``picture/waiting``. Where the site refuses BLOCK_LIMIT of them
    in a row, or the disk takes no more, the rest waits for the next run.
    """

    STORE_SCHEMES: ClassVar[dict[str, type[FilesStoreProtocol]]] = {
        **ImagesPipeline.STORE_SCHEMES,
        "": PictureFiles,
        "file": PictureFiles,
    }

    def __init__(self, store_uri: str | PathLike[str], *, crawler: Crawler) -> None:
        super().__init__(store_uri, crawler=crawler)
        settings = crawler.settings
        self._maxsize = settings.getint("PICTURES_MAXSIZE")
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
        pipeline = super().from_crawler(crawler)
        crawler.signals.connect(pipeline.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(pipeline.spider_idle, signal=signals.spider_idle)
        return pipeline

    # What is to be done ---------------------------------------------------------------------------

    async def process_item(self, item: Article) -> Article:  # type: ignore[override]  # as it is called
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
            await super().process_item(picture)
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
        reason, detail, is_final = _why(picture.failure)
        state = await self._store.pictures.fail(
            picture.url, reason, detail, attempts=self._attempts, final=is_final
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

    # How Scrapy's pipeline does it ----------------------------------------------------------------

    def get_media_requests(self, item: Picture, info: MediaPipeline.SpiderInfo) -> list[Request]:  # noqa: ARG002  (Scrapy's)
        meta = {
            PICTURE: item,
            "allow_offsite": True,  # is_herald_picture() has looked at the address
            "download_maxsize": self._maxsize,
            "download_warnsize": 0,
        }
        headers = {"Accept": "image/*"}  # no form in particular: the original
        return [Request(item.url, callback=NO_CALLBACK, headers=headers, meta=meta)]

    async def media_downloaded(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,
    ) -> FileInfo:
        """Look at what came before it is stored.

        :raises PictureFailed: it is no picture
        """
        if response.status != HTTPStatus.OK:
            raise PictureFailed(f"http_{response.status}", final=response.status in _GONE)
        item.file = describe(response.body)
        return await super().media_downloaded(response, request, info, item=item)

    def file_path(
        self,
        request: Request,  # noqa: ARG002  (Scrapy's)
        response: Response | None = None,  # noqa: ARG002  (likewise)
        info: MediaPipeline.SpiderInfo | None = None,  # noqa: ARG002  (likewise)
        *,
        item: Any = None,
    ) -> str:
        """Name the file by its content."""
        return item.file.path if item.file is not None else "not known before the download"

    def get_images(
        self,
        response: Response,
        request: Request,
        info: MediaPipeline.SpiderInfo,
        *,
        item: Any = None,
    ) -> Iterator[tuple[str, Image, BytesIO]]:
        """Yield the picture as it came."""
        path = self.file_path(request, response, info, item=item)
        with open_picture(response.body) as image:
            yield path, image, BytesIO(response.body)

    def media_failed(
        self, failure: Failure, request: Request, info: MediaPipeline.SpiderInfo
    ) -> NoReturn:
        """Keep the reason, and let Scrapy pass over it: the table of pictures has it."""
        error = failure.value
        if isinstance(error, FileException) and error.__cause__ is not None:
            error = error.__cause__
        request.meta[PICTURE].failure = error
        ignored = Failure(IgnoreRequest(str(error)))  # type: ignore[no-untyped-call]  # Twisted's
        super().media_failed(ignored, request, info)

    def item_completed(
        self, results: list[FileInfoOrError], item: Any, info: MediaPipeline.SpiderInfo
    ) -> Any:
        info.downloaded.clear()  # it would grow with every picture, and hide a second attempt
        for is_stored, failure in results:
            if not is_stored and item.failure is None:
                item.failure = failure.value  # type: ignore[union-attr]  # a Failure, then
        return item

    # Private --------------------------------------------------------------------------------------

    @property
    def _database(self) -> Database:
        database = self.crawler.get_extension(Database)
        assert database is not None
        return database

    @property
    def _store(self) -> Store:
        return self._database.store

    def _count(self, key: str, by: int = 1) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(key, by)


def _why(error: BaseException | None) -> tuple[str, str, bool]:
    """Tell the reason in one word, the details, and whether another attempt would find the same."""
    if isinstance(error, PictureFailed):
        return error.reason, error.detail, error.final
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in str(error):
        return "too_large", str(error), True
    if isinstance(error, IgnoreRequest):
        return "forbidden", str(error), True
    return type(error).__name__, str(error), False
