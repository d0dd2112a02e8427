"""``scrapy ledger``: the stories that failed for good, and how to try them again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row
from scrapy.exceptions import UsageError

from heraldcrawl.reading.archive import open_archive
from heraldcrawl.reading.command import ReadingCommand
from heraldcrawl.reading.history import parse_id
from heraldcrawl.reading.terminal import harmless
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    import argparse

_LEDGER = load("ledger")
_QUERIES = {"list": "dead_letters", "retry": "retry_dead_letters"}

_ATTENTION = 1

HELP = """\
actions:
  list   the dead letters, the latest first: when, id, reason, attempts, address.
         With ids also what was seen at the last attempt, or the traceback. Reasons that
         begin with revisit_ are of stored stories: only another look at them failed
  retry  put dead letters back: the next crawl of their lists fetches them.
         Takes ids, --reason, or --all; prints the ids of those that were put back

exit status:
  0  done; list: there is none
  1  list: there are dead letters; retry: there was none to put back
  2  wrong usage
  3  the database cannot be used
"""


class Command(ReadingCommand):
    """Shows and puts back what failed for good."""

    def syntax(self) -> str:
        return "[options] list|retry [ID ...]"

    def short_desc(self) -> str:
        return "Show the stories that failed for good, and put them back to be tried again"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument("action", choices=_QUERIES, metavar="action", help="see below")
        parser.add_argument("ids", nargs="*", metavar="ID", help="these alone; or addresses")
        parser.add_argument("--reason", help="those with this reason alone, such as http_500")
        parser.add_argument("--all", action="store_true", help="all of them (retry)")
        parser.add_argument("--json", action="store_true", help="for scripts: one line a story")

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}")
        if opts.action == "retry" and not (opts.ids or opts.reason or opts.all):
            raise UsageError("retry which? name ids, --reason or --all")
        assert self.settings is not None
        which = {"ids": [*map(parse_id, opts.ids)] or None, "reason": opts.reason}
        with open_archive(self.settings, writes=opts.action == "retry") as connection:
            cursor = connection.cursor(row_factory=dict_row)
            rows = cursor.execute(_LEDGER[_QUERIES[opts.action]], which).fetchall()
        # Before they are printed, for whoever reads may have read enough.
        self.exitcode = _ATTENTION if bool(rows) == (opts.action == "list") else 0
        for row in rows:
            print(_as_json(row) if opts.json else as_text(row, detailed=bool(opts.ids)))
        return self.exitcode


def _as_json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=lambda at: at.isoformat())


def as_text(row: dict[str, Any], *, detailed: bool) -> str:
    """Write a dead letter as lines.

    :param detailed: with its lists, its page, and what was seen
    """
    if "reason" not in row:
        return str(row["id"])
    at = row["failed_at"].strftime("%Y-%m-%d %H:%M") if row["failed_at"] else "-"
    line = f"{at}  {row['id']}  {row['reason']:12}  {row['attempts']}  {row['url']}"
    if not detailed:
        return line
    facts = [f"lists: {', '.join(row['lists'])}", *(row["detail"] or "").splitlines()]
    if row["page"]:
        facts.insert(1, f"page: {row['page']}")
    return "\n    ".join(map(harmless, (line, *facts)))
