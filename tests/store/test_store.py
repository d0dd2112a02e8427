"""The store, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from heraldcrawl.items import Article, Author, Image
from heraldcrawl.site.lists import ListEntry
from heraldcrawl.store import Lease, Outcome, Store
from heraldcrawl.store.queries import load
from heraldcrawl.store.records import entry_record
from tests.crawling import select
from tests.stories import run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FETCHED = datetime(2026, 3, 1, 12, tzinfo=UTC)
NORTH_KOREA = ("National", "North Korea")


def entry(number: int) -> ListEntry:
    return ListEntry(
        id=f"{20260301000000 + number}",
        url=f"https://www.koreaherald.com/view.php?ud={20260301000000 + number}",
        headline=f"Story {number}",
        date_published=date(2026, 3, 1),
    )


def article(number: int, **changes: Any) -> Article:
    story = Article(
        id=entry(number).id,
        url=entry(number).url,
        headline=f"Story {number}",
        authors=[Author("Kang Do-yun", "kdy@example.com")],
        date_published="2026-03-01T09:30:00+09:00",
        breadcrumbs=["National"],
        section="National",
        article_body=f"Body {number}",
        images=[Image("https://example.com/a.jpg", "A caption", "Yonhap")],
        keywords=["Photo News"],
        layout="e4",
        sources={"headline": "json-ld"},
        content_hash=f"hash {number}",
        fetched_at=FETCHED,
    )
    return replace(story, **changes)


def rows(url: str, query: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def announce(*numbers: int, **how: Any) -> Callable[[Store], Awaitable[Any]]:
    return lambda store: store.ledger.record_listing(
        "northkorea", NORTH_KOREA, [entry(n) for n in numbers], **how
    )


async def set_aside(store: Store) -> None:
    [lease] = await store.ledger.lease("northkorea", 9, 600)
    await store.ledger.set_aside(lease.article_id, "northkorea", "filed under Politics")


def test_a_new_story_is_stored_with_its_first_revision_and_leaves_the_ledger(
    database_url: str,
) -> None:
    _, outcomes = run(database_url, announce(1), lambda store: store.store([article(1)]))
    assert outcomes[entry(1).id] == Outcome(entry(1).id, "new", 1, FETCHED, None)
    assert rows(database_url, "SELECT reason, article_body FROM revisions") == [("first", "Body 1")]
    assert rows(database_url, "SELECT * FROM ledger") == []
    assert rows(database_url, "SELECT pending FROM listings") == [(False,)]


def test_a_changed_text_is_a_revision_and_an_unchanged_one_only_a_later_last_seen(
    database_url: str,
) -> None:
    later, latest = FETCHED + timedelta(hours=1), FETCHED + timedelta(hours=2)
    changed = article(1, article_body="Body, edited", content_hash="other", fetched_at=later)
    _, second, third = run(
        database_url,
        lambda store: store.store([article(1)]),
        lambda store: store.store([changed]),
        lambda store: store.store([replace(changed, layout="e3", fetched_at=latest)]),
    )
    assert (second[article(1).id].outcome, second[article(1).id].revision) == ("changed", 2)
    assert (third[article(1).id].outcome, third[article(1).id].revision) == ("unchanged", 2)
    assert rows(database_url, "SELECT revision, reason, fetched_at FROM revisions ORDER BY 1") == [
        (1, "first", FETCHED),
        (2, "changed", later),
    ]
    [current] = rows(
        database_url,
        "SELECT article_body, layout, fetched_at, last_seen_at, first_seen_at FROM articles",
    )
    assert current == ("Body, edited", "e4", later, latest, FETCHED)


def test_storing_a_batch_twice_tells_the_same_outcome(database_url: str) -> None:
    batch = [article(1), article(2)]
    first, second = run(
        database_url, lambda store: store.store(batch), lambda store: store.store(batch)
    )
    assert first == second
    assert rows(database_url, "SELECT count(*) FROM revisions") == [(2,)]


def test_the_earliest_of_stories_with_one_text_is_the_original(database_url: str) -> None:
    earlier = article(3, content_hash="same", date_published="2026-02-01T00:00:00+09:00")
    batch = [article(1, content_hash="same"), article(2, content_hash="same"), earlier]
    [outcomes] = run(database_url, lambda store: store.store(batch))
    assert [outcomes[entry(n).id].duplicate_of for n in (1, 2, 3)] == [earlier.id, earlier.id, None]


def test_a_day_alone_is_midnight_in_korea(database_url: str) -> None:
    run(database_url, lambda store: store.store([article(1, date_published="2026-03-01")]))
    assert rows(database_url, "SELECT date_published FROM articles") == [
        (datetime(2026, 2, 28, 15, tzinfo=UTC),)
    ]


def test_an_entry_enters_the_ledger_once_whatever_lists_show_it(database_url: str) -> None:
    run(
        database_url,
        announce(1, 2),
        announce(1, 2, 3),
        lambda store: store.ledger.record_listing("national", ("National",), [entry(1)]),
    )
    assert rows(database_url, "SELECT count(*), count(DISTINCT article_id) FROM ledger") == [(3, 3)]
    assert rows(database_url, "SELECT count(*) FROM listings") == [(4,)]


def test_a_stored_story_is_not_fetched_again_unless_asked_for(database_url: str) -> None:
    _, listed, again = run(
        database_url,
        lambda store: store.store([article(1)]),
        announce(1),
        lambda store: store.ledger.record_listing("article", (), [entry(1)], again=True),
    )
    assert [each.pending for each in (*listed, *again)] == [False, True]


def test_a_deeper_list_tells_the_section_of_a_stored_story(database_url: str) -> None:
    business = article(2, breadcrumbs=["Business"], section="Business")
    run(database_url, lambda store: store.store([article(1), business]), announce(1, 2))
    assert rows(database_url, "SELECT breadcrumbs, section FROM articles ORDER BY id") == [
        (["National", "North Korea"], "North Korea"),
        (["Business"], "Business"),
    ]


def test_a_leased_story_is_nobody_elses_until_its_run_is_gone(database_url: str) -> None:
    async def work() -> list[list[Lease]]:
        one, two = Store(database_url), Store(database_url)
        await one.open("northkorea", {})
        await two.open("northkorea", {})
        await announce(1, 2, 3)(one)
        leases = [
            await one.ledger.lease("northkorea", 2, 600),
            await two.ledger.lease("northkorea", 9, 600),
        ]
        await two.release_dead_runs()
        leases.append(await two.ledger.lease("northkorea", 9, 600))
        assert await two.ledger.is_outstanding("northkorea")
        # What the kernel does to the connections of a killed process:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d"
                " ON d.oid = database AND datname = current_database()"
                " WHERE locktype = 'advisory' AND objid = %s",
                [one.run],
            )
        await asyncio.sleep(0.2)
        await two.release_dead_runs()
        leases.append(await two.ledger.lease("northkorea", 9, 600))
        await two.close("finished", {})
        await one.close("finished", {})
        return leases

    first, second, third, fourth = asyncio.run(work())
    assert [lease.article_id for lease in first] == [entry(1).id, entry(2).id]
    assert [lease.article_id for lease in second] == [entry(3).id]
    assert third == []
    assert {lease.article_id for lease in fourth} == {entry(1).id, entry(2).id}


def test_a_failed_story_waits_and_is_dead_after_the_last_attempt(database_url: str) -> None:
    async def work(store: Store) -> list[str]:
        await announce(1)(store)
        states = []
        for _ in range(3):
            rows(database_url, "UPDATE ledger SET due_at = now() RETURNING 1")
            await store.ledger.lease("northkorea", 1, 600)
            states.append(await store.ledger.fail(entry(1).id, "timeout", "\0", attempts=3))
        # The same once more, as if the answer had been lost, counts for nothing.
        states.append(await store.ledger.fail(entry(1).id, "timeout", "", attempts=3))
        return states

    assert run(database_url, work) == [["waiting", "waiting", "dead", "dead"]]
    assert rows(database_url, "SELECT attempts, reason FROM ledger") == [(3, "timeout")]
    assert rows(database_url, "SELECT pending FROM listings") == [(False,)]


def test_a_story_set_aside_waits_again_when_another_list_shows_it(database_url: str) -> None:
    async def work(store: Store) -> list[bool]:
        await announce(1)(store)
        await set_aside(store)
        [again] = await announce(1)(store)
        [elsewhere] = await store.ledger.record_listing(
            "politics", ("National", "Politics"), [entry(1)]
        )
        return [again.pending, elsewhere.pending]

    assert run(database_url, work) == [[False, True]]


def test_a_story_that_another_list_waits_for_is_set_aside_for_its_own_list_alone(
    database_url: str,
) -> None:
    async def work(store: Store) -> list[Any]:
        await store.ledger.record_listing("politics", ("National", "Politics"), [entry(1)])
        await announce(1)(store)
        await set_aside(store)
        await announce(1)(store)
        return [await store.ledger.lease(name, 9, 600) for name in ("northkorea", "politics")]

    [[own, other]] = run(database_url, work)
    assert (own, [lease.article_id for lease in other]) == ([], [entry(1).id])


def test_a_story_set_aside_while_another_list_announces_it_waits_for_that_list(
    database_url: str,
) -> None:
    """The announcement began before the story was set aside, and ends after."""

    async def work(store: Store) -> list[Any]:
        await announce(1)(store)
        [lease] = await store.ledger.lease("northkorea", 9, 600)
        async with await psycopg.AsyncConnection.connect(database_url) as other:
            listing = {"list": "politics", "path": ["National", "Politics"], "again": False}
            told = [entry_record(0, entry(1), wanted=True)]
            listing |= {"entries": json.dumps(told), "walk": None}
            await other.execute(load("ledger")["record_listing"], listing)
            aside = store.ledger.set_aside(lease.article_id, "northkorea", "filed elsewhere")
            waiting = asyncio.create_task(aside)
            await asyncio.sleep(0.3)
            assert not waiting.done()
            await other.commit()
            await waiting
        return await store.ledger.lease("politics", 9, 600)

    [leases] = run(database_url, work)
    assert [lease.article_id for lease in leases] == [entry(1).id]


def test_a_story_that_another_run_has_leased_meanwhile_stays_with_that_run(
    database_url: str,
) -> None:
    async def work(store: Store) -> list[Any]:
        await announce(1)(store)
        [lease] = await store.ledger.lease("northkorea", 9, 600)
        with psycopg.connect(database_url) as connection:  # as if the run had hung for long
            connection.execute("UPDATE ledger SET leased_until = now() - interval '1 second'")
        other = Store(database_url)
        await other.open("northkorea", {})
        try:
            await other.ledger.lease("northkorea", 9, 600)
            await store.ledger.set_aside(lease.article_id, "northkorea", "filed elsewhere")
            return [*rows(database_url, "SELECT state, leased_by FROM ledger"), other.run]
        finally:
            await other.close("finished", {})

    [[(state, leased_by), other_run]] = run(database_url, work)
    assert (state, leased_by) == ("waiting", other_run)


def test_a_walk_is_taken_up_where_it_was_interrupted_and_covers_only_when_finished(
    database_url: str,
) -> None:
    async def begin(store: Store) -> Any:
        walk = await store.walks.open("northkorea")
        assert walk is not None
        listed = await announce(1, walk=walk)(store)
        await store.walks.advance(walk, [entry(1).id], 7)
        return listed

    async def go_on(store: Store) -> Any:
        walk = await store.walks.open("northkorea")
        assert walk is not None
        assert walk.next_page == 7
        [seen] = await announce(1, walk=walk)(store)
        await store.walks.advance(walk, [entry(1).id], 2, end=True)
        return seen

    [new], seen, [covered] = run(database_url, begin, go_on, announce(1))
    assert (new.is_new, new.is_covered) == (True, False)
    assert (seen.is_new, seen.is_walked, seen.is_covered) == (False, True, False)
    assert (covered.is_new, covered.is_covered) == (False, True)


def test_a_walk_that_is_finished_stays_finished_whatever_is_told_late(database_url: str) -> None:
    async def work(store: Store) -> None:
        walk = await store.walks.open("northkorea")
        assert walk is not None
        await store.walks.advance(walk, [], end=True)
        await store.walks.advance(walk, [], 3)

    run(database_url, work)
    [row] = select(database_url, "SELECT finished_at, walked_by FROM walks")
    assert row["finished_at"] is not None
    assert row["walked_by"] is None


def test_one_run_walks_a_list_at_a_time(database_url: str) -> None:
    async def work() -> list[bool]:
        one, two = Store(database_url), Store(database_url)
        await one.open("northkorea", {})
        await two.open("northkorea", {})
        walks = [await store.walks.open("northkorea") for store in (one, two)]
        await one.close("shutdown", {})
        walks.append(await two.walks.open("northkorea"))
        await two.close("finished", {})
        return [walk is not None for walk in walks]

    assert asyncio.run(work()) == [True, False, True]


def test_the_run_has_a_row_with_its_reason_and_statistics(database_url: str) -> None:
    async def work() -> None:
        store = Store(database_url)
        await store.open("northkorea", {"limit": "3"})
        await store.close("finished", {"start_time": FETCHED, "list/pages": 2})

    asyncio.run(work())
    [(spider, arguments, reason, stats, finished)] = rows(
        database_url, "SELECT spider, arguments, reason, stats, finished_at FROM runs"
    )
    assert (spider, arguments, reason) == ("northkorea", {"limit": "3"}, "finished")
    assert stats["list/pages"] == 2
    assert finished is not None


def test_a_text_that_the_database_refuses_fails_alone(database_url: str) -> None:
    with pytest.raises(psycopg.DataError):
        run(database_url, lambda store: store.store([article(1, headline="\ud800")]))
    assert rows(database_url, "SELECT count(*) FROM articles") == [(0,)]


def test_a_story_stored_while_it_is_announced_elsewhere_does_not_wait_again(
    database_url: str,
) -> None:
    """The announcement began before the story was committed, and ends after."""

    async def work(store: Store) -> list[Any]:
        await announce(1, 2)(store)
        await store.store([article(2)])
        other = await psycopg.AsyncConnection.connect(database_url)
        async with other:
            await other.execute(
                "INSERT INTO articles"
                " SELECT (jsonb_populate_record(a, %s::jsonb)).* FROM articles a",
                [f'{{"id": "{entry(1).id}"}}'],
            )
            await other.execute("DELETE FROM ledger WHERE article_id = %s", [entry(1).id])
            listing = store.ledger.record_listing("national", ("National",), [entry(1)])
            announcement = asyncio.create_task(listing)
            await asyncio.sleep(0.3)
            assert not announcement.done()
            await other.commit()
            await announcement
        return await store.ledger.lease("national", 9, 600)

    assert run(database_url, work) == [[]]
    assert rows(database_url, "SELECT * FROM ledger") == []
    assert rows(database_url, "SELECT pending FROM listings WHERE list = 'national'") == [(False,)]


def test_a_lease_whose_answer_was_lost_is_given_again(database_url: str) -> None:
    async def work(store: Store) -> list[int]:
        await announce(1, 2, 3)(store)
        known = await store.ledger.lease("northkorea", 1, 600)
        lost = await store.ledger.lease("northkorea", 1, 600)
        store._held.pop(lost[0].article_id)  # noqa: SLF001  (what a lost answer leaves)
        again = await store.ledger.lease("northkorea", 9, 600)
        assert known[0] not in again
        return [len(known), len(again)]

    assert run(database_url, work) == [[1, 2]]


def test_turns_at_a_host_are_a_delay_apart_whoever_takes_them(database_url: str) -> None:
    async def work() -> list[float]:
        one, two = Store(database_url), Store(database_url)
        await one.open("northkorea", {})
        await two.open("northkorea", {})
        turns = [await store.take_turn("site", 60) for store in (one, two, one)]
        elsewhere = await one.take_turn("another site", 60)
        await one.close("finished", {})
        await two.close("finished", {})
        return [*turns, elsewhere]

    first, second, third, elsewhere = asyncio.run(work())
    assert first == elsewhere == 0
    assert 50 < second <= 60
    assert 110 < third <= 120


def test_a_run_whose_connection_was_cut_is_alive_again_at_once(database_url: str) -> None:
    async def work(store: Store) -> Any:
        await announce(1)(store)
        await store.ledger.lease("northkorea", 1, 600)
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as other:
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d"
                " ON d.oid = database AND datname = current_database() WHERE locktype = 'advisory'"
            )
            while True:  # nobody but the idle connection itself can notice
                await asyncio.sleep(0.05)
                found = await other.execute(
                    "SELECT count(*) FROM pg_locks JOIN pg_database d"
                    " ON d.oid = database AND datname = current_database()"
                    " WHERE locktype = 'advisory' AND objid = %s",
                    [store.run],
                )
                if await found.fetchone() == (1,):
                    return True

    assert run(database_url, work) == [True]
