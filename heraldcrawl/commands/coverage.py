"""``scrapy coverage``: how complete the archive is."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from heraldcrawl.errors import ArgumentError
from heraldcrawl.reading import selection
from heraldcrawl.reading.archive import open_archive
from heraldcrawl.reading.command import ReadingCommand
from heraldcrawl.reading.coverage import Counts, read_coverage, unstored
from heraldcrawl.reading.coverage_text import CoverageTable
from heraldcrawl.reading.output import output
from heraldcrawl.reading.terminal import add_color_option, is_coloured
from heraldcrawl.site.addresses import story_url
from heraldcrawl.site.dates import KST

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from heraldcrawl.reading.archive import Connection
    from heraldcrawl.reading.coverage import Coverage
    from heraldcrawl.reading.selection import Selection

HELP = """\
A story counts under the section that it is filed under, and under those above that one.
Its month is Korea's. Every story that a list, a feed or a page archive has announced is
one of these:
  stored     in the archive
  missing    not fetched yet: it waits in the ledger, or a bounded crawl passed it by
  failed     a dead letter (scrapy ledger list; -v: why)
  gone       a dead letter because its page was not there any more
  elsewhere  set aside, for its page files it under another section than was asked for
The share is that of the stored, without those elsewhere. Nobody can count stories that
nobody announced; what is known of them is said as well: how far back each list was read
without a gap, and months that have less than a quarter of what is usual around them.

  scrapy coverage --section national --by year
  scrapy coverage --by section --picture coverage.svg
  scrapy coverage --missing missing.txt; scrapy crawl article -a file=missing.txt

exit status:
  0  complete: all that was announced is stored, gone or elsewhere
  1  something is missing or failed, or nothing is known of what was asked for
  2  wrong usage
  3  the database cannot be used
  4  a FILE could not be written
"""


class Command(ReadingCommand):
    """Prints what was announced and what is stored, by section and month."""

    not_written = 4

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Show how complete the archive is, by section and month"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        selection.add_options(parser)
        parser.add_argument("--by", choices=("month", "year", "section"), default="month")
        parser.add_argument("-v", "--verbose", action="store_true", help="why stories failed")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="for scripts")
        form.add_argument("--csv", action="store_true", help="one line a section and period")
        parser.add_argument(
            "--picture", metavar="FILE", help="draw it: an .svg (which tells the numbers) or .png"
        )
        parser.add_argument(
            "--missing", metavar="FILE", help="write the addresses of what is missing; - to stdout"
        )
        parser.add_argument(
            "--with-failed", action="store_true", help="and of what failed, with --missing"
        )
        add_color_option(parser)

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}")
        if opts.with_failed and not opts.missing:
            raise UsageError("--with-failed goes with --missing FILE")
        if opts.picture and not opts.picture.lower().endswith((".svg", ".png")):
            raise ArgumentError(f"--picture {opts.picture} ends in neither .svg nor .png")
        selected = selection.parse(opts)
        today = datetime.now(KST).date()
        with open_archive(self.settings) as connection:
            coverage = read_coverage(connection, selected)
            if opts.missing:
                _write_missing(connection, selected, opts.missing, with_failed=opts.with_failed)
        whole = coverage.whole.total
        self.exitcode = 0 if whole.announced and whole.is_complete else 1
        if opts.picture:
            from heraldcrawl.reading.heatmap import draw  # noqa: PLC0415  (slow to load)

            with output(opts.picture) as file:
                draw(coverage, selected, today, by=opts.by, file=file, form=opts.picture[-3:])
        if opts.missing != "-":
            _print(coverage, opts)
        return self.exitcode


def _write_missing(
    connection: Connection, selected: Selection, name: str, *, with_failed: bool
) -> None:
    states = ["missing", "failed"] if with_failed else ["missing"]
    with output(name) as file:
        for id_ in unstored(connection, selected, states):
            file.write(f"{story_url(id_)}\n".encode())


def _print(coverage: Coverage, opts: argparse.Namespace) -> None:
    if opts.json:
        print(json.dumps(coverage.as_json(opts.by), ensure_ascii=False, indent=2))
    elif opts.csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows(_csv(coverage, opts.by))
    else:
        table = CoverageTable(
            coverage, by=opts.by, verbose=opts.verbose, coloured=is_coloured(opts.color)
        )
        for line in table.lines():
            print(line)


def _csv(coverage: Coverage, by: str) -> Iterator[list[object]]:
    """One row a section and period; the whole paper has an empty section."""
    yield ["section", "period", *Counts().as_json()]
    for section in coverage.rows:
        for period, counts in section.periods(by):
            yield [" > ".join(section.path), period, *counts.as_json().values()]
