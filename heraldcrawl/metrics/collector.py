"""Where metrics come from: one look at everything, at most every few seconds."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector

from heraldcrawl.metrics.installation import of_installation
from heraldcrawl.metrics.runs import of_runs
from heraldcrawl.status.report import take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prometheus_client import Metric
    from scrapy.settings import BaseSettings

    from heraldcrawl.status.report import Report

#: However many ask, the database is asked no more often.
SECONDS: Final = 5.0


class Installation(Collector):
    """All metrics of an installation.

    :param seconds: an answer is given again for so long
    """

    def __init__(
        self,
        settings: BaseSettings,
        *,
        starts: bool,
        seconds: float = SECONDS,
    ) -> None:
        self._settings = settings
        self._starts = starts
        self._seconds = seconds
        self._turn = threading.Lock()
        self._made: list[Metric] = []
        self._at = float("-inf")
        self.last: Report | None = None

    def describe(self) -> list[Metric]:
        """Promise nothing: a look at the database is not needed to be registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Look, unless somebody just did."""
        with self._turn:
            if time.monotonic() - self._at > self._seconds:
                self.last = take(self._settings, starts=self._starts, asks_scrapyd=False)
                self._made = [*of_installation(self.last), *of_runs(self.last.facts)]
                self._at = time.monotonic()
            yield from self._made


def exposition(collect: Callable[[], Iterable[Metric]]) -> bytes:
    """Write metrics in Prometheus' text format."""

    class Given(Collector):
        def collect(self) -> Iterable[Metric]:
            return collect()

    registry = CollectorRegistry()
    registry.register(Given())
    return generate_latest(registry)
