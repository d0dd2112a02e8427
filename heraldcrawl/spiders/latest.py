"""The site's feeds: what is new, in all sections, in a handful of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request

from heraldcrawl.site.addresses import at_site
from heraldcrawl.site.feeds import FEEDS, Feed, FeedError, read_feed
from heraldcrawl.spiders.arguments import LatestArguments, parse_latest
from heraldcrawl.spiders.base import HeraldSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.http import Response
    from twisted.python.failure import Failure


class LatestSpider(HeraldSpider):
    """Reads the RSS feeds of all sections.

    Caveats: a feed reaches back a day or two; the section spiders find the rest.

    Arguments: see :class:`~heraldcrawl.spiders.arguments.LatestArguments`.
    """

    name = "latest"
    parse_arguments = staticmethod(parse_latest)
    arguments: LatestArguments

    async def discover(self) -> AsyncIterator[Request]:
        self._open_feeds = len(FEEDS)
        for feed in FEEDS:
            yield Request(
                at_site(feed.url, self.site_url),
                callback=self.parse_feed,
                errback=self.feed_failed,
                cb_kwargs={"feed": feed},
            )

    async def parse_feed(self, response: Response, feed: Feed) -> None:
        try:
            entries = read_feed(self.page(response, feed.url))
        except FeedError as error:
            self.count("feed/unreadable")
            self.logger.warning("%s is no feed: %s", feed.url, error)
        else:
            self.count("feed/read")
            self.count("feed/entries", len(entries))
            listed = await self.store.record_listing(self.name, feed.path, entries)
            self.count("list/new", sum(entry.is_new for entry in listed))
        self._close_feed()

    def feed_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        self.count("feed/failed")
        self.logger.warning("%s did not answer: %s", request.url, failure.getErrorMessage())
        self._close_feed()

    def _close_feed(self) -> None:
        self._open_feeds -= 1
        self.discovering = self._open_feeds > 0
        self.wake()
