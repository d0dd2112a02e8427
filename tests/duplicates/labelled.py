"""A set of invented stories of which it is known which are copies of which.

:func:`build` makes it from a seed alone. There are copies of every kind that is promised to be
found, changed up to the very limit, and stories that must stay apart although they share words:
on one event, of one form, of one series. What nobody promises (:data:`BEYOND`) is measured too,
and counts neither for nor against.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from tests.duplicates import series
from tests.duplicates.language import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

_KST = timezone(timedelta(hours=9))
#: A quarter cut, there must be enough left to tell it from others.
_FEWEST_WORDS = 70
_FIRST_DAY = datetime(2015, 3, 1, 7, tzinfo=_KST)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A story and what it is."""

    id: str
    published: datetime
    headline: str
    body: str
    kind: str  # original, or how the copy differs, or the name of the series
    group: int  # stories of one group are copies of its earliest; every other one is alone


Change = Callable[[list[str], random.Random, Writer], list[str]]


def build(seed: int, scale: int = 1) -> list[Labelled]:
    """Make the set, in an order of arrival that is anybody's guess.

    :param scale: so many times fifty copies of each kind
    """
    rng = random.Random(f"labelled {seed}")
    stories: list[Labelled] = []
    groups = iter(range(1 << 30))

    def add(bodies: list[tuple[str, str]], *, alone: bool) -> None:
        group = next(groups)
        published = _FIRST_DAY + timedelta(minutes=rng.randrange(10**6))
        for kind, body in bodies:
            number = len(stories)
            id_ = f"{published:%Y%m%d}{number:06}"
            headline = " ".join(body.split()[:6])
            if rng.random() < 0.5:
                headline = f"{kind.capitalize()} {number}"
            stories.append(Labelled(id_, published, headline, body, kind, group))
            published += timedelta(minutes=rng.choice((20, 300, 1440, 10_000)))
            group = next(groups) if alone else group

    for kind, change in {**COPIES, **BEYOND}.items():
        for number in range(50 * scale):
            source = random.Random(f"{seed} {kind} {number}")
            writer = Writer(source, korean=kind.startswith("Korean"))
            paragraphs = [writer.paragraph(rng.randint(1, 3)) for _ in range(rng.randint(4, 14))]
            while _count(paragraphs) < _FEWEST_WORDS:
                paragraphs.append(writer.paragraph())
            copy = change(list(paragraphs), rng, writer)
            original, copied = _printed(paragraphs, rng), _printed(copy, rng)
            add([("original", original), (kind, copied)], alone=False)
    for kind, make in series.SERIES.items():
        for number in range(5 * scale):
            bodies = make(random.Random(f"{seed} {kind} {number}"))
            add([(kind, body) for body in bodies], alone=True)
    rng.shuffle(stories)
    return stories


# How a copy differs from its original ------------------------------------------------------------


def _other_words(share: float) -> Change:
    """Words anywhere, each by any other of the language: the worst for an index of word runs."""

    def change(paragraphs: list[str], rng: random.Random, writer: Writer) -> list[str]:
        words = [paragraph.split(" ") for paragraph in paragraphs]
        places = [(p, w) for p, paragraph in enumerate(words) for w in range(len(paragraph))]
        for p, w in rng.sample(places, int(len(places) * share)):
            words[p][w] = writer.word()
        return [" ".join(paragraph) for paragraph in words]

    return change


def _edited(paragraphs: list[str], rng: random.Random, writer: Writer) -> list[str]:
    """A tenth of the words, as a desk does it: phrases reworded, put in and struck out."""
    words = [paragraph.split(" ") for paragraph in paragraphs]
    left = sum(map(len, words)) // 10
    while left > 0:
        paragraph = rng.choice(words)
        run = min(left, rng.randint(1, 6))
        start = rng.randrange(len(paragraph))
        what = rng.choice(("reword", "put in", "strike out"))
        new = [] if what == "strike out" else [writer.word() for _ in range(run)]
        paragraph[start : start + (0 if what == "put in" else run)] = new or [writer.word()]
        left -= run
    return [" ".join(paragraph) for paragraph in words]


def _appended(paragraphs: list[str], rng: random.Random, writer: Writer) -> list[str]:
    """A quarter more words, at the end, on top or in between."""
    more = _count(paragraphs) // 4
    added = writer.paragraph(1).split(" ")
    while len(added) < more:
        added += writer.paragraph(1).split(" ")
    place = rng.choice((len(paragraphs), len(paragraphs), 0, rng.randrange(len(paragraphs))))
    return [*paragraphs[:place], " ".join(added[:more]), *paragraphs[place:]]


def _cut(share: float) -> Change:
    """Without the last words, or the first, or some in between."""

    def change(paragraphs: list[str], rng: random.Random, writer: Writer) -> list[str]:  # noqa: ARG001
        words = " ¶ ".join(paragraphs).split(" ")
        less = int(len(words) * share)
        start = rng.choice(
            (len(words) - less, len(words) - less, 0, rng.randrange(len(words) - less))
        )
        return [p.strip() for p in " ".join(words[:start] + words[start + less :]).split("¶")]

    return change


def _as_it_is(paragraphs: list[str], rng: random.Random, writer: Writer) -> list[str]:  # noqa: ARG001
    return paragraphs


def _both(one: Change, other: Change) -> Change:
    return lambda paragraphs, rng, writer: other(one(paragraphs, rng, writer), rng, writer)


def _moved(paragraphs: list[str], rng: random.Random, writer: Writer) -> list[str]:  # noqa: ARG001
    return rng.sample(paragraphs, len(paragraphs))


#: What is promised to be found.
COPIES: dict[str, Change] = {
    "same text": _as_it_is,
    "a tenth other words": _other_words(0.1),
    "a tenth edited": _edited,
    "a quarter appended": _appended,
    "a quarter cut": _cut(0.25),
    "Korean, a tenth other words": _other_words(0.1),
    "Korean, a quarter appended": _appended,
    "Korean, a quarter cut": _cut(0.25),
}
#: What is not: how far it carries.
BEYOND: dict[str, Change] = {
    "paragraphs in another order": _moved,
    "an eighth other words": _other_words(0.125),
    "a sixth other words": _other_words(1 / 6),
    "a tenth other words, a quarter cut": _both(_other_words(0.1), _cut(0.25)),
    "a third cut": _cut(1 / 3),
    "half cut": _cut(0.5),
}


def _count(paragraphs: list[str]) -> int:
    return sum(len(paragraph.split()) for paragraph in paragraphs)


_OPENINGS = ("", "", "SEOUL (Yonhap) -- ", "BUSAN ― ", "[코리아헤럴드=김미래 기자] ")
_CLOSINGS = (
    "",
    "(Yonhap)",
    "By Kim Mi-rae (mirae@heraldcorp.com)",
    "By Noh Do-yun (doyun@heraldcorp.com)",
)


def _printed(paragraphs: list[str], rng: random.Random) -> str:
    """Print a text with a dateline and credits of its own."""
    opening, closing = rng.choice(_OPENINGS), rng.choice(_CLOSINGS)
    body = "\n\n".join(p for p in paragraphs if p)
    return "\n\n".join(part for part in (opening + body, closing) if part)


def pairs(stories: list[Labelled]) -> Iterator[tuple[Labelled, Labelled]]:
    """Yield each copy with its original."""
    earliest: dict[int, Labelled] = {}
    for story in sorted(stories, key=lambda story: (story.published, story.id)):
        original = earliest.setdefault(story.group, story)
        if original is not story:
            yield story, original
