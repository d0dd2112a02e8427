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
        if self._refusing:
            writer.transport.abort()
            return
        host, port = self._given.get("host", ""), self._given.get("port", "5432")
        try:
            if host.startswith("/"):
                there = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
            else:
                there = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, there[1]}
        await asyncio.gather(self._pass(reader, there[1]), self._pass(there[0], writer))

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if target in self._open:
                    target.write(data)
                    await target.drain()
        target.transport.abort()


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
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.05))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
