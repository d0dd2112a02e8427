"""Which database the settings name: the embedded one, or one that somebody gave us."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from heraldcrawl.store.given import check
from heraldcrawl.store.server import Server

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from scrapy.settings import BaseSettings


def embedded(settings: BaseSettings) -> Server | None:
    """The embedded server, or None where DATABASE_URL names another."""
    if settings.get("DATABASE_URL"):
        return None
    return Server(Path(settings["HERALD_HOME"]))


def use(settings: BaseSettings) -> AbstractContextManager[str]:
    """The URL of a database in which the archive can live, for as long as the context lasts.

    :raises StoreError: there is none, and why
    """
    if (ours := embedded(settings)) is not None:
        return ours.use()
    check(settings["DATABASE_URL"])
    return nullcontext(settings["DATABASE_URL"])
