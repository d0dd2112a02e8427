"""From a tree to what the reader sees of it: lines and pictures, in document order.

The tree is walked once with a pointer, not by recursion, so that ten thousand nested elements are
read like ten. Nothing here knows a layout; what a layout calls noise is handed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from heraldcrawl.site.pictures import is_photo
from heraldcrawl.site.text import LINE, PARAGRAPH, Line, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from selectolax.lexbor import LexborNode


class Picture(NamedTuple):
    """A picture where it stands between the lines."""

    url: str  # as the page writes it
    alt: str
    frame: int


@dataclass(slots=True)
class Frame:
    """A table, figure or centred block: with a picture in it, short text in it is the caption."""

    outer: int
    loose: bool  # centred text, which a page may forget to end
    pictures: int = 0
    lines: int = 0
    characters: int = 0


@dataclass(slots=True)
class Flow:
    """What a tree shows, in the order in which it shows it."""

    items: list[Line | Picture] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=lambda: [Frame(0, loose=True)])
    mails: list[str] = field(default_factory=list)  # that only the address of a link tells
    suspects: int = 0  # elements left out for what their class suggests


def flow(roots: Iterable[LexborNode], noise: frozenset[str], *, strict: bool = True) -> Flow:
    """Read trees into lines and pictures.

    :param noise: classes and ids of what is no part of the story
    :param strict: leave out, as well, what its class merely suggests to be an advert or the like
    """
    shown = Flow()
    for root in roots:
        _Walk(shown, noise, strict).through(root)
    return shown


def is_hidden(node: LexborNode) -> bool:
    """Tell whether an element itself says that it is not to be seen."""
    attributes = node.attributes
    style = attributes.get("style")
    if style and _HIDDEN_STYLE.search(style[:_LONGEST_MARK]):
        return True
    return "hidden" in attributes


_PARAGRAPHS: Final = frozenset(
    {
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote",
        "section", "article", "main", "center", "figure", "figcaption", "pre", "hr", "address",
        "details", "summary", "fieldset", "caption", "header", "tbody", "td", "th",
    }
)  # fmt: skip
_LINES: Final = frozenset(("li", "tr", "dt", "dd"))
#: However its lines end, such an element is one paragraph.
_SOLID: Final = frozenset(
    {
        "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dt", "dd", "pre", "address",
    }
)  # fmt: skip
_FRAMES: Final = frozenset(("table", "center", "figure"))
_UNREAD: Final = frozenset(
    {
        "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas",
        "audio", "video", "form", "input", "button", "select", "option", "textarea", "nav", "aside",
        "footer", "map", "head", "title", "meta", "link", "area", "-comment",
    }
)  # fmt: skip
#: Of these, what takes room on the page: a gap in the story.
_BESIDE: Final = frozenset(("aside", "nav", "form", "footer", "iframe", "video", "object"))
_IMAGE_SOURCES: Final = ("data-src", "data-original", "data-lazy-src", "data-lazy", "src")

#: More frames inside each other than this are a joke.
_DEEPEST_FRAME: Final = 40
#: A table whose cells are all shorter than this holds data; else it only arranges the page.
_LONGEST_CELL: Final = 160
_LONGEST_MARK: Final = 300
#: What share of a line inside a link makes it a link: "Read more:" may stand before it.
_LINKED_SHARE: Final = 0.8

_STORY_LINK = re.compile(r"view\.php\?|/article/[0-9]|list\.php\?", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_CENTRED_STYLE = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)

_HOLDER = (
    r"(?:[-_](?:area|box|wrap|wrapper|list|group|cont|container|inner|section|layer|item|items"
    r"|link|links|news|article|articles|stories|text|txt|title|tit|top|bottom|mid|left|right"
    r"|slot|unit|pc|mo|mobile|bg|[0-9]{1,20}))*"
)
_PHOTO_MARK = re.compile(
    r"(?:[a-z]{1,20}[-_])?(?:photo|img|image|picture|figure)s?" + _HOLDER, re.IGNORECASE
)
_CAPTION_MARK = re.compile(
    r"[a-z0-9_-]{0,30}caption[a-z0-9_-]{0,10}|(?:photo|img|image|pic)[-_]?(?:desc|txt|text|info)",
    re.IGNORECASE,
)
_NOISE_MARK = re.compile(
    r"(?:[a-z0-9]{1,20}[-_]){0,3}"
    r"(?:ads?|[a-z]{0,3}adv|advert[a-z]*|adsby[a-z]+|adbox|ad[0-9]{2,4}(?:x[0-9]{2,4})?|banners?|relat(?:ed|ion)[a-z]{0,8}"
    r"|recommend[a-z]{0,5}|share[a-z]?|sharing|sns|social|copyrights?|copylink|popular|latest"
    r"|ranking|subscribe|newsletter|comments?|repl(?:y|ies)|tags?|keywords?|btns?|buttons?"
    r"|popup|promo[a-z]{0,6}|sponsor[a-z]{0,4}|journalist|breadcrumbs?|paging|toolbar)" + _HOLDER,
    re.IGNORECASE,
)
_HIDDEN_MARKS: Final = frozenset(
    {
        "hidden", "hide", "blind", "sr-only", "sr_only", "visually-hidden", "screen-reader-text",
    }
)  # fmt: skip

_NOTHING, _HIDDEN, _UNWANTED, _SUSPECT, _CAPTION, _PHOTO, _CENTRED = range(7)


@lru_cache(maxsize=4096)
def _mean(mark: str) -> int:
    """Tell what one class or id suggests.

    >>> _mean("img_caption") == _CAPTION, _mean("article-photo-wrap") == _PHOTO
    (True, True)
    >>> _mean("adsbygoogle") == _mean("related-stories") == _SUSPECT
    True
    >>> _mean("view_con_t"), _mean("article-body"), _mean("headline")
    (0, 0, 0)
    """
    if mark.lower() in _HIDDEN_MARKS:
        return _HIDDEN
    if _CAPTION_MARK.fullmatch(mark):
        return _CAPTION
    if _NOISE_MARK.fullmatch(mark):
        return _SUSPECT
    return _PHOTO if _PHOTO_MARK.fullmatch(mark) else _NOTHING


@lru_cache(maxsize=4096)
def _mean_together(marks: str, noise: frozenset[str], *, strict: bool) -> int:
    """Tell what all classes of an element suggest: the first reason to leave it out counts."""
    meaning = _NOTHING
    for mark in marks.split():
        if mark in noise:
            return _UNWANTED
        found = _mean(mark)
        if found == _HIDDEN or (found == _SUSPECT and strict):
            return found
        if found > _SUSPECT and (not meaning or found == _CAPTION):
            meaning = found
    return meaning


class _Step(NamedTuple):
    """What to undo on leaving an element."""

    gap: int = 0
    frame: int = -1  # the frame around it, if it opened one
    caption: int = 0
    link: int = 0
    solid: int = 0


_INLINE: Final = _Step()


class _Walk:
    """One walk through one tree."""

    def __init__(self, shown: Flow, noise: frozenset[str], strict: bool) -> None:
        self.shown = shown
        self.noise = noise
        self.strict = strict
        self.pieces: list[str] = []
        self.linked = 0  # characters of this line inside a link to another story
        self.gap = PARAGRAPH  # the strongest boundary of blocks since the last line
        self.breaks = 0  # <br> since the last line
        self.frame = 0
        self.depth = 0  # how many frames are around
        self.caption = 0  # how many elements around are captions
        self.link = 0  # how many elements around are links to other stories
        self.solid = 0  # how many elements around are one paragraph

    def through(self, root: LexborNode) -> None:  # noqa: C901  (one walk, and the hottest loop)
        """Visit everything below ``root``."""
        steps: list[_Step] = []
        node = root.first_child
        while node is not None:
            tag = node.tag
            below = None
            if tag == "-text":
                text = node.text_content
                if text and (self.pieces or not text.isspace()):  # no line begins with a blank
                    self.pieces.append(text)
                    if self.link:
                        self.linked += len(text.strip())
            elif tag == "br":
                self._end_line()
                self.breaks += 1
            elif tag not in _UNREAD:
                below = self._enter(node, tag or "", steps)
            elif tag in _BESIDE:
                self._end_line()
                self.gap = PARAGRAPH
            while below is None:
                below = node.next
                if below is None:
                    if not steps:
                        break
                    node = node.parent
                    if node is None:
                        break
                    step = steps.pop()
                    if step is not _INLINE:
                        self._leave(step)
            node = below
        self._end_line()

    def _enter(  # noqa: C901, PLR0912  (every kind of element in one place)
        self, node: LexborNode, tag: str, steps: list[_Step]
    ) -> LexborNode | None:
        """Step into an element and return its first child, or nothing if it is not to be read."""
        attributes = node.attributes
        photo = tag in _FRAMES
        loose = tag == "center"
        caption = tag == "figcaption"
        link = 0
        if attributes:
            mark = self._mark(attributes)
            if mark and mark <= _SUSPECT:
                self.shown.suspects += mark == _SUSPECT
                if mark != _HIDDEN and tag in _PARAGRAPHS:  # seen, and so a gap in the story
                    self._end_line()
                    self.gap = PARAGRAPH
                return None
            loose = loose or (mark == _CENTRED and not photo)
            photo = photo or loose or mark == _PHOTO
            caption = caption or mark == _CAPTION
            if tag == "img":
                self._picture(attributes)
                return None
            if tag == "a":
                link = self._link(node, attributes)
                if link < 0:
                    return None
            elif "data-cfemail" in attributes:
                self.pieces.append(_protected(attributes["data-cfemail"] or ""))
                return None
        below = node.first_child
        if below is None:
            if tag in _PARAGRAPHS:  # an empty paragraph separates all the same
                self._end_line()
                self.gap = PARAGRAPH
            return None
        if tag == "table" and self._rows(node):
            return None
        gap = PARAGRAPH if tag in _PARAGRAPHS else LINE if tag in _LINES else 0
        if gap:
            if self.pieces:
                self._end_line()
            self.gap = max(self.gap, gap)
        elif not (photo or caption or link or tag in _SOLID):
            steps.append(_INLINE)
            return below
        outer = -1
        if photo and self.depth < _DEEPEST_FRAME:
            outer = self.frame
            self.depth += 1
            self.shown.frames.append(Frame(outer, loose))
            self.frame = len(self.shown.frames) - 1
        if caption:
            self._end_line()
        solid = int(tag in _SOLID)
        self.caption += caption
        self.link += link
        self.solid += solid
        steps.append(_Step(gap, outer, int(caption), link, solid))
        return below

    def _leave(self, step: _Step) -> None:
        if step.gap or step.caption:
            if self.pieces:
                self._end_line()
            self.gap = max(self.gap, step.gap)
        if step.frame >= 0:
            self.frame = step.frame
            self.depth -= 1
        self.caption -= step.caption
        self.link -= step.link
        self.solid -= step.solid

    def _end_line(self) -> None:
        pieces = self.pieces
        if not pieces:
            return
        text = clean(pieces[0] if len(pieces) == 1 else "".join(pieces))
        pieces.clear()
        if text:
            self._line(text)
        self.linked = 0

    def _line(self, text: str) -> None:
        gap = PARAGRAPH if self.breaks > 1 else self.gap or LINE
        linked = self.linked >= len(text) * _LINKED_SHARE
        self.shown.items.append(
            Line(text, gap, self.solid > 0, self.caption > 0, linked, self.frame)
        )
        self.gap = self.breaks = 0
        number = self.frame
        while number:
            frame = self.shown.frames[number]
            frame.lines += 1
            frame.characters += len(text)
            number = frame.outer

    def _mark(self, attributes: Mapping[str, str | None]) -> int:
        """Read an element's classes, id and style for what it is."""
        meaning = _NOTHING
        for name in ("class", "id"):
            if marks := attributes.get(name):
                found = _mean_together(marks[:_LONGEST_MARK], self.noise, strict=self.strict)
                if found and found <= _SUSPECT:
                    return found
                if not meaning or found == _CAPTION:
                    meaning = found
        style = attributes.get("style")
        if "hidden" in attributes or (style and _HIDDEN_STYLE.search(style[:_LONGEST_MARK])):
            return _HIDDEN
        if not meaning and (
            (attributes.get("align") or "").lower() == "center"
            or (style and _CENTRED_STYLE.search(style[:_LONGEST_MARK]))
        ):
            return _CENTRED
        return meaning

    def _link(self, node: LexborNode, attributes: Mapping[str, str | None]) -> int:
        """Tell whether a link leads to another story; -1 if its text is not what readers see."""
        href = attributes.get("href") or ""
        if _STORY_LINK.search(href[:_LONGEST_MARK]):
            return 1
        if "data-cfemail" in attributes:
            self.pieces.append(_protected(attributes["data-cfemail"] or ""))
            return -1
        if href[:7].lower() == "mailto:" and "@" not in (node.text() or ""):
            self.shown.mails.append(clean(href[7 : 7 + _LONGEST_MARK].partition("?")[0]))
        return 0

    def _picture(self, attributes: Mapping[str, str | None]) -> None:
        url = next((url for name in _IMAGE_SOURCES if (url := attributes.get(name))), "")
        if not url or url.startswith("data:"):
            url = (attributes.get("srcset") or "").strip().partition(" ")[0]
        # A picture inside a link to a story is that story's thumbnail.
        if self.link or not is_photo(url, attributes):
            return
        self._end_line()
        self.shown.items.append(
            Picture(url.strip(), clean(attributes.get("alt") or ""), self.frame)
        )
        number = self.frame
        while number:
            self.shown.frames[number].pictures += 1
            number = self.shown.frames[number].outer

    def _rows(self, table: LexborNode) -> bool:
        """Read a table of data row by row; say ``False`` to one that only arranges the page."""
        if table.css_first("img, table table, script, style") is not None:
            return False
        rows = [
            [clean(cell.text(separator=" ")) for cell in row.css("td, th")]
            for row in table.css("tr")
        ]
        if max((len(cell) for row in rows for cell in row), default=0) > _LONGEST_CELL:
            return False
        if max(map(len, rows), default=0) < 2:  # noqa: PLR2004  (a single column arranges)
            return False
        self._end_line()
        self.gap = PARAGRAPH
        for row in rows:
            if any(row):
                self._line("\t".join(row).strip("\t"))
                self.gap = LINE
        self.gap = PARAGRAPH
        return True


def _protected(code: str) -> str:
    """Read an e-mail address that the delivery network hid from robots, as a browser does.

    >>> _protected("422f0229276c292d")
    'm@ke.ko'
    """
    try:
        key, *letters = bytes.fromhex(code[:_LONGEST_MARK])
    except ValueError:
        return ""
    return bytes(letter ^ key for letter in letters).decode(errors="replace")
