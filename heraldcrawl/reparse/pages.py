"""From a record of a WARC file to a story, as the spider reads a response."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heraldcrawl.archive.content import TooLarge
from heraldcrawl.loaders import load_article_and_names
from heraldcrawl.pipelines.check import storable
from heraldcrawl.site.addresses import ROOT, canonical_url, story_url
from heraldcrawl.site.page import NotAStory, Page, charset, with_herald_links
from heraldcrawl.store.identity import Visit, other_names

if TYPE_CHECKING:
    from datetime import datetime

    from heraldcrawl.archive.reader import Record
    from heraldcrawl.items import Article
    from heraldcrawl.store import Lease


@dataclass(frozen=True, slots=True)
class Reading:
    """A story as today's readers find it in a page of ours."""

    article: Article
    visit: Visit


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads pages as the spider does.

    :param max_bytes: of the largest page
    :param site_url: the root that was asked, whose addresses in pages are the site's
    """

    max_bytes: int
    site_url: str = ROOT

    def read(self, record: Record, url: str, captured_at: datetime, lease: Lease) -> Reading:
        """Read the story of a page.

        :param url: where it was captured
        :param lease: the story it was fetched for, with what a list said of it
        :raises NotAStory: with the reason, if there is no story that could be stored
        """
        try:
            body = record.content(self.max_bytes)
        except TooLarge as error:
            raise NotAStory("too_large", f"more than {self.max_bytes} bytes") from error
        declared = record.header("content-type") or record.fields.get("content-type", "")
        page = Page(
            url=canonical_url(url),
            body=with_herald_links(body, self.site_url),
            fetched_at=captured_at,
            status=record.status or 200,
            encoding=charset(declared),
        )
        try:
            article, names = load_article_and_names(page, lease.entry, tuple(lease.section))
        except NotAStory:
            raise
        except Exception as error:  # a page that breaks a reader stays as it is
            raise NotAStory("reader_error", traceback.format_exc()) from error
        if lease.has_text and not article.article_body:
            raise NotAStory("lost_text", f"nothing but {article.headline!r}")
        named = other_names(lease.article_id, page.url, names)
        listed = None if lease.is_revisit else lease.headline
        article.id, article.url = lease.article_id, story_url(lease.article_id)
        return Reading(storable(article), Visit(page.url, named=named, listed=listed))
