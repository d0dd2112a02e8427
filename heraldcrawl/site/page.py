"""A fetched page, the plain value that every reader takes."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from heraldcrawl.site.addresses import ROOT

if TYPE_CHECKING:
    from datetime import datetime


class NotAStory(Exception):  # noqa: N818  (an outcome, not a fault)
    """The page holds no story; raised by the article reader, recorded by the spider.

    :param reason: one word for the statistics, of :data:`REASONS`
    :param detail: what was seen, for the operator
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


#: Why a page is no story: a list or front page, a "not found" page served with status 200, a
#: challenge (captcha, "checking your browser"), a consent page, a page without any text, a page
#: of another site, and a page that no reader could make sense of.
REASONS = ("list", "not_found", "challenge", "consent", "empty", "foreign", "unreadable")


@dataclass(frozen=True)
class Page:
    """One answer of the site.

    :param url: where it was fetched, on www.koreaherald.com whatever server answered
    :param body: the bytes as they came, decompressed
    :param encoding: what the HTTP header declares, if anything
    :param fetched_at: UTC
    """

    url: str
    body: bytes
    fetched_at: datetime
    status: int = 200
    encoding: str | None = None

    @cached_property
    def text(self) -> str:
        """The body decoded; never fails."""
        sound = self._sound
        return decode(self.body, self.encoding) if sound is None else sound

    @cached_property
    def utf8(self) -> bytes:
        """The text in UTF-8; for most pages the body as it came."""
        return self.body if self._sound is not None else self.text.encode()

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The tree that a browser would build.

        lexbor, not parsel: on the broken pages of 2021 both keep all of the text, but in a broken
        table only lexbor puts it where readers see it, in half the time (61 KB: 0.49 ms, 0.87 ms).
        """
        html = self.utf8
        flat = len(html) < _MANY_TAGS * len("<p>") or html.count(b"<") < _MANY_TAGS
        return LexborHTMLParser(html if flat else shallow(self.text))

    @cached_property
    def _sound(self) -> str | None:
        """The text of a body that is plain UTF-8, and of no other."""
        if self.body.startswith(_MARKS) or _NUL in self.body:
            return None
        try:
            return self.body.decode()
        except UnicodeDecodeError:
            return None


def charset(content_type: str) -> str | None:
    """The encoding that a Content-Type declares.

    >>> charset('text/html; charset="EUC-KR"')
    'euc-kr'
    """
    return content_type.lower().partition("charset=")[2].strip(" \"';") or None


def with_herald_links(body: bytes, site_url: str) -> bytes:
    """Read a mirror that rewrote the site's links to its own root as if it had not.

    >>> with_herald_links(b'<a href="http://127.0.0.1:80/article/1">', "http://127.0.0.1:80/")
    b'<a href="https://www.koreaherald.com/article/1">'

    :param site_url: the mirror's root, which may end in a slash
    """
    root = site_url.rstrip("/")
    return body if root == ROOT else body.replace(root.encode(), ROOT.encode())


_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,20})")
#: Tags that need no end, or have none: they do not nest.
_FLAT = frozenset(
    {
        "p", "li", "td", "th", "tr", "dt", "dd", "tbody", "thead", "tfoot", "option", "optgroup",
        "colgroup", "br", "hr", "img", "meta", "link", "input", "area", "base", "col", "embed",
        "param", "source", "track", "wbr",
    }
)  # fmt: skip
#: No page of a newspaper has so many tags, and none is worth a second look that has fewer.
_MANY_TAGS = 30_000
#: Browsers stop at 512. Each tag may look through all that are open: depth costs its square.
_DEEPEST = 1_000


def shallow(text: str) -> str:
    """Cut a page off where its elements nest deeper than in any honest page.

    >>> shallow("<p>Seoul says no.</p>")
    '<p>Seoul says no.</p>'
    """
    if len(text) < _MANY_TAGS * len("<p>") or text.count("<") < _MANY_TAGS:
        return text
    inside: Counter[str] = Counter()
    depth = 0
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if name in _FLAT:
            continue
        if not tag["end"]:
            inside[name] += 1
            depth += 1
            if depth > _DEEPEST:
                return text[: tag.start()]
        elif inside[name]:
            inside[name] -= 1
            depth -= 1
    return text


# Databases refuse it and browsers drop it; the other controls go when a text is cleaned.
_NUL = b"\0"
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?([\w.-]+)""", re.IGNORECASE
)
#: A browser looks no further for the declaration either.
_DECLARED_WITHIN = 4096
#: Of so many UTF-8 sequences one may be damaged; other encodings have hardly a valid one.
_SOUND_FOR_ONE_DAMAGED = 20
# What pages call by one name and write in its superset; the names are Python's own.
_SUPERSETS = {"euc_kr": "cp949", "iso8859-1": "cp1252", "ascii": "cp1252"}


def decode(body: bytes, declared: str | None = None) -> str:
    """Decode a page by what its bytes are; what it declares counts only where that is undecided.

    >>> decode("북한 “talks”".encode(), "euc-kr")
    '북한 “talks”'
    >>> decode('<meta charset="utf-8">북한'.encode("cp949"))
    '<meta charset="utf-8">북한'
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", errors="replace").replace("\0", "")
    body = body.removeprefix(codecs.BOM_UTF8)
    if _NUL in body:
        body = body.replace(_NUL, b"")
    try:
        return body.decode()
    except UnicodeDecodeError:
        pass
    damaged = body.decode(errors="replace")
    wrong = damaged.count("\ufffd")
    sound = sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", damaged)))
    if sound > wrong * _SOUND_FOR_ONE_DAMAGED:
        return damaged
    for name in (declared, _declared_in(body), "cp949"):
        try:
            return body.decode(_codec(name)).replace("\0", "")
        except (LookupError, ValueError):  # "hex" and "rot13" are codecs too, but not of text
            continue
    return damaged


def _declared_in(body: bytes) -> str | None:
    found = _DECLARED.search(body, 0, _DECLARED_WITHIN)
    return found[1].decode("ascii", errors="replace") if found else None


def _codec(name: str | None) -> str:
    """Name an encoding as Python knows it, or its superset.

    :raises LookupError: there is no such encoding
    """
    known = codecs.lookup(name or "").name
    return _SUPERSETS.get(known, known)
