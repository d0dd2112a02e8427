"""Originals and their copies, of any stories in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.duplicates.groups import Story, settle

DAY = datetime(2026, 3, 1, tzinfo=UTC)
PAIRS = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1]))


def story(number: int, original: str | None = None) -> Story:
    """Of the later ones some have the same date, and the last has none."""
    published = DAY + timedelta(days=number // 2) if number < 7 else None
    return Story(str(number), published, original)


def known(pairs: set[tuple[int, int]]) -> dict[str, Story]:
    stories = {str(n): story(n) for n in range(8)}
    for one, other in pairs:
        stories[str(one)].alike.add(str(other))
        stories[str(other)].alike.add(str(one))
    return stories


@given(PAIRS)
def test_a_copy_is_like_its_original_and_no_earlier_original(pairs: set[tuple[int, int]]) -> None:
    stories = known(pairs)
    assert settle(stories, set(stories)) == set()
    originals = {id_ for id_, each in stories.items() if each.original is None}
    for each in stories.values():
        earlier = [o for o in each.alike & originals if stories[o].age < each.age]
        assert each.original == min(earlier, key=lambda o: stories[o].age, default=None)


@given(PAIRS, st.permutations(range(8)))
def test_the_order_of_arrival_is_of_no_account(
    pairs: set[tuple[int, int]], arrival: list[int]
) -> None:
    at_once = known(pairs)
    settle(at_once, set(at_once))
    stories: dict[str, Story] = {}
    for number in arrival:
        new = story(number)
        stories[new.id] = new
        for one, other in pairs:
            if number in (one, other) and {str(one), str(other)} <= stories.keys():
                stories[str(one)].alike.add(str(other))
                stories[str(other)].alike.add(str(one))
        opened = {new.id}
        while True:  # as the linker does
            more = settle(stories, opened)
            copies = {o for o in opened if stories[o].original}
            more |= {id_ for id_, each in stories.items() if each.original in copies}
            if more <= opened:
                break
            opened |= more
    assert {id_: each.original for id_, each in stories.items()} == {
        id_: each.original for id_, each in at_once.items()
    }


def test_the_earliest_is_the_original_and_one_without_a_date_never() -> None:
    stories = known({(0, 1), (0, 7)})
    settle(stories, set(stories))
    assert [stories[str(n)].original for n in (0, 1, 7)] == [None, "0", "0"]
