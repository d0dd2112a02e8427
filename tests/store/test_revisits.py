"""When stories are looked at again, and what becomes of it, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from heraldcrawl.errors import ArgumentError
from heraldcrawl.site.dates import KST
from heraldcrawl.site.lists import ListEntry
from heraldcrawl.store import Store, Visit
from heraldcrawl.store.revisits import parse_ages
from tests.stories import execute, story

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from heraldcrawl.items import Article
    from heraldcrawl.store import Lease

AGES = parse_ages([1, 6, 24, 168])
HOUR = timedelta(hours=1)


def run(url: str, work: Callable[[Store], Awaitable[Any]], ages: Sequence[timedelta] = AGES) -> Any:
    async def with_a_store() -> Any:
        store = Store(url, patience_seconds=5, revisit_ages=ages)
        store.revisits.look_seconds = 0
        await store.open("northkorea", {})
        try:
            return await work(store)
        finally:
            await store.close("finished", {})

    return asyncio.run(with_a_store())


def fresh(number: int, age: timedelta = timedelta(0), **changes: Any) -> Article:
    """A story that was published so long ago, and is fetched now."""
    published = (datetime.now(KST) - age).isoformat(timespec="seconds")
    return story(number, date_published=published, fetched_at=datetime.now(UTC), **changes)


async def listed(store: Store, *articles: Article, slug: str = "northkorea") -> None:
    entries = [ListEntry(each.id, each.url, each.headline) for each in articles]
    await store.ledger.record_listing(slug, ("National",), entries)


async def leased(store: Store, slug: str = "northkorea") -> list[Lease]:
    return await store.ledger.lease(slug, 9, 600, revisits=9)


def due(url: str) -> dict[str, datetime]:
    return dict(execute(url, "SELECT article_id, due_at FROM revisits"))


def make_due(url: str) -> None:
    execute(url, "UPDATE revisits SET due_at = now() - interval '1 s'")


# --- when ----------------------------------------------------------------------------------------

hours = st.floats(-3, 400).map(lambda number: timedelta(hours=round(number, 2)))
moments = st.tuples(hours, st.sampled_from(["time", "day", "nothing"]), hours)


def next_look(now: datetime, published: str | None, seen: datetime) -> datetime | None:
    """What the README says."""
    start = seen
    if published and "T" in published:
        start = min(seen, datetime.fromisoformat(published))
    elif published:
        day = date.fromisoformat(published)
        start = min(seen, datetime(day.year, day.month, day.day, tzinfo=KST) + 24 * HOUR)
    return min((start + age for age in AGES if start + age > now), default=None)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(moments, min_size=1, max_size=20))
def test_the_next_look_is_the_first_age_that_is_still_to_come(
    database_url: str, cases: list[Any]
) -> None:
    now = datetime.now(UTC)
    articles = []
    for number, (age, kind, seen) in enumerate(cases):
        published: str | None = (now - age).astimezone(KST).isoformat(timespec="seconds")
        issues = []
        if kind == "day":
            published, issues = str(published)[:10], ["date_published:day-only"]
        elif kind == "nothing":
            published = None
        first_seen = now - abs(seen)
        articles.append(
            story(number, date_published=published, issues=issues, fetched_at=first_seen)
        )
    execute(database_url, "TRUNCATE articles CASCADE")
    run(database_url, lambda store: store.store(articles))
    expected = {
        article.id: look
        for article in articles
        if (look := next_look(now, article.date_published, article.fetched_at or now))
    }
    event("rests" if len(expected) < len(articles) else "is young")
    found = due(database_url)
    # An age that came in the second between is no matter.
    assert {id_ for id_, at in found.items() if at > now + HOUR / 60} == {
        id_ for id_, at in expected.items() if at > now + HOUR / 60
    }
    assert all(found[id_] == at for id_, at in expected.items() if at > now + HOUR / 60)


def test_missed_moments_are_not_caught_up_one_by_one(database_url: str) -> None:
    old = fresh(1, age=30 * HOUR)

    async def work(store: Store) -> list[int]:
        await listed(store, old)
        await store.store([old])
        execute(database_url, "UPDATE revisits SET due_at = now() - interval '29 hours'")
        looks = []
        for _ in range(3):
            leases = await leased(store)
            looks.append(len(leases))
            for lease in leases:
                await store.revisits.see_unchanged(lease.article_id, lease.url, datetime.now(UTC))
        return looks

    assert run(database_url, work) == [1, 0, 0]
    [at] = due(database_url).values()
    assert 137 * HOUR < at - datetime.now(UTC) < 139 * HOUR


def test_after_the_last_look_a_story_rests(database_url: str) -> None:
    old = fresh(1, age=200 * HOUR)
    run(database_url, lambda store: store.store([old]))
    assert due(database_url) == {}


def test_without_ages_nothing_is_set(database_url: str) -> None:
    run(database_url, lambda store: store.store([fresh(1)]), ages=())
    assert due(database_url) == {}


@pytest.mark.parametrize("hours", [["x"], [0], [-1], ["nan"], ["inf"], [1e9], [1] * 101])
def test_ages_that_are_none_are_refused(hours: list[object]) -> None:
    with pytest.raises(ArgumentError, match="are no hours after publication"):
        parse_ages(hours)


# --- who -----------------------------------------------------------------------------------------


def test_a_look_is_taken_for_a_list_that_showed_the_story_with_what_the_archive_knows(
    database_url: str,
) -> None:
    article = fresh(1, description="A summary")

    async def work(store: Store) -> list[list[Lease]]:
        await listed(store, article)
        await store.ledger.lease("northkorea", 9, 600)
        tell = Visit(f"{article.url}&x=1", etag='"a"', last_modified="then")
        store.note(article.id, tell)
        await store.store([article])
        make_due(database_url)
        await listed(store, article, slug="national")
        others = await leased(store, "politics")
        plain = await store.ledger.lease("northkorea", 9, 600)
        return [others, plain, await leased(store, "national"), await leased(store)]

    others, plain, ours, again = run(database_url, work)
    assert (others, plain, again) == ([], [], [])
    [lease] = ours
    assert (lease.article_id, lease.url) == (article.id, f"{article.url}&x=1")
    assert (lease.is_revisit, lease.has_text, lease.etag) == (True, True, '"a"')
    assert (lease.headline, lease.section) == (article.headline, article.breadcrumbs)
    assert lease.date_published == article.date_published


def test_a_revisit_is_nothing_that_a_list_waits_for(database_url: str) -> None:
    article = fresh(1)

    async def work(store: Store) -> Any:
        await listed(store, article)
        await store.store([article])
        make_due(database_url)
        await leased(store)
        entry = ListEntry(article.id, article.url, article.headline)
        [again] = await store.ledger.record_listing("northkorea", ("National",), [entry])
        waits = await store.ledger.is_outstanding("northkorea")
        return again.pending, waits, await store.revisits.is_outstanding("northkorea")

    assert run(database_url, work) == (False, False, True)


def test_a_story_that_is_being_stored_is_not_looked_at_once_more(database_url: str) -> None:
    """The look began before the story was committed, and ends after."""
    article = fresh(1)

    async def work(store: Store) -> list[Lease]:
        await listed(store, article)
        await store.store([article])
        make_due(database_url)
        await leased(store)
        other = await psycopg.AsyncConnection.connect(database_url)
        async with other:
            await other.execute("DELETE FROM ledger")
            await other.execute("UPDATE revisits SET due_at = now() + interval '1 hour'")
            two = Store(database_url, revisit_ages=AGES)
            two.revisits.look_seconds = 0
            await two.open("northkorea", {})
            look = asyncio.create_task(leased(two))
            await asyncio.sleep(0.3)
            await other.commit()
            found = [*await look, *await leased(two)]
            await two.close("finished", {})
            return found

    assert run(database_url, work) == []
    assert execute(database_url, "SELECT * FROM ledger") == []


# --- what becomes of it --------------------------------------------------------------------------


def test_a_dead_revisit_is_tried_afresh_at_the_next_age_or_when_it_is_put_back(
    database_url: str,
) -> None:
    article = fresh(1)

    async def work(store: Store) -> list[Any]:
        await listed(store, article)
        await store.store([article])
        make_due(database_url)
        await leased(store)
        states: list[Any] = [await store.ledger.fail(article.id, "http_500", "", attempts=1)]
        states.append(await leased(store))
        return states

    assert run(database_url, work) == ["dead", []]
    [(reason, detail)] = execute(database_url, "SELECT reason, detail FROM ledger")
    assert reason == "revisit_http_500"
    assert detail.startswith("the story is stored; only another look at its page failed")
    [at] = due(database_url).values()
    assert at > datetime.now(UTC)
    make_due(database_url)

    async def again(store: Store) -> list[Lease]:
        return await leased(store)

    [lease] = run(database_url, again)
    assert lease.article_id == article.id


def test_a_story_first_missing_at_its_last_look_is_looked_at_once_more(database_url: str) -> None:
    article = fresh(1, age=200 * HOUR)

    async def work(store: Store) -> None:
        await store.store([article])
        await store.revisits.see_gone(article.id, article.url)

    run(database_url, work)
    [at] = due(database_url).values()
    assert 23 * HOUR < at - datetime.now(UTC) < 25 * HOUR

    async def still_gone(store: Store) -> None:
        await store.revisits.see_gone(article.id, article.url)

    run(database_url, still_gone)
    assert due(database_url) == {}
    [(gone_at, last_seen_at)] = execute(database_url, "SELECT gone_at, last_seen_at FROM articles")
    assert gone_at > last_seen_at
    run(database_url, lambda store: store.store([fresh(1, age=200 * HOUR)]))
    assert execute(database_url, "SELECT gone_at FROM articles") == [(None,)]


def test_what_is_told_twice_counts_once(database_url: str) -> None:
    article = fresh(1)

    async def work(store: Store) -> None:
        await listed(store, article)
        await store.store([article])
        for _ in range(2):
            await store.revisits.see_gone(article.id, article.url)
            await store.revisits.see_unchanged(article.id, article.url, datetime.now(UTC))

    run(database_url, work)
    assert len(due(database_url)) == 1
    assert execute(database_url, "SELECT gone_at, revision FROM articles") == [(None, 1)]
