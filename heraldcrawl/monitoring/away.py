"""The one trouble that the database cannot keep: that it is away.

A file under HERALD_HOME remembers that it was told, for a day; whoever makes it first tells.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from heraldcrawl.monitoring.alarms import AGAIN, Alarm, News, Standing
from heraldcrawl.monitoring.message import compose, line
from heraldcrawl.monitoring.telling import send

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

_FILE: Final = "database-away"
_ALARM: Final = Alarm(
    "database",
    seen="a run found no usable database, or lost it for longer than DATABASE_PATIENCE_SECONDS",
    usual="it answers",
    advice="`scrapy db status` says what is wrong with it; nothing is lost, the next run goes on",
)


async def tell(settings: BaseSettings) -> None:
    """Tell that the database is away, once a day."""
    file = _file(settings)
    if not _claim(file):
        logger.info("Alarm, held back: %s: %s", _ALARM.key, _ALARM.seen)
        return
    now = datetime.now(UTC)
    standing = Standing(_ALARM, opened_at=now, last_seen_at=now)
    logger.warning("Alarm (new): %s", line(standing))
    if not await send(compose([News("new", standing)]), settings):
        with suppress(OSError):
            file.unlink()  # the next run tries again


async def over(settings: BaseSettings) -> None:
    """Tell once that the database is back, if it was told that it was away."""
    file = _file(settings)
    try:
        opened_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        file.unlink()  # whoever does it first tells
    except FileNotFoundError:
        return
    logger.info("Alarm over: %s", _ALARM.key)
    await send(compose([News("over", Standing(_ALARM, opened_at, opened_at))]), settings)


def _claim(file: Path) -> bool:
    """Whether it is ours to tell."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if time.time() - file.stat().st_mtime < AGAIN.total_seconds():
                return False
            file.unlink()
        file.touch(exist_ok=False)
    except FileExistsError:
        return False
    except OSError as error:  # whoever cannot remember it had better tell it twice than never
        logger.warning("%s cannot be made, so this is told each time: %s", file, error.strerror)
    return True


def _file(settings: BaseSettings) -> Path:
    return Path(settings["HERALD_HOME"]).expanduser() / _FILE
