"""Serves a sample site over HTTP on 127.0.0.1, keep-alive, fast enough to measure against.

Hand-written on asyncio because it has to misbehave on request (stall, reset, cut a body short) and
to answer some thousands of requests a second from one thread of a test.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.site.sample.site import Site

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Request:
    """A line of the log."""

    at: float  # seconds, monotonic
    method: str
    target: str  # path and query
    headers: dict[str, str]  # names in lower case
    status: int  # 0 where the connection was spoilt instead


@dataclass
class Server:
    """A site being served."""

    site: Site
    port: int
    log: list[Request] = field(default_factory=list)
    delay_seconds: float = 0.0  # before every answer
    on_request: Callable[[str], object] | None = None  # called with each target, before its answer
    connections: int = 0  # accepted so far

    @property
    def root(self) -> str:
        return f"http://{HOST}:{self.port}"

    def paths(self) -> list[str]:
        """List what was asked for, in order."""
        return [request.target for request in self.log]


@contextmanager
def serve(site: Site, port: int = 0, delay_seconds: float = 0.0) -> Iterator[Server]:
    """Serve a site from a thread of its own until the block ends.

    :param port: 0 for any free one
    """
    server = Server(site, port, delay_seconds=delay_seconds)
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(
        loop.create_server(lambda: _Connection(server), HOST, port, backlog=512)
    )
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="sample site", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listening.close()
        for connection in _Connection.open_on.pop(id(server), set()).copy():
            connection.abort()
        loop.run_until_complete(listening.wait_closed())
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


class _Connection(asyncio.Protocol):
    open_on: dict[int, set[asyncio.Transport]] = {}  # noqa: RUF012  (one registry for all)

    def __init__(self, server: Server) -> None:
        self.server = server
        self.buffer = b""
        self.busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.server.connections += 1
        self.open_on.setdefault(id(self.server), set()).add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (the protocol's)
        self.open_on.get(id(self.server), set()).discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self._work()

    def _work(self) -> None:
        """Answer what has come in whole, one request after the other."""
        while not self.busy and b"\r\n\r\n" in self.buffer:
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            if self.server.delay_seconds:
                self.busy = True
                loop = asyncio.get_running_loop()
                loop.call_later(self.server.delay_seconds, self._late, head)
            else:
                self._reply(head)

    def _late(self, head: bytes) -> None:
        self.busy = False
        if not self.transport.is_closing():
            self._reply(head)
            self._work()

    def _reply(self, head: bytes) -> None:
        line, *fields = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ", 2)
        headers = {}
        for text in fields:
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        if self.server.on_request:
            self.server.on_request(target)
        answer = self.server.site.get(target, headers)
        spoilt = answer.transport in ("stall", "reset")
        self.server.log.append(
            Request(time.monotonic(), method, target, headers, 0 if spoilt else answer.status)
        )
        if answer.transport == "stall":
            self.busy = True  # and never again not
            return
        if answer.transport == "reset":
            # Lingering for no time at all makes the system send a reset, not a polite end.
            linger = struct.pack("ii", 1, 0)
            self.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, linger
            )
            self.transport.abort()
            return
        close = headers.get("connection", "").lower() == "close" or answer.transport == "cut"
        body = answer.body if method != "HEAD" else b""
        lines = [
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            *(f"{name}: {value}" for name, value in answer.headers),
        ]
        if answer.status != HTTPStatus.NOT_MODIFIED:
            lines.append(f"Content-Length: {len(answer.body)}")
        if close:
            lines.append("Connection: close")
        if answer.transport == "cut":
            body = body[: len(body) // 2]
        self.transport.write("\r\n".join((*lines, "", "")).encode() + body)
        if close:
            self.transport.close()
