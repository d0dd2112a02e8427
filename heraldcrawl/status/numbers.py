"""What a look's facts come to: outcomes, shares of evidence, what is late."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from heraldcrawl.monitoring.habits import JobHabit
from heraldcrawl.site.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from heraldcrawl.monitoring.installation import Job
    from heraldcrawl.monitoring.traits import Shares
    from heraldcrawl.store.status import Facts, SpiderRuns

#: Reasons with which a run that does its work ends.
IN_ORDER: Final = ("finished", "shutdown", "unfinished")
#: What a run did with stories: statistic -> word.
OUTCOMES: Final = {
    "story/new": "new",
    "story/changed": "changed",
    "story/unchanged": "unchanged",
    "story/gone": "gone",
    "story/failed": "failed",
    "story/dead": "dead",
}
_EVIDENCE: Final = re.compile(r"(\w+)=(.+)").fullmatch


def is_in_order(reason: str) -> bool:
    """Whether a run ended as runs do."""
    return reason in IN_ORDER or reason.startswith("closespider")


def never_run(facts: Facts) -> list[str]:
    """Spiders of the menu of which no run is known."""
    known = {each.spider for each in facts.spiders}
    return [slug for slug in (*(each.slug for each in SECTIONS), "latest") if slug not in known]


def late(jobs: Collection[Job], now: datetime) -> list[Job]:
    """Jobs that have not begun for longer than is their habit."""
    return [
        job
        for job in jobs
        if not job.is_running
        and (habit := JobHabit.learn(job.starts))
        and now - max(job.starts) > habit.limit
    ]


def counted(run: SpiderRuns) -> dict[str, int]:
    """What a spider's last run did with stories."""
    stats = run.stats or {}
    return {word: int(stats.get(key, 0)) for key, word in OUTCOMES.items()}


def evidence(shares: Shares) -> dict[str, dict[str, float]]:
    """The share of a section's stories for which each field came from each kind of evidence."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for trait, stories in sorted(shares.has.items()):
        if shares.stories and (match := _EVIDENCE(trait)):
            name, source = match.groups()
            found[name][source] = round(stories / shares.stories, 4)
    return dict(found)


def kinds(shares: Shares) -> dict[str, float]:
    """The share of each kind of evidence in all that was read, the largest first."""
    found: defaultdict[str, int] = defaultdict(int)
    for trait, stories in shares.has.items():
        if match := _EVIDENCE(trait):
            found[match[2]] += stories
    every = sum(found.values())
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return {source: round(stories / every, 4) for source, stories in ordered if every}
