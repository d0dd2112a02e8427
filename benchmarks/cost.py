"""What a crawl costs its own process, which a busy machine changes less than its time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class Cost:
    """Sets ``benchmark/cpu_seconds``: the process's, from the spider's opening to its closing."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._begun = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self._begun = time.process_time()

    def spider_closed(self) -> None:
        assert self._crawler.stats is not None
        seconds = time.process_time() - self._begun
        self._crawler.stats.set_value("benchmark/cpu_seconds", seconds)
