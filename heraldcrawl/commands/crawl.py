"""``scrapy crawl`` with arguments checked first and an exit status that a scheduler can use."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.exceptions import UsageError

from heraldcrawl.archive import replay
from heraldcrawl.errors import ArgumentError, HeraldError
from heraldcrawl.spiders.base import HeraldSpider

if TYPE_CHECKING:
    import argparse

#: Exit status by the reason with which the spider closed; any other reason is 1.
EXIT_STATUS = {
    "finished": 0,
    "database_unavailable": 3,
    "blocked": 4,
    "no_list": 5,
    "shutdown": 6,  # stopped by a signal
}


class Command(CrawlCommand):
    """Runs a spider; 2 is the exit status of a wrong argument, EXIT_STATUS has the others."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("name one spider; scrapy list names them all")
        assert self.crawler_process is not None
        try:
            self._check(args[0], opts)
        except HeraldError as error:
            sys.stderr.write(f"scrapy crawl: {error}\n")
            self.exitcode = 2
            return
        crawler = self.crawler_process.create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        reason = crawler.stats.get_value("finish_reason") if crawler.stats is not None else None
        self.exitcode = EXIT_STATUS.get(reason, 1)

    def _check(self, name: str, opts: argparse.Namespace) -> None:
        """Everything that can be known to be wrong before the first request.

        :raises HeraldError: with the sentence to print
        """
        assert self.settings is not None
        assert self.crawler_process is not None
        if name not in self.crawler_process.spider_loader.list():
            raise ArgumentError(f"there is no spider {name}; scrapy list names them all")
        spider = self.crawler_process.spider_loader.load(name)
        if issubclass(spider, HeraldSpider):
            spider.parse_arguments(opts.spargs)
        if self.settings.get("REPLAY"):
            replay.files(self.settings["REPLAY"])
