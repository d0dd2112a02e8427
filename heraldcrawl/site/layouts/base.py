"""How a layout is described, and how a page is read by such a description.

A layout says where things are; this module knows how to look. What the selectors do not find is
looked for in the visible text above the story, line by line, because the order of the lines
(section, headline, byline, subtitle, dates, story) has been the same in every year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from heraldcrawl.site.bylines import parse_byline
from heraldcrawl.site.dates import find_date, published_and_modified
from heraldcrawl.site.flow import Flow, flow
from heraldcrawl.site.pictures import tell_apart
from heraldcrawl.site.sections import match_label
from heraldcrawl.site.text import Line, clean, once, paragraphs, same

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from selectolax.lexbor import LexborNode

    from heraldcrawl.items import Image
    from heraldcrawl.site.page import Page


@dataclass(frozen=True)
class Layout:
    """One design of the article page, in the order in which a reader meets its parts.

    All selectors are CSS as lexbor knows it. A part without a selector is found by position.

    :param name: what ``Article.layout`` says
    :param marks: a page with any of these is of this layout
    :param assets: so is one with this in the address of its pictures and style sheets
    :param section: the name of the section, as the page prints it
    :param body: where the story's text is; the first selector that finds text or a photo counts
    :param head_first: the page's head knows the headline better than any element known
    :param section_above: the section stands on a line of its own above the headline
    :param subtitle_by_place: a line between headline and dates that is no byline is the subtitle
    """

    name: str
    marks: tuple[str, ...]
    assets: str = ""
    section: str = ""
    headline: str = ""
    subtitle: str = ""
    byline: str = ""
    dates: str = ""
    body: tuple[str, ...] = ("#articleText",)
    head_first: bool = False
    section_above: bool = False
    subtitle_by_place: bool = False

    def recognises(self, page: Page) -> bool:
        """Tell whether a page is of this layout."""
        return bool(self.assets and self.assets in page.text) or any(
            word in page.text and page.tree.css_first(mark) is not None
            for mark, word in self._words
        )

    def places(self, page: Page) -> Iterator[list[LexborNode]]:
        """Give the elements that may hold the story, the likeliest first."""
        for selector in self.body:
            if roots := _outermost(page.tree.css(selector)):
                yield roots

    @cached_property
    def _words(self) -> list[tuple[str, str]]:
        return [(mark, _word(mark)) for mark in self.marks]


@lru_cache
def _word(selector: str) -> str:
    """Take the last name in a selector: no tree is searched as fast as a text for one word."""
    return str(re.findall(r"[\w-]+", selector)[-1])


@dataclass(slots=True)
class Reading:
    """What a page shows of its story, before any other evidence is weighed."""

    headline: str = ""
    subtitle: str = ""
    byline: str = ""
    published: date | None = None  # a datetime where a time is printed
    modified: date | None = None
    labels: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)  # that only the address of a link tells
    found: bool = False  # there is a place for the story, be it empty


def read(layout: Layout, page: Page, title: str | None = None) -> Reading:
    """Read a page by its layout.

    :param title: the headline as the page's head has it, to know it again in the text; empty
        where the head has one that says nothing, so that none may be guessed
    """
    reading = Reading()
    root, shown = _body(layout, page)
    heading = None if layout.head_first and title else _heading(layout, page, title or "")
    if heading is not None:
        reading.headline = _text_of(heading)
    if layout.subtitle:
        reading.subtitle = _first_text(page, layout.subtitle)
    if layout.byline:
        reading.byline = _first_text(page, layout.byline)
    if layout.dates:
        stamps = _all_text(page, layout.dates)
        reading.published, reading.modified = published_and_modified(stamps)
        reading.published = reading.published or find_date(stamps)
    if layout.section:
        reading.labels = _labels(page, layout.section)
    known = reading.headline or ("" if layout.headline and title is None else title)
    start = root if root is not None else heading
    if start is not None and not (reading.byline and reading.published and known):
        _read_above(layout, start, known, reading)
    known = reading.headline or title or ""
    if layout.section_above and not reading.labels:
        place = heading if heading is not None else root
        reading.labels = _labels_above(place, known) if place is not None else []
    if root is not None:
        reading.found = True
        reading.images, lines = tell_apart(shown, page.url, known)
        reading.paragraphs = tidied(lines, known, reading)
        reading.mails = shown.mails
    return reading


# ---------------------------------------------------------------- the story

#: Classes and ids that stood inside stories, in some year, and were no part of them.
NOISE: Final = frozenset(
    {
        "relationDiv", "view_tit_icon", "main_r_tit", "view_main_c_li", "spot_li", "khadv_bg",
        "main_r", "thumimage", "news_btn_wrap", "news_journalist_area",
    }
)  # fmt: skip

#: Lines that pages print inside the story's element and no reader takes for the story.
_FURNITURE: Final = frozenset(
    {
        "link copied", "most popular", "latest news", "most read", "advertisement", "back to top",
        "go to mobile version", "related stories", "related articles", "related news", "from",
        "send to", "the korea herald", "korea herald youtube", "padcast", "leadersclub",
        "소아쌤", "피터빈트", "지나쌤",
    }
)  # fmt: skip
_ARTICLES_BY = re.compile(r"Articles by .{2,80}")
_COPYRIGHT = re.compile(
    r"(?:copyrights?|ⓒ|©|<?저작권자).{0,20}(?:herald|헤럴드).{0,80}"
    r"|the korea herald by herald corporation",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(?:published|updated|posted) ?:", re.IGNORECASE)
_LONGEST_HEAD_LINE: Final = 200


def _body(layout: Layout, page: Page) -> tuple[LexborNode | None, Flow]:
    """Find the story's element and what it shows; an empty one rather than none."""
    empty: LexborNode | None = None
    for roots in layout.places(page):
        for strict in (True, False):
            shown = flow(roots, NOISE, strict=strict)
            if shown.items:
                return roots[0], shown
        empty = empty if empty is not None else roots[0]
    return empty, Flow()


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Leave out elements inside others of the same list, and hidden ones where some are not."""
    if len(nodes) < 2:  # noqa: PLR2004  (nothing to compare)
        return nodes
    taken: set[int] = set()
    found: list[LexborNode] = []
    hidden: list[LexborNode] = []
    for node in nodes[:_MOST_ROOTS]:
        around: LexborNode | None = node.parent
        inside = is_hidden = False
        for _ in range(_HIGHEST):
            if around is None:
                break
            inside = inside or around.mem_id in taken
            is_hidden = is_hidden or _is_hidden(around)
            around = around.parent
        if inside:
            continue
        taken.add(node.mem_id)
        (hidden if is_hidden or _is_hidden(node) else found).append(node)
    return found or hidden


_INLINE: Final = frozenset({"span", "font", "b", "strong", "i", "em", "u", "small", "mark", "big"})
_ONE_PARAGRAPH: Final = frozenset({"p", "blockquote", "h2", "h3", "h4", "li"})
_NO_TEXT: Final = frozenset({"script", "style", "noscript", "template", "a", "option", "button"})
_TELLING: Final = 25


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


_MOST_ROOTS: Final = 200
_HIGHEST: Final = 30


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    style = (attributes.get("style") or "")[:300].replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style


def tidied(lines: list[Line], headline: str, reading: Reading) -> list[str]:
    """Lay the story's lines out, without what other parts of the page have strayed into them.

    A headline, byline or date at the top is read as such, if it was not found above.
    """
    laid = once(paragraphs(line for line in lines if not _is_furniture(line)))
    for number, text in enumerate(laid[:_NEAR]):
        if len(text) < _LONGEST_HEAD_LINE and _DATED_BYLINE.search(text) and find_date(text):
            read_head(laid[: number + 1], headline or None, reading, subtitled=True)
            return laid[number + 1 :]
    top = 0
    while top < min(_NEAR, len(laid) - 1) and _is_stray(laid[top], headline, reading):
        top += 1
    if top:
        read_head(laid[:top], headline, reading)
    return laid[top:]


def _is_stray(text: str, headline: str, reading: Reading) -> bool:
    """Tell whether the first line of a story is not the story's."""
    if headline and same(text, headline):
        return True
    if not is_head(text):
        return False
    if _STAMP.search(text):
        return any(published_and_modified(text))
    if _is_byline(text) or _BYLINE_AND_DATE.match(text):
        return not reading.byline
    return not reading.published


def _is_furniture(line: Line) -> bool:
    text = line.text
    if line.linked:
        return True
    if len(text) > _LONGEST_HEAD_LINE:
        return False
    return (
        text.casefold().strip(" !:•·-▶") in _FURNITURE
        or _ARTICLES_BY.fullmatch(text) is not None
        or _COPYRIGHT.fullmatch(text) is not None
    )


# ---------------------------------------------------------------- what stands above it

_BYLINE = re.compile(r"(?:By|BY)[ :]\S|[\[(]?(?:코리아)?헤럴드|.{2,20} 기자")
_DATED_BYLINE = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})? ?[|·,]? ?(?P<byline>By .{2,150})")
_BYLINE_AND_DATE = re.compile(
    r"(?:By|BY) [^0-9|·]{2,150}?(?= ?(?:[|·]|[Pp]ublished|[Uu]pdated|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"[a-z]{0,6}\.? [0-9]|[0-9]))"
)
_MOST_LINES: Final = 80
_MENU: Final = 4  # so many section names in one place are a menu
_NEAR: Final = 6
_SHORT: Final = 90
_LONGEST_STAMP: Final = 45


def _is_byline(text: str) -> bool:
    if len(text) > _LONGEST_HEAD_LINE or not _BYLINE.match(text) or text.endswith((".", "?", "!")):
        return False
    byline = parse_byline(text)
    return bool(byline.authors or byline.organization or "herald" in text.casefold())


def _above(node: LexborNode, *, strict: bool, most_links: int | None = None) -> Iterator[list[str]]:
    """Give the lines that stand before an element, by neighbours, the closest first.

    :param most_links: pass over neighbours with more links: menus, and boxes with other stories
    """
    seen = 0
    place: LexborNode | None = node
    while place is not None and place.tag not in ("body", "html") and seen < _MOST_LINES:
        neighbour = place.prev
        while neighbour is not None and seen < _MOST_LINES:
            passed = most_links is not None and len(neighbour.css("a")) > most_links
            lines = [] if passed else _lines_of(neighbour, strict=strict)
            if lines:
                seen += len(lines)
                yield lines
            neighbour = neighbour.prev
        place = place.parent


_UNSEEN_NEIGHBOURS: Final = frozenset(("script", "style", "noscript", "nav", "-comment", "form"))


def _lines_of(node: LexborNode, *, strict: bool) -> list[str]:
    tag = node.tag
    if tag == "-text":
        text = clean(node.text_content or "")
        return [text] if text else []
    if tag in _UNSEEN_NEIGHBOURS or _is_hidden(node):
        return []
    shown = flow([node], NOISE, strict=strict)
    return [item.text for item in shown.items if isinstance(item, Line)]


def _read_above(layout: Layout, start: LexborNode, known: str | None, reading: Reading) -> None:
    """Fill in what the selectors did not find from the lines above the story."""
    for strict in (True, False):
        lines = _head_lines(start, known or "", strict=strict)
        read_head(lines, known, reading, subtitled=layout.subtitle_by_place)
        if reading.published:
            return


def _head_lines(start: LexborNode, known: str, *, strict: bool) -> list[str]:
    """Collect lines upwards until the headline, or as far as a head may reach."""
    lines: list[str] = []
    for above in _above(start, strict=strict):
        lines = above + lines
        if known and any(same(line, known) for line in above):
            break
        if not known and len(lines) > _NEAR:
            break
    return lines


def read_head(
    lines: list[str], known: str | None, reading: Reading, *, subtitled: bool = False
) -> None:
    """Read the lines between the section and the story: headline, byline, subtitle, dates.

    :param known: the headline, if it is known; ``None`` allows to guess it by its place
    """
    known = known if known is None else clean(known)
    place = max((n for n, line in enumerate(lines) if known and same(line, known)), default=-1)
    if place >= 0:
        reading.headline = reading.headline or lines[place]
    byline = ""
    stamps: list[str] = []
    others: list[str] = []
    before_byline = 0
    for line in lines[place + 1 :]:
        if len(line) > 2 * _LONGEST_HEAD_LINE or _is_furniture_text(line):
            continue
        dated = _DATED_BYLINE.search(line) if len(line) < _LONGEST_HEAD_LINE else None
        if dated:
            stamps.append(line)
            byline, before_byline = byline or dated["byline"], before_byline or len(others)
        elif _STAMP.search(line) or (len(line) < _SHORT and find_date(line)):
            stamps.append(line)
            signed = None if byline else _BYLINE_AND_DATE.match(line)
            if signed:
                byline, before_byline = signed[0], len(others)
        elif not byline and _is_byline(line):
            byline, before_byline = line, len(others)
        elif not stamps:
            others.append(line)
    if place < 0 and known is None and (byline or stamps):
        others = _guess_headline(others, before_byline if byline else 0, reading)
    if place > 0 and not stamps:
        stamps = [line for line in lines[max(0, place - _NEAR) : place] if len(line) < _SHORT]
    reading.byline = reading.byline or byline
    if not reading.published and stamps:
        published, modified = published_and_modified(*stamps)
        reading.published = published or find_date("\n".join(stamps))
        reading.modified = reading.modified or modified
    if subtitled and not reading.subtitle and reading.headline:
        reading.subtitle = " ".join(others)


def _guess_headline(others: list[str], before_byline: int, reading: Reading) -> list[str]:
    """Take the line above the byline for the headline, or the first of two lines above the dates.

    :return: the lines that are left for the subtitle
    """
    place = before_byline - 1 if before_byline else 0
    candidates = others[place : place + 2]
    if not candidates or match_label(candidates[0]) or (not before_byline and len(others) > 2):  # noqa: PLR2004
        return []
    reading.headline = reading.headline or candidates[0]
    return others[place + 1 :]


def is_head(text: str) -> bool:
    """Tell whether a line belongs above a story: a byline, a date, a word of the page's own."""
    if len(text) > _LONGEST_HEAD_LINE:
        return False
    if _is_furniture_text(text) or _STAMP.search(text) or _DATED_BYLINE.search(text):
        return True
    return _is_byline(text) or (len(text) < _LONGEST_STAMP and find_date(text) is not None)


def _is_furniture_text(text: str) -> bool:
    return text.casefold().strip(" !:•·-▶") in _FURNITURE


def _labels_above(place: LexborNode, known: str) -> list[str]:
    """Read the section's name, which pages print on a line of its own above the headline."""
    seen = 0
    for above in _above(place, strict=True, most_links=_MENU):
        lines = list(takewhile(lambda line: not known or not same(line, known), above))
        named = [line for line in lines if len(line) < _SHORT and _path(line)]
        if len(named) >= _MENU:
            return []
        if named:
            return [label for line in named for label in _path(line)]
        seen += len(lines)
        if seen > _MOST_LINES // 2:
            break
    return []


def _path(line: str) -> list[str]:
    """Read a line as section labels, one or several with arrows between."""
    labels = [label for label in re.split(r" ?[>›»|] ?", line) if label]
    if labels and labels[0].casefold() == "home":
        labels = labels[1:]
    return labels if labels and all(match_label(label) for label in labels) else []


# ---------------------------------------------------------------- selectors

_MOST_MATCHES: Final = 20


def _heading(layout: Layout, page: Page, title: str) -> LexborNode | None:
    """Find the headline; where several elements would do, the one that the page's head knows."""
    if not layout.headline:
        return None
    found = [
        node
        for node in page.tree.css(layout.headline)[:_MOST_MATCHES]
        if (text := clean(node.text() or "")) and text.casefold() not in _FURNITURE
    ]
    if len(found) > 1 and title:
        found = [node for node in found if same(clean(node.text()), title)] or found
    return found[0] if found else None


def _first_text(page: Page, selector: str) -> str:
    if _word(selector) not in page.text:
        return ""
    for node in page.tree.css(selector)[:_MOST_MATCHES]:
        if text := _text_of(node):
            return text
    return ""


def _text_of(node: LexborNode) -> str:
    """Read an element as one line, its hidden parts left out."""
    lines = flow([node], NOISE, strict=False).items
    return " ".join(item.text for item in lines if isinstance(item, Line))


def _all_text(page: Page, selector: str) -> str:
    return " ".join(
        clean(node.text(separator=" ")) for node in page.tree.css(selector)[:_MOST_MATCHES]
    )


def _labels(page: Page, selector: str) -> list[str]:
    labels = [clean(node.text(separator=" ")) for node in page.tree.css(selector)[:_MOST_MATCHES]]
    return list(dict.fromkeys(label for text in labels for label in _path(text)))
