"""Validators are text from the net: what is sent again is what a server may send, and harmless."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import Headers, Response

from heraldcrawl.conditional import (
    ConditionalRequests,
    conditional,
    is_not_modified,
    read_validators,
)

DATE = "Thu, 26 Nov 2026 05:00:00 GMT"


@pytest.mark.parametrize(
    ("etag", "taken"),
    [
        ('"5f3a-1b"', True),
        ('W/"5f3a"', True),
        ('"5f3a-gzip"', True),
        ("5f3a", False),
        ('""', False),
        ('"a"\r\nX-Evil: 1', False),
        ('"a", "b"', False),
        ('"' + "a" * 300 + '"', False),
        ("*", False),
    ],
)
def test_what_reads_as_an_etag_is_kept(etag: str, taken: bool) -> None:
    found = read_validators(Headers({"ETag": etag}))["etag"]
    assert found == (etag if taken else None)


@pytest.mark.parametrize(
    ("date", "taken"),
    [(DATE, True), ("yesterday", False), (f"{DATE}\n", False), (f"{DATE}\r\nX: 1", False)],
)
def test_what_reads_as_a_date_is_kept(date: str, taken: bool) -> None:
    found = read_validators(Headers({"Last-Modified": date}))["last_modified"]
    assert found == (date if taken else None)


@given(st.binary(max_size=400), st.binary(max_size=100))
@example(b'"\xa0"', b"")
def test_whatever_comes_no_other_header_is_sent(etag: bytes, date: bytes) -> None:
    validators = read_validators(Headers({"ETag": etag, "Last-Modified": date}))
    request = Request("https://www.koreaherald.com/", meta=conditional(**validators))
    ConditionalRequests().process_request(request)
    for value in request.headers.to_unicode_dict().values():
        assert value.isascii()
        assert value.isprintable()
        assert len(value) < 300


def test_validators_are_not_sent_where_a_redirect_leads() -> None:
    meta = conditional('"a"', DATE)
    request = Request("https://www.koreaherald.com/article/1", meta=meta)
    middleware = ConditionalRequests()
    middleware.process_request(request)
    assert request.headers["If-None-Match"] == b'"a"'
    assert request.headers["If-Modified-Since"] == DATE.encode()
    redirected = request.replace(
        url="https://www.koreaherald.com/", meta=request.meta | {"redirect_times": 1}
    )
    middleware.process_request(redirected)
    assert not {"If-None-Match", "If-Modified-Since"} & redirected.headers.keys()


def test_without_validators_a_request_has_no_conditions() -> None:
    assert conditional(None, None) == {}


def test_nobody_who_did_not_ask_is_told_that_nothing_changed() -> None:
    asked = Request("https://www.koreaherald.com/", headers={"If-None-Match": '"a"'})
    plain = Request("https://www.koreaherald.com/")
    answers = [Response(each.url, status=304, request=each) for each in (asked, plain)]
    assert [is_not_modified(answer) for answer in answers] == [True, False]
