"""Single stories, by their addresses on any host and of any year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heraldcrawl.site.lists import ListEntry
from heraldcrawl.spiders.arguments import ArticleArguments, parse_article
from heraldcrawl.spiders.base import HeraldSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from scrapy import Request

#: Addresses of a file that are looked up and enter the ledger at once.
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
        await self._announce(self.arguments.url)
        for start in range(0, len(self.arguments.file), _AT_ONCE):
            part = self.arguments.file[start : start + _AT_ONCE]
            await self._announce(await self.store.ledger.not_stored(part))
        self.discovering = False
        return
        yield  # no requests before the stories' own

    async def _announce(self, ids: Sequence[str]) -> None:
        """Let stories enter the ledger, stored or not."""
        known = await self.store.resolve(ids)
        entries = [ListEntry(story.article_id, story.url, headline="") for story in known]
        await self.store.ledger.record_listing(self.name, (), entries, again=True)
