"""``scrapy export``: the archive's stories for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from heraldcrawl.errors import ArgumentError
from heraldcrawl.reading import selection
from heraldcrawl.reading.archive import open_archive
from heraldcrawl.reading.command import ReadingCommand
from heraldcrawl.reading.export import export, read_point, write_point
from heraldcrawl.reading.formats import FORMATS
from heraldcrawl.reading.output import output

if TYPE_CHECKING:
    import argparse

HELP = """\
formats:
  jsonl    one record a line, the same as in the feeds (article.schema.json)
  csv      the same fields; lists and objects as JSON text, null as nothing
  parquet  typed columns: times with their zone, lists and structs

Stories come oldest first, by time of publication and id; those without a time last.
A FILE is whole or as it was before: it is written aside and then put in its place.

--changed-since exports what is new or has changed: the text, the section, or whether it
is a duplicate. Given a FILE, the export remembers there what it has seen; the first one
exports everything, and each later one what has changed since. Given a TIME
(2026-01-31T06:00, Korea's unless it says another zone), everything that changed then or
later. Applied in order, each record in place of the one with the same id (with --revisions
all: id and revision), the files give what one export of everything gives. Where stories
are selected, one that was there before comes along even if it has left the selection, so
that you can drop it.

exit status:
  0  done
  1  it could not be written, and standard error says why
  2  wrong usage
  3  the database cannot be used
"""


class Command(ReadingCommand):
    """Writes stories to standard output or a file."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Export stories as JSON lines, CSV or Parquet"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument("-o", "--output", metavar="FILE", help="[standard output]")
        parser.add_argument("--format", choices=FORMATS, help="[the FILE's suffix, or else jsonl]")
        selection.add_options(parser)
        parser.add_argument("--language", choices=("en", "ko"))
        parser.add_argument("--originals", action="store_true", help="without duplicates")
        parser.add_argument(
            "--revisions",
            choices=("current", "all"),
            default="current",
            help="the current text of each story, or every one it had [current]",
        )
        parser.add_argument("--changed-since", metavar="TIME|FILE", help="see below")

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}")
        selected = selection.parse(opts)
        since = opts.changed_since
        about = selected.as_json() | {"revisions": opts.revisions}
        point = read_point(since, about) if since else None
        if since and opts.output and Path(since).resolve() == Path(opts.output).resolve():
            raise ArgumentError("-o and --changed-since name the same file")
        make = FORMATS[opts.format or _format_of(opts.output)]
        with open_archive(self.settings) as connection, output(opts.output) as file:
            seen = export(
                connection,
                make(file),
                selected,
                revisions=opts.revisions == "all",
                changed_since=point,
            )
        if since:
            write_point(since, seen, about)
        return 0


def _format_of(name: str | None) -> str:
    suffix = Path(name or "").suffix.removeprefix(".")
    return suffix if suffix in FORMATS else "jsonl"
