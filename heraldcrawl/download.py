"""Downloads pages: Scrapy's own HTTP client, and Chromium for the few requests that ask for it.

A request with ``meta["browser"] = True`` is answered by the page as Chromium shows it, after its
scripts have run. Chromium, and all that drives it, is imported and started at the first of them.

All crawls of one database take turns: a request waits for the next turn that the database has to
give at its host, so that however many crawls there are, the site sees the rate of one.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import ResponseDataLossError
from scrapy.utils.misc import build_from_crawler

from heraldcrawl.archive.content import breaks_off
from heraldcrawl.errors import BrowserBudgetSpent, BrowserUnavailable, Stopping
from heraldcrawl.extensions.database import Database
from heraldcrawl.middlewares import Refusals

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

    from heraldcrawl.browser import Browser

logger = logging.getLogger(__name__)

#: Whoever waits for a turn looks up so often, to see whether the crawl is being stopped.
_LOOK_UP_SECONDS = 0.25
#: Scrapy's flag of a response that ended with its connection.
_NO_LENGTH = "partial"


class DownloadHandler(BaseDownloadHandler):
    """The handler of http and https.

    Counts ``browser/pages``, ``browser/over_budget`` and ``browser/unavailable``, and adds up
    ``pace/waited_seconds``. The first is the budget's own count too, as each of the two schemes has
    a handler of its own.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        assert crawler.stats is not None
        self._stats = crawler.stats
        self._max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._budget = crawler.settings.getint("BROWSER_PAGES")
        self._http = build_from_crawler(HTTP11DownloadHandler, crawler)
        self._browser: Browser | None = None
        self._unavailable: BrowserUnavailable | None = None
        self._robots: dict[str, RobotParser] = {}
        crawler.signals.connect(self._remember_robots, signals.robots_parsed)

    async def download_request(self, request: Request) -> Response:
        await self._wait_for_turn(request)
        if request.meta.get("browser"):
            return await self._render(request)
        response = await self._http.download_request(request)
        self._refuse_if_cut(response)
        return response

    async def close(self) -> None:
        try:
            if self._browser is not None:
                await self._browser.close()
        finally:
            await self._http.close()

    def _refuse_if_cut(self, response: Response) -> None:
        """Look at an answer that told no length, so that the connection's end counts as its own.

        :raises ResponseDataLossError: it is only a part, as Scrapy says where there is a length
        """
        if _NO_LENGTH not in response.flags:
            return
        encoding = (response.headers.get("Content-Encoding") or b"").decode("latin-1")
        if breaks_off(response.body, encoding, self._max_bytes):
            raise ResponseDataLossError(f"{response.url} breaks off")

    async def _wait_for_turn(self, request: Request) -> None:
        """Wait until the request may go out.

        :raises Stopping: the crawl ended first
        :raises DatabaseLost: there is nobody to ask
        """
        self._stop_if_stopping(request)
        database = self.crawler.get_extension(Database)
        delay = self._delay(request)
        if database is None or not delay:
            return
        left = await database.store.take_turn(urlsplit(request.url).netloc, delay)
        self._stop_if_stopping(request)
        waited = self._stats.get_value("pace/waited_seconds", 0.0)
        self._stats.set_value("pace/waited_seconds", waited + left)
        until = asyncio.get_running_loop().time() + left
        while (left := until - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(min(left, _LOOK_UP_SECONDS))
            self._stop_if_stopping(request)

    def _delay(self, request: Request) -> float:
        """Tell the seconds to leave between two requests, as throttling has set them by now."""
        assert self.crawler.engine is not None
        slots = self.crawler.engine.downloader.slots
        slot = slots.get(request.meta.get("download_slot", ""))
        return 0.0 if slot is None else float(slot.delay)

    def _stop_if_stopping(self, request: Request) -> None:
        refusals = self.crawler.get_downloader_middleware(Refusals)
        database = self.crawler.get_extension(Database)
        if (
            (refusals is not None and refusals.gave_up)
            or (database is not None and database.is_lost)
            or self.crawler.engine is None
            or not self.crawler.engine.running
        ):
            raise Stopping(f"{request.url} waited its turn when the crawl was stopped")

    async def _render(self, request: Request) -> Response:
        """Answer with the page as the browser shows it.

        :raises BrowserBudgetSpent: BROWSER_PAGES pages were rendered in this run
        :raises BrowserUnavailable: no browser was found, or it did not start
        :raises IgnoreRequest: the page led off the Herald's hosts
        """
        if self._unavailable is not None:
            self._count("browser/unavailable")
            raise self._unavailable
        if self._stats.get_value("browser/pages", 0) >= self._budget:
            spent = BrowserBudgetSpent(
                f"{request.url} needs the browser, and BROWSER_PAGES={self._budget} are spent"
            )
            if self._count("browser/over_budget") == 1:
                logger.warning("%s; neither will the next be rendered in this run", spent)
            raise spent
        self._count("browser/pages")  # before anything is awaited: others may be waiting
        try:
            return await self._started().render(request)
        except BrowserUnavailable as error:
            self._stats.inc_value("browser/pages", -1)
            self._unavailable = error
            if self._count("browser/unavailable") == 1:
                logger.warning("Pages that need the browser are not read: %s", error)
            raise

    def _started(self) -> Browser:
        if self._browser is None:
            from heraldcrawl.browser import Browser  # noqa: PLC0415  (costs 60 MB and 0.4 s)

            self._browser = Browser(self.crawler, self._robots)
        return self._browser

    def _count(self, stat: str) -> int:
        self._stats.inc_value(stat)
        return int(self._stats.get_value(stat))

    def _remember_robots(self, robotparser: RobotParser, request: Request) -> None:
        self._robots[urlsplit(request.url).netloc] = robotparser
