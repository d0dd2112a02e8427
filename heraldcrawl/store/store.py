"""The store: every method is one transaction, and waits while the database is away.

All of them may be done twice, for the answer to a commit can get lost, and mean the same as once.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psycopg.rows import class_row

from heraldcrawl import __version__
from heraldcrawl.store import duplicates
from heraldcrawl.store.aliases import Known, identify_fetched, note_claims, resolve
from heraldcrawl.store.captures import Captures
from heraldcrawl.store.ledger import Ledger
from heraldcrawl.store.link import Connection, Link
from heraldcrawl.store.locks import RUN_LOCK
from heraldcrawl.store.pictures import Pictures
from heraldcrawl.store.queries import load
from heraldcrawl.store.records import Outcome, record_of
from heraldcrawl.store.revisits import Revisits
from heraldcrawl.store.totals import counts
from heraldcrawl.store.walks import Walks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import timedelta

    from heraldcrawl.archive.capture import Payload
    from heraldcrawl.errors import DatabaseLost
    from heraldcrawl.items import Article
    from heraldcrawl.store.identity import Identity, Visit

_ARTICLES = load("articles")
_LEDGER = load("ledger")
_PACE = load("pace")
_RUNS = load("runs")
_WALKS = load("walks")


class Store:
    """One run's door to the archive.

    :param url: libpq URL of a migrated database
    :param patience_seconds: how long to wait for a database that went away
    :param silence_seconds: a statement that takes longer counts as a database that went away
    :param lease_seconds: another run that says nothing for so long hangs, and loses what it holds
    :param is_stopping: tells that nobody wants to wait long any more
    :param revisit_ages: how old a story is when it is looked at again
    """

    def __init__(
        self,
        url: str,
        *,
        patience_seconds: float = 300,
        silence_seconds: float = 30,
        lease_seconds: float = 600,
        is_stopping: Callable[[], bool] = lambda: False,
        revisit_ages: Sequence[timedelta] = (),
    ) -> None:
        self._link = Link(
            url,
            patience_seconds=patience_seconds,
            silence_seconds=silence_seconds,
            is_stopping=is_stopping,
        )
        self._lease_seconds = lease_seconds
        #: Stories that this run has leased and not settled, and what their pages told.
        self._held: dict[str, Visit | None] = {}
        self.captures = Captures()
        self.revisits = Revisits(self._link, self.captures, revisit_ages, self._held)
        self.ledger = Ledger(self._link, self.captures, self.revisits, self._held)
        self.walks = Walks(self._link)
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
        [row] = await self._link.execute(
            _RUNS["start_run"], {"spider": spider, "arguments": json.dumps(arguments)}
        )
        self.run = self._link.run = self.captures.run = row["id"]
        await self._link.execute(_RUNS["hold_run"], {"lock": RUN_LOCK, "run": self.run})
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

        self.ledger.close()
        await self._link.do(work)

    async def disconnect(self) -> None:
        await self._link.close()

    async def release_dead_runs(self) -> None:
        """Free the leases and walks of runs that were killed, or hang."""
        rows = await self._link.execute(
            _LEDGER["find_dead_runs"],
            {"lock": RUN_LOCK, "run": self.run, "silence": self._lease_seconds},
        )
        if not rows:
            return
        runs = [row["run"] for row in rows]

        async def work(connection: Connection) -> None:
            await connection.execute(_LEDGER["release_leases_of_dead_runs"], {"runs": runs})
            await self.pictures.release(connection, runs)
            await connection.execute(_WALKS["release_walks_of_dead_runs"], {"runs": runs})

        await self._link.do(work)

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
            cursor = connection.cursor(row_factory=class_row(Outcome))
            async with self.captures.transaction(connection):
                await duplicates.lock(connection)
                identities = await identify_fetched(connection, articles, visits)
                fetched = [each for each in articles if identities[each.id].article_id]
                records = await self._store(connection, fetched, identities, visits)
                dated = [{"id": each["id"], "fetched_at": each["fetched_at"]} for each in records]
                await cursor.execute(_ARTICLES["outcomes"], {"batch": json.dumps(dated)})
            outcomes = {outcome.id: outcome for outcome in await cursor.fetchall()}
            return {each.id: _told(outcomes, identities[each.id]) for each in fetched}

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
    ) -> list[dict[str, Any]]:
        """Write a batch down.

        Hardly anything here waits for an answer: each would be a way to the server and back, in
        which the crawl does something else first.

        :returns: the stories as they were stored, or would have been
        """
        stored_as = {each.id: str(identities[each.id].article_id) for each in articles}
        ids = {"ids": list(stored_as.values())}
        records = [record_of(each, stored_as[each.id]) for each in articles]
        new = {stored_as[each.id] for each in articles if not identities[each.id].is_stored}
        known = [record for record in records if record["id"] not in new]
        await connection.execute(_ARTICLES["insert_new"], {"batch": json.dumps(records)})
        changed: set[str] = set()
        if known:
            batch = {"batch": json.dumps(known), "again": False}
            updated = await connection.execute(_ARTICLES["update_changed"], batch)
            await connection.execute(_ARTICLES["touch_unchanged"], batch)
            changed = {id_ for (id_,) in await updated.fetchall()}
        told = new | changed
        texts = {id_: each for each in articles if (id_ := stored_as[each.id]) in told}
        await duplicates.link(connection, texts, changed=changed)
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
        return records

    async def resolve(self, ids: Sequence[str]) -> list[Known]:
        """Tell which stories are known by some ids, each once."""
        return await self._link.do(lambda connection: resolve(connection, ids))

    async def sign_older(self, seconds: float) -> int:
        """Find the copies among stories that an older heraldcrawl has stored, for a while.

        :returns: how many stories were compared
        """
        return await duplicates.sign_older(self._link, seconds=seconds)

    # The pace -------------------------------------------------------------------------------------

    async def take_turn(self, host: str, delay_seconds: float) -> float:
        """Take the next turn at a host, after all that other crawls have taken.

        :param delay_seconds: to leave free after it
        :returns: how many seconds from now it is
        """
        [row] = await self._link.execute(_PACE["take_turn"], {"host": host, "delay": delay_seconds})
        return max(0.0, float(row["seconds"]))

    # The page archive -----------------------------------------------------------------------------

    async def payloads(self, urls: Iterable[str]) -> dict[str, list[Payload]]:
        """The latest archived responses of some addresses, the newest first."""
        return await self._link.do(lambda connection: self.captures.payloads(connection, urls))


def _told(outcomes: dict[str, Outcome], identity: Identity) -> Outcome:
    outcome = outcomes[str(identity.article_id)]
    doubts = identity.claims if identity.is_doubtful else ()
    if not identity.alias and not doubts:
        return outcome
    return replace(outcome, alias=identity.alias, doubts=doubts)
