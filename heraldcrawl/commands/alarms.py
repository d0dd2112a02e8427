"""``scrapy alarms``: what is wrong, what only a timer sees, and whether anybody would hear."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.exceptions import UsageError

from heraldcrawl.errors import ArgumentError, StoreError
from heraldcrawl.logs import log_command
from heraldcrawl.monitoring import away
from heraldcrawl.monitoring.delivery import deliver, ways
from heraldcrawl.monitoring.looks import look_at_installation, look_at_jobs
from heraldcrawl.monitoring.message import Message, plain, record
from heraldcrawl.monitoring.pages import KINDS
from heraldcrawl.monitoring.telling import tell
from heraldcrawl.reading.archive import archive_url, check_version
from heraldcrawl.reading.command import ReadingCommand
from heraldcrawl.store.alarms import AlarmBook
from heraldcrawl.store.given import check, connect
from heraldcrawl.store.link import Link
from heraldcrawl.store.monitors import Monitors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Sequence

    from scrapy.settings import BaseSettings

    from heraldcrawl.monitoring.alarms import Standing

HELP = """\
Every crawl looks at its own numbers when it ends. A timer should say `scrapy alarms --check` as
well, for what no crawl can see: that none runs any more, or that one was killed.

exit status:
  0  no alarm is open; --test: every way works
  1  alarms are open; --accept: there is no such alarm
  2  wrong usage, or a setting of a way to deliver is wrong
  3  the database cannot be used
  4  --check, --test: a message could not be delivered
"""

_OPEN = _NO_SUCH_ALARM = 1
_NOT_DELIVERED = 4
_LAST = 100
_TEST = Message(
    "heraldcrawl: this is a test",
    "Alarms of heraldcrawl will come like this one. Nothing is wrong.",
)


class Command(ReadingCommand):
    """Shows alarms, looks for those that only a timer sees, tries the ways to deliver them."""

    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[--check | --test | --accept KEY ... | --all] [--json]"

    def short_desc(self) -> str:
        return "Show what the monitors found wrong, look for absent and killed runs, try delivery"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        action = parser.add_mutually_exclusive_group()
        action.add_argument(
            "--check", action="store_true", help="look at the installation, tell, then list"
        )
        action.add_argument("--test", action="store_true", help="send a test message on every way")
        action.add_argument(
            "--accept",
            nargs="+",
            metavar="KEY",
            help="tell no more of these until they are over; what pages give now is the usual",
        )
        action.add_argument("--all", action="store_true", help=f"the last {_LAST}, closed as well")
        parser.add_argument("--json", action="store_true", help="for scripts: one line an alarm")

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}")
        assert self.settings is not None
        if opts.test:
            return asyncio.run(_test(self.settings))
        if opts.accept:
            return _with_database(
                self.settings, lambda link: _accept(link, opts.accept), writes=True
            )
        if opts.check:
            return self._check(opts)
        return _with_database(self.settings, lambda link: _list(link, opts))

    def _check(self, opts: argparse.Namespace) -> int:
        settings = self.settings
        assert settings is not None
        log_command(settings, "WARNING")
        ways(settings)  # a wrong setting is wrong usage
        try:
            return _with_database(settings, lambda link: _check(link, settings, opts), writes=True)
        except StoreError:
            asyncio.run(away.tell(settings))
            raise


def _with_database(
    settings: BaseSettings, what: Callable[[Link], Awaitable[int]], *, writes: bool = False
) -> int:
    async def work(url: str) -> int:
        link = Link(
            url,
            patience_seconds=0,
            silence_seconds=settings.getfloat("DATABASE_SILENCE_SECONDS"),
            is_stopping=lambda: True,
        )
        try:
            return await what(link)
        finally:
            await link.close()

    logging.getLogger("heraldcrawl.store.link").setLevel(logging.CRITICAL)  # said by the error
    with archive_url(settings) as url:
        with connect(url) as connection:
            check_version(connection)
        if writes:
            check(url)
        return asyncio.run(work(url))


async def _list(link: Link, opts: argparse.Namespace) -> int:
    book = AlarmBook(link)
    alarms = await (book.last_alarms(_LAST) if opts.all else book.open_alarms())
    _print(alarms, as_json=opts.json)
    return _OPEN if any(alarm.closed_at is None for alarm in alarms) else 0


async def _check(link: Link, settings: BaseSettings, opts: argparse.Namespace) -> int:
    queries, book = Monitors(link), AlarmBook(link)
    verdict = await look_at_installation(queries, settings)
    verdict += await look_at_jobs(queries)
    has_heard = await tell(book, verdict, settings)
    await away.over(settings)
    status = await _list(link, opts)
    return status if has_heard else _NOT_DELIVERED


async def _accept(link: Link, keys: Sequence[str]) -> int:
    accepted = await AlarmBook(link).accept(keys)
    for key, spider, what, since in accepted:
        if spider and what.partition("/")[0] in KINDS:
            await Monitors(link).learn_anew(spider, since)
        print(f"{key}: accepted")
    missing = sorted(set(keys) - {key for key, *_ in accepted})
    if missing:
        sys.stderr.write(f"scrapy alarms: no open alarm has the key {', '.join(missing)}\n")
    return _NO_SUCH_ALARM if missing else 0


async def _test(settings: BaseSettings) -> int:
    to = ways(settings)
    if not to:
        raise ArgumentError(
            "no way is configured: ALARM_WEBHOOK, ALARM_SMTP and ALARM_MAIL_TO, or ALARM_COMMAND"
        )
    failed = {
        error.way: error for error in await deliver(to, _TEST, settings.getfloat("ALARM_SECONDS"))
    }
    for way in to:
        print(failed.get(way.name, f"{way.name}: delivered"))
    return _NOT_DELIVERED if failed else 0


def _print(alarms: Sequence[Standing], *, as_json: bool) -> None:
    for standing in alarms:
        if as_json:
            print(json.dumps(record(standing), ensure_ascii=False))
            continue
        alarm = standing.alarm
        state = (
            "accepted" if standing.accepted_at else "told" if standing.told_at else "not told yet"
        )
        if standing.closed_at:
            state = f"over since {standing.closed_at:%Y-%m-%d %H:%M}"
        print(f"{alarm.key}  since {standing.opened_at:%Y-%m-%d %H:%M} UTC, {state}")
        for name, words in (("seen", alarm.seen), ("usual", alarm.usual), ("to do", alarm.advice)):
            print(f"    {name:6} {plain(words)}")
