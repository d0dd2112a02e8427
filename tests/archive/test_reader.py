"""WARC files of any origin, broken and hostile ones among them."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.archive.content import TooLarge, decoded
from heraldcrawl.archive.reader import Place, Reader, is_warc, record_at
from tests.archive.files import HTML, STORY, record, story, warc_gz

if TYPE_CHECKING:
    from collections.abc import Callable

    from heraldcrawl.archive.reader import Record

MIB = 1 << 20


def named(value: object) -> str:
    """Name a test by words, not by bytes, of which gzip's have a time in them."""
    return value if isinstance(value, str) else ""


def read(data: bytes, **how: Any) -> tuple[list[Record], dict[str, int]]:
    """The records of a file, and what was passed over."""
    reader = Reader(BytesIO(data), "f", **({"max_bytes": MIB} | how))
    return [*reader], {reason: count for reason, count in reader.skipped.items() if count}


@pytest.mark.parametrize("packed", [warc_gz, b"".join, lambda r: gzip.compress(b"".join(r))])
def test_records_are_read_whether_and_however_they_are_compressed(
    packed: Callable[[list[bytes]], bytes],
) -> None:
    data = packed([record(url=story(n), body=b"%d" % n) for n in range(5)])
    found, skipped = read(data)
    assert [each.url for each in found] == [story(n) for n in range(5)]
    assert [each.payload for each in found] == [b"%d" % n for n in range(5)]
    assert skipped == {}
    for each in found:
        again = record_at(BytesIO(data), each.place, MIB)
        assert again is not None
        assert (again.url, again.payload) == (each.url, each.payload)


def test_a_record_says_what_its_fields_say() -> None:
    http = "HTTP/2 404 Not Found\r\nContent-Type: text/html\r\nX: 북한\r\n"
    [found], _ = read(record(b"gone", http=http, url=f"<{STORY} >", date="2026-01-31T06:00:00.5Z"))
    assert found.url == f"{STORY}%20"
    assert found.captured_at == datetime(2026, 1, 31, 6, 0, 0, 500000, UTC)
    assert (found.status, found.header("x"), found.payload) == (404, "북한", b"gone")


@pytest.mark.parametrize("date", ["", "yesterday", "2026-13-01T00:00:00Z", "9" * 5000])
def test_a_time_that_is_none_is_none(date: str) -> None:
    [found], _ = read(record(date=date))
    assert found.captured_at is None


def test_what_is_not_wanted_is_passed_over() -> None:
    data = warc_gz(
        [
            record(kind="warcinfo", http=None),
            record(kind="request"),
            record(url="https://elsewhere.example/"),
            record(kind="metadata", http=None),
            record(),
        ]
    )
    found, skipped = read(data, wanted=lambda kind, url: (kind, url) == ("response", STORY))
    assert [each.url for each in found] == [STORY]
    assert skipped == {}


BAD = [
    (record(b"0" * (2 * MIB)), "too_large"),
    (record(length=10**17), "too_large"),
    (record(length="9" * 400), "damaged"),
    (record(length=-1), "damaged"),
    (record(length="1e3"), "damaged"),
    (record(length="٣"), "damaged"),
    (b"GARBAGE" * 1000, "damaged"),
    (b"WARC/1.0\r\nX: " + b"y" * MIB + b"\r\n\r\n", "damaged"),
    (b"WARC/1.0\r\n" + b"X: y\r\n" * MIB, "damaged"),
    (record(http="HTTP/1.1 200 OK\r\nX: " + "y" * (MIB // 2) + "\r\n"), "no_http"),
    (record(b"<html>", http=None), "no_http"),
    (record(b"", http=None), "no_http"),
    (record(length=100_000), "truncated"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD, ids=named)
def test_what_cannot_be_read_is_counted_and_the_rest_is_read(bad: bytes, reason: str) -> None:
    found, skipped = read(warc_gz([record(url=story(1)), bad, record(url=story(2))]))
    assert [each.url for each in found] == [story(1), story(2)]
    assert skipped == {reason: 1}


@pytest.mark.parametrize(("bad", "reason"), BAD, ids=named)
def test_in_a_file_that_is_not_compressed_too(bad: bytes, reason: str) -> None:
    found, skipped = read(b"".join([record(url=story(1)), bad, record(url=story(2))]))
    assert found[0].url == story(1)
    assert skipped[reason]
    if reason not in ("too_large", "truncated"):  # a length that is wrong hides what follows
        assert found[-1].url == story(2)


def test_a_damaged_member_costs_no_other() -> None:
    members = [
        gzip.compress(record(random.Random(n).randbytes(9000), url=story(n))) for n in range(5)
    ]
    broken = bytearray(members[2])
    broken[200:220] = b"\0" * 20
    wrong_sum = members[3][:-8] + b"\1\2\3\4" + members[3][-4:]
    found, skipped = read(b"".join([*members[:2], broken, wrong_sum, members[4]]))
    assert [each.url for each in found] == [story(0), story(1), story(4)]
    assert skipped["damaged"] >= 2


def test_a_file_that_ends_anywhere_gives_what_is_whole() -> None:
    members = [gzip.compress(record(url=story(n))) for n in range(3)]
    data = b"".join(members)
    ends = [len(b"".join(members[:n])) for n in range(4)]
    for length in range(len(data)):
        reader = Reader(BytesIO(data[:length]), "f", max_bytes=MIB)
        whole = sum(end <= length for end in ends[1:])
        assert [each.url for each in reader] == [story(n) for n in range(whole)]
        assert reader.end == ends[whole]
        assert sum(reader.skipped.values()) == (length not in ends)


def test_memory_stays_small_whatever_a_file_holds() -> None:
    bomb = gzip.compress(record(b"0" * (200 * MIB)), 9)
    endless = gzip.compress(b"WARC/1.0\r\n" + b"0" * (200 * MIB), 9)
    head = gzip.compress(record(http="HTTP/1.1 200 OK\r\n" + "X: y\r\n" * (8 * MIB)), 9)
    data = b"".join([bomb, endless, head, gzip.compress(record())])
    tracemalloc.start()
    try:
        found, skipped = read(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [each.url for each in found] == [STORY]
    assert skipped["too_large"] == 2
    assert peak < 20 * MIB


def test_a_file_of_nothing_but_damage_is_given_up() -> None:
    found, skipped = read(b"\x1f\x8b\x08\0\0\0\0\0\0\0\xffubbish" * 10_000)
    assert found == []
    assert skipped["damaged"] == 1000


@given(st.binary(max_size=300), st.integers(0, 2**32))
def test_any_bytes_can_be_read(data: bytes, seed: int) -> None:
    chance = random.Random(seed)
    whole = bytearray(warc_gz([record(url=story(n)) for n in range(3)]))
    at = chance.randrange(len(whole))
    whole[at : at + chance.randrange(20)] = data
    for each in (data, bytes(whole), b"WARC/1.0\r\n" + data, gzip.compress(data)):
        for found in read(each)[0]:
            assert len(found.block) <= MIB
            with_limit = found.content(MIB)
            assert len(with_limit) <= MIB


def test_what_is_no_warc_file_is_seen_at_once() -> None:
    assert is_warc(BytesIO(record()))
    assert is_warc(BytesIO(gzip.compress(record())))
    for other in (b"", b"<html>", gzip.compress(b"<html>"), b"\x28\xb5\x2f\xfd", b"PK\x03\x04"):
        assert not is_warc(BytesIO(other))


def test_a_place_where_no_record_begins_gives_none() -> None:
    data = warc_gz([record(url=story(1)), record(url=story(2))])
    for offset in (1, 20, len(data) - 5, len(data), len(data) + 100):
        assert record_at(BytesIO(data), Place("f", offset), MIB) is None


@pytest.mark.parametrize("size", [(1 << 26) - 1, 1 << 26, 70 * MIB])
def test_a_record_that_might_be_read_is_passed_over_whatever_its_size(size: int) -> None:
    data = warc_gz([record(b"0" * size), record(b"")])
    _, skipped = read(data, max_bytes=1 << 28, wanted=lambda *_: False)
    assert skipped == {}


# What a body went through -------------------------------------------------------------------------

PAGE = "<p>북한</p>".encode() * 100


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE[:500]) + gzip.compress(PAGE[500:])),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("br", brotli.compress(PAGE)),
        ("gzip", PAGE),  # the archive's tool had decompressed it
        ("br", PAGE),
        ("zstd", PAGE),
        ("deflate", PAGE),
        ("gzip", b""),
        ("identity", PAGE),
        ("gzip, br", brotli.compress(gzip.compress(PAGE))),
    ],
    ids=named,
)
def test_a_body_comes_out_as_the_page_that_it_was(encoding: str, body: bytes) -> None:
    http = f"{HTML}Content-Encoding: {encoding}\r\n"
    [found], _ = read(record(body, http=http))
    assert found.content(MIB) == (PAGE if body else b"")


@pytest.mark.parametrize("more", [0, 1, 200, 258, 1000])
def test_all_of_a_deflated_body_comes_out_however_little_of_it_went_in(more: int) -> None:
    """Its last bytes may stand for more than one part of the page has room for."""
    page = b"0" * ((1 << 16) + more)
    assert decoded(zlib.compress(page)[2:-4], ["deflate"], MIB) == page


def test_a_chunked_body_is_put_together() -> None:
    packed = gzip.compress(PAGE)
    body = b"5\r\n" + packed[:5] + b"\r\n%x\r\n" % len(packed[5:]) + packed[5:] + b"\r\n0\r\n\r\n"
    http = f"{HTML}Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"
    [found], _ = read(record(body, http=http))
    assert found.content(MIB) == PAGE


@pytest.mark.parametrize(
    ("encoding", "bomb"),
    [
        ("gzip", gzip.compress(b"0" * (64 * MIB))),
        ("deflate", zlib.compress(b"0" * (64 * MIB))),
        ("br", brotli.compress(b"0" * (64 * MIB))),
    ],
    ids=named,
)
def test_a_bomb_is_defused(encoding: str, bomb: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            decoded(bomb, [encoding], MIB)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * MIB


def test_a_body_cut_short_gives_what_there_is() -> None:
    body = random.Random(1).randbytes(300_000)
    cut = decoded(gzip.compress(body)[:-1000], ["gzip"], MIB)
    assert len(cut) > 290_000
    assert body.startswith(cut)
