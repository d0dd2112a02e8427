"""The project's Database extension without a database: what it is told, it forgets."""

from __future__ import annotations

import asyncio
import json
import os
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heraldcrawl.extensions.database import Database
from heraldcrawl.store import Lease, Listed, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrapy import Spider

    from heraldcrawl.items import Article
    from heraldcrawl.site.lists import ListEntry
    from heraldcrawl.store.records import Walk


class Nowhere(Database):
    """Opens a :class:`Store`; writes the run's statistics to the file BENCHMARK_STATS."""

    async def spider_opened(self, spider: Spider) -> None:  # noqa: ARG002  (the signal's)
        self.store = Store()  # type: ignore[assignment]  # as far as a crawl of one list needs it

    async def spider_closed(self, reason: str) -> None:  # noqa: ARG002  (the signal's)
        assert self._crawler.stats is not None
        stats = json.dumps(self._crawler.stats.get_stats(), default=str)
        file = Path(os.environ["BENCHMARK_STATS"])
        await asyncio.to_thread(file.write_text, stats, "utf-8")


class Store:
    """The methods of the real one, its ledger and its walks that a crawl of one list calls."""

    lost = None

    def __init__(self) -> None:
        self.ledger = self.walks = self
        self._seen: set[str] = set()
        self._waiting: deque[Lease] = deque()
        self._held: set[str] = set()

    async def open(self, *_: Any, **__: Any) -> Walk | None:
        return None

    async def is_walked_by_others(self, *_: Any, **__: Any) -> bool:
        return False

    async def take_over(self, *_: Any, **__: Any) -> Walk | None:
        return None

    async def record_listing(
        self, _: str, path: Sequence[str], entries: Iterable[ListEntry], **__: Any
    ) -> list[Listed]:
        listed = []
        for entry in entries:
            is_new = entry.id not in self._seen
            listed.append(Listed(entry.id, is_new, is_new, is_covered=False, is_walked=False))
            if is_new:
                self._seen.add(entry.id)
                lease = Lease(entry.id, entry.url, list(path), None, None, None, None, None)
                self._waiting.append(lease)
        return listed

    async def lease(self, _: str, count: int, __: float, **___: Any) -> list[Lease]:
        leases = [self._waiting.popleft() for _ in range(min(count, len(self._waiting)))]
        self._held.update(lease.article_id for lease in leases)
        return leases

    @property
    def held(self) -> int:
        return len(self._held)

    def holds(self, article_id: str) -> bool:
        return article_id in self._held

    def note(self, *_: Any) -> None:
        pass

    async def release_dead_runs(self) -> None:
        pass

    async def is_outstanding(self, _: str) -> bool:
        return bool(self._waiting or self._held)

    async def count_waiting(self, _: str) -> int:
        return len(self._waiting)

    async def fail(self, article_id: str, *_: Any, **__: Any) -> str:
        self._held.discard(article_id)
        return "waiting"

    async def store(self, articles: Sequence[Article]) -> dict[str, Outcome]:
        outcomes = {}
        for article in articles:
            assert article.fetched_at is not None
            self._held.discard(article.id)
            outcomes[article.id] = Outcome(article.id, "new", 1, article.fetched_at, None)
        return outcomes
