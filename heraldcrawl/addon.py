"""Settings that follow from other settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from heraldcrawl import __version__

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

DOWNLOAD_HANDLER = "heraldcrawl.download.DownloadHandler"
REPLAY_HANDLER = "heraldcrawl.archive.replay.ReplayDownloadHandler"
PICTURES_PIPELINE = "heraldcrawl.pipelines.pictures.PicturesPipeline"


class Heraldcrawl:
    """The project's add-on: feeds under HERALD_HOME, replay, the name we go by, JSON logs."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Take the place of Scrapy's log handler before there is one, where LOG_JSON is set."""
        is_logging = settings.getbool("LOG_ENABLED") or settings.get("LOG_FILE")
        if settings.getbool("LOG_JSON") and is_logging:
            from heraldcrawl import logs  # noqa: PLC0415  (needed here alone)

            logs.install(settings)
            settings.set("LOG_INSTALL_ROOT_HANDLER", value=False, priority="addon")

    def update_settings(self, settings: BaseSettings) -> None:
        settings.set(
            "USER_AGENT", f"heraldcrawl/{__version__} (+{settings['CONTACT']})", priority="addon"
        )
        settings.set("FEEDS", _feeds(settings), priority="addon")
        if settings.getbool("PICTURES"):
            images = Path(settings["HERALD_HOME"]).absolute() / "images"
            settings.set("IMAGES_STORE", str(images), priority="addon")
            # Pictures are named by what is in them, and the database knows which ones there are.
            settings.set("IMAGES_EXPIRES", 0, priority="addon")
            settings.set("MEDIA_ALLOW_REDIRECTS", value=True, priority="addon")
            settings["ITEM_PIPELINES"].set(PICTURES_PIPELINE, 950, priority="addon")  # once stored
        handler = REPLAY_HANDLER if settings.get("REPLAY") else DOWNLOAD_HANDLER
        settings.set("DOWNLOAD_HANDLERS", {"http": handler, "https": handler}, priority="addon")
        if settings.get("REPLAY"):
            # Nobody is at the other end: no manners needed, and nothing to render.
            settings.set("DOWNLOAD_DELAY", 0, priority="spider")
            settings.set("AUTOTHROTTLE_ENABLED", value=False, priority="spider")
            settings.set("BROWSER_PAGES", 0, priority="spider")


def _feeds(settings: BaseSettings) -> dict[str, dict[str, object]]:
    home = Path(settings["HERALD_HOME"]).absolute().as_uri().replace("%", "%%")
    return {f"{home}/feeds/%(name)s/%(time)s.jsonl": {"format": "jsonlines", "encoding": "utf-8"}}
