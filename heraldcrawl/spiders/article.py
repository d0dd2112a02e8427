"""Single stories, by their addresses on any host and of any year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heraldcrawl.site.lists import ListEntry
from heraldcrawl.spiders.arguments import ArticleArguments, parse_article
from heraldcrawl.spiders.base import HeraldSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy import Request


class ArticleSpider(HeraldSpider):
    """Fetches the stories asked for, those that are stored already as well.

    Caveats: an address tells nothing of the list that the story was on, so that its section is the
    one that its page names.

    Arguments: see :class:`~heraldcrawl.spiders.arguments.ArticleArguments`.
    """

    name = "article"
    parse_arguments = staticmethod(parse_article)
    arguments: ArticleArguments

    async def discover(self) -> AsyncIterator[Request]:
        known = await self.store.resolve(self.arguments.url)
        entries = [ListEntry(story.article_id, story.url, headline="") for story in known]
        await self.store.record_listing(self.name, (), entries, again=True)
        self.discovering = False
        return
        yield  # no requests before the stories' own
