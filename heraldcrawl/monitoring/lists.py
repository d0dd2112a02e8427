"""Judges of a run's list: has it entries, and is it silent for longer than it ever is?"""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

from heraldcrawl.monitoring.alarms import Alarm
from heraldcrawl.monitoring.past import lasts
from heraldcrawl.monitoring.verdict import Verdict, many
from heraldcrawl.site.dates import KST

if TYPE_CHECKING:
    from datetime import datetime

    from heraldcrawl.monitoring.numbers import Run
    from heraldcrawl.monitoring.past import Past

#: A list so much shorter than usual has lost something.
_SHORT_LIST: Final = 1 / 3
_FEWEST_ENTRIES: Final = 5
_TWO_DAYS: Final = timedelta(days=2)
_LIST_ADVICE = (
    "open the section on the site: where it shows stories, its list has a new layout"
    " (heraldcrawl/site/lists) or another address (heraldcrawl/site/sections.py)"
)


def judge_list(run: Run, past: Past, spider: str) -> Verdict:
    """Does the section's list have entries?"""
    if run.reason == "no_list":
        return _no_list(run, past, spider)
    if not run.list_pages:
        return Verdict()
    verdict = Verdict.of(None, spider, "unreachable")
    usual = [each.entries / each.list_pages for each in past.runs if each.list_pages]
    now = run.entries / run.list_pages
    alarm = None
    if usual and median(usual) >= _FEWEST_ENTRIES and now < _SHORT_LIST * median(usual):
        alarm = Alarm(
            "list",
            seen=f"{many(run.entries, 'entry', 'entries')} on {many(run.list_pages, 'list page')}",
            usual=f"{median(usual):.0f} on a page",
            advice=_LIST_ADVICE,
            spider=spider,
        )
    verdict += Verdict.of(alarm, spider, "list")
    return verdict


def judge_silence(run: Run, past: Past, spider: str) -> Verdict:
    """Is the section silent for longer than it ever is?"""
    if run.count("list/new"):
        return Verdict.of(None, spider, "silence")
    if run.reason != "finished" or past.habit is None or past.last_news_at is None:
        return Verdict()
    worth = past.habit.worth(past.last_news_at, run.finished_at)
    if worth < past.habit.limit:
        return Verdict()  # neither news nor too long without
    return Verdict(
        [
            Alarm(
                "silence",
                seen=f"no new story since {_clock(past.last_news_at)},"
                f" for {_span(run.finished_at - past.last_news_at)}",
                usual=f"nine of ten silences are shorter than {_span(past.habit.usual)}; none of"
                " this length is to be expected at these hours",
                advice="open the section on the site: where it shows newer stories, the list that"
                " is read is not that one (its address, a cache); where not, its desk is silent",
                spider=spider,
            )
        ]
    )


def _no_list(run: Run, past: Past, spider: str) -> Verdict:
    if run.lists_without_entries:
        return Verdict(
            [
                Alarm(
                    "list",
                    seen="no list gave any entry, at any known address",
                    usual=_usual_entries(past),
                    advice=_LIST_ADVICE,
                    spider=spider,
                )
            ]
        )
    if not lasts(run, past, lambda each: each.reason == "no_list"):
        return Verdict()
    return Verdict(
        [
            Alarm(
                "unreachable",
                seen="the site has answered nothing for hours",
                usual="it answers",
                advice="see whether the site can be reached from this machine: curl -I, its name"
                " server, a proxy; what was missed is caught up when it answers again",
                spider=spider,
            )
        ]
    )


def _usual_entries(past: Past) -> str:
    usual = [run.entries / run.list_pages for run in past.runs if run.list_pages]
    return f"{median(usual):.0f} entries on a page" if usual else "a list has entries"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(KST):%a %d %b %H:%M} in Korea"


def _span(span: timedelta) -> str:
    """A length of time in words.

    >>> _span(timedelta(hours=30)), _span(timedelta(days=12))
    ('30 hours', '12 days')
    """
    hours = span.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if span > _TWO_DAYS else many(max(round(hours), 1), "hour")
