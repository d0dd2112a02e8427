"""``scrapy status``: how the crawls are doing."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from psycopg.rows import dict_row
from scrapy.spiderloader import get_spider_loader

from heraldcrawl.commands.ledger import as_text
from heraldcrawl.errors import ArgumentError
from heraldcrawl.reading.archive import check_version, open_as_it_is
from heraldcrawl.reading.command import ReadingCommand
from heraldcrawl.reading.terminal import add_color_option, is_coloured
from heraldcrawl.status.record import as_record
from heraldcrawl.status.report import take
from heraldcrawl.status.screen import screen
from heraldcrawl.store.queries import load
from heraldcrawl.store.status import LACKING

if TYPE_CHECKING:
    import argparse
    from typing import Any

    from scrapy.settings import BaseSettings

_LEDGER = load("ledger")

HELP = """\
Of each section: its last run, how that ended, the stories that it found new, changed, failed;
those that still wait; when its next run is due by its habit; and which kinds of evidence its
last runs' stories were read from. With SECTIONs, each field's evidence, and only what these
sections or the whole installation need. Nothing is changed: a database of an older version is
told of, not migrated. An embedded server that does not run is
started for it, and stopped afterwards.

exit status:
  0  all is well
  1  something needs somebody: the lines that begin with "!" (needs, with --json) say what
  2  wrong usage
  3  the database cannot be used; what is known without it is told all the same
"""

_NEEDS, _AWAY = 1, 3


class Command(ReadingCommand):
    """Shows how the crawls are doing."""

    def syntax(self) -> str:
        return "[--json] [--dead] [SECTION ...]"

    def short_desc(self) -> str:
        return "Show how the crawls are doing: last runs, what is due, dead letters, alarms, sizes"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument("--json", action="store_true", help="for scripts: one object")
        parser.add_argument(
            "--dead",
            action="store_true",
            help="all dead letters instead, each with reason, address, raw page and traceback",
        )
        add_color_option(parser)

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if unknown := sorted(set(args) - set(get_spider_loader(self.settings).list())):
            raise ArgumentError(f"there is no section {', '.join(unknown)}; scrapy list names all")
        if opts.dead:
            return _dead(self.settings, args, opts)
        report = take(self.settings)
        if opts.json:
            print(json.dumps(as_record(report, args), ensure_ascii=False, default=_plain))
        else:
            for line in screen(report, coloured=is_coloured(opts.color), only=args):
                print(line)
        if report.database is not None:
            return _AWAY
        return _NEEDS if report.needs(args) else 0


def _dead(settings: BaseSettings, sections: list[str], opts: argparse.Namespace) -> int:
    """Show the dead letters whole."""
    which = {"reason": None, "ids": None}
    with open_as_it_is(settings) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        try:
            rows = cursor.execute(_LEDGER["dead_letters"], which).fetchall()
        except LACKING:
            connection.rollback()
            check_version(connection)  # says why
            raise
    rows = [row for row in rows if not sections or set(sections) & set(row["lists"])]
    for row in rows:
        print(
            json.dumps(row, ensure_ascii=False, default=_plain)
            if opts.json
            else as_text(row, detailed=True)
        )
    return _NEEDS if rows else 0


def _plain(value: Any) -> Any:
    """Write what JSON has no word for."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
