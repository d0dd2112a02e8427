"""Whatever bytes come, there is an article that can be stored, or a reason, soon."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from heraldcrawl.loaders import load_article
from heraldcrawl.site.dates import from_iso
from heraldcrawl.site.page import REASONS, NotAStory, Page

if TYPE_CHECKING:
    from heraldcrawl.items import Article

PAGES = [path.read_bytes() for path in Path(__file__).parent.glob("site/pages/*/*/page.html")]
PHOTO = "http://res.heraldm.com/content/image/a.jpg"
#: What the markup of all years is made of, broken as often as not.
PIECES = [
    "<div>", "</div>", "<p>", "</p>", "<br>", "<table><tr><td>", "</td>", "</table>", "<center>",
    '<div id="articleText">', '<div class="view_con_t">', '<h1 class="view_tit">', "</h1>",
    '<article class="article-body">', '<div class="news_text_area">', '<h1 class="news_title">',
    f'<img src="{PHOTO}" alt="(Yonhap)">', "<figure>", "<a href='/view.php?ud=20210805000861'>",
    "By Kim Mi-rae (mirae@heraldcorp.com)", "Published : Aug 5, 2021 - 20:23", "(Yonhap)",
    "National", "[코리아헤럴드=김미래 기자] ", "Seoul agrees to talks.", "&amp;quot;",
    "&nbsp;", "\0",
    '<meta property="og:title" content="', '">', '<script type="application/ld+json">', "</script>",
    '{"@type": "NewsArticle", "headline": "', '\\ud800"}', "<!--", "-->", "<Theater>", "<body>",
]  # fmt: skip


def read(body: bytes) -> Article | None:
    """Read a page, and check what holds of every article and every refusal."""
    url = "https://www.koreaherald.com/view.php?ud=20210805000861"
    try:
        article = load_article(Page(url, body, datetime(2026, 10, 5, tzinfo=UTC)))
    except NotAStory as outcome:
        assert outcome.reason in REASONS  # noqa: PT017  (either outcome will do)
        return None
    json.dumps(asdict(article), default=str, ensure_ascii=False).encode()
    assert article.article_body or article.images
    assert "\n\n\n" not in article.article_body
    assert article.article_body == article.article_body.strip()
    assert "\0" not in repr(article)
    for stamp in (article.date_published, article.date_modified):
        assert stamp is None or from_iso(stamp)
    assert set(article.sources.values()) <= {"json-ld", "meta", "css", "list", "fallback"}
    assert all(getattr(article, name) for name in article.sources)
    assert all(author.name for author in article.authors) or article.authors
    assert all(image.url.startswith("http") for image in article.images)
    assert (article.section is None) == (not article.breadcrumbs)
    assert ("headline" in article.issues) == (not article.headline)
    return article


@given(st.binary(max_size=2000))
@example(b"\xff\xfe<")
def test_any_bytes_give_an_article_or_a_reason(body: bytes) -> None:
    read(body)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_broken_markup_gives_an_article_or_a_reason(pieces: list[str]) -> None:
    read("".join(pieces).encode())


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(PAGES), st.data())
def test_a_damaged_page_gives_an_article_or_a_reason(body: bytes, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 300)))
        new = data.draw(st.one_of(st.binary(max_size=20), st.sampled_from(PIECES).map(str.encode)))
        body = body[:start] + new + body[end:]
    read(body)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PAGES), st.integers(0, 8000))
def test_a_page_cut_off_anywhere_gives_an_article_or_a_reason(body: bytes, end: int) -> None:
    read(body[:end])


STORY = "<p>One more paragraph of the story, said the minister.</p>\n"
FRAME = (
    '<h1 class="view_tit">A title</h1><div id="articleText"><div class="view_con_t">{}</div></div>'
)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "body",
    [
        FRAME.format(STORY * 60_000),
        FRAME.format("Text without an end.<br>" * 150_000),
        FRAME.format("&nbsp;" * 700_000 + "x"),
        FRAME.format("<div>" * 200_000 + STORY),
        FRAME.format("<center><table><tr><td>" * 20_000 + f'<img src="{PHOTO}">' + STORY),
        FRAME.format(f'<img src="{PHOTO}" alt="An ox.">' * 30_000 + STORY),
        FRAME.format(f'<p class="{"a-" * 500_000}" style="{" " * 900_000}">{STORY}</p>'),
        FRAME.format("(" * 1_000_000),
        FRAME.format("Aug 5, 2021 - 20:23 " * 100_000),
        "<div>x</div>" * 200_000 + FRAME.format(STORY),
        '<div id="articleText">x</div>' * 50_000,
        '<script type="application/ld+json">' + "[" * 300_000 + "</script>" + FRAME.format(STORY),
        '<script type="application/ld+json">{' + "," * 900_000 + "</script>" + FRAME.format(STORY),
        "<script>window.__STATE__ = " + '{"a":' * 100_000 + "</script>",
        "<a " * 1_000_000,
        "By " * 900_000,
        "<" * 3_000_000,
        '<meta property="og:title" content="' + "- The Korea Herald " * 100_000 + '">',
    ],
    ids=lambda body: body[:30] + body[-20:],
)
def test_a_hostile_page_of_megabytes_is_over_in_time(body: str) -> None:
    read(body.encode())
