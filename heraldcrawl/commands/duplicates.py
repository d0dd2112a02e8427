"""``scrapy duplicates``: stories that ran more than once."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from heraldcrawl.reading.archive import open_archive
from heraldcrawl.reading.command import ReadingCommand, count
from heraldcrawl.reading.duplicates import count_unsigned, group_of, newest_groups
from heraldcrawl.reading.history import parse_id
from heraldcrawl.reading.terminal import BOLD, add_color_option, harmless, is_coloured, styled
from heraldcrawl.site.dates import KST
from heraldcrawl.store.choice import use
from heraldcrawl.store.duplicates import sign_all

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from heraldcrawl.reading.duplicates import Group, Member

HELP = """\
Without ID: the groups of copies, those with the newest first. With the ID or an address of
a story: its group. The earliest story is the original; of each copy the two figures tell
how much of its words stand in the original, and how much of the original's in it:
  100 % 100 %   the same words
   98 % 100 %   put in here and there, or slightly changed
   80 % 100 %   a quarter appended
  100 %  75 %   a quarter cut

Every story is compared when it is stored. Those of an archive that an older heraldcrawl
made are compared at the end of crawls; scrapy duplicates --update does all of them.

exit status:
  0  found
  1  there are no copies, or no such story
  2  wrong usage
  3  the database cannot be used
"""


class Command(ReadingCommand):
    """Prints groups of stories with the same text, or nearly so."""

    def syntax(self) -> str:
        return "[options] [ID]"

    def short_desc(self) -> str:
        return "Show the stories that ran more than once"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument("id", nargs="?", metavar="ID", help="see below")
        parser.add_argument("--limit", type=count, default=20, help="at most so many groups [20]")
        parser.add_argument("--json", action="store_true", help="for scripts")
        parser.add_argument(
            "--update", action="store_true", help="compare all that was not compared yet"
        )
        add_color_option(parser)

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}")
        id_ = opts.id and parse_id(opts.id)
        with open_archive(self.settings) as connection:
            if opts.update:
                with use(self.settings) as url:
                    asyncio.run(sign_all(url))
            group = group_of(connection, id_) if id_ else None
            groups = [group] if group else [] if id_ else newest_groups(connection, opts.limit)
            unsigned = count_unsigned(connection)
        if id_ and group is None:
            sys.stderr.write(f"scrapy duplicates: the archive has no story {id_}\n")
        groups = [group for group in groups if group.copies]
        if opts.json:
            print(json.dumps([group.as_json() for group in groups], ensure_ascii=False, indent=2))
        elif groups:
            coloured = is_coloured(opts.color)
            print("\n\n".join("\n".join(_lines(group, coloured=coloured)) for group in groups))
        if unsigned:
            sys.stderr.write(
                f"scrapy duplicates: {unsigned} stories were not compared with others yet;"
                " scrapy duplicates --update does it\n"
            )
        return 0 if groups or (opts.update and not id_) else 1


def _lines(group: Group, *, coloured: bool) -> Iterator[str]:
    headline = harmless(group.original.headline).replace("\n", " ") or "(no headline)"
    yield styled(headline, BOLD) if coloured else headline
    yield f"{'original':13}  {_line(group.original)}"
    for copy in group.copies:
        near = f"{_percent(copy.from_original)} {_percent(copy.of_original)}"
        yield f"{near:13}  {_line(copy)}"


def _line(story: Member) -> str:
    when = "no date"
    if story.date_published:
        when = f"{story.date_published.astimezone(KST):%Y-%m-%d %H:%M}"
    where = harmless(story.section or "")
    return "  ".join(
        part for part in (when, story.id, where, story.source_organization or "") if part
    )


def _percent(share: float | None) -> str:
    """Nothing but the same is all of it."""
    return "    ?" if share is None else f"{int(share * 100):3} %"
