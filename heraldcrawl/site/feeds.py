"""RSS: the Herald's feeds of each year, and their entries, whatever is wrong with the document.

The feeds have had ampersands left bare, links that hold themselves twice, the wrong charset in
their declaration, and items without a story. A document that is no feed at all is an error; a
feed without items (``/rss/020000000000``) is not.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from parsel import Selector
from selectolax.lexbor import LexborHTMLParser

from heraldcrawl.site.addresses import ROOT, story_id, story_url
from heraldcrawl.site.dates import find_date
from heraldcrawl.site.lists import ListEntry
from heraldcrawl.site.text import clean, summary

if TYPE_CHECKING:
    from heraldcrawl.site.page import Page


@dataclass(frozen=True)
class Feed:
    """A feed of the site.

    :param address: absolute, on www.koreaherald.com
    :param section: menu path of the section it carries; empty for the feed of all sections
    :param era: the year's layout of the site that had it: e4, e3 (2012 to 2024) or e1
    """

    address: str
    section: tuple[str, ...]
    era: str


class FeedError(Exception):
    """The document is no feed: an error page, a cut-off beginning, or nothing at all.

    :param url: where it was fetched
    :param detail: what was found instead
    """

    def __init__(self, url: str, detail: str) -> None:
        super().__init__(f"{url}: no feed: {detail}")
        self.url = url
        self.detail = detail


_TABLE: Final = (
    ("e4", "/rss/{}", (
        ("newsAll", ()),
        ("kh_National", ("National",)),
        ("kh_Business", ("Business",)),
        ("kh_LifenCulture", ("Life&Style",)),
        ("kh_Sports", ("Sports",)),
        ("kh_World", ("World",)),
        ("kh_Opinion", ("Opinion",)),
        ("kh_Kpop", ("Entertainment", "K-pop")),
    )),
    ("e3", "/common/rss_xml.php?ct={}", (
        ("102", ("National",)),
        ("103", ("Business",)),
        ("305", ("Finance",)),
        ("104", ("Life&Style",)),
        ("105", ("Entertainment",)),
        ("106", ("Sports",)),
        ("107", ("World",)),
        ("108", ("Opinion",)),
    )),
    ("e2a", "/{}", (
        ("rss_xml.php", ()),
    )),
    ("e1", "/rss/{}.xml", (
        ("020100000000", ("National",)),
        ("020200000000", ("Business",)),
        ("020300000000", ("Life&Style",)),
        ("020400000000", ("Entertainment",)),
        ("020500000000", ("Sports",)),
        ("020600000000", ("Opinion",)),
        ("021000000000", ("Podcast",)),
    )),
)  # fmt: skip

#: Every feed that is known, today's first.
FEEDS: Final[tuple[Feed, ...]] = tuple(
    Feed(ROOT + pattern.format(name), section, era)
    for era, pattern, names in _TABLE
    for name, section in names
)

_ROOTS: Final = frozenset({"rss", "feed", "rdf"})
_ITEMS: Final = frozenset({"item", "entry"})
_LINKS: Final = ("link", "origlink", "guid", "id")
_DATES: Final = ("pubdate", "published", "date", "updated")
_IMAGES: Final = ("enclosure", "content", "thumbnail", "image")
_ENTITY: Final = re.compile(
    r"&(#[0-9]{1,7};|#x[0-9a-f]{1,6};|[a-z][a-z0-9]{1,31};)?", re.IGNORECASE
)
_XML_ENTITIES: Final = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ITEM_START: Final = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)
_ITEM_END: Final = re.compile(r"</(?:item|entry)\s{0,9}>", re.IGNORECASE)
_CDATA: Final = ("<![CDATA[", "]]>")
#: What feeds are made of; any other tag is HTML left bare in a text, or a title in angle brackets.
_NO_TAG: Final = re.compile(
    r"<(?!(?:/?(?:rss|channel|item|title|link|description|pubdate|author|category|guid|image|url"
    r"|width|height|language|copyright|lastbuilddate|generator|ttl|docs|managingeditor|webmaster"
    r"|enclosure|source|comments|feed|entry|id|updated|published|summary|content|name|uri|email"
    r"|subtitle|[a-z]{2,12}:[a-z]{1,20})[\s/>])|!--)",
    re.IGNORECASE,
)
_HTML: Final = re.compile(
    r"<(?:/?(?:p|br|div|span|img|a|b|i|u|em|strong|font|center|table|tbody|tr|td|ul|ol|li|h[1-6]|hr"
    r"|figure|figcaption|iframe|blockquote|sup|sub|small|script|style)\b|!--)",
    re.IGNORECASE,
)


def feeds(era: str) -> tuple[Feed, ...]:
    """List the feeds that the site had with one layout."""
    return tuple(feed for feed in FEEDS if feed.era == era)


def read_feed(page: Page) -> list[ListEntry]:
    """Read the entries of a feed in their order; items of other sites are left out.

    An item that the document breaks off in is left out too: half a link is another story's.

    :raises FeedError: if the document is no feed
    """
    root = _parse(page)
    entries: dict[str, ListEntry] = {}
    for element in root.iter():
        if _name(element) in _ITEMS:
            entry = _entry(_fields(element), page.url)
            if entry is not None:
                entries.setdefault(entry.id, entry)
    return list(entries.values())


def _entry(fields: dict[str, str], base: str) -> ListEntry | None:
    story = next(filter(None, (story_id(fields[name]) for name in _LINKS if name in fields)), None)
    if story is None:
        return None
    about = fields.get("description") or fields.get("summary") or fields.get("encoded") or ""
    image = next((fields[name] for name in _IMAGES if fields.get(name)), "") or _image_in(about)
    dates = (find_date(fields[name]) for name in _DATES if name in fields)
    return ListEntry(
        id=story,
        url=story_url(story),
        headline=_plain(fields.get("title", "")),
        date_published=next(filter(None, dates), None),
        category=_plain(fields.get("category", "")) or None,
        description=summary(_plain(about)) or None,
        image=_absolute(image, base),
    )


def _fields(item: Any) -> dict[str, str]:
    """Read an item's own elements; of several of one name the first that says something counts."""
    fields: dict[str, str] = {}
    for child in item.iterchildren("*"):  # no comments
        name = _name(child)
        text = "".join(map(str, child.itertext())).strip()
        target = str(child.get("url") or child.get("href") or "").strip()
        value = target if name in _IMAGES else text or target
        if name and value:
            fields.setdefault(name, value)
    return fields


def _name(element: Any) -> str:
    """Name an element in lower case, without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _plain(text: str) -> str:
    """Read the text of what may be HTML, escaped once or twice."""
    if "&" in text:
        text = html.unescape(text)
    if _HTML.search(text):
        text = LexborHTMLParser(text).text(separator=" ")
    return clean(text)


def _image_in(text: str) -> str:
    if "<img" not in text.lower():
        return ""
    image = LexborHTMLParser(text).css_first("img[src]")
    return (image.attributes.get("src") or "").strip() if image is not None else ""


def _absolute(address: str, base: str) -> str | None:
    try:
        return urljoin(base, address) if address else None
    except ValueError:  # a broken host, such as "http://["
        return None


def _parse(page: Page) -> Any:
    text = page.text
    text = _without_declarations(text[text.find("<") :])
    if not text.startswith("<"):
        raise FeedError(page.url, "no markup")
    text, complete = _whole_items(text)
    document = _ILLEGAL.sub(" ", _escaped(text)).encode()
    try:
        # It expands no entity, reads nothing outside the document, and mends what it can.
        root = Selector(body=document, encoding="utf-8", type="xml").root
    except SyntaxError as error:  # what lxml raises where there is nothing to mend
        raise FeedError(page.url, str(error)) from error
    if _name(root) not in _ROOTS:
        raise FeedError(page.url, f"it begins with {text[:40]!r}")
    if not complete:
        raise FeedError(page.url, "it breaks off in its first item")
    return root


def _without_declarations(text: str) -> str:
    """Drop the XML declaration, comments and the document type, entities it defines included."""
    at = 0
    while True:
        while text[at : at + 1].isspace():
            at += 1
        if text.startswith("<?", at):
            mark = "?>"
        elif text.startswith("<!--", at):
            mark = "-->"
        elif text[at : at + 9].lower() == "<!doctype":
            mark = ">"
            subset = text.find("[", at, text.find(">", at) + 1)
            at = max(at, text.find("]", subset)) if subset >= 0 else at
        else:
            return text[at:]
        end = text.find(mark, at)
        if end < 0:
            return ""
        at = end + len(mark)


def _whole_items(text: str) -> tuple[str, bool]:
    """Cut off an item that the document breaks off in; tell whether that leaves anything."""
    end = max((match.end() for match in _ITEM_END.finditer(text)), default=0)
    if _ITEM_START.search(text, end) is None:
        return text, True
    return text[:end] or text, end > 0


def _escaped(text: str) -> str:
    """Escape the ampersands and tags that no feed means as such, outside CDATA."""
    parts: list[str] = []
    at = 0
    while (start := text.find(_CDATA[0], at)) >= 0 and (end := text.find(_CDATA[1], start)) >= 0:
        parts += [_escaped_markup(text[at:start]), text[start : end + len(_CDATA[1])]]
        at = end + len(_CDATA[1])
    return "".join((*parts, _escaped_markup(text[at:])))


def _escaped_markup(text: str) -> str:
    return _NO_TAG.sub("&lt;", _ENTITY.sub(_known_entity, text))


def _known_entity(match: re.Match[str]) -> str:
    """Write an entity as XML knows it, or its ampersand as text.

    >>> _ENTITY.sub(_known_entity, "R&D &hellip; AT&amp;T &lol9;")
    'R&amp;D … AT&amp;T &amp;lol9;'
    """
    entity = match[0]
    if entity[1:] in _XML_ENTITIES:
        return entity
    character = html.unescape(entity) if len(entity) > 1 else entity
    return html.escape(character, quote=False)
