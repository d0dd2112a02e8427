"""What a run counts and what a story has are the same, told twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.items import Article
from heraldcrawl.monitoring.traits import OLD, UNREADABLE, Shares, counted, traits_of

FETCHED = datetime(2026, 3, 31, 20, tzinfo=UTC)  # 1 April in Korea
FIELDS = ("headline", "authors", "article_body", "section", "breadcrumbs", "images")

articles = st.builds(
    Article,
    id=st.just("1"),
    url=st.just(""),
    article_body=st.text(max_size=10).map(lambda text: text * 60),
    layout=st.sampled_from(["e3", "e4", "generic"]),
    sources=st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["css", "json-ld", "list"])),
    issues=st.lists(
        st.sampled_from(["authors", "json-ld", "date_published:day-only"]), unique=True
    ),
    date_published=st.sampled_from([None, "2026-03-02", "2026-03-01T10:00:00+09:00"]),
    fetched_at=st.just(FETCHED),
)


@given(st.lists(articles, min_size=1, max_size=8))
def test_a_run_s_shares_are_its_stories_traits(stories: list[Article]) -> None:
    stats = Counter(key for story in stories for key in counted(story))
    shares = Shares.of(stats)
    assert shares.stories == len(stories)
    for trait in shares.names():
        has = sum(trait in traits_of(story) for story in stories)
        assert shares.share(trait) == (has, len(stories))


def test_a_story_of_the_last_thirty_days_is_news_and_the_undated_as_well() -> None:
    story = Article("1", "", fetched_at=FETCHED, layout="e4")
    days = {None: 0, "2026-03-02": 0, "2026-03-01T23:59:00+09:00": 1, "2012-01-01": 1}
    for published, old in days.items():
        stats = Counter(counted(replace(story, date_published=published)))
        assert stats["story/read"] == 1
        assert stats[f"{OLD}story/read"] == old
    assert Shares.of(Counter(counted(story))) - Shares.of({}, OLD) == Shares.of(
        {"story/read": 1, "story/short": 1, "layout/e4": 1}
    )


def test_an_unreadable_page_has_nothing() -> None:
    assert all(trait not in UNREADABLE for trait in ("read", "authors", "-json-ld", "layout"))
