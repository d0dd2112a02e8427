"""How soon a lost trait is told: promised by the number, and never for less."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.monitoring.pages import page_verdict
from heraldcrawl.monitoring.shares import (
    ALARM,
    DOUBT,
    WELL,
    Again,
    Before,
    bayes_factor,
    judge,
)
from heraldcrawl.monitoring.traits import UNREADABLE, Shares, total, traits

STORY = traits({"headline": "json-ld", "authors": "css", "article_body": "css"}, (), "e4", 2000)
NO_AUTHORS = traits({"headline": "json-ld", "article_body": "css"}, (), "e4", 2000)


def stats(stories: int, **has: int) -> dict[str, int]:
    """A run's statistics, all of whose stories were new."""
    keys = {f"evidence/{name}/css": count for name, count in has.items() if count}
    return {"story/read": stories, "story/new": stories, "layout/e4": stories, **keys}


#: Share of stories that had the trait: so many stories without it are a doubt, which a second look
#: turns into an alarm in the same run; and so many are an alarm without a second look.
PROMISED = {0.99: (1, 3), 0.97: (1, 3), 0.9: (2, 4), 0.8: (2, 6), 0.6: (4, 11), 0.3: (10, 30)}


@pytest.mark.parametrize("share", PROMISED)
def test_so_many_stories_without_it_are_a_doubt_or_an_alarm(share: float) -> None:
    doubt, alarm = PROMISED[share]
    before = Before.of([stats(10, authors=round(10 * share)) for _ in range(30)])
    before.total.has["authors"] = round(300 * share)
    for stories in range(1, alarm + 1):
        now = Shares.of(stats(stories))
        plain, looked = (
            judge(now, Before((), before.total)),
            judge(now, Before((), before.total), [Again("", STORY, NO_AUTHORS)] * 3),
        )
        kept = judge(now, Before((), before.total), [Again("", STORY, STORY)] * 3)
        assert _has(plain.doubts) == (stories >= doubt)
        assert _has(plain.alarms) == (stories >= alarm)
        assert _has(looked.alarms) or stories < doubt
        assert not _has(kept.alarms)


def _has(findings: object) -> bool:
    assert isinstance(findings, list)
    return "authors" in {finding.trait for finding in findings}


def test_tiny_runs_are_judged_together_with_those_before_them() -> None:
    ordinary = [stats(1, authors=number % 5 > 1) for number in range(200)]  # 60 % have it
    now = Shares.of(stats(1))
    for lacking in (1, 2, 3, 4, 5):
        runs = [stats(1) for _ in range(lacking - 1)] + ordinary[2:]
        assert _has(judge(now, Before.of(runs)).doubts) == (lacking >= 4)


def test_a_story_that_is_read_again_and_again_counts_once() -> None:
    ordinary = [stats(1, authors=number % 5 > 1) for number in range(200)]
    again = {**stats(1), "story/new": 0, "story/unchanged": 1}
    runs = [again, again, again, stats(1), *ordinary[2:]]
    assert not _has(judge(Shares.of(again), Before.of(runs)).doubts)


def test_a_story_that_has_it_again_is_well_and_nothing_else_is() -> None:
    before = Before.of([stats(10, authors=9) for _ in range(30)])
    assert "authors" in judge(Shares.of(stats(1, authors=1)), before).well
    assert "authors" not in judge(Shares.of(stats(1)), before).well
    assert judge(Shares(), before).well == set()


def test_little_known_is_judged_by_nobody() -> None:
    before = Before.of([stats(1, authors=1) for _ in range(14)])
    assert judge(Shares.of(stats(5)), before).doubts == []


def test_history_is_no_measure_for_news_once_there_is_enough() -> None:
    history = {"story/read": 300, "story/new": 300, "old/story/read": 300, "layout/e4": 300}
    history |= {"evidence/authors/css": 300, "old/evidence/authors/css": 300, "old/layout/e4": 300}
    news = [stats(1) for _ in range(30)]  # whose pages have no authors, and never had
    assert _has(judge(Shares.of(stats(3)), Before.of([*news[:5], history])).doubts)
    assert not _has(judge(Shares.of(stats(3)), Before.of([*news, history])).doubts)


def test_what_has_one_cause_is_one_alarm() -> None:
    full = {"headline": 10, "authors": 10, "article_body": 10, "date_published": 10}
    before = Before.of([stats(10, **full) for _ in range(20)])
    unread = Shares(unread=5)
    [alarm] = page_verdict(judge(unread, before), "kpop").alarms
    assert alarm.what == "unreadable"
    generic = {**stats(5, headline=5, article_body=5, date_published=5)}
    generic["layout/generic"] = generic.pop("layout/e4")
    [alarm] = page_verdict(judge(Shares.of(generic), before), "kpop").alarms
    assert alarm.what == "layout"
    assert "with it fell authors" in alarm.seen
    both = page_verdict(judge(Shares.of(stats(5, headline=5, article_body=5)), before), "kpop")
    assert {alarm.what for alarm in both.alarms} == {"field/authors", "field/date_published"}
    assert {"kpop/field/headline", "kpop/layout", "kpop/unreadable"} <= both.well
    moved = stats(5, authors=5, article_body=5) | {
        "evidence/headline/meta": 5,
        "evidence/date_published/meta": 5,
    }
    [alarm] = page_verdict(judge(Shares.of(moved), before), "kpop").alarms
    assert alarm.what == "evidence/css"


def test_the_alarm_names_what_was_seen_and_what_is_usual() -> None:
    before = Before.of([stats(10, authors=10) for _ in range(20)])
    again = [Again(f"https://example.org/{n}", STORY, NO_AUTHORS) for n in range(3)]
    [alarm] = page_verdict(judge(Shares.of(stats(1)), before, again), "kpop").alarms
    assert alarm.seen == (
        "authors in none of 1 story; of 3 older pages that had it, 3 lost it"
        " (https://example.org/0, https://example.org/1)"
    )
    assert alarm.usual == "authors in 100 % of the 200 stories before"
    unread = Shares.of({"story/failed/unreadable": 2})
    lost = [Again("https://example.org/0", STORY, UNREADABLE)] * 3
    [alarm] = page_verdict(judge(unread, before, lost), "kpop").alarms
    assert alarm.seen.startswith("a story in none of 2 pages; of 3 older pages")


counts = st.integers(1, 60)


@given(has=counts, lacks=counts, usual=st.integers(15, 300), others=st.integers(0, 300))
def test_more_without_it_is_never_less_of_a_doubt(
    has: int, lacks: int, usual: int, others: int
) -> None:
    known = (usual, usual + others)
    here = bayes_factor(has, has + lacks, *known)
    assert bayes_factor(has, has + lacks, *known, lost=1) > here
    assert bayes_factor(has, has + lacks, *known, kept=1) < here
    assert bayes_factor(has, has, *known) < WELL < DOUBT < ALARM


@given(st.lists(st.sampled_from([STORY, NO_AUTHORS]), max_size=20))
def test_shares_add_up(stories: list[object]) -> None:
    counted = [stats(1, authors=each is STORY) for each in stories]
    runs = [Shares.of(each) for each in counted]
    both = sum(runs, Shares())
    assert both == Shares.of(total(counted))
    assert both.share("authors") == (stories.count(STORY), len(stories))
    assert both - both == Shares(has=Counter(), issues=Counter())
