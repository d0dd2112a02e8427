"""``scrapy history``: the texts a story had."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from heraldcrawl.reading.archive import open_archive
from heraldcrawl.reading.command import ReadingCommand
from heraldcrawl.reading.history import parse_id, read_history
from heraldcrawl.reading.terminal import (
    BOLD,
    GREEN,
    RED,
    STRUCK,
    add_color_option,
    harmless,
    is_coloured,
    styled,
)
from heraldcrawl.site.addresses import story_url
from heraldcrawl.site.dates import KST

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from heraldcrawl.reading.history import History
    from heraldcrawl.reading.words import Piece

HELP = """\
ID is any of a story's ids or addresses. Times are Korea's. What went is shown as
[-old-] and what came as {+new+}; on a terminal in red and green. --json has the whole
values before and after, and the pieces: equal, delete or insert, and the text.

A story known by two ids has the other one in the line "also": in brackets what says so
(redirect, canonical, og:url, json-ld), and what agrees (headline, text, published, listed).
"not" are ids that its page names as its own, and that are other stories or not sure.

exit status:
  0  done
  1  the archive has no such story
  2  wrong usage
  3  the database cannot be used
"""

#: Characters of an unchanged stretch that are shown next to a change.
_CONTEXT = 80


class Command(ReadingCommand):
    """Prints a story's revisions."""

    def syntax(self) -> str:
        return "[options] ID"

    def short_desc(self) -> str:
        return "Show a story's revisions and what changed between them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument("id", metavar="ID", help="see below")
        parser.add_argument("--json", action="store_true", help="for scripts")
        add_color_option(parser)

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}")
        id_ = parse_id(opts.id)
        with open_archive(self.settings) as connection:
            history = read_history(connection, id_)
        if history is None:
            sys.stderr.write(f"scrapy history: the archive has no story {id_}\n")
            return 1
        if opts.json:
            print(json.dumps(history.as_json(), ensure_ascii=False, indent=2))
        else:
            print("\n".join(_lines(history, coloured=is_coloured(opts.color))))
        return 0


def _lines(history: History, *, coloured: bool) -> list[str]:
    def bold(text: str) -> str:
        return styled(text, BOLD) if coloured else text

    lines = [bold(history.url)]
    for name in history.names:
        word = "also" if name.is_alias else "not"
        lines.append(f"{word} {story_url(name.id)} ({', '.join(name.evidence)})")
    if history.duplicate_of:
        lines.append(f"a copy of {history.duplicate_of}")
    for revision in history.revisions:
        when = _minute(revision.fetched_at)
        title = f"revision {revision.revision}, {when}: {revision.reason}"
        if revision.reason == "reparse":
            title += f" by heraldcrawl {revision.reader}"
        lines += ["", bold(title)]
        if not revision.changes:
            lines.append(f"  {harmless(revision.record['headline']) or '(no headline)'}")
        for change in revision.changes:
            lines.append(f"  {change.field}")
            shown = "".join(_shown(piece, coloured=coloured) for piece in _near(change.pieces))
            lines += [f"    {line}".rstrip() for line in shown.split("\n")]
    lines += ["", f"last seen {_minute(history.last_seen_at)}"]
    if history.gone_at:
        lines.append(f"gone from the site: its page was first missing {_minute(history.gone_at)}")
    return lines


def _shown(piece: Piece, *, coloured: bool) -> str:
    text = harmless(piece.text)
    if piece.what == "equal":
        return text
    if coloured:
        return styled(text, *((RED, STRUCK) if piece.what == "delete" else (GREEN,)))
    return f"[-{text}-]" if piece.what == "delete" else f"{{+{text}+}}"


def _near(pieces: list[Piece]) -> list[Piece]:
    """Cut what is far from any change."""
    near = []
    for number, piece in enumerate(pieces):
        text = piece.text
        if piece.what == "equal":
            before = 0 if number == 0 else _CONTEXT
            after = 0 if number == len(pieces) - 1 else _CONTEXT
            if len(text) > before + after + len(" … "):
                start = re.sub(r"\S*$", "", text[:before]) if before else ""
                end = re.sub(r"^\S*", "", text[len(text) - after :]) if after else ""
                text = f"{start}…{end}"
        near.append(piece._replace(text=text))
    return near


def _minute(time: datetime) -> str:
    return f"{time.astimezone(KST):%Y-%m-%d %H:%M}"
