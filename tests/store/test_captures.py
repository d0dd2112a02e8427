"""Captures travel with whatever the run stores next, and none is lost on the way."""

from __future__ import annotations

import asyncio
import random
import string
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from heraldcrawl.archive.capture import Capture
from heraldcrawl.store import Store
from tests.stories import execute, story

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, UTC)
FILE = "2026/20260301T120000Z-1-0001.warc.gz"


def capture(number: int, **changes: Any) -> tuple[Capture, int, int]:
    """The so-manyth of a file, with the file's bytes and captures up to there."""
    given: dict[str, Any] = {
        "file": FILE,
        "record_offset": 1000 * number,
        "record_length": 900,
        "url": f"https://www.koreaherald.com/article/{number}",
        "article_id": story(number).id,
        "captured_at": AT + timedelta(minutes=number),
        "record_type": "response",
        "status": 200,
        "payload_digest": f"sha1:{number}",
        "refers_to_at": None,
    }
    return Capture(**(given | changes)), 1000 * (number + 1), number + 1


def run(url: str, work: Callable[[Store], Awaitable[Any]]) -> Any:
    async def with_store() -> Any:
        store = Store(url, patience_seconds=5)
        await store.open("northkorea", {})
        try:
            return await work(store)
        finally:
            await store.close("finished", {})

    return asyncio.run(with_store())


def test_captures_are_committed_with_the_story_that_follows(database_url: str) -> None:
    async def work(store: Store) -> None:
        store.captures.add([capture(0), capture(1)])
        assert execute(database_url, "SELECT * FROM captures") == []
        await store.store([story(1)])
        assert execute(database_url, "SELECT article_id FROM captures ORDER BY record_offset") == [
            (story(0).id,),
            (story(1).id,),
        ]

    run(database_url, work)
    [(name, size, captures, is_finished)] = execute(
        database_url, "SELECT name, bytes, captures, finished_at IS NOT NULL FROM archive_files"
    )
    assert (name, size, captures, is_finished) == (FILE, 2000, 2, True)


def test_a_transaction_that_fails_leaves_them_to_the_next(database_url: str) -> None:
    execute(database_url, "ALTER TABLE articles ADD CONSTRAINT none CHECK (headline <> 'bad')")

    async def work(store: Store) -> None:
        store.captures.add([capture(1)])
        with pytest.raises(psycopg.errors.CheckViolation):
            await store.store([story(1, headline="bad")])
        assert execute(database_url, "SELECT * FROM captures") == []
        await store.store([story(2)])
        assert len(execute(database_url, "SELECT * FROM captures")) == 1

    run(database_url, work)


def test_a_connection_that_is_cut_costs_none(database_url: str) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"

    async def work(store: Store) -> None:
        store.captures.add([capture(1)])
        execute(database_url, f"{cut} AND datname = current_database()")
        await store.store([story(1)])
        store.captures.add([capture(2)])
        await store.store([story(2)])

    run(database_url, work)
    assert len(execute(database_url, "SELECT * FROM captures")) == 2


def test_what_waits_is_committed_when_the_run_ends(database_url: str) -> None:
    async def work(store: Store) -> None:
        store.captures.add([capture(1)])

    run(database_url, work)
    assert len(execute(database_url, "SELECT * FROM captures")) == 1


def test_a_file_is_finished_when_the_run_goes_on_in_another(database_url: str) -> None:
    following = FILE.replace("0001", "0002")

    async def work(store: Store) -> None:
        store.captures.add([capture(1)])
        await store.store([story(1)])
        store.captures.add([capture(2), capture(0, file=following)])
        await store.store([story(2)])
        assert execute(
            database_url, "SELECT name, finished_at IS NULL FROM archive_files ORDER BY 1"
        ) == [(FILE, False), (following, True)]

    run(database_url, work)


def test_any_address_can_be_stored_and_found(database_url: str) -> None:
    chance = random.Random(1)
    long = "https://www.koreaherald.com/" + "".join(chance.choices(string.ascii_letters, k=8000))

    async def work(store: Store) -> None:
        store.captures.add(
            [
                capture(1, url=long),
                capture(2, url=long, payload_digest="sha1:later", status=404),
                capture(3, url=long, record_type="revisit"),
            ]
        )
        await store.store([story(1)])
        found = await store.payloads([long, "https://www.koreaherald.com/"])
        assert [*found] == [long]
        assert [(each.digest, each.status) for each in found[long]] == [
            ("sha1:later", 404),
            ("sha1:1", 200),
        ]
        assert found[long][0].captured_at == AT + timedelta(minutes=2)

    run(database_url, work)
