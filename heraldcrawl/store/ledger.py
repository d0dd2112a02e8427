"""The ledger as one run sees it: what it announces, leases, and says of stories it cannot store.

A story that is stored leaves the ledger in the transaction that stores it, by store.py.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from psycopg.rows import class_row

from heraldcrawl.errors import DatabaseLost
from heraldcrawl.store.queries import load
from heraldcrawl.store.records import Lease, Listed, entry_record, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from heraldcrawl.site.lists import ListEntry
    from heraldcrawl.store.captures import Captures
    from heraldcrawl.store.identity import Visit
    from heraldcrawl.store.link import Connection, Link
    from heraldcrawl.store.records import Walk
    from heraldcrawl.store.revisits import Revisits

_LEDGER = load("ledger")


class Ledger:
    """One run's part in the ledger.

    :param held: stories that the run has leased and not settled, and what their pages told
    """

    def __init__(
        self, link: Link, captures: Captures, revisits: Revisits, held: dict[str, Visit | None]
    ) -> None:
        self._link = link
        self._captures = captures
        self._revisits = revisits
        self._held = held
        self._renewing: asyncio.Task[None] | None = None

    def close(self) -> None:
        """Renew no lease any more."""
        if self._renewing is not None:
            self._renewing.cancel()

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
        :param walk: the walk that reads it; walks.py tells how far that has come
        :param wanted: which of the entries are to be fetched
        :param again: fetch stories that are stored already as well
        """
        records = [entry_record(n, entry, wanted=wanted(entry)) for n, entry in enumerate(entries)]
        parameters = {
            "list": slug,
            "path": list(path),
            "entries": json.dumps(records),
            "walk": walk and walk.id,
            "again": again,
        }
        ids = [record["article_id"] for record in records]

        async def work(connection: Connection) -> list[Listed]:
            cursor = connection.cursor(row_factory=class_row(Listed))
            async with self._captures.transaction(connection):
                await cursor.execute(_LEDGER["record_listing"], parameters)
                if not again:
                    await connection.execute(_LEDGER["settle_announced"], {"ids": ids})
                if path:
                    await connection.execute(
                        _LEDGER["deepen_breadcrumbs"], {"path": list(path), "ids": ids}
                    )
            return await cursor.fetchall()

        return await self._link.do(work)

    async def lease(
        self, slug: str, count: int, seconds: float, *, revisits: int = 0
    ) -> list[Lease]:
        """The next stories of a list, for this run alone.

        :param seconds: how long they stay ours if this process hangs; while it works, it renews
        :param revisits: of them, at most so many that are to be looked at again
        """
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew(seconds))
        again = await self._revisits.lease(slug, revisits, seconds) if revisits else []
        self._held.update((row["article_id"], None) for row in again)
        rows = await self._link.execute(
            _LEDGER["lease"],
            {
                "list": slug,
                "count": count - len(again),
                "run": self._link.run,
                "seconds": seconds,
                "held": list(self._held),
            },
        )
        self._held.update((row["article_id"], None) for row in rows)
        return [Lease(**row) for row in (*again, *rows)]

    @property
    def held(self) -> int:
        """How many stories this run has leased and not said yet what became of."""
        return len(self._held)

    def holds(self, article_id: str) -> bool:
        """Whether this run has leased the story and not said yet what became of it."""
        return article_id in self._held

    async def is_outstanding(self, slug: str) -> bool:
        """Whether stories of a list are due or being fetched by anybody."""
        [row] = await self._link.execute(_LEDGER["is_outstanding"], {"list": slug})
        return bool(row["yes"])

    async def count_waiting(self, slug: str) -> int:
        """How many stories of a list are still to be fetched, now or later."""
        [row] = await self._link.execute(_LEDGER["count_waiting"], {"list": slug})
        return int(row["count"])

    async def not_stored(self, ids: Sequence[str]) -> list[str]:
        """Which of these stories the archive lacks, in the same order."""
        rows = await self._link.execute(_LEDGER["not_stored"], {"ids": list(ids)}) if ids else []
        return [row["id"] for row in rows]

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
            "run": self._link.run,
            "reason": reason,
            "detail": printable(detail),
            "attempts": attempts,
            "final": final,
        }

        async def work(connection: Connection) -> str:
            async with self._captures.transaction(connection):
                cursor = await connection.execute(_LEDGER["fail"], failure)
                state, is_revisit = await cursor.fetchone() or ("stored", False)
                if is_revisit and state == "dead":
                    await self._revisits.schedule(connection, [article_id])
            return str(state)

        state = await self._link.do(work)
        self._held.pop(article_id, None)
        return state

    async def set_aside(self, article_id: str, slug: str, reason: str) -> None:
        """The page files the story elsewhere than the list that was asked for.

        Another list that has announced it still gets it.
        """
        aside = {"id": article_id, "list": slug, "run": self._link.run, "reason": reason}

        async def work(connection: Connection) -> None:
            async with self._captures.transaction(connection):
                await connection.execute(_LEDGER["set_aside"], aside)
                await connection.execute(_LEDGER["keep_for_others"], {"id": article_id})

        await self._link.do(work)
        self._held.pop(article_id, None)

    async def give_back(self, article_id: str) -> None:
        """The site refused to answer; the story waits, and the attempt does not count."""
        await self._link.execute(_LEDGER["give_back"], {"id": article_id, "run": self._link.run})
        self._held.pop(article_id, None)

    async def take_back(self, article_id: str) -> bool:
        """Have a story again that was given back, to say what became of it.

        :returns: whether nobody else has it by now
        """
        again = {"id": article_id, "run": self._link.run}
        return bool(await self._link.execute(_LEDGER["take_back"], again))

    async def _renew(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds / 3)
            # Without any, too: by this the others know that a walk goes on.
            held = {"run": self._link.run, "seconds": seconds, "held": list(self._held)}
            with suppress(DatabaseLost):  # told to whoever works
                await self._link.execute(_LEDGER["renew"], held)
