"""How far a run has come: a line on a terminal, else now and then a line of the log."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.settings import BaseSettings

    from heraldcrawl.reparse.summary import Summary

logger = logging.getLogger(__name__)

#: What is told on the way; the rest at the end.
_SHOWN = ("revised", "updated", "recovered", "merged", "unreadable", "unavailable", "refused")


class Progress:
    """Adds up what was done, and shows it.

    :param line: on the terminal; None: in the log
    :param seconds: between two lines of the log
    """

    def __init__(self, summary: Summary, unit: str, line: tqdm[Any] | None, seconds: float) -> None:
        self._summary = summary
        self._unit = unit
        self._line = line
        self._seconds = seconds
        self._began = self._told_at = time.monotonic()
        self._done = 0
        self._total: int | None = None

    def expect(self, total: int) -> None:
        """Tell how much there is to do."""
        self._total = total
        if self._line is not None:
            self._line.total = total

    def tell(self, part: Summary, more: int) -> None:
        """Take in what was done.

        :param more: of so many stories, or captures
        """
        self._summary.add(part)
        self._done += more
        if self._line is not None:
            self._line.set_postfix_str(self._words, refresh=False)
            self._line.update(more)
            return
        now = time.monotonic()
        if now - self._told_at >= self._seconds:
            self._told_at = now
            rate = self._done / (now - self._began) * 60
            of_all = f" of {self._total}" if self._total is not None else ""
            logger.info(
                "Read %d%s %s (at %d a minute): %s",
                *(self._done, of_all, self._unit, rate, self._words),
            )

    @property
    def _words(self) -> str:
        counts = self._summary.stories
        return ", ".join(f"{counts[what]} {what}" for what in _SHOWN if counts[what]) or "no change"


@contextmanager
def progress(summary: Summary, unit: str, settings: BaseSettings) -> Iterator[Progress]:
    """Show the progress of a run as long as the context lasts.

    :param summary: to which is added what is told
    :param unit: of what is counted
    """
    seconds = settings.getfloat("LOGSTATS_INTERVAL") or 60.0
    if sys.stderr.isatty():
        with tqdm(unit=f" {unit}", file=sys.stderr, leave=False) as line:
            yield Progress(summary, unit, line, seconds)
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"]))
    logger.addHandler(handler)
    logger.setLevel(settings["LOG_LEVEL"])
    try:
        yield Progress(summary, unit, None, seconds)
    finally:
        logger.removeHandler(handler)
