"""The site's designs, one module an era, all of them reconstructions.

No whole page of any era is publicly stored, so each module is put together from what is known of
its era's markup; what nobody knows is a guess, and says so in a comment. Every module has

- ``article(story, around, menu)``: a story's page,
- ``list_page(listing, around, menu)``: one page of a section's list,
- ``front(around, menu)``: the front page with the whole menu.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.site.sample.stories import picture_url
from tests.site.sample.surroundings import esc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from tests.site.sample.stories import Picture, Story
    from tests.site.sample.surroundings import Surroundings

PAGE_SIZE = 15
LOGO = "http://res.heraldm.com/koreaherald/version01/www/images/img_snsLogo.png"
RECONSTRUCTION = "<!-- a reconstruction of this era's markup around an invented story -->"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A link of the menu, with those below it."""

    label: str
    url: str
    children: tuple[MenuItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A story as a list shows it."""

    story: Story
    url: str
    category: str  # "" on a leaf's own list, and for stories filed without a sub-section

    @property
    def thumb(self) -> str | None:
        if not self.story.pictures:
            return None
        number = self.story.pictures[0].number
        day = f"{self.story.published:%Y/%m/%d}"
        return (
            "http://res.heraldm.com/phpwas/restmb_idxmake.php?idx=601"
            f"&simg=/content/image/{day}/{number}_0.jpg"
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a section's list.

    :param page_url: the address of a page of this list by its number
    """

    label: str
    entries: Sequence[Entry]
    number: int
    last: int
    page_url: Callable[[int], str]

    def pager(self) -> list[tuple[int, str]]:
        """List the ten numbers of this block with their addresses, as all eras print them."""
        first = (self.number - 1) // 10 * 10 + 1
        return [(i, self.page_url(i)) for i in range(first, min(first + 9, self.last) + 1)]

    def next_block(self) -> str:
        """Tell the address behind the pager's arrow; at its end a script that says so."""
        first = (self.number - 1) // 10 * 10 + 11
        return self.page_url(first) if first <= self.last else "javascript:alert('Last page.');"


# --- dates, as printed ------------------------------------------------------------------------

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"]
_AP_MONTHS = [
    "Jan.",
    "Feb.",
    "March",
    "April",
    "May",
    "June",
    "July",
    "Aug.",
    "Sept.",
    "Oct.",
    "Nov.",
    "Dec.",
]


def short_date(when: datetime) -> str:
    """``Sept 23, 2019``: three letters, but four for September."""
    return f"{_MONTHS[when.month - 1]} {when.day}, {when.year}"


def ap_date(when: datetime) -> str:
    """``Sept. 23, 2019``, ``April 13, 2012``: as the Associated Press writes months."""
    return f"{_AP_MONTHS[when.month - 1]} {when.day}, {when.year}"


def clock(when: datetime) -> str:
    return f"{when:%H:%M}"


# --- parts that eras share --------------------------------------------------------------------


def canonical(story: Story) -> str:
    return f"http://www.koreaherald.com/view.php?ud={story.ud}"


def headline(story: Story, around: Surroundings) -> str:
    """Print the headline; a swallowed one is left unescaped, as the site did."""
    return story.headline if story.swallowed else around.ink(story.headline)


def social(story: Story, url: str, dress: str, suffix: str = "") -> str:
    """Print the og: tags, which every era had; ``author`` is the paper on all pages."""
    title = "" if story.lost else story.headline + suffix
    image = picture_url(story, story.pictures[0], dress) if story.pictures else LOGO
    return f"""<meta name="author" content="The Korea Herald" />
<meta property="og:title" content="{esc(title)}"/>
<meta property="og:type" content="article"/>
<meta property="og:url" content="{url}"/>
<meta property="og:image" content="{image}"/>
<meta property="og:description" content="{esc(story.summary(150))}"/>"""


def title(story: Story, suffix: str = "") -> str:
    return (
        "<title>The Korea Herald</title>"
        if story.swallowed
        else (f"<title>{esc(story.headline)}{suffix}</title>")
    )


def blocks(story: Story) -> Iterator[tuple[str, str | Picture]]:
    """Walk the body in reading order: ``text``, ``heading`` and ``picture``."""
    for i in range(len(story.paragraphs) + 1):
        for picture in story.pictures:
            if picture.after == i:
                yield "picture", picture
        if i < len(story.paragraphs):
            yield ("heading" if i in story.headings else "text"), story.paragraphs[i]


def summary(story: Story, length: int = 500) -> str:
    """Print the start of the text as lists do: entities first, then cut, so that one may break."""
    text = html.escape(story.summary(length), quote=False)
    return text.replace("“", "&ldquo;").replace("”", "&rdquo;")[:length]


def menu_list(menu: Sequence[MenuItem]) -> str:
    """Print the plainest menu: nested lists. A guess for every era but E2a."""
    return "\n".join(
        f'<li><a href="{esc(item.url)}">{esc(item.label)}</a>'
        + (
            "<ul>"
            + "".join(f'<li><a href="{esc(c.url)}">{esc(c.label)}</a></li>' for c in item.children)
            + "</ul>"
            if item.children
            else ""
        )
        + "</li>"
        for item in menu
    )
