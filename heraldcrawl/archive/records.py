"""Writes requests and responses down as WARC records, each a gzip member of its own.

Scrapy hands on what its HTTP client made of the transfer: header names in a form of its own, chunks
put together. So the records have no ``Transfer-Encoding``, which Twisted takes out with the chunks,
and the body as it would have come without: compressed, if the site compressed it.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from isal import isal_zlib
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from heraldcrawl.archive.capture import NOT_MODIFIED, SAME_PAYLOAD, Capture
from heraldcrawl.archive.digests import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from scrapy import Request
    from scrapy.http import Headers, Response

    from heraldcrawl.archive.capture import Payload
    from heraldcrawl.archive.reader import Record

#: ISA-L's levels go from 0 to 3. On a page of 60 KB, 2 takes 0.07 ms and leaves a quarter; zlib's 6
#: leaves a tenth less and takes thirteen times as long.
_LEVEL = 2
_GZIP = 31  # zlib's number for a window of 32 KB and gzip's own head

_VERSION = "WARC/1.1"
_HTTP = "application/http; msgtype="
_HTTP_VERSIONS = ("HTTP/1.0", "HTTP/1.1")

_RECORD_ID = re.compile(r"<urn:uuid:[0-9A-Fa-f-]{36}>").fullmatch
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]{2,45}").fullmatch


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, to be archived."""

    url: str  # on www.koreaherald.com, without fragment
    article_id: str | None
    captured_at: datetime
    request: Request
    response: Response
    rendered_from: Capture | None  # a page that the browser made of this capture, if it has one
    is_rendered: bool

    @property
    def status(self) -> int:
        """Of HTTP."""
        return self.response.status


@dataclass(frozen=True, slots=True)
class Copy:
    """A response out of somebody else's archive, to be archived here."""

    url: str  # as it was captured
    article_id: str
    captured_at: datetime
    record: Record  # of the type response or revisit
    original: Payload | None = None  # of a revisit: what it refers to

    @property
    def status(self) -> int | None:
        """Of HTTP."""
        return self.record.status


@dataclass(frozen=True, slots=True)
class Written:
    """The records of an exchange as they go into the file."""

    members: tuple[bytes, ...]  # the capture's own first
    record_type: str
    payload_digest: str
    refers_to_at: datetime | None
    record_id: str


def warcinfo(name: str, fields: Mapping[str, str], at: datetime) -> bytes:
    """The record that begins a file: who made it, with what, from where.

    :param name: of the file
    """
    body = "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode()
    headers = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", _record_id()),
        ("WARC-Filename", name),
        ("WARC-Date", _date(at)),
        ("WARC-Block-Digest", digest(body)),
    ]
    return _member(headers, "application/warc-fields", body)


def write(exchange: Exchange, known: Sequence[Payload]) -> Written:
    """The records of one exchange.

    :param known: responses of the same address that are archived, the newest first
    """
    if exchange.is_rendered:
        return _conversion(exchange)
    response, record_id = exchange.response, _record_id()
    head = _head(_status_line(response), response.headers)
    payload_digest = digest(response.body)
    original, profile = _original(response, payload_digest, known)
    if profile == NOT_MODIFIED and original is not None:
        payload_digest = original.digest  # the payload that the site spoke of
    headers = [("WARC-Payload-Digest", payload_digest)]
    if response.ip_address is not None:
        headers.append(("WARC-IP-Address", str(response.ip_address)))
    if profile is not None:
        headers.append(("WARC-Profile", profile))
    if original is not None:
        headers.append(("WARC-Refers-To-Target-URI", exchange.url))
        headers.append(("WARC-Refers-To-Date", _date(original.captured_at)))
    record_type = "revisit" if profile else "response"
    answer = _record(
        exchange,
        record_type,
        record_id,
        content_type=f"{_HTTP}response",
        block=head if profile else head + response.body,
        headers=headers,
    )
    asked = _record(
        exchange,
        "request",
        _record_id(),
        content_type=f"{_HTTP}request",
        block=_request(exchange.request),
        headers=[
            ("WARC-Concurrent-To", record_id),
            ("WARC-Payload-Digest", _digest_of_request(exchange.request.body)),
        ],
    )
    refers_to_at = original.captured_at if original else None
    return Written((answer, asked), record_type, payload_digest, refers_to_at, record_id)


def copy(given: Copy) -> Written:
    """The record of a capture as it came, with digests of our own.

    Of the record's own fields only those come along that say what the capture is: the others are
    the other archive's.
    """
    fields, original = given.record.fields, given.original
    record_id = fields.get("warc-record-id", "")
    if not _RECORD_ID(record_id):
        record_id = _record_id()
    payload_digest = original.digest if original else digest(given.record.payload)
    headers = [("WARC-Payload-Digest", payload_digest)]
    if _ADDRESS(address := fields.get("warc-ip-address", "")):
        headers.append(("WARC-IP-Address", address))
    if original is not None:
        is_told = fields.get("warc-profile", "").endswith("server-not-modified")
        headers.append(("WARC-Profile", NOT_MODIFIED if is_told else SAME_PAYLOAD))
        headers.append(("WARC-Refers-To-Target-URI", given.url))
        headers.append(("WARC-Refers-To-Date", _date(original.captured_at)))
    record_type = "revisit" if original else "response"
    member = _record(
        given,
        record_type,
        record_id,
        content_type=f"{_HTTP}response",
        block=given.record.block,
        headers=headers,
    )
    refers_to_at = original.captured_at if original else None
    return Written((member,), record_type, payload_digest, refers_to_at, record_id)


def _conversion(exchange: Exchange) -> Written:
    """What the browser made of a page; no HTTP response, for it never travelled."""
    body = exchange.response.body
    payload_digest, record_id = digest(body), _record_id()
    headers = [("WARC-Payload-Digest", payload_digest)]
    source = exchange.rendered_from
    if source is not None:
        headers.append(("WARC-Refers-To", source.record_id))
    content_type = (exchange.response.headers.get("Content-Type") or b"text/html").decode("latin-1")
    record = _record(
        exchange, "conversion", record_id, content_type=content_type, block=body, headers=headers
    )
    refers_to_at = source.captured_at if source else None
    return Written((record,), "conversion", payload_digest, refers_to_at, record_id)


def _original(
    response: Response, payload_digest: str, known: Sequence[Payload]
) -> tuple[Payload | None, str | None]:
    """Which archived response has the payload, and the profile of the revisit that says so."""
    if response.status == HTTPStatus.NOT_MODIFIED:
        found = next((each for each in known if each.status == HTTPStatus.OK), None)
        return found, NOT_MODIFIED
    if response.body:  # a reference to nothing takes more room than nothing
        for each in known:
            if each.digest == payload_digest:
                return each, SAME_PAYLOAD
    return None, None


def _record(
    exchange: Exchange | Copy,
    record_type: str,
    record_id: str,
    *,
    content_type: str,
    block: bytes,
    headers: list[tuple[str, str]],
) -> bytes:
    return _member(
        [
            ("WARC-Type", record_type),
            ("WARC-Record-ID", record_id),
            ("WARC-Target-URI", exchange.url),
            ("WARC-Date", _date(exchange.captured_at)),
            *headers,
            ("WARC-Block-Digest", digest(block)),
        ],
        content_type,
        block,
    )


def _member(headers: list[tuple[str, str]], content_type: str, block: bytes) -> bytes:
    """A record as a gzip member.

    With both digests given, warcio does not have to read the block for them; without its gzip,
    which knows one level, the slowest, the whole record is compressed at once.
    """
    out = BytesIO()
    record = ArcWarcRecord(
        "warc",
        "warcinfo",  # whatever it is: this kind warcio takes as it is, digests and block
        StatusAndHeaders("", headers, protocol=_VERSION),
        BytesIO(block),
        None,  # the HTTP headers are in the block, as they are to be written
        content_type,
        len(block),
    )
    WARCWriter(out, gzip=False, warc_version=_VERSION).write_record(record)
    member: bytes = isal_zlib.compress(out.getbuffer(), level=_LEVEL, wbits=_GZIP)
    return member


#: Nearly all are empty.
_digest_of_request = lru_cache(maxsize=1)(digest)


def _request(request: Request) -> bytes:
    """The request as it went out; Twisted adds the host where Scrapy has none."""
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = [] if "Host" in request.headers else [f"Host: {parts.netloc.rpartition('@')[2]}"]
    return _head(f"{request.method} {target} HTTP/1.1", request.headers, *host) + request.body


def _status_line(response: Response) -> str:
    protocol = response.protocol if response.protocol in _HTTP_VERSIONS else "HTTP/1.1"
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = "Unknown"
    return f"{protocol} {response.status} {reason}"


def _head(first_line: str, headers: Headers, *more: str) -> bytes:
    """The head of an HTTP message, line by line."""
    lines = [first_line.encode()]
    for name, values in dict.items(headers):  # Scrapy's own would look each one up again
        lines += [name + b": " + value for value in values]
    lines += [line.encode() for line in more]
    head = b"\r\n".join(lines)
    if head.count(b"\n") != len(lines) - 1 or head.count(b"\r") != len(lines) - 1:
        # A lone line end within a header would end it for other readers.
        lines = [b" ".join(line.split(b"\n")).replace(b"\r", b" ") for line in lines]
        head = b"\r\n".join(lines)
    return head + b"\r\n\r\n"


def _record_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _date(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"
