"""The store: every method is one transaction, and waits while the database is away."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

import psycopg
from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from heraldcrawl.errors import StoreError
from heraldcrawl.items import Article
from heraldcrawl.site.dates import isoformat
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from heraldcrawl.site.lists import ListEntry

logger = logging.getLogger(__name__)

_ARTICLES = load("articles")
_LEDGER = load("ledger")
_RUNS = load("runs")
_WALKS = load("walks")

#: First halves of our advisory locks' names.
_RUN_LOCK = 4_853_002
_WALK_LOCK = 4_853_003

#: Fields that come from the page; the others are the archive's to tell.
_STORED = [
    field.name
    for field in fields(Article)
    if field.name not in ("duplicate_of", "revision", "first_seen_at")
]

_T = TypeVar("_T")
_Connection = psycopg.AsyncConnection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a story in the archive."""

    id: str
    outcome: str  # new, changed, unchanged
    revision: int
    first_seen_at: datetime
    duplicate_of: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """What the archive knows of an entry of a list page."""

    article_id: str
    is_new: bool  # this list had not shown it before
    pending: bool  # it is still to be fetched
    is_covered: bool  # a walk that was completed had seen it on this list


@dataclass(frozen=True, slots=True)
class Lease:
    """A story that this run is to fetch, with what the list said of it."""

    article_id: str
    url: str
    section: list[str]
    headline: str | None
    date_published: str | None
    category: str | None
    description: str | None
    image: str | None


@dataclass(frozen=True, slots=True)
class Walk:
    """The walk through a list that is under way."""

    id: int
    next_page: int


class Store:
    """One run's door to the archive.

    :param url: libpq URL of a migrated database
    :param patience_seconds: how long to wait for a database that went away
    """

    def __init__(self, url: str, *, patience_seconds: float = 300) -> None:
        self._url = url
        self._patience = patience_seconds
        self._pool = AsyncConnectionPool(
            url, min_size=1, max_size=4, open=False, timeout=10, kwargs={"autocommit": True}
        )
        self._sign_of_life: _Connection | None = None
        self.run = 0

    async def open(self, spider: str, arguments: dict[str, Any]) -> None:
        """Connect, open the run's row, and free what dead runs had leased."""
        await self._pool.open(wait=True)
        [row] = await self._fetch(
            _RUNS["start_run"], {"spider": spider, "arguments": json.dumps(arguments)}
        )
        self.run = row["id"]
        await self._show_life()
        await self.release_dead_runs()

    async def close(self, reason: str, stats: dict[str, Any]) -> None:
        """Give back what is leased, close the run's row, disconnect."""
        try:
            await self._execute(_LEDGER["release_run"], {"run": self.run})
            await self._execute(
                _RUNS["finish_run"],
                {"run": self.run, "reason": reason, "stats": json.dumps(stats, default=str)},
            )
        finally:
            if self._sign_of_life is not None:
                await self._sign_of_life.close()
            await self._pool.close()

    # Stories --------------------------------------------------------------------------------------

    async def store(self, articles: Sequence[Article]) -> dict[str, Outcome]:
        """Store a batch and take it out of the ledger, in one transaction.

        :param articles: each id once
        """
        ids = [article.id for article in articles]
        batch = {"batch": json.dumps([_record(article) for article in articles])}

        async def work(connection: _Connection) -> dict[str, Outcome]:
            async with connection.pipeline(), connection.transaction():
                await connection.execute(_ARTICLES["insert_new"], batch)
                await connection.execute(_ARTICLES["update_changed"], batch)
                await connection.execute(_ARTICLES["touch_unchanged"], batch)
                await connection.execute(_ARTICLES["link_duplicates"], {"ids": ids})
                await connection.execute(_ARTICLES["insert_revisions"], {"ids": ids})
                await connection.execute(_LEDGER["settle"], {"ids": ids})
                cursor = connection.cursor(row_factory=class_row(Outcome))
                await cursor.execute(_ARTICLES["outcomes"], batch)
                outcomes = await cursor.fetchall()
            return {outcome.id: outcome for outcome in outcomes}

        return await self._patiently(work)

    # The ledger -----------------------------------------------------------------------------------

    async def record_listing(
        self,
        slug: str,
        path: Sequence[str],
        entries: Iterable[ListEntry],
        *,
        walk: Walk | None = None,
        next_page: int = 1,
        wanted: Callable[[ListEntry], bool] = lambda _: True,
        again: bool = False,
    ) -> list[Listed]:
        """Record what a list page announced, with the walk's progress, in one transaction.

        :param slug: the list: a section's slug, ``latest`` or ``article``
        :param path: the list's menu path
        :param next_page: where the walk goes on when it is interrupted
        :param wanted: which of the entries are to be fetched
        :param again: fetch stories that are stored already as well
        """
        records = [_entry(n, entry, wanted=wanted(entry)) for n, entry in enumerate(entries)]
        parameters = {
            "list": slug,
            "path": list(path),
            "entries": json.dumps(records),
            "walk": walk and walk.id,
            "again": again,
        }
        deepen = {"path": list(path), "ids": [record["article_id"] for record in records]}

        async def work(connection: _Connection) -> list[Listed]:
            async with connection.transaction():
                cursor = connection.cursor(row_factory=class_row(Listed))
                await cursor.execute(_LEDGER["record_listing"], parameters)
                listed = await cursor.fetchall()
                if path:
                    await connection.execute(_LEDGER["deepen_breadcrumbs"], deepen)
                if walk:
                    await connection.execute(
                        _WALKS["advance_walk"], {"walk": walk.id, "next_page": next_page}
                    )
            return listed

        return await self._patiently(work)

    async def lease(self, slug: str, count: int, seconds: float) -> list[Lease]:
        """The next stories of a list, for this run alone for so many seconds."""
        rows = await self._fetch(
            _LEDGER["lease"], {"list": slug, "count": count, "run": self.run, "seconds": seconds}
        )
        return [Lease(**row) for row in rows]

    async def count_outstanding(self, slug: str) -> int:
        """How many stories of a list are due or being fetched by anybody."""
        [row] = await self._fetch(_LEDGER["count_outstanding"], {"list": slug})
        return int(row["count"])

    async def release_dead_runs(self) -> None:
        await self._execute(_LEDGER["release_dead_runs"], {"lock": _RUN_LOCK})

    async def fail(
        self, article_id: str, reason: str, detail: str, *, attempts: int, final: bool = False
    ) -> str:
        """Record a failed attempt.

        :param attempts: so many make a dead letter
        :param final: this one alone makes a dead letter
        :returns: ``waiting`` or ``dead``
        """
        rows = await self._fetch(
            _LEDGER["fail"],
            {
                "id": article_id,
                "reason": reason,
                "detail": printable(detail),
                "attempts": attempts,
                "final": final,
            },
        )
        return str(rows[0]["state"]) if rows else "stored"

    async def set_aside(self, article_id: str, slug: str, reason: str) -> None:
        """The page files the story elsewhere than the list that was asked for."""
        await self._execute(
            _LEDGER["set_aside"], {"id": article_id, "list": slug, "reason": reason}
        )

    async def give_back(self, article_id: str) -> None:
        """The site refused to answer; the story waits, and the attempt does not count."""
        await self._execute(_LEDGER["give_back"], {"id": article_id})

    # The walk -------------------------------------------------------------------------------------

    async def open_walk(self, slug: str) -> Walk | None:
        """The list's walk, taken up where it was interrupted; None while another run walks it."""
        connection = await self._show_life()
        cursor = await connection.execute(_WALKS["lock_walk"], {"lock": _WALK_LOCK, "list": slug})
        if await cursor.fetchone() != (True,):
            return None
        [row] = await self._fetch(_WALKS["open_walk"], {"list": slug})
        return Walk(**row)

    async def finish_walk(self, walk: Walk) -> None:
        await self._execute(_WALKS["finish_walk"], {"walk": walk.id})

    # Plumbing -------------------------------------------------------------------------------------

    async def _show_life(self) -> _Connection:
        """A connection that holds the run's lock for as long as this process lives."""
        if self._sign_of_life is None or self._sign_of_life.closed:
            connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
            await connection.execute(_RUNS["hold_run"], {"lock": _RUN_LOCK, "run": self.run})
            self._sign_of_life = connection
        return self._sign_of_life

    async def _execute(self, statement: LiteralString, parameters: dict[str, Any]) -> None:
        async def work(connection: _Connection) -> None:
            await connection.execute(statement, parameters)

        await self._patiently(work)

    async def _fetch(
        self, statement: LiteralString, parameters: dict[str, Any]
    ) -> list[dict[str, Any]]:
        async def work(connection: _Connection) -> list[dict[str, Any]]:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(statement, parameters)
            return await cursor.fetchall()

        return await self._patiently(work)

    async def _patiently(self, work: Callable[[_Connection], Awaitable[_T]]) -> _T:
        """Do it, and do it again while the database is away.

        :raises StoreError: it did not come back in time
        """
        loop = asyncio.get_running_loop()
        away_since: float | None = None
        pause = 0.2
        while True:
            try:
                async with self._pool.connection() as connection:
                    result = await work(connection)
                if away_since is not None:
                    logger.warning("The database is back after %.0f s", loop.time() - away_since)
                    await self._show_life()
            except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
                if away_since is None:
                    away_since = loop.time()
                    logger.warning("The database is away (%s); waiting for it", _line(error))
                if self._sign_of_life is not None:
                    await self._sign_of_life.close()
                if loop.time() - away_since > self._patience:
                    raise StoreError(
                        f"the database stayed away for {self._patience:.0f} s: {_line(error)}"
                    ) from error
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                return result


def printable(text: str) -> str:
    """The text without what PostgreSQL cannot hold: NUL and lone surrogates.

    >>> printable("Kim\\x00 \\ud800Jong-un")
    'Kim \ufffdJong-un'
    """
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _record(article: Article) -> dict[str, Any]:
    record = {name: getattr(article, name) for name in _STORED}
    record["authors"] = [{"name": a.name, "email": a.email} for a in article.authors]
    record["images"] = [
        {"url": i.url, "caption": i.caption, "credit": i.credit} for i in article.images
    ]
    record["date_published"] = _instant(article.date_published)
    record["date_modified"] = _instant(article.date_modified)
    record["fetched_at"] = (article.fetched_at or datetime.now(UTC)).isoformat()
    return record


def _instant(stamp: str | None) -> str | None:
    """Where only the day is known, midnight in Korea."""
    return f"{stamp}T00:00:00+09:00" if stamp and "T" not in stamp else stamp


def _entry(position: int, entry: ListEntry, *, wanted: bool) -> dict[str, Any]:
    published: datetime | date | None = entry.date_published
    return {
        "position": position,
        "article_id": entry.id,
        "url": entry.url,
        "wanted": wanted,
        "headline": printable(entry.headline),
        "date_published": published and isoformat(published),
        "category": entry.category and printable(entry.category),
        "description": entry.description and printable(entry.description),
        "image": entry.image and printable(entry.image),
    }
