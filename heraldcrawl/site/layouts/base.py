"""How a layout is described, and how a page is read by such a description.

A layout says where things are, as far as anybody knows. What its selectors do not find is looked
for in the visible text above the story, line by line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from heraldcrawl.site.captions import tell_apart
from heraldcrawl.site.dates import find_date, published_and_modified
from heraldcrawl.site.flow import flow
from heraldcrawl.site.layouts.foot import read_below
from heraldcrawl.site.layouts.furniture import NOISE, is_furniture
from heraldcrawl.site.layouts.head import labels_above, path_of, read_above
from heraldcrawl.site.layouts.reading import Reading
from heraldcrawl.site.layouts.story import first_shown, outermost, tidied
from heraldcrawl.site.text import Line, clean, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from heraldcrawl.site.page import Page


@dataclass(frozen=True)
class Layout:
    """One design of the article page, in the order in which a reader meets its parts.

    All selectors are CSS as lexbor knows it. A part without a selector is found by position.

    :param name: what ``Article.layout`` says
    :param marks: a page with any of these is of this layout
    :param assets: so is one with this in the address of its pictures and style sheets
    :param address: a mark counts only on pages with this in their address
    :param section: the name of the section, as the page prints it
    :param body: where the story's text is; the first selector that finds text or a photo counts
    :param head_first: the page's head knows the headline better than any element known
    :param section_above: the section stands on a line of its own above the headline
    :param subtitle_by_place: a line between headline and dates that is no byline is the subtitle
    :param signed_below: byline and dates that are not above the story may be below it
    """

    name: str
    marks: tuple[str, ...]
    assets: str = ""
    address: str = ""
    section: str = ""
    headline: str = ""
    subtitle: str = ""
    byline: str = ""
    dates: str = ""
    body: tuple[str, ...] = ("#articleText",)
    head_first: bool = False
    section_above: bool = False
    subtitle_by_place: bool = False
    signed_below: bool = False

    def recognises(self, page: Page) -> bool:
        """Tell whether a page is of this layout."""
        if self.address not in page.url:
            return False
        if page.tree.css_first(", ".join(self.marks)) is not None:
            return True
        return bool(self.assets) and self.assets.encode() in page.utf8

    def places(self, page: Page) -> Iterator[list[LexborNode]]:
        """Give the elements that may hold the story, the likeliest first."""
        for selector in self.body:
            if roots := outermost(page.tree.css(selector)):
                yield roots


def read(layout: Layout, page: Page, title: str | None = None) -> Reading:
    """Read a page by its layout.

    :param title: the headline as the page's head has it, to know it again in the text; empty
        where the head has one that says nothing, so that none may be guessed
    """
    reading = Reading()
    root, shown = first_shown(layout.places(page))
    heading = None if layout.head_first and title else _heading(layout, page, title or "")
    if heading is not None:
        reading.headline = _text_of(heading)
    if layout.subtitle:
        reading.subtitle = _first_text(page, layout.subtitle)
    if layout.byline:
        reading.byline = _first_text(page, layout.byline)
    if layout.dates:
        stamps = _all_text(page, layout.dates)
        reading.published, reading.modified = published_and_modified(stamps)
        reading.published = reading.published or find_date(stamps)
    if layout.section:
        reading.labels = _labels(page, layout.section)
    known = reading.headline or ("" if layout.headline and title is None else title)
    start = root if root is not None else heading
    if start is not None and not (reading.byline and reading.published and known):
        read_above(start, known, reading, subtitled=layout.subtitle_by_place)
    known = reading.headline or title or ""
    if layout.section_above and not reading.labels:
        place = next((node for node in (heading, reading.top, root) if node is not None), None)
        inside = heading is None and reading.top is not None
        reading.labels = labels_above(place, known, inside=inside) if place is not None else []
    if root is not None:
        reading.found = True
        reading.images, lines = tell_apart(shown, page.url, known)
        reading.paragraphs = tidied(lines, known, reading)
        reading.mails = shown.mails
        if layout.signed_below and not (reading.byline and reading.published):
            read_below(root, reading)
    return reading


_MOST_MATCHES: Final = 20
_LONGEST_LABEL: Final = 40


def _heading(layout: Layout, page: Page, title: str) -> LexborNode | None:
    """Find the headline; where several elements would do, the one that the page's head knows."""
    if not layout.headline:
        return None
    found = [
        node
        for node in page.tree.css(layout.headline)[:_MOST_MATCHES]
        if (text := clean(node.text() or "")) and not is_furniture(text)
    ]
    if len(found) > 1 and title:
        found = [node for node in found if same(clean(node.text()), title)] or found
    return found[0] if found else None


def _first_text(page: Page, selector: str) -> str:
    node = page.tree.css_first(selector)
    if node is None:
        return ""
    if text := _text_of(node):
        return text
    others = page.tree.css(selector)[1:_MOST_MATCHES]
    return next((text for other in others if (text := _text_of(other))), "")


def _text_of(node: LexborNode) -> str:
    """Read an element as one line, its hidden parts left out."""
    lines = flow([node], NOISE, strict=False).items
    return " ".join(item.text for item in lines if isinstance(item, Line))


def _all_text(page: Page, selector: str) -> str:
    return " ".join(
        clean(node.text(separator=" ")) for node in page.tree.css(selector)[:_MOST_MATCHES]
    )


def _labels(page: Page, selector: str) -> list[str]:
    """Read the labels that a selector finds; one that no menu has may follow one that it has."""
    labels: list[str] = []
    for node in page.tree.css(selector)[:_MOST_MATCHES]:
        link = node.css_first("a")  # around a link there may be its whole menu
        text = clean((node if link is None else link).text(separator=" "))
        found = path_of(text) or ([text] if labels and 0 < len(text) < _LONGEST_LABEL else [])
        labels += [label for label in found if label not in labels]
    return labels
