"""What a crawl costs its own process, which a busy machine changes less than its time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class Cost:
    """Sets two statistics, both from the spider's opening to its closing.

    ``benchmark/cpu_seconds`` is the whole process's, ``benchmark/main_thread_seconds`` that of the
    thread in which the crawl is done: what is archived is compressed in another.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._process = self._thread = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self._process, self._thread = time.process_time(), time.thread_time()

    def spider_closed(self) -> None:
        assert self._crawler.stats is not None
        process, thread = time.process_time() - self._process, time.thread_time() - self._thread
        self._crawler.stats.set_value("benchmark/cpu_seconds", process)
        self._crawler.stats.set_value("benchmark/main_thread_seconds", thread)
