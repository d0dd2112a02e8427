"""The words of a story's text, and how much two stories have in common.

A re-post has most of its words in the other story, in the same order but for small gaps, and its
figures too. Reports that share a form (weather, markets, launches) have the words in common, but
not the figures; stories on one event share quotes and background, but not most of their words.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from heraldcrawl.site.bylines import unsigned

#: So many words in a row tell a text from others with the same words.
SHINGLE = 3
#: Shorter texts have no near copies, for too many of them differ in few words.
NEAR_WORDS = 50
#: A text of fewer words says so little that only headline and captions make it the same story.
TELLING_WORDS = 10
#: Of the shorter text this much must stand in the longer one, and of that in the shorter one: a
#: tenth of the words may be others, and two fifths appended or cut.
SHORTER_SHARE, LONGER_SHARE = 0.8, 0.6

# A number is one word, its decimals and thousands included. (Whatever follows is no reason to go
# back in a word.)
_WORD = re.compile(r"\w++(?:[.,]\d++)*+")
_DAYS_AND_MONTHS = frozenset((
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
    "월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일",
))  # fmt: skip


class Likeness(NamedTuple):
    """How much two texts have in common."""

    of_one: float  # share of the one's words that stand in the other
    of_other: float  # share of the other's words that stand in the one


class Text:
    """A story's text as far as copies are concerned.

    Case, punctuation, white space, dateline and closing credits do not count.

    >>> Text("SEOUL (Yonhap) -- Exports rose 1.5 percent.\\n\\n(Yonhap)").words
    ['exports', 'rose', '1.5', 'percent']
    """

    def __init__(self, body: str, content_hash: str = "") -> None:
        self.words: list[str] = _WORD.findall(unsigned(body).casefold())
        self._content_hash = content_hash

    @property
    def is_long(self) -> bool:
        """Whether it can have near copies."""
        return len(self.words) >= NEAR_WORDS

    @property
    def exact(self) -> str:
        """What a short text and its copies have in common; empty for one without words."""
        if len(self.words) < TELLING_WORDS:
            return self._content_hash if self.words else ""
        return " ".join(self.words)

    @cached_property
    def shingles(self) -> list[int]:
        """Each word with those that follow it; their hashes, which are compared more quickly."""
        following = (self.words[start:] for start in range(SHINGLE))
        return [*map(hash, zip(*following, strict=False))]

    @cached_property
    def shingle_set(self) -> frozenset[int]:
        return frozenset(self.shingles)

    @cached_property
    def figures(self) -> frozenset[str]:
        """Numbers, days and months: what the same report of another day has others of."""
        return frozenset(
            word for word in self.words if word[0].isdigit() or word in _DAYS_AND_MONTHS
        )


def likeness(one: Text, other: Text) -> Likeness | None:
    """Tell how much of each text stands in the other; None if neither is a copy of the other.

    >>> one, other = (Text(f"The ferry sails at {hour} from the northern pier.") for hour in (8, 9))
    >>> likeness(one, other) is None, likeness(one, one) is None
    (True, True)
    >>> launch = " ".join(f"The {n}th sentence has words." for n in range(20))
    >>> likeness(Text(launch), Text(f"{launch} By Monday nothing more was known of it."))
    Likeness(of_one=1.0, of_other=0.9259259259259259)
    """
    if not (one.is_long and other.is_long):
        same = not one.is_long and not other.is_long and one.exact == other.exact != ""
        return Likeness(1.0, 1.0) if same else None
    if not _agree(one.figures, other.figures):
        return None
    found = Likeness(_covered(one, other.shingle_set), _covered(other, one.shingle_set))
    return found if max(found) >= SHORTER_SHARE and min(found) >= LONGER_SHARE else None


def _covered(text: Text, shingles: frozenset[int]) -> float:
    """Share of the words that are part of a run that the other text has, too."""
    # A byte a word, 1 where such a run begins; moved along, its other words.
    begun = int.from_bytes(bytes(map(shingles.__contains__, text.shingles)), "little")
    covered = 0
    for place in range(SHINGLE):
        covered |= begun << 8 * place
    return covered.bit_count() / len(text.words)


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether the fewer figures are among the others, but for one and a quarter of them."""
    fewer = min(len(one), len(other))
    missing = fewer - len(one & other)
    return missing <= min(1.5 + fewer / 8, fewer / 2)
