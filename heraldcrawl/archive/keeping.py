"""A run's page archive: responses come in one by one and are written in groups, by a thread.

While one group is being written, the next gathers. So the disk is waited for once a group, and
never by the crawl. The records themselves are made in the crawl's own thread: that takes a tenth of
a millisecond a page, and two threads would wait for each other at the interpreter for longer.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from heraldcrawl.archive.records import Exchange, write
from heraldcrawl.errors import ArchiveLost
from heraldcrawl.site.addresses import at_herald, story_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Request
    from scrapy.http import Response

    from heraldcrawl.archive.capture import Capture, Payload
    from heraldcrawl.archive.writer import Writer
    from heraldcrawl.store import Store

logger = logging.getLogger(__name__)

_P = ParamSpec("_P")
_T = TypeVar("_T")


class PageArchive:
    """Keeps every response; whoever awaits :meth:`add` knows that it is on the disk.

    :param writer: of this run's files
    :param site_url: the root that requests go to
    :param on_lost: called when it has to be given up in mid-crawl
    """

    def __init__(
        self, writer: Writer, store: Store, site_url: str, on_lost: Callable[[], object]
    ) -> None:
        self._writer = writer
        self._store = store
        self._site_url = site_url
        self._on_lost = on_lost
        self._thread = ThreadPoolExecutor(1, "archive")
        self._waiting: list[tuple[Exchange, bool, asyncio.Future[Capture]]] = []
        self._task: asyncio.Task[None] | None = None
        self.lost: ArchiveLost | None = None  # why it was given up, if it was

    async def open(self) -> None:
        """Begin the first file.

        :raises ArchiveLost: it cannot be written
        """
        try:
            await self._in_thread(self._writer.open)
        except OSError as error:
            await self.close()
            raise self._give_up(error) from error

    async def close(self) -> None:
        """End the file; all that it holds is on the disk already."""
        try:
            await self._in_thread(self._writer.close)
        except OSError as error:
            logger.warning("The page archive's file could not be closed: %s", error)
        finally:
            self._thread.shutdown()

    def add(self, request: Request, response: Response) -> asyncio.Future[Capture]:
        """Archive a response, as it came.

        :returns: awaits its capture
        :raises ArchiveLost: it cannot be written, now or since earlier
        """
        if self.lost is not None:
            raise self.lost
        lease = request.cb_kwargs.get("lease")
        url = at_herald(request.url, self._site_url).partition("#")[0]
        exchange = Exchange(
            url=url,
            article_id=lease.article_id if lease is not None else story_id(url),
            captured_at=datetime.now(UTC),
            request=request,
            response=response,
            rendered_from=request.meta.get("rendered_from"),
            is_rendered="browser" in response.flags,
        )
        # A story that no run has archived yet has no payload that could come again.
        may_be_known = lease is None or lease.is_archived or url != lease.url
        future: asyncio.Future[Capture] = asyncio.get_running_loop().create_future()
        self._waiting.append((exchange, may_be_known, future))
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        return future

    async def _work(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                try:
                    await self._write(group)
                except Exception as error:  # noqa: BLE001  (whoever waits must hear of it)
                    for *_, future in group:
                        if not future.done():  # or nobody waits any more
                            future.set_exception(error)
        finally:
            self._task = None

    async def _write(self, group: list[tuple[Exchange, bool, asyncio.Future[Capture]]]) -> None:
        """Write a group and tell those who wait.

        :raises ArchiveLost: it cannot be written
        :raises DatabaseLost: nobody can tell what is archived already
        """
        if self.lost is not None:
            raise self.lost
        known: dict[str, list[Payload]] = {}
        if urls := {exchange.url for exchange, may_be_known, _ in group if may_be_known}:
            known = await self._store.payloads(urls)
        records = [(each, write(each, known.get(each.url, ()))) for each, *_ in group]
        try:
            done = await self._in_thread(self._writer.append, records)
        except OSError as error:
            lost = self._give_up(error)
            self._on_lost()
            raise lost from error
        self._store.captures.add(done)
        for (*_, future), (capture, *_) in zip(group, done, strict=True):
            if not future.done():
                future.set_result(capture)

    def _in_thread(
        self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> asyncio.Future[_T]:
        call = functools.partial(work, *args, **kwargs)
        return asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _give_up(self, error: OSError) -> ArchiveLost:
        why = f"the page archive cannot be written ({error.strerror or error})"
        logger.error("No page archive: %s; nothing is stored whose page it lacks", why)
        self.lost = ArchiveLost(why)
        return self.lost
