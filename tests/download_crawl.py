"""Runs one crawl of given addresses, and prints what came of each as JSON.

A program of its own, as a crawl needs a process: ``test_download.py`` starts it.
Standard input: ``{"requests": [{"url": …, "browser": true}], "settings": {…}}``.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import psutil
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import TextResponse
from scrapy.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.http import Response
    from twisted.python.failure import Failure


class PagesSpider(Spider):
    name = "pages"
    handle_httpstatus_list = (410,)

    def __init__(self, requests: list[dict[str, Any]]) -> None:
        super().__init__()
        self.requests = requests
        self.outcomes: dict[str, dict[str, Any]] = {}
        self.processes: set[int] = set()

    async def start(self) -> AsyncIterator[Request]:
        for wanted in self.requests:
            yield Request(
                wanted["url"],
                meta={"browser": wanted.get("browser", False)},
                headers=wanted.get("headers"),
                errback=self.failed,
                cb_kwargs={"asked": wanted["url"]},
            )

    def parse(self, response: Response, asked: str) -> None:
        self._note_processes()
        assert isinstance(response, TextResponse)
        self.outcomes[asked] = {
            "url": response.url,
            "status": response.status,
            "text": response.text,
            "type": type(response).__name__,
            "flags": response.flags,
            "headers": {
                name.decode().lower(): values[-1].decode()
                for name, values in response.headers.items()
            },
        }

    def failed(self, failure: Failure) -> None:
        self._note_processes()
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        self.outcomes[request.cb_kwargs["asked"]] = {
            "error": type(failure.value).__name__,
            "message": failure.getErrorMessage(),
        }

    def _note_processes(self) -> None:
        self.processes.update(child.pid for child in psutil.Process().children(recursive=True))


def main() -> None:
    job = json.load(sys.stdin)
    settings = Settings()
    settings.setmodule("heraldcrawl.settings", priority="project")
    settings.update(
        {
            "SPIDER_MODULES": [],
            "ITEM_PIPELINES": {},
            "EXTENSIONS": {},
            "DOWNLOAD_DELAY": 0,
            "AUTOTHROTTLE_ENABLED": False,
            "RETRY_ENABLED": False,
        }
        | job["settings"],
        priority="cmdline",
    )
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(PagesSpider)
    process.crawl(crawler, requests=job["requests"])
    process.start()
    spider = crawler.spider
    assert isinstance(spider, PagesSpider)
    assert crawler.stats is not None
    json.dump(
        {
            "outcomes": spider.outcomes,
            "processes": sorted(spider.processes),
            "stats": {
                name: value
                for name, value in crawler.stats.get_stats().items()
                if isinstance(value, int)
            },
            "modules": sorted(sys.modules),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
