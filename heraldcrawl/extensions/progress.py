"""Tells a person at a terminal how the crawl is doing, and everybody what became of it."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call
from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Any, Self

    from scrapy import Spider
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

#: What the line shows: statistic -> word.
_SHOWN = {
    "list/pages": "lists",
    "story/new": "new",
    "story/changed": "changed",
    "story/unchanged": "unchanged",
    "story/failed": "failed",
}
_REFRESH_SECONDS = 0.5


class Progress:
    """A progress line on a terminal; one summary line in the log at the end, everywhere."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._line: tqdm[Any] | None = None
        self._redirect: AbstractContextManager[None] | None = None
        self._task: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        if sys.stderr.isatty() and not self._crawler.settings.get("LOG_FILE"):
            self._redirect = logging_redirect_tqdm()
            self._redirect.__enter__()
            self._line = tqdm(
                desc=spider.name, unit=" stories", file=sys.stderr, dynamic_ncols=True
            )
            self._task = create_looping_call(self._refresh)
            self._task.start(_REFRESH_SECONDS)

    def spider_closed(self, spider: Spider, reason: str) -> None:
        if self._line is not None and self._redirect is not None:
            self._task.stop()
            self._refresh()
            self._line.close()
            self._redirect.__exit__(None, None, None)
        counts = self._counts()
        nothing_left = reason == "finished" and not counts["new"] + counts["changed"]
        logger.info(
            "%s ended (%s): %s%s",
            spider.name,
            reason,
            ", ".join(f"{count} {word}" for word, count in counts.items()),
            "; nothing was left to fetch" if nothing_left and not counts["failed"] else "",
        )

    def _refresh(self) -> None:
        assert self._line is not None
        counts = self._counts()
        self._line.n = counts["new"] + counts["changed"] + counts["unchanged"]
        self._line.set_postfix(counts, refresh=True)

    def _counts(self) -> dict[str, int]:
        assert self._crawler.stats is not None
        return {word: self._crawler.stats.get_value(key, 0) for key, word in _SHOWN.items()}
