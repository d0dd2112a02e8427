"""Stores stories in batches; what leaves here is committed."""

from __future__ import annotations

import asyncio
import traceback
from datetime import UTC
from typing import TYPE_CHECKING

import psycopg
from scrapy.exceptions import DropItem

from heraldcrawl.errors import DatabaseLost
from heraldcrawl.extensions.database import Database

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from heraldcrawl.items import Article
    from heraldcrawl.store import Outcome, Store

#: Stories a transaction; more wait for the next.
_BATCH = 100
#: How long the first of a batch waits for company: a transaction costs as much as parsing two.
_LINGER_SECONDS = 0.1


class Unchanged(DropItem):
    """The archive has this text already; not exported again."""


class NotStored(DropItem):
    """The database went away for good; the story is still in its ledger, for the next run."""


class StorePipeline:
    """Stores a story and drops it if its text is unchanged, counted as ``story/unchanged``.

    A story that the database refuses is a dead letter with the reason ``store``.

    A story waits until the transaction that holds it is committed; those that come meanwhile share
    the next one. So a feed never holds a story that the database lacks.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._waiting: list[tuple[Article, asyncio.Future[Outcome]]] = []
        self._writer: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _store(self) -> Store:
        database = self._crawler.get_extension(Database)
        assert database is not None
        return database.store

    async def process_item(self, item: Article) -> Article:
        try:
            outcome = await self._commit(item)
        except DatabaseLost as error:  # said once, by the store
            raise NotStored(str(error), log_level="DEBUG") from error
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"story/{outcome.outcome}")
        item.revision = outcome.revision
        item.first_seen_at = outcome.first_seen_at.astimezone(UTC)
        item.duplicate_of = outcome.duplicate_of
        if item.duplicate_of is not None and outcome.outcome == "new":
            self._crawler.stats.inc_value("story/duplicate")
        if outcome.outcome == "unchanged":
            raise Unchanged(f"{item.id} is unchanged", log_level="DEBUG")
        return item

    def _commit(self, item: Article) -> asyncio.Future[Outcome]:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return future

    async def _write(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(_LINGER_SECONDS)
                batch = self._next_batch()
                await self._write_batch(batch)
        finally:
            self._writer = None

    def _next_batch(self) -> dict[str, tuple[Article, asyncio.Future[Outcome]]]:
        """Each id once: two fetches of one story are two transactions."""
        batch: dict[str, tuple[Article, asyncio.Future[Outcome]]] = {}
        later = []
        for article, future in self._waiting:
            if article.id in batch or len(batch) == _BATCH:
                later.append((article, future))
            else:
                batch[article.id] = (article, future)
        self._waiting = later
        return batch

    async def _write_batch(self, batch: dict[str, tuple[Article, asyncio.Future[Outcome]]]) -> None:
        try:
            outcomes = await self._store.store([article for article, _ in batch.values()])
        except psycopg.Error as error:
            if len(batch) > 1:  # one of them is at fault: each alone, so that the others are stored
                for id_, entry in batch.items():
                    await self._write_batch({id_: entry})
            else:
                await self._refused(batch, error)
        except Exception as error:  # noqa: BLE001  (whoever waits must hear of it)
            self._tell(batch, error)
        else:
            for id_, (_, future) in batch.items():
                if not future.done():
                    future.set_result(outcomes[id_])

    async def _refused(
        self, batch: dict[str, tuple[Article, asyncio.Future[Outcome]]], error: psycopg.Error
    ) -> None:
        [id_] = batch
        detail = "".join(traceback.format_exception(error))
        try:
            state = await self._store.fail(id_, "store", detail, attempts=1, final=True)
        except Exception as worse:  # noqa: BLE001  (likewise)
            self._tell(batch, worse)
            return
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value("story/failed")
        self._crawler.stats.inc_value("story/failed/store")
        if state == "dead":
            self._crawler.stats.inc_value("story/dead")
        self._tell(batch, error)

    def _tell(
        self, batch: dict[str, tuple[Article, asyncio.Future[Outcome]]], error: Exception
    ) -> None:
        for _, future in batch.values():
            if not future.done():  # or nobody waits any more
                future.set_exception(error)
