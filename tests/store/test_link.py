"""Transactions of a run's connection: whole or not at all, and the connection outlives them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from heraldcrawl.store.link import transaction
from tests.stories import execute

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from heraldcrawl.store.link import Connection

ONE = "INSERT INTO pace (host, next_at) VALUES ('one', now()) RETURNING host"
OTHER = "INSERT INTO pace (host, next_at) VALUES ('other', now()) RETURNING host"
BAD = "INSERT INTO pace (host, next_at) VALUES (NULL, now())"


def transact(url: str, work: Callable[[Connection], Awaitable[Any]]) -> Any:
    """Work in a transaction; afterwards the connection must be as good as new, or closed."""

    async def on_connection() -> Any:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            try:
                async with transaction(connection):
                    result = await work(connection)
            finally:
                if not connection.closed:
                    assert connection.info.transaction_status is TransactionStatus.IDLE
                    await connection.execute("SELECT 1")
            return await result.fetchall()

    return asyncio.run(on_connection())


def stored(url: str) -> list[tuple[Any, ...]]:
    return execute(url, "SELECT host FROM pace ORDER BY host")


def test_rows_can_be_read_before_and_after_the_commit(database_url: str) -> None:
    async def work(connection: Connection) -> Any:
        one = await connection.execute(ONE)
        assert await one.fetchall() == [("one",)]
        assert stored(database_url) == []
        return await connection.execute(OTHER)

    assert transact(database_url, work) == [("other",)]
    assert stored(database_url) == [("one",), ("other",)]


@pytest.mark.parametrize("is_read", [True, False], ids=["in the midst", "at the end"])
def test_a_statement_that_fails_takes_the_others_with_it(database_url: str, is_read: bool) -> None:
    async def work(connection: Connection) -> Any:
        await connection.execute(ONE)
        await connection.execute(BAD)
        other = await connection.execute(OTHER)
        return await other.fetchall() if is_read else other

    with pytest.raises(psycopg.errors.NotNullViolation):
        transact(database_url, work)
    assert stored(database_url) == []


def test_so_does_the_work_itself(database_url: str) -> None:
    async def work(connection: Connection) -> Any:
        await connection.execute(ONE)
        raise ValueError("of our own")

    with pytest.raises(ValueError, match="of our own"):
        transact(database_url, work)
    assert stored(database_url) == []


def test_and_a_check_that_is_made_at_the_commit(database_url: str) -> None:
    execute(
        database_url,
        "ALTER TABLE pace ADD CONSTRAINT once UNIQUE (next_at) DEFERRABLE INITIALLY DEFERRED",
    )

    async def work(connection: Connection) -> Any:
        await connection.execute(ONE)
        return await connection.execute(OTHER)  # at the same now()

    with pytest.raises(psycopg.errors.UniqueViolation):
        transact(database_url, work)
    assert stored(database_url) == []


def test_a_connection_that_is_cut_is_told(database_url: str) -> None:
    async def work(connection: Connection) -> Any:
        one = await connection.execute(ONE)
        await one.fetchall()
        execute(database_url, f"SELECT pg_terminate_backend({connection.info.backend_pid})")
        return await connection.execute(OTHER)

    with pytest.raises(psycopg.OperationalError):
        transact(database_url, work)
    assert stored(database_url) == []
