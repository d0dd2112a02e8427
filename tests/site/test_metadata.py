"""JSON-LD and meta elements: what they say, and what they only seem to say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.site.metadata import Metadata, describes, headline_of, metadata, parse_json
from heraldcrawl.site.page import Page


def read(head: str, story: str | None = None) -> Metadata:
    body = f"<html><head>{head}</head><body></body></html>".encode()
    return metadata(Page("https://www.koreaherald.com/article/1", body, datetime.now(UTC)), story)


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Seoul says no - The Korea Herald", "Seoul says no"),
        ("Seoul says no | Korea Herald", "Seoul says no"),
        ("Seoul says no :: The Korea Herald", "Seoul says no"),
        ("Seoul says no - The Korea Herald - National", "Seoul says no"),
        ("The Korea Herald turns 70", "The Korea Herald turns 70"),
        ("Why I left the Korea Herald", "Why I left the Korea Herald"),
        ("<Theater>", "<Theater>"),
        ("The Korea Herald", ""),
        (" - The Korea Herald", ""),
        ("", ""),
    ],
)
def test_a_headline_is_a_title_without_the_newspaper(title: str, headline: str) -> None:
    assert headline_of(title) == headline


def test_a_meta_element_is_read_in_any_order_and_case() -> None:
    meta = read('<meta content="A" property="OG:Title"><META NAME="description" CONTENT="B&amp;C">')
    assert (meta.said("og:title"), meta.said("description"), meta.titled) == ("A", "B&C", True)


def test_an_empty_title_is_told_from_none() -> None:
    assert read('<meta property="og:title" content="">').titled
    assert not read("").titled


@pytest.mark.parametrize(
    ("given_author", "people"),
    [
        ("Goh So-ra", [("Goh So-ra", "")]),
        ({"name": "Goh So-ra", "email": "mailto:sora@kh.com"}, [("Goh So-ra", "sora@kh.com")]),
        (["A", {"name": "B"}, 3, None, {"name": None}], [("A", ""), ("B", "")]),
        (None, []),
    ],
)
def test_people_are_read_in_any_shape(given_author: Any, people: list[tuple[str, str]]) -> None:
    assert Metadata(story={"author": given_author}).people() == people


def test_the_site_describes_itself_on_every_page() -> None:
    assert not describes("The Korea Herald")
    assert describes("The mayor of Yeoju said no.")


@given(st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["@graph", "@type", "author", "name", "url", "itemListElement", "headline", "articleSection", "keywords"]), inner), max_leaves=12))  # noqa: E501  (one strategy)  # fmt: skip
def test_json_ld_of_any_shape_is_read_without_complaint(value: Any) -> None:
    meta = Metadata(story={"author": value, "articleSection": value, "keywords": value, "x": value})
    meta.people()
    meta.labels()
    meta.keywords()
    meta.json("author")
    meta.source()


@given(st.text())
def test_any_text_is_json_or_nothing(text: str) -> None:
    parse_json(text)
