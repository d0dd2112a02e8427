"""Downloader middlewares: every request goes to SITE_URL, and a site that refuses is left alone."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse

from heraldcrawl.site.addresses import at_herald, at_site, is_herald
from heraldcrawl.site.challenge import is_challenge

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

#: Too many requests, or none at all from us.
_REFUSALS = (403, 429)
_REDIRECTS = (301, 302, 303, 307, 308)


class SiteRoot:
    """Moves requests for the Herald's hosts to SITE_URL; links and redirects name the real hosts."""

    def __init__(self, site_url: str) -> None:
        self._site_url = site_url

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["SITE_URL"])

    def process_request(self, request: Request) -> Request | None:
        url = at_site(request.url, self._site_url)
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
            if not (is_herald(target) or is_herald(at_herald(target, self._site_url))):
                assert self._crawler.stats is not None  # noqa: S101  (set before any request)
                self._crawler.stats.inc_value("offsite/redirects")
                raise IgnoreRequest(f"{request.url} leads off the Herald's hosts, to {target}")
        return response


class Refusals:
    """Recognises a site that refuses us (403, 429, a challenge page with status 200).

    Each refusal is counted as ``refused/<status>`` or ``refused/challenge`` and doubles the delay;
    BLOCK_LIMIT of them in a row close the spider with the reason ``blocked``. A challenge page comes
    out as a 403, so that nobody mistakes it for a story.
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
        if request.url.endswith("/robots.txt"):
            return response  # its middleware has its own rules
        if response.status in _REFUSALS:
            self._refused(request, str(response.status))
        elif isinstance(response, TextResponse) and is_challenge(response.body):
            self._refused(request, "challenge")
            return response.replace(status=403)
        else:
            self._in_a_row = 0
        return response

    def _refused(self, request: Request, kind: str) -> None:
        assert self._crawler.stats is not None  # noqa: S101  (set before any request)
        self._crawler.stats.inc_value(f"refused/{kind}")
        self._in_a_row += 1
        self._slow_down(request)
        if self._in_a_row == 1:
            logger.warning("The site refuses (%s): %s; slowing down", kind, request.url)
        if self._in_a_row >= self._limit and self._closing is None:
            logger.error("The site refused %d times in a row; stopping", self._in_a_row)
            assert self._crawler.engine is not None  # noqa: S101  (it sent the request)
            self._closing = asyncio.ensure_future(
                self._crawler.engine.close_spider_async(reason="blocked")
            )

    def _slow_down(self, request: Request) -> None:
        assert self._crawler.engine is not None  # noqa: S101  (it sent the request)
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is not None:
            slot.delay = min(max(slot.delay, 1.0) * 2, self._max_delay)
