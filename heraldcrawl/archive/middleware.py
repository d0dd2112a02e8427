"""Archives every response, just as it came, before anything else sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import NotConfigured

from heraldcrawl.archive.replay import MISS
from heraldcrawl.extensions.database import Database
from heraldcrawl.middlewares import PICTURE

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class ArchiveMiddleware:
    """Lets a response pass once it is in the page archive; ``request.meta["capture"]`` says where.

    Redirects, refusals, errors, robots.txt, lists, feeds and pages from the browser are archived
    like stories, counted as ``archive/<record type>``. What REPLAY does not have is no response;
    pictures are files by themselves.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("ARCHIVE_ENABLED"):
            raise NotConfigured
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Forget what a redirect or an earlier attempt has left.

        :raises ArchiveLost: the answer could not be kept
        """
        request.meta.pop("capture", None)
        database = self._crawler.get_extension(Database)
        if database is not None and database.archive is not None and database.archive.lost:
            raise database.archive.lost

    async def process_response(self, request: Request, response: Response) -> Response:
        """Archive the response.

        :raises ArchiveLost: it cannot be kept
        """
        database = self._crawler.get_extension(Database)
        archive = None if database is None else database.archive
        if archive is not None and MISS not in response.flags and PICTURE not in request.meta:
            capture = await archive.add(request, response)
            request.meta["capture"] = capture
            assert self._crawler.stats is not None
            self._crawler.stats.inc_value(f"archive/{capture.record_type}")
        return response
