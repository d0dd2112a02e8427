"""What came before a run, and what else is known of its section."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from heraldcrawl.monitoring.shares import Before

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heraldcrawl.monitoring.habits import NewsHabit
    from heraldcrawl.monitoring.numbers import Run
    from heraldcrawl.monitoring.shares import Again

#: A site may be slow, in trouble or away; what goes on for so long, run after run, is no accident.
_LASTS: Final = timedelta(hours=3)


@dataclass(frozen=True)
class Past:
    """What came before a run, and what else is known of its section."""

    runs: Sequence[Run] = ()  # of the same kind, the latest first
    pages: Before = field(default_factory=Before)  # of the runs without trouble
    again: Sequence[Again] = ()
    last_news_at: datetime | None = None
    habit: NewsHabit | None = None


def lasts(run: Run, past: Past, is_so: Callable[[Run], bool]) -> bool:
    """Whether it has been so for long, in this run and in those just before it."""
    row = [run, *takewhile(is_so, past.runs)] if is_so(run) else []
    return bool(row) and run.finished_at - row[-1].started_at >= _LASTS
