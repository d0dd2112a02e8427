"""Bytes become text, and text a tree, whatever the page declares and however deep it nests."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heraldcrawl.site.page import Page, decode, shallow, with_herald_links

#: Names that a page may declare; not all of them are of encodings, nor of encodings of text.
ANY = [None, "", "utf-8", "euc-kr", "iso-8859-1", "utf-7", "idna", "hex", "undefined", "no\0ne"]
KOREAN = "북한 “미사일” 발사 — Seoul’s reply"


@pytest.mark.parametrize("declared", [None, "utf-8", "euc-kr", "iso-8859-1", "hex", "nonsense"])
@pytest.mark.parametrize("meta", ["", '<meta charset="euc-kr">', '<meta charset="latin1">'])
def test_utf_8_is_read_as_such_whatever_is_declared(declared: str | None, meta: str) -> None:
    assert decode((meta + KOREAN).encode(), declared) == meta + KOREAN


@pytest.mark.parametrize("declared", [None, "utf-8", "euc-kr", "ks_c_5601-1987", "hex"])
def test_korean_bytes_are_read_even_if_nothing_or_the_wrong_is_declared(declared: str) -> None:
    text = "북한이 미사일을 발사했다"
    assert decode(text.encode("cp949"), declared) == text


@pytest.mark.parametrize("end", ["", "/"])
def test_the_site_s_own_links_stay_as_they_are_however_its_root_is_written(end: str) -> None:
    link = b'<a href="https://www.koreaherald.com/article/1">'
    assert with_herald_links(link, f"https://www.koreaherald.com{end}") == link


@pytest.mark.parametrize("declared", ["iso-8859-1", "latin1", "us-ascii", "windows-1252"])
def test_quotation_marks_of_windows_are_read_where_the_older_standard_is_declared(
    declared: str,
) -> None:
    text = "Seoul’s “reply” at the café"
    assert decode(text.encode("cp1252"), declared) == text


def test_one_damaged_character_does_not_change_the_encoding() -> None:
    body = (KOREAN * 9).encode() + b"\xeb\xb6" + KOREAN.encode()
    assert decode(body, "euc-kr").count(KOREAN) == 10


def test_marks_of_byte_order_are_obeyed_and_removed() -> None:
    assert decode(b"\xef\xbb\xbf" + KOREAN.encode()) == KOREAN
    assert decode(KOREAN.encode("utf-16")) == KOREAN


@given(st.binary(), st.sampled_from(ANY))
@example(b"caf\xe9", "undefined")
def test_any_bytes_are_text_that_can_be_stored(body: bytes, declared: str | None) -> None:
    text = decode(body, declared)
    text.encode()
    assert "\0" not in text


def test_a_page_nested_too_deep_is_cut_off() -> None:
    page = Page("x", b"<p>first</p>" + b"<div>" * 200_000, datetime.now(UTC))
    assert page.tree.body is not None
    assert "first" in (page.tree.body.text() or "")


def test_a_large_flat_page_is_left_whole() -> None:
    text = "<div><p>a<p>b<br></div>" * 20_000
    assert shallow(text) is text
