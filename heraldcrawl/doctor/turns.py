"""The doctor waits for its turns at the site like a crawl."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import psycopg

from heraldcrawl.errors import HeraldError
from heraldcrawl.extensions.database import Database
from heraldcrawl.reading.archive import open_as_it_is
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_PACE: Final = load("pace")


class Turns(Database):
    """In place of the run's database: gives requests their turns, and does nothing else."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._settings = crawler.settings
        self.store = SimpleNamespace(lost=None, take_turn=self.take_turn)  # type: ignore[assignment]  # all that is asked of it

    async def spider_opened(self, spider: object) -> None:
        """There is no run to open."""

    async def spider_closed(self, reason: str) -> None:
        """Nor one to close."""

    async def take_turn(self, host: str, delay_seconds: float) -> float:
        """Where there is no database to ask there are no other crawls."""
        try:
            return await asyncio.to_thread(self._take_turn, host, delay_seconds)
        except (HeraldError, psycopg.Error):
            return 0.0

    def _take_turn(self, host: str, delay_seconds: float) -> float:
        with open_as_it_is(self._settings, starts=False) as connection:
            which = {"host": host, "delay": delay_seconds}
            [seconds] = connection.execute(_PACE["take_turn"], which).fetchone() or (0.0,)
        return max(0.0, float(seconds))
