"""What a crawl has stored becomes searchable when it ends."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import psycopg
from scrapy import signals

from heraldcrawl.errors import HeraldError
from heraldcrawl.reading.archive import open_archive
from heraldcrawl.reading.search import update_if_allowed

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

#: What is left then is left to the next crawl or search.
_PATIENCE_SECONDS = 60.0

#: A crawl that ended otherwise shall end at once, or has no database.
_REASONS = ("finished", "no_list", "blocked")


class SearchIndex:
    """Brings the search index up to date when the spider closes, out of the stories' way."""

    def __init__(self, crawler: Crawler) -> None:
        self._settings = crawler.settings

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    async def spider_closed(self, spider: Spider, reason: str) -> None:  # noqa: ARG002  (Scrapy's)
        if reason in _REASONS:
            await asyncio.to_thread(self._update)

    def _update(self) -> None:
        try:
            with open_archive(self._settings) as connection:
                update_if_allowed(connection, seconds=_PATIENCE_SECONDS)
        except (HeraldError, psycopg.Error) as error:
            logger.warning("The search index waits for the next crawl or search: %s", error)
