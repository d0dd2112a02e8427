"""The line of an item that tells its day, and on lists that mix sections, its section."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from heraldcrawl.site import sections
from heraldcrawl.site.dates import find_date

if TYPE_CHECKING:
    from heraldcrawl.site.lists.elements import Line

#: Longer lines are no date lines.
LONGEST: Final = 160

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE_LINE: Final = re.compile(
    r"(?P<category>.{0,40}?)[\s|·,:–-]{0,3}(?:(?:Published|Posted|Updated)\s?:?\s?)?"
    rf"(?:{_MONTH} ?[0-9]{{1,2}},? ?[0-9]{{4}}|[0-9]{{1,2}} {_MONTH} [0-9]{{4}}"
    r"|[0-9]{4} ?[.년/-] ?[0-9]{1,2} ?[.월/-] ?[0-9]{1,2}[.일]?)"
    r"(?:[\s|·,.–-]{0,3}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap]\.?m\.?)?(?: ?KST)?)?"
    r"(?:\s?By .{0,60})?[\s|·–-]{0,3}",
)
_WORDS_OF_A_LABEL: Final = 3


def category_of(text: str) -> str | None:
    """Read the section before a date: empty where there is none, None where it is no such line.

    >>> category_of("Foreign AffairsMay 13, 2021")
    'Foreign Affairs'
    """
    match = _DATE_LINE.fullmatch(text) if len(text) <= LONGEST else None
    return match["category"].strip() if match is not None else None


def find_date_line(lines: list[Line]) -> Line | None:
    """Find the line that is nothing but a date, with or without the section before it."""
    unsure: Line | None = None
    for position, line in enumerate(lines):
        category = category_of(line.text)
        if category is None or find_date(line.text) is None:
            continue
        if not category or sections.match_label(category) is not None:
            return line
        # A section that no menu has; but a headline may end with a date.
        if position and unsure is None and len(category.split()) <= _WORDS_OF_A_LABEL:
            unsure = line
    return unsure
