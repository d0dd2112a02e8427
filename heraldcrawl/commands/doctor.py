"""``scrapy doctor``: is this installation sound, and what is to be done?"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import UsageError

from heraldcrawl.archive import replay
from heraldcrawl.doctor.archive import look_at_archive
from heraldcrawl.doctor.check import wrong
from heraldcrawl.doctor.database import look_at_database
from heraldcrawl.doctor.machine import look_at_machine
from heraldcrawl.doctor.setting import look_at_settings
from heraldcrawl.errors import ReplayError
from heraldcrawl.monitoring.message import plain
from heraldcrawl.reading.command import ReadingCommand
from heraldcrawl.reading.terminal import (
    GREEN,
    RED,
    YELLOW,
    add_color_option,
    is_coloured,
    styled,
)

if TYPE_CHECKING:
    import argparse

    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from heraldcrawl.doctor.check import Check

HELP = """\
One line a check: ok, warning (a crawl works, and something could be better) or wrong, and then
what to do. Of the site (SITE_URL, or REPLAY) it asks robots.txt, the front page, a list and a
story, as gently as a crawl; it stores nothing, and what it tries it removes.

exit status:
  0  nothing is wrong
  1  something is
  2  wrong usage
"""

_COLOURS = {"ok": GREEN, "warning": YELLOW, "wrong": RED}
_TO_DO = "scrapy doctor -s LOG_ENABLED=1 shows the log, with the traceback if there is one"
_LOOKS = (look_at_machine, look_at_settings, look_at_database, look_at_archive)


class Command(ReadingCommand):
    """Checks an installation."""

    requires_crawler_process = True

    def syntax(self) -> str:
        return "[--json] [--no-site]"

    def short_desc(self) -> str:
        return "Check this installation, and say what to fix"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument("--json", action="store_true", help="for scripts: one line a check")
        parser.add_argument("--no-site", action="store_true", help="ask nothing of the site")
        add_color_option(parser)

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}")
        assert self.settings is not None
        self._as_json = opts.json
        self._coloured = is_coloured(opts.color)
        self.exitcode = 0
        self._told: dict[str, str] = {}  # name -> state
        for look in _LOOKS:
            for check in look(self.settings):
                self._tell(check)
        asks_site = not opts.no_site and "site" not in self._told
        if asks_site and self.settings.get("REPLAY"):
            try:
                replay.check(self.settings["REPLAY"])
            except ReplayError as error:
                self._tell(wrong("site", str(error), "correct REPLAY"))
                asks_site = False
        if asks_site or self.settings.getint("BROWSER_PAGES") > 0:
            self._crawl(asks_site=asks_site)
        return self.exitcode

    def _crawl(self, *, asks_site: bool) -> None:
        from heraldcrawl.doctor.site import SiteCheck  # noqa: PLC0415  (the reactor is ours by now)

        assert self.crawler_process is not None
        crawler = self.crawler_process.create_crawler(SiteCheck)
        errors: list[BaseException] = []

        def broke(failure: Failure) -> None:
            assert failure.value is not None
            errors.append(failure.value)

        crawler.signals.connect(broke, signal=signals.spider_error)
        ended = self.crawler_process.crawl(crawler, tell=self._tell, asks_site=asks_site)
        self.crawler_process.start()
        if isinstance(ended, asyncio.Task) and ended.done() and not ended.cancelled():
            errors += filter(None, [ended.exception()])
        has_verdict = "story" in self._told or "wrong" in (
            self._told.get("site"),
            self._told.get("list"),
        )
        if asks_site and not has_verdict:
            self._tell(wrong("site", f"was not read: {_why(crawler, errors)}", _TO_DO))
        elif errors and not asks_site:
            self._tell(wrong("browser", f"was not tried: {_why(crawler, errors)}", _TO_DO))

    def _tell(self, check: Check) -> None:
        self._told[check.name] = check.state
        if check.state == "wrong":
            self.exitcode = 1
        if self._as_json:
            print(json.dumps(asdict(check), ensure_ascii=False), flush=True)
            return
        state = f"{check.state:8}"
        if self._coloured:
            state = styled(state, _COLOURS[check.state])
        to_do = f": {check.to_do}" if check.to_do else ""
        print(f"{state} {check.name:15} {plain(check.said + to_do)}", flush=True)


def _why(crawler: Crawler, errors: list[BaseException]) -> str:
    """Why the doctor's own crawl came to no verdict."""
    if errors:
        words = str(errors[0]).strip().splitlines()[:1]
        return ": ".join([type(errors[0]).__name__, *words])
    reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
    if reason == "closespider_timeout":
        return f"it took longer than {crawler.settings.getfloat('CLOSESPIDER_TIMEOUT'):g} s"
    return f"it ended as {reason or 'nothing that is known'}"
