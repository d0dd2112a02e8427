"""A line of names, taken apart: "By A (a@…) and B, Korea Herald correspondent / Yonhap"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heraldcrawl.items import Author
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
    from collections.abc import Iterator

#: No byline, closing line or dateline is longer; what is longer is prose.
LONGEST_LINE = 320

_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])(?:mailto:)?"
    r"(?P<address>[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})",
    re.IGNORECASE,
)
# What mail protection leaves in a page that runs no script.
_HIDDEN_MAIL = re.compile(r"\[?email.protected\]?|mailto:")

_SEPARATOR = re.compile(
    r"[,;/|·•ㆍ()\[\]<>{}=:\n]|(?<!\S)(?:and|&|with|및|plus|[-–—―]{1,3})(?!\S)", re.IGNORECASE
)
BY = re.compile(r"(?:(?:written|reported|compiled|text|story) )?by(?: ?: ?| |$)", re.IGNORECASE)
# Who took the pictures did not write the story.
OTHER_WORK = re.compile(
    r"(?:photo(?:graph)?s?|photographed|illustrations?|illustrated|graphics?|translated|edited"
    r"|cartoons?|video|images?)(?: courtesy)?(?: of| by)\b",
    re.IGNORECASE,
)
_CITY = re.compile(r"[^\[\]()=,\s]{1,20} ?=")
_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff\u00ad]+")

_LONGEST_INITIAL = 2
_MOST_WORDS_OF_A_PART = 12  # a name with all that is said of who has it; more are prose
_TELLING_LETTERS = 3


@dataclass(slots=True)
class Reading:
    """What a line of names says, and how surely it is one."""

    names: list[str] = field(default_factory=list)
    mails: list[tuple[int, str]] = field(default_factory=list)  # after how many names, address
    agencies: list[str] = field(default_factory=list)
    complete: bool = True  # every part of the line was understood
    signed: bool = False  # an e-mail stands there, or the empty brackets of a lost one
    house: bool = False  # the newspaper or one of its desks is named

    @property
    def authors(self) -> list[Author]:
        return _with_mails(self.names, self.mails)

    @property
    def organization(self) -> str | None:
        return "-".join(dict.fromkeys(self.agencies)) or None

    @property
    def says_who(self) -> bool:
        return bool(self.names or self.mails or self.agencies or self.house)

    @property
    def full_names(self) -> bool:
        return all(" " in name or not name.isascii() for name in self.names)

    def take_mail(self, address: str) -> None:
        self.signed = True
        if address.partition("@")[0].casefold() in DESK_MAILBOXES:
            self.house = True
        else:
            self.mails.append((len(self.names), address))

    def take_words(self, words: str, *, after_by: bool) -> None:
        if words.count(" ") >= _MOST_WORDS_OF_A_PART:
            self.complete = False
            return
        agency, name = _agency_and_person(words, first=not self.names)
        self.agencies += [agency] if agency else []
        self.names += [name] if name else []
        if agency or name or not words or is_house(words):
            self.house = self.house or not (agency or name or not words)
        elif self.names and is_suffix(words):
            self.names[-1] += f" {words}"
        elif not is_role(words) and (after_by or not is_place(words)):
            self.complete = False
            if is_institution(words) and not self.names:
                self.agencies.append(words)


def read_names(text: str, *, whole: bool = False) -> Reading:
    """Take a line apart: agencies, desks, persons, roles, places, e-mails.

    :param whole: the line must be understood as a whole, so that prose is given up at once

    >>> reading = read_names("By Kim Mi-rae (mirae@heraldcorp.com) and Yonhap, Sejong")
    >>> reading.names, reading.agencies, reading.complete, reading.signed
    (['Kim Mi-rae'], ['Yonhap'], True, True)
    """
    hidden = "protected" in text or "mailto:" in text
    reading = Reading(signed=hidden or "()" in text.replace(" ", ""))
    other_work = False
    for part in _parts(_HIDDEN_MAIL.sub("", text) if hidden else text):
        if "@" in part:
            reading.take_mail(part)
            continue
        by = BY.match(part)
        other_work = bool(OTHER_WORK.match(part)) or (other_work and not by)
        if not other_work:
            reading.take_words(part[by.end() :].strip() if by else part, after_by=bool(by))
        if whole and not reading.complete:
            break
    return reading


def plain(text: str) -> str:
    text = text.lstrip()[: 2 * LONGEST_LINE]
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())[:LONGEST_LINE]


def _parts(text: str) -> Iterator[str]:
    """Split a line of names at whatever stands between them; e-mails come alone."""
    if "=" in text:
        text = _CITY.sub(_without_city, text, count=1)
    place = 0
    for mail in _MAIL.finditer(text) if "@" in text else ():
        yield from _words(text[place : mail.start()])
        yield mail["address"].rstrip(".-")
        place = mail.end()
    yield from _words(text[place:])


def _words(text: str) -> Iterator[str]:
    for part in _between_separators(text):
        words = part.strip(" \"“”‘'`-–—―@").split()
        if words and words[-1].endswith(".") and len(words[-1]) > _LONGEST_INITIAL:
            words[-1] = words[-1] if is_suffix(words[-1]) else words[-1].rstrip(".")
        if words and words != ["."]:
            yield " ".join(words)


def _between_separators(text: str) -> Iterator[str]:
    """Split one by one: of prose, nobody asks for more than the first part."""
    place = 0
    for separator in _SEPARATOR.finditer(text):
        yield text[place : separator.start()]
        place = separator.end()
    yield text[place:]


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
            authors += deliver(address, authors)
    return authors


def deliver(address: str, authors: list[Author]) -> list[Author]:
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
    words = [letters(word) for word in name.split()]
    return any(len(word) >= _TELLING_LETTERS and word in letters(mailbox) for word in words)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
