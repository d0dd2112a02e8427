"""How far a run has come: a line on a terminal, else now and then a line of the log."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrapy.settings import BaseSettings

    from heraldcrawl.reparse.summary import Summary

logger = logging.getLogger(__name__)

_SHOWN = ("revised", "updated", "recovered", "merged", "unreadable")


@contextmanager
def progress(
    settings: BaseSettings, unit: str = "stories"
) -> Iterator[Callable[[Summary, int], None]]:
    """Gives a function that is told the sum, and by how much more was done."""
    if sys.stderr.isatty():
        with tqdm(unit=f" {unit}", unit_scale=True, file=sys.stderr, leave=False) as line:

            def show(summary: Summary, more: int) -> None:
                line.update(more)
                line.set_postfix_str(_words(summary), refresh=False)

            yield show
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"]))
    logger.addHandler(handler)
    logger.setLevel(settings["LOG_LEVEL"])
    interval = settings.getfloat("LOGSTATS_INTERVAL") or 60.0
    told_at = began = time.monotonic()
    done = 0

    def tell(summary: Summary, more: int) -> None:
        nonlocal told_at, done
        done += more
        now = time.monotonic()
        if now - told_at >= interval:
            told_at = now
            rate = done / (now - began) * 60
            logger.info("Read %d %s (at %d a minute): %s", done, unit, rate, _words(summary))

    try:
        yield tell
    finally:
        logger.removeHandler(handler)


def _words(summary: Summary) -> str:
    words = (f"{summary.stories[what]} {what}" for what in _SHOWN if summary.stories[what])
    return ", ".join(words) or "nothing new"
