"""What the readers of a page hand on to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from selectolax.lexbor import LexborNode

    from heraldcrawl.items import Image


@dataclass(slots=True)
class Reading:
    """What a page shows of its story, before any other evidence is weighed."""

    headline: str = ""
    subtitle: str = ""
    byline: str = ""
    published: date | None = None  # a datetime where a time is printed
    modified: date | None = None
    labels: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)  # that only the address of a link tells
    top: LexborNode | None = None  # what the headline was found in, by its place
    found: bool = False  # there is a place for the story, be it empty
