"""From a page to an article: every field from the best evidence, with a note of which it was.

The order of the evidence is the order of the lines in :func:`_load`: what is offered first and
says anything counts, and what comes later is not even looked at.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from itemloaders import ItemLoader

from heraldcrawl.items import Article, Author, Image
from heraldcrawl.site.addresses import is_herald, story_id, story_url
from heraldcrawl.site.bylines import (
    Byline,
    bracket_tag,
    closing_credit,
    closing_line,
    dateline,
    merge,
    parse_byline,
)
from heraldcrawl.site.dates import find_date, isoformat, parse_iso
from heraldcrawl.site.fingerprint import content_hash
from heraldcrawl.site.language import language
from heraldcrawl.site.layouts import choose, read
from heraldcrawl.site.layouts.generic import SHORTEST_STORY, read_generic, read_json_body
from heraldcrawl.site.metadata import Metadata, canonical_of, describes, headline_of, metadata
from heraldcrawl.site.page import NotAStory, Page
from heraldcrawl.site.pictures import is_photo, original
from heraldcrawl.site.sections import match_label, most_specific
from heraldcrawl.site.text import clean, same, summary
from heraldcrawl.site.verdict import HARDLY_A_STORY, says_not_found, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heraldcrawl.site.layouts import Reading
    from heraldcrawl.site.lists import ListEntry

    Offer = Callable[[str, str, Any], None]

#: Two stamps of one event may differ by their seconds.
_SAME_MINUTE_SECONDS: Final = 60
#: A story so short may be the site's regret that there is none.
_SHORT_STORY: Final = 300


def load_article(
    page: Page, entry: ListEntry | None = None, section: Sequence[str] = ()
) -> Article:
    """Read the story of a page.

    :param entry: what the list or feed said of the story
    :param section: menu path of the list on which the story was found
    :raises NotAStory: with the reason, if there is no story
    """
    article, _ = load_article_and_names(page, entry, section)
    return article


def load_article_and_names(
    page: Page, entry: ListEntry | None = None, section: Sequence[str] = ()
) -> tuple[Article, dict[str, tuple[str, ...]]]:
    """Read the story of a page, and by which ids the page calls it.

    :returns: the story; id -> what says so: ``canonical``, ``og:url``, ``json-ld``
    :raises NotAStory: with the reason, if there is no story
    """
    if not is_herald(page.url):
        raise NotAStory("foreign", page.url)
    if not page.body or page.body.isspace():
        raise NotAStory("empty", "no bytes")
    story = story_id(page.url)
    meta = metadata(page, story)
    names = _names(page, meta)
    if story is None:
        story = next(iter(names), None)
    if story is None:
        raise NotAStory(*_of_a_list(page))
    name, reading, meta = _read(page, meta)
    article = _load(page, story, name, reading, meta, entry=entry, section=section)
    return article, names


def cleaned(values: list[str]) -> list[str]:
    """Clean every text; forget those that are empty.

    >>> cleaned(["  Seoul\\u00a0says no ", " "])
    ['Seoul says no']
    """
    return [text for value in values if (text := clean(value))]


def stamped(values: list[datetime | date]) -> list[str]:
    """Write every stamp as the archive keeps it.

    >>> stamped([date(2021, 7, 21)])
    ['2021-07-21']
    """
    return [isoformat(value) for value in values]


def distinct(values: list[str]) -> list[str]:
    """Keep the first of each.

    >>> distinct(["Photo News", "Seoul", "Photo News"])
    ['Photo News', 'Seoul']
    """
    return list(dict.fromkeys(values))


def first(values: list[Any]) -> Any:
    """Take the first value; the loader never asks for one of none."""
    return values[0]


def joined(values: list[str]) -> str:
    r"""Join paragraphs by one empty line.

    >>> joined(["Seoul says no.", "(Yonhap)"])
    'Seoul says no.\n\n(Yonhap)'
    """
    return "\n\n".join(values)


def as_they_are(values: list[Any]) -> list[Any]:
    """Keep the values."""
    return values


def _blank() -> Article:
    return Article(id="", url="")


class ArticleLoader(ItemLoader):
    """Collects the evidence for each field; the first that says anything counts."""

    default_item_class = staticmethod(_blank)  # type: ignore[assignment]  # a factory will do

    headline_in, headline_out = cleaned, first
    alternative_headline_in, alternative_headline_out = cleaned, first
    authors_in, authors_out = as_they_are, as_they_are
    source_organization_in, source_organization_out = cleaned, first
    date_published_in, date_published_out = stamped, first
    date_modified_in, date_modified_out = stamped, first
    breadcrumbs_in, breadcrumbs_out = cleaned, as_they_are
    section_in, section_out = cleaned, first
    description_in, description_out = cleaned, first
    article_body_in, article_body_out = as_they_are, joined
    images_in, images_out = as_they_are, as_they_are
    keywords_in, keywords_out = cleaned, distinct

    def __init__(self) -> None:
        super().__init__()
        self.sources: dict[str, str] = {}

    def offer(self, name: str, source: str, value: Any) -> None:
        """Take a value for a field if it has none yet, and note where it is from."""
        if value and name not in self.sources:
            taken = _INPUTS[name](value if isinstance(value, list) else [value])
            if taken:
                self._values[name] = taken
                self.sources[name] = source

    def get_output_value(self, field_name: str) -> Any:
        """Look at a field; plainer than the loader's own way, which suits items of any kind."""
        values = self._values.get(field_name)
        return _OUTPUTS[field_name](values) if values else None

    def load_item(self) -> Article:
        """Fill the article in; likewise."""
        article: Article = self.item
        for name, values in self._values.items():
            setattr(article, name, _OUTPUTS[name](values))
        return article


def _processors(end: str) -> dict[str, Callable[..., Any]]:
    declared = vars(ArticleLoader)
    return {name.removesuffix(end): declared[name] for name in declared if name.endswith(end)}


_INPUTS: Final = _processors("_in")
_OUTPUTS: Final = _processors("_out")


def _names(page: Page, meta: Metadata) -> dict[str, tuple[str, ...]]:
    """Find by which ids a page calls its story, the address itself apart."""
    told = [("canonical", story_id(canonical_of(page))), ("og:url", story_id(meta.said("og:url")))]
    told += [("json-ld", id_) for id_ in meta.ids()]
    names: dict[str, tuple[str, ...]] = {}
    for evidence, id_ in told:
        if id_ and evidence not in names.get(id_, ()):
            names[id_] = (*names.get(id_, ()), evidence)
    return names


def _of_a_list(page: Page) -> tuple[str, str]:
    """Judge a page whose address is no story's."""
    reason, detail = verdict(page)
    return (reason, detail) if reason in ("challenge", "not_found") else ("list", page.url)


def _read(page: Page, meta: Metadata) -> tuple[str, Reading, Metadata]:
    """Read the page by its layout, or as a page of which nothing is known."""
    layout = choose(page)
    titles = ("og:title", "twitter:title")
    title = headline_of(meta.json("headline")) or headline_of(meta.said(*titles))
    reading = read(layout, page, title or ("" if meta.titled else None)) if layout else None
    if layout and reading and (reading.paragraphs or reading.images):
        if _is_label(title) and (found := verdict(page))[0] == "list":
            raise NotAStory(*found)
        _refuse_regrets(reading)
        return layout.name, reading, meta
    body, told = read_json_body(page, meta)
    if told:
        meta = replace(meta, story={**told, **meta.story})
        title = title or headline_of(meta.json("headline"))
    if not body:
        reason, detail = verdict(page, HARDLY_A_STORY)
        if reason not in ("list", "unreadable"):
            raise NotAStory(reason, detail)
        if reading and reading.found:
            raise NotAStory(*_unless_unreadable(verdict(page), ("empty", "no text in its place")))
    generic = read_generic(page, title, body)
    if reading:
        reading.paragraphs = generic.paragraphs
        generic = reading
    if not _is_story(generic, title, meta):
        raise NotAStory(*verdict(page))
    _refuse_regrets(generic)
    return "generic", generic, meta


def _unless_unreadable(found: tuple[str, str], instead: tuple[str, str]) -> tuple[str, str]:
    return instead if found[0] == "unreadable" else found


def _is_story(reading: Reading, title: str, meta: Metadata) -> bool:
    """Tell a story of unknown design from any other page with some text on it."""
    headline = title or reading.headline
    evidence = reading.published or reading.byline or meta.story or meta.said(*_PUBLISHED)
    long = len(joined(reading.paragraphs)) >= SHORTEST_STORY or bool(reading.images)
    return bool(long and evidence and headline and not _is_label(headline))


def _is_label(headline: str) -> bool:
    """Tell the title of a list from a headline."""
    named = match_label(headline)
    return named is not None and named.label.casefold() == headline.casefold()


def _refuse_regrets(reading: Reading) -> None:
    """Refuse the page that says, in the place of the story, that there is none."""
    text = joined(reading.paragraphs)
    if len(text) < _SHORT_STORY and not reading.images and says_not_found(text):
        raise NotAStory("not_found", text)


_PUBLISHED: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "pubdate",
)  # fmt: skip
_MODIFIED: Final = ("article:modified_time", "og:article:modified_time", "datemodified")


def _load(
    page: Page,
    story: str,
    layout: str,
    reading: Reading,
    meta: Metadata,
    *,
    entry: ListEntry | None,
    section: Sequence[str],
) -> Article:
    loader = ArticleLoader()
    offer = loader.offer
    by_json = layout in ("e4", "generic")  # where no visible headline is known for sure

    if not by_json:
        offer("headline", "css", reading.headline)
    offer("headline", "json-ld", _whole_headline(meta))
    offer("headline", "meta", headline_of(meta.said("og:title", "twitter:title")))
    offer("headline", "css", reading.headline)
    if "headline" not in loader.sources:
        offer("headline", "meta", headline_of(_title(page)))
    offer("headline", "list", entry and entry.headline)
    headline = loader.get_output_value("headline") or ""

    offer("alternative_headline", "css", reading.subtitle)
    offer("alternative_headline", "json-ld", _other(meta.json("alternativeHeadline"), headline))

    _people(offer, reading, meta)
    doubts = _stamps(offer, reading, meta, entry)
    _path(offer, reading, meta, section, entry)

    offer("description", "json-ld", _description(meta.json("description"), headline))
    said = (meta.said(name) for name in ("og:description", "description", "twitter:description"))
    offer("description", "meta", next((text for text in said if _description(text, headline)), ""))
    offer("description", "list", entry and summary(entry.description or ""))

    offer("article_body", "fallback" if layout == "generic" else "css", reading.paragraphs)
    offer("images", "css", reading.images)
    if layout == "generic":
        offer("images", "meta", _head_image(page, meta))
    tag = bracket_tag(headline) if headline else None
    words = meta.keywords()
    offer(
        "keywords",
        "meta" if words else loader.sources.get("headline", ""),
        [*filter(None, [tag]), *words],
    )

    article = loader.load_item()
    article.id, article.url = story, story_url(story)
    article.layout = layout
    article.fetched_at = page.fetched_at
    article.in_language = language(f"{article.headline}\n{article.article_body}")
    article.sources = loader.sources
    article.issues = [*_missing(article, reading), *doubts, *(["json-ld"] if meta.broken else [])]
    article.content_hash = content_hash(article)
    return article


def _title(page: Page) -> str:
    title = page.tree.css_first("title")
    return clean(title.text() or "") if title is not None else ""


def _whole_headline(meta: Metadata) -> str:
    """Take JSON-LD's headline, unless it is the beginning of the longer one in the meta element."""
    headline = headline_of(meta.json("headline"))
    whole = headline_of(meta.said("og:title"))
    start = headline.rstrip(".… ")
    return "" if start and len(whole) > len(headline) and whole.startswith(start) else headline


def _other(text: str, headline: str) -> str:
    return "" if same(text, headline) else text


def _description(text: str, headline: str) -> str:
    """Keep what says more than the headline, and something else than every page does."""
    return text if describes(text) and not same(text, headline) else ""


def _people(offer: Offer, reading: Reading, meta: Metadata) -> None:
    """Bring together the up to four places that name the writers."""
    told = [parse_byline(f"{name} ({mail})" if mail else name) for name, mail in meta.people()]
    if source := meta.source():
        told.append(Byline(organization=parse_byline(source).organization))
    printed = parse_byline(reading.byline) if reading.byline else None
    body = reading.paragraphs
    closing = closing_credit("\n".join(body[-_CLOSING_LINES:])) if body else None
    signed = [closing_line(line) for line in body[-_CLOSING_LINES:] if "@" in line]
    opening = dateline(body[0]) if body else None
    links = [Byline(authors=[Author("", mail)]) for mail in reading.mails]
    everybody = merge(*told, printed, closing, *signed, opening, *links)
    sources = (("json-ld", told), ("css", [printed]), ("fallback", [closing, *signed, opening]))
    for source, bylines in sources:
        if any(author.name for byline in bylines if byline for author in byline.authors):
            offer("authors", source, everybody.authors)
        if any(byline.organization for byline in bylines if byline):
            offer("source_organization", source, everybody.organization)


#: How many lines the credits at the end of a story may take.
_CLOSING_LINES: Final = 4


def _stamps(offer: Offer, reading: Reading, meta: Metadata, entry: ListEntry | None) -> list[str]:
    """Offer the dates, and return what is doubtful about them.

    A time that the page prints is the desk's; where JSON-LD contradicts it by hours, as with a
    Korea time that is marked as UTC, the print counts.
    """
    doubts: list[str] = []
    for name, key, printed, names in (
        ("date_published", "datePublished", reading.published, _PUBLISHED),
        ("date_modified", "dateModified", reading.modified, _MODIFIED),
    ):
        told = _stamp(meta.json(key))
        said = _stamp(meta.said(*names))
        for other in (told, said):
            if _disagree(printed, other):
                doubts.append(f"{name}:disagree")
                offer(name, "css", printed)
        offer(name, "json-ld", told if isinstance(told, datetime) else None)
        offer(name, "meta", said if isinstance(said, datetime) else None)
        offer(name, "css", printed)
        offer(name, "json-ld", told)
        offer(name, "meta", said)
    if entry:
        offer("date_published", "list", entry.date_published)
    return list(dict.fromkeys(doubts))


def _stamp(text: str) -> datetime | date | None:
    return (parse_iso(text) or find_date(text)) if text else None


def _disagree(printed: date | None, other: date | None) -> bool:
    if printed is None or other is None:
        return False
    if isinstance(printed, datetime) and isinstance(other, datetime):
        return abs((printed - other).total_seconds()) >= _SAME_MINUTE_SECONDS
    return isoformat(printed)[:10] != isoformat(other)[:10]


def _path(
    offer: Offer,
    reading: Reading,
    meta: Metadata,
    section: Sequence[str],
    entry: ListEntry | None,
) -> None:
    """Find the most specific menu path that the page and the list give together."""
    told = meta.labels()
    printed = most_specific(reading.labels) if reading.labels else ()
    known = [label for label in told if match_label(label)]
    page = most_specific(printed, most_specific(known)) if known else printed
    source = "css" if page == printed else "json-ld"
    if not page and told:
        page, source = tuple(told), "json-ld"
    path = most_specific(page, section)
    if not path and entry and entry.category:
        path = most_specific([entry.category])
    source = source if path and path == tuple(page) else "list"
    offer("breadcrumbs", source, list(path))
    offer("section", source, path[-1] if path else None)


def _head_image(page: Page, meta: Metadata) -> list[Image]:
    """Take the picture that the head names, where the page's own cannot be seen."""
    url = meta.said("og:image")
    return [Image(original(url, page.url))] if url and is_photo(url, {}) else []


def _missing(article: Article, reading: Reading) -> list[str]:
    """Name the fields that a complete story would have, and the dates that are only days."""
    missing = [name for name in ("headline", "date_published") if not getattr(article, name)]
    if not article.authors and not article.source_organization and not reading.byline:
        missing.append("authors")
    missing += [name for name in ("section", "article_body") if not getattr(article, name)]
    for name in ("date_published", "date_modified"):
        stamp = getattr(article, name)
        if stamp and len(stamp) == len("2021-07-21"):
            missing.append(f"{name}:day-only")
    return missing
