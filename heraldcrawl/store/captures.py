"""What the page archive has written, on its way into the database.

A capture's row travels in the next transaction of the run, whatever that is for. So archiving costs
no commit of its own, and a story is never stored before its page has a row.
"""

from __future__ import annotations

import json
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row

from heraldcrawl.archive.capture import Payload
from heraldcrawl.store.link import transaction
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from heraldcrawl.archive.capture import Capture
    from heraldcrawl.store.link import Connection

_CAPTURES = load("captures")


class Captures:
    """The captures of a run that have no row yet."""

    def __init__(self) -> None:
        self.run = 0
        self._host = socket.gethostname()
        self._waiting: list[dict[str, Any]] = []
        self._file: str | None = None  # the last one that the database has heard of

    def add(self, written: Iterable[tuple[Capture, int, int]]) -> None:
        """Take captures in, each with its file's bytes and captures up to there."""
        for capture, file_bytes, file_captures in written:
            row = {name: getattr(capture, name) for name in _COLUMNS}
            row["captured_at"] = capture.captured_at.isoformat()
            row["refers_to_at"] = capture.refers_to_at and capture.refers_to_at.isoformat()
            self._waiting.append(row | {"file_bytes": file_bytes, "file_captures": file_captures})

    @asynccontextmanager
    async def transaction(self, connection: Connection) -> AsyncIterator[None]:
        """A :func:`~heraldcrawl.store.link.transaction` that takes the waiting captures along."""
        count = len(self._waiting)
        async with transaction(connection):
            if count:
                await self._insert(connection, self._waiting[:count])
            yield
        # Only now is it certain that they are committed.
        if count:
            self._file = self._waiting[count - 1]["file"]
            del self._waiting[:count]

    async def finish(self, connection: Connection) -> None:
        """The run ends, and with it its last file."""
        await connection.execute(_CAPTURES["finish_files"], {"run": self.run, "current": None})

    async def payloads(
        self, connection: Connection, urls: Iterable[str]
    ) -> dict[str, list[Payload]]:
        """The latest archived responses of some addresses, the newest first."""
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(_CAPTURES["payloads"], {"urls": list(urls)})
        found: dict[str, list[Payload]] = {}
        async for row in cursor:
            found.setdefault(row.pop("url"), []).append(Payload(**row))
        return found

    async def _insert(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        batch = {"captures": json.dumps(rows), "host": self._host, "run": self.run}
        await connection.execute(_CAPTURES["insert"], batch)
        current = rows[-1]["file"]
        if current != self._file:  # then the files before it are full
            await connection.execute(
                _CAPTURES["finish_files"], {"run": self.run, "current": current}
            )


#: What a capture and its row have in common.
_COLUMNS = (
    "file",
    "record_offset",
    "record_length",
    "url",
    "article_id",
    "captured_at",
    "record_type",
    "status",
    "payload_digest",
    "refers_to_at",
)
