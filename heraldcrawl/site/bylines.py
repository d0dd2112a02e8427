"""Who wrote the story: bylines, closing lines, datelines.

The Herald says it in up to four places, and none is complete: the byline has the names, the
closing line the e-mails and the contributors, dateline and closing credit the agency behind a
"By Korea Herald". Each reader here turns one printed line into a :class:`Byline`; :func:`merge`
puts them together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heraldcrawl.items import Author
from heraldcrawl.site.credits import bracket_tag, split_credit
from heraldcrawl.site.names import (
    DESK_MAILBOXES,
    is_house,
    is_institution,
    is_place,
    is_role,
    is_suffix,
    organization,
    person,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "Byline", "bracket_tag", "closing_credit", "closing_line", "dateline", "merge",
    "parse_byline", "split_credit",
]  # fmt: skip

#: No byline, closing line or dateline is longer; what is longer is prose.
LONGEST_LINE = 320
_LONGEST_DATELINE = 110

_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])(?:mailto:)?"
    r"(?P<address>[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})",
    re.IGNORECASE,
)
# What mail protection leaves in a page that runs no script.
_HIDDEN_MAIL = re.compile(r"\[?email.protected\]?|mailto:", re.IGNORECASE)

_SEPARATOR = re.compile(
    r"[,;/|·•ㆍ()\[\]<>{}=:\n]|(?<!\S)(?:and|&|with|및|plus|[-–—―]{1,3})(?!\S)", re.IGNORECASE
)
_BY = re.compile(r"(?:(?:written|reported|compiled|text|story) )?by(?: ?: ?| |$)", re.IGNORECASE)
_FROM = re.compile(r"(?:from|with|source:|additional reporting by)(?= )", re.IGNORECASE)
_LATER_BY = re.compile(r"(?<=[\d\s|·•])(?:By|BY)[ :]")
_STAMP = re.compile(r"\b(?:published|updated|posted|input)\b|입력|수정", re.IGNORECASE)
# Who took the pictures did not write the story.
_OTHER_WORK = re.compile(
    r"(?:photo(?:graph)?s?|photographed|illustrations?|illustrated|graphics?|translated|edited"
    r"|cartoons?|video|images?)(?: courtesy)?(?: of| by)\b",
    re.IGNORECASE,
)
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
_CITY = re.compile(r"[^\[\]()=,\s]{1,20} ?=")
_DATELINE_BRACKET = re.compile(r"\((?P<name>[^()]{2,40})\)|/(?P<slashed>[^/\s]{2,40})/")
_SENTENCE_END = (".", "!", "?", "”", "’", '"', "'", "…", ")", "]", "다", "요")

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u2060\ufeff\u00ad"))

_MOST_CREDITS = 4
_LONGEST_SIGNATURE = 200
_LONGEST_INITIAL = 2
_MOST_PLACE_WORDS = 8
_TELLING_LETTERS = 3


@dataclass(slots=True)
class Byline:
    """What one printed line says about the story's writers.

    :param authors: persons; one without a name is an e-mail that stood alone, whose owner only
        another line names (:func:`merge` finds him)
    :param organization: the agency or partner, in its normal form
    """

    authors: list[Author] = field(default_factory=list)
    organization: str | None = None


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
    text = _plain(text)
    later = _LATER_BY.search(text)
    if later and not _BY.match(text):
        text = text[later.start() :]
    stamp = _STAMP.search(text)
    if stamp and stamp.start():
        text = text[: stamp.start()]
    return _read(text).byline


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
    opening = _plain(text)[:_LONGEST_DATELINE]
    korean = _KOREAN_DATELINE.match(opening)
    if korean:
        return _read(korean.group()).byline
    for bracket in _DATELINE_BRACKET.finditer(opening):
        place = opening[: bracket.start()].rstrip(" -–—―")
        agency = organization((bracket["name"] or bracket["slashed"]).split("=")[0])
        if agency is None or not _is_dateline_place(place):
            continue
        after = opening[bracket.end() :].lstrip()
        if after.startswith(("-", "–", "—", "―", ":")) or place.split(",")[0].isupper():
            return Byline(organization=agency)
    return None


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


@dataclass(slots=True)
class _Reading:
    """What a line of names says, and how surely it is one."""

    authors: list[Author]
    organization: str | None
    complete: bool  # every part of the line was understood
    signed: bool  # an e-mail stands there, or the empty brackets of a lost one
    house: bool  # the newspaper or one of its desks is named

    @property
    def byline(self) -> Byline:
        return Byline(self.authors, self.organization)

    @property
    def says_who(self) -> bool:
        return bool(self.authors or self.organization or self.house)

    @property
    def full_names(self) -> bool:
        return all(" " in author.name or not author.name.isascii() for author in self.authors)


def _plain(text: str) -> str:
    text = text.lstrip()[: 2 * LONGEST_LINE].translate(_INVISIBLE)
    return " ".join(text.split())[:LONGEST_LINE]


def _trimmed(text: str) -> str:
    return text.rstrip().rstrip("|\u200b\ufeff").rstrip()


def _read(text: str) -> _Reading:
    """Take a line of names apart: agencies, desks, persons, roles, places, e-mails."""
    signed = "()" in text.replace(" ", "") or bool(_HIDDEN_MAIL.search(text))
    complete, house, other_work = True, False, False
    names: list[str] = []
    mails: list[tuple[int, str]] = []  # how many names stood before it, and the address
    agencies: list[str] = []
    for part in _parts(text):
        if "@" in part:
            signed = True
            if part.partition("@")[0].casefold() in DESK_MAILBOXES:
                house = True
            else:
                mails.append((len(names), part))
            continue
        other_work = bool(_OTHER_WORK.match(part)) or (other_work and not _BY.match(part))
        if other_work:
            continue
        words = _BY.sub("", part, count=1).strip()
        agency, name = _agency_and_person(words, first=not names)
        agencies += [agency] if agency else []
        names += [name] if name else []
        if agency or name or not words:
            continue
        if is_house(words):
            house = True
        elif is_role(words) or (is_place(words) and part == words):
            continue
        elif names and is_suffix(words):
            names[-1] += f" {words}"
        else:
            complete = False
            if is_institution(words) and not names:
                agencies.append(words)
    return _Reading(
        _with_mails(names, mails),
        "-".join(dict.fromkeys(agencies)) or None,
        complete=complete,
        signed=signed,
        house=house,
    )


def _parts(text: str) -> Iterator[str]:
    """Split a line of names at whatever stands between them; e-mails come alone."""
    text = _CITY.sub(_without_city, _HIDDEN_MAIL.sub("", text), count=1)
    place = 0
    for mail in _MAIL.finditer(text):
        yield from _words(text[place : mail.start()])
        yield mail["address"].rstrip(".-")
        place = mail.end()
    yield from _words(text[place:])


def _words(text: str) -> Iterator[str]:
    for part in _SEPARATOR.split(text):
        words = part.strip(" \"“”‘'`-–—―@").split()
        if words and words[-1].endswith(".") and len(words[-1]) > _LONGEST_INITIAL:
            words[-1] = words[-1] if is_suffix(words[-1]) else words[-1].rstrip(".")
        if words and words != ["."]:
            yield " ".join(words)


def _without_city(match: re.Match[str]) -> str:
    """Before the equals sign of a Korean dateline stands an agency or a city, never a person."""
    before = match.group().strip("= ")
    return f"{before}," if organization(before) or is_house(before) else ""


def _agency_and_person(words: str, *, first: bool) -> tuple[str | None, str | None]:
    agency = organization(words)
    if agency:
        return agency, None
    name = person(words)
    if name and (first or " " in name or not name.isascii()):
        return None, name
    # "Associated Press writer Kim Mi-rae"
    listed = words.split()
    for place, word in enumerate(listed):
        if place and is_role(word):
            agency = organization(" ".join(listed[:place]))
            if agency:
                return agency, person(" ".join(listed[place:]))
    return None, None


def _with_mails(names: list[str], mails: list[tuple[int, str]]) -> list[Author]:
    authors = [Author(name) for name in names]
    if len(names) == len(mails):
        for author, (_, address) in zip(authors, mails, strict=True):
            author.email = address
        return authors
    for before, address in mails:
        beside = authors[max(before - 1, 0)] if authors else None
        if beside and beside.email is None:
            beside.email = address
        else:
            authors += _delivered(address, authors)
    return authors


def _delivered(address: str, authors: list[Author]) -> list[Author]:
    """Give an e-mail that stood alone to its owner; if nobody is it, to a nameless author."""
    mailbox = address.partition("@")[0].casefold()
    if any(author.email == address for author in authors):
        return []
    waiting = [author for author in authors if author.name and author.email is None]
    if len(authors) > 1 or not waiting:
        waiting = [author for author in waiting if _names_mailbox(author.name, mailbox)]
    if len(waiting) == 1:
        waiting[0].email = address
        return []
    return [Author("", address)]


def _names_mailbox(name: str, mailbox: str) -> bool:
    words = [_letters(word) for word in name.split()]
    return any(len(word) >= _TELLING_LETTERS and word in _letters(mailbox) for word in words)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _same_person(one: Author, other: Author) -> bool:
    if one.email and one.email == other.email:
        return True
    return _letters(one.name) == _letters(other.name)


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
        authors += _delivered(address, authors)
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


def _last_credit(line: str, *, whole_line: bool) -> tuple[int, Byline] | None:
    """Find where the credit at the end of a line begins, and what it says."""
    if whole_line:
        byline = _line_credit(line)
        if byline:
            return 0, byline
    contributed = _CONTRIBUTED.search(line)
    if contributed:
        return _contributors(line[: contributed.start()])
    korean = _KOREAN_SIGNATURE.search(line)
    if korean and line[: korean.start()].rstrip().endswith(_SENTENCE_END):
        return korean.start(), _read(korean.group()).byline
    editor = _ED.search(line)
    if editor:
        return editor.start(), Byline()
    by = max(line.rfind("By ", -_LONGEST_SIGNATURE), line.rfind("BY ", -_LONGEST_SIGNATURE))
    if by >= 0:
        reading = _read(line[by:])
        after_sentence = not line[:by].strip() or line[:by].rstrip().endswith(_SENTENCE_END)
        if (
            reading.complete
            and reading.says_who
            and (reading.signed or (after_sentence and reading.full_names))
        ):
            return by, reading.byline
    if line.endswith((")", "]")):
        start = line.rfind("(" if line.endswith(")") else "[")
        inside = line[start + 1 : -1].strip() if start >= 0 else ""
        reading = _read(inside)
        alone = reading.signed and not any(author.name for author in reading.authors)
        if reading.complete and (reading.organization or reading.house or alone):
            return start, reading.byline
    return None


def _line_credit(line: str) -> Byline | None:
    line = _plain(line)
    other_work = _OTHER_WORK.match(line)
    if other_work:
        reading = _read(line[other_work.end() :])
        return Byline() if reading.complete and reading.says_who else None
    reading = _read(_FROM.sub("", line, count=1))
    if not reading.complete or not reading.says_who:
        return None
    # Names need a sign that they are the writers'; "Kim Mi-rae (Yonhap)" is a caption.
    if reading.signed or not reading.authors or "기자" in line:
        return reading.byline
    return reading.byline if _BY.match(line.lstrip("([")) and reading.full_names else None


def _contributors(before: str) -> tuple[int, Byline] | None:
    """Read the names before "contributed to this report": as far back as there are only names."""
    ends = (place for place, mark in enumerate(before) if mark in _SENTENCE_END)
    for start in [0, *(end + 1 for end in ends if before[end + 1 :].lstrip()[:1].isupper())]:
        reading = _read(before[start:])
        if reading.complete and (reading.authors or reading.organization):
            return start, reading.byline
    return None


def _is_dateline_place(place: str) -> bool:
    words = place.split()
    return len(words) <= _MOST_PLACE_WORDS and not any(word[0].islower() for word in words)
