"""A way to the database that can be cut, and can swallow what goes through it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"


class Proxy:
    """Forwards TCP connections to a PostgreSQL server, on whatever it listens."""

    def __init__(self, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self._given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        self._loop = loop
        self._swallowing = False
        self._refusing = False
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """The database's URL by way of this proxy."""
        return make_conninfo("", **{**self._given, "host": HOST, "port": str(self.port)})

    def swallow(self) -> None:
        """Take all that comes on the connections that are open, and pass on none of it."""
        self._loop.call_soon_threadsafe(self._swallow)

    def refuse(self, refusing: bool = True) -> None:
        """Cut all connections, and accept no further one."""
        self._loop.call_soon_threadsafe(self._refuse, refusing)

    def _swallow(self) -> None:
        self._open = set()  # who is not in here is not forwarded

    def _refuse(self, refusing: bool) -> None:
        self._refusing = refusing
        for writer in self._open if refusing else ():
            writer.transport.abort()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with _aborted(writer):
            if self._refusing:
                return
            with contextlib.suppress(OSError):
                source, target = await self._connect()
                with _aborted(target):
                    self._open |= {writer, target}
                    await asyncio.gather(self._pass(reader, target), self._pass(source, writer))

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self._given.get("host", ""), self._given.get("port", "5432")
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, int(port))

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with _aborted(target), contextlib.suppress(OSError):
            while data := await source.read(65536):
                if target in self._open:
                    target.write(data)
                    await target.drain()


@contextmanager
def _aborted(writer: asyncio.StreamWriter) -> Iterator[None]:
    """Cut a connection when the block ends, also where it is ended by being cancelled."""
    try:
        yield
    finally:
        writer.transport.abort()


@contextmanager
def proxy(url: str) -> Iterator[Proxy]:
    """A proxy to a database, until the block ends."""
    loop = asyncio.new_event_loop()
    between = Proxy(url, loop)
    listening = loop.run_until_complete(asyncio.start_server(between.accept, HOST, 0))
    between.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield between
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listening.close()
        loop.run_until_complete(_end_all())
        loop.close()


async def _end_all() -> None:
    """End what goes on in this loop, and let it close its sockets."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.05)
