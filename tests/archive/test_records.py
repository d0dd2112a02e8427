"""What is written down of a request and its answer, as warcio reads it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from io import BytesIO
from ipaddress import ip_address
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Headers, HtmlResponse, Response
from warcio.archiveiterator import ArchiveIterator

from heraldcrawl.archive.capture import Capture, Payload
from heraldcrawl.archive.digests import digest
from heraldcrawl.archive.records import Exchange, warcinfo, write

STORY = "https://www.koreaherald.com/view.php?ud=20260101000001"
AT = datetime(2026, 1, 31, 6, 0, 0, 123456, UTC)
BEFORE = datetime(2026, 1, 30, 6, 0, 0, 654321, UTC)


def exchange(response: Response, request: Request | None = None, **more: Any) -> Exchange:
    given = {"rendered_from": None, "is_rendered": False} | more
    request = request or Request("http://127.0.0.1:8080/view.php?ud=20260101000001")
    return Exchange(STORY, "20260101000001", AT, request, response, **given)


def records(members: tuple[bytes, ...]) -> list[Any]:
    """The records, checked against their digests, with their bodies read."""
    found = []
    for record in ArchiveIterator(BytesIO(b"".join(members)), check_digests="raise"):
        record.body = record.raw_stream.read()
        found.append(record)
    return found


def test_a_response_is_kept_as_it_came_with_the_request_that_it_answers() -> None:
    body = gzip.compress("<p>북한</p>".encode())
    headers = Headers({"Content-Encoding": "gzip", "Set-Cookie": ["a=1", "b=2"]})
    response = Response(
        STORY, headers=headers, body=body, ip_address=ip_address("192.0.2.1"), protocol="HTTP/1.0"
    )
    request = Request("http://127.0.0.1:8080/view.php?ud=1&np=2", headers={"User-Agent": "herald"})
    written = write(exchange(response, request), ())
    answer, asked = records(written.members)
    fields = answer.rec_headers
    assert answer.rec_type == written.record_type == "response"
    assert fields["WARC-Target-URI"] == STORY
    assert fields["WARC-Date"] == "2026-01-31T06:00:00.123456Z"
    assert fields["WARC-IP-Address"] == "192.0.2.1"
    assert fields["WARC-Payload-Digest"] == written.payload_digest == digest(body)
    assert answer.http_headers.protocol == "HTTP/1.0"
    assert answer.http_headers.headers == [
        ("Content-Encoding", "gzip"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    ]
    assert answer.body == body
    assert asked.rec_type == "request"
    assert asked.rec_headers["WARC-Concurrent-To"] == fields["WARC-Record-ID"] == written.record_id
    assert asked.http_headers.to_str().splitlines() == [
        "GET /view.php?ud=1&np=2 HTTP/1.1",
        "User-Agent: herald",
        "Host: 127.0.0.1:8080",
    ]


def test_header_bytes_are_kept_and_a_line_end_within_one_is_not_the_end_of_it() -> None:
    headers = Headers({"X-Title": "북한".encode(), "X-Odd": b"a\n\nb\rc", "X-Latin": b"caf\xe9"})
    written = write(exchange(Response(STORY, headers=headers, body=b"<p>")), ())
    block = gzip.decompress(written.members[0])
    for line in ("X-Title: 북한".encode(), b"X-Odd: a  b c", b"X-Latin: caf\xe9"):
        assert b"\r\n" + line + b"\r\n" in block
    [answer, _] = records(written.members)
    assert answer.body == b"<p>"


def test_the_payload_of_an_earlier_response_is_referred_to_not_written_again() -> None:
    earlier = Payload(digest(b"<p>same</p>"), 200, BEFORE)
    known = [Payload(digest(b"other"), 200, AT), earlier]
    written = write(exchange(Response(STORY, status=404, body=b"<p>same</p>")), known)
    [answer, _] = records(written.members)
    fields = answer.rec_headers
    assert answer.rec_type == written.record_type == "revisit"
    assert fields["WARC-Profile"].endswith("/warc/1.1/revisit/identical-payload-digest")
    assert fields["WARC-Refers-To-Target-URI"] == STORY
    assert fields["WARC-Refers-To-Date"] == "2026-01-30T06:00:00.654321Z"
    assert fields["WARC-Payload-Digest"] == earlier.digest
    assert answer.http_headers.get_statuscode() == "404"
    assert answer.body == b""
    assert written.refers_to_at == BEFORE


def test_an_empty_body_is_written_as_often_as_it_comes() -> None:
    known = [Payload(digest(b""), 301, BEFORE)]
    moved = Response(STORY, status=301, headers={"Location": "/article/1"})
    assert write(exchange(moved), known).record_type == "response"


def test_a_page_that_was_not_modified_refers_to_the_last_one_that_was_whole() -> None:
    known = [Payload(digest(b"error"), 500, AT), Payload(digest(b"page"), 200, BEFORE)]
    written = write(exchange(Response(STORY, status=304, headers={"ETag": '"1"'})), known)
    [answer, _] = records(written.members)
    fields = answer.rec_headers
    assert fields["WARC-Profile"].endswith("/warc/1.1/revisit/server-not-modified")
    assert fields["WARC-Refers-To-Date"] == "2026-01-30T06:00:00.654321Z"
    assert fields["WARC-Payload-Digest"] == digest(b"page")
    assert written.refers_to_at == BEFORE


def test_a_rendered_page_is_a_conversion_of_the_response_that_it_was_made_of() -> None:
    source = Capture("f", 0, 1, STORY, None, BEFORE, "response", 200, "sha1:X", None, "<urn:x>")
    page = HtmlResponse(
        STORY, headers={"Content-Type": "text/html; charset=utf-8"}, body="<p>북한</p>".encode()
    )
    written = write(exchange(page, is_rendered=True, rendered_from=source), ())
    [record] = records(written.members)
    assert record.rec_type == "conversion"
    assert record.rec_headers["WARC-Refers-To"] == "<urn:x>"
    assert record.rec_headers["Content-Type"] == "text/html; charset=utf-8"
    assert record.body.decode() == "<p>북한</p>"
    assert written.refers_to_at == BEFORE


@pytest.mark.parametrize("status", [200, 418, 599, 999])
def test_any_status_is_written(status: int) -> None:
    [answer, _] = records(write(exchange(Response(STORY, status=status)), ()).members)
    assert answer.http_headers.get_statuscode() == str(status)


def test_a_file_begins_with_who_made_it() -> None:
    [info] = records((warcinfo("a.warc.gz", {"software": "heraldcrawl", "robots": "obey"}, AT),))
    assert info.rec_type == "warcinfo"
    assert info.rec_headers["WARC-Filename"] == "a.warc.gz"
    assert info.body == b"software: heraldcrawl\r\nrobots: obey\r\n"
