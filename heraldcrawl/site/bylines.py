"""Who wrote the story: bylines, closing lines, datelines.

The Herald says it in up to four places, and none is complete: the byline has the names, the
closing line the e-mails and the contributors, dateline and closing credit the agency behind a
"By Korea Herald". Each reader here turns one printed line into a :class:`Byline`; :func:`merge`
puts them together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from heraldcrawl.items import Author
from heraldcrawl.site.credits import bracket_tag, split_credit
from heraldcrawl.site.names import organization
from heraldcrawl.site.people import (
    BY,
    LONGEST_LINE,
    OTHER_WORK,
    Reading,
    deliver,
    letters,
    plain,
    read_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Byline", "bracket_tag", "closing_credit", "closing_line", "dateline", "merge",
    "parse_byline", "split_credit", "unsigned",
]  # fmt: skip

_LONGEST_DATELINE = 110

_FROM = re.compile(r"(?:from|with|source:|additional reporting by)(?= )", re.IGNORECASE)
_LATER_BY = re.compile(r"(?<=[\d\s|·•])(?:By|BY)[ :]")
_STAMP = re.compile(r"\b(?:published|updated|posted|input)\b|입력|수정", re.IGNORECASE)
_CONTRIBUTED = re.compile(
    r"(?:also )?contributed (?:to (?:this|the) (?:report|article|story|piece)|reporting)"
    r"[.) ]{0,4}$",
    re.IGNORECASE,
)
_ED = re.compile(r"[-–—―(]{1,4} ?Ed\.?\)?$")
# The Herald's own "[코리아헤럴드=김미래 기자]" and an agency's "(서울=연합뉴스) 김미래 기자 =".
_KOREAN_DATELINE = re.compile(
    r"[\[(][^\[\]()=]{1,30}=[^\[\]()=]{1,40}[\])](?: ?[가-힣·, ]{2,30} (?:기자|특파원)(?= ?=))?"
)
_KOREAN_SIGNATURE = re.compile(
    r"(?<![가-힣])[가-힣]{2,5} ?(?:인턴|선임|전문)?(?:기자|특파원)"
    r"(?: ?[(\[]?[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,120}[)\]]?)?$"
)
_DATELINE_BRACKET = re.compile(r"\((?P<name>[^()]{2,40})\)|/(?P<slashed>[^/\s]{2,40})/")
_SENTENCE_END = (".", "!", "?", "”", "’", '"', "'", "…", ")", "]", "다", "요")

_MOST_CREDITS = 4
_LONGEST_SIGNATURE = 200
_LONGEST_EDITOR = 10
_MOST_PLACE_WORDS = 8


@dataclass(slots=True)
class Byline:
    """What one printed line says about the story's writers.

    :param authors: persons; one without a name is an e-mail that stood alone, whose owner only
        another line names (:func:`merge` finds him)
    :param organization: the agency or partner, in its normal form
    """

    authors: list[Author] = field(default_factory=list)
    organization: str | None = None


@lru_cache(maxsize=8)  # whoever looks for the byline reads it, and whoever has found it again
def parse_byline(text: str) -> Byline:
    """Read the line under the headline.

    >>> two = parse_byline("By Kim Mi-rae (mirae@heraldcorp.com) and Han Sol, Intern reporter")
    >>> [(author.name, author.email) for author in two.authors]
    [('Kim Mi-rae', 'mirae@heraldcorp.com'), ('Han Sol', None)]
    >>> parse_byline("By Yonhap and Kim Mi-rae")
    Byline(authors=[Author(name='Kim Mi-rae', email=None)], organization='Yonhap')
    >>> parse_byline("By The Korea Herald")
    Byline(authors=[], organization=None)
    >>> parse_byline("[코리아헤럴드=김미래 기자]")
    Byline(authors=[Author(name='김미래', email=None)], organization=None)
    """
    text = plain(text)
    later = _LATER_BY.search(text)
    if later and not BY.match(text):
        text = text[later.start() :]
    stamp = _STAMP.search(text)
    if stamp and stamp.start():
        text = text[: stamp.start()]
    return _byline(read_names(text))


def closing_line(paragraph: str) -> Byline | None:
    """Read a last paragraph that is nothing but a credit; ``None`` if it is prose.

    >>> closing_line("(Yonhap News)")
    Byline(authors=[], organization='Yonhap')
    >>> closing_line("By Kim Mi-rae ()")
    Byline(authors=[Author(name='Kim Mi-rae', email=None)], organization=None)
    >>> closing_line("(mirae@heraldcorp.com)")
    Byline(authors=[Author(name='', email='mirae@heraldcorp.com')], organization=None)
    >>> closing_line("By Monday, the ministry had no answer.") is None
    True
    """
    if len(paragraph.strip()) > 2 * LONGEST_LINE:
        return None
    rest, byline = _peeled(paragraph)
    return None if rest else byline


def closing_credit(text: str) -> Byline | None:
    """Read the credit at the end of a text, glued to the last sentence or on lines of its own.

    >>> closing_credit("The talks are to resume in June, he said. (Yonhap)")
    Byline(authors=[], organization='Yonhap')
    >>> closing_credit("“We learn from the process.”By Kim Mi-rae (mirae@heraldcorp.com)")
    Byline(authors=[Author(name='Kim Mi-rae', email='mirae@heraldcorp.com')], organization=None)
    >>> closing_credit("The letter was signed by Kim Mi-rae") is None
    True
    """
    return _peeled(text)[1]


def dateline(text: str) -> Byline | None:
    """Read who stands behind the opening of a story: "SEJONG (Yonhap News) ―".

    >>> dateline("SEOUL, Nov. 1 (Yonhap) -- Exports of laver rose in October.")
    Byline(authors=[], organization='Yonhap')
    >>> dateline("[코리아헤럴드=김미래 기자] 김 수출이 늘었다.")
    Byline(authors=[Author(name='김미래', email=None)], organization=None)
    >>> dateline("WASHINGTON, D.C. ― The two sides (AP) met again.") is None
    True
    """
    found = _dateline(plain(text))
    return found and found[1]


def unsigned(text: str) -> str:
    """Take the dateline and the closing credits off a story: what is left is the story alone.

    >>> unsigned("SEJONG (Yonhap) -- Exports of laver rose.\\nBy Kim Mi-rae (mirae@kh.com)")
    'Exports of laver rose.'
    >>> unsigned("(Yonhap)"), unsigned("Exports of laver rose.")
    ('', 'Exports of laver rose.')
    """
    rest, _ = _peeled(text)
    found = _dateline(rest)
    return rest[found[0] :].lstrip(" -–—―:\n") if found else rest


def merge(*bylines: Byline | None) -> Byline:
    """Put several lines of one story together, the most trusted first.

    A person counts once, however the name is spaced, hyphenated or cased; e-mails find their
    owner; who appears only in a later line comes after the writers.

    >>> merge(parse_byline("By Kim Mi-rae"), None, closing_line("By Kim Mirae (mirae@kh.com)"))
    Byline(authors=[Author(name='Kim Mi-rae', email='mirae@kh.com')], organization=None)
    """
    merged = _joined(byline for byline in bylines if byline)
    merged.authors = [author for author in merged.authors if author.name]
    return merged


def _byline(reading: Reading) -> Byline:
    return Byline(reading.authors, reading.organization)


def _trimmed(text: str) -> str:
    return text.rstrip().rstrip("|\u200b\ufeff").rstrip()


def _same_person(one: Author, other: Author) -> bool:
    if one.email and one.email == other.email:
        return True
    return letters(one.name) == letters(other.name)


def _joined(bylines: Iterable[Byline]) -> Byline:
    authors: list[Author] = []
    homeless: list[str] = []
    agency: str | None = None
    for byline in bylines:
        agency = agency or byline.organization
        for author in byline.authors:
            same = next((known for known in authors if _same_person(known, author)), None)
            if not author.name:
                homeless.append(author.email or "")
            elif same is None:
                authors.append(Author(author.name, author.email))
            else:
                same.email = same.email or author.email
    for address in dict.fromkeys(filter(None, homeless)):
        authors += deliver(address, authors)
    return Byline(authors, agency)


def _peeled(text: str) -> tuple[str, Byline | None]:
    """Take the credits off the end of a text; the rest of it, and what they say together."""
    rest = _trimmed(text)
    found: list[Byline] = []
    while rest and len(found) < _MOST_CREDITS:
        line_start = max(rest.rfind("\n") + 1, len(rest) - LONGEST_LINE)
        credit = _last_credit(
            rest[line_start:], whole_line=not line_start or rest[line_start - 1] == "\n"
        )
        if credit is None:
            break
        found.insert(0, credit[1])
        rest = _trimmed(rest[: line_start + credit[0]])
    return rest, _joined(found) if found else None


@lru_cache(maxsize=1024)  # the end of a story is read for its writers, and when it is stored
def _last_credit(line: str, *, whole_line: bool) -> tuple[int, Byline] | None:
    """Find where the credit at the end of a line begins, and what it says."""
    if whole_line:
        byline = _line_credit(line)
        if byline:
            return 0, byline
    contributed = _CONTRIBUTED.search(line) if "ontribut" in line else None
    if contributed:
        return _contributors(line[: contributed.start()])
    korean = None if line.isascii() else _KOREAN_SIGNATURE.search(line)
    if korean and line[: korean.start()].rstrip().endswith(_SENTENCE_END):
        return korean.start(), _byline(read_names(korean.group()))
    editor = _ED.search(line, max(0, len(line) - _LONGEST_EDITOR))
    if editor:
        return editor.start(), Byline()
    by = max(line.rfind("By ", -_LONGEST_SIGNATURE), line.rfind("BY ", -_LONGEST_SIGNATURE))
    if by >= 0:
        reading = read_names(line[by:], whole=True)
        before = line[:by].rstrip(" \xa0(")
        after_sentence = not before or before.endswith(_SENTENCE_END)
        if (
            reading.complete
            and reading.says_who
            and (reading.signed or (after_sentence and reading.full_names))
        ):
            return (len(before) if line[by - 1 : by] == "(" else by), _byline(reading)
    if line.endswith((")", "]")):
        start = line.rfind("(" if line.endswith(")") else "[")
        inside = line[start + 1 : -1].strip() if start >= 0 else ""
        reading = read_names(inside, whole=True)
        # "(Kim Mi-rae/The Korea Herald)" is the credit of a picture.
        if reading.complete and reading.says_who and not reading.names:
            return start, _byline(reading)
    return None


def _line_credit(line: str) -> Byline | None:
    line = plain(line)
    other_work = OTHER_WORK.match(line)
    if other_work:
        reading = read_names(line[other_work.end() :], whole=True)
        return Byline() if reading.complete and reading.says_who else None
    reading = read_names(_FROM.sub("", line, count=1), whole=True)
    if not reading.complete or not reading.says_who:
        return None
    # Names need a sign that they are the writers'; "Kim Mi-rae (Yonhap)" is a caption.
    if reading.signed or not reading.names or "기자" in line:
        return _byline(reading)
    return _byline(reading) if BY.match(line.lstrip("([")) and reading.full_names else None


def _contributors(before: str) -> tuple[int, Byline] | None:
    """Read the names before "contributed to this report": as far back as there are only names."""
    ends = (place for place, mark in enumerate(before) if mark in _SENTENCE_END)
    for start in [0, *(end + 1 for end in ends if before[end + 1 :].lstrip()[:1].isupper())]:
        reading = read_names(before[start:], whole=True)
        named = reading.names or reading.agencies
        if reading.complete and named and reading.full_names:
            return start, _byline(reading)
    return None


def _dateline(text: str) -> tuple[int, Byline] | None:
    """Find where the dateline that opens a text ends, and what it says."""
    opening = text[:_LONGEST_DATELINE]
    korean = _KOREAN_DATELINE.match(opening)
    if korean:
        return korean.end(), _byline(read_names(korean.group()))
    for bracket in _DATELINE_BRACKET.finditer(opening):
        place = opening[: bracket.start()].rstrip(" -–—―")
        agency = organization((bracket["name"] or bracket["slashed"]).split("=")[0])
        if agency is None or not _is_dateline_place(place):
            continue
        after = opening[bracket.end() :].lstrip()
        if after.startswith(("-", "–", "—", "―", ":")) or place.split(",")[0].isupper():
            return bracket.end(), Byline(organization=agency)
    return None


def _is_dateline_place(place: str) -> bool:
    words = place.split()
    return len(words) <= _MOST_PLACE_WORDS and not any(word[0].islower() for word in words)
