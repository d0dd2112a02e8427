"""Whose copy a story is, on a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.stories import execute, store, story

if TYPE_CHECKING:
    from heraldcrawl.items import Article

ORIGINALS = "SELECT id, duplicate_of FROM articles"


def originals(url: str) -> dict[str, str | None]:
    return dict(execute(url, ORIGINALS))


def same(number: int, **changes: str) -> Article:
    return story(
        number,
        article_body="The ferry sails again, twice a day, but not on Sundays.",
        content_hash="same",
        **changes,
    )


def test_the_original_may_be_stored_after_its_copy(database_url: str) -> None:
    """A first walk goes newest first."""
    earlier, later = same(1), same(2)
    assert store(database_url, later)[later.id].duplicate_of is None
    assert store(database_url, earlier)[earlier.id].duplicate_of is None
    assert originals(database_url) == {earlier.id: None, later.id: earlier.id}
