"""What a run counted, as far as it is added to the totals of all runs of its spider."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Statistics that add up: what was done, not how things stood.
_ADDED: Final = re.compile(
    "(story|list|feed|layout|evidence|issue|latency|refused|revisit|retry|archive|browser|pace"
    "|picture)/"
    "|(downloader/(request_count|response_count|response_bytes|exception_count)"
    "|elapsed_time_seconds)$"
).match
_NOT_ADDED: Final = ("list/deepest", "retry/max_reached", "picture/waiting")


def counts(stats: Mapping[str, Any], reason: str) -> dict[str, float]:
    """Choose what a run adds to the totals.

    >>> counts({"story/new": 3, "list/deepest": 2, "host": "press"}, "finished")
    {'runs/finished': 1, 'story/new': 3}

    :param reason: why the run ended
    """
    added = {
        key: value
        for key, value in stats.items()
        if _ADDED(key) and key not in _NOT_ADDED and isinstance(value, int | float)
    }
    return {f"runs/{reason}": 1, **added}
