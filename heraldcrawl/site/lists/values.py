"""What a list page yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A story as a list or a feed shows it.

    :param headline: as printed; empty where the page swallowed it
    :param date_published: a plain date where the list prints the day alone
    :param category: the section as printed, where the list mixes sections
    :param description: the first lines, often cut in the middle of a word
    :param image: address of the thumbnail
    """

    id: str
    url: str
    headline: str
    date_published: datetime | date | None = None
    category: str | None = None
    description: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list.

    :param entries: in the order of the page; none on a page past the end of the list
    :param layout: the frame that was recognised: e4 e3 e2b e2a e1 mobile generic
    :param number: the page's number by its pager, or else by its address
    :param last: True where the pager has no further page; None where the page does not tell
    """

    entries: tuple[ListEntry, ...]
    layout: str
    number: int | None = None
    last: bool | None = None


class NoEntries(Exception):  # noqa: N818  (an outcome, not a fault of ours)
    """A page that should list stories shows none, and is not past the end of its list either.

    :param url: the page
    :param layout: the frame that was recognised, or "unknown"
    :param stories: how many links to stories stand elsewhere on the page
    :param detail: what was seen instead
    """

    def __init__(self, url: str, layout: str, stories: int, detail: str) -> None:
        super().__init__(f"{url}: {detail} (layout {layout}, {stories} story links on the page)")
        self.url = url
        self.layout = layout
        self.stories = stories
        self.detail = detail
