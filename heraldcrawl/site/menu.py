"""The menu of a page: section links by label path, whatever markup the year gave the menu.

A page is first reduced to an outline of labels. A list nested in a list item belongs to the
item's label, as do the links that follow the first one in an item (2017), the ``dd`` that follow
a ``dt``, and a list that follows a lone label. Where a menu is flat (2019), what is known of the
menu says which labels start a group. Links to stories make a card, and cards are no menu.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin

from heraldcrawl.site import sections
from heraldcrawl.site.addresses import MIRRORS, ROOT, at_site, host_of, resource_key, story_id
from heraldcrawl.site.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborNode

    from heraldcrawl.site.page import Page

_UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "-comment"})
_SKIPPED: Final = _UNSEEN | {"select", "button"}
_LISTS: Final = frozenset({"ul", "ol", "menu", "dl", "table", "tbody", "tr"})
_ITEMS: Final = frozenset({"li", "td"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "strong", "b", "th", "p"})
_HOSTS: Final = MIRRORS | {"m.koreaherald.com"}
_NOWHERE: Final = re.compile("$|#|[a-z]{1,10}script:|mailto:", re.IGNORECASE)
_FRONT: Final = resource_key(ROOT)
_LONGEST_LABEL: Final = 40  # characters; a longer link or text is no label of a menu
_DEEPEST: Final = 250  # levels; deeper markup is broken, or hostile
_SHOWS_GROUP: Final = 3  # labels of one group that tell whose group it is without its heading


@dataclass(slots=True, eq=False)
class _Item:
    """A label of the outline, with its link if it has one, and the labels under it."""

    key: str
    label: str
    href: str | None = None
    is_story: bool = False
    children: list[_Item] = field(default_factory=list)
    run: int = 0  # the list in which it stands beside others


class _Piece(NamedTuple):
    """What one child of an element adds to the outline."""

    items: list[_Item]
    is_list: bool = False
    tag: str = ""

    @property
    def lone(self) -> _Item | None:
        """The one label without anything under it that the piece consists of, if it does."""
        if self.is_list or len(self.items) != 1 or self.items[0].children:
            return None
        return self.items[0]


class _Link(NamedTuple):
    path: tuple[str, ...]  # keys of the labels above it and its own
    labels: tuple[str, ...]
    href: str
    menu: int  # how many sections its menu links to


def find_section(page: Page, path: Sequence[str]) -> str | None:
    """Find the address to which the page's menu links a section.

    Of several menus the one that links most sections counts.

    :param path: labels from the top of the menu, such as ``("National", "North Korea")``
    :return: absolute, on www.koreaherald.com; None where no menu of the page has that path
    """
    links = _links(page)
    for wanted in sections.spellings(path):
        for link in links:
            if link.path == wanted and (address := _address(link.href, page.url)):
                return address
    return None


def menu_paths(page: Page) -> dict[tuple[str, ...], str]:
    """List the addresses of all sections that the page links, by label path.

    Labels are written as the menu of 2021 writes them, in the order of the page's largest menu.
    """
    found: dict[tuple[str, ...], str] = {}
    for link in _links(page):
        section = sections.match_path(link.labels)
        if section is not None and section.path not in found:
            address = _address(link.href, page.url)
            if address is not None:
                found[section.path] = address
    return found


def _links(page: Page) -> list[_Link]:
    """List the section links of all menus of a page, largest menu first."""
    root = page.tree.body
    if root is None:
        return []
    items = _Outline().read(root).items
    links = [link for menu in _menus(items) for link in _menu_links(menu)]
    return sorted(links, key=lambda link: -link.menu)


class _Outline:
    """Reads elements into items, and numbers the lists it meets."""

    def __init__(self) -> None:
        self.runs = 0

    def read(self, node: LexborNode, depth: int = 0) -> _Piece:
        tag = node.tag or ""
        if tag in _SKIPPED or depth > _DEEPEST:
            return _Piece([])
        if tag == "a":
            return _Piece(_link(node))
        pieces: list[_Piece] = []
        for child in node.iter(include_text=True):
            if child.is_text_node:
                piece = _Piece(_text(child.text_content or "", in_heading=tag in _HEADINGS))
            else:
                piece = self.read(child, depth + 1)
            if piece.items:
                pieces.append(piece)
        pieces = _defined(pieces)
        if tag in _LISTS:
            return self._run([item for piece in pieces for item in piece.items])
        if tag in _ITEMS:
            return self._list_item(pieces)
        return self._container(pieces, tag)

    def _run(self, items: list[_Item], tag: str = "") -> _Piece:
        self.runs += 1
        for item in items:
            item.run = self.runs
        return _Piece(items, is_list=True, tag=tag)

    def _list_item(self, pieces: list[_Piece]) -> _Piece:
        """Put what follows the first label of an item under it, unless the item is a card."""
        items = [item for piece in pieces for item in piece.items]
        lone = [piece.lone for piece in pieces if piece.lone is not None]
        if not items or pieces[0].lone is None or any(item.is_story for item in lone):
            return _Piece(items)
        head, *rest = items
        rest = [item for item in _without_cards(rest) if item.children or not _is_mark(item)]
        if not _may_govern(head, rest):
            return self._run(items)
        head.children = rest
        return _Piece([head])

    def _container(self, pieces: list[_Piece], tag: str) -> _Piece:
        """Give a list to the lone label before it; keep the other labels in their order."""
        items: list[_Item] = []
        heading: _Item | None = None
        all_lone = True
        for piece in pieces:
            label = piece.lone
            if label is not None:
                if heading is None or not _is_mark(label):
                    items.append(label)
                    heading = label
                continue
            all_lone = False
            if heading is not None and piece.is_list and _may_govern(heading, piece.items):
                heading.children += piece.items
            else:
                items += piece.items
            heading = None
        if all_lone and len(items) > 1:
            return self._run(items, tag)
        is_list = len(items) > 1 or any(piece.is_list for piece in pieces)
        return _Piece(items, is_list=is_list, tag=tag)


def _link(node: LexborNode) -> list[_Item]:
    href = (node.attributes.get("href") or "").strip()
    label = clean(_shown(node))
    if story_id(href) is not None or len(label) > _LONGEST_LABEL:
        return [_Item("", "", is_story=True)]
    if not label and (image := node.css_first("img[alt]")) is not None:
        label = clean(image.attributes.get("alt") or "")
    key = sections.label_key(label)
    return [_Item(key, label, None if _NOWHERE.match(href) else href)] if key else []


def _shown(link: LexborNode) -> str:
    """Read what a reader sees of a link: no script, and no title of an arrow that is drawn."""
    parts: list[str] = []
    stack = [link]
    while stack:
        node = stack.pop()
        if node.is_text_node:
            parts.append(node.text_content or "")
        elif node.tag not in _UNSEEN:
            stack.extend(reversed(list(node.iter(include_text=True))))
    return "".join(parts)


def _text(text: str, *, in_heading: bool) -> list[_Item]:
    label = clean(text) if text and not text.isspace() else ""
    key = sections.label_key(label) if label else ""
    if not key:
        return []
    if len(label) > _LONGEST_LABEL:
        return [_Item("", "", is_story=True)]  # running text belongs to a card as well
    return [_Item(key, label)] if in_heading or key in sections.LABEL_KEYS else []


def _is_mark(item: _Item) -> bool:
    """Tell whether a label is but an arrow, a count or a "more" beside another label."""
    return item.href is None and not item.is_story and item.key not in sections.LABEL_KEYS


def _without_cards(items: list[_Item]) -> list[_Item]:
    """Leave out stories and what stands in one list with stories."""
    cards = {item.run for item in items if item.is_story} - {0}
    return [item for item in items if not item.is_story and item.run not in cards]


def _may_govern(head: _Item, items: list[_Item]) -> bool:
    """Tell whether a label can be the heading of a list: no card is in it, and no other top."""
    if head.is_story or len(_without_cards(items)) != len(items):
        return False
    return head.key not in sections.LABEL_KEYS or all(_belongs(item, head) for item in items)


def _defined(pieces: list[_Piece]) -> list[_Piece]:
    """Put each ``dd`` of a definition list under the ``dt`` before it."""
    kept: list[_Piece] = []
    term: _Item | None = None
    for piece in pieces:
        if piece.tag == "dd" and term is not None:
            term.children += _without_cards(piece.items)
            continue
        if piece.tag == "dt":
            term = piece.items[0]
        kept.append(piece)
    return kept


def _menus(items: list[_Item]) -> Iterator[list[_Item]]:
    """Part items into the lists they come from; an item of no list is a menu of its own."""
    for run, group in groupby(items, key=lambda item: item.run):
        if run:
            yield list(group)
        else:
            yield from ([item] for item in group)


def _menu_links(menu: list[_Item]) -> list[_Link]:
    found: list[tuple[_Item, ...]] = []
    _walk(_grouped(menu), (), found)
    paths = [tuple(item.label for item in line) for line in found]
    size = sum(sections.match_path(path) is not None for path in paths)
    links = [
        _Link(tuple(item.key for item in line), labels, line[-1].href or "", size)
        for line, labels in zip(found, paths, strict=True)
    ]
    return links + _headless(menu)


def _walk(items: list[_Item], above: tuple[_Item, ...], found: list[tuple[_Item, ...]]) -> None:
    """Collect the linked items with the items above them, outermost first."""
    for item in items:
        # A heading that no menu has, such as "All sections", is no part of a label path.
        line = (*above, item) if above or item.key in sections.LABEL_KEYS else ()
        if item.href is not None:
            found.append(line or (item,))
        if item.children:
            if line:
                _walk(item.children, line, found)
            else:
                for menu in _menus(item.children):
                    _walk(_grouped(menu), (), found)


def _grouped(items: list[_Item]) -> list[_Item]:
    """Make groups of a flat menu, in which each top label is followed by its sections."""
    if any(item.is_story for item in items):
        return [item for item in items if not item.is_story]
    groups: list[_Item] = []
    head: _Item | None = None
    for item in items:
        if item.children:
            groups.append(item)
            head = None
        elif head is not None and _belongs(item, head):
            head.children.append(item)
        else:
            groups.append(item)
            head = item if item.key in sections.TOP_KEYS else None
    return groups


def _belongs(item: _Item, head: _Item) -> bool:
    if sections.match_path((head.label, item.label)) is not None:
        return True
    return item.key not in sections.TOP_KEYS


def _headless(menu: list[_Item]) -> list[_Link]:
    """Read a list of sections of one group whose heading stands elsewhere; the last resort."""
    if any(item.children or item.is_story for item in menu):
        return []
    known = [
        (item.href, section)
        for item in menu
        if (section := sections.match_label(item.label)) is not None and item.href is not None
    ]
    groups = {section.path[:-1] for _, section in known}
    if len(known) < _SHOWS_GROUP or len(groups) != 1 or () in groups:
        return []
    return [
        _Link(tuple(map(sections.label_key, section.path)), section.path, href, 0)
        for href, section in known
    ]


def _address(href: str, base: str) -> str | None:
    """Make a link absolute, on www.koreaherald.com; None for what is no page of the site."""
    try:
        url = urljoin(base, href).partition("#")[0]
    except ValueError:  # a broken host, such as "http://["
        return None
    if not url.startswith("http") or host_of(url) not in _HOSTS or resource_key(url) == _FRONT:
        return None
    return at_site(url, ROOT)
