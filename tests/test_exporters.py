"""The feed's exporter writes what Scrapy's own would."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exporters import JsonLinesItemExporter

from heraldcrawl.exporters import StoryLinesExporter
from heraldcrawl.items import Article, Author, Image

TEXT = st.text(st.characters(codec="utf-8"))
ARTICLES = st.builds(
    Article,
    id=TEXT,
    headline=TEXT,
    alternative_headline=st.none() | TEXT,
    authors=st.lists(st.builds(Author, TEXT, st.none() | TEXT), max_size=3),
    images=st.lists(st.builds(Image, TEXT, st.none() | TEXT, st.none() | TEXT), max_size=3),
    keywords=st.lists(TEXT, max_size=3),
    sources=st.dictionaries(TEXT, TEXT, max_size=3),
    fetched_at=st.none() | st.just(datetime(2026, 1, 1, 12, 30, 15, 999, tzinfo=UTC)),
)


def written(kind: type[JsonLinesItemExporter], item: object, **options: Any) -> bytes:
    file = BytesIO()
    exporter = kind(file, **options)
    exporter.start_exporting()
    exporter.export_item(item)
    exporter.finish_exporting()
    return file.getvalue()


@given(article=ARTICLES)
def test_a_story_is_written_as_scrapy_writes_it(article: Article) -> None:
    ours = written(StoryLinesExporter, article, encoding="utf-8")
    assert ours == written(JsonLinesItemExporter, article, encoding="utf-8")
    assert ours.endswith(b"\n")


@pytest.mark.parametrize(
    "fields", [["headline", "id"], {"headline": "title", "images": "pictures"}, ["nothing"]]
)
def test_the_fields_that_a_feed_names_are_its_fields(fields: Any) -> None:
    article = Article(id="1", url="", headline="Snow", images=[Image("https://example.org/a.jpg")])
    ours = written(StoryLinesExporter, article, fields_to_export=fields)
    assert ours == written(JsonLinesItemExporter, article, fields_to_export=fields)


def test_an_item_of_another_kind_is_written_as_well() -> None:
    assert written(StoryLinesExporter, {"id": "1"}) == b'{"id": "1"}\n'
