"""What comes out of the check can be stored, whatever text went in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from heraldcrawl.items import Article, Author, Image
from heraldcrawl.pipelines.check import CheckPipeline
from heraldcrawl.store import Store

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

ANY_TEXT = st.text(st.characters(exclude_categories=()))
AWKWARD = "\0\ud800 \udc00'; DROP TABLE articles; -- {}\\\"\u2028북한"


@pytest.fixture(scope="module")
def crawler() -> Crawler:
    return get_crawler()


def article(text: str) -> Article:
    return Article(
        id="20260101000001",
        url="https://www.koreaherald.com/view.php?ud=20260101000001",
        headline=text,
        alternative_headline=text,
        authors=[Author(text, text)],
        source_organization=text,
        breadcrumbs=[text],
        section=text,
        description=text,
        article_body=text,
        images=[Image(text, text, text)],
        keywords=[text],
        sources={text: text},
        issues=[text],
        content_hash="hash",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def stored_body(url: str, item: Article) -> str:
    async def work() -> None:
        store = Store(url)
        await store.open("northkorea", {})
        try:
            await store.store([item])
        finally:
            await store.close("finished", {})

    asyncio.run(work())
    with psycopg.connect(url) as connection:
        [[body]] = connection.execute("SELECT article_body FROM articles").fetchall()
        connection.execute("DELETE FROM articles")
    return str(body)


def test_nul_bytes_and_lone_surrogates_are_taken_out_and_counted(crawler: Crawler) -> None:
    item = CheckPipeline.from_crawler(crawler).process_item(article(AWKWARD))
    clean = "\ufffd \ufffd'; DROP TABLE articles; -- {}\\\"\u2028북한"
    assert (item.headline, item.authors[0].name, item.images[0].credit) == (clean, clean, clean)
    assert (item.keywords, item.sources) == ([clean], {clean: clean})
    assert crawler.stats is not None
    assert crawler.stats.get_value("check/cleaned") == 1


def test_an_ordinary_story_is_left_as_it_is(crawler: Crawler) -> None:
    assert CheckPipeline.from_crawler(crawler).process_item(article("북한 “says”")) == article(
        "북한 “says”"
    )


def test_a_story_without_an_id_is_dropped_and_counted(crawler: Crawler) -> None:
    item = article("")
    item.id = ""
    with pytest.raises(DropItem):
        CheckPipeline.from_crawler(crawler).process_item(item)
    assert crawler.stats is not None
    assert crawler.stats.get_value("check/no_id") == 1


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=ANY_TEXT)
def test_any_text_can_be_stored(text: str, database_url: str, crawler: Crawler) -> None:
    item = CheckPipeline.from_crawler(crawler).process_item(article(text))
    assert stored_body(database_url, item) == item.article_body


def test_oversize_text_can_be_stored(database_url: str, crawler: Crawler) -> None:
    """Longer than any index entry may be, and of no two parts alike."""
    text = " ".join(str(n * n) for n in range(300_000))
    item = CheckPipeline.from_crawler(crawler).process_item(article(text[:100_000]))
    item.article_body = text
    assert stored_body(database_url, item) == text


def test_a_section_s_name_that_no_menu_has_room_for_is_cut(crawler: Crawler) -> None:
    item = article("fine")
    item.breadcrumbs = ["National", "x" * 500]
    item.section = "x" * 500
    checked = CheckPipeline.from_crawler(crawler).process_item(item)
    assert checked.breadcrumbs == ["National", "x" * 200]
    assert checked.section == "x" * 200
