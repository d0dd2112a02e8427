"""``scrapy reparse``: reads archived pages again."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from heraldcrawl.archive.shelf import Shelf
from heraldcrawl.errors import ArgumentError, DatabaseLost
from heraldcrawl.items import EVIDENT
from heraldcrawl.reading import selection
from heraldcrawl.reading.archive import archive_url, check_version
from heraldcrawl.reading.command import ReadingCommand, count
from heraldcrawl.reading.history import parse_id
from heraldcrawl.reading.terminal import harmless
from heraldcrawl.reparse.foreign import find
from heraldcrawl.reparse.imports import Importer, writer_of
from heraldcrawl.reparse.pages import Reader
from heraldcrawl.reparse.progress import progress
from heraldcrawl.reparse.run import Wanted, Work, reparse
from heraldcrawl.reparse.summary import Summary
from heraldcrawl.reparse.work import Files
from heraldcrawl.site.addresses import story_id
from heraldcrawl.site.layouts import LAYOUTS
from heraldcrawl.store import migrate
from heraldcrawl.store.choice import use
from heraldcrawl.store.given import check, connect
from heraldcrawl.store.imports import Imports
from heraldcrawl.store.reparse import Rereads
from heraldcrawl.store.revisits import parse_ages
from heraldcrawl.store.store import Store

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from scrapy.settings import BaseSettings

HELP = """\
Without names, all of the page archive is read again by today's readers: of each story its
newest page. Where they find another text the story gets a revision, with the reason reparse;
where only other fields differ they are updated in place; where nothing differs nothing is
written. Stories that could not be read when they were fetched are stored and leave the ledger.
--dry-run tells all of it, and changes nothing.

ID is any of a story's ids or addresses. FILE is a WARC or WACZ file of anybody's, a glob or
an address of fsspec: the Herald's stories in it are copied into the page archive and stored
with the time at which they were captured, older texts as the revisions before.

Nothing is asked of any network. It may be interrupted and run again, beside crawls too.

exit status:
  0  done
  1  done, but some pages or files could not be read; standard error names the first
  2  wrong usage
  3  the database cannot be used
  4  a file of the page archive, or what is printed, could not be written
130  interrupted (Ctrl-C)
"""

#: What may be missing; the section is the last of the breadcrumbs.
_MISSING = tuple(name for name in EVIDENT if name != "breadcrumbs")
_LAYOUTS = (*dict.fromkeys(layout.name for layout in LAYOUTS), "generic")


class Command(ReadingCommand):
    """Reads pages again that were archived, by us or by others."""

    not_written = 4

    def syntax(self) -> str:
        return "[options] [ID ... | FILE ...]"

    def short_desc(self) -> str:
        return "Read archived pages again, or stories out of any WARC or WACZ file"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument("names", nargs="*", metavar="ID|FILE", help="see below")
        parser.add_argument("--dry-run", action="store_true", help="tell what would change")
        selection.add_options(parser)
        parser.add_argument("--layout", choices=_LAYOUTS, help="only stories that it has read")
        parser.add_argument(
            "--missing", choices=_MISSING, metavar="FIELD", help="only stories without this field"
        )
        parser.add_argument(
            "--failed",
            action="store_true",
            help="only stories of the ledger whose page is archived",
        )
        parser.add_argument(
            "--jobs",
            type=count,
            default=_cores(),
            metavar="N",
            help="so many processes [all cores]; files are read by one",
        )
        parser.add_argument("--json", action="store_true", help="for scripts")

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}")
        ids = [parse_id(name) for name in opts.names if _is_id(name)]
        files = [name for name in opts.names if not _is_id(name)]
        wanted = _wanted(opts, ids)
        if files and (ids or not _is_all(opts)):
            raise UsageError("a FILE is read as a whole: no ID and no selection beside it")
        sources = find(files)
        # Others' archives may be the first that ours gets.
        with (use if sources and not opts.dry_run else archive_url)(self.settings) as url:
            if sources and not opts.dry_run:
                migrate(url)
            with connect(url) as connection:
                check_version(connection)
            if not opts.dry_run:
                check(url)  # a read-only one would be waited for, as if it were switched over
            work = _work(self.settings, url, is_dry=opts.dry_run)
            summary = asyncio.run(_run(work, sources or wanted, opts, self.settings))
        return _report(summary, opts, is_named=bool(ids))


async def _run(
    work: Work, wanted: Wanted | list[str], opts: argparse.Namespace, settings: BaseSettings
) -> Summary:
    """Do the work, as a run of its own where it changes anything.

    :param wanted: of our own archive, or others' files
    """
    summary = Summary()
    store = Store(work.url, patience_seconds=work.patience_seconds, revisit_ages=work.ages)
    if not work.is_dry:
        await store.open("reparse", _given(opts))
    reason = "shutdown"
    try:
        if isinstance(wanted, list):
            with progress(summary, "captures", settings) as shown:
                await _import(work, store, wanted, settings, shown.tell)
        else:
            with progress(summary, "stories", settings) as shown:
                await reparse(work, wanted, opts.jobs, shown.tell, shown.expect)
        reason = "finished"
    finally:
        counts = summary.stories + summary.records
        try:
            if not work.is_dry:
                await store.finish(reason, {f"reparse/{what}": n for what, n in counts.items()})
        except DatabaseLost:
            if reason == "finished":  # else what broke it off is told, not what follows from that
                raise
        finally:
            await store.disconnect()
    return summary


async def _import(
    work: Work,
    store: Store,
    sources: list[str],
    settings: BaseSettings,
    tell: Callable[[Summary, int], None],
) -> None:
    writer = None
    shelf = Shelf(work.home)
    if not work.is_dry:
        file_bytes = settings.getint("ARCHIVE_FILE_BYTES")
        writer = writer_of(shelf.folder, store.run, file_bytes, sources)
    importer = Importer(
        Imports(store),
        Rereads(store.link, store.revisits),
        work.reader,
        Files(store.link, shelf, work.reader.max_bytes),
        writer,
        tell,
    )
    try:
        for source in sources:
            await importer.take(source)
    finally:
        importer.close()


def _report(summary: Summary, opts: argparse.Namespace, *, is_named: bool) -> int:
    """Print what was done.

    :param is_named: whether every story was asked for by its id
    :returns: the exit status
    """
    if opts.json:
        print(
            json.dumps({"dry_run": opts.dry_run, **summary.as_json()}, ensure_ascii=False, indent=2)
        )
    else:
        print("\n".join(summary.lines(is_dry=opts.dry_run)) or "no stories")
    for fault in summary.faults:
        sys.stderr.write(f"scrapy reparse: {harmless(fault)}\n")
    is_missing = is_named and summary.stories["not_archived"]
    if is_missing:
        sys.stderr.write("scrapy reparse: not all of these stories have a page in the archive\n")
    return 0 if summary.is_sound and not is_missing else 1


def _wanted(opts: argparse.Namespace, ids: list[str]) -> Wanted:
    """What is to be read of our own archive.

    :raises ArgumentError: what is asked for does not go together
    """
    selected = selection.parse(opts)
    if opts.failed and (opts.layout or opts.missing or opts.since or opts.until):
        raise ArgumentError("--failed stories have no layout, no fields and no day yet")
    if ids and not _is_all(opts):
        raise ArgumentError("name IDs or select by options, not both")
    is_all = _is_all(opts)
    parameters = selected.parameters() | {
        "layout": opts.layout,
        "missing": opts.missing,
        "revisits": opts.failed,
    }
    return Wanted(
        parameters,
        ids or None,
        stored=not opts.failed,
        failed=opts.failed or is_all,
        unknown=is_all,
    )


def _is_all(opts: argparse.Namespace) -> bool:
    chosen = (opts.section, opts.since, opts.until, opts.layout, opts.missing)
    return not opts.failed and not any(chosen)


def _work(settings: BaseSettings, url: str, *, is_dry: bool) -> Work:
    return Work(
        url,
        Path(settings["HERALD_HOME"]),
        Reader(settings.getint("DOWNLOAD_MAXSIZE"), settings["SITE_URL"]),
        parse_ages(settings.getlist("REVISIT_HOURS")),
        is_dry,
        settings.getfloat("DATABASE_PATIENCE_SECONDS"),
    )


def _is_id(name: str) -> bool:
    return (name.isascii() and name.isdigit()) or story_id(name) is not None


def _given(opts: argparse.Namespace) -> dict[str, Any]:
    """The options that say what is to be read, for the run's row."""
    names = ("names", "section", "since", "until", "layout", "missing", "failed")
    return {name: value for name in names if (value := getattr(opts, name))}


def _cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
