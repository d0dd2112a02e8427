"""The site's feeds: what is new, in all sections, in a handful of requests."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.exceptions import CloseSpider

from heraldcrawl.site.addresses import at_site
from heraldcrawl.site.feeds import FEEDS, Feed, FeedError, read_feed
from heraldcrawl.spiders.arguments import LatestArguments, parse_latest
from heraldcrawl.spiders.base import HeraldSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure


class LatestSpider(HeraldSpider):
    """Reads the RSS feeds of all sections: today's, or where none of them answers, older ones.

    Caveats: a feed reaches back a day or two; the section spiders find the rest.

    Arguments: see :class:`~heraldcrawl.spiders.arguments.LatestArguments`.
    """

    name = "latest"
    parse_arguments = staticmethod(parse_latest)
    arguments: LatestArguments

    def __init__(self, *args: Any, **given: str) -> None:
        super().__init__(*args, **given)
        self._eras = [[*feeds] for _, feeds in groupby(FEEDS, lambda feed: feed.era)]
        self._open = 0  # feeds asked for and not answered yet
        self._answered = False

    async def discover(self) -> AsyncIterator[Request]:
        for request in self._next_era():
            yield request

    async def parse_feed(self, response: Response, feed: Feed) -> AsyncIterator[Request]:
        page = self.page(response, feed.address)
        try:
            entries = read_feed(page)
        except FeedError as error:
            once_more = self.ask_again(response) if self.is_challenge(page, response) else None
            if once_more is not None:
                for request in once_more:
                    yield request
                return
            self.count("feed/unreadable")
            self.logger.warning("%s", error)
        else:
            self._answered = True
            self.refusals.accepted()
            self.count("feed/read")
            self.count("feed/entries", len(entries))
            listed = await self.store.ledger.record_listing(self.name, feed.section, entries)
            self.count("list/new", sum(entry.is_new for entry in listed))
        for request in self._feed_done():
            yield request

    def feed_failed(self, failure: Failure) -> Iterator[Request]:
        if (once_more := self.answer_missing(failure)) is not None:
            yield from once_more
            return
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        self.count_failed("feed", failure.value)
        self.logger.warning("%s did not answer: %s", request.url, failure.getErrorMessage())
        yield from self._feed_done()

    def _feed_done(self) -> Iterator[Request]:
        self._open -= 1
        if self._open == 0:
            if self._answered:
                self.discovering = False
            else:
                yield from self._next_era()
        self.wake()

    def _next_era(self) -> Iterator[Request]:
        """Ask for all feeds of the newest era that was not asked for yet.

        :raises CloseSpider: no feed of any era answered
        """
        if not self._eras:
            self.discovering = False
            self.logger.error("No feed of the site answers at any known address")
            raise CloseSpider("no_list")
        feeds = self._eras.pop(0)
        self._open = len(feeds)
        for feed in feeds:
            yield Request(
                at_site(feed.address, self.site_url),
                callback=self.parse_feed,
                errback=self.feed_failed,
                cb_kwargs={"feed": feed},
            )
