"""What pages that are read again change in the archive; each batch in one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from psycopg.rows import dict_row

from heraldcrawl import __version__
from heraldcrawl.site.addresses import are_of_one_kind
from heraldcrawl.store import duplicates
from heraldcrawl.store.aliases import identify_fetched, note_claims
from heraldcrawl.store.queries import load
from heraldcrawl.store.records import Lease, record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heraldcrawl.items import Article
    from heraldcrawl.reparse.pages import Reading
    from heraldcrawl.store.link import Connection, Link
    from heraldcrawl.store.revisits import Revisits

_ARTICLES = load("articles")
_LEDGER = load("ledger")
_QUERIES = load("reparse")

#: What becomes of a story: its page is older than what is stored, tells the same, another text, or
#: other things around the same text; or it was not stored.
Fate = Literal["older", "unchanged", "revised", "updated", "recovered"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a story is in the page archive."""

    story: str
    file: str
    offset: int
    url: str
    captured_at: Any
    record_type: str
    payload: tuple[str, int] | None  # file and offset, of a revisit

    @property
    def name(self) -> str:
        """As dead letters name it."""
        return f"{self.file}:{self.offset}"


class Rereads:
    """Finds what is to be read again, and stores what came of it.

    :param revisits: sets when a story that is stored for the first time is next due
    """

    def __init__(self, link: Link, revisits: Revisits) -> None:
        self._link = link
        self._revisits = revisits

    async def ids(self, statement: str, parameters: dict[str, Any]) -> list[str]:
        """Ids, by one of the statements that select some: ``stored_ids``, …, ``resolve``."""
        return [row["id"] for row in await self._link.execute(_QUERIES[statement], parameters)]

    async def count(self, statement: str, parameters: dict[str, Any]) -> int:
        """How many ids such a statement finds."""
        selected = _QUERIES[statement].rstrip().removesuffix(";")
        counted = "SELECT count(*) FROM (" + selected + ") AS s"  # noqa: S608  (both are ours)

        async def work(connection: Connection) -> int:
            cursor = await connection.execute(counted, parameters | {"after": "", "most": None})
            [count] = await cursor.fetchone() or (0,)
            return int(count)

        return await self._link.do(work)

    async def leases(self, ids: Sequence[str]) -> dict[str, Lease]:
        """The stories as a spider would lease them, with what a list said of them."""
        rows = await self._link.execute(_QUERIES["listed"], {"ids": list(ids)})
        return {row["article_id"]: Lease(**row) for row in rows}

    async def stored(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What is stored of them."""
        return {
            row["id"]: row
            for row in await self._link.execute(_QUERIES["stored"], {"ids": list(ids)})
        }

    async def places(self, ids: Sequence[str]) -> dict[str, list[Place]]:
        """Where their pages are, the newest first."""
        found: dict[str, list[Place]] = {}
        for row in await self._link.execute(_QUERIES["captures"], {"ids": list(ids)}):
            payload = row["payload_file"] and (row["payload_file"], row["payload_offset"])
            place = Place(
                row["story"],
                row["file"],
                row["record_offset"],
                row["url"],
                row["captured_at"],
                row["record_type"],
                payload,
            )
            found.setdefault(row["story"], []).append(place)
        return found

    async def store(
        self,
        readings: Sequence[Reading],
        judge: Callable[[dict[str, Any] | None, Article], Fate],
    ) -> dict[str, Fate | None]:
        """Store what is new in some readings, in one transaction.

        :param readings: of one story each
        :param judge: tells what becomes of a story, by what is stored of it and the reading
        :returns: by id; None: the page is another story's
        """
        fates: dict[str, Fate | None] = {}

        async def work(connection: Connection) -> None:
            fates.clear()
            async with connection.transaction():
                await duplicates.lock(connection)
                for kind in by_kind(readings):
                    fates.update(await self._store(connection, kind, judge))

        await self._link.do(work)
        return fates

    async def settle_revisits(self, pages: Mapping[str, Place]) -> None:
        """Let the looks that failed for good leave the ledger whose pages could be read now.

        :param pages: by the stories' ids
        """
        given = {"ids": list(pages), "pages": [page.name for page in pages.values()]}
        await self._link.execute(_QUERIES["settle_revisits"], given)

    async def _store(
        self,
        connection: Connection,
        readings: Sequence[Reading],
        judge: Callable[[dict[str, Any] | None, Article], Fate],
    ) -> dict[str, Fate | None]:
        articles = [each.article for each in readings]
        visits = {each.article.id: each.visit for each in readings}
        identities = await identify_fetched(connection, articles, visits)
        stored_as = {id_: each.article_id for id_, each in identities.items() if each.article_id}
        ids = {"ids": list(stored_as.values())}
        await connection.execute(_QUERIES["lock_stories"], ids)
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(_QUERIES["stored"], ids)
        stored = {row["id"]: row for row in await cursor.fetchall()}
        fates: dict[str, Fate | None] = {}
        for article in articles:
            id_ = stored_as.get(article.id)
            fates[article.id] = judge(stored.get(id_), article) if id_ else None
        written = [each for each in articles if fates[each.id] in _WRITTEN]
        if written:
            await self._write(connection, written, stored_as, stored)
        await note_claims(connection, (identities[each.id] for each in written))
        # Of a story that is stored a later look may be due: that stays.
        new = [
            each.id
            for each in articles
            if each.id in stored_as and stored_as[each.id] not in stored
        ]
        if new:
            pages = {stored_as[id_]: visits[id_] for id_ in new}
            await self._revisits.schedule(connection, [stored_as[id_] for id_ in new], pages)
        joined = [each.id for each in articles if stored_as.get(each.id, each.id) != each.id]
        if settled := {*new, *joined, *(stored_as[id_] for id_ in new)}:
            await connection.execute(_LEDGER["settle"], {"ids": list(settled)})
            await connection.execute(_LEDGER["settle_listings"], {"ids": list(settled)})
        return fates

    async def _write(
        self,
        connection: Connection,
        articles: Sequence[Article],
        stored_as: dict[str, str],
        stored: dict[str, dict[str, Any]],
    ) -> None:
        records = [record_of(each, stored_as[each.id]) for each in articles]
        batch = {"batch": json.dumps(records)}
        new = await connection.execute(_ARTICLES["insert_new"], batch)
        fresh = {id_ for (id_,) in await new.fetchall()}
        old = [each for each in records if each["id"] not in fresh]
        if old:
            again = {"batch": json.dumps(old), "again": True}
            await connection.execute(_ARTICLES["update_changed"], again)
        ids = [each["id"] for each in records]
        texts = {
            id_: each
            for each, record in zip(articles, records, strict=True)
            if (id_ := record["id"]) in fresh or _is_other(record, stored[id_])
        }
        await duplicates.link(connection, texts, changed=texts.keys() - fresh)
        told = {"ids": ids, "reason": "reparse", "reader": __version__}
        await connection.execute(_ARTICLES["insert_revisions"], told)
        await connection.execute(
            _QUERIES["update_revisions"],
            {"ids": [each["id"] for each in old], "reader": __version__},
        )


def _is_other(record: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether another story may be its original now: by its text, or by when it was published."""
    published = record["date_published"] and datetime.fromisoformat(record["date_published"])
    return bool(record["content_hash"] != row["content_hash"] or published != row["date_published"])


_WRITTEN = ("revised", "updated", "recovered")


def by_kind(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Part those with ``ud`` digits from those with a number, for two of them may be one story."""
    kinds: list[list[Reading]] = []
    for reading in readings:
        kin = (k for k in kinds if are_of_one_kind(k[0].article.id, reading.article.id))
        kind = next(kin, None)
        if kind is None:
            kinds.append([reading])
        else:
            kind.append(reading)
    return kinds
