"""A run over the page archive: selects the stories and gives them to processes, batch by batch."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta  # noqa: TC003  (dataclass fields are inspected at run time)
from multiprocessing.connection import wait
from pathlib import Path  # noqa: TC003  (likewise)
from typing import TYPE_CHECKING, Any

from heraldcrawl.archive.shelf import Shelf
from heraldcrawl.reparse.work import Files, Rereader
from heraldcrawl.store.captures import Captures
from heraldcrawl.store.link import Link
from heraldcrawl.store.reparse import Rereads
from heraldcrawl.store.revisits import Revisits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

    from heraldcrawl.reparse.pages import Reader
    from heraldcrawl.reparse.summary import Summary

#: Stories that are read and stored in one transaction.
_BATCH = 100
#: Ids that are selected at once.
_SELECTED = 1000
#: Batches that wait for each process, so that none waits for work.
_WAITING = 2


@dataclass(frozen=True, slots=True)
class Work:
    """All that a process must know.

    :param url: libpq URL of a migrated database
    :param home: HERALD_HOME
    :param ages: REVISIT_HOURS
    :param patience_seconds: how long to wait for a database that went away
    """

    url: str
    home: Path
    reader: Reader
    ages: Sequence[timedelta]
    is_dry: bool
    patience_seconds: float = 300

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Rereader]:
        """Connect."""
        link = Link(self.url, patience_seconds=self.patience_seconds)
        files = Files(link, Shelf(self.home), self.reader.max_bytes)
        rereads = Rereads(link, Revisits(link, Captures(), self.ages, {}))
        try:
            yield Rereader(rereads, files, self.reader, self.is_dry)
        finally:
            files.close()
            await link.close()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which stories are to be read again.

    :param parameters: of the statements of ``reparse.sql`` that select
    :param ids: these and no others
    :param stored: stored ones
    :param failed: those in the ledger whose page is archived
    :param unknown: those of which there is nothing but a page
    """

    parameters: dict[str, Any]
    ids: Sequence[str] | None = None
    stored: bool = True
    failed: bool = True
    unknown: bool = True

    async def count(self, rereads: Rereads) -> int:
        """How many they are."""
        if self.ids is not None:
            return len(self.ids)
        counts = [await rereads.count(name, self.parameters) for name in self._statements]
        return sum(counts)

    async def batches(self, rereads: Rereads) -> AsyncIterator[list[str]]:
        """Their ids, each once, some at a time."""
        if self.ids is not None:
            known = await rereads.ids("resolve", {"ids": list(self.ids)})
            for start in range(0, len(known), _BATCH):
                yield known[start : start + _BATCH]
            return
        for statement in self._statements:
            after = ""
            while ids := await rereads.ids(
                statement, self.parameters | {"after": after, "most": _SELECTED}
            ):
                for start in range(0, len(ids), _BATCH):
                    yield ids[start : start + _BATCH]
                after = ids[-1]

    @property
    def _statements(self) -> list[str]:
        names = {
            "stored_ids": self.stored, "failed_ids": self.failed, "unknown_ids": self.unknown,
        }  # fmt: skip
        return [name for name, is_wanted in names.items() if is_wanted]


async def reparse(
    work: Work,
    wanted: Wanted,
    jobs: int,
    tell: Callable[[Summary, int], None],
    expect: Callable[[int], None] = lambda _: None,
) -> None:
    """Read all that is wanted again.

    :param jobs: so many processes; one is this one
    :param tell: told what became of each batch, and of how many stories it was
    :param expect: told how many stories there will be
    """
    async with work.open() as rereader:
        expect(await wanted.count(rereader.rereads))
        with _workers(work, rereader, jobs) as do:
            under_way: set[asyncio.Future[Summary]] = set()
            most = jobs * _WAITING if jobs > 1 else 1
            try:
                async for ids in wanted.batches(rereader.rereads):
                    under_way.add(asyncio.ensure_future(do(ids)))
                    while len(under_way) >= most:
                        under_way = await _take(under_way, tell)
                while under_way:
                    under_way = await _take(under_way, tell)
            finally:
                for future in under_way:
                    future.cancel()


async def _take(
    under_way: set[asyncio.Future[Summary]], tell: Callable[[Summary, int], None]
) -> set[asyncio.Future[Summary]]:
    done, rest = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
    for future in done:
        part = future.result()
        tell(part, part.total)
    return rest


@contextmanager
def _workers(
    work: Work, rereader: Rereader, jobs: int
) -> Iterator[Callable[[list[str]], Awaitable[Summary]]]:
    """What does a batch: this process, or one of several others."""
    if jobs == 1:
        yield rereader.batch
        return
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(work,)
    )
    loop = asyncio.get_running_loop()
    try:
        yield lambda ids: loop.run_in_executor(pool, _do, ids)
    finally:
        pool.shutdown(cancel_futures=True)


class _Process:
    """What a process of the pool keeps from batch to batch."""

    runner: asyncio.Runner
    rereader: Rereader


def _begin(work: Work) -> None:
    """Begin a process of the pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears of it, and ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _Process.runner = asyncio.Runner()
    # Left open: what ends the process ends its connection.
    _Process.rereader = _Process.runner.run(work.open().__aenter__())


def _do(ids: list[str]) -> Summary:
    return _Process.runner.run(_Process.rereader.batch(ids))


def _end_with_parent() -> None:
    """Whoever is killed leaves nothing behind."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
