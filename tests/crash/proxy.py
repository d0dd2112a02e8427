"""A way to the database that can be cut, and can swallow what goes through it."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.serving import serving

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
        self._all: set[asyncio.StreamWriter] = set()
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
        if refusing:
            self.abort()

    def abort(self) -> None:
        """Cut all connections."""
        for writer in self._all:
            writer.transport.abort()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._all.add(writer)
        try:
            if not self._refusing:
                await self._forward(reader, writer)
        except OSError:
            pass
        finally:
            writer.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._given.get("host", ""), self._given.get("port", "5432")
        if host.startswith("/"):
            there = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            there = await asyncio.open_connection(host, int(port))
        self._all.add(there[1])
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
    with serving(loop, listening, between.abort) as between.port:
        yield between
