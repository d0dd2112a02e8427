"""Links stories to the originals whose copies they are, in the transaction that stores them."""

from __future__ import annotations

import json
import math
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row

from heraldcrawl.duplicates.groups import Story, settle
from heraldcrawl.duplicates.signature import sign
from heraldcrawl.duplicates.text import Likeness, Text, likeness
from heraldcrawl.store.link import Link
from heraldcrawl.store.locks import STORE_LOCK
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from heraldcrawl.items import Article
    from heraldcrawl.store.link import Connection

_QUERIES = load("duplicates")

_BATCH = 100  # stories that the job signs in one transaction; a crawl that stores one waits so long


async def lock(connection: Connection) -> None:
    """Let no other transaction link stories before this one ends; first of all, it must be."""
    await connection.execute(_QUERIES["lock"], {"lock": STORE_LOCK})


async def link(
    connection: Connection, articles: Mapping[str, Article], *, changed: Collection[str] = ()
) -> None:
    """Sign stories that are new or changed in this transaction, and link them and their copies.

    Afterwards every story's ``duplicate_of`` is what it would be had all come in the order of
    their publication.

    :param articles: by the ids under which they are stored
    :param changed: ids of those that were there before
    """
    texts = {id_: _text(each.article_body, each.content_hash) for id_, each in articles.items()}
    await _link(connection, texts, changed)


async def sign_all(url: str) -> int:
    """Sign and link all stories of a database that an older heraldcrawl has stored.

    :param url: libpq URL of a migrated database
    :returns: how many
    """
    link = Link(url)
    try:
        return await sign_older(link, seconds=math.inf)
    finally:
        await link.close()


async def sign_older(link: Link, *, seconds: float) -> int:
    """Sign and link stories that an older heraldcrawl has stored, as far as the time allows.

    :returns: how many
    """

    async def work(connection: Connection) -> int:
        async with connection.transaction():
            await lock(connection)
            rows = await _fetch(connection, "take_unsigned", {"most": _BATCH})
            if rows:
                texts = {row["id"]: _text(row["article_body"], row["content_hash"]) for row in rows}
                await _link(connection, texts, texts)
        return len(rows)

    deadline = time.monotonic() + seconds
    done = 0
    while time.monotonic() < deadline and (signed := await link.do(work)):
        done += signed
    return done


@lru_cache(maxsize=128)  # a copy often comes soon after its original
def _text(body: str, content_hash: str) -> Text:
    return Text(body, content_hash)


async def _link(connection: Connection, texts: dict[str, Text], changed: Collection[str]) -> None:
    if texts:
        batch = [{"article_id": id_} | sign(text).as_json() for id_, text in texts.items()]
        await connection.execute(_QUERIES["sign"], {"batch": json.dumps(batch)})
        linker = _Linker(connection, texts)
        await linker.open(set(texts) - set(changed), set(changed))
        await linker.write()


class _Linker:
    """Finds what is to be linked: often nothing, now and then a group whose earliest has come."""

    def __init__(self, connection: Connection, texts: dict[str, Text]) -> None:
        self._connection = connection
        self._stories: dict[str, Story] = {}
        self._texts = texts
        self._likeness: dict[tuple[str, str], Likeness | None] = {}
        self._opened: set[str] = set()
        self._alone: set[str] = set()  # opened, and like no other

    async def open(self, new: set[str], changed: set[str]) -> None:
        """Open stories, and whatever follows from what becomes of them."""
        ids = new | changed | await self._copies(changed)
        while ids:
            await self._find_alike(ids)
            more = settle(self._stories, self._opened)
            demoted = {id_ for id_ in self._opened if self._stories[id_].original}
            more |= await self._copies(demoted - new)  # which nobody has been linked to yet
            ids = more - self._opened - self._alone
        self._alone -= new  # which nobody has linked

    async def write(self) -> None:
        """Write down whose copy each opened story is."""
        links: list[dict[str, Any]] = [{"id": id_} for id_ in self._alone]
        for id_ in self._opened:
            original = self._stories[id_].original
            near = self._alike(id_, original) if original else None
            links.append(
                {
                    "id": id_,
                    "original": original,
                    "from_original": near and near.of_one,
                    "of_original": near and near.of_other,
                }
            )
        if links:
            await self._connection.execute(_QUERIES["link"], {"links": json.dumps(links)})

    async def _copies(self, ids: set[str]) -> set[str]:
        if not ids:
            return set()
        rows = await _fetch(self._connection, "copies", {"ids": list(ids)})
        return {row["id"] for row in rows}

    async def _find_alike(self, ids: set[str]) -> None:
        asked = {"ids": list(ids), "known": list(self._texts)}
        rows = await _fetch(self._connection, "similar", asked)
        for row in rows:
            id_ = row["id"]
            if id_ not in self._texts:
                self._texts[id_] = _text(row["article_body"], row["content_hash"])
            if id_ not in self._stories:
                self._stories[id_] = Story(id_, row["published"], row["original"])
        for row in rows:
            alike = {other for other in row["similar"] if self._alike(row["id"], other)}
            self._stories[row["id"]].alike |= alike
        self._opened |= ids & self._stories.keys()
        self._alone |= ids - self._stories.keys()

    def _alike(self, one: str, other: str) -> Likeness | None:
        pair = (one, other)
        if pair not in self._likeness:
            self._likeness[pair] = found = likeness(self._texts[one], self._texts[other])
            self._likeness[other, one] = found and Likeness(*reversed(found))
        return self._likeness[pair]


async def _fetch(
    connection: Connection, name: str, parameters: dict[str, Any]
) -> list[dict[str, Any]]:
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(_QUERIES[name], parameters)
    return await cursor.fetchall()
