"""Text as the reader of a page sees it: clean lines, and paragraphs made of them."""

from __future__ import annotations

import functools
import html
import itertools
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

# Zero-width and soft characters: they take no room on the page and break searches.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
)
_UNPRINTABLE = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{_INVISIBLE}]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_NAMED = (
    "rdquo", "ldquo", "rsquo", "lsquo", "quot", "amp", "nbsp", "hellip", "mdash", "ndash",
    "middot", "lt", "gt", "apos",
)  # fmt: skip
# The beginning of a named entity, of two letters or more: "R&D" is none.
_CUT_ENTITY = re.compile(
    r"&(?:#[0-9]{0,5}|"
    + "|".join(sorted({name[:end] for name in _NAMED for end in range(2, len(name) + 1)}))
    + r")?$"
)

_NFC = functools.partial(unicodedata.is_normalized, "NFC")


def clean(text: str) -> str:
    r"""Make one line of a text: single blanks, NFC, nothing invisible, quotes as printed.

    An entity that is still there was escaped twice by the desk's software.

    >>> clean("Seoul\u00a0\u00a0 says &quot;no&quot; to\u200b Pyongyang&#8217;s offer ")
    'Seoul says "no" to Pyongyang’s offer'
    """
    if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())  # no other blank is printable
    if "&" not in text and text.isprintable() and (text.isascii() or _NFC(text)):
        return text
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if not text.isprintable() or not _NFC(text):
        text = unicodedata.normalize("NFC", _UNPRINTABLE.sub(_blank_or_nothing, text))
        text = " ".join(text.split())
    return text


def summary(text: str) -> str:
    """Clean a text that the site cuts after so many characters, an entity in the middle or not.

    >>> summary("The minister said the &rdqu")
    'The minister said the'
    >>> summary("Samsung and LG on R&D")
    'Samsung and LG on R&D'
    """
    return clean(_CUT_ENTITY.sub("", text.rstrip()))


def loose(text: str) -> str:
    """Reduce a text to what two prints of it share, whatever their quotes, case and blanks.

    >>> loose("‘Parasite’ wins  again") == loose("'PARASITE' wins again")
    True
    """
    return "".join(filter(str.isalnum, text.casefold()))


#: What separates a line from the one before it: a single break, or a boundary of paragraphs.
LINE, PARAGRAPH = 1, 2


class Line(NamedTuple):
    """A line of text where it stands on the page."""

    text: str
    gap: int  # LINE or PARAGRAPH: what the reader sees before it
    solid: bool = False  # inside an element that is one paragraph, however many lines it has
    caption: bool = False  # the page itself calls it a caption
    linked: bool = False  # it is a link to another story, as a whole
    frame: int = 0  # number of the photo frame around it, 0 for none


def paragraphs(lines: Iterable[Line]) -> list[str]:
    r"""Lay lines out as paragraphs.

    A single ``<br>`` is a line within its paragraph, as list items and table rows are. Only where
    a text has no other separator, and a sentence ends before it, is it the end of a paragraph.

    >>> paragraphs([Line("Tickets", PARAGRAPH), Line("Call 02-123-4567.", LINE)])
    ['Tickets\nCall 02-123-4567.']
    >>> paragraphs([Line("Seoul has agreed to the talks.", PARAGRAPH), Line("So has Tokyo.", LINE)])
    ['Seoul has agreed to the talks.', 'So has Tokyo.']
    """
    blocks: list[list[Line]] = []
    for line in lines:
        if line.gap == PARAGRAPH or not blocks:
            blocks.append([line])
        else:
            blocks[-1].append(line)
    laid: list[str] = []
    for block in blocks:
        if len(block) == 1:
            laid.append(block[0].text)
        elif any(line.solid for line in block):
            laid.append("\n".join(line.text for line in block))
        else:
            laid += _split_after_sentences(block)
    return laid


def once(paragraphs: list[str]) -> list[str]:
    """Take a text that the page holds twice, for two widths of screen, only once.

    >>> once(["The talks are to resume in June, he said.", "(Yonhap)"] * 2)
    ['The talks are to resume in June, he said.', '(Yonhap)']
    """
    first = paragraphs[0] if paragraphs else ""
    again = 0
    while len(first) >= _TELLING:
        try:
            again = paragraphs.index(first, again + 1)
        except ValueError:
            break
        rest = len(paragraphs) - again
        if rest <= again and paragraphs[:rest] == paragraphs[again:]:
            return paragraphs[:again]
    return paragraphs


#: Shorter lines repeat by chance, and end like a sentence by chance: "(Yonhap)", "Enjoy!"
_TELLING = 25
_SIGNATURE = re.compile(r"(?:By .{2,80} ?)?\([^()]{0,60}\)")
_SENTENCE_ENDS = re.compile(r"[.?!…][\"'”’)\]]*(?: ?\([^()]{1,80}\))?$|[”’]$")


def _split_after_sentences(block: list[Line]) -> list[str]:
    laid = [[block[0].text]]
    for before, line in itertools.pairwise(block):
        ends = len(before.text) >= _TELLING and _SENTENCE_ENDS.search(before.text)
        if ends or _SIGNATURE.fullmatch(line.text):
            laid.append([line.text])
        else:
            laid[-1].append(line.text)
    return ["\n".join(lines) for lines in laid]


def same(one: str, other: str) -> bool:
    """Tell whether two clean texts are prints of one headline.

    A short one is taken exactly, brackets and all, because the menu has short texts as well.

    >>> same("Seoul ‘weighs’ talks with Tokyo", "Seoul 'weighs' talks with Tokyo")
    True
    >>> same("Theater", "<Theater>")
    False
    """
    if one == other or min(len(one), len(other)) < _SHORT_HEADLINE:
        return one == other
    return abs(len(one) - len(other)) < _SHORT_HEADLINE and loose(one) == loose(other)


#: A headline that is no longer may be the name of a section.
_SHORT_HEADLINE = 18


def _blank_or_nothing(character: re.Match[str]) -> str:
    return " " if character[0].isspace() else ""
