"""Looking at young stories again: when they are due, and what becomes of a page that was not read.

A revisit that is due enters the ledger, and is leased, fails and is given back there like any other
work. When the next one is due is set by whatever ends this one, in the same transaction.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row

from heraldcrawl.errors import ArgumentError
from heraldcrawl.store.link import transaction
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from heraldcrawl.store.captures import Captures
    from heraldcrawl.store.identity import Visit
    from heraldcrawl.store.link import Connection, Link

_LEDGER = load("ledger")
_QUERIES = load("revisits")

#: More visits are no archive's need.
_MOST = 100
_LONGEST_HOURS = 24 * 366 * 100


def parse_ages(hours: Sequence[object]) -> tuple[timedelta, ...]:
    """Read REVISIT_HOURS.

    >>> [str(age) for age in parse_ages(["1", "24"])]
    ['1:00:00', '1 day, 0:00:00']

    :raises ArgumentError: they are no hours
    """
    try:
        numbers = [float(str(each)) for each in hours]
    except ValueError:
        numbers = [-1]
    if len(numbers) > _MOST or not all(0 < number <= _LONGEST_HOURS for number in numbers):
        given = ",".join(map(str, hours))[:80]
        raise ArgumentError(
            f"REVISIT_HOURS={given} are no hours after publication; write them as 1,6,24,168"
        )
    return tuple(timedelta(hours=number) for number in sorted(numbers))


class Revisits:
    """One run's revisits.

    :param captures: what is archived and has no row yet
    :param ages: how old a story is when it is looked at again; none: never
    :param held: what the run has leased and not settled
    """

    look_seconds = 5.0  # between two looks for what has become due

    def __init__(
        self,
        link: Link,
        captures: Captures,
        ages: Sequence[timedelta],
        held: dict[str, Visit | None],
    ) -> None:
        self._link = link
        self._captures = captures
        self._ages = list(ages)
        self._held = held
        self._look_at = float("-inf")  # monotonic: not before, unless there were more

    async def lease(self, slug: str, count: int, seconds: float) -> list[dict[str, Any]]:
        """Let revisits of a list's stories enter the ledger if they are due, and lease some."""
        if (now := time.monotonic()) < self._look_at:
            return []
        parameters = {
            "list": slug,
            "count": count,
            "run": self._link.run,
            "seconds": seconds,
            "held": list(self._held),
        }

        async def work(connection: Connection) -> list[dict[str, Any]]:
            async with transaction(connection):
                await connection.execute(_QUERIES["enter_revisits"], parameters)
                cursor = connection.cursor(row_factory=dict_row)
                await cursor.execute(_QUERIES["lease_revisits"], parameters)
                return await cursor.fetchall()

        leases = await self._link.do(work)
        self._look_at = now if len(leases) == count else now + self.look_seconds
        return leases

    async def is_outstanding(self, slug: str) -> bool:
        """Whether revisits of a list's stories are due or being made by anybody."""
        [row] = await self._link.execute(_QUERIES["is_revisit_outstanding"], {"list": slug})
        return bool(row["yes"])

    async def see_unchanged(self, article_id: str, url: str, seen_at: datetime) -> None:
        """The site says that the page is as it was: the story was seen, nothing else."""
        await self._end(article_id, url, "see_unchanged", {"seen_at": seen_at})

    async def see_gone(self, article_id: str, url: str) -> None:
        """The site has the page no more: the text stays, and the story is marked."""
        await self._end(article_id, url, "see_gone", {})

    async def schedule(
        self,
        connection: Connection,
        ids: Sequence[str],
        visits: Mapping[str, Visit] | None = None,
        url: str | None = None,
    ) -> None:
        """Set when stories are next due.

        :param ids: that were just looked at
        :param visits: what their pages told, where there was a page
        :param url: where one was looked for that gave no page
        """
        if not self._ages:
            return
        told = [
            {
                "article_id": id_,
                "url": visit.url,
                "etag": visit.etag,
                "last_modified": visit.last_modified,
            }
            for id_, visit in (visits or {}).items()
        ]
        parameters = {"ids": list(ids), "visits": json.dumps(told), "ages": self._ages, "url": url}
        await connection.execute(_QUERIES["schedule"], parameters)

    async def _end(
        self, article_id: str, url: str, statement: str, parameters: dict[str, Any]
    ) -> None:
        ids = {"ids": [article_id]}

        async def work(connection: Connection) -> None:
            async with self._captures.transaction(connection):
                await connection.execute(_QUERIES[statement], parameters | {"id": article_id})
                await self.schedule(connection, [article_id], url=url)
                await connection.execute(_LEDGER["settle"], ids)
                await connection.execute(_LEDGER["settle_listings"], ids)

        await self._link.do(work)
        self._held.pop(article_id, None)
