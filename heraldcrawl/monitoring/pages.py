"""What became of the pages' traits, in words: one alarm for what has one cause."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from heraldcrawl.monitoring.alarms import Alarm, key
from heraldcrawl.monitoring.verdict import Verdict, many, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heraldcrawl.monitoring.shares import Finding, Judgement

UNREADABLE: Final = "unreadable"
LAYOUT: Final = "layout"
SHORT: Final = "short"
#: Troubles after which a run's shares are nobody's habit; what follows a slash varies.
KINDS: Final = (UNREADABLE, LAYOUT, SHORT, "field", "evidence", "issue")

_READ, _TEXT = "read", "text"
_EXAMPLES = 2

ADVICE: Final = {
    UNREADABLE: "open one of these pages in a browser; if it shows the story, it has a new layout:"
    " add one (README, How it is built), then `scrapy ledger retry --reason unreadable`",
    LAYOUT: "the site has a new design; add a layout for it (README, How it is built). Until then"
    " the generic reader keeps the texts, and loses details",
    SHORT: "see whether the pages still hold the whole text, or only its beginning",
    "field": "look at one of these pages: if it still shows this, the layout's selector needs a"
    " look; if the site has given it up, `scrapy alarms --accept` makes that the usual",
    "evidence": "nothing is lost yet, but what is left is second best; look at the head of one of"
    " these pages, or `scrapy alarms --accept` if that is how the site is now",
    "issue": "look at one of these pages; `scrapy alarms --accept` if that is how the site is now",
}


def page_verdict(judgement: Judgement, spider: str) -> Verdict:
    """Say what was found, the cause instead of its consequences."""
    found = {finding.trait: finding for finding in judgement.alarms}
    verdict = Verdict(well={key(spider, what) for what in _well(judgement)})
    if _READ in found:
        verdict.alarms = [_alarm(spider, UNREADABLE, [found[_READ]])]
    elif LAYOUT in found:
        rest = [f for f in judgement.alarms if f.trait != LAYOUT and "=" not in f.trait]
        verdict.alarms = [_alarm(spider, LAYOUT, [found[LAYOUT], *rest])]
    else:
        verdict.alarms = [_alarm(spider, *each) for each in _by_cause(found)]
    verdict.well -= {alarm.key for alarm in verdict.alarms}
    return verdict


def _by_cause(found: dict[str, Finding]) -> Iterable[tuple[str, list[Finding]]]:
    by_source: defaultdict[str, list[Finding]] = defaultdict(list)
    for trait, finding in found.items():
        name, _, source = trait.partition("=")
        if trait == _TEXT:
            if "article_body" not in found:
                yield SHORT, [finding]
        elif trait.startswith("-"):
            if trait[1:].partition(":")[0] not in found:
                yield f"issue/{trait[1:]}", [finding]
        elif not source:
            yield f"field/{name}", [finding]
        elif name not in found:
            by_source[source].append(finding)
    yield from ((f"evidence/{source}", findings) for source, findings in by_source.items())


def _well(judgement: Judgement) -> Iterable[str]:
    names = {_READ: UNREADABLE, LAYOUT: LAYOUT, _TEXT: SHORT}
    bad = {finding.trait.partition("=")[2] for finding in judgement.alarms}
    for trait in judgement.well:
        name, _, source = trait.partition("=")
        if trait in names:
            yield names[trait]
        elif trait.startswith("-"):
            yield f"issue/{trait[1:]}"
        elif not source:
            yield f"field/{name}"
        elif source not in bad:
            yield f"evidence/{source}"


def _alarm(spider: str, what: str, findings: list[Finding]) -> Alarm:
    first = findings[0]
    kind = what.partition("/")[0]
    share = first.has / first.stories
    return Alarm(
        what,
        seen="; ".join([_seen(first), *_too(findings[1:]), *_second_look(first)]),
        usual=f"{_noun(first.trait)} in {percent(first.usual)}"
        f" of the {many(round(first.usual_stories), 'story', 'stories')} before",
        advice=ADVICE[kind],
        badness=1 - share / first.usual,
        spider=spider,
    )


def _seen(finding: Finding) -> str:
    number = f"only {finding.has:.0f}" if finding.has >= _HALF else "none"
    pages = ("page", "pages") if finding.trait == _READ else ("story", "stories")
    runs = "" if finding.runs == 1 else f" of the last {finding.runs} runs with stories"
    return f"{_noun(finding.trait)} in {number} of {many(round(finding.stories), *pages)}{runs}"


_HALF: Final = 0.5


def _too(findings: list[Finding]) -> list[str]:
    lost = [_noun(f.trait) for f in findings if f.trait != _READ]
    return [f"with it fell {', '.join(lost)}"] if lost else []


def _second_look(finding: Finding) -> list[str]:
    looked = len(finding.lost) + finding.kept
    if not looked:
        return []
    where = f" ({', '.join(finding.lost[:_EXAMPLES])})" if finding.lost else ""
    return [f"of {many(looked, 'older page')} that had it, {len(finding.lost)} lost it{where}"]


def _noun(trait: str) -> str:
    """What a trait is called.

    >>> _noun("authors"), _noun("headline=json-ld"), _noun("-json-ld")
    ('authors', 'headline from json-ld', 'no issue json-ld')
    """
    if trait.startswith("-"):
        return f"no issue {trait[1:]}"
    names = {_READ: "a story", LAYOUT: "a known layout", _TEXT: "more text than a teaser"}
    return names.get(trait, trait.replace("=", " from "))
