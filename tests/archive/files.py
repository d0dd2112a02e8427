"""WARC files for tests, made by hand: also such as no tool would make."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

STORY = "https://www.koreaherald.com/view.php?ud=20260101000001"
HTML = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def record(
    body: bytes = b"<p>story</p>",
    *,
    url: str = STORY,
    kind: str = "response",
    date: str = "2026-01-01T00:00:00Z",
    http: str | None = HTML,
    length: int | str | None = None,
    **fields: str,
) -> bytes:
    """A record as it stands in a file that is not compressed.

    :param http: head of the HTTP message, without the empty line; None for a record without
    :param length: what the record claims, if not the truth
    :param fields: more of the record's own, with underscores for hyphens
    """
    block = body if http is None else f"{http}\r\n".encode() + body
    content_type = "text/html" if http is None else "application/http; msgtype=response"
    head = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: {date}",
        f"Content-Type: {content_type}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items()),
        f"Content-Length: {len(block) if length is None else length}",
    ]
    return "\r\n".join((*head, "", "")).encode() + block + b"\r\n\r\n"


def warc_gz(records: Iterable[bytes]) -> bytes:
    """A file of them, each a gzip member of its own."""
    return b"".join(gzip.compress(each, 1) for each in records)


def story(number: int) -> str:
    """The address of a story."""
    return f"https://www.koreaherald.com/view.php?ud=202601010{number:05}"
