"""Do the pages still give what they used to? For every trait, the odds that they do not.

For each trait two explanations are weighed: that it is as frequent as it was (in the stories of the
runs before, and no more certain than 60 of them make it, for news comes in bursts), or that it was
lost, wholly or in part. How much likelier the second makes what was seen is the Bayes factor.

A factor of 20 is a doubt. Then a few older stories that had the trait are read once more: if they
have lost it, the page has changed; if they still have it, the news was unusual. An alarm needs a
factor of 3000 with that, or alone where there was nothing to read again; and of its square where
most of the older stories still have it. So how soon a lost trait
is reported depends on how frequent it was: where 97 % of the stories had it, on the first run that
meets a single story; 90 %: two; 60 %: four (of this run and the ones before it); 30 %: ten.
Without a second look three, four, eleven and thirty.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import exp, lgamma, log
from operator import add, sub
from typing import TYPE_CHECKING, Any, Final

from heraldcrawl.monitoring.traits import OLD, READINGS, Shares, total

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from heraldcrawl.monitoring.traits import Traits

#: Bayes factors.
DOUBT: Final = 20.0
ALARM: Final = 3000.0
ALARM_ALL_THE_SAME: Final = ALARM**2  # though most of the older stories have it still
WELL: Final = 0.2
#: A trait is judged that so many stories had, and at least this share of them.
FEWEST: Final = 15
RAREST: Final = 0.15
#: A smaller loss than this is fashion, not trouble.
_LOST: Final = 0.25
#: No share is known better than from so many stories.
_CERTAINTY: Final = 60
#: What may remain of a lost trait, and how likely each is.
_REMAINS: Final = ((0.02, 0.8), (0.25, 0.1), (0.5, 0.1))
#: How often a story loses a trait by itself between two looks, at most.
_EDITED: Final = 0.05
#: So many stories that were news when they were read tell more than all of history.
_ENOUGH_NEWS: Final = 30
#: The runs just before this one are looked at together with it, up to so many stories of them.
_RUNS: Final = 24
_STORIES: Final = 40


@dataclass(frozen=True, slots=True)
class Before:
    """What the stories of the runs before had."""

    runs: Sequence[Shares] = ()  # the latest first
    total: Shares = field(default_factory=Shares)

    @classmethod
    def of(cls, runs: Sequence[Mapping[str, Any]]) -> Before:
        """Read the statistics of runs: of their stories the news, or where that is too few, all."""
        merged = total(runs)
        every, old = Shares.of(merged), Shares.of(merged, OLD)
        last = runs[:_RUNS]
        if every.stories - old.stories < _ENOUGH_NEWS:
            return cls([Shares.of(stats) for stats in last], every)
        return cls([Shares.of(stats) - Shares.of(stats, OLD) for stats in last], every - old)


@dataclass(frozen=True, slots=True)
class Again:
    """An older story that was read once more."""

    url: str
    before: Traits
    now: Traits


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one trait after a run."""

    trait: str
    has: float  # stories of this run
    stories: float
    usual_has: float  # stories of the runs before
    usual_stories: float
    factor: float
    lost: tuple[str, ...] = ()  # addresses of older stories that had it and have it no more
    kept: int = 0
    runs: int = 1  # this one and so many less one before it were looked at

    @property
    def usual(self) -> float:
        return self.usual_has / self.usual_stories


@dataclass
class Judgement:
    """What is known of all traits after a run."""

    alarms: list[Finding] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)  # worth a second look
    well: set[str] = field(default_factory=set)


def judge(now: Shares, before: Before, again: Sequence[Again] = ()) -> Judgement:
    """Weigh every trait that this run's stories can tell something of.

    :param again: the second look, if there was one
    """
    judgement = Judgement()
    for trait in sorted(before.total.names() | {f"-{issue}" for issue in now.issues}):
        finding = _weigh(trait, now, before, again)
        if finding is None:
            continue
        if finding.factor >= (ALARM if len(finding.lost) >= finding.kept else ALARM_ALL_THE_SAME):
            judgement.alarms.append(finding)
        elif finding.factor <= WELL:
            judgement.well.add(trait)
        if finding.factor >= DOUBT:
            judgement.doubts.append(finding)
    return judgement


def bayes_factor(
    has: float,
    stories: float,
    usual_has: float,
    usual_stories: float,
    *,
    lost: int = 0,
    kept: int = 0,
) -> float:
    """How much likelier what was seen is if the trait was lost than if all is as usual.

    >>> bayes_factor(0, 3, 97, 100) > ALARM, bayes_factor(0, 1, 97, 100) > DOUBT
    (True, True)
    >>> bayes_factor(3, 3, 97, 100) < WELL
    True

    :param lost: older stories that had it and have it no more
    :param kept: older stories that have it still
    """
    lacks = stories - has
    usual = (usual_has + 0.5) / (usual_stories + 1)
    certainty = min(usual_stories + 1, _CERTAINTY)
    a, b = usual * certainty, (1 - usual) * certainty
    as_usual = _log_beta(a + has, b + lacks) - _log_beta(a, b)
    as_usual += lost * log(_EDITED) + kept * log(1 - _EDITED)
    broken = [
        log(likely)
        + has * log(remains * usual)
        + lacks * log(1 - remains * usual)
        + lost * log(1 - remains)
        + kept * log(remains)
        for remains, likely in _REMAINS
    ]
    most = max(broken)
    difference = most + log(sum(exp(each - most) for each in broken)) - as_usual
    return exp(min(difference, 700.0))


def _weigh(trait: str, now: Shares, before: Before, again: Collection[Again]) -> Finding | None:
    has, stories = now.share(trait)
    usual_has, usual_stories = _once(*before.total.share(trait), before.total.new)
    if not stories or usual_has < FEWEST or usual_has < RAREST * usual_stories:
        return None
    if has == stories:
        return Finding(trait, has, stories, usual_has, usual_stories, factor=0.0)
    factor = bayes_factor(has, stories, usual_has, usual_stories)
    finding = Finding(trait, has, stories, usual_has, usual_stories, factor)
    if has > (1 - _LOST) * stories * usual_has / usual_stories:
        return finding if factor <= WELL else None
    best = finding
    if trait != "read":  # a story that cannot be read is tried again in every run
        best = max([finding, *_with_the_last(trait, now, before)], key=lambda f: f.factor)
    had = [each for each in again if trait in each.before]
    lost = tuple(each.url for each in had if trait not in each.now)
    kept = len(had) - len(lost)
    counts = (best.has, best.stories, best.usual_has, best.usual_stories)
    return replace(
        best, factor=bayes_factor(*counts, lost=len(lost), kept=kept), lost=lost, kept=kept
    )


def _with_the_last(trait: str, now: Shares, before: Before) -> list[Finding]:
    """This run together with the one before it, the two before it, and so on.

    In several runs the same story is read several times, and says no more than once.
    """
    findings = []
    together = (*now.share(trait), now.new)
    rest = (*before.total.share(trait), before.total.new)
    for runs, shares in enumerate(before.runs[:_RUNS], 2):
        more = (*shares.share(trait), shares.new)
        together = tuple(map(add, together, more))
        rest = tuple(map(sub, rest, more))
        has, stories = _once(*together)
        usual_has, usual_stories = _once(*rest)
        if stories > _STORIES or usual_has < FEWEST:
            break
        if has > (1 - _LOST) * stories * usual_has / usual_stories:
            continue
        factor = bayes_factor(has, stories, usual_has, usual_stories)
        findings.append(Finding(trait, has, stories, usual_has, usual_stories, factor, runs=runs))
    return findings


def _once(has: int, stories: int, new: int) -> tuple[float, float]:
    """How many have a trait, and of how many, counting each story about once.

    :param new: of the stories, those that were read for the first time
    """
    distinct = max(new, stories / READINGS)
    return (has * distinct / stories, distinct) if stories else (0.0, 0.0)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
