"""Lines of a JSON log say of which run they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured

from heraldcrawl.extensions.database import Database

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class JsonLogs:
    """Tells the log the spider's name, and the run's number as soon as there is one."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._database: Database | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("LOG_JSON"):
            raise NotConfigured
        from heraldcrawl.logs import formatter  # noqa: PLC0415  (needed here alone)

        extension = cls(crawler)
        if (lines := formatter()) is not None:
            lines.of_run = extension.of_run
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        return extension

    def spider_opened(self) -> None:
        self._database = self._crawler.get_extension(Database)

    def of_run(self) -> dict[str, Any]:
        spider = self._crawler.spider
        store = getattr(self._database, "store", None)
        return {"spider": spider and spider.name, "run": (store and store.run) or None}
