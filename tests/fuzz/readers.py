"""All readers of what the site sends: any bytes give a value or a known refusal."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from heraldcrawl.loaders import load_article
from heraldcrawl.site.addresses import resource_key, story_id, story_url
from heraldcrawl.site.dates import find_date, from_iso, isoformat
from heraldcrawl.site.feeds import FeedError, read_feed
from heraldcrawl.site.lists import NoEntries, read_list
from heraldcrawl.site.menu import find_section
from heraldcrawl.site.page import REASONS, NotAStory, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PAGES: Final = Path(__file__).parents[1] / "site" / "pages"
_NOW: Final = datetime(2026, 10, 5, tzinfo=UTC)
_OLD: Final = "https://www.koreaherald.com/view.php?ud=20210805000861"
_TODAY: Final = "https://www.koreaherald.com/article/10799523"
_LIST: Final = "https://www.koreaherald.com/list.php?ct=020100000000"
_FEED: Final = "https://www.koreaherald.com/rss/newsAll"

_OLD_LIST: Final = (
    b'<ul class="category_detail_list"><li><a class="news_link" '
    b'href="view.php?ud=20210513000861"><strong>Well reopens</strong>'
    b'<p class="date">Foreign AffairsMay 13, 2021</p></a></li></ul>'
)
_LIST_OF_TODAY: Final = (
    b'<article class="recent_news"><ul class="news_list"><li><a href="/article/10799523">'
    b'<p class="news_title">Well reopens</p><span class="date">May 19, 2025</span></a></li>'
)
_FAULTY_FEED: Final = (
    b'<?xml version="1.0"?><rss><channel><item><title>Well reopens</title><link>'
    b"https://www.koreaherald.com/view.php?ud=/view.php?ud=20230814000600</link>"
    b"<pubDate>Mon, 17 Nov 2025 21:44:23 +09:00</pubDate></item></channel></rss>"
)
_MENU: Final = (
    b'<ul><li><a href="/list.php?ct=020100000000">National</a><ul><li>'
    b'<a href="/list.php?ct=020104000000">North Korea</a></li></ul></li></ul>'
)


def _old_article(body: bytes) -> None:
    _article(_OLD, body)


def _todays_article(body: bytes) -> None:
    _article(_TODAY, body)


def _article(url: str, body: bytes) -> None:
    try:
        article = load_article(Page(url, body, _NOW))
    except NotAStory as outcome:
        assert outcome.reason in REASONS  # noqa: PT017  (either outcome will do)
        return
    json.dumps(asdict(article), default=str, ensure_ascii=False).encode()
    assert article.article_body or article.images


def _list(body: bytes) -> None:
    try:
        found = read_list(Page(_LIST, body, _NOW))
    except NoEntries:
        return
    assert all(story_id(story_url(entry.id)) == entry.id for entry in found.entries)


def _feed(body: bytes) -> None:
    try:
        entries = read_feed(Page(_FEED, body, _NOW))
    except FeedError:
        return
    assert all(story_id(story_url(entry.id)) == entry.id for entry in entries)


def _section(body: bytes) -> None:
    address = find_section(Page(_LIST, body, _NOW), ("National", "North Korea"))
    assert address is None or resource_key(address)


def _date(body: bytes) -> None:
    found = find_date(body.decode(errors="replace"))
    assert found is None or from_iso(isoformat(found)) is not None


def _address(body: bytes) -> None:
    address = body.decode(errors="replace")
    story = story_id(address)
    resource_key(address)
    assert story is None or story_id(story_url(story)) == story


#: The first byte of an input chooses its reader.
READERS: Final[dict[bytes, Callable[[bytes], None]]] = {
    b"o": _old_article,
    b"t": _todays_article,
    b"l": _list,
    b"f": _feed,
    b"s": _section,
    b"d": _date,
    b"a": _address,
}
_EVERY: Final = tuple(READERS.values())


def read_any(data: bytes) -> None:
    """Hand an input to the reader that its first byte names."""
    reader = READERS.get(data[:1]) or _EVERY[data[0] % len(_EVERY)] if data else _date
    reader(data[1:])


def seeds() -> Iterator[bytes]:
    """Give inputs to begin with: every saved page, and what else the site has sent."""
    for path in sorted(_PAGES.glob("*/*/page.html")):
        letter = b"t" if path.parts[-3] in ("e4", "generic") else b"o"
        yield letter + path.read_bytes()
    yield b"l" + _OLD_LIST
    yield b"l" + _LIST_OF_TODAY
    yield b"f" + _FAULTY_FEED
    yield b"s" + _MENU
    yield from (
        b"dPublished : Aug 5, 2021 - 20:23",
        "d2025년 11월 18일 오후 3:05".encode(),
        b"ahttp://khview.heraldm.com/view.php?np=4&mp=1&ud=20190102000003&ACE_SEARCH=1",
    )
