"""What a page tells machines of its story: JSON-LD and meta elements.

Both are evidence, not truth: the meta author is always the newspaper, og:type is "article" on the
front page too, and JSON-LD may be missing, broken, a list, or about another story.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from heraldcrawl.site.addresses import are_of_one_kind, is_herald, story_id
from heraldcrawl.site.text import clean, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from heraldcrawl.site.page import Page


@dataclass(frozen=True, slots=True)
class Metadata:
    """The evidence of one page's head, unjudged but for what is known to mean nothing.

    :param meta: content of the first element of each name that :data:`NAMES` lists
    :param tags: ``article:tag`` and the keywords, in order
    :param story: the JSON-LD object about this story; empty where there is none
    :param trail: the names of a JSON-LD breadcrumb list
    """

    meta: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    story: dict[str, Any] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)
    titled: bool = False  # there is an og:title, be it empty
    broken: bool = False  # there was JSON-LD that no parser reads

    def said(self, *names: str) -> str:
        """Return the first of some meta elements that says something."""
        return next((said for name in names if (said := self.meta.get(name))), "")

    def json(self, key: str) -> str:
        """Return a text of the JSON-LD story, or nothing."""
        value = self.story.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        return clean(value) if isinstance(value, str) else ""

    def ids(self) -> list[str]:
        """List the ids of stories that the JSON-LD story says it is."""
        return _ids(self.story)

    def people(self) -> list[tuple[str, str]]:
        """List name and e-mail of the JSON-LD authors: a text, an object, or a list of either."""
        return list(_people(self.story.get("author"))) or list(_people(self.story.get("creator")))

    def source(self) -> str:
        """Return the name of the agency that JSON-LD says the story is from."""
        given = self.story.get("sourceOrganization")
        name = given.get("name") if isinstance(given, dict) else given
        return clean(name) if isinstance(name, str) else ""

    def labels(self) -> list[str]:
        """List the section's labels, outermost first."""
        if self.trail:
            return self.trail
        given = self.story.get("articleSection")
        labels = [clean(label) for label in _texts(given)]
        if not labels and (said := self.said("article:section", "og:article:section")):
            labels = [said]
        return [label for text in labels for label in re.split(r" ?[>›»/] ?", text) if label]

    def keywords(self) -> list[str]:
        """List the keywords of this story; the newspaper's own keywords are none."""
        words = [word for text in _texts(self.story.get("keywords")) for word in text.split(",")]
        found = {clean(word): None for word in words or self.tags}
        return [] if any(_OF_THE_HOUSE.search(word) for word in found) else [*filter(None, found)]


#: Meta elements that are read, by property, name or itemprop.
NAMES: Final = frozenset(
    {
        "og:title", "og:description", "og:url", "og:image", "og:site_name",
        "twitter:title", "twitter:description", "description", "title",
        "article:published_time", "article:modified_time", "og:article:published_time",
        "og:article:modified_time", "og:updated_time", "article:section", "og:article:section",
        "article:author", "datepublished", "datemodified", "pubdate", "author",
    }
)  # fmt: skip
_TAGS: Final = frozenset({"keywords", "news_keywords", "article:tag"})

_MOST_SCRIPTS: Final = 20
_LONGEST_SCRIPT: Final = 2_000_000
_MOST_OBJECTS: Final = 1000
_STORY_TYPES = re.compile(r"(?:[A-Za-z]{1,30}Article|Article|[A-Za-z]{0,20}Posting|Report)")
_OF_THE_HOUSE = re.compile(r"korea ?herald|코리아 ?헤럴드|herald corp", re.IGNORECASE)
_SITE_SUFFIX = re.compile(
    r" ?(?:[-–—―|:·<]{1,3} ?(?:the )?korea ?herald(?: ?[-–—|:] ?.{0,40})?"
    r"|\[(?:the )?korea herald\])$",
    re.IGNORECASE,
)
_SITE_ITSELF = re.compile(
    r"(?:the )?korea ?herald(?: ?[-–—|:,] ?.{0,80})?|::.{0,80}|re-imagine!.*", re.IGNORECASE
)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{3,100}")
# What broken JSON-LD still tells for certain, because no such text holds a quotation mark.
_SALVAGED = re.compile(
    r'"(?P<key>datePublished|dateModified|articleSection)"\s{0,20}:\s{0,20}"(?P<value>[^"\\<>]{1,80})"'
)


def metadata(page: Page, story: str | None = None) -> Metadata:
    """Read the head of a page.

    :param story: id of the story that the page should be about; JSON-LD about others is ignored
    """
    meta, tags, titled = _meta(page)
    objects: list[dict[str, Any]] = []
    salvaged: dict[str, Any] = {}
    broken = False
    for script in page.tree.css('script[type*="ld+json" i]')[:_MOST_SCRIPTS]:
        text = script.text() or ""
        value = parse_json(text)
        if value is None:
            broken = broken or bool(text.strip())
            for found in _SALVAGED.finditer(text, 0, _LONGEST_SCRIPT):
                salvaged.setdefault(found["key"], found["value"])
        else:
            objects += _objects(value)
    about = _story(objects, story) or salvaged
    return Metadata(meta, tags, about, _trail(objects), titled, broken)


def _meta(page: Page) -> tuple[dict[str, str], list[str], bool]:
    """Read the meta elements that tell something; and whether there is an og:title, be it empty."""
    meta: dict[str, str] = {}
    tags: list[str] = []
    titled = False
    for element in _elements(page):
        attributes = element.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content") or ""
        name = (name or "").lower()
        titled = titled or name == "og:title"
        if name in NAMES:
            said = summary(content) if name.endswith("description") else clean(content)
            if said and name not in meta:
                meta[name] = said
        elif name in _TAGS:
            tags += [tag for word in content.split(",") if (tag := clean(word))]
    return meta, tags, titled


def _elements(page: Page) -> list[LexborNode]:
    """List the meta elements of the head, or of all the page where its head ended too early."""
    found = _head(page).css("meta")
    return found if len(found) > 1 else page.tree.css("meta")


def canonical_of(page: Page) -> str:
    """Return the address that the page calls canonical, or nothing."""
    head = _head(page)
    link = head.css_first(_CANONICAL)
    if link is None and head.css_first("meta ~ meta") is None:  # it ended too early
        link = page.tree.css_first(_CANONICAL)
    return (link.attributes.get("href") or "") if link is not None else ""


_CANONICAL: Final = 'link[rel~="canonical" i]'


def _head(page: Page) -> LexborHTMLParser | LexborNode:
    return page.tree.head or page.tree


def headline_of(title: str) -> str:
    """Take the newspaper's name off a title; what is nothing but that name says nothing.

    >>> headline_of("Seoul, Tokyo agree on talks - The Korea Herald")
    'Seoul, Tokyo agree on talks'
    >>> headline_of("The Korea Herald")
    ''
    """
    title = _SITE_SUFFIX.sub("", clean(title)[:2000])
    return "" if _SITE_ITSELF.fullmatch(title) else title


def describes(text: str) -> bool:
    """Tell a story's description from the one that every page of the site has.

    >>> describes("Re-imagine! Life beyond Media, KoreaHeald National/Business news")
    False
    """
    return bool(text) and not _SITE_ITSELF.fullmatch(text)


def parse_json(text: str) -> Any:
    """Read JSON as pages have it: in comments, with line ends in texts, commas too many.

    >>> parse_json('<!-- {"headline": "Seoul says no",} -->')
    {'headline': 'Seoul says no'}
    >>> parse_json("{broken") is None
    True
    """
    text = text[:_LONGEST_SCRIPT].strip()
    if not (text.startswith(("{", "[")) and text.endswith(("}", "]"))):
        text = _WRAPPED.sub("", text).strip().rstrip(";")
    if not text:
        return None
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text) if "," in text else ""):
        try:
            return _DECODER.decode(attempt)
        except (ValueError, RecursionError):
            continue
    return None


_DECODER = json.JSONDecoder(strict=False)
_WRAPPED = re.compile(r"^\s*(?:<!--|//\s?<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s?\]\]>|\]\]>)\s*$")
_TRAILING_COMMA = re.compile(r",\s{0,200}([}\]])")


def _objects(value: Any) -> list[dict[str, Any]]:
    """List the objects at the top of JSON-LD: alone, in a list, in a graph."""
    found: list[dict[str, Any]] = []
    waiting = [value]
    while waiting and len(waiting) + len(found) < _MOST_OBJECTS:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value[:_MOST_OBJECTS])
        elif isinstance(value, dict):
            found.append(value)
            waiting += [value[key] for key in ("mainEntity", "@graph") if key in value]
    return found


def _types(given: dict[str, Any]) -> list[str]:
    return [name.rpartition("/")[2] for name in _texts(given.get("@type"))]


def _story(objects: list[dict[str, Any]], story: str | None) -> dict[str, Any]:
    """Choose the object about this story: one that says so, else the first that denies it not."""
    silent: dict[str, Any] = {}
    for given in objects:
        if not any(_STORY_TYPES.fullmatch(name) for name in _types(given)):
            continue
        ids = _ids(given)
        if story and story in ids:
            return given
        # An old story has a number of 14 digits and one of today's kind, unrelated.
        if not silent and (not story or not any(are_of_one_kind(i, story) for i in ids)):
            silent = given
    return silent


def _ids(given: dict[str, Any]) -> list[str]:
    """List the ids of stories that an object says it is about."""
    told = (_id_of(given.get(key)) for key in ("mainEntityOfPage", "url", "@id"))
    return [id_ for id_ in told if id_]


def _id_of(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    if not isinstance(value, str) or not is_herald(value):
        return None
    return story_id(value)


def _trail(objects: list[dict[str, Any]]) -> list[str]:
    """Read a breadcrumb list, without the front page and the story itself."""
    for given in objects:
        steps = given.get("itemListElement")
        if "BreadcrumbList" in _types(given) and isinstance(steps, list):
            names = []
            for step in steps[:20]:
                item = step.get("item") if isinstance(step, dict) else None
                name = step.get("name") if isinstance(step, dict) else None
                if not name and isinstance(item, dict):
                    name = item.get("name")
                link = item.get("@id") if isinstance(item, dict) else item
                if isinstance(name, str) and not (isinstance(link, str) and story_id(link)):
                    names.append(clean(name))
            return [name for name in names if name and name.lower() not in ("home", "main", "홈")]
    return []


def _people(given: Any) -> Iterator[tuple[str, str]]:
    for person in given[:50] if isinstance(given, list) else [given]:
        name, mail = person, ""
        if isinstance(person, dict):
            name, mail = person.get("name"), person.get("email") or ""
            if "Organization" in " ".join(_types(person)) and not isinstance(name, str):
                continue
        for text in _texts(name):
            found = _MAIL.search(mail) if isinstance(mail, str) else None
            yield clean(text), found[0] if found else ""


def _texts(value: Any) -> list[str]:
    """List the texts of a value that may be one, or a list of some."""
    return [
        text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)
    ]
