"""What a page gave: the traits of one story, and how many stories of a run have each.

A trait is a word: a field that the story has (``authors``), the evidence that gave it
(``authors=css``), that a layout of ours read the page (``layout``) and found more than a few lines
(``text``), or that an issue is absent (``-json-ld``). A run counts in its statistics what its
traits follow from: ``story/read``, ``story/short``, ``layout/…``, ``evidence/<field>/<source>`` and
``issue/…``; those of stories that were no news when they were read once more behind ``old/``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from heraldcrawl.site.dates import KST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, Self

    from heraldcrawl.items import Article

#: Characters that more than a teaser has.
SHORT: Final = 300
#: A story published longer ago is history: its pages may lack what today's have.
NEWS_DAYS: Final = 30
OLD: Final = "old/"
#: A story is read when it is new, and about so often in all.
READINGS: Final = 5

#: For which a page that should be a story was none; of ``story/failed/…``.
UNREAD: Final = ("unreadable", "empty", "lost_text", "reader_error")

#: Fields that follow from others.
_DERIVED = ("breadcrumbs",)


def counted(article: Article) -> Iterator[str]:
    """The statistics that a story adds to, by one each."""
    keys = ["story/read", f"layout/{article.layout}"]
    if len(article.article_body) < SHORT:
        keys.append("story/short")
    keys += [f"evidence/{name}/{source}" for name, source in article.sources.items()]
    keys += [f"issue/{issue}" for issue in article.issues]
    yield from keys
    if _is_history(article):
        yield from (f"{OLD}{key}" for key in keys)


def traits(
    sources: Mapping[str, str], issues: Iterable[str], layout: str, characters: int
) -> Traits:
    """What one story has.

    :param characters: of its body
    """
    has = {name for name in sources if name not in _DERIVED}
    has |= {f"{name}={source}" for name, source in sources.items() if name not in _DERIVED}
    if layout != "generic":
        has.add("layout")
    if characters >= SHORT:
        has.add("text")
    return Traits(frozenset(has), frozenset(issues))


def traits_of(article: Article) -> Traits:
    """What a story has."""
    return traits(article.sources, article.issues, article.layout, len(article.article_body))


@dataclass(frozen=True, slots=True)
class Traits:
    """What one story has; of the issues, those that are not absent."""

    has: frozenset[str]
    issues: frozenset[str] = frozenset()
    read: bool = True  # the page was read as a story at all

    def __contains__(self, trait: str) -> bool:
        if trait == "read" or not self.read:
            return self.read
        return trait[1:] not in self.issues if trait.startswith("-") else trait in self.has


#: Of a page in which no reader found a story.
UNREADABLE: Final = Traits(frozenset(), read=False)


@dataclass
class Shares:
    """How many stories have each trait."""

    stories: int = 0  # whose pages were read
    new: int = 0  # of them, those that were read for the first time
    unread: int = 0  # pages that should have been stories and were not
    has: Counter[str] = field(default_factory=Counter)
    issues: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, stats: Mapping[str, Any], before: str = "") -> Self:
        """Read a run's statistics.

        :param before: ``old/`` for those of the stories that were no news
        """
        shares = cls(int(stats.get(f"{before}story/read", 0)))
        shares.new = min(int(stats.get("story/new", 0)), shares.stories)
        for key, count in stats.items():
            kind, name = _split(key, before)
            match kind:
                case "evidence":
                    name, _, source = name.partition("/")
                    if name not in _DERIVED:
                        shares.has[name] += count
                        shares.has[f"{name}={source}"] += count
                case "layout" if name != "generic":
                    shares.has["layout"] += count
                case "issue":
                    shares.issues[name] += count
        shares.has["text"] = shares.stories - int(stats.get(f"{before}story/short", 0))
        if not before:
            shares.unread = sum(int(stats.get(f"story/failed/{reason}", 0)) for reason in UNREAD)
        return shares

    def __add__(self, other: Shares) -> Shares:
        return Shares(
            self.stories + other.stories,
            self.new + other.new,
            self.unread + other.unread,
            self.has + other.has,
            self.issues + other.issues,
        )

    def __sub__(self, other: Shares) -> Shares:
        return Shares(
            self.stories - other.stories,
            max(self.new - other.new, 0),
            self.unread - other.unread,
            self.has - other.has,
            self.issues - other.issues,
        )

    def names(self) -> set[str]:
        """Every trait of which something is known."""
        return {"read", *self.has, *(f"-{issue}" for issue in self.issues)}

    def share(self, trait: str) -> tuple[int, int]:
        """How many have the trait, and of how many."""
        if trait == "read":
            return self.stories, self.stories + self.unread
        if trait.startswith("-"):
            return self.stories - self.issues[trait[1:]], self.stories
        return self.has[trait], self.stories


def total(runs: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Add up what some runs counted of their pages."""
    made: Counter[str] = Counter()
    for stats in runs:
        for key, count in stats.items():
            if key.startswith(_COUNTED):
                made[key] += count
    return made


_COUNTED: Final = ("story/", "layout/", "evidence/", "issue/", OLD)


def _is_history(article: Article) -> bool:
    """Whether the story was published long before its page was read; the undated is news."""
    if not article.date_published or article.fetched_at is None:
        return False
    since = article.fetched_at.astimezone(KST) - timedelta(days=NEWS_DAYS)
    return article.date_published[:10] < since.date().isoformat()


def _split(key: str, before: str) -> tuple[str, str]:
    if not key.startswith(before):
        return "", ""
    kind, _, name = key[len(before) :].partition("/")
    return kind, name
