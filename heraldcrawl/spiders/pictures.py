"""Pictures of stories that are stored already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heraldcrawl.spiders.arguments import PicturesArguments, parse_pictures
from heraldcrawl.spiders.base import HeraldSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy import Request
    from scrapy.settings import BaseSettings


class PicturesSpider(HeraldSpider):
    """Fetches the pictures that are due, of whichever list, and those of all stories before.

    Caveats: PICTURES is on for this spider, whatever it is for the others.

    Arguments: see :class:`~heraldcrawl.spiders.arguments.PicturesArguments`.
    """

    name = "pictures"
    parse_arguments = staticmethod(parse_pictures)
    arguments: PicturesArguments

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("PICTURES", "1", priority="cmdline")

    async def discover(self) -> AsyncIterator[Request]:
        if self.arguments.retry:
            await self.store.pictures.retry_dead()
        await self.store.pictures.enlist_all(self.name)
        self.discovering = False
        return
        yield  # no requests: pipelines/pictures.py makes them
