"""Pages of no known design: today's unknowns and tomorrow's redesign.

The story's text comes from a JSON script, if the page keeps it there, or from trafilatura, which
finds the main text of any page. Headline, byline and dates are looked for around the headline.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from selectolax.lexbor import LexborHTMLParser

from heraldcrawl.site.bylines import closing_line
from heraldcrawl.site.captions import tell_apart
from heraldcrawl.site.dates import parse_iso
from heraldcrawl.site.flow import Flow, flow
from heraldcrawl.site.layouts.furniture import NOISE
from heraldcrawl.site.layouts.head import is_head, read_head
from heraldcrawl.site.layouts.reading import Reading
from heraldcrawl.site.layouts.story import tidied
from heraldcrawl.site.metadata import Metadata, headline_of, parse_json
from heraldcrawl.site.sections import match_label
from heraldcrawl.site.text import PARAGRAPH, Line, clean, loose, once, paragraphs, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heraldcrawl.site.page import Page

#: Shorter is a teaser, not a story.
SHORTEST_STORY: Final = 140
_LONGEST_PAGE: Final = 3_000_000  # characters; trafilatura takes minutes for more
_MOST_SCRIPTS: Final = 60
_MOST_VALUES: Final = 50_000
_AFTER, _BEFORE = 14, 5
_MOST_OF_IT: Final = 0.6
#: Pictures and short lines that a library drops may stand between two paragraphs.
_WIDEST_GAP: Final = 8
#: A heading that is a part of the title, and so long, is the headline without the site's name.
_LONG_ENOUGH: Final = 20

_STATE = re.compile(
    r"^\s*(?:(?:window|self|globalThis)\s*(?:\.\s*|\[\s*[\"'])?)?[\w$.]{1,80}(?:[\"']\s*\])?\s*=\s*(?=[{\[])"
)
_MARKUP = re.compile(r"<(?:p|br|div|span|h[1-6]|figure|img)\b", re.IGNORECASE)
_END = re.compile(r"^(?:[^\s@]{1,60}@[^\s@]{1,60}\s+)?[(\[]END[)\]]$", re.IGNORECASE)
_SENTENCES = re.compile(r"[a-z가-힣]{2}[.?!][\"”’')]{0,2}(?:\s|<|$)")


def read_json_body(page: Page, meta: Metadata) -> tuple[list[str], dict[str, Any]]:
    """Find a story that the page keeps in a script: JSON-LD, or the state of its framework.

    :return: its paragraphs, and what stands beside them, under the names of JSON-LD
    """
    body = meta.story.get("articleBody")
    if isinstance(body, str) and len(body) >= SHORTEST_STORY:
        return laid_out(body), {}
    best, owner = "", {}
    for script in page.tree.css("script:not([src])")[:_MOST_SCRIPTS]:
        text = script.text() or ""
        kind = (script.attributes.get("type") or "").lower()
        if len(text) < SHORTEST_STORY or "ld+json" in kind:
            continue
        state = parse_json(text if "json" in kind else _assigned(text))
        for value, around in _long_texts(state):
            if len(value) > len(best):
                best, owner = value, around
    return (laid_out(best), _beside(owner)) if best else ([], {})


# What frameworks call the things that JSON-LD calls so, without dashes and capitals.
_KEYS: Final = {
    "headline": ("headline", "title", "newstitle", "articletitle", "subject"),
    "alternativeHeadline": ("subtitle", "subheadline", "alternativeheadline", "deck"),
    "datePublished": (
        "datepublished", "published", "publishedat", "publishdate", "publisheddate", "publishtime",
        "pubdate", "regdate", "regdt", "createdat", "createddate",
    ),
    "dateModified": (
        "datemodified", "modified", "modifiedat", "modifieddate", "updated", "updatedat",
        "updatedate", "moddate", "moddt",
    ),
    "author": ("author", "authors", "byline", "writer", "writers", "reporter", "reporters"),
    "articleSection": ("articlesection", "section", "sectionname", "category", "categoryname"),
}  # fmt: skip


def _beside(owner: dict[str, Any]) -> dict[str, Any]:
    plain = {re.sub(r"[^a-z]", "", str(key).lower()): value for key, value in owner.items()}
    return {
        name: value
        for name, keys in _KEYS.items()
        if (value := next((plain[key] for key in keys if plain.get(key)), None))
    }


def laid_out(text: str) -> list[str]:
    """Lay a text out that is markup, or plain with line ends between its paragraphs.

    >>> laid_out("<p>Seoul says no.</p><p>Tokyo agrees.</p>")
    ['Seoul says no.', 'Tokyo agrees.']
    """
    if not _MARKUP.search(text):
        parts = re.split(r"\n\s*\n" if "\n\n" in text.replace("\r", "") else r"\n", text)
        return [line for part in parts if (line := clean(part))]
    body = LexborHTMLParser(text).body
    shown = flow([body], NOISE) if body is not None else None
    lines = [item for item in shown.items if isinstance(item, Line)] if shown else []
    return once(paragraphs(line for line in lines if not line.caption))


def read_generic(page: Page, title: str, body: list[str] | None = None) -> Reading:
    """Read a page of which nothing is known.

    :param title: the headline as the page's head has it
    :param body: the story's paragraphs, if they are known from a script
    """
    reading = Reading(found=True)
    heading = _heading(page, title)
    known = heading or title
    shown = flow([page.tree.body], NOISE) if page.tree.body is not None else Flow()
    main = body or _main_text(page)
    first, last = _span(main, shown, known)
    start = _place_of(known, shown, first)
    if start is not None:
        end = min(first or start + _AFTER, start + _AFTER)
        around = shown.items[max(0, start - _BEFORE) : end]
        read_head([item.text for item in around if isinstance(item, Line)], known, reading)
    _sharpen(page, reading)
    reading.headline = reading.headline or heading
    lines: list[Line] = []
    if first is not None and last is not None:
        begin = first if start is None else start + 1  # a photo may stand above the text
        reading.images, above = tell_apart(_part(shown, begin, last + 1), page.url, known)
        lines = above[len(above) - _lines_in(above, shown, first) :]
    if body or (not lines and not reading.images):
        lines = [Line(text, PARAGRAPH) for text in main]
    reading.paragraphs = _without_end(tidied(lines, known, reading))
    return reading


def _without_end(laid: list[str]) -> list[str]:
    r"""Drop the end mark of wire copy, and the desk's address that shares its paragraph.

    >>> _without_end(["Seoul says no.", "desk@example.com\n(END)"])
    ['Seoul says no.']
    """
    return laid[:-1] if laid and _END.search(laid[-1]) else laid


def _part(shown: Flow, begin: int, end: int) -> Flow:
    return Flow(shown.items[begin:end], shown.frames, shown.mails)


def _lines_in(lines: list[Line], shown: Flow, first: int) -> int:
    """Count how many of the last lines stand at or behind a place."""
    behind = {id(item) for item in shown.items[first:]}
    return sum(id(line) in behind for line in lines)


def _place_of(headline: str, shown: Flow, story: int | None) -> int | None:
    """Find the headline closest above the story, or the first one."""
    places = [
        place
        for place, item in enumerate(shown.items)
        if headline and isinstance(item, Line) and same(item.text, headline)
    ]
    above = [place for place in places if story is None or place < story]
    return (above[-1] if story is not None else above[0]) if above else None


def _span(main: list[str], shown: Flow, headline: str) -> tuple[int | None, int | None]:
    """Find from where to where the page shows the main text, and the credits behind it.

    The page's own lines are better paragraphs than a library's, which drops short ones.
    """
    wanted = {loose(line) for line in main} - {"", loose(headline)}
    lines = {n: item for n, item in enumerate(shown.items) if isinstance(item, Line)}
    runs: list[list[int]] = []
    for place, line in lines.items():
        if loose(line.text) in wanted and not (is_head(line.text) and not runs):
            if runs and place - runs[-1][-1] <= _WIDEST_GAP:
                runs[-1].append(place)
            else:
                runs.append([place])
    sizes = [sum(len(lines[place].text) for place in run) for run in runs]
    if not runs or max(sizes) < _size(main, headline) * _MOST_OF_IT:
        return None, None
    run = runs[sizes.index(max(sizes))]
    last = run[-1]
    while last + 1 in lines and closing_line(lines[last + 1].text) is not None:
        last += 1
    return run[0], last


def _size(main: list[str], headline: str) -> int:
    """Count the characters that are not of the head or of a menu."""
    return sum(
        len(line)
        for line in main
        if not is_head(line) and not same(line, headline) and match_label(line) is None
    )


def _sharpen(page: Page, reading: Reading) -> None:
    """Take the minute from a ``time`` element of the day that is printed, or the only one."""
    if isinstance(reading.published, datetime):
        return
    elements = page.tree.css("time[datetime]")[:_MOST_SCRIPTS]
    stamps = [parse_iso(element.attributes.get("datetime") or "") for element in elements]
    times = list(dict.fromkeys(stamp for stamp in stamps if isinstance(stamp, datetime)))
    if reading.published is not None:
        times = [time for time in times if time.date() == reading.published][:1]
    if len(times) == 1:
        reading.published = times[0]


def _heading(page: Page, title: str) -> str:
    """Take the one ``h1``, or the one that the page's head knows."""
    found = [text for node in page.tree.css("h1")[:20] if (text := clean(node.text() or ""))]
    known = [text for text in found if title and same(text, title)]
    if known:
        return known[0]
    longest = max(found, key=len, default="")
    if title:
        return (
            longest
            if longest and loose(longest) in loose(title) and len(longest) >= _LONG_ENOUGH
            else ""
        )
    return longest if headline_of(longest) else ""


def _main_text(page: Page) -> list[str]:
    import trafilatura  # noqa: PLC0415  (costs 0.1 s, and few crawls meet a page of no known design)

    if len(page.text) > _LONGEST_PAGE:
        return []
    try:
        text = trafilatura.extract(
            page.text, include_comments=False, include_tables=True, with_metadata=False
        )
    except Exception:  # noqa: BLE001  (whatever a library makes of a hostile page, it is no story)
        return []
    return [line for part in (text or "").split("\n") if (line := clean(part))]


def _assigned(text: str) -> str:
    """Take the value out of ``window.__STATE__ = {...};``, and nothing out of a program."""
    found = _STATE.match(text)
    if not found:
        return ""
    value = text[found.end() :].strip()
    return value[: value.rfind("}") + 1] if value.startswith("{") else value[: value.rfind("]") + 1]


def _long_texts(state: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the texts of a state that read like a story, and the objects that hold them."""
    waiting: list[tuple[Any, dict[str, Any]]] = [(state, {})]
    seen = 0
    while waiting and seen < _MOST_VALUES:
        value, owner = waiting.pop()
        seen += 1
        if isinstance(value, str):
            if len(value) >= SHORTEST_STORY and len(_SENTENCES.findall(value[:20_000])) > 1:
                yield value, owner
        elif isinstance(value, dict):
            waiting += [(inner, value) for inner in value.values()]
        elif isinstance(value, list):
            waiting += [(inner, owner) for inner in _joined(value)]


def _joined(values: list[Any]) -> list[Any]:
    """Put a list of paragraphs together; a framework may keep them apart."""
    if len(values) > 1 and all(isinstance(value, str) for value in values):
        return ["\n\n".join(values)]
    return values
