"""The texts a story had, in the order of time, when captures turn up that are older."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from heraldcrawl.items import Article


@dataclass(frozen=True, slots=True)
class Text:
    """A revision, stored or to be."""

    content_hash: str
    fetched_at: datetime  # first
    reason: str
    revision: int | None = None  # under which it is stored
    article: Article | None = None  # where it is not, unless it is the current one once more
    last_seen_at: datetime | None = None  # of the current one


def merge(texts: Sequence[Text], articles: Iterable[Article]) -> list[Text]:
    """Put captures between the texts that are known, as if all had come in the order of time.

    A capture with the text of its neighbour in time is no other text: that was there before, or
    still. The last text stays the last, unless a capture is newer than when that was last seen;
    where others stand between, it counts once more.

    :param texts: the stored ones, in their order
    :param articles: captures of the same story
    """
    line = list(texts)
    told = {text.fetched_at for text in line}
    for article in sorted(articles, key=captured_at):
        at, text = captured_at(article), article.content_hash
        if at in told:
            continue  # this very capture, whatever another reader has made of it
        told.add(at)
        place = len(line)
        while place and line[place - 1].fetched_at > at:
            place -= 1
        if place and line[place - 1].content_hash == text:
            continue
        if place < len(line) and line[place].content_hash == text:
            line[place] = replace(line[place], fetched_at=at)
        else:
            line.insert(place, Text(text, at, "changed", article=article))
    line += _once_more(texts[-1:], line[-1])
    return [replace(text, reason=_reason(text, n)) for n, text in enumerate(line)]


def captured_at(article: Article) -> datetime:
    """When an archived page was captured."""
    assert article.fetched_at is not None
    return article.fetched_at


def _once_more(current: Sequence[Text], last: Text) -> list[Text]:
    """Put the current text behind what is now the last, if it was seen again after that."""
    return [
        Text(text.content_hash, text.last_seen_at, "changed")
        for text in current
        if text.content_hash != last.content_hash
        and text.last_seen_at is not None
        and text.last_seen_at > last.fetched_at
    ]


def _reason(text: Text, number: int) -> str:
    if number == 0:
        return "first"
    return "changed" if text.reason == "first" else text.reason
