"""The walk against a model of a site whose lists change while they are read, with kills at random.

The model's stories appear at the top, late and further down, are back-dated, and disappear, but not
faster than the walk reads a few pages: nobody can read pages in order that are shuffled in between.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from heraldcrawl.site.lists import ListEntry
from heraldcrawl.spiders.walk import Walker
from heraldcrawl.store import Listed, Store
from heraldcrawl.store.records import Walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PAGE = 5
DEEP_PAGES = 4
#: Pages that are read between two changes.
CALM = 4


@dataclass
class List:
    """A list of the model site, newest first."""

    stories: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def page(self, number: int) -> list[str]:
        return self.stories[(number - 1) * PAGE : number * PAGE]

    def is_last(self, number: int) -> bool:
        return number * PAGE >= len(self.stories)

    def change(self, kind: str, where: float, how_many: int) -> None:
        for _ in range(how_many):
            place = int(where * len(self.stories))
            if kind == "appear":
                self.stories.insert(0, f"{next(self.numbers):05}")
            elif kind == "appear late":
                self.stories.insert(place, f"{next(self.numbers):05}")
            elif self.stories and kind == "disappear":
                self.stories.pop(min(place, len(self.stories) - 1))
            elif self.stories and kind == "be back-dated":
                self.stories.insert(place, self.stories.pop(0))


class Archive(Protocol):
    """What a walk needs of the store."""

    async def open(self, *, full: bool, deep: bool) -> Walk: ...
    async def record(self, walk: Walk, ids: Sequence[str]) -> list[Listed]: ...
    async def advance(self, walk: Walk, ids: Iterable[str], next_page: int | None) -> None: ...
    async def finish(self, walk: Walk, ids: Iterable[str]) -> None: ...
    async def known(self) -> set[str]: ...


class InMemory:
    """The archive as its SQL describes it, without the SQL: thousands of walks a minute."""

    def __init__(self) -> None:
        self.walk_of: dict[str, int | None] = {}
        self.last_walk_of: dict[str, int] = {}
        self.walks: dict[bool, Walk] = {}
        self.finished: set[int] = set()
        self.numbers = count(1)

    async def open(self, *, full: bool, deep: bool) -> Walk:
        new = Walk(next(self.numbers), "northkorea", 1, deep or not self.finished)
        return self.walks.setdefault(full, new)

    async def record(self, walk: Walk, ids: Sequence[str]) -> list[Listed]:
        listed = [
            Listed(
                id_,
                id_ not in self.walk_of,
                pending=False,
                is_covered=self.walk_of.get(id_) in self.finished,
                is_walked=self.last_walk_of.get(id_) == walk.id,
            )
            for id_ in ids
        ]
        for id_ in ids:
            self.walk_of.setdefault(id_, None)
        return listed

    async def advance(self, walk: Walk, ids: Iterable[str], next_page: int | None) -> None:
        for id_ in ids:
            self.last_walk_of[id_] = walk.id
            if self.walk_of[id_] not in self.finished:
                self.walk_of[id_] = walk.id
        for full, open_walk in self.walks.items():
            if open_walk.id == walk.id:
                furthest = max(open_walk.next_page, next_page or 0)
                self.walks[full] = replace(open_walk, next_page=furthest)

    async def finish(self, walk: Walk, ids: Iterable[str]) -> None:
        await self.advance(walk, ids, None)
        self.finished.add(walk.id)
        self.walks = {full: each for full, each in self.walks.items() if each.id != walk.id}

    async def known(self) -> set[str]:
        return set(self.walk_of)


class InPostgres:
    """The real store; every walk is a run of its own."""

    def __init__(self, url: str, store: Store) -> None:
        self.url, self.store = url, store

    async def open(self, *, full: bool, deep: bool) -> Walk:
        walk = await self.store.walks.open("northkorea", full=full, deep_days=0 if deep else 7)
        assert walk is not None
        return walk

    async def record(self, walk: Walk, ids: Sequence[str]) -> list[Listed]:
        entries = [
            ListEntry(id_, f"https://www.koreaherald.com/view.php?ud={id_}", "") for id_ in ids
        ]
        listed = await self.store.ledger.record_listing("northkorea", (), entries, walk=walk)
        return sorted(listed, key=lambda entry: ids.index(entry.article_id))

    async def advance(self, walk: Walk, ids: Iterable[str], next_page: int | None) -> None:
        await self.store.walks.advance(walk, ids, next_page)

    async def finish(self, walk: Walk, ids: Iterable[str]) -> None:
        await self.store.walks.advance(walk, ids, end=True)

    async def known(self) -> set[str]:
        connection = await psycopg.AsyncConnection.connect(self.url)
        async with connection:
            found = await connection.execute("SELECT article_id FROM ledger")
            return {row[0] for row in await found.fetchall()}


class World:
    """A site, an archive, and what is going to happen, one change every few pages."""

    def __init__(self, archive: Archive, stories: int, changes: Iterable[Any]) -> None:
        self.archive = archive
        self.site = List()
        self.site.change("appear", 0, stories)
        self.changes = iter(changes)
        self.is_over = False
        self.reads = 0

    async def walk(self, *, full: bool = False, deep: bool = False) -> bool:
        """Walk, unless killed on the way.

        :returns: whether the walk came to its end
        """
        walk = await self.archive.open(full=full, deep=deep)
        deep_pages = DEEP_PAGES if walk.is_deep and not full else 0
        walker = Walker(walk.next_page, full=full, deep_pages=deep_pages)
        number: int | None = 1
        budget = 5000
        while number is not None:
            budget -= 1
            assert budget, "the walk does not end"
            if self.happens() == "kill":
                return False
            ids = self.site.page(number)
            listed = await self.archive.record(walk, ids)
            step = walker.after(number, listed, is_last=self.site.is_last(number))
            if step.read is None:
                await self.archive.finish(walk, step.passed)
            elif step.passed:
                await self.archive.advance(walk, step.passed, step.next_page)
            number = step.read
        return True

    def happens(self) -> str:
        """What happens before the next page is read."""
        self.reads += 1
        if self.reads % CALM:
            return ""
        change = next(self.changes, None)
        if change is None:
            self.is_over = True
            return ""
        kind, where, how_many = change
        event(kind)
        if kind != "kill":
            self.site.change(kind, where, how_many)
        return str(kind)

    async def walk_until_nothing_happens(self, **how: bool) -> None:
        while not (await self.walk(**how) and self.is_over):
            pass
        await self.walk(**how)  # what happened behind the last walk's back is news to this one

    async def missing(self) -> set[str]:
        return set(self.site.stories) - await self.archive.known()


def changes(*kinds: str) -> st.SearchStrategy[list[tuple[str, float, int]]]:
    where, how_many = st.floats(0, 1, exclude_max=True), st.integers(1, 3 * PAGE)
    return st.lists(st.tuples(st.sampled_from(kinds), where, how_many), max_size=30)


IN_ORDER = ("appear", "disappear", "kill")
ANYHOW = (*IN_ORDER, "appear late", "be back-dated")
many = settings(max_examples=400, deadline=None)


@many
@given(stories=st.integers(0, 120), happening=changes(*IN_ORDER))
def test_whatever_appears_disappears_or_is_killed_every_story_is_found(
    stories: int, happening: list[Any]
) -> None:
    async def live() -> set[str]:
        world = World(InMemory(), stories, happening)
        await world.walk_until_nothing_happens()
        return await world.missing()

    assert asyncio.run(live()) == set()


@many
@given(stories=st.integers(0, 120), happening=changes(*ANYHOW))
def test_a_full_walk_finds_what_appeared_out_of_order_wherever_that_is(
    stories: int, happening: list[Any]
) -> None:
    async def live() -> set[str]:
        world = World(InMemory(), stories, happening)
        while not world.is_over:
            await world.walk()
        await world.walk(full=True)
        return await world.missing()

    assert asyncio.run(live()) == set()


@many
@given(stories=st.integers(0, 120), happening=changes(*ANYHOW))
def test_a_full_walk_is_finished_in_spite_of_kills(stories: int, happening: list[Any]) -> None:
    async def live() -> set[str]:
        world = World(InMemory(), stories, happening)
        await world.walk_until_nothing_happens(full=True)
        return await world.missing()

    assert asyncio.run(live()) == set()


@many
@given(
    stories=st.integers(30, 120), where=st.floats(0, 1, exclude_max=True), late=st.integers(1, 3)
)
def test_a_deep_walk_finds_what_appeared_late_within_its_reach(
    stories: int, where: float, late: int
) -> None:
    async def live() -> tuple[set[str], set[str]]:
        world = World(InMemory(), stories, [])
        await world.walk()
        reach = (DEEP_PAGES + 1) * PAGE / stories
        world.site.change("appear late", min(1, reach) * where, late)
        await world.walk()
        before = await world.missing()
        await world.walk(deep=True)
        return before, await world.missing()

    before, after = asyncio.run(live())
    event("hidden from the plain walk" if before else "found at once")
    assert after == set()


@pytest.mark.parametrize("killed_after", range(1, 9))
def test_a_full_walk_resumes_where_it_was(killed_after: int) -> None:
    async def live() -> int:
        world = World(InMemory(), 100 * PAGE, [])
        await world.walk()
        page = 1
        walk = await world.archive.open(full=True, deep=False)
        walker = Walker(walk.next_page, full=True)
        for _ in range(10 * killed_after):
            listed = await world.archive.record(walk, world.site.page(page))
            step = walker.after(page, listed, is_last=False)
            if step.passed:
                await world.archive.advance(walk, step.passed, step.next_page)
            assert step.read is not None
            page = step.read
        world.reads = 0
        await world.walk(full=True)
        return world.reads

    assert asyncio.run(live()) <= 2 * (100 - 5 * killed_after) + 4


class Round(List):
    """A list that begins again after its last page, and never says that it ends."""

    def page(self, number: int) -> list[str]:
        return super().page((number - 1) % -(-len(self.stories) // PAGE) + 1)

    def is_last(self, number: int) -> bool:  # noqa: ARG002  (the list's)
        return False


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("stories", [1, 3 * PAGE, 40 * PAGE - 1])
def test_a_list_that_begins_again_after_its_end_is_read_to_its_end(
    stories: int, *, full: bool
) -> None:
    async def live() -> tuple[set[str], int]:
        world = World(InMemory(), 0, [])
        world.site = Round()
        world.site.change("appear", 0, stories)
        await world.walk(full=full)
        return await world.missing(), world.reads

    missing, reads = asyncio.run(live())
    assert missing == set()
    assert reads <= 3 * 2 * (stories // PAGE + 1) + 20  # three rounds, each page once more


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(stories=st.integers(0, 60), happening=changes(*IN_ORDER))
def test_the_real_store_remembers_what_the_walk_needs(
    database_url: str, stories: int, happening: list[Any]
) -> None:
    async def live() -> set[str]:
        async with await psycopg.AsyncConnection.connect(database_url) as connection:
            await connection.execute("TRUNCATE listings, ledger, walks, runs CASCADE")
        store = Store(database_url)
        await store.open("northkorea", {})
        try:
            world = World(InPostgres(database_url, store), stories, happening)
            await world.walk_until_nothing_happens()
            return await world.missing()
        finally:
            await store.close("finished", {})

    assert asyncio.run(live()) == set()
