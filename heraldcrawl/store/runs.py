"""Which crawls are under way, whatever started them; and what is kept of old ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.rows import class_row

from heraldcrawl.store.choice import embedded, given
from heraldcrawl.store.given import connect
from heraldcrawl.store.locks import RUN_LOCK
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy.settings import BaseSettings

_RUNS = load("runs")


@dataclass(frozen=True, slots=True)
class LiveRun:
    """A crawl under way."""

    id: int
    started_at: datetime
    job: str | None  # Scrapyd's, if Scrapyd started it


def live_runs(settings: BaseSettings, spider: str) -> list[LiveRun]:
    """The runs of a spider that are under way; an embedded server that is stopped has none.

    :raises StoreError: the database cannot be asked
    """
    ours = embedded(settings)
    if ours is not None and not ours.status().running:
        return []
    with connect(ours.url if ours is not None else given(settings)) as connection:
        if connection.execute(_RUNS["has_runs"]).fetchone() == (False,):
            return []
        cursor = connection.cursor(row_factory=class_row(LiveRun))
        cursor.execute(_RUNS["live_runs"], {"lock": RUN_LOCK, "spider": spider})
        return cursor.fetchall()


def thin_runs(url: str, days: int) -> int:
    """Forget the statistics of old runs that read no story: most of them, and of no more use.

    :param days: younger runs are left alone
    :returns: how many were thinned
    :raises StoreError: the database cannot be used
    """
    with connect(url) as connection:
        if connection.execute(_RUNS["has_runs"]).fetchone() == (False,):
            return 0
        return connection.execute(_RUNS["thin_runs"], {"days": days}).rowcount
