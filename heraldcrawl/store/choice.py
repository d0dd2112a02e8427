"""Which database the settings name: the embedded one, or one that somebody gave us."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from heraldcrawl.errors import SecretError, StoreError
from heraldcrawl.secret import read_secret
from heraldcrawl.store.given import check
from heraldcrawl.store.server import Server

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from scrapy.settings import BaseSettings


def given(settings: BaseSettings) -> str:
    """The URL of the database that DATABASE_URL or DATABASE_URL_FILE gives; empty: embedded.

    :raises StoreError: the file cannot be read, or others can read it too
    """
    path = settings.get("DATABASE_URL_FILE")
    if settings.get("DATABASE_URL") or not path:
        return settings.get("DATABASE_URL") or ""
    try:
        return read_secret("DATABASE_URL_FILE", path)
    except SecretError as error:
        raise StoreError(str(error)) from error


def embedded(settings: BaseSettings) -> Server | None:
    """The embedded server, or None where the settings give another."""
    if given(settings):
        return None
    return Server(Path(settings["HERALD_HOME"]))


def use(settings: BaseSettings) -> AbstractContextManager[str]:
    """The URL of a database in which the archive can live, for as long as the context lasts.

    :raises StoreError: there is none, and why
    """
    if (ours := embedded(settings)) is not None:
        return ours.use()
    url = given(settings)
    check(url)
    return nullcontext(url)
