"""Where a story's text is, and what of it is the story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from heraldcrawl.site.flow import Flow, flow, is_hidden
from heraldcrawl.site.layouts.furniture import NOISE, is_stray
from heraldcrawl.site.layouts.head import NEAR, is_dated_byline, is_news, read_head
from heraldcrawl.site.text import Line, once, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborNode

    from heraldcrawl.site.layouts.reading import Reading
    from heraldcrawl.site.page import Page

_MOST_ROOTS: Final = 200
_HIGHEST: Final = 30
_TELLING: Final = 25
_INLINE: Final = frozenset({"span", "font", "b", "strong", "i", "em", "u", "small", "mark", "big"})
_ONE_PARAGRAPH: Final = frozenset({"p", "blockquote", "h2", "h3", "h4", "li"})
_NO_TEXT: Final = frozenset({"script", "style", "noscript", "template", "a", "option", "button"})


def first_shown(places: Iterable[list[LexborNode]]) -> tuple[LexborNode | None, Flow]:
    """Take the first of some places that shows anything; an empty one rather than none."""
    empty: LexborNode | None = None
    for roots in places:
        for strict in (True, False):
            shown = flow(roots, NOISE, strict=strict)
            if shown.items:
                return roots[0], shown
        empty = empty if empty is not None else roots[0]
    return empty, Flow()


def tidied(lines: list[Line], headline: str, reading: Reading) -> list[str]:
    """Lay the story's lines out, without what other parts of the page have strayed into them.

    A headline, byline or date at the top is read as such, if it was not found above.
    """
    laid = once(paragraphs(line for line in lines if not is_stray(line)))
    for number, text in enumerate(laid[:NEAR]):
        if is_dated_byline(text):
            read_head(laid[: number + 1], headline or None, reading, subtitled=True)
            return laid[number + 1 :]
    top = 0
    while top < min(NEAR, len(laid) - 1) and is_news(laid[top], headline, reading):
        top += 1
    if top:
        read_head(laid[:top], headline, reading)
    return laid[top:]


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Leave out elements inside others of the same list, and hidden ones where some are not."""
    if len(nodes) < 2:  # noqa: PLR2004  (nothing to compare)
        return nodes
    taken: set[int] = set()
    found: list[LexborNode] = []
    hidden: list[LexborNode] = []
    for node in nodes[:_MOST_ROOTS]:
        around: LexborNode | None = node.parent
        inside = unseen = False
        for _ in range(_HIGHEST):
            if around is None:
                break
            if around.mem_id in taken:
                inside = True
                break
            unseen = unseen or is_hidden(around)
            around = around.parent
        if inside:
            continue
        taken.add(node.mem_id)
        (hidden if unseen or is_hidden(node) else found).append(node)
    return found or hidden


def bulkiest(page: Page) -> LexborNode | None:
    """Find the element with the most text of its own, paragraphs in it included."""
    sizes: dict[int, int] = {}
    places: dict[int, LexborNode] = {}
    body = page.tree.body
    for node in body.traverse(include_text=True) if body is not None else ():
        if node.tag != "-text":
            continue
        size = len((node.text_content or "").strip())
        place = node.parent if size >= _TELLING else None
        for _ in range(_HIGHEST):
            if place is None or place.tag not in _INLINE:
                break
            place = place.parent
        if place is None or place.tag in _NO_TEXT:
            continue
        if place.tag in _ONE_PARAGRAPH and place.parent is not None:
            place = place.parent
        sizes[place.mem_id] = sizes.get(place.mem_id, 0) + size
        places[place.mem_id] = place
    return places[max(sizes, key=sizes.__getitem__)] if sizes else None
