"""One run's numbers, read from its statistics: what judges, metrics and status screens ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  (dataclass fields are inspected at run time)
from typing import TYPE_CHECKING, Any, Final

from heraldcrawl.monitoring.traits import OLD, UNREAD, Shares

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Upper bounds of the classes, in seconds, in which answers are counted as ``latency/<bound>``.
LATENCIES: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
#: List pages beyond this one are history.
NEWS_PAGES: Final = 5

#: For which a story is no more there; of ``story/failed/…``.
GONE: Final = ("http_404", "http_410", "not_found")
#: A list page that does not exist is an answer, too.
_NO_SUCH_LIST = ("http_404", "http_410")


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the table of runs has it."""

    spider: str
    reason: str | None
    started_at: datetime
    finished_at: datetime
    stats: Mapping[str, Any] = field(default_factory=dict)

    def count(self, *keys: str) -> int:
        """The sum of some statistics."""
        return sum(int(self.stats.get(key, 0)) for key in keys)

    def total(self, before: str) -> int:
        """The sum of all statistics that begin so."""
        return sum(int(n) for key, n in self.stats.items() if key.startswith(before))

    @property
    def read(self) -> int:
        return self.count("story/read")

    @property
    def unread(self) -> int:
        """Pages in which no reader found the story that they should hold."""
        return self.count(*(f"story/failed/{reason}" for reason in UNREAD))

    @property
    def gone(self) -> int:
        return self.count(*(f"story/failed/{reason}" for reason in GONE))

    @property
    def unanswered(self) -> int:
        """Attempts at stories that failed for another reason: no answer, an error of the site."""
        return max(self.count("story/failed") - self.unread - self.gone, 0)

    @property
    def list_pages(self) -> int:
        """Pages of lists, or feeds, that were read."""
        return self.count("list/pages", "list/pages_again", "feed/read") - self.lists_unread

    @property
    def lists_unread(self) -> int:
        return self.count("list/unreadable", "list/empty")

    @property
    def entries(self) -> int:
        return self.count("list/entries", "feed/entries")

    @property
    def lists_without_entries(self) -> int:
        """Lists and feeds that answered, and gave nothing."""
        nowhere = (f"{kind}/failed/{why}" for kind in ("list", "feed") for why in _NO_SUCH_LIST)
        return self.lists_unread + self.count("feed/unreadable", *nowhere)

    @property
    def refusals(self) -> int:
        return self.total("refused/")

    @property
    def answers(self) -> int:
        return self.count("downloader/response_count")

    def latency(self) -> float | None:
        """The class in which the middle one of the site's answers lies; None if there is none."""
        counts = [(bound, self.count(f"latency/{bound:g}")) for bound in LATENCIES]
        total = sum(count for _, count in counts)
        below = 0
        for bound, count in counts:
            below += count
            if total and 2 * below >= total:
                return bound
        return None

    def shares(self) -> Shares:
        """What the stories had whose pages tell of today's site.

        Of a run that went far back into the archive, those that were news.
        """
        every = Shares.of(self.stats)
        return every - Shares.of(self.stats, OLD) if self._is_history else every

    @property
    def _is_history(self) -> bool:
        return self.count("list/deepest") > NEWS_PAGES


def habit(spider: str, *, is_replay: bool) -> str | None:
    """The name of the habit by which a run is judged; None: by none.

    Stories that somebody asked for are no habit, and what files answer is another than the site's.
    """
    if spider == "article":
        return None
    return f"{spider} (replayed)" if is_replay else spider


def latency_class(seconds: float) -> str:
    """The statistic that counts an answer.

    >>> latency_class(0.3), latency_class(500)
    ('latency/0.5', 'latency/64')
    """
    bound = next((bound for bound in LATENCIES if seconds <= bound), LATENCIES[-1])
    return f"latency/{bound:g}"
