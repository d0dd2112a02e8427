"""Stores stories in batches; what leaves here is committed."""

from __future__ import annotations

import asyncio
import logging
import traceback
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any

import psycopg
from scrapy.exceptions import DropItem

from heraldcrawl.errors import DatabaseLost
from heraldcrawl.extensions.database import Database
from heraldcrawl.site.addresses import are_of_one_kind, story_url

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from heraldcrawl.items import Article
    from heraldcrawl.store import Outcome, Store

    _Batch = dict[str, tuple[Article, asyncio.Future[Outcome | None]]]

logger = logging.getLogger(__name__)

#: Stories a transaction at most; more wait for the next.
_BATCH = 100
#: How long the first of a batch waits for company: a transaction costs as much as parsing two.
_LINGER_SECONDS = 0.25
#: Characters of a headline in the log.
_SHOWN = 80


class Unchanged(DropItem):
    """The archive has this text already; not exported again."""


class NotStored(DropItem):
    """The database went away for good; the story is still in its ledger, for the next run."""


class AnotherStory(DropItem):
    """The site led from a stored story to one that has nothing in common with it."""

    reason = "another_story"


class StorePipeline:
    """Stores a story and drops it if its text is unchanged, counted as ``story/unchanged``.

    A story that the database refuses is a dead letter with the reason ``store``. One that is stored
    already by its other id is that story, counted as ``story/joined`` the first time; pages that
    name stories as their own which they are not are counted as ``alias/doubtful``.

    A story waits until the transaction that holds it is committed; those that come meanwhile share
    the next one. So a feed never holds a story that the database lacks.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._waiting: list[tuple[Article, asyncio.Future[Outcome | None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._complete = asyncio.Event()

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
        if outcome is None:
            why = f"the page of {item.id} is another story's: {item.headline[:_SHOWN]!r}"
            logger.warning("Not stored: %s", why)
            raise AnotherStory(why, log_level="DEBUG")
        self._count(f"story/{outcome.outcome}")
        if outcome.alias:
            self._count("story/joined")
        if outcome.doubts:
            self._doubt(outcome)
        item.id, item.url = outcome.id, story_url(outcome.id)
        item.revision = outcome.revision
        item.first_seen_at = outcome.first_seen_at.astimezone(UTC)
        item.duplicate_of = outcome.duplicate_of
        if item.duplicate_of is not None and outcome.outcome == "new":
            self._crawler.stats.inc_value("story/duplicate")
        if outcome.outcome == "unchanged":
            raise Unchanged(f"{item.id} is unchanged", log_level="DEBUG")
        return item

    def _doubt(self, outcome: Outcome) -> None:
        if self._count("alias/doubtful") == 1:
            named = ", ".join(
                f"{each.alias} ({' '.join(each.evidence)})" for each in outcome.doubts
            )
            logger.warning(
                "%s names other stories as its own and is not joined to them: %s; scrapy history"
                " shows the others",
                outcome.id,
                named,
            )

    def _count(self, key: str) -> int:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(key)
        return int(self._crawler.stats.get_value(key))

    def _commit(self, item: Article) -> asyncio.Future[Outcome | None]:
        future: asyncio.Future[Outcome | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._is_complete():
            self._complete.set()
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return future

    async def _write(self) -> None:
        try:
            while self._waiting:
                self._complete.clear()
                if not self._is_complete():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._complete.wait(), _LINGER_SECONDS)
                for batch in self._take_batches():
                    await self._write_batch(batch)
        finally:
            self._writer = None

    def _is_complete(self) -> bool:
        """Whether nobody else can come, or no more shall be fetched again after a kill."""
        spider: Any = self._crawler.spider
        waiting = len(self._waiting)
        return waiting >= min(spider.busy, _BATCH) or (
            waiting >= self._store.ledger.held and not spider.discovering
        )

    def _take_batches(self) -> list[_Batch]:
        """What waits, each id once, and each kind of ids for itself.

        Two fetches of one story are two transactions, and two ids of one story have two kinds.
        """
        batches: list[_Batch] = []
        later = []
        for article, future in self._waiting:
            kin = (batch for batch in batches if are_of_one_kind(next(iter(batch)), article.id))
            batch = next(kin, None)
            if batch is None:
                batches.append({article.id: (article, future)})
            elif article.id in batch or len(batch) == _BATCH:
                later.append((article, future))
            else:
                batch[article.id] = (article, future)
        self._waiting = later
        return batches

    async def _write_batch(self, batch: _Batch) -> None:
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
                    future.set_result(outcomes.get(id_))

    async def _refused(self, batch: _Batch, error: psycopg.Error) -> None:
        [id_] = batch
        detail = "".join(traceback.format_exception(error))
        try:
            state = await self._store.ledger.fail(id_, "store", detail, attempts=1, final=True)
        except Exception as worse:  # noqa: BLE001  (likewise)
            self._tell(batch, worse)
            return
        self._count("story/failed")
        self._count("story/failed/store")
        if state == "dead":
            self._count("story/dead")
        self._tell(batch, error)

    def _tell(self, batch: _Batch, error: Exception) -> None:
        for _, future in batch.values():
            if not future.done():  # or nobody waits any more
                future.set_exception(error)
