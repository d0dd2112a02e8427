"""Whose copy a story is, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from heraldcrawl.duplicates.signature import sign
from heraldcrawl.duplicates.text import Text, likeness
from heraldcrawl.reading.export import export
from heraldcrawl.reading.formats import JsonLines
from heraldcrawl.reading.selection import Selection
from heraldcrawl.store import Store, duplicates, migrate
from tests.duplicates.labelled import COPIES, build, pairs
from tests.duplicates.language import Writer
from tests.stories import FETCHED, execute, fill, settle, store, story

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heraldcrawl.items import Article
    from heraldcrawl.store.link import Connection

WRITER = Writer(Random(8))
SENTENCES = [WRITER.sentence() for _ in range(20)]
BODY = " ".join(SENTENCES[:12])


def copy(number: int, body: str = BODY, **changes: Any) -> Article:
    """A story on a day of its own, with headline and byline of its own."""
    made = story(number, article_body=body, **changes)
    return replace(made, content_hash=f"{made.headline}\n{body}")


def originals(url: str) -> dict[str, str | None]:
    return dict(execute(url, "SELECT id, duplicate_of FROM articles"))


def is_copy(one: Text, other: Text) -> bool:
    """Whether the signatures show it and the texts confirm it."""
    signatures = sign(one), sign(other)
    bits = [int((signature.bits or "x0")[1:], 16) for signature in signatures]
    found = {*signatures[0].bands} & {*signatures[1].bands} and (
        bits[0] ^ bits[1]
    ).bit_count() <= 190
    return bool(found) and likeness(one, other) is not None


def expected(articles: Sequence[Article]) -> dict[str, str | None]:
    """What the rule says: from the earliest on, each belongs to the earliest original like it."""
    found: dict[str, str | None] = {}
    kept: list[tuple[Article, Text]] = []
    for each in sorted(articles, key=lambda a: (a.date_published or "9", a.id)):
        text = Text(each.article_body, each.content_hash)
        found[each.id] = next((o.id for o, other in kept if is_copy(text, other)), None)
        if found[each.id] is None:
            kept.append((each, text))
    return found


def test_the_original_may_be_stored_after_its_copies(database_url: str) -> None:
    """A first walk goes newest first."""
    first, second, third = (copy(n) for n in (1, 2, 3))
    assert store(database_url, third)[third.id].duplicate_of is None
    assert store(database_url, second)[second.id].duplicate_of is None
    assert store(database_url, first)[first.id].duplicate_of is None
    assert originals(database_url) == {first.id: None, second.id: first.id, third.id: first.id}


def test_the_outcome_tells_the_original_at_once(database_url: str) -> None:
    batch = [copy(1), copy(2, BODY + " " + SENTENCES[13]), story(3)]
    outcomes = store(database_url, *batch)
    assert [outcomes[each.id].duplicate_of for each in batch] == [None, batch[0].id, None]
    assert execute(database_url, "SELECT of_original FROM duplicates") == [(1,)]


def test_stories_without_a_text_are_nobodys_copies(database_url: str) -> None:
    for body in ("", "(Yonhap)", "By Korea Herald"):
        same = [replace(copy(n, body), headline="Snow", content_hash=body) for n in (1, 2)]
        assert store(database_url, *same)[same[1].id].duplicate_of is None


def test_a_copy_is_like_its_original_itself(database_url: str) -> None:
    """Each has a third more than the one before: none is like the one before the last."""
    growing = [copy(n, " ".join(SENTENCES[: 5 + n * 3])) for n in range(4)]
    store(database_url, *growing)
    assert originals(database_url) == expected(growing)
    of = originals(database_url)
    assert all(of[original] is None for original in of.values() if original)


def test_a_story_that_changes_is_looked_at_anew_and_so_are_its_copies(database_url: str) -> None:
    first, second, third = (copy(n) for n in (1, 2, 3))
    store(database_url, first, second, third)
    other = " ".join(SENTENCES[12:])
    store(database_url, replace(copy(1, other), fetched_at=FETCHED + timedelta(hours=9)))
    assert originals(database_url) == {first.id: None, second.id: None, third.id: second.id}
    store(database_url, replace(copy(1), fetched_at=FETCHED + timedelta(hours=10)))
    assert originals(database_url) == {first.id: None, second.id: first.id, third.id: first.id}
    assert execute(
        database_url, "SELECT count(*) FROM revisions WHERE article_id = %s", first.id
    ) == [(3,)]


def test_a_story_whose_date_changes_may_become_the_copy(database_url: str) -> None:
    first, second = copy(1), copy(2)
    store(database_url, first, second)
    later = copy(1, date_published="2026-04-01T09:00:00+09:00", headline="Corrected")
    store(database_url, replace(later, content_hash="c", fetched_at=FETCHED + timedelta(hours=9)))
    assert originals(database_url) == {first.id: second.id, second.id: None}


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_any_batches_give_the_same_groups(database_url: str, seed: int) -> None:
    """Three texts, cut and changed so that some are like some: all at once, one by one, edited."""
    rng = Random(seed)
    articles = []
    for number in range(30):
        start = rng.choice((0, 0, 4, 8))
        sentences = SENTENCES[start : start + rng.randint(6, 12)]
        if rng.random() < 0.3:
            sentences[rng.randrange(len(sentences))] = Writer(rng).sentence()
        articles.append(copy(number, " ".join(sentences)))
    articles[3].date_published = articles[4].date_published = None
    arrival = rng.sample(articles, len(articles))
    while arrival:
        batch, arrival = arrival[: rng.choice((1, 2, 9))], arrival[9:]
        store(database_url, *batch)
    store(database_url, *articles)
    assert originals(database_url) == expected(articles)
    for number in rng.sample(range(30), 4):
        articles[number] = replace(
            copy(number, articles[number - 1].article_body),
            fetched_at=FETCHED + timedelta(days=40),
        )
        store(database_url, articles[number])
        assert originals(database_url) == expected(articles)


def test_of_two_crawls_that_store_copies_at_once_the_second_sees_the_first(
    database_url: str,
) -> None:
    async def work() -> None:
        stores = [Store(database_url, patience_seconds=5) for _ in range(3)]
        for each in stores:
            await each.open("northkorea", {})
        for number in range(0, 60, 6):
            await asyncio.gather(
                *(
                    each.store([copy(number + place), copy(number + place + 3, SENTENCES[0] * 9)])
                    for place, each in enumerate(stores)
                )
            )
        for each in stores:
            await each.close("finished", {})

    asyncio.run(work())
    first, other = (copy(n).id for n in (0, 3))
    of = originals(database_url)
    assert len(of) == 60
    assert {id_ for id_, original in of.items() if original is None} == {first, other}


def test_a_transaction_that_breaks_off_links_nothing_and_its_lock_is_gone(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(database_url, copy(2))
    link = duplicates.link

    async def cut(connection: Connection, *arguments: Any, **options: Any) -> None:
        monkeypatch.setattr(duplicates, "link", link)
        await link(connection, *arguments, **options)
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as other:
            await other.execute("SELECT pg_terminate_backend(%s)", [connection.info.backend_pid])

    monkeypatch.setattr(duplicates, "link", cut)
    assert store(database_url, copy(1))[copy(1).id].outcome == "new"
    assert originals(database_url) == {copy(1).id: None, copy(2).id: copy(1).id}


def test_a_delta_has_the_copies_whose_original_came(database_url: str) -> None:
    store(database_url, copy(2), copy(5, SENTENCES[0]))
    settle(database_url)
    with psycopg.connect(database_url) as connection:
        point = export(connection, JsonLines(BytesIO()), Selection())
    store(database_url, copy(1))
    for selection, ids in ((Selection(), [1, 2]), (Selection(originals=True), [1, 2])):
        with psycopg.connect(database_url) as connection:
            file = BytesIO()
            export(connection, JsonLines(file), selection, changed_since=point)
        records = [json.loads(line) for line in file.getvalue().splitlines()]
        assert [record["id"] for record in records] == [copy(n).id for n in ids]
        assert [record["duplicate_of"] for record in records] == [None, copy(1).id]


def test_what_an_older_version_stored_is_compared_part_by_part(
    empty_database_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = empty_database_url()
    migrate(url, to=2)
    fill(url, 40)
    body = "UPDATE articles SET article_body = %s, duplicate_of = %s WHERE id = ANY(%s)"
    execute(url, body, BODY, None, ["7", "31", "12"])
    execute(url, body, "(Yonhap)", "2", ["3", "4"])  # as headline-only stories were linked once
    execute(url, body, "(Yonhap)", None, ["2"])
    execute(url, body, SENTENCES[0] * 9, "20", ["21"])
    execute(url, body, SENTENCES[0] * 9, None, ["20"])
    migrate(url)
    monkeypatch.setattr(duplicates, "_BATCH", 7)
    of = originals(url)

    async def work() -> None:
        store = Store(url)
        await store.open("northkorea", {})
        assert await store.sign_older(0) == 0
        assert await store.sign_older(60) == 40
        assert await store.sign_older(60) == 0
        await store.close("finished", {})

    asyncio.run(work())
    of |= {"12": "7", "31": "7", "3": None, "4": None}
    assert originals(url) == of
    assert execute(url, "SELECT count(*) FROM signatures WHERE bands IS NULL") == [(0,)]


def test_what_is_promised_of_the_labelled_set(database_url: str) -> None:
    """`benchmarks.duplicates` tells the figures of larger ones."""
    labelled = build(seed=11)
    assert labelled == build(seed=11)
    articles = [
        copy(number, each.body, id=each.id, date_published=each.published.isoformat())
        for number, each in enumerate(labelled)
    ]
    for start in range(0, len(articles), 100):
        store(database_url, *articles[start : start + 100])
    of = originals(database_url)
    groups = {each.id: each.group for each in labelled}
    wrong = [id_ for id_, original in of.items() if original and groups[id_] != groups[original]]
    promised = [(c, o) for c, o in pairs(labelled) if c.kind in COPIES]
    found = [c for c, o in promised if of[c.id] == o.id]
    assert len(promised) == 50 * len(COPIES)
    assert len(found) / (len(found) + len(wrong)) >= 0.99
    assert len(found) / len(promised) >= 0.97
