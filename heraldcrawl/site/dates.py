"""Every date form the site printed, as Korea time.

The Herald prints 24-hour Korea time and never says so; feeds and JSON-LD say it, or mean it.
A stamp becomes an aware ``+09:00`` datetime, or a plain date where the page prints only the day.
Nothing finer than a second is kept.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

KST = timezone(timedelta(hours=9), "KST")

#: Nobody prints a dateline behind this many characters; a longer text is not read further.
LONGEST_LOOK = 20_000

_NOON = 12
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# Zone names of RFC 822, and those that Korean desks print, in hours from UTC.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "kst": 9, "jst": 9,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip

# Characters that take no room on the page but would come between a month and its day.
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]+")

# The patterns below run over text whose white space is single blanks, so every blank in them is
# optional and single: no part can be matched in two ways, and the search is linear.
_MONTH = (
    # After a letter only in title case, as in "Foreign AffairsMay 13, 2021", never "dismay 13".
    r"(?:(?<![A-Za-z])|(?-i:(?=[A-Z][a-z])))"
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?![A-Za-z])\.?"
)
_DAY = r"(?<![0-9])(?P<day>[0-9]{1,2})(?![0-9])"
_WEEKDAY = r"(?: ?\([^()]{1,9}\))?"
_TIME = (
    _WEEKDAY + r"(?:(?P<join>T| ?[-–—―|,·/] ?| ?at | )?"
    r"(?:(?P<half>오전|오후) ?)?"
    r"(?P<hour>[0-9]{1,2})(?::|시 ?)(?P<minute>[0-9]{1,2})(?![0-9])분?"
    r"(?:(?::| (?=[0-9]{1,2}초))(?P<second>[0-9]{2})(?![0-9])초?)?"
    r"(?P<fraction>[.,][0-9]{1,9})?"
    r"(?: ?(?P<noon>[ap])\.? ?m(?![a-z])\.?)?"
    r"(?: ?\(?(?:(?P<zone>Z|UTC?|GMT|[KJ]ST|[ECMP][SD]T)(?![A-Za-z]))?"
    r"(?:(?P<sign>[+−-])(?P<off_hour>[0-9]{1,2})(?::?(?P<off_minute>[0-9]{2}))?(?![0-9]))?)?"
    r")?"
)
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        # Aug 5, 2021 - 20:23 / Sept. 25, 2017 / May 19 2025
        _MONTH + r" ?" + _DAY + r"(?:st|nd|rd|th)?"
        r"(?: ?, ?(?P<year>[0-9]{4})| (?P<bare_year>(?:19|20)[0-9]{2}))(?![0-9])(?!,[0-9])",
        # Mon, 17 Nov 2025 21:44:23 +09:00
        _DAY + r"(?:st|nd|rd|th)?[ -]?" + _MONTH + r"[ -]?,? ?(?P<year>[0-9]{4})(?![0-9])",
        # 2016-12-20 09:34 / 2025.11.18 09:35 / 2025. 11. 18. / 2025/11/18
        r"(?<![0-9])(?P<year>[0-9]{4})(?P<point>[-./]) ?(?P<month>[0-9]{1,2})(?P=point) ?"
        + _DAY
        + r"\.?",
        # 2025년 11월 18일 오후 3:05
        r"(?<![0-9])(?P<year>[0-9]{4}) ?년 ?(?P<month>[0-9]{1,2}) ?월 ?(?P<day>[0-9]{1,2}) ?일",
    )
)
_YEAR = re.compile("[0-9]{4}")

_ISO = re.compile(
    r"(?P<year>[0-9]{4})(?P<dash>-?)(?P<month>[0-9]{2})(?P=dash)(?P<day>[0-9]{2})"
    r"(?:[Tt ](?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2}))?"
    r"(?:[.,][0-9]{1,12})? ?"
    r"(?P<zone>[Zz])?(?:(?P<sign>[+-])(?P<off_hour>[0-9]{2})(?::?(?P<off_minute>[0-9]{2}))?)?)?"
)

_LABEL = re.compile(
    r"(?P<published>published|posted|input|입력|등록|게재|발행)"
    r"|(?P<modified>updated|modified|revised|수정|업데이트)",
    re.IGNORECASE,
)
#: A stamp starts this close behind its label: "Published on Monday, Aug. 5, 2021".
_LABEL_TO_DATE = 24
_LONGEST_STAMP = 90


@lru_cache(maxsize=64)  # the entries of a list share a few days, and each is read twice
def find_date(text: str) -> datetime | date | None:
    """Find the first date of any form the site has printed.

    A date that no calendar has, or a time that no clock shows, is passed over.

    >>> isoformat(find_date("Published : Aug 5, 2021 - 20:23"))
    '2021-08-05T20:23:00+09:00'
    >>> isoformat(find_date("Foreign AffairsMay 13, 2021"))
    '2021-05-13'
    >>> isoformat(find_date("Mon, 17 Nov 2025 12:44:23 GMT"))
    '2025-11-17T21:44:23+09:00'
    >>> find_date("Exports rose in March 2021, and in May 5 percent more") is None
    True
    """
    found = _first_date(_plain(text))
    return found[1] if found else None


def published_and_modified(
    *texts: str,
) -> tuple[datetime | date | None, datetime | date | None]:
    """Read the stamps that say what they are; one text or several that follow each other.

    >>> stamps = published_and_modified("Published : Aug 5, 2021 - 20:23 Updated : Aug 6, 2021")
    >>> [isoformat(stamp) for stamp in stamps]
    ['2021-08-05T20:23:00+09:00', '2021-08-06']
    >>> published_and_modified("Updated :", "2016-12-20 09:34")[0] is None
    True
    """
    text = _plain("\n".join(texts))
    labels = list(_LABEL.finditer(text))
    ends = [*(label.start() for label in labels), len(text)][1:]
    stamps: dict[str, datetime | date] = {}
    for label, end in zip(labels, ends, strict=True):
        found = _first_date(text[label.end() : min(end, label.end() + _LONGEST_STAMP)])
        if found and found[0] <= _LABEL_TO_DATE and label.lastgroup:
            stamps.setdefault(label.lastgroup, found[1])
    return stamps.get("published"), stamps.get("modified")


def parse_iso(text: str) -> datetime | date | None:
    """Read a whole text as ISO 8601, as JSON-LD and meta elements have it, or as nothing at all.

    >>> isoformat(parse_iso("2025-11-17T12:44:23.120Z"))
    '2025-11-17T21:44:23+09:00'
    >>> isoformat(parse_iso("2025-11-17 21:44"))
    '2025-11-17T21:44:00+09:00'
    >>> parse_iso("2025-11-17T21:44:23 (KST)") is None
    True
    """
    matched = _ISO.fullmatch(text.strip()) if len(text) <= _LONGEST_STAMP else None
    return _value(matched.groupdict()) if matched else None


def isoformat(value: datetime | date) -> str:
    """Write a stamp as the archive keeps it: Korea time with its offset, or the day alone.

    >>> isoformat(datetime(2021, 8, 5, 20, 23, tzinfo=KST)), isoformat(date(2021, 7, 21))
    ('2021-08-05T20:23:00+09:00', '2021-07-21')
    """
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        value = value.replace(tzinfo=KST)
    return value.astimezone(KST).isoformat(timespec="seconds")


def from_iso(text: str) -> datetime | date:
    """Read back what :func:`isoformat` wrote.

    >>> from_iso("2021-07-21")
    datetime.date(2021, 7, 21)
    """
    value = parse_iso(text)
    if value is None:
        raise ValueError(f"not a stamp of the archive: {text!r}")
    return value


def _plain(text: str) -> str:
    text = text.lstrip()[:LONGEST_LOOK]
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())


def _first_date(text: str) -> tuple[int, datetime | date] | None:
    if not _YEAR.search(text):  # all forms have one, and few lines do
        return None
    first: tuple[int, datetime | date] | None = None
    for form in _FORMS:
        if first and not first[0]:
            break
        for matched in form.finditer(text, 0):
            if first and matched.start() >= first[0]:
                break
            value = _value(matched.groupdict())
            if value is not None:
                first = matched.start(), value
                break
    return first


def _value(parts: dict[str, str | None]) -> datetime | date | None:
    """Put the named parts of a match together; ``None`` where calendar or clock forbid them."""
    month = parts["month"] or ""
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        day = date(
            int(parts["year"] or parts.get("bare_year") or 0), number, int(parts["day"] or 0)
        )
        if not parts["hour"]:
            return day
        hour = _hour(int(parts["hour"]), parts.get("noon"), parts.get("half"))
        minute, second = int(parts["minute"] or 0), int(parts["second"] or 0)
        clock = time(hour, minute, second, tzinfo=_zone(parts))
        return datetime.combine(day, clock).astimezone(KST)
    except (ValueError, OverflowError):
        return None


def _hour(hour: int, noon: str | None, half: str | None) -> int:
    if not noon and not half:
        return hour
    if half == "오후" or (noon or "").lower() == "p":
        return hour + _NOON if hour < _NOON else hour
    if hour > _NOON:
        raise ValueError("no such hour before noon")
    return hour % _NOON


def _zone(parts: dict[str, str | None]) -> timezone:
    """Korea's where none is printed, or where the "offset" is the end of a span of hours."""
    zone, sign = parts.get("zone"), parts.get("sign")
    hours = _ZONES[zone.lower()] if zone else 0
    if not sign:
        return timezone(timedelta(hours=hours)) if zone else KST
    if (
        sign != "+"
        and not zone
        and not parts["second"]
        and parts.get("join", "T") not in ("T", "t")
    ):
        return KST  # "10:00-12:00"
    offset = timedelta(hours=int(parts["off_hour"] or 0), minutes=int(parts["off_minute"] or 0))
    return timezone(timedelta(hours=hours) + (offset if sign == "+" else -offset))
