"""The mobile site of 2011 to 2023.

https://m.koreaherald.com/view.php?ud=20170105000695

No class of it is known. It prints the title, a subtitle perhaps, then date and byline on one line,
then the story. That line is its mark, or the form that asks "From" and "Send to"; the story is
what has the most text of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from heraldcrawl.site.layouts.base import Layout
from heraldcrawl.site.layouts.story import bulkiest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from heraldcrawl.site.page import Page

# "Jan. 5, 2017 - 15:20 By Kim Mi-rae", each half perhaps in an element of its own.
_DATE_BEFORE_BYLINE = re.compile(
    r"[0-9]{4}(?: |&nbsp;){1,3}-(?: |&nbsp;){1,3}[0-9]{1,2}:[0-9]{2}"
    r"(?:\s|&nbsp;|<[^<>]{0,200}>){0,12}[|]?\s{0,3}$"
)
#: What a date and the markup behind it end in; few of a page's "By" stand behind such a character.
_ENDS_OF_DATES: Final = "0123456789;>|"
_MOST_BLANKS: Final = 20
_FURTHEST: Final = 300
_MOST_BYLINES: Final = 200
# The form to send the story to a friend.
_MAIL_FORM = re.compile(r"Send to\s{0,20}[:<]")


@dataclass(frozen=True)
class Mobile(Layout):
    """The layout that is recognised by its text."""

    def recognises(self, page: Page) -> bool:
        """Look for a date with a byline behind it, which no other design prints."""
        text = page.text
        if b"Send to" in page.utf8 and _MAIL_FORM.search(text):
            return True
        return any(
            _DATE_BEFORE_BYLINE.search(text, max(0, byline - _FURTHEST), byline)
            for byline in islice(_places_of("By ", text), _MOST_BYLINES)
            if text[max(0, byline - _MOST_BLANKS) : byline].rstrip()[-1:] in _ENDS_OF_DATES
        )

    def places(self, page: Page) -> Iterator[list[LexborNode]]:
        """Look under the name that the story has elsewhere, then for its bulk."""
        yield from super().places(page)
        bulk = bulkiest(page)
        if bulk is not None:
            yield [bulk]


def _places_of(word: str, text: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word))


MOBILE = Mobile(name="mobile", marks=(), subtitle_by_place=True)
