"""What stands around a text: the credit behind a caption, the tag before a headline."""

from __future__ import annotations

import re

from heraldcrawl.site.names import is_house, organization

#: A credit is short; longer brackets are part of the sentence.
_LONGEST_CREDIT = 90
#: A caption printed twice prints its credit twice; more is not taken off.
_MOST_CREDITS = 3

_POSITION = re.compile(
    r"\b(?:left|right|center|centre|middle|top|bottom|above|below|upper|lower|front|rear|row|"
    r"foreground|background|inset|clockwise|standing|seated|pictured|from the)\b"
    r"|왼쪽|오른쪽|가운데|위|아래|앞줄|뒷줄",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:photos?|pictures?|images?|credits?|graphics?|illustrations?|사진)"
    r"(?: ?(?:credits?|by|제공))? ?(?:[:=] ?|(?<=by) )|(?:자료)?사진(?: ?제공)? ?[:=] ?",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"(?:(?:photos?|pictures?|images?) )?courtesy (?:of|:) ?(?=\S)", re.IGNORECASE
)
_PHRASE = re.compile(
    r"(?:provided by|captured from|captured? (?:of|on)|screen ?(?:grab|shot|capture)|file|via|"
    r"yonhap|@|from )",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?(?: ?[0-9, ]{1,9})?",
    re.IGNORECASE,
)
_TRAILING_LABEL = re.compile(r"(?:^|(?<=[.!?”\"’)|/]) ?)(?:Photos? (?:by|courtesy)|Courtesy of) ")

_WIRE_MARK = re.compile(
    r"(?:[0-9](?:st|nd|rd|th) )?(?:LEAD|LD)|URGENT|UPDATE|UPDATED|CORRECTED|CORRECTION|RECAST|END",
    re.IGNORECASE,
)
_TAG = re.compile(r"\[ ?(?P<square>[^\[\]]{1,60})\]|\( ?(?P<round>[^()]{1,40})\)")
_MOST_TAG_WORDS = 6


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """Part a caption from its credit, both as printed but for white space.

    >>> split_credit("A flag flies in Panmunjom. (AFP-Yonhap)")
    ('A flag flies in Panmunjom.', 'AFP-Yonhap')
    >>> split_credit("(Kim Mi-rae / The Korea Herald)")
    (None, 'Kim Mi-rae / The Korea Herald')
    >>> split_credit("Photo by Kim Mi-rae")
    (None, 'Kim Mi-rae')
    >>> split_credit("The mayor of Seoul (second from left)")
    ('The mayor of Seoul (second from left)', None)
    """
    text = _once(" ".join(caption.replace("\u200b", "").split()).strip(" |"))
    found: str | None = None
    for _ in range(_MOST_CREDITS):
        split = _last_credit(text)
        if split is None or (found is not None and split[1] != found):
            break
        text, found = split
    return text or None, found


def bracket_tag(headline: str) -> str | None:
    """Read the tag that opens a headline; the marks of wire copy are none.

    >>> bracket_tag("[Herald Interview] Kim Mi-rae on laver"), bracket_tag("(Photo News) Snow")
    ('Herald Interview', 'Photo News')
    >>> bracket_tag("(2nd LD) Exports rise"), bracket_tag("[9:27 p.m.] The motorcade arrives")
    (None, None)
    """
    text = " ".join(headline[:_LONGEST_CREDIT].replace("\u200b", "").split())
    while matched := _TAG.match(text):
        tag = (matched["square"] or matched["round"]).strip()
        if not _WIRE_MARK.fullmatch(tag):
            return tag if _is_tag(tag, square=bool(matched["square"])) else None
        text = text[matched.end() :].lstrip()
    return None


def _is_tag(tag: str, *, square: bool) -> bool:
    words = tag.split()
    if sum(map(str.isalpha, tag)) < 2 or re.match(r"[0-9]{1,2}:[0-9]{2}", tag):  # noqa: PLR2004
        return False
    if square:
        return True
    return len(words) <= _MOST_TAG_WORDS and all(not word[0].islower() for word in words)


def _once(text: str) -> str:
    """Undo what a page does that prints its caption twice in one element."""
    half = len(text) // 2
    if len(text) % 2 and text[half] == " " and text[:half] == text[half + 1 :]:
        return text[:half]
    return text[:half] if half and not len(text) % 2 and text[:half] == text[half:] else text


def _last_credit(text: str) -> tuple[str, str] | None:
    end = text.rstrip(" .")
    if end.endswith((")", "]")):
        start = _opening(end)
        inside = end[start + 1 : -1].strip()
        # A full stop behind the bracket ends a sentence, unless the credit is beyond doubt.
        sure = end == text or _is_known(inside)
        if start >= 0 and sure and _is_credit(inside, text[:start]):
            return text[:start].rstrip(" |"), _unlabelled(inside)
        return None
    for label in _TRAILING_LABEL.finditer(text, max(0, len(text) - _LONGEST_CREDIT)):
        credit = text[label.start() :].strip(" .")
        if _is_credit(credit, ""):
            return text[: label.start()].rstrip(" |/"), _unlabelled(credit)
    if organization(text) or (_LABEL.match(text) and _is_credit(text, "")):
        return "", _unlabelled(text)
    before, slash, after = text.rpartition(" / ")
    if slash and organization(after):
        return before.rstrip(), after.strip()
    return None


def _opening(text: str) -> int:
    """Find the bracket that the last one closes; -1 if none does within a credit's length."""
    close = text[-1]
    opening = "(" if close == ")" else "["
    depth = 0
    for place in range(len(text) - 1, max(-1, len(text) - _LONGEST_CREDIT - 3), -1):
        depth += (text[place] == close) - (text[place] == opening)
        if depth == 0:
            return place
    return -1


def _is_credit(inside: str, before: str) -> bool:
    if not inside or len(inside) > _LONGEST_CREDIT or not any(map(str.isalpha, inside)):
        return False
    if _is_known(inside):
        return True
    if _POSITION.search(inside) or _MONTH.fullmatch(inside):
        return False
    first = inside.split(maxsplit=1)[0]
    if first[0].isdigit() or not first[0].isalnum():
        return _begins_like_a_name(inside)
    if first[0].islower() and not _PHRASE.match(inside):
        return " " not in inside and not inside.islower()
    return not _is_initials_of(inside, before)


def _is_known(inside: str) -> bool:
    if len(inside) > _LONGEST_CREDIT:
        return False
    known = any(organization(part) or is_house(part) for part in (inside, *inside.split("/")))
    return known or bool(_LABEL.match(inside) or _COURTESY.match(inside))


def _begins_like_a_name(text: str) -> bool:
    """123rf, 20th Century Studios, @seoul_zoo; not "10 years old", "$2 billion", "1,234 won"."""
    first, *others = text.split()
    if first.startswith("@"):
        return not others
    mixed = first.isalnum() and any(map(str.isalpha, first))
    return mixed and all(word[0].isupper() for word in others)


def _is_initials_of(inside: str, before: str) -> bool:
    """Tell an abbreviation: "the Korea Baseball Organization (KBO)"."""
    if not inside.isalpha() or not inside.isupper():
        return False
    words = [word for word in re.split(r"[ -]", before[-200:].strip(" -")) if word[:1].isupper()]
    return "".join(word[0] for word in words[-len(inside) :]) == inside


def _unlabelled(credit: str) -> str:
    courtesy = _COURTESY.match(credit)
    if courtesy:
        return "Courtesy of " + credit[courtesy.end() :].strip()
    return _LABEL.sub("", credit, count=1).strip()
