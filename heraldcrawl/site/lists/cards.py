"""Cards: which part of a page belongs to which story, and which cards make a list."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from heraldcrawl.site.lists.elements import ITEMS, SKIPPED, placed_links, upwards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

_TAIL: Final = frozenset({"p", "dd", "span", "em", "small", "time", "br"})
_LEVELS_ALIKE: Final = 12  # elements above two cards that make them cards of one list
_HEADING_WITHIN: Final = 4  # levels above a block
_BLANKS_BEFORE: Final = 8  # empty elements and white space between a block and its heading
_ELEMENTS_OF_A_HEADING: Final = 40
_LONGEST_HEADING: Final = 40


class Card(NamedTuple):
    """The part of a page that belongs to one story."""

    story: str
    nodes: list[LexborNode]


def find_cards(scope: LexborNode) -> list[Card]:
    """Find for each story link the largest element that holds no other story's link."""
    links = placed_links(scope)
    holds: dict[int, str] = {scope.mem_id: ""}  # element -> its one story; "" for several
    for story, link, _ in links:
        for node in upwards(link):
            known = holds.get(node.mem_id)
            if known in (story, ""):
                break
            holds[node.mem_id] = story if known is None else ""
    tops: dict[int, LexborNode] = {}  # element -> the card it is in
    cards: dict[int, Card] = {}
    for story, link, beside in links:
        if beside:
            continue
        passed: list[int] = []
        node = link
        while node.mem_id not in tops and node.tag not in ITEMS:
            passed.append(node.mem_id)
            above = node.parent
            if above is None or holds.get(above.mem_id) != story:
                break
            node = above
        node = tops.get(node.mem_id, node)
        tops.update(dict.fromkeys(passed, node))
        if node.mem_id not in cards:
            cards[node.mem_id] = Card(story, [node, *_tail(node, holds)])
    return list(cards.values())


def find_blocks(cards: list[Card]) -> list[list[Card]]:
    """Group cards that are repeated: beside each other, or alone in places of the same kind."""
    beside: dict[int, list[Card]] = {}
    for card in cards:
        parent = card.nodes[0].parent
        beside.setdefault(parent.mem_id if parent is not None else 0, []).append(card)
    alike: dict[tuple[str, ...], list[Card]] = {}
    for block in beside.values():
        if len({card.story for card in block}) == 1:
            levels = islice(upwards(block[0].nodes[0]), _LEVELS_ALIKE)
            place = tuple(node.tag or "" for node in levels)
            alike.setdefault(place, []).extend(block)
    return [*beside.values(), *(block for block in alike.values() if len(block) > 1)]


def heading_of(block: list[Card], scope: LexborNode) -> str:
    """Read the short text that stands right before a block, as its heading would."""
    node: LexborNode | None = block[0].nodes[0]
    for _ in range(_HEADING_WITHIN):
        if node is None or node.mem_id == scope.mem_id:
            break
        before = node.prev
        for _ in range(_BLANKS_BEFORE):
            if before is None:
                break
            if text := _beginning(before):
                return text if len(text) <= _LONGEST_HEADING else ""
            before = before.prev
        node = node.parent
    return ""


def _tail(node: LexborNode, holds: dict[int, str]) -> Iterator[LexborNode]:
    """Follow a card of a flat list, in which a story's date stands beside its link."""
    after = node.next
    while after is not None and after.mem_id not in holds:
        if after.tag in _TAIL:
            yield after
        elif after.tag != "-text" or (after.text_content or "").strip():
            return
        after = after.next


def _beginning(node: LexborNode) -> str:
    """Read no more of an element's text than tells whether it is a heading."""
    parts: list[str] = []
    stack = [node]
    for _ in range(_ELEMENTS_OF_A_HEADING):
        if not stack or sum(map(len, parts)) > _LONGEST_HEADING:
            break
        below = stack.pop()
        if below.is_text_node:
            parts.append(" ".join((below.text_content or "").split()))
        elif below.tag == "img":
            parts.append(below.attributes.get("alt") or "")
        elif below.tag not in SKIPPED:
            stack.extend(reversed(list(below.iter(include_text=True))))
    return " ".join(filter(None, parts))
