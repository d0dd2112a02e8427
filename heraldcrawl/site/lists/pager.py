"""The pager below a list: which page this is, and whether it is the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from heraldcrawl.site.addresses import page_number, resource_key
from heraldcrawl.site.lists.elements import MOST_FRAMES, absolute, lines_of, text_of
from heraldcrawl.site.lists.frames import CURRENT, PAGERS

if TYPE_CHECKING:
    from heraldcrawl.site.page import Page

_LONGEST_NUMBER: Final = 6  # digits of a page's number
_BLOCK_OF_PAGES: Final = 5  # pagers show this many numbers, or twice as many, at a time


class Pager(NamedTuple):
    """What a pager tells.

    :param number: of this page; the address tells it where no pager does
    :param last: None at the last number of a block, which may be the last of all
    :param seen: False where the page has no pager
    """

    number: int
    last: bool | None
    seen: bool


def read_pager(page: Page) -> Pager:
    """Read the number of a page, and whether it is the last, from its pager."""
    number = page_number(page.url)
    linked = _linked(page)
    printed: set[int] = set()
    stops = False
    for pager in page.tree.css(PAGERS)[:MOST_FRAMES]:
        printed |= {
            int(line.text) for line in lines_of([pager], frozenset()) if _is_number(line.text)
        }
        current = pager.css_first(CURRENT)
        if current is not None and _is_number(text := text_of(current)):
            number = int(text)
        links = pager.css("a[href]")
        stops = stops or (bool(links) and _is_stop(links[-1].attributes.get("href") or ""))
    if not linked and not printed:
        return Pager(number, None, seen=False)
    if max(linked | printed) > number:
        return Pager(number, last=False, seen=True)
    if (stops and linked) or (number % _BLOCK_OF_PAGES and (printed or number > 1)):
        return Pager(number, last=True, seen=True)
    return Pager(number, None, seen=True)


def _linked(page: Page) -> set[int]:
    """List the pages of the same list that a page links, in a pager or elsewhere."""
    here = resource_key(page.url).rpartition(":")[0]
    linked: set[int] = set()
    for link in page.tree.css("a[href*='np=' i], a[href*='page=' i]"):
        url = absolute(link.attributes.get("href") or "", page.url)
        if url is not None and resource_key(url).rpartition(":")[0] == here:
            linked.add(page_number(url))
    return linked


def _is_stop(href: str) -> bool:
    """Tell whether the arrow of a pager leads nowhere, as it does on the last page."""
    return href.strip().lower().startswith("javascript:") and not any(map(str.isdigit, href))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
