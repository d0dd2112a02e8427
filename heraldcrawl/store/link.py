"""The run's one connection: it breaks, waits for the database, and is made again.

One connection does everything, one piece of work after the other, for commits come in groups and
all other statements take a millisecond. So it is also the run's sign of life: it holds the run's
advisory lock, and whoever cannot find that lock knows that the run is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import socket
import time
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from heraldcrawl.errors import DatabaseLost
from heraldcrawl.store.locks import RUN_LOCK
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

logger = logging.getLogger(__name__)

_RUNS = load("runs")

#: Connection parameters that notice a network that drops packets; the URL's own win.
_KEEPALIVES = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 2.0
#: A crawl that is being stopped does not wait longer for a database that is away.
_PATIENCE_WHEN_STOPPING_SECONDS = 5.0

#: SQLSTATE classes of a database that cannot answer now: connection, resources (a full disk, too
#: many connections), operator intervention (shutdown, a statement's timeout), system errors.
_AWAY = ("08", "53", "57", "58")
#: The database is being switched over to another server, or threw out a session that was idle.
_AWAY_STATES = ("25006", "25P03")
#: Two transactions stood in each other's way: deadlock, serialization, lock timeout.
_COLLISIONS = ("40001", "40P01", "55P03")
_COLLISION_TRIES = 20
#: What a value can be at fault for; anything else that a statement fails for concerns them all.
_DATA = ("21", "22", "23", "54", "XX")

_OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)

_T = TypeVar("_T")
Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Link:
    """Does pieces of work on the database, waiting while it is away.

    :param url: libpq URL of a migrated database
    :param patience_seconds: how long to wait for a database that went away
    :param silence_seconds: a statement that takes longer counts as a database that went away
    :param is_stopping: tells that nobody wants to wait long any more
    """

    def __init__(
        self,
        url: str,
        *,
        patience_seconds: float = 300,
        silence_seconds: float = 30,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._url = url
        self._patience = patience_seconds
        self._silence = silence_seconds
        self._is_stopping = is_stopping
        self._turn = asyncio.Lock()
        self._connection: Connection | None = None
        self._listening: int | None = None  # the descriptor watched while nobody works
        self._task: asyncio.Task[None] | None = None
        self.run: int | None = None  # whose sign of life this is
        self.lost: DatabaseLost | None = None  # why it was given up

    async def do(self, work: Callable[[Connection], Awaitable[_T]]) -> _T:
        """Do it, and do it again until the database has answered.

        :param work: may be done twice, where the answer to a commit was lost
        :raises DatabaseLost: the database did not come back in time, or is not usable
        :raises psycopg.Error: the values are at fault
        """
        async with self._turn:
            try:
                return await self._patiently(work)
            finally:
                self._listen()

    async def execute(
        self, statement: LiteralString, parameters: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Do one statement by itself, as :meth:`do` does work.

        :returns: its rows by the columns' names, if it has some
        """

        async def work(connection: Connection) -> list[dict[str, Any]]:
            cursor = connection.cursor(row_factory=dict_row)
            await cursor.execute(statement, parameters)
            return await cursor.fetchall() if cursor.description else []

        return await self.do(work)

    async def close(self) -> None:
        """Disconnect, whatever state the connection is in."""
        if self._task is not None:
            self._task.cancel()
        async with self._turn:
            await self._drop()

    # Private --------------------------------------------------------------------------------------

    async def _patiently(self, work: Callable[[Connection], Awaitable[_T]]) -> _T:
        absence: _Absence | None = None
        collisions = 0
        while self.lost is None:
            try:
                connection = await self._connect()
                with self._severed_if_silent(connection):
                    result = await work(connection)
            except psycopg.Error as error:
                if error.sqlstate in _COLLISIONS and collisions < _COLLISION_TRIES:
                    collisions += 1
                    await asyncio.sleep(random.uniform(0, 0.05))
                elif _is_away(error):
                    await self._drop()
                    absence = absence or _Absence(error)
                    await self._wait(absence, error)
                elif _is_of_data(error):
                    raise
                else:
                    raise self._give_up(f"the database refuses: {_line(error)}") from error
            else:
                if absence is not None:
                    logger.warning("The database is back after %.0f s", absence.seconds)
                return result
        raise self.lost

    async def _wait(self, absence: _Absence, error: psycopg.Error) -> None:
        """Wait a while for the database to come back.

        :raises DatabaseLost: that was long enough
        """
        patience = self._patience
        if self._is_stopping():
            patience = min(patience, _PATIENCE_WHEN_STOPPING_SECONDS)
        left = patience - absence.seconds
        if left <= 0:
            why = f"the database stayed away for {absence.seconds:.0f} s: {_line(error)}"
            raise self._give_up(why) from error
        await asyncio.sleep(min(absence.next_pause(), left))

    def _give_up(self, why: str) -> DatabaseLost:
        logger.error("No database: %s; nothing was marked done that it does not hold", why)
        self.lost = DatabaseLost(why)
        return self.lost

    async def _connect(self) -> Connection:
        connection = self._connection
        if connection is not None:
            self._stop_listening()
            if (
                not connection.closed
                and connection.info.transaction_status is TransactionStatus.IDLE
            ):
                return connection
            await self._drop()  # a cancelled piece of work may leave anything behind
        given = psycopg.conninfo.conninfo_to_dict(self._url)
        defaults = {name: value for name, value in _KEEPALIVES.items() if name not in given}
        connection = await psycopg.AsyncConnection.connect(
            psycopg.conninfo.make_conninfo(self._url, **defaults), autocommit=True
        )
        try:
            with self._severed_if_silent(connection):
                await connection.execute(
                    _RUNS["set_timeouts"], {"timeout": f"{int(self._silence * 1000)}ms"}
                )
                if self.run is not None:
                    await connection.execute(_RUNS["hold_run"], {"lock": RUN_LOCK, "run": self.run})
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        return connection

    async def _drop(self) -> None:
        self._stop_listening()
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()

    @contextlib.contextmanager
    def _severed_if_silent(self, connection: Connection) -> Iterator[None]:
        """Cut the connection under a statement that gets no answer, which then fails as if away.

        The server's own timeout comes first; this one is for a network that swallows its answer.
        """
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self._silence + 2, sever, connection)
        try:
            yield
        finally:
            timer.cancel()

    def _listen(self) -> None:
        """Notice at once when the idle connection is cut, and make it again: it shows our life."""
        connection = self._connection
        if connection is None or connection.closed or self.run is None:
            return
        self._listening = connection.fileno()
        asyncio.get_running_loop().add_reader(self._listening, self._heard)

    def _stop_listening(self) -> None:
        if self._listening is not None:
            asyncio.get_running_loop().remove_reader(self._listening)
            self._listening = None

    def _heard(self) -> None:
        self._stop_listening()
        self._task = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        with contextlib.suppress(DatabaseLost):
            await self.execute(_RUNS["nothing"])


class _Absence:
    """The time in which the database is away; said once."""

    def __init__(self, error: psycopg.Error) -> None:
        self._since = time.monotonic()
        self._pause = _FIRST_PAUSE_SECONDS
        logger.warning("The database is away (%s); waiting for it", _line(error))

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._since

    def next_pause(self) -> float:
        pause, self._pause = self._pause, min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
        return pause


@contextlib.asynccontextmanager
async def transaction(connection: Connection) -> AsyncIterator[None]:
    """A transaction whose statements go to the server together, as far as none waits for rows.

    Rows of the last ones can be fetched when it is committed. (psycopg's own transaction waits for
    the server three times more in a pipeline.)
    """
    try:
        async with connection.pipeline():
            await connection.execute("BEGIN")
            yield
            await connection.execute("COMMIT")
    except Exception:
        if connection.info.transaction_status in _OPEN:
            await connection.rollback()
        raise


def sever(connection: Connection | psycopg.Connection[Any]) -> None:
    """Cut a connection, whoever waits on it."""
    with contextlib.suppress(OSError, psycopg.Error):
        descriptor = socket.socket(fileno=os.dup(connection.fileno()))
        with descriptor:
            descriptor.shutdown(socket.SHUT_RDWR)


def _is_away(error: psycopg.Error) -> bool:
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate[:2] in _AWAY or error.sqlstate in _AWAY_STATES


def _is_of_data(error: psycopg.Error) -> bool:
    return error.sqlstate is None or error.sqlstate[:2] in _DATA


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
