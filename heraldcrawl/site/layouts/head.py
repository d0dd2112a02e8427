"""What stands above a story, read line by line.

Classes change with every design; the order of the lines has not: section, headline, byline,
subtitle, dates, story. On the mobile site date and byline share a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain, takewhile
from typing import TYPE_CHECKING, Final

from heraldcrawl.site.bylines import parse_byline
from heraldcrawl.site.dates import find_date, published_and_modified
from heraldcrawl.site.flow import flow, is_hidden
from heraldcrawl.site.layouts.furniture import NOISE, is_furniture
from heraldcrawl.site.sections import match_label
from heraldcrawl.site.text import Line, clean, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from heraldcrawl.site.layouts.reading import Reading

#: A line of the head is no longer; what is longer is prose.
LONGEST_HEAD_LINE: Final = 200
#: How many lines may stand between headline and story, or a date above the headline.
NEAR: Final = 6
_SHORT: Final = 90
_LONGEST_STAMP: Final = 45
_MOST_LINES: Final = 80
_MENU: Final = 4  # so many section names, or links, in one place are a menu

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? [0-9]"
_BYLINE = re.compile(r"(?:By|BY)[ :]\S|[\[(]?(?:코리아)?헤럴드|.{2,20} 기자")
_DATED_BYLINE = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})? ?[|·,]? ?(?P<byline>By .{2,150})")
BYLINE_AND_DATE = re.compile(
    r"(?:By|BY) [^0-9|·]{2,150}?(?= ?(?:[|·]|[Pp]ublished|[Uu]pdated|" + _MONTH + r"|[0-9]))"
)
_STAMP = re.compile(r"(?:published|updated|posted) ?:", re.IGNORECASE)


@dataclass(slots=True)
class _Sorted:
    """The lines below a headline by what they are."""

    byline: str = ""
    stamps: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    before_byline: int = 0  # how many others stand above the byline

    def take(self, line: str) -> None:
        """Put a line where it belongs."""
        timed = ":" in line  # no stamp is without
        short = timed and len(line) < LONGEST_HEAD_LINE
        dated = _DATED_BYLINE.search(line) if short else None
        if dated:
            self.stamps.append(line)
            self._sign(dated["byline"])
        elif (timed and _STAMP.search(line)) or (len(line) < _SHORT and find_date(line)):
            self.stamps.append(line)
            signed = BYLINE_AND_DATE.match(line)
            if signed:
                self._sign(signed[0])
        elif not self.byline and is_byline(line):
            self._sign(line)
        elif not self.stamps:
            self.others.append(line)

    def _sign(self, byline: str) -> None:
        if not self.byline:
            self.byline, self.before_byline = byline, len(self.others)


def read_head(
    lines: list[str], known: str | None, reading: Reading, *, subtitled: bool = False
) -> None:
    """Read the lines between section and story into what a reading lacks.

    :param known: the headline, if it is known; ``None`` allows to guess it by its place
    :param subtitled: a line that is neither byline nor date is the subtitle
    """
    place = max((n for n, line in enumerate(lines) if known and same(line, known)), default=-1)
    if place >= 0:
        reading.headline = reading.headline or lines[place]
    below = _Sorted()
    for line in lines[place + 1 :]:
        if len(line) <= 2 * LONGEST_HEAD_LINE and not is_furniture(line):
            below.take(line)
    others, stamps = below.others, below.stamps
    if place < 0 and known is None and (below.byline or stamps):
        others = _guess_headline(below, reading)
    if place > 0 and not stamps:
        stamps = [line for line in lines[max(0, place - NEAR) : place] if len(line) < _SHORT]
    reading.byline = reading.byline or below.byline
    if not reading.published and stamps:
        published, modified = published_and_modified(*stamps)
        reading.published = published or find_date("\n".join(stamps))
        reading.modified = reading.modified or modified
    if subtitled and not reading.subtitle and reading.headline:
        reading.subtitle = " ".join(others)


def read_above(
    start: LexborNode, known: str | None, reading: Reading, *, subtitled: bool = False
) -> None:
    """Fill in what selectors did not find from the lines above an element.

    What a class merely suggests to be no part of the story is looked at only in a second round:
    a date may stand among the buttons.
    """
    for strict in (True, False):
        lines, suspects = _lines_above(start, known, reading, strict=strict)
        read_head(lines, known, reading, subtitled=subtitled)
        if reading.published or not suspects:
            return


def labels_above(place: LexborNode, known: str, *, inside: bool = False) -> list[str]:
    """Read the section's name, which pages print on a line of its own above the headline.

    :param inside: the headline is a line inside the place, and the section may be as well
    """
    seen = 0
    own = [(place, *lines_of(place, strict=True))] if inside else []
    for _, above, _ in chain(own, _above(place, strict=True, most_links=_MENU)):
        lines = list(takewhile(lambda line: not known or not same(line, known), above))
        named = [line for line in lines if len(line) < _SHORT and path_of(line)]
        if len(named) >= _MENU:
            return []
        if named:
            return [label for line in named for label in path_of(line)]
        seen += len(lines)
        if seen > _MOST_LINES // 2:
            break
    return []


def path_of(line: str) -> list[str]:
    """Read a line as section labels, one or several with arrows between."""
    labels = [label for label in re.split(r" ?[>›»|] ?", line) if label]
    if labels and labels[0].casefold() == "home":
        labels = labels[1:]
    return labels if labels and all(match_label(label) for label in labels) else []


def is_head(text: str) -> bool:
    """Tell whether a line belongs above a story: a byline, a date, a word of the page's own."""
    if len(text) > LONGEST_HEAD_LINE:
        return False
    if is_furniture(text):
        return True
    if ":" in text and (_STAMP.search(text) or _DATED_BYLINE.search(text)):
        return True
    return is_byline(text) or (len(text) < _LONGEST_STAMP and find_date(text) is not None)


def is_dated_byline(text: str) -> bool:
    """Tell the line of the mobile site that ends the head."""
    short = len(text) < LONGEST_HEAD_LINE
    return bool(short and ":" in text and _DATED_BYLINE.search(text) and find_date(text))


def is_news(text: str, headline: str, reading: Reading) -> bool:
    """Tell whether a line at the top of a story is of the head, and says what is not known yet."""
    if headline and same(text, headline):
        return True
    if not is_head(text):
        return False
    if _STAMP.search(text):
        return any(published_and_modified(text))
    if is_byline(text) or BYLINE_AND_DATE.match(text):
        return not reading.byline
    return not reading.published


def _guess_headline(below: _Sorted, reading: Reading) -> list[str]:
    """Take the line above the byline for the headline, or the first of two lines above the dates.

    :return: the lines that are left for the subtitle
    """
    if not below.byline and len(below.others) not in (1, 2):
        return []
    place = max(below.before_byline - 1, 0)
    if place >= len(below.others) or match_label(below.others[place]):
        return []
    reading.headline = reading.headline or below.others[place]
    return below.others[place + 1 :]


def is_byline(text: str) -> bool:
    if len(text) > LONGEST_HEAD_LINE or not _BYLINE.match(text) or text.endswith((".", "?", "!")):
        return False
    byline = parse_byline(text)
    return bool(byline.authors or byline.organization or "herald" in text.casefold())


def _lines_above(
    start: LexborNode, known: str | None, reading: Reading, *, strict: bool
) -> tuple[list[str], int]:
    """Collect lines upwards until the headline, or as far as a head may reach.

    :return: the lines, and how many elements were left out for what their class suggests
    """
    lines: list[str] = []
    suspects = 0
    for neighbour, above, left_out in _above(start, strict=strict):
        lines = above + lines
        suspects += left_out
        if known and any(same(line, known) for line in above):
            reading.top = neighbour
            break
        if not known and len(lines) > NEAR:
            break
    return lines, suspects


def _above(
    node: LexborNode, *, strict: bool, most_links: int | None = None
) -> Iterator[tuple[LexborNode, list[str], int]]:
    """Give the lines that stand before an element, by neighbours, the closest first.

    :param most_links: pass over neighbours with more links: menus, and boxes with other stories
    """
    seen = 0
    place: LexborNode | None = node
    while place is not None and place.tag not in ("body", "html") and seen < _MOST_LINES:
        neighbour = place.prev
        while neighbour is not None and seen < _MOST_LINES:
            passed = most_links is not None and len(neighbour.css("a")) > most_links
            lines, suspects = ([], 0) if passed else lines_of(neighbour, strict=strict)
            if lines or suspects:
                seen += len(lines)
                yield neighbour, lines, suspects
            neighbour = neighbour.prev
        place = place.parent


_UNSEEN_NEIGHBOURS: Final = frozenset(("script", "style", "noscript", "nav", "-comment", "form"))


def lines_of(node: LexborNode, *, strict: bool) -> tuple[list[str], int]:
    tag = node.tag
    if tag == "-text":
        text = clean(node.text_content or "")
        return [text] if text else [], 0
    if tag in _UNSEEN_NEIGHBOURS or is_hidden(node):
        return [], 0
    shown = flow([node], NOISE, strict=strict)
    return [item.text for item in shown.items if isinstance(item, Line)], shown.suspects
