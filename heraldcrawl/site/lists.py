"""List pages: the stories a section, reporter, series or search page lists, newest first.

Every year's list is recognised by its frame, the one element that is known for sure; whatever
else stands on the page (most popular, latest, headlines) is outside it. A page without a known
frame is read by what all lists have in common: a block of story links, each with its own date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin

from heraldcrawl.site import sections
from heraldcrawl.site.addresses import (
    host_of,
    is_herald,
    page_number,
    resource_key,
    story_id,
    story_url,
)
from heraldcrawl.site.dates import find_date
from heraldcrawl.site.text import clean, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from selectolax.lexbor import LexborNode

    from heraldcrawl.site.page import Page


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A story as a list or a feed shows it.

    :param headline: as printed; empty where the page swallowed it
    :param date_published: a plain date where the list prints the day alone
    :param category: the section as printed, where the list mixes sections
    :param description: the first lines, often cut in the middle of a word
    :param image: address of the thumbnail
    """

    id: str
    url: str
    headline: str
    date_published: datetime | date | None = None
    category: str | None = None
    description: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list.

    :param entries: in the order of the page; none on a page past the end of the list
    :param layout: the frame that was recognised: e4 e3 e2b e2a e1 mobile generic
    :param number: the page's number by its pager, or else by its address
    :param last: True where the pager has no further page; None where the page does not tell
    """

    entries: tuple[ListEntry, ...]
    layout: str
    number: int | None = None
    last: bool | None = None


class NoEntries(Exception):  # noqa: N818  (an outcome, not a fault of ours)
    """A page that should list stories shows none, and is not past the end of its list either.

    :param url: the page
    :param layout: the frame that was recognised, or "unknown"
    :param stories: how many links to stories stand elsewhere on the page
    :param detail: what was seen instead
    """

    def __init__(self, url: str, layout: str, stories: int, detail: str) -> None:
        super().__init__(f"{url}: {detail} (layout {layout}, {stories} story links on the page)")
        self.url = url
        self.layout = layout
        self.stories = stories
        self.detail = detail


@dataclass(frozen=True)
class _Frame:
    """What is known of one year's list: its frame, and where an item has what."""

    layout: str
    frame: str
    within: str  # the list in the frame, where that is marked
    headline: str
    dated: str
    description: str


_FRAMES: Final = (
    _Frame("e4", ".recent_news", ".news_list", ".news_title", ".date", ".news_text"),
    _Frame("e3", ".category_detail_list", "", "strong", ".date", ""),
    _Frame("e2b", ".main_sec_li_only", "", ".main_l_t1", ".main_l_t2", ".main_l_t3"),
)
_ANY: Final = _Frame("generic", "", "", "", "", "")
_MOST_FRAMES: Final = 10  # of one kind; a page has one, and a hidden copy
#: Frames that hold more than the list; the list in them is found by its dates.
_E2A_FRAME: Final = ".contentsWrap"
_E1_MARK: Final = re.compile("(?:new|kh)_201209")
_E1_HEADLINES: Final = "a.fontTitle6, a.fontTitle3"
#: Elements whose links are not the list's wherever they stand: a ``header`` unless it is an
#: item's own, and the stories listed under another story.
_AROUND: Final = frozenset({"aside", "footer", "nav"})
_RELATED: Final = "relationdiv"
_PAGERS: Final = ".paging, .pagination, .paginate, .pager, .page_num, .number"
_CURRENT: Final = ".on, .active, .current, [aria-current]"

_SKIPPED: Final = frozenset({"script", "style", "noscript", "template", "svg", "-comment"})
_INLINE: Final = frozenset(
    {"span", "em", "i", "u", "font", "small", "sub", "sup", "mark", "time", "cite", "img"}
)
_IN_LINKS: Final = _INLINE | frozenset(
    {"b", "strong", "div", "p", "picture", "figure", "br", "svg", "video", "script", "style"}
)
_CARD_TAGS: Final = frozenset({"li", "article", "tr"})
_TAIL_TAGS: Final = frozenset({"p", "dd", "span", "em", "small", "time", "br"})
_HEADINGS: Final = "h1, h2, h3, h4, h5, h6, strong, dt, b"
_HEADING_TAGS: Final = frozenset(_HEADINGS.split(", "))
_TITLE_MARKS: Final = ("tit", "headline", "subject")
_POPULAR: Final = re.compile(
    r"\W*(?:most (?:popular|read|view|shared)|popular|trending|related|recommended|editor|"
    r"you may|don.t miss|headlines?\b|top stor|hot (?:news|issue)|많이 본|인기|관련|주요)",
    re.IGNORECASE,
)
_LATEST: Final = re.compile(r"\W*(?:latest|just in|breaking news|최신)", re.IGNORECASE)
_NOTHING: Final = re.compile(
    r"\bno (?:more |matching |such )?(?:articles?|news|stories|results?|posts?|data)\b"
    r"|(?:기사|뉴스|데이터|결과|자료|내용)(?:가|이) 없습니다",
    re.IGNORECASE,
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE_LINE: Final = re.compile(
    r"(?P<category>.{0,40}?)[\s|·,:–-]{0,3}(?:(?:Published|Posted|Updated)\s?:?\s?)?"
    rf"(?:{_MONTH} ?[0-9]{{1,2}},? ?[0-9]{{4}}|[0-9]{{1,2}} {_MONTH} [0-9]{{4}}"
    r"|[0-9]{4} ?[.년/-] ?[0-9]{1,2} ?[.월/-] ?[0-9]{1,2}[.일]?)"
    r"(?:[\s|·,.–-]{0,3}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap]\.?m\.?)?(?: ?KST)?)?"
    r"(?:\s?By .{0,60})?[\s|·–-]{0,3}",
)
_LONGEST_DATE_LINE: Final = 160
_LONGEST_HEADING: Final = 40
_LONGEST_NOTICE: Final = 200
_SHORTEST_SUMMARY: Final = 40
_LONGEST_NUMBER: Final = 6  # digits of a page's number
_HEADING_WITHIN: Final = 4  # levels above a block
_BLOCK_OF_PAGES: Final = 5  # pagers show this many numbers, or twice as many, at a time
_MARKS_OF_A_LIST: Final = 2  # a known frame, a pager, an empty list: so many make an empty page
_MOST_LISTS: Final = 50  # of a page; looked at where a list is missed
_MOST_DATES: Final = 5  # elements of an item that are marked as its date
_BLANKS_BEFORE: Final = 8  # empty elements and white space between a block and its heading
_ELEMENTS_OF_A_HEADING: Final = 40
_LEVELS_ALIKE: Final = 12  # elements above two cards that make them cards of one list
_SUMMARY_WEIGHT: Final = 3  # an entry with a summary is worth so many without one
_WORDS_OF_A_LABEL: Final = 3


class _Line(NamedTuple):
    """A line of an item as it is printed, and the element it stands in."""

    text: str
    node: LexborNode


class _Pager(NamedTuple):
    number: int
    last: bool | None
    seen: bool


class _Card(NamedTuple):
    """The part of a page that belongs to one story link."""

    story: str
    nodes: list[LexborNode]
    position: int


def read_list(page: Page) -> ListPage:
    """Read the entries of a list page.

    A page past the end of its list (its frame stands there, empty) has no entries; that is told
    apart from a page whose entries cannot be read, and from an empty first page.

    :raises NoEntries: where no entry is found and the page does not say that the list has ended
    """
    if host_of(page.url) and not is_herald(page.url):
        raise NoEntries(page.url, "unknown", 0, "a page of another site")
    pager = _pager(page)
    for frame in _FRAMES:
        nodes = page.tree.css(frame.frame)[:_MOST_FRAMES]
        if frame.within:
            inner = [node for frame_node in nodes for node in frame_node.css(frame.within)]
            nodes = inner[:_MOST_FRAMES] or nodes
        if not nodes:
            continue
        entries = max((_framed_entries(node, page, frame) for node in nodes), key=len)
        if entries:
            return ListPage(entries, frame.layout, pager.number, pager.last)
        if all(_is_empty(node) for node in nodes):
            return _ended(page, frame.layout, pager.number, framed=True)
        raise NoEntries(page.url, frame.layout, _count(page), "items without a story's link")
    layout, scope = _scope(page)
    if scope is None:
        raise NoEntries(page.url, "unknown", 0, "an empty page")
    entries, unread = _dated_entries(scope, page, with_lead=layout == "e2a")
    if not entries and layout == "e1":
        entries = _entries(_e1_cards(scope), page, _ANY)
    if entries:
        return ListPage(entries, layout, pager.number, pager.last)
    marks = (layout != _ANY.layout, pager.seen, _has_empty_list(scope))
    framed = not unread and sum(marks) >= _MARKS_OF_A_LIST
    return _ended(page, layout, pager.number, framed=framed, unread=unread)


def _ended(page: Page, layout: str, number: int, *, framed: bool, unread: int = 0) -> ListPage:
    """Tell the end of a list from a list that cannot be read.

    :param framed: the list's frame is there, and empty
    :param unread: stories that stand where a list may be
    """
    later = page_number(page.url) > 1
    if not unread and ((framed and later) or ((framed or later) and _says_nothing(page))):
        return ListPage((), layout, number, last=True)
    if unread:
        detail = "story links, none of them in a block with dates"
    else:
        detail = "an empty first page" if framed else "no list"
    raise NoEntries(page.url, layout if framed else "unknown", _count(page), detail)


def _framed_entries(frame_node: LexborNode, page: Page, frame: _Frame) -> tuple[ListEntry, ...]:
    items = _outermost(frame_node, "li")
    if not items:
        return _entries(_cards(_stories(frame_node), frame_node), page, frame)
    stories = [(item, _main_story(item, frame)) for item in items]
    cards = [_Card(story, [item], 0) for item, story in stories if story is not None]
    return _entries(cards, page, frame)


def _main_story(item: LexborNode, frame: _Frame) -> str | None:
    """Find whose story an item is: the one its headline links to, or else the first."""
    links = _stories(item)
    headline = item.css_first(frame.headline)
    if headline is not None:
        near = {node.mem_id for node in (*headline.css("a"), *_upwards(headline, item))}
        links.sort(key=lambda link: link[1].mem_id not in near)
    return links[0][0] if links else None


def _entries(cards: Iterable[_Card], page: Page, frame: _Frame) -> tuple[ListEntry, ...]:
    """Read cards into entries, several cards of one story (picture, title) into one."""
    found: dict[str, ListEntry] = {}
    for card in cards:
        entry = _entry(card, page, frame)
        known = found.get(card.story)
        if known is not None:
            entry = replace(
                known,
                headline=known.headline or entry.headline,
                date_published=known.date_published or entry.date_published,
                category=known.category or entry.category,
                description=known.description or entry.description,
                image=known.image or entry.image,
            )
        found[card.story] = entry
    return tuple(found.values())


def _entry(card: _Card, page: Page, frame: _Frame) -> ListEntry:
    lines = _lines(card.nodes, _INLINE)
    dated = _date_line(card, lines, frame)
    if dated is None:
        lines = _lines(card.nodes, frozenset())
        dated = _date_line(card, lines, frame)
    headline = _headline(card, lines, frame, dated)
    description = _marked_text(card, frame.description)
    if description is None and not frame.description:
        description = " ".join(
            text
            for text, _ in lines
            if text not in headline and not _DATE_LINE.fullmatch(text) and not _is_byline(text)
        )
    return ListEntry(
        id=card.story,
        url=story_url(card.story),
        headline=headline,
        date_published=find_date(dated.text) if dated is not None else None,
        category=(_category(dated.text) or None) if dated is not None else None,
        description=summary(description or "") or None,
        image=_image(card, page.url),
    )


def _headline(card: _Card, lines: list[_Line], frame: _Frame, dated: _Line | None) -> str:
    marked = _marked_text(card, frame.headline)
    if marked is not None:
        return marked
    links = [link for node in card.nodes for story, link in _stories(node) if story == card.story]
    tops = {node.mem_id for node in card.nodes}
    around_date: set[int] = set()
    for above in _upwards(dated.node) if dated is not None else ():
        around_date.add(above.mem_id)
        if above.mem_id in tops:
            break
    if any(link.mem_id in around_date for link in links):
        # One link around the whole item: its headline is its heading, or else its first line.
        for node in card.nodes:
            inner = node.css_first(_HEADINGS) or next(filter(_is_title, node.css("[class]")), None)
            if inner is not None:
                return clean(inner.text())
        return next((line.text for line in lines if line is not dated), "")
    for link in [link for link in links if _is_title(link)] or links:
        text = _text(link)
        if text or _is_swallowed(link):
            return text
    return ""


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
    return text.startswith("By ") and len(text) <= _LONGEST_HEADING


def _date_line(card: _Card, lines: list[_Line], frame: _Frame) -> _Line | None:
    """Find the line that is nothing but a date, with or without the section before it."""
    if frame.dated:
        for marked in (
            marked for node in card.nodes for marked in node.css(frame.dated)[:_MOST_DATES]
        ):
            text = clean(marked.text())
            if len(text) <= _LONGEST_DATE_LINE and find_date(text) is not None:
                return _Line(text, marked)
    unsure: _Line | None = None
    for position, line in enumerate(lines):
        category = _category(line.text)
        if category is None or find_date(line.text) is None:
            continue
        if not category or sections.match_label(category) is not None:
            return line
        if position and unsure is None and len(category.split()) <= _WORDS_OF_A_LABEL:
            unsure = line
    return unsure


def _category(text: str) -> str | None:
    """Read the section before a date: empty where there is none, None where it is no such line.

    >>> _category("Foreign AffairsMay 13, 2021")
    'Foreign Affairs'
    """
    match = _DATE_LINE.fullmatch(text) if len(text) <= _LONGEST_DATE_LINE else None
    return match["category"].strip() if match is not None else None


def _marked_text(card: _Card, selector: str) -> str | None:
    for node in card.nodes if selector else ():
        marked = node.css_first(selector)
        if marked is not None:
            return _text(marked)
    return None


def _image(card: _Card, base: str) -> str | None:
    for image in (image for node in card.nodes for image in node.css("img")):
        for name in ("data-src", "data-original", "data-lazy", "src"):
            source = (image.attributes.get(name) or "").strip()
            if source and not source.startswith("data:"):
                return _absolute(source, base)
    return None


# A page without a known frame


def _scope(page: Page) -> tuple[str, LexborNode | None]:
    """Find the part of a page that holds the list, and say whose page it looks like."""
    tree = page.tree
    if (node := tree.css_first(_E2A_FRAME)) is not None:
        return "e2a", node
    if host_of(page.url).startswith("m."):
        return "mobile", tree.body
    return ("e1" if _E1_MARK.search(page.text) else "generic"), tree.body


def _dated_entries(
    scope: LexborNode, page: Page, *, with_lead: bool
) -> tuple[tuple[ListEntry, ...], int]:
    """Read the block of story links with dates that looks most like the list.

    :param with_lead: the page sets the newest story apart, above the block
    :return: the entries, and how many stories stand in blocks that may be lists
    """
    cards = _cards(_stories(scope), scope)
    best: list[_Card] = []
    found: tuple[ListEntry, ...] = ()
    most = unread = 0
    for block in _blocks(cards):
        heading = _heading_of(block, scope)
        if _POPULAR.match(heading):
            continue
        entries = _entries(block, page, _ANY)
        dated = sum(entry.date_published is not None for entry in entries)
        described = sum(len(entry.description or "") >= _SHORTEST_SUMMARY for entry in entries)
        with_summaries = 2 * described > len(entries)
        if _LATEST.match(heading) and not with_summaries:
            continue
        unread += len(entries)
        weight = dated * (_SUMMARY_WEIGHT if with_summaries else 1)
        if 2 * dated >= len(entries) and weight > most:
            most, best, found = weight, block, entries
    if with_lead and best:
        found = _with_lead(cards, best, found, page, scope)
    return found, unread


def _with_lead(
    cards: list[_Card],
    block: list[_Card],
    entries: tuple[ListEntry, ...],
    page: Page,
    scope: LexborNode,
) -> tuple[ListEntry, ...]:
    """Put the dated story that stands alone above the block before its entries."""
    listed = {entry.id for entry in entries}
    before = [card for card in cards if card.position < block[0].position]
    alone = [card for card in before if card.story not in listed]
    if len({card.story for card in alone}) != 1 or _POPULAR.match(_heading_of(alone, scope)):
        return entries
    lead = _entries(alone, page, _ANY)[0]
    return (lead, *entries) if lead.date_published is not None else entries


def _e1_cards(scope: LexborNode) -> list[_Card]:
    cards = [
        card
        for card in _cards(_stories(scope), scope)
        if any(node.css_first(_E1_HEADLINES) is not None for node in card.nodes)
    ]
    return [card for card in cards if not _POPULAR.match(_heading_of([card], scope))]


def _cards(links: list[tuple[str, LexborNode]], scope: LexborNode) -> list[_Card]:
    """Find for each story link the largest element that holds no other story's link."""
    holds: dict[int, str] = {scope.mem_id: ""}  # element -> its one story; "" for several
    for story, link in links:
        for node in _upwards(link):
            known = holds.get(node.mem_id)
            if known in (story, ""):
                break
            holds[node.mem_id] = story if known is None else ""
    tops: dict[int, LexborNode] = {}  # element -> the card it is in
    cards: dict[int, _Card] = {}
    for position, (story, link) in enumerate(links):
        passed: list[int] = []
        node = link
        while node.mem_id not in tops and node.tag not in _CARD_TAGS:
            passed.append(node.mem_id)
            above = node.parent
            if above is None or holds.get(above.mem_id) != story:
                break
            node = above
        node = tops.get(node.mem_id, node)
        tops.update(dict.fromkeys(passed, node))
        if node.mem_id not in cards:
            cards[node.mem_id] = _Card(story, [node, *_tail(node, holds)], position)
    return list(cards.values())


def _tail(node: LexborNode, holds: dict[int, str]) -> Iterator[LexborNode]:
    """Follow a card of a flat list, in which a story's date stands beside its link."""
    after = node.next
    while after is not None and after.mem_id not in holds:
        if after.tag in _TAIL_TAGS:
            yield after
        elif after.tag != "-text" or (after.text_content or "").strip():
            return
        after = after.next


def _blocks(cards: list[_Card]) -> list[list[_Card]]:
    """Group cards that are repeated: beside each other, or alone in places of the same kind."""
    beside: dict[int, list[_Card]] = {}
    for card in cards:
        parent = card.nodes[0].parent
        beside.setdefault(parent.mem_id if parent is not None else 0, []).append(card)
    alike: dict[tuple[str, ...], list[_Card]] = {}
    for block in beside.values():
        if len({card.story for card in block}) == 1:
            levels = islice(_upwards(block[0].nodes[0]), _LEVELS_ALIKE)
            place = tuple(node.tag or "" for node in levels)
            alike.setdefault(place, []).extend(block)
    return [*beside.values(), *(block for block in alike.values() if len(block) > 1)]


def _heading_of(block: list[_Card], scope: LexborNode) -> str:
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
        elif below.tag not in _SKIPPED:
            stack.extend(reversed(list(below.iter(include_text=True))))
    return " ".join(filter(None, parts))


# Reading elements


def _stories(node: LexborNode) -> list[tuple[str, LexborNode]]:
    """List the links to stories in an element, but for those under another story."""
    # Of each element above a link: is it left out, is it in an item. Looked up once an element.
    places = {node.mem_id: (False, node.tag in _CARD_TAGS)}
    found: list[tuple[str, LexborNode]] = []
    for link in node.css("a[href]"):
        story = story_id(link.attributes.get("href") or "")
        if story is None:
            continue
        above = []
        for element in _upwards(link):
            if element.mem_id in places:
                break
            above.append(element)
        left_out, in_item = places[element.mem_id]
        for element in reversed(above):
            left_out = left_out or _is_around(element, in_item=in_item)
            in_item = in_item or element.tag in _CARD_TAGS
            places[element.mem_id] = left_out, in_item
        if not left_out:
            found.append((story, link))
    return found


def _is_around(element: LexborNode, *, in_item: bool) -> bool:
    if element.tag in _AROUND or (element.tag == "header" and not in_item):
        return True
    return _is_related(element)


def _is_related(element: LexborNode) -> bool:
    return element.tag == "ul" and _RELATED in (element.attributes.get("class") or "").lower()


def _lines(nodes: Iterable[LexborNode], inline: frozenset[str]) -> list[_Line]:
    """Read elements line by line; elements of the inline kinds do not break a line."""
    lines: list[_Line] = []
    parts: list[str] = []
    place: LexborNode | None = None
    stack: list[LexborNode | None] = list(reversed(list(nodes)))
    while stack:
        node = stack.pop()
        if node is not None and node.is_text_node:
            text = node.text_content or ""
            if place is None and not text.isspace():
                place = node.parent
            parts.append(text)
            continue
        if node is not None and (node.tag in _SKIPPED or _is_related(node)):
            continue
        if node is None or node.tag not in inline:
            if place is not None and (text := clean("".join(parts))):
                lines.append(_Line(text, place))
            parts, place = [], None
        if node is not None:
            if node.tag not in inline:
                stack.append(None)
            stack.extend(reversed(list(node.iter(include_text=True))))
    if place is not None and (text := clean("".join(parts))):
        lines.append(_Line(text, place))
    return lines


def _text(node: LexborNode) -> str:
    return clean(node.text())


def _upwards(node: LexborNode, until: LexborNode | None = None) -> Iterator[LexborNode]:
    """Go from an element up to another, or to the root, both included."""
    above: LexborNode | None = node
    while above is not None:
        yield above
        above = above.parent if until is None or above.mem_id != until.mem_id else None


def _outermost(node: LexborNode, tag: str) -> list[LexborNode]:
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


def _absolute(address: str, base: str) -> str | None:
    try:
        return urljoin(base, address)
    except ValueError:  # a broken host, such as "http://["
        return None


# The end of a list


def _is_empty(frame_node: LexborNode) -> bool:
    return frame_node.css_first("a[href]") is None and len(_text(frame_node)) <= _LONGEST_NOTICE


def _has_empty_list(scope: LexborNode) -> bool:
    return any(node.css_first("li") is None for node in scope.css("ul")[:_MOST_LISTS])


def _says_nothing(page: Page) -> bool:
    """Tell whether the page prints, in a line of its own, that there are no stories."""
    body = page.tree.body
    lines = _lines([body], _INLINE) if body is not None else []
    return any(len(text) <= _LONGEST_NOTICE and _NOTHING.search(text) for text, _ in lines)


def _count(page: Page) -> int:
    return len({story for link in page.tree.css("a[href]") if (story := _story_of(link))})


def _story_of(link: LexborNode) -> str | None:
    return story_id(link.attributes.get("href") or "")


def _pager(page: Page) -> _Pager:
    """Read the number of a page, and whether it is the last, from its pager."""
    number = page_number(page.url)
    here = resource_key(page.url).rpartition(":")[0]
    linked: set[int] = set()
    for link in page.tree.css("a[href*='np=' i], a[href*='page=' i]"):
        url = _absolute(link.attributes.get("href") or "", page.url)
        if url is not None and resource_key(url).rpartition(":")[0] == here:
            linked.add(page_number(url))
    printed: set[int] = set()
    stops = False
    for pager in page.tree.css(_PAGERS)[:_MOST_FRAMES]:
        printed |= {int(text) for text, _ in _lines([pager], frozenset()) if _is_number(text)}
        current = pager.css_first(_CURRENT)
        if current is not None and _is_number(text := _text(current)):
            number = int(text)
        links = pager.css("a[href]")
        stops = stops or (bool(links) and _is_stop(links[-1].attributes.get("href") or ""))
    if not linked and not printed:
        return _Pager(number, None, seen=False)
    if max(linked | printed) > number:
        return _Pager(number, last=False, seen=True)
    if (stops and linked) or (number % _BLOCK_OF_PAGES and (printed or number > 1)):
        return _Pager(number, last=True, seen=True)
    return _Pager(number, None, seen=True)  # the end of the list, or but of a block of numbers


def _is_stop(href: str) -> bool:
    """Tell whether the arrow of a pager leads nowhere, as it does on the last page."""
    return href.strip().lower().startswith("javascript:") and not any(map(str.isdigit, href))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
