"""What stands below a story and belongs to it: a byline, dates, between buttons.

Below that come other stories, with bylines and dates of their own: nothing is read behind the
first heading, link to a story or line that is none of all these, and no date that does not say
what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from heraldcrawl.site.addresses import story_id
from heraldcrawl.site.dates import published_and_modified
from heraldcrawl.site.layouts.furniture import is_furniture
from heraldcrawl.site.layouts.head import (
    BYLINE_AND_DATE,
    LONGEST_HEAD_LINE,
    is_byline,
    lines_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from heraldcrawl.site.layouts.reading import Reading

_MOST_LINES: Final = 12
_MOST_NEIGHBOURS: Final = 40
#: Longer is a headline, not the word on a button.
_LONGEST_BUTTON: Final = 12
_END: Final = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "h6", "aside", "nav", "footer", "article", "section")
)
_ENDS_INSIDE: Final = "h1, h2, h3, h4, h5, h6, article, aside, form"


def read_below(story: LexborNode, reading: Reading) -> None:
    """Read the lines below a story into what a reading lacks."""
    byline = ""
    stamps: list[str] = []
    for line in _lines_below(story):
        short = len(line) <= LONGEST_HEAD_LINE
        if short and any(published_and_modified(line)):
            stamps.append(line)
            signed = BYLINE_AND_DATE.match(line)
            byline = byline or (signed[0] if signed else "")
        elif is_byline(line):
            byline = byline or line
        elif not is_furniture(line) and len(line) > _LONGEST_BUTTON:
            break
    reading.byline = reading.byline or byline
    if not reading.published and stamps:
        published, modified = published_and_modified(*stamps)
        reading.published = published
        reading.modified = reading.modified or modified


def _lines_below(story: LexborNode) -> Iterator[str]:
    lines = 0
    for neighbour in _neighbours_below(story):
        if neighbour.tag in _END or _has_stories(neighbour):
            return
        for line in lines_of(neighbour, strict=False)[0]:
            yield line
            lines += 1
            if lines >= _MOST_LINES:
                return


def _neighbours_below(story: LexborNode) -> Iterator[LexborNode]:
    place: LexborNode | None = story
    seen = 0
    while place is not None and place.tag not in ("body", "html"):
        neighbour = place.next
        while neighbour is not None and seen < _MOST_NEIGHBOURS:
            yield neighbour
            seen += 1
            neighbour = neighbour.next
        place = place.parent


def _has_stories(node: LexborNode) -> bool:
    if node.tag == "-text":
        return False
    if node.css_first(_ENDS_INSIDE) is not None:
        return True
    links = [node, *node.css("a[href]")] if node.tag == "a" else node.css("a[href]")
    return any(story_id(link.attributes.get("href") or "") for link in links)
