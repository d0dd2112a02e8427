"""A fetched page, the plain value that every reader takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from datetime import datetime


class NotAStory(Exception):  # noqa: N818  (an outcome, not a fault)
    """The page holds no story; raised by the article reader, recorded by the spider.

    :param reason: one word for the statistics, of :data:`REASONS`
    :param detail: what was seen, for the operator
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


#: Why a page is no story: a list or front page, a "not found" page served with status 200, a
#: challenge (captcha, "checking your browser"), a consent page, a page without any text, a page
#: of another site, and a page that no reader could make sense of.
REASONS = ("list", "not_found", "challenge", "consent", "empty", "foreign", "unreadable")


@dataclass(frozen=True)
class Page:
    """One answer of the site.

    :param url: where it was fetched, on www.koreaherald.com whatever server answered
    :param body: the bytes as they came, decompressed
    :param encoding: what the HTTP header declares, if anything
    :param fetched_at: UTC
    """

    url: str
    body: bytes
    fetched_at: datetime
    status: int = 200
    encoding: str | None = None

    @cached_property
    def text(self) -> str:
        """The body decoded; never fails."""
        return self.body.decode(self.encoding or "utf-8", errors="replace")

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The tree that a browser would build."""
        return LexborHTMLParser(self.text)
