"""Pages of no known design: today's unknowns and tomorrow's redesign.

The story's text comes from a JSON script, if the page keeps it there, or from trafilatura, which
finds the main text of any page. Headline, byline and dates are looked for around the headline.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from heraldcrawl.site.flow import flow
from heraldcrawl.site.layouts.base import Reading, read_head, tidied
from heraldcrawl.site.metadata import Metadata, headline_of, parse_json
from heraldcrawl.site.text import Line, clean, loose, once, paragraphs, same

if TYPE_CHECKING:
    from heraldcrawl.site.page import Page

#: Shorter is a teaser, not a story.
SHORTEST_STORY: Final = 140
_LONGEST_PAGE: Final = 3_000_000  # characters; trafilatura takes minutes for more
_MOST_SCRIPTS: Final = 60
_MOST_VALUES: Final = 50_000
_AFTER, _BEFORE = 14, 5
_NO_NOISE: Final[frozenset[str]] = frozenset()

_STATE = re.compile(
    r"^\s*(?:(?:window|self|globalThis)\s*(?:\.\s*|\[\s*[\"'])?)?[\w$.]{1,80}(?:[\"']\s*\])?\s*=\s*(?=[{\[])"
)
_MARKUP = re.compile(r"<(?:p|br|div|span|h[1-6]|figure|img)\b", re.IGNORECASE)
_SENTENCES = re.compile(r"[a-z가-힣]{2}[.?!][\"”’')]{0,2}(?:\s|<|$)")


def read_json_body(page: Page, meta: Metadata) -> list[str]:
    """Find a story that the page keeps in a script: JSON-LD, or the state of its framework."""
    body = meta.story.get("articleBody")
    if isinstance(body, str) and len(body) >= SHORTEST_STORY:
        return laid_out(body)
    best = ""
    for script in page.tree.css("script:not([src])")[:_MOST_SCRIPTS]:
        text = script.text() or ""
        kind = (script.attributes.get("type") or "").lower()
        if len(text) < SHORTEST_STORY or "ld+json" in kind:
            continue
        state = parse_json(text if "json" in kind else _assigned(text))
        for value in _long_texts(state):
            if len(value) > len(best):
                best = value
    return laid_out(best) if best else []


def laid_out(text: str) -> list[str]:
    """Lay a text out that is markup, or plain with line ends between its paragraphs.

    >>> laid_out("<p>Seoul says no.</p><p>Tokyo agrees.</p>")
    ['Seoul says no.', 'Tokyo agrees.']
    """
    if not _MARKUP.search(text):
        parts = re.split(r"\n\s*\n" if "\n\n" in text.replace("\r", "") else r"\n", text)
        return [line for part in parts if (line := clean(part))]
    body = LexborHTMLParser(text).body
    shown = flow([body], _NO_NOISE) if body is not None else None
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
    reading.paragraphs = body or _main_text(page)
    lines = _visible_lines(page)
    start = next((n for n, line in enumerate(lines) if known and same(line, known)), None)
    if start is not None:
        first = loose(reading.paragraphs[0])[:60] if reading.paragraphs else ""
        end = start + _AFTER
        for number, line in enumerate(lines[start + 1 : end], start + 1):
            if first and loose(line).startswith(first):
                end = number
                break
        read_head(lines[max(0, start - _BEFORE) : end], known, reading)
    reading.headline = reading.headline or heading
    asif = [Line(text, 2) for text in reading.paragraphs]
    reading.paragraphs = tidied(asif, known, reading)
    return reading


def _heading(page: Page, title: str) -> str:
    """Take the one ``h1``, or the one that the page's head knows."""
    found = [text for node in page.tree.css("h1")[:20] if (text := clean(node.text() or ""))]
    known = [text for text in found if title and same(text, title)]
    if known:
        return known[0]
    longest = max(found, key=len, default="")
    if title:
        return longest if longest and loose(longest) in loose(title) and len(longest) > 20 else ""
    return longest if headline_of(longest) else ""


def _main_text(page: Page) -> list[str]:
    if len(page.text) > _LONGEST_PAGE:
        return []
    try:
        text = trafilatura.extract(
            page.text, include_comments=False, include_tables=True, with_metadata=False
        )
    except Exception:  # noqa: BLE001  (whatever a library makes of a hostile page, it is no story)
        return []
    return [line for part in (text or "").split("\n") if (line := clean(part))]


def _visible_lines(page: Page) -> list[str]:
    body = page.tree.body
    if body is None:
        return []
    return [
        item.text for item in flow([body], _NO_NOISE, strict=False).items if isinstance(item, Line)
    ]


def _assigned(text: str) -> str:
    """Take the value out of ``window.__STATE__ = {...};``, and nothing out of a program."""
    found = _STATE.match(text)
    if not found:
        return ""
    value = text[found.end() :].strip()
    return value[: value.rfind("}") + 1] if value.startswith("{") else value[: value.rfind("]") + 1]


def _long_texts(state: Any) -> list[str]:
    """List the texts of a state that read like a story: long, and made of sentences."""
    found: list[str] = []
    waiting = [state]
    seen = 0
    while waiting and seen < _MOST_VALUES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, str):
            if len(value) >= SHORTEST_STORY and len(_SENTENCES.findall(value[:20_000])) > 1:
                found.append(value)
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += _joined(value)
    return found


def _joined(values: list[Any]) -> list[Any]:
    """Put a list of paragraphs together; a framework may keep them apart."""
    if len(values) > 1 and all(isinstance(value, str) for value in values):
        return ["\n\n".join(values)]
    return values
