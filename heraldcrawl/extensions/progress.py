"""Tells a person at a terminal how the crawl is doing, and everybody what became of it."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call
from tqdm import tqdm

if TYPE_CHECKING:
    from typing import Self

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
#: Where PICTURES is on.
_PICTURES_SHOWN = {"picture/fetched": "pictures", "picture/failed": "pictures failed"}
_REFRESH_SECONDS = 0.5


class _AboveTheLine:
    """Where log lines go while there is a progress line."""

    def write(self, text: str) -> None:
        tqdm.write(text, file=sys.stderr, end="")

    def flush(self) -> None:
        sys.stderr.flush()


class Progress:
    """A progress line on a terminal; one summary line in the log at the end, everywhere."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._line: tqdm[Any] | None = None
        self._handlers: list[logging.StreamHandler[Any]] = []
        self._task: Any = None
        self._shown = _SHOWN | (_PICTURES_SHOWN if crawler.settings.getbool("PICTURES") else {})

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        if sys.stderr.isatty() and not self._crawler.settings.get("LOG_FILE"):
            self._handlers = [
                handler
                for handler in logging.root.handlers
                if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr
            ]
            for handler in self._handlers:
                handler.setStream(_AboveTheLine())
            self._line = tqdm(
                desc=spider.name, unit=" stories", file=sys.stderr, dynamic_ncols=True
            )
            self._task = create_looping_call(self._refresh)
            self._task.start(_REFRESH_SECONDS)

    def spider_closed(self, spider: Spider, reason: str) -> None:
        if self._line is not None:
            self._task.stop()
            self._refresh()
            self._line.close()
            for handler in self._handlers:
                handler.setStream(sys.stderr)
        counts = self._counts()
        logger.info(
            "%s ended (%s): %s%s",
            spider.name,
            reason,
            ", ".join(f"{count} {word}" for word, count in counts.items()),
            self._rest(reason),
        )

    def _rest(self, reason: str) -> str:
        """What there is still to do, as far as that is known."""
        assert self._crawler.stats is not None
        dead = self._crawler.stats.get_value("story/dead", 0)
        waiting = self._crawler.stats.get_value("ledger/waiting")
        gone = self._crawler.stats.get_value("story/gone", 0)
        rest = f"; {gone} gone from the site" if gone else ""
        rest += f"; {dead} failed for good: scrapy ledger list" if dead else ""
        if waiting:
            rest += f"; {waiting} stories are still to be fetched"
        if pictures := self._crawler.stats.get_value("picture/waiting"):
            rest += f"; {pictures} pictures are still to be fetched"
        elif waiting == 0 and reason == "finished":
            counts = self._counts()
            news = counts["new"] + counts["changed"] + counts.get("pictures", 0)
            tense = "is" if news else "was"
            rest += f"; nothing {tense} left to fetch"
        return rest

    def _refresh(self) -> None:
        assert self._line is not None
        counts = self._counts()
        self._line.n = counts["new"] + counts["changed"] + counts["unchanged"]
        self._line.set_postfix(counts, refresh=True)

    def _counts(self) -> dict[str, int]:
        assert self._crawler.stats is not None
        return {word: self._crawler.stats.get_value(key, 0) for key, word in self._shown.items()}
