"""Stores captures of other archives: their rows, and their texts where they belong in time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  (dataclass fields are inspected at run time)
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from psycopg.rows import class_row, dict_row

from heraldcrawl import __version__
from heraldcrawl.archive.capture import Capture, Payload
from heraldcrawl.reparse.timeline import Text, captured_at, merge
from heraldcrawl.store import duplicates
from heraldcrawl.store.aliases import identify_fetched, note_claims
from heraldcrawl.store.queries import load
from heraldcrawl.store.records import record_of
from heraldcrawl.store.reparse import by_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from heraldcrawl.reparse.pages import Reading
    from heraldcrawl.store.link import Connection
    from heraldcrawl.store.store import Store

_ARTICLES = load("articles")
_LEDGER = load("ledger")
_QUERIES = load("imports")
_REPARSE = load("reparse")

Outcome = Literal["recovered", "merged", "unchanged", "another_story"]


@dataclass(frozen=True, slots=True)
class Original:
    """An archived response that a revisit refers to."""

    file: str
    record_offset: int
    payload_digest: str
    status: int | None
    captured_at: datetime

    @property
    def payload(self) -> Payload:
        return Payload(self.payload_digest, self.status, self.captured_at)


class Imports:
    """A run's imports.

    :param store: whose captures' rows travel with the stories
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, written: Iterable[tuple[Capture, int, int]]) -> None:
        """Take captures in that are archived now."""
        self._store.captures.add(written)

    async def known(self, ids: Sequence[str]) -> set[tuple[str, datetime, str | None]]:
        """Captures of some stories that are archived: story, time and payload.

        Their texts need not be stored: a kill came between, or no reader made a story of them.
        """
        rows = await self._store.link.execute(_QUERIES["known"], {"ids": list(ids)})
        return {(row["article_id"], row["captured_at"], row["payload_digest"]) for row in rows}

    async def original(self, url: str, at: datetime | None, digest: str) -> Original | None:
        """The archived response that has a revisit's payload."""

        async def work(connection: Connection) -> Original | None:
            cursor = connection.cursor(row_factory=class_row(Original))
            await cursor.execute(_QUERIES["original"], {"url": url, "at": at, "digest": digest})
            return await cursor.fetchone()

        return await self._store.link.do(work)

    async def store(self, readings: Sequence[Reading]) -> dict[str, Outcome]:
        """Store the run's new captures and what is told in them, in one transaction.

        :param readings: of any stories, several of each
        :returns: by the ids that they were captured under
        """
        outcomes: dict[str, Outcome] = {}

        async def work(connection: Connection) -> None:
            outcomes.clear()
            async with self._store.captures.transaction(connection):
                await duplicates.lock(connection)
                for kind in by_kind(readings):
                    outcomes.update(await self._store_kind(connection, kind))

        await self._store.link.do(work)
        return outcomes

    async def judge(self, readings: Sequence[Reading]) -> dict[str, Outcome]:
        """Tell what :meth:`store` would find, as far as that can be told without storing."""
        captured = _by_id(readings)

        async def work(connection: Connection) -> dict[str, list[Text]]:
            return await _texts(connection, list(captured))

        texts = await self._store.link.do(work)
        return {
            id_: _outcome(texts.get(id_, []), merge(texts.get(id_, []), (r.article for r in of_it)))
            for id_, of_it in captured.items()
        }

    async def _store_kind(
        self, connection: Connection, readings: Sequence[Reading]
    ) -> dict[str, Outcome]:
        captured = _by_id(readings)
        newest = {id_: of_it[-1] for id_, of_it in captured.items()}
        visits = {id_: reading.visit for id_, reading in newest.items()}
        articles = [reading.article for reading in newest.values()]
        identities = await identify_fetched(connection, articles, visits)
        stored_as = {id_: each.article_id for id_, each in identities.items() if each.article_id}
        ids = list(stored_as.values())
        await connection.execute(_REPARSE["lock_stories"], {"ids": ids})
        texts = await _texts(connection, ids)
        outcomes: dict[str, Outcome] = dict.fromkeys(captured, "another_story")
        for id_, story in stored_as.items():
            line = merge(texts.get(story, []), (each.article for each in captured[id_]))
            outcomes[id_] = _outcome(texts.get(story, []), line)
            await _write(connection, story, texts.get(story, []), line, captured[id_])
        await note_claims(connection, (identities[id_] for id_ in stored_as))
        # Of a story that is stored another look may be due: that stays.
        new = [id_ for id_, story in stored_as.items() if story not in texts]
        pages = {stored_as[id_]: visits[id_] for id_ in new}
        await self._store.revisits.schedule(connection, list(pages), pages)
        joined = [id_ for id_, story in stored_as.items() if id_ != story]
        settled = {"ids": list({*new, *pages, *joined})}
        await connection.execute(_LEDGER["settle"], settled)
        await connection.execute(_LEDGER["settle_listings"], settled)
        return outcomes


async def _texts(connection: Connection, ids: Sequence[str]) -> dict[str, list[Text]]:
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(_QUERIES["texts"], {"ids": list(ids)})
    texts: dict[str, list[Text]] = {}
    for row in await cursor.fetchall():
        texts.setdefault(row.pop("article_id"), []).append(Text(**row))
    return texts


async def _write(
    connection: Connection,
    story: str,
    texts: Sequence[Text],
    line: Sequence[Text],
    readings: Sequence[Reading],
) -> None:
    """Write down what has become of a story's texts.

    :param texts: the stored ones
    :param line: all of them
    :param readings: of its captures, the oldest first
    """
    last = line[-1]
    if last.article is not None:
        batch = {"batch": json.dumps([record_of(last.article, story)]), "again": True}
        statement = "update_changed" if texts else "insert_new"
        await connection.execute(_ARTICLES[statement], batch)
    await _renumber(connection, story, texts, line)
    made = [
        record_of(text.article, story) | _told(story, text, number)
        for number, text in enumerate(line, 1)
        if text.article is not None
    ]
    if made:
        await connection.execute(_QUERIES["insert_texts"], {"texts": json.dumps(made)})
    times = [captured_at(reading.article) for reading in readings]
    seen_at = max(times)
    dated = {
        "id": story,
        "revision": len(line),
        "fetched_at": last.fetched_at.isoformat(),
        "first_seen_at": min(times).isoformat(),
        # A text that had gone by then was not seen then.
        "last_seen_at": seen_at.isoformat() if seen_at >= last.fetched_at else None,
    }
    await connection.execute(_QUERIES["date_stories"], {"stories": json.dumps([dated])})
    if last.article is None and last.revision is None:  # the current one once more
        again = {"ids": [story], "reason": last.reason, "reader": None}
        await connection.execute(_ARTICLES["insert_revisions"], again)
    if last.article is not None:
        had = [story] if texts else []
        await duplicates.link(connection, {story: last.article}, changed=had)


async def _renumber(
    connection: Connection, story: str, texts: Sequence[Text], line: Sequence[Text]
) -> None:
    before = {text.revision: text for text in texts}
    moved = [
        {"was": text.revision, **_told(story, text, number)}
        for number, text in enumerate(line, 1)
        if text.revision is not None and (text.revision != number or text != before[text.revision])
    ]
    if moved:
        await connection.execute(_QUERIES["set_apart"], {"texts": json.dumps(moved)})
        await connection.execute(_QUERIES["put_back"], {"ids": [story]})


def _told(story: str, text: Text, number: int) -> dict[str, Any]:
    return {
        "article_id": story,
        "revision": number,
        "fetched_at": text.fetched_at.isoformat(),
        "reason": text.reason,
        "reader": __version__,
    }


def _by_id(readings: Iterable[Reading]) -> Mapping[str, list[Reading]]:
    """The captures of each story, the oldest first."""
    in_order = sorted(readings, key=lambda each: (each.article.id, captured_at(each.article)))
    return {id_: [*of_it] for id_, of_it in groupby(in_order, key=lambda each: each.article.id)}


def _outcome(texts: Sequence[Text], line: Sequence[Text]) -> Outcome:
    if not texts:
        return "recovered"
    return "unchanged" if list(texts) == list(line) else "merged"
