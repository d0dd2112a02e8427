"""Judges of how the site answered a run: refusals, failing stories, slowness."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from heraldcrawl.monitoring.alarms import Alarm
from heraldcrawl.monitoring.pages import ADVICE, UNREADABLE
from heraldcrawl.monitoring.past import lasts
from heraldcrawl.monitoring.shares import ALARM, DOUBT, FEWEST, bayes_factor
from heraldcrawl.monitoring.verdict import Verdict, percent

if TYPE_CHECKING:
    from heraldcrawl.monitoring.numbers import Run
    from heraldcrawl.monitoring.past import Past

#: Refusals that slow a run down, and are no accident.
_REFUSALS: Final = 3
_REFUSED_SHARE: Final = 0.2
#: Seconds: nobody calls a faster site slow; and how much slower than usual it has to be.
_SLOW: Final = 4.0
_SLOWER: Final = 4.0
#: Stories that vanish between their list and their page, in one run.
_VANISHED: Final = 3
#: What is assumed where little is known: of 50 stories one is not answered.
_PRIOR: Final = (49, 50)


def judge_refusals(run: Run, past: Past, spider: str) -> Verdict:
    """Does the site refuse to answer?"""
    if run.reason == "blocked" or lasts(run, past, _is_refused):
        kinds = [key for key in run.stats if key.startswith("refused/")]
        named = ", ".join(f"{run.count(key)} × {key.partition('/')[2]}" for key in sorted(kinds))
        alarm = Alarm(
            "blocked",
            seen=f"the site refused {run.refusals} of {run.answers} requests ({named})"
            + ("; the run stopped asking" if run.reason == "blocked" else ""),
            usual="none",
            advice="do not ask more often; see in a browser what the site says, set CONTACT, make"
            " DOWNLOAD_DELAY longer, and write to the site's people if it lasts",
            badness=1 + (run.reason == "blocked"),
            spider=spider,
        )
        return Verdict([alarm])
    if run.answers and not run.refusals:
        return Verdict.of(None, spider, "blocked")
    return Verdict()


def judge_failures(run: Run, past: Past, spider: str) -> Verdict:
    """Do more stories fail than usual?"""
    verdict = Verdict()
    usual = _answered(past) if run.unanswered else _PRIOR
    if run.unanswered and lasts(run, past, lambda each: _unanswered_factor(each, usual) >= DOUBT):
        alarm = Alarm(
            "failures",
            seen=f"{run.unanswered} of {run.unanswered + run.read} attempts at stories failed"
            f" ({_reasons(run)})",
            usual=percent(1 - usual[0] / usual[1]),
            advice="the site or the way to it is in trouble; failed stories are tried again by"
            " themselves, ever later, and after STORY_ATTEMPTS they are dead letters",
            badness=run.unanswered / (run.unanswered + run.read),
            spider=spider,
        )
        verdict += Verdict([alarm])
    elif run.read and not run.unanswered:
        verdict += Verdict.of(None, spider, "failures")
    gone = bayes_factor(run.read, run.read + run.gone, *_PRIOR)
    if run.gone >= _VANISHED and gone >= ALARM:
        alarm = Alarm(
            "gone",
            seen=f"{run.gone} of {run.gone + run.read} stories that the list names are not there",
            usual="one in a hundred",
            advice="the list's links lead nowhere: see whether the site has new addresses"
            " (heraldcrawl/site/addresses.py), then `scrapy ledger retry --reason http_404`",
            badness=run.gone / (run.gone + run.read),
            spider=spider,
        )
        verdict += Verdict([alarm])
    elif run.read and not run.gone:
        verdict += Verdict.of(None, spider, "gone")
    if run.reason == "no_story" and past.pages.total.stories < FEWEST:
        # Otherwise its pages are judged beside those before.
        verdict += Verdict([_nothing_read(run, spider)])
    return verdict


def judge_slowness(run: Run, past: Past, spider: str) -> Verdict:
    """Does the site answer much more slowly than it did?"""
    now = run.latency()
    if now is None:
        return Verdict()
    if now < _SLOW:
        return Verdict.of(None, spider, "slow")
    known = [latency for each in past.runs if (latency := each.latency()) is not None]
    usual = min(median(known), _SLOW) if known else 1.0
    least = max(_SLOW, _SLOWER * usual)
    if now < least:
        return Verdict.of(None, spider, "slow")
    if not lasts(run, past, lambda each: (each.latency() or least) >= least):
        return Verdict()
    alarm = Alarm(
        "slow",
        seen=f"for hours half of the site's answers have taken about {now:g} s or more",
        usual=f"{usual:g} s or less",
        advice="nothing, if it is the site: the crawl asks less often by itself. See whether other"
        " sites are slow from this machine, too",
        badness=now / usual,
        spider=spider,
    )
    return Verdict([alarm])


def _is_refused(run: Run) -> bool:
    return run.refusals >= _REFUSALS and run.refusals >= _REFUSED_SHARE * run.answers


def _nothing_read(run: Run, spider: str) -> Alarm:
    return Alarm(
        UNREADABLE,
        seen=f"none of {run.unread} pages could be read as a story",
        usual="nearly all can",
        advice=ADVICE[UNREADABLE],
        spider=spider,
    )


def _unanswered_factor(run: Run, usual: tuple[int, int]) -> float:
    return bayes_factor(run.read, run.read + run.unanswered, *usual)


def _answered(past: Past) -> tuple[int, int]:
    """How many attempts at stories were answered in the better half of the runs before."""
    runs = sorted(past.runs, key=lambda each: each.unanswered / (each.read + each.unanswered + 1))
    better = runs[: (len(runs) + 1) // 2]
    read = sum(each.read for each in better) + _PRIOR[0]
    return read, read + sum(each.unanswered for each in better) + _PRIOR[1] - _PRIOR[0]


def _reasons(run: Run) -> str:
    before = "story/failed/"
    keys = sorted(key for key in run.stats if key.startswith(before))
    return ", ".join(f"{run.count(key)} × {key.removeprefix(before)}" for key in keys)
