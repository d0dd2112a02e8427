"""The store: every method is one transaction, and waits while the database is away.

All of them may be done twice, for the answer to a commit can get lost, and mean the same as once.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg.rows import class_row, dict_row

from heraldcrawl import __version__
from heraldcrawl.errors import DatabaseLost
from heraldcrawl.items import Article
from heraldcrawl.site.addresses import story_url
from heraldcrawl.site.dates import from_iso, isoformat
from heraldcrawl.site.lists import ListEntry
from heraldcrawl.store import duplicates
from heraldcrawl.store.aliases import Known, identify_fetched, note_claims, resolve
from heraldcrawl.store.captures import Captures
from heraldcrawl.store.link import RUN_LOCK, Connection, Link
from heraldcrawl.store.pictures import Pictures
from heraldcrawl.store.queries import load
from heraldcrawl.store.revisits import Revisits
from heraldcrawl.store.totals import counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import timedelta

    from heraldcrawl.archive.capture import Payload
    from heraldcrawl.store.identity import Alias, Identity, Visit

_ARTICLES = load("articles")
_LEDGER = load("ledger")
_PACE = load("pace")
_RUNS = load("runs")
_WALKS = load("walks")

#: Fields that come from the page; the others are the archive's to tell.
_STORED = [
    field.name
    for field in fields(Article)
    if field.name not in ("duplicate_of", "revision", "first_seen_at")
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a story in the archive."""

    id: str  # the first one that it had
    outcome: str  # new, changed, unchanged
    revision: int
    first_seen_at: datetime
    duplicate_of: str | None
    alias: Alias | None = None  # its other id, known from now on
    doubts: tuple[Alias, ...] = ()  # ids of other stories that its page named as its own


@dataclass(frozen=True, slots=True)
class Listed:
    """What the archive knows of an entry of a list page."""

    article_id: str
    is_new: bool  # this list had not shown it before
    pending: bool  # it is still to be fetched
    is_covered: bool  # a walk that was completed had passed it on this list
    is_walked: bool  # the walk under way had passed it


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
    is_revisit: bool = False  # it is stored; what the list said is what the archive knows of it
    has_text: bool = False  # and it is not its headline and pictures alone
    etag: str | None = None  # what the page gave to ask by whether it has changed
    last_modified: str | None = None
    is_archived: bool = True  # the page archive has a response of this address, or may have

    @property
    def entry(self) -> ListEntry:
        """What the list said, as the readers take it."""
        return ListEntry(
            id=self.article_id,
            url=self.url,
            headline=self.headline or "",
            date_published=from_iso(self.date_published) if self.date_published else None,
            category=self.category,
            description=self.description,
            image=self.image,
        )


@dataclass(frozen=True, slots=True)
class Walk:
    """The walk through a list that is under way."""

    id: int
    list: str
    next_page: int  # all before it was read without a gap
    is_deep: bool  # goes beyond what earlier walks had reached


class Store:
    """One run's door to the archive.

    :param url: libpq URL of a migrated database
    :param patience_seconds: how long to wait for a database that went away
    :param silence_seconds: a statement that takes longer counts as a database that went away
    :param is_stopping: tells that nobody wants to wait long any more
    :param revisit_ages: how old a story is when it is looked at again
    """

    def __init__(
        self,
        url: str,
        *,
        patience_seconds: float = 300,
        silence_seconds: float = 30,
        is_stopping: Callable[[], bool] = lambda: False,
        revisit_ages: Sequence[timedelta] = (),
    ) -> None:
        self._link = Link(
            url,
            patience_seconds=patience_seconds,
            silence_seconds=silence_seconds,
            is_stopping=is_stopping,
        )
        #: Stories that this run has leased and not settled, and what their pages told.
        self._held: dict[str, Visit | None] = {}
        self._renewing: asyncio.Task[None] | None = None
        self.captures = Captures()
        self.revisits = Revisits(self._link, self.captures, revisit_ages, self._held)
        self.pictures = Pictures(self._link)
        self.run = 0

    @property
    def link(self) -> Link:
        """The run's connection, for what has its own queries."""
        return self._link

    @property
    def lost(self) -> DatabaseLost | None:
        """Why the database was given up, if it was."""
        return self._link.lost

    async def open(self, spider: str, arguments: dict[str, Any]) -> None:
        """Connect, open the run's row, and free what dead runs held."""
        [row] = await self._fetch(
            _RUNS["start_run"], {"spider": spider, "arguments": json.dumps(arguments)}
        )
        self.run = self._link.run = self.captures.run = row["id"]
        await self._execute(_RUNS["hold_run"], {"lock": RUN_LOCK, "run": self.run})
        await self.release_dead_runs()

    async def close(self, reason: str, stats: dict[str, Any]) -> None:
        """Give back what is held, close the run's row, disconnect."""
        try:
            await self.finish(reason, stats)
        finally:
            await self.disconnect()

    async def finish(self, reason: str, stats: dict[str, Any]) -> None:
        """Give back what is held, and close the run's row."""
        finish = {
            "run": self.run,
            "reason": reason,
            "stats": json.dumps(stats, default=str),
            "counts": json.dumps(counts(stats, reason)),
        }

        async def work(connection: Connection) -> None:
            async with self.captures.transaction(connection):
                await self.captures.finish(connection)
                await connection.execute(_LEDGER["release_run"], {"run": self.run})
                await self.pictures.release(connection, [self.run])
                await connection.execute(_WALKS["release_walks"], {"run": self.run})
                await connection.execute(_RUNS["finish_run"], finish)

        if self._renewing is not None:
            self._renewing.cancel()
        await self._link.do(work)

    async def disconnect(self) -> None:
        await self._link.close()

    # Stories --------------------------------------------------------------------------------------

    def note(self, article_id: str, visit: Visit) -> None:
        """Keep what a story's page told beside the story, until it is stored."""
        self._held[article_id] = visit

    async def store(self, articles: Sequence[Article]) -> dict[str, Outcome]:
        """Store a batch and take it out of the ledger, in one transaction.

        :param articles: each id once, and of one kind
        :returns: by the id that was fetched; without those whose page was another story's
        """
        visits = {each.id: visit for each in articles if (visit := self._held.get(each.id))}

        async def work(connection: Connection) -> dict[str, Outcome]:
            async with self.captures.transaction(connection, pipelined=True):
                await duplicates.lock(connection)
                identities = await identify_fetched(connection, articles, visits)
                fetched = [each for each in articles if identities[each.id].article_id]
                return await self._store(connection, fetched, identities, visits)

        outcomes = await self._link.do(work)
        for id_ in outcomes:
            self._held.pop(id_, None)
        return outcomes

    async def _store(
        self,
        connection: Connection,
        articles: Sequence[Article],
        identities: dict[str, Identity],
        visits: dict[str, Visit],
    ) -> dict[str, Outcome]:
        stored_as = {each.id: str(identities[each.id].article_id) for each in articles}
        batch = {"batch": json.dumps([record_of(each, stored_as[each.id]) for each in articles])}
        ids = {"ids": list(stored_as.values())}
        new = await connection.execute(_ARTICLES["insert_new"], batch)
        changed = await connection.execute(_ARTICLES["update_changed"], batch | {"again": False})
        await connection.execute(_ARTICLES["touch_unchanged"], batch)
        had = {id_ for (id_,) in await changed.fetchall()}
        told = had | {id_ for (id_,) in await new.fetchall()}
        texts = {id_: each for each in articles if (id_ := stored_as[each.id]) in told}
        await duplicates.link(connection, texts, changed=had)
        await connection.execute(
            _ARTICLES["insert_revisions"], ids | {"reason": "changed", "reader": __version__}
        )
        await self.pictures.enlist(connection, ids["ids"])
        for article in articles:
            if stored_as[article.id] != article.id:
                deeper = {"path": article.breadcrumbs, "ids": [stored_as[article.id]]}
                await connection.execute(_LEDGER["deepen_breadcrumbs"], deeper)
        await note_claims(connection, (identities[each.id] for each in articles))
        pages = {stored_as[id_]: visit for id_, visit in visits.items() if id_ in stored_as}
        await self.revisits.schedule(connection, ids["ids"], pages)
        aliases = [alias.alias for each in articles if (alias := identities[each.id].alias)]
        settled = {"ids": list({*stored_as, *ids["ids"], *aliases})}
        await connection.execute(_LEDGER["settle"], settled)
        await connection.execute(_LEDGER["settle_listings"], settled)
        cursor = connection.cursor(row_factory=class_row(Outcome))
        await cursor.execute(_ARTICLES["outcomes"], batch)
        outcomes = {outcome.id: outcome for outcome in await cursor.fetchall()}
        return {
            id_: replace(
                outcomes[article_id],
                alias=identities[id_].alias,
                doubts=identities[id_].claims if identities[id_].is_doubtful else (),
            )
            for id_, article_id in stored_as.items()
        }

    async def resolve(self, ids: Sequence[str]) -> list[Known]:
        """Tell which stories are known by some ids, each once."""
        return await self._link.do(lambda connection: resolve(connection, ids))

    async def sign_older(self, seconds: float) -> int:
        """Find the copies among stories that an older heraldcrawl has stored, for a while.

        :returns: how many stories were compared
        """
        return await duplicates.sign_older(self._link, seconds=seconds)

    # The ledger -----------------------------------------------------------------------------------

    async def record_listing(
        self,
        slug: str,
        path: Sequence[str],
        entries: Iterable[ListEntry],
        *,
        walk: Walk | None = None,
        wanted: Callable[[ListEntry], bool] = lambda _: True,
        again: bool = False,
    ) -> list[Listed]:
        """Record what a list page announced, in one transaction.

        :param slug: the list: a section's slug, ``latest`` or ``article``
        :param path: the list's menu path
        :param walk: the walk that reads it; :meth:`advance_walk` tells how far that has come
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
        ids = [record["article_id"] for record in records]

        async def work(connection: Connection) -> list[Listed]:
            async with self.captures.transaction(connection):
                cursor = connection.cursor(row_factory=class_row(Listed))
                await cursor.execute(_LEDGER["record_listing"], parameters)
                listed = await cursor.fetchall()
                if not again:
                    await connection.execute(_LEDGER["settle_announced"], {"ids": ids})
                if path:
                    await connection.execute(
                        _LEDGER["deepen_breadcrumbs"], {"path": list(path), "ids": ids}
                    )
            return listed

        return await self._link.do(work)

    async def not_stored(self, ids: Sequence[str]) -> list[str]:
        """Which of these stories the archive lacks, in the same order."""
        rows = await self._fetch(_LEDGER["not_stored"], {"ids": list(ids)}) if ids else []
        return [row["id"] for row in rows]

    async def lease(
        self, slug: str, count: int, seconds: float, *, revisits: int = 0
    ) -> list[Lease]:
        """The next stories of a list, for this run alone.

        :param seconds: how long they stay ours if this process hangs; while it works, it renews
        :param revisits: of them, at most so many that are to be looked at again
        """
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew(seconds))
        again = await self.revisits.lease(slug, revisits, seconds) if revisits else []
        self._held.update((row["article_id"], None) for row in again)
        rows = await self._fetch(
            _LEDGER["lease"],
            {
                "list": slug,
                "count": count - len(again),
                "run": self.run,
                "seconds": seconds,
                "held": list(self._held),
            },
        )
        self._held.update((row["article_id"], None) for row in rows)
        return [Lease(**row) for row in (*again, *rows)]

    def holds(self, article_id: str) -> bool:
        """Whether this run has leased the story and not said yet what became of it."""
        return article_id in self._held

    async def is_outstanding(self, slug: str) -> bool:
        """Whether stories of a list are due or being fetched by anybody."""
        [row] = await self._fetch(_LEDGER["is_outstanding"], {"list": slug})
        return bool(row["yes"])

    async def count_waiting(self, slug: str) -> int:
        """How many stories of a list are still to be fetched, now or later."""
        [row] = await self._fetch(_LEDGER["count_waiting"], {"list": slug})
        return int(row["count"])

    async def release_dead_runs(self) -> None:
        """Free the leases and walks of runs that were killed."""
        rows = await self._fetch(_LEDGER["find_dead_runs"], {"lock": RUN_LOCK, "run": self.run})
        if not rows:
            return
        runs = [row["run"] for row in rows]

        async def work(connection: Connection) -> None:
            await connection.execute(_LEDGER["release_leases_of_dead_runs"], {"runs": runs})
            await self.pictures.release(connection, runs)
            await connection.execute(_WALKS["release_walks_of_dead_runs"], {"runs": runs})

        await self._link.do(work)

    async def fail(
        self,
        article_id: str,
        reason: str,
        detail: str,
        *,
        attempts: int,
        final: bool = False,
    ) -> str:
        """Record a failed attempt at a story that this run has leased.

        The page that the run fetched for it last, if any, is noted with it.

        :param attempts: so many make a dead letter
        :param final: this one alone makes a dead letter
        :returns: ``waiting`` or ``dead``, or ``stored`` if another run did better
        """
        failure = {
            "id": article_id,
            "run": self.run,
            "reason": reason,
            "detail": printable(detail),
            "attempts": attempts,
            "final": final,
        }

        async def work(connection: Connection) -> str:
            async with self.captures.transaction(connection):
                cursor = await connection.execute(_LEDGER["fail"], failure)
                state, is_revisit = await cursor.fetchone() or ("stored", False)
                if is_revisit and state == "dead":
                    await self.revisits.schedule(connection, [article_id])
            return str(state)

        state = await self._link.do(work)
        self._held.pop(article_id, None)
        return state

    async def set_aside(self, article_id: str, slug: str, reason: str) -> None:
        """The page files the story elsewhere than the list that was asked for."""
        await self._execute(
            _LEDGER["set_aside"], {"id": article_id, "list": slug, "reason": reason}
        )
        self._held.pop(article_id, None)

    async def give_back(self, article_id: str) -> None:
        """The site refused to answer; the story waits, and the attempt does not count."""
        await self._execute(_LEDGER["give_back"], {"id": article_id, "run": self.run})
        self._held.pop(article_id, None)

    # The walk -------------------------------------------------------------------------------------

    async def open_walk(
        self, slug: str, *, full: bool = False, deep_days: float = 7
    ) -> Walk | None:
        """The list's walk, taken up where it was interrupted; None while another run walks it.

        :param full: the walk through all of the list, not the one for what is new
        :param deep_days: so long after the last deep walk a new one goes deep
        """
        rows = await self._fetch(
            _WALKS["open_walk"],
            {"list": slug, "full": full, "run": self.run, "deep_days": deep_days},
        )
        return Walk(**rows[0]) if rows else None

    async def take_over_walk(self, slug: str, *, full: bool = False) -> Walk | None:
        """The walk that another run left unfinished; None if it was finished."""
        rows = await self._fetch(
            _WALKS["take_over_walk"], {"list": slug, "full": full, "run": self.run}
        )
        return Walk(**rows[0]) if rows else None

    async def is_walked_by_others(self, slug: str, *, full: bool = False) -> bool:
        [row] = await self._fetch(
            _WALKS["is_walked_by_others"], {"list": slug, "full": full, "run": self.run}
        )
        return bool(row["yes"])

    async def advance_walk(
        self, walk: Walk, ids: Iterable[str], next_page: int | None = None, *, end: bool = False
    ) -> None:
        """Tell how far the walk has come without a gap, in one transaction.

        :param ids: the entries that it has passed
        :param next_page: where it goes on when it is interrupted
        :param end: it is finished
        """
        passed = {"walk": walk.id, "list": walk.list, "ids": list(ids)}

        async def work(connection: Connection) -> None:
            async with connection.transaction():
                await connection.execute(_WALKS["mark_walked"], passed)
                if next_page is not None:
                    await connection.execute(
                        _WALKS["advance_walk"], {"walk": walk.id, "next_page": next_page}
                    )
                if end:
                    await connection.execute(_WALKS["finish_walk"], {"walk": walk.id})

        await self._link.do(work)

    # The pace -------------------------------------------------------------------------------------

    async def take_turn(self, host: str, delay_seconds: float) -> float:
        """Take the next turn at a host, after all that other crawls have taken.

        :param delay_seconds: to leave free after it
        :returns: how many seconds from now it is
        """
        [row] = await self._fetch(_PACE["take_turn"], {"host": host, "delay": delay_seconds})
        return max(0.0, float(row["seconds"]))

    # The page archive -----------------------------------------------------------------------------

    async def payloads(self, urls: Iterable[str]) -> dict[str, list[Payload]]:
        """The latest archived responses of some addresses, the newest first."""
        return await self._link.do(lambda connection: self.captures.payloads(connection, urls))

    # Plumbing -------------------------------------------------------------------------------------

    async def _renew(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds / 3)
            if self._held:
                held = {"run": self.run, "seconds": seconds, "held": list(self._held)}
                with suppress(DatabaseLost):  # told to whoever works
                    await self._execute(_LEDGER["renew"], held)

    async def _execute(self, statement: LiteralString, parameters: dict[str, Any]) -> None:
        async def work(connection: Connection) -> None:
            await connection.execute(statement, parameters)

        await self._link.do(work)

    async def _fetch(
        self, statement: LiteralString, parameters: dict[str, Any]
    ) -> list[dict[str, Any]]:
        async def work(connection: Connection) -> list[dict[str, Any]]:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(statement, parameters)
            return await cursor.fetchall()

        return await self._link.do(work)


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


def record_of(article: Article, stored_as: str) -> dict[str, Any]:
    """A story as the statements of ``articles.sql`` take it.

    :param stored_as: the id under which the archive has it, or will
    """
    record = {name: getattr(article, name) for name in _STORED}
    if stored_as != article.id:
        record |= {"id": stored_as, "url": story_url(stored_as)}
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
