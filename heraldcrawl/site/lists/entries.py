"""From the part of a page that belongs to a story to its entry."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

from heraldcrawl.site.addresses import story_url
from heraldcrawl.site.dates import find_date
from heraldcrawl.site.lists.dateline import LONGEST, category_of, find_date_line
from heraldcrawl.site.lists.elements import (
    IN_A_LINE,
    INLINE,
    Line,
    absolute,
    lines_of,
    story_links,
    text_of,
    upwards,
)
from heraldcrawl.site.lists.values import ListEntry
from heraldcrawl.site.text import summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

    from heraldcrawl.site.lists.cards import Card
    from heraldcrawl.site.lists.frames import Frame

_HEADINGS: Final = "h1, h2, h3, h4, h5, h6, strong, dt, b"
_HEADING_TAGS: Final = frozenset(_HEADINGS.split(", "))
_TITLE_MARKS: Final = ("tit", "headline", "subject")  # in the classes of headlines
#: Elements that a link to a story may hold; any other is a headline in angle brackets.
_IN_LINKS: Final = INLINE | frozenset(
    {"b", "strong", "div", "p", "picture", "figure", "br", "svg", "video", "script", "style"}
)
_ONE_LINE: Final = IN_A_LINE | {"br"}
#: Where pictures have their address, the true one first where scripts load them late.
_SOURCES: Final = ("data-src", "data-original", "data-lazy", "src")
_MOST_DATES: Final = 5  # elements of an item that are marked as its date
_LONGEST_BYLINE: Final = 40


def read_entries(cards: Iterable[Card], base: str, frame: Frame) -> tuple[ListEntry, ...]:
    """Read cards into entries, several cards of one story (picture, title) into one.

    :param base: the page's address
    """
    found: dict[str, ListEntry] = {}
    for card in cards:
        entry = _entry(card, base, frame)
        known = found.get(card.story)
        found[card.story] = _joined(known, entry) if known is not None else entry
    return tuple(found.values())


def _joined(one: ListEntry, other: ListEntry) -> ListEntry:
    names = (field.name for field in fields(ListEntry))
    return ListEntry(**{name: getattr(one, name) or getattr(other, name) for name in names})


def _entry(card: Card, base: str, frame: Frame) -> ListEntry:
    lines = lines_of(card.nodes)
    dated = _date_line(card, lines, frame)
    if dated is None:
        lines = lines_of(card.nodes, inline=frozenset())
        dated = _date_line(card, lines, frame)
    headline = _headline(card, lines, frame, dated)
    description = _marked_text(card, frame.description)
    if description is None and not frame.description:
        description = " ".join(
            text
            for text, _ in lines
            if text not in headline and category_of(text) is None and not _is_byline(text)
        )
    return ListEntry(
        id=card.story,
        url=story_url(card.story),
        headline=headline,
        date_published=find_date(dated.text) if dated is not None else None,
        category=(category_of(dated.text) or None) if dated is not None else None,
        description=summary(description or "") or None,
        image=_image(card, base),
    )


def _date_line(card: Card, lines: list[Line], frame: Frame) -> Line | None:
    for marked in _marked(card, frame.dated):
        text = text_of(marked)
        if len(text) <= LONGEST and find_date(text) is not None:
            return Line(text, marked)
    return find_date_line(lines)


def _headline(card: Card, lines: list[Line], frame: Frame, dated: Line | None) -> str:
    marked = _marked_text(card, frame.headline)
    if marked is not None:
        return marked
    links = [
        link for node in card.nodes for story, link in story_links(node) if story == card.story
    ]
    around_date = _around(dated, card) if dated is not None else set()
    if dated is not None and any(link.mem_id in around_date for link in links):
        # One link around the whole item: its headline is its heading, or else its first line.
        for node in card.nodes:
            inner = node.css_first(_HEADINGS) or next(filter(_is_title, node.css("[class]")), None)
            if inner is not None:
                return text_of(_whole(inner))
        return next((line.text for line in lines if line is not dated), "")
    for link in [link for link in links if _is_title(link)] or links:
        text = text_of(link)
        if text or _is_swallowed(link):
            return text
    return ""


def _whole(heading: LexborNode) -> LexborNode:
    """Go from a word in bold to the headline that it is a part of."""
    above = heading.parent
    if above is not None and _is_title(above) and len(lines_of([above], _ONE_LINE)) == 1:
        return above
    return heading


def _around(line: Line, card: Card) -> set[int]:
    """List the elements of a card in which a line stands."""
    tops = {node.mem_id for node in card.nodes}
    around: set[int] = set()
    for above in upwards(line.node):
        around.add(above.mem_id)
        if above.mem_id in tops:
            break
    return around


def _is_swallowed(link: LexborNode) -> bool:
    """Tell whether a link's text is lost because its angle brackets make it an element."""
    return any(part.tag not in _IN_LINKS and not part.is_comment_node for part in link.iter())


def _is_title(node: LexborNode) -> bool:
    """Tell by class, or by the element around it, whether an element is a headline."""
    if node.parent is not None and node.parent.tag in _HEADING_TAGS:
        return True
    name = (node.attributes.get("class") or "").lower()
    return any(mark in name for mark in _TITLE_MARKS)


def _is_byline(text: str) -> bool:
    return text.startswith("By ") and len(text) <= _LONGEST_BYLINE


def _marked_text(card: Card, selector: str) -> str | None:
    return next(map(text_of, _marked(card, selector)), None)


def _marked(card: Card, selector: str) -> Iterator[LexborNode]:
    for node in card.nodes if selector else ():
        yield from node.css(selector)[:_MOST_DATES]


def _image(card: Card, base: str) -> str | None:
    for image in (image for node in card.nodes for image in node.css("img")):
        for name in _SOURCES:
            source = (image.attributes.get(name) or "").strip()
            if source and not source.startswith("data:"):
                return absolute(source, base)
    return None
