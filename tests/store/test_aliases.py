"""Stories known by two ids, in the transaction that stores them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from heraldcrawl.site.addresses import story_url
from heraldcrawl.site.lists import ListEntry
from heraldcrawl.store import Store, Visit
from tests.stories import FETCHED, execute, run, story

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from heraldcrawl.items import Article

BODY = "The ferry to the northern islands sails again, twice a day, its operator said. " * 3
NUMBER = "10400001"


def old(**changes: Any) -> Article:
    return replace(story(1, article_body=BODY), **changes)


def new(number: str = NUMBER, **changes: Any) -> Article:
    """The same story under today's address."""
    later = FETCHED + timedelta(days=1)
    return old(id=number, url=story_url(number), **{"fetched_at": later} | changes)


def keep(*articles: Article) -> Callable[[Store], Awaitable[Any]]:
    return lambda store: store.store(articles)


def announce(*ids: str, slug: str = "northkorea") -> Callable[[Store], Awaitable[Any]]:
    entries = [ListEntry(id_, story_url(id_), "Ferry") for id_ in ids]
    path = ("National", "North Korea", "Ferries")
    return lambda store: store.ledger.record_listing(slug, path, entries)


def test_a_joined_story_keeps_its_first_id_and_leaves_no_work(database_url: str) -> None:
    changed = new(headline=old().headline, content_hash="another")
    _, _, outcomes = run(database_url, keep(old()), announce(NUMBER), keep(changed))
    outcome = outcomes[NUMBER]
    assert (outcome.id, outcome.outcome, outcome.revision) == (old().id, "changed", 2)
    assert outcome.alias is not None
    assert execute(database_url, "SELECT id, url, revision FROM articles") == [
        (old().id, old().url, 2)
    ]
    assert execute(database_url, "SELECT alias, article_id, evidence FROM aliases") == [
        (NUMBER, old().id, ["published", "headline", "text"])
    ]
    assert execute(database_url, "SELECT * FROM ledger") == []
    assert execute(database_url, "SELECT pending FROM listings") == [(False,)]


def test_of_two_stories_that_lead_to_one_page_the_other_id_is_the_first_ones(
    database_url: str,
) -> None:
    both = [old(), replace(story(2, article_body=BODY), headline=old().headline)]

    async def work(store: Store) -> Any:
        for each in both:
            led = {NUMBER: ("redirect",)}
            store.note(each.id, Visit(story_url(NUMBER), named=led, listed=each.headline))
        return await store.store(both)

    [outcomes] = run(database_url, work)
    first, second = (outcomes[each.id] for each in both)
    assert (first.alias.alias, first.doubts) == (NUMBER, ())
    assert (second.alias, [each.alias for each in second.doubts]) == (None, [NUMBER])
    aliases = execute(database_url, "SELECT alias, article_id FROM aliases")
    assert aliases == [(NUMBER, both[0].id)]
    assert execute(database_url, "SELECT article_id, named FROM claims") == [(both[1].id, NUMBER)]


def test_storing_a_joined_story_twice_tells_the_same(database_url: str) -> None:
    changed = new(content_hash="another")
    _, first, second = run(database_url, keep(old()), keep(changed), keep(changed))
    one, other = first[NUMBER], second[NUMBER]
    assert (one.outcome, one.revision) == (other.outcome, other.revision) == ("changed", 2)
    assert execute(database_url, "SELECT count(*) FROM revisions") == [(2,)]


def test_a_list_that_shows_a_known_story_by_its_other_id_makes_no_work(database_url: str) -> None:
    _, _, [listed] = run(database_url, keep(old()), keep(new()), announce(NUMBER))
    assert (listed.article_id, listed.is_new, listed.pending) == (NUMBER, True, False)
    assert execute(database_url, "SELECT * FROM ledger") == []
    # It was seen on that list, whatever it is called there.
    assert execute(database_url, "SELECT section FROM articles") == [("Ferries",)]
    assert execute(database_url, "SELECT article_id, listed_as, list FROM story_listings") == [
        (old().id, NUMBER, "northkorea")
    ]


def test_a_claim_keeps_no_listed_story_from_being_fetched(database_url: str) -> None:
    async def claim(store: Store) -> Any:
        store.note(old().id, Visit(old().url, named={NUMBER: ("canonical",)}))
        return await store.store([old()])

    _, [listed] = run(database_url, claim, announce(NUMBER))
    assert listed.pending
    assert execute(database_url, "SELECT * FROM aliases") == []
    assert execute(database_url, "SELECT article_id, named, evidence FROM claims") == [
        (old().id, NUMBER, ["canonical"])
    ]


def test_an_alias_that_the_archive_refuses_is_a_claim_and_a_story_of_its_own(
    database_url: str,
) -> None:
    """Two pages of one batch are both the same story's, by all that they say."""
    two = [new("10400001"), new("10400002")]
    _, outcomes = run(database_url, keep(old()), keep(*two))
    [joined] = [id_ for id_, outcome in outcomes.items() if outcome.id == old().id]
    [other] = outcomes.keys() - {joined}
    assert outcomes[joined].alias is not None
    assert (outcomes[other].id, outcomes[other].alias) == (other, None)
    assert [doubt.alias for doubt in outcomes[other].doubts] == [old().id]
    assert execute(database_url, "SELECT alias, article_id FROM aliases") == [(joined, old().id)]


def test_a_dead_letter_under_the_other_id_is_settled_with_the_alias(database_url: str) -> None:
    async def dead(store: Store) -> None:
        await announce(NUMBER)(store)
        await store.ledger.lease("northkorea", 9, 600)
        await store.ledger.fail(NUMBER, "http_500", "", attempts=1)

    async def redirected(store: Store) -> Any:
        store.note(old().id, Visit(story_url(NUMBER), named={NUMBER: ("redirect",)}))
        return await store.store([old()])

    _, _, outcomes = run(database_url, dead, keep(old()), redirected)
    assert outcomes[old().id].alias is not None
    assert execute(database_url, "SELECT * FROM ledger") == []


def test_runs_that_store_both_ids_at_once_do_it_one_after_the_other(database_url: str) -> None:
    """One of them names the other, and both have a line in the ledger."""
    headlined = {"article_body": "A caption", "headline": "[Photo News] The ferry of the islands"}

    async def work() -> None:
        one, two = Store(database_url), Store(database_url)
        for store in (one, two):
            await store.open("northkorea", {})
        await announce(old().id, NUMBER)(one)
        await one.ledger.lease("northkorea", 1, 600)
        await two.ledger.lease("northkorea", 1, 600)
        two.note(NUMBER, Visit(story_url(NUMBER), named={old().id: ("canonical",)}))
        await asyncio.gather(one.store([old(**headlined)]), two.store([new(**headlined)]))
        for store in (one, two):
            await store.close("finished", {})

    asyncio.run(work())
    rows = execute(database_url, "SELECT id FROM articles")
    names = execute(database_url, "SELECT article_id, alias FROM aliases")
    assert len(rows) == len(names) == 1
    assert {*rows[0], *names[0]} == {old().id, NUMBER}
    assert execute(database_url, "SELECT * FROM ledger") == []
