"""Reading elements: their links to stories, their lines, what stands above them."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin

from heraldcrawl.site.addresses import story_id
from heraldcrawl.site.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

#: Elements of a kind that a page has one of, and a hidden copy.
MOST_FRAMES: Final = 10
#: A notice, or what stands in a list that holds nothing, is no longer.
LONGEST_NOTICE: Final = 200
#: Elements that an item of a list may be.
ITEMS: Final = frozenset({"li", "article", "tr"})
SKIPPED: Final = frozenset({"script", "style", "noscript", "template", "svg", "-comment"})
#: Elements that break no line of an item.
INLINE: Final = frozenset(
    {"span", "em", "i", "u", "font", "small", "sub", "sup", "mark", "time", "cite", "img"}
)

#: Likewise, of an element that is one line by what it is.
IN_A_LINE: Final = INLINE | frozenset({"a", "b", "strong", "wbr"})

#: Elements whose links are not the list's wherever they stand: a ``header`` unless it is an
#: item's own, the right column of 2021, and the stories listed under another story.
_AROUND: Final = frozenset({"aside", "footer", "nav"})
_RIGHT_COLUMN: Final = "main_r"
_RELATED: Final = "relationdiv"


class _Place(Enum):
    LIST = auto()
    BESIDE = auto()
    RELATED = auto()  # under another story


class Line(NamedTuple):
    """A line of an item as it is printed, and the element it stands in."""

    text: str
    node: LexborNode


def text_of(node: LexborNode) -> str:
    """Read an element as one line, as a reader of the page does: no scripts, a break is a blank."""
    only = node.first_child
    if only is not None and only.is_text_node and only.next is None:  # nearly always
        return clean(only.text_content or "")
    return " ".join(text for text, _ in lines_of([node], IN_A_LINE))


def story_of(link: LexborNode) -> str | None:
    """Read the id of the story that a link leads to."""
    return story_id(link.attributes.get("href") or "")


def story_links(node: LexborNode) -> list[tuple[str, LexborNode]]:
    """List the links to stories in an element, but for those under another story."""
    return [(story, link) for story, link, beside in placed_links(node) if not beside]


def placed_links(node: LexborNode) -> list[tuple[str, LexborNode, bool]]:
    """List the links to stories in an element, and whether they stand beside the list.

    Those under another story are left out.
    """
    # Of each element above a link: its place, and is it in an item. Looked up once an element.
    places = {node.mem_id: (_Place.LIST, node.tag in ITEMS)}
    found: list[tuple[str, LexborNode, bool]] = []
    for link in node.css("a[href]"):
        story = story_of(link)
        if story is None:
            continue
        above = []
        for element in upwards(link):
            if element.mem_id in places:
                break
            above.append(element)
        place, in_item = places[element.mem_id]
        for element in reversed(above):
            if place is _Place.LIST:
                place = _place(element, in_item=in_item)
            in_item = in_item or element.tag in ITEMS
            places[element.mem_id] = place, in_item
        if place is not _Place.RELATED:
            found.append((story, link, place is _Place.BESIDE))
    return found


def lines_of(nodes: Iterable[LexborNode], inline: frozenset[str] = INLINE) -> list[Line]:
    """Read elements line by line; elements of the inline kinds do not break a line."""
    lines: list[Line] = []
    parts: list[str] = []
    place: LexborNode | None = None
    stack: list[LexborNode | None] = [None, *reversed(list(nodes))]
    while stack:
        node = stack.pop()
        if node is not None and node.is_text_node:
            text = node.text_content or ""
            if place is None and not text.isspace():
                place = node.parent
            parts.append(text)
            continue
        if node is not None and (node.tag in SKIPPED or _is_related(node)):
            continue
        if node is None or node.tag not in inline:
            if place is not None and (text := clean("".join(parts))):
                lines.append(Line(text, place))
            parts, place = [], None
        if node is not None:
            if node.tag not in inline:
                stack.append(None)
            stack.extend(reversed(list(node.iter(include_text=True))))
    return lines


def upwards(node: LexborNode, until: LexborNode | None = None) -> Iterator[LexborNode]:
    """Go from an element up to another, or to the root, both included."""
    above: LexborNode | None = node
    while above is not None:
        yield above
        above = above.parent if until is None or above.mem_id != until.mem_id else None


def outermost(node: LexborNode, tag: str) -> list[LexborNode]:
    """List the elements of a kind that stand in no other of that kind."""
    found: list[LexborNode] = []
    stack = list(reversed(list(node.iter())))
    while stack:
        below = stack.pop()
        if below.tag == tag:
            found.append(below)
        else:
            stack.extend(reversed(list(below.iter())))
    return found


def absolute(address: str, base: str) -> str | None:
    """Make an address absolute; None for one that no browser would follow."""
    try:
        return urljoin(base, address)
    except ValueError:  # a broken host, such as "http://["
        return None


def _place(element: LexborNode, *, in_item: bool) -> _Place:
    if element.tag in _AROUND or (element.tag == "header" and not in_item):
        return _Place.BESIDE
    if element.tag == "div" and _RIGHT_COLUMN in (element.attributes.get("class") or "").split():
        return _Place.BESIDE
    return _Place.RELATED if _is_related(element) else _Place.LIST


def _is_related(element: LexborNode) -> bool:
    return element.tag == "ul" and _RELATED in (element.attributes.get("class") or "").lower()
