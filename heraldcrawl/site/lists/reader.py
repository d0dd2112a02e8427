"""Reading a list page whole: its entries, or what it shows instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from heraldcrawl.site.addresses import host_of, is_herald, page_number
from heraldcrawl.site.lists.cards import Card, find_cards
from heraldcrawl.site.lists.elements import (
    LONGEST_NOTICE,
    MOST_FRAMES,
    lines_of,
    outermost,
    story_links,
    story_of,
    text_of,
    upwards,
)
from heraldcrawl.site.lists.entries import read_entries
from heraldcrawl.site.lists.frames import ANYWHERE, FRAMES, PAGERS, Frame
from heraldcrawl.site.lists.generic import find_scope, read_scope
from heraldcrawl.site.lists.pager import read_pager
from heraldcrawl.site.lists.values import ListPage, NoEntries

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from heraldcrawl.site.lists.pager import Pager
    from heraldcrawl.site.lists.values import ListEntry
    from heraldcrawl.site.page import Page

_NOTHING: Final = re.compile(
    r"\bno (?:more |matching |such )?(?:articles?|news|stories|results?|posts?|data)\b"
    r"|(?:기사|뉴스|데이터|결과|자료|내용)(?:가|이) 없습니다",
    re.IGNORECASE,
)
_MOST_LISTS: Final = 50  # of a page; looked at where a list is missed
_MARKS_OF_A_LIST: Final = 2  # a known frame, a pager, an empty list: so many make an empty page


def read_list(page: Page) -> ListPage:
    """Read the entries of a list page.

    A page past the end of its list (its frame stands there, empty) has no entries; that is told
    apart from a page whose entries cannot be read, and from an empty first page.

    :raises NoEntries: where no entry is found and the page does not say that the list has ended
    """
    if host_of(page.url) and not is_herald(page.url):
        raise NoEntries(page.url, "unknown", 0, "a page of another site")
    pager = read_pager(page)
    for frame in FRAMES:
        nodes = _places(frame, page)
        if nodes:
            return _framed(frame, nodes, page, pager)
    return _unframed(page, pager)


def _framed(frame: Frame, nodes: list[LexborNode], page: Page, pager: Pager) -> ListPage:
    entries = max((_framed_entries(frame, node, page) for node in nodes), key=len)
    if entries:
        return ListPage(entries, frame.layout, pager.number, pager.last)
    if not all(map(_is_empty, nodes)):
        raise NoEntries(page.url, frame.layout, _count(page), "items without a story's link")
    return _ended(page, frame.layout, pager.number, framed=True)


def _unframed(page: Page, pager: Pager) -> ListPage:
    scope, node = find_scope(page)
    if node is None:
        raise NoEntries(page.url, "unknown", 0, "an empty page")
    entries, unread = read_scope(scope, node, page)
    if entries:
        return ListPage(entries, scope.layout, pager.number, pager.last)
    if unread:
        detail = "story links, none of them in a block with dates"
        raise NoEntries(page.url, "unknown", _count(page), detail)
    marks = (scope is not ANYWHERE, pager.seen, _has_empty_list(node))
    framed = sum(marks) >= _MARKS_OF_A_LIST
    return _ended(page, scope.layout, pager.number, framed=framed)


def _ended(page: Page, layout: str, number: int, *, framed: bool) -> ListPage:
    """Tell the end of a list from a page that should have entries, or is no list.

    :param framed: the list's frame is there, and empty
    """
    later = page_number(page.url) > 1
    if (framed and later) or ((framed or later) and _says_nothing(page)):
        return ListPage((), layout, number, last=True)
    detail = "an empty first page" if framed else "no list"
    raise NoEntries(page.url, layout if framed else "unknown", _count(page), detail)


def _places(frame: Frame, page: Page) -> list[LexborNode]:
    """Find a frame on a page, more than once where the page has a hidden copy of its list."""
    nodes = page.tree.css(frame.frame)[:MOST_FRAMES]
    if not frame.within:
        return nodes
    inner = [within for node in nodes for within in node.css(frame.within)]
    return inner[:MOST_FRAMES] or nodes


def _framed_entries(frame: Frame, node: LexborNode, page: Page) -> tuple[ListEntry, ...]:
    items = outermost(node, "li")
    if not items:
        return read_entries(find_cards(node), page.url, frame)
    stories = [(_main_story(item, frame), item) for item in items]
    cards = [Card(story, [item]) for story, item in stories if story is not None]
    return read_entries(cards, page.url, frame)


def _main_story(item: LexborNode, frame: Frame) -> str | None:
    """Find whose story an item is: the one its headline links to, or else the first."""
    links = story_links(item)
    headline = item.css_first(frame.headline)
    if headline is not None:
        near = {node.mem_id for node in (*headline.css("a"), *upwards(headline, item))}
        links.sort(key=lambda link: link[1].mem_id not in near)
    return links[0][0] if links else None


def _is_empty(node: LexborNode) -> bool:
    paged = {link.mem_id for pager in node.css(PAGERS) for link in pager.css("a[href]")}
    links = any(link.mem_id not in paged for link in node.css("a[href]"))
    return not links and len(text_of(node)) <= LONGEST_NOTICE


def _has_empty_list(node: LexborNode) -> bool:
    return any(part.css_first("li") is None for part in node.css("ul")[:_MOST_LISTS])


def _says_nothing(page: Page) -> bool:
    """Tell whether the page prints, in a line of its own, that there are no stories."""
    body = page.tree.body
    lines = lines_of([body]) if body is not None else []
    return any(len(text) <= LONGEST_NOTICE and _NOTHING.search(text) for text, _ in lines)


def _count(page: Page) -> int:
    return len({story for link in page.tree.css("a[href]") if (story := story_of(link))})
