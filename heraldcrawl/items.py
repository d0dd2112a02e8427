"""The data dictionary: what is known of one story, in schema.org's terms.

The feed's records and the columns of the ``articles`` table carry the same names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  (dataclass fields are inspected at run time)
from typing import Final


@dataclass(slots=True)
class Author:
    """A person who wrote the story, as the byline or the closing line prints the name."""

    name: str
    email: str | None = None

    def as_json(self) -> dict[str, str | None]:
        return {"name": self.name, "email": self.email}


@dataclass(slots=True)
class Image:
    """A picture of the story."""

    url: str  # absolute
    caption: str | None = None  # without its credit
    credit: str | None = None  # "Yonhap", "Ock Hyun-ju/The Korea Herald"

    def as_json(self) -> dict[str, str | None]:
        return {"url": self.url, "caption": self.caption, "credit": self.credit}


@dataclass(slots=True)
class Article:
    """One story as one fetch of its page showed it."""

    id: str  # the `ud` digits, or the number of /article/<n>
    url: str  # canonical, on www.koreaherald.com whatever host answered
    headline: str = ""  # as printed, bracket tag included; empty when the page swallowed it
    alternative_headline: str | None = None  # the subtitle
    authors: list[Author] = field(default_factory=list)  # people only
    source_organization: str | None = None  # wire or partner: Yonhap, AP, AFP
    date_published: str | None = None  # ISO 8601, +09:00; the day alone where no time is known
    date_modified: str | None = None  # the same; None where the page shows none
    breadcrumbs: list[str] = field(default_factory=list)  # menu path, labels as the menu has them
    section: str | None = None  # the last of the breadcrumbs
    description: str | None = None
    article_body: str = ""  # paragraphs separated by one empty line, no captions
    images: list[Image] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)  # the headline's bracket tag included
    in_language: str = "en"  # "en" or "ko", by the text
    layout: str = ""  # which layout read the page: e1 e2a e2b e3 e4 mobile generic
    sources: dict[str, str] = field(default_factory=dict)  # field -> json-ld meta css list fallback
    issues: list[str] = field(default_factory=list)  # what was missing or doubtful
    content_hash: str = ""  # equal exactly when the story's text is the same
    duplicate_of: str | None = None  # id of the earliest story with the same text, or nearly so
    revision: int = 1  # 1, 2, ... as the text changed
    first_seen_at: datetime | None = None  # UTC
    fetched_at: datetime | None = None  # UTC


#: Fields that evidence gives, and ``sources`` names.
EVIDENT: Final = (
    "headline",
    "alternative_headline",
    "authors",
    "source_organization",
    "date_published",
    "date_modified",
    "breadcrumbs",
    "section",
    "description",
    "article_body",
    "images",
    "keywords",
)
