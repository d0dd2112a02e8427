"""Judges one run: its list, its stories, how the site answered, how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from heraldcrawl.monitoring.alarms import Alarm
from heraldcrawl.monitoring.answers import judge_failures, judge_refusals, judge_slowness
from heraldcrawl.monitoring.lists import judge_list, judge_silence
from heraldcrawl.monitoring.pages import page_verdict
from heraldcrawl.monitoring.past import lasts
from heraldcrawl.monitoring.shares import judge
from heraldcrawl.monitoring.verdict import Verdict, many

if TYPE_CHECKING:
    from heraldcrawl.monitoring.numbers import Run
    from heraldcrawl.monitoring.past import Past

_IN_ORDER: Final = (
    "finished", "shutdown", "unfinished", "no_list", "no_story", "blocked",
    "archive_unwritable",
)  # fmt: skip


def judge_run(run: Run, past: Past, spider: str) -> Verdict:
    """Everything that one run can tell.

    :param spider: the name of the habit that it is judged by
    """
    verdict = Verdict()
    for judge_it in _JUDGES:
        verdict += judge_it(run, past, spider)
    return verdict


def _end(run: Run, past: Past, spider: str) -> Verdict:
    """Did it come to its end?"""
    verdict = Verdict()
    broke = run.count("spider_exceptions/count")
    is_odd = run.reason not in _IN_ORDER and not str(run.reason).startswith("closespider")
    alarm = None
    if broke or is_odd:
        alarm = Alarm(
            "broken",
            seen=f"the run ended as {run.reason}, with {many(broke, 'unexpected error')}",
            usual="a run ends as finished, without any",
            advice="read its log from the first ERROR on; this is a fault of heraldcrawl or of its"
            " installation",
            spider=spider,
        )
    verdict += Verdict.of(alarm, spider, "broken")
    if run.reason == "archive_unwritable":
        verdict += Verdict([_unwritable(spider)])
    elif run.answers:
        verdict += Verdict.of(None, spider, "archive")
    is_second = past.runs and past.runs[0].reason == "unfinished"
    if is_second and lasts(run, past, lambda each: each.reason == "unfinished"):
        verdict += Verdict(
            [
                Alarm(
                    "unfinished",
                    seen="for hours no run could walk its list to the end",
                    usual="now and then one",
                    advice="its log names the list page that gives nothing; open it in a browser",
                    spider=spider,
                )
            ]
        )
    elif run.reason == "finished":
        verdict += Verdict.of(None, spider, "unfinished")
    return verdict


def _unwritable(spider: str) -> Alarm:
    return Alarm(
        "archive",
        seen="the run ended because the page archive could not be written",
        usual="every page is archived before its story is stored",
        advice="the log says why: a full disk, no rights; nothing is lost, the next run goes on",
        spider=spider,
    )


def _pages(run: Run, past: Past, spider: str) -> Verdict:
    """Do the pages give what they used to?"""
    return page_verdict(judge(run.shares(), past.pages, past.again), spider)


_JUDGES: Final = (
    judge_list, judge_silence, _end, judge_refusals, judge_failures, judge_slowness, _pages,
)  # fmt: skip
