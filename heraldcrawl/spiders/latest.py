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
