"""``scrapy crawl`` with arguments checked first and an exit status that a scheduler can use."""

from __future__ import annotations

import gc
import logging
import sys
from typing import TYPE_CHECKING

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.spiderloader import get_spider_loader

from heraldcrawl.archive import replay
from heraldcrawl.environment import check_root, check_written
from heraldcrawl.errors import ArgumentError, HeraldError
from heraldcrawl.spiders.base import HeraldSpider
from heraldcrawl.store.revisits import parse_ages

if TYPE_CHECKING:
    import argparse

    from scrapy.settings import BaseSettings

#: Exit status by the reason with which the spider closed; any other reason is 1, and a wrong
#: argument is 2 as well.
EXIT_STATUS = {
    "finished": 0,
    "misconfigured": 2,  # a part is switched off without which nothing would be kept
    "database_unavailable": 3,
    "blocked": 4,  # by the site
    "no_list": 5,  # the layout yields nothing: no list of the section was found anywhere,
    "no_story": 5,  # or none of the stories could be read
    "shutdown": 6,  # stopped by a signal
    "archive_unwritable": 9,
    "unfinished": 8,  # a list page did not answer; the next run goes on from there
}
#: Finished, and stories failed for good in this run.
DEAD_LETTERS = 7
#: So many new objects more than gone ones are looked through for garbage; Python: 700. Pages leave
#: hardly any, and looking for it took a twentieth of a crawl's time.
_OBJECTS_A_COLLECTION = 10_000


class Command(CrawlCommand):
    """Runs a spider."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            check(self.settings, args, opts.spargs)
            _check_settings(self.settings)
        except HeraldError as error:
            sys.stderr.write(f"scrapy crawl: {error}\n")
            sys.exit(2)  # here nothing has been logged yet: the sentence stands alone

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None
        crawler = self.crawler_process.create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        gc.freeze()  # what is loaded by now stays
        gc.set_threshold(_OBJECTS_A_COLLECTION)
        # No line is made of which no handler takes notice.
        logging.getLogger("scrapy").setLevel(crawler.settings["LOG_LEVEL"])
        self.crawler_process.start()
        assert crawler.stats is not None
        reason = crawler.stats.get_value("finish_reason")
        if reason is None and crawler.stats.get_value("start_time"):
            reason = "shutdown"  # by a second signal, which does not wait for the spider's end
        self.exitcode = EXIT_STATUS.get(reason, 1)
        if self.exitcode == 0 and crawler.stats.get_value("story/dead"):
            self.exitcode = DEAD_LETTERS


def check(settings: BaseSettings, names: list[str], arguments: dict[str, str]) -> None:
    """Find out whether that is one spider of ours, and whether it takes these arguments.

    :raises ArgumentError: it is not, or does not; the sentence to print
    """
    if len(names) != 1:
        raise ArgumentError("name one spider; scrapy list names them all")
    spiders = get_spider_loader(settings)
    if names[0] not in spiders.list():
        raise ArgumentError(f"there is no spider {names[0]}; scrapy list names them all")
    spider = spiders.load(names[0])
    if issubclass(spider, HeraldSpider):
        spider.parse_arguments(arguments)


def _check_settings(settings: BaseSettings) -> None:
    """Find out what the run would stumble over later.

    :raises HeraldError: with the sentence to print
    """
    check_written(settings)
    parse_ages(settings.getlist("REVISIT_HOURS"))
    check_root(settings["SITE_URL"])
    if settings.get("REPLAY"):
        replay.check(settings["REPLAY"])
