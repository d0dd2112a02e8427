"""Counts what the pages gave, for the monitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heraldcrawl.monitoring.traits import counted

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from heraldcrawl.items import Article


class CountPipeline:
    """Counts every story whose page was read, new or not.

    Under which statistics, :mod:`heraldcrawl.monitoring.traits` tells.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        assert self._stats is not None
        for key in counted(item):
            self._stats.inc_value(key)
        return item
