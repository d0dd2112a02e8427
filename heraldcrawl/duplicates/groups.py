"""Which story is the original of which, whatever the order in which they came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_DATE = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Story:
    """A story among those that are like it."""

    id: str
    published: datetime | None
    original: str | None  # as it is known so far
    alike: set[str] = field(default_factory=set)  # stories of which it may be a copy, or they of it

    @property
    def age(self) -> tuple[datetime, str]:
        """Order by which the earliest is the original; one without a date comes last."""
        return self.published or _NO_DATE, self.id


def settle(stories: Mapping[str, Story], opened: set[str]) -> set[str]:
    """Find the originals of the opened stories, given those of the others.

    From the earliest on, each is a copy of the earliest original that it is like, or else an
    original itself. So a copy is like its original, never only like another copy.

    :param stories: all that are opened, and those that they are like
    :param opened: whose original may be another than what is known
    :returns: stories that must be opened as well, for what they knew is no longer so
    """
    more = set()
    for story in sorted((stories[id_] for id_ in opened), key=lambda story: story.age):
        alike = sorted((stories[id_] for id_ in story.alike), key=lambda other: other.age)
        earlier = (other for other in alike if other.age < story.age and not other.original)
        story.original = next((other.id for other in earlier), None)
        if story.original is None:
            more |= {
                other.id for other in alike if other.age > story.age and other.original != story.id
            }
    return more - opened
