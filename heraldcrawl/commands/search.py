"""``scrapy search``: stories with these words."""

from __future__ import annotations

import json
import math
import sys
import textwrap
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from heraldcrawl.reading import selection
from heraldcrawl.reading.archive import open_archive
from heraldcrawl.reading.command import ReadingCommand, count
from heraldcrawl.reading.search import count_waiting, search, update, update_if_allowed
from heraldcrawl.reading.terminal import (
    BOLD,
    YELLOW,
    add_color_option,
    harmless,
    is_coloured,
    styled,
)
from heraldcrawl.site.dates import KST

if TYPE_CHECKING:
    import argparse

    from heraldcrawl.reading.search import Hit

HELP = """\
WORDS are English or Korean, in one pair of quotes for the shell if there is more to it:
  scrapy search missile launch                    both words, launches and launched too
  scrapy search '"north korea" -drill'            the phrase, but not the other word
  scrapy search 'ferry or 여객선'                 one or the other
Every part of a Korean word is found. A word in a headline counts ten times one in the text.
Of very many stories the newest thousand are ranked; a phrase is looked for in the
newest ten thousand that have its words, and a note says so where that was too few.

The index is brought up to date first, for two seconds at most; after a large import,
scrapy search --update does all of it.

exit status:
  0  found
  1  nothing found
  2  wrong usage
  3  the database cannot be used
"""

_PATIENCE_SECONDS = 2.0
_WIDTH = 96
#: Marks that no text has, to become colours.
_START, _STOP = "\ue000", "\ue001"


class Command(ReadingCommand):
    """Prints the stories that have the words."""

    def syntax(self) -> str:
        return "[options] WORDS"

    def short_desc(self) -> str:
        return "Find stories by their words"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument("words", nargs="*", metavar="WORDS", help="see below")
        selection.add_options(parser)
        parser.add_argument("--limit", type=count, default=10, help="at most so many [10]")
        parser.add_argument("--json", action="store_true", help="for scripts")
        parser.add_argument(
            "--update", action="store_true", help="bring the whole index up to date"
        )
        add_color_option(parser)

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if args:
            raise UsageError(
                f"unrecognized arguments: {' '.join(args)};"
                " put words with - into one pair of quotes"
            )
        words = " ".join(opts.words)
        if not words.strip() and not opts.update:
            raise UsageError("say what to search for")
        selected = selection.parse(opts)
        coloured = is_coloured(opts.color) and not opts.json
        with open_archive(self.settings, writes=opts.update) as connection:
            if opts.update:
                update(connection, seconds=math.inf)
            if not words.strip():
                return 0
            update_if_allowed(connection, seconds=_PATIENCE_SECONDS)
            marks = (_START, _STOP) if coloured else ("**", "**")
            hits = search(connection, words, selected, limit=opts.limit, marks=marks, notice=_warn)
            waiting = count_waiting(connection)
        if opts.json:
            print(json.dumps([hit.as_json() for hit in hits], ensure_ascii=False, indent=2))
        else:
            print(
                "\n\n".join(_shown(hit, coloured=coloured) for hit in hits), end="\n" * bool(hits)
            )
        if waiting:
            _warn(
                f"{waiting} stories are not in the index yet, or as they were;"
                " scrapy search --update takes them in"
            )
        return 0 if hits else 1


def _warn(words: str) -> None:
    sys.stderr.write(f"scrapy search: {words}\n")


def _shown(hit: Hit, *, coloured: bool) -> str:
    day = f"{hit.date_published.astimezone(KST):%Y-%m-%d}" if hit.date_published else "no date"
    headline = harmless(hit.headline).replace("\n", " ") or "(no headline)"
    snippet = textwrap.fill(harmless(hit.snippet), _WIDTH, break_long_words=False)
    if coloured:
        headline = styled(headline, BOLD)
        pieces = [piece.partition(_STOP) for piece in snippet.split(_START)]
        first, *rest = pieces
        snippet = first[0] + "".join(styled(word, BOLD, YELLOW) + tail for word, _, tail in rest)
    lines = [headline, f"{day}  {harmless(hit.section or '')}  {hit.url}", snippet]
    return "\n".join(line for line in lines if line)
