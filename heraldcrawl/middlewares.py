"""Downloader middlewares: every request goes to SITE_URL, and a site that refuses is left alone."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from heraldcrawl.site.addresses import at_herald, at_site, is_herald
from heraldcrawl.site.pictures import is_herald_picture, picture_at

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

#: Too many requests, or none at all from us.
TOO_MANY = 429
REFUSALS = (403, TOO_MANY)
_REDIRECTS = (301, 302, 303, 307, 308)
#: Key of ``request.meta`` by which a picture's request is known.
PICTURE = "picture"
#: Key of ``request.meta`` of a page that was refused while the site answered others.
REFUSED_ALONE = "refused_alone"


class SiteRoot:
    """Moves requests for the Herald's hosts to SITE_URL, for links name the real hosts.

    The robots.txt of a host that has pictures alone is asked for like a picture: else Scrapy's
    offsite middleware would keep it from being read, and everything would count as allowed.
    """

    def __init__(self, site_url: str) -> None:
        self._site_url = site_url

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["SITE_URL"])

    def process_request(self, request: Request) -> Request | None:
        is_for_pictures = is_herald_picture(request.url) and not is_herald(request.url)
        if is_for_pictures and request.meta.get("dont_obey_robotstxt"):
            request.meta.update({PICTURE: None, "allow_offsite": True})
        move = picture_at if PICTURE in request.meta else at_site
        url = move(request.url, self._site_url)
        return request.replace(url=url) if url != request.url else None


class OffsiteRedirects:
    """Stops at a redirect that leads off the Herald's hosts, counted as ``offsite/redirects``.

    Scrapy's own offsite middleware would drop the new request without a word to the one who asked.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._site_url = crawler.settings["SITE_URL"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        location = response.headers.get("Location")
        if response.status in _REDIRECTS and location:
            target = response.urljoin(location.decode("latin-1"))
            is_ours = is_herald_picture if PICTURE in request.meta else is_herald
            if not (is_ours(target) or is_herald(at_herald(target, self._site_url))):
                assert self._crawler.stats is not None
                self._crawler.stats.inc_value("offsite/redirects")
                raise IgnoreRequest(f"{request.url} leads off the Herald's hosts, to {target}")
        return response


class Refusals:
    """Slows down for a site that refuses us: 403, 429, or a challenge page with status 200.

    Each refusal is counted as ``refused/<status>`` or ``refused/challenge`` and doubles the delay;
    BLOCK_LIMIT of them in a row close the spider with the reason ``blocked``. Which page is a
    challenge, and which one ends the row, the spider knows, for it reads them. A page that was
    refused before while others were answered is counted, and says nothing of the site.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._limit = crawler.settings.getint("BLOCK_LIMIT")
        self._max_delay = crawler.settings.getfloat("AUTOTHROTTLE_MAX_DELAY")
        self._in_a_row = 0
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in REFUSALS and PICTURE in request.meta:
            self._slow_down(request)  # the stories may go on
        elif response.status in REFUSALS and not request.url.endswith("/robots.txt"):
            self.refused(request, str(response.status))
        return response

    @property
    def gave_up(self) -> bool:
        """Whether the crawl is ending because the site refused too often."""
        return self._closing is not None

    def accepted(self) -> None:
        """A page was what it should be."""
        self._in_a_row = 0

    def refused(self, request: Request, kind: str) -> None:
        """The site does not want to answer.

        :param kind: the status, or ``challenge``
        """
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"refused/{kind}")
        if REFUSED_ALONE in request.meta and kind != str(TOO_MANY):
            return
        self._in_a_row += 1
        self._slow_down(request)
        if self._in_a_row == 1:
            logger.warning("The site refuses (%s): %s; slowing down", kind, request.url)
        if self._in_a_row >= self._limit and self._closing is None:
            logger.error("The site refused %d times in a row; stopping", self._in_a_row)
            assert self._crawler.engine is not None
            self._closing = asyncio.ensure_future(
                self._crawler.engine.close_spider_async(reason="blocked")
            )

    def _slow_down(self, request: Request) -> None:
        assert self._crawler.engine is not None
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is not None:
            slot.delay = min(max(slot.delay, 1.0) * 2, self._max_delay)
