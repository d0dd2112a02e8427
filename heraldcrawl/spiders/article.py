"""Single stories, by their addresses on any host and of any year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heraldcrawl.site.lists import ListEntry
from heraldcrawl.spiders.arguments import ArticleArguments, parse_article
from heraldcrawl.spiders.base import HeraldSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy import Request

#: Addresses that enter the ledger in one transaction.
_AT_ONCE = 1000


class ArticleSpider(HeraldSpider):
    """Fetches the stories asked for by ``url=``, those that are stored already as well.

    Of a ``file=`` only those are fetched that are not stored, whatever became of them before: it
    may be long, and be given again after an interruption.

    Caveats: an address tells nothing of the list that the story was on, so that its section is the
    one that its page names.

    Arguments: see :class:`~heraldcrawl.spiders.arguments.ArticleArguments`.
    """

    name = "article"
    parse_arguments = staticmethod(parse_article)
    arguments: ArticleArguments

    async def discover(self) -> AsyncIterator[Request]:
        more = await self.store.ledger.not_stored(self.arguments.file)
        known = await self.store.resolve([*dict.fromkeys((*self.arguments.url, *more))])
        entries = [ListEntry(story.article_id, story.url, headline="") for story in known]
        for start in range(0, len(entries), _AT_ONCE):
            part = entries[start : start + _AT_ONCE]
            await self.store.ledger.record_listing(self.name, (), part, again=True)
        self.discovering = False
        return
        yield  # no requests before the stories' own
