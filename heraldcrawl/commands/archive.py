"""``scrapy archive``: the page archive's files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row
from scrapy.exceptions import UsageError
from tqdm import tqdm

from heraldcrawl.archive import shelf as shelves
from heraldcrawl.archive.adopt import adopt
from heraldcrawl.archive.pack import pack
from heraldcrawl.archive.shelf import Shelf
from heraldcrawl.archive.transfer import destination, transfer
from heraldcrawl.archive.verify import verify
from heraldcrawl.reading.archive import open_archive
from heraldcrawl.reading.command import ReadingCommand
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from scrapy.settings import BaseSettings

_FILES = load("archive_files")

HELP = """\
actions:
  status       files, captures and bytes of each year, and what lies elsewhere
  verify       read every file, or those named, and compare each record with its digests and
               its row: what is damaged, missing, or known to one side alone
  index        give rows to whole records that have none: those that a crawl had written
               when it was killed, or all of them in a new database (scrapy db migrate)
  pack         put small files together into files of up to ARCHIVE_FILE_BYTES
  copy DEST    copy every file to DEST, unless it is there already
  move DEST    move every file to DEST, and read it from there ever after; HERALD_HOME/archive
               as DEST brings all of them home

DEST is a folder, or any address that fsspec knows, such as s3://bucket/herald (s3:// needs
requirements-s3.txt, and takes its credentials and its endpoint from the environment). What
was copied is read back and compared before anything is deleted. Files that a crawl is
writing are left alone. All of it may be interrupted, and then done again.

exit status:
  0  done; verify: all is well
  1  it could not be done, and standard error says why; verify: something is not well
  2  wrong usage
  3  the database cannot be used
"""

#: A record of our own has at most DOWNLOAD_MAXSIZE and its headers; that may have been more once.
_LARGEST_RECORD = 1 << 28  # bytes


class Command(ReadingCommand):
    """Looks after the page archive."""

    def syntax(self) -> str:
        return "[options] status|verify|index|pack|copy|move [DEST | FILE ...]"

    def short_desc(self) -> str:
        return "Look after the page archive: sizes, digests, packing, copies elsewhere"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument("action", choices=ACTIONS, metavar="action", help="see below")
        parser.add_argument("names", nargs="*", metavar="DEST|FILE", help="see below")
        parser.add_argument("--json", action="store_true", help="for scripts: one line a file")
        parser.add_argument(
            "--days",
            type=float,
            default=0,
            metavar="N",
            help="only files finished more than N days ago (copy, move)",
        )

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}")
        if opts.action in ("copy", "move") and len(opts.names) != 1:
            raise UsageError(f"{opts.action} where? name one folder or address")
        if opts.action in ("status", "index", "pack") and opts.names:
            raise UsageError(f"{opts.action} takes no names")
        shelf = Shelf(Path(self.settings["HERALD_HOME"]))
        with open_archive(self.settings) as connection:
            return ACTIONS[opts.action](connection, shelf, self.settings, opts)


def _status(
    connection: shelves.Connection, shelf: Shelf, _: BaseSettings, opts: argparse.Namespace
) -> int:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_FILES["years"]).fetchall()
    unknown = len(set(shelf.names()) - {file.name for file in shelves.files(connection)})
    if opts.json:
        print(json.dumps({"folder": str(shelf.folder), "unknown": unknown, "years": rows}))
        return 0
    print(f"{'year':6}{'files':>8}{'captures':>12}{'MB':>12}  where")
    for row in rows:
        print(
            f"{row['year']:6}{row['files']:>8,}{row['captures']:>12,}{row['bytes'] / 1e6:>12,.1f}"
            f"  {row['location'] or shelf.folder}"
            + (f"  ({row['open']} not finished)" if row["open"] else "")
        )
    if unknown:
        print(f"{unknown} files without row: scrapy archive index")
    return 0


def _verify(
    connection: shelves.Connection, shelf: Shelf, settings: BaseSettings, opts: argparse.Namespace
) -> int:
    total = sum(file.bytes for file in shelves.files(connection))
    counts = {"whole": 0, "open": 0, "elsewhere": 0, "faulty": 0}
    records = 0
    with _progress(total) as line:
        reports = verify(
            connection,
            shelf,
            max_bytes=max(_LARGEST_RECORD, settings.getint("DOWNLOAD_MAXSIZE")),
            only=opts.names,
            progress=line.update,
        )
        for report in reports:
            counts[report.state] += 1
            records += report.records
            said = ", ".join(f"{n} × {what}" for what, n in (report.faults + report.notes).items())
            if opts.json:
                line.write(json.dumps(report.as_record()), file=sys.stdout)
            elif said:
                line.write(f"{report.name}: {said}", file=sys.stdout)
    if not opts.json:
        states = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
        print(f"{records} records in {sum(counts.values())} files: {states or 'none'}")
    return 1 if counts["faulty"] else 0


def _index(
    connection: shelves.Connection, shelf: Shelf, _: BaseSettings, opts: argparse.Namespace
) -> int:
    with shelf.locked():
        for name, rows in adopt(connection, shelf, _LARGEST_RECORD):
            _tell(opts, f"{name}: {rows} captures had no row", name=name, captures=rows)
    return 0


def _pack(
    connection: shelves.Connection, shelf: Shelf, settings: BaseSettings, opts: argparse.Namespace
) -> int:
    with shelf.locked():
        for _ in adopt(connection, shelf, _LARGEST_RECORD):
            pass  # what has no row yet is packed with the rest
        for packed in pack(
            connection, shelf, settings.getint("ARCHIVE_FILE_BYTES"), _LARGEST_RECORD
        ):
            _tell(
                opts,
                f"{packed.name}: {packed.bytes / 1e6:.1f} MB of {len(packed.sources)} files",
                name=packed.name,
                bytes=packed.bytes,
                sources=packed.sources,
            )
    return 0


def _copy(
    connection: shelves.Connection, shelf: Shelf, _: BaseSettings, opts: argparse.Namespace
) -> int:
    return _transfer(connection, shelf, opts, delete=False)


def _move(
    connection: shelves.Connection, shelf: Shelf, _: BaseSettings, opts: argparse.Namespace
) -> int:
    return _transfer(connection, shelf, opts, delete=True)


def _transfer(
    connection: shelves.Connection, shelf: Shelf, opts: argparse.Namespace, *, delete: bool
) -> int:
    to = destination(opts.names[0])
    with shelf.locked():
        for _ in adopt(connection, shelf, _LARGEST_RECORD):
            pass  # what has no row yet goes with the rest
        for done in transfer(connection, shelf, to, delete=delete, days=opts.days):
            _tell(opts, done.address, name=done.name, address=done.address, bytes=done.bytes)
    return 0


def _tell(opts: argparse.Namespace, text: str, **record: Any) -> None:
    print(json.dumps(record) if opts.json else text, flush=True)


def _progress(total: int) -> tqdm[Any]:
    return tqdm(
        total=total, unit="B", unit_scale=True, file=sys.stderr, disable=not sys.stderr.isatty()
    )


ACTIONS: dict[str, Callable[[shelves.Connection, Shelf, BaseSettings, argparse.Namespace], int]] = {
    "status": _status,
    "verify": _verify,
    "index": _index,
    "pack": _pack,
    "copy": _copy,
    "move": _move,
}
