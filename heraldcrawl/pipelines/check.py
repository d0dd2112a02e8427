"""Makes a story fit to be stored."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeVar

from scrapy.exceptions import DropItem

from heraldcrawl.items import Article, Author, Image
from heraldcrawl.store.records import printable

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

#: Characters of a section's name, for an index takes no entry of any length; the longest that the
#: menu ever had is 18.
_LABEL = 200

_T = TypeVar("_T")


class CheckPipeline:
    """Drops a story without an id, counted as ``check/no_id``; takes out what no database can hold.

    NUL bytes are taken out, lone surrogates replaced, and labels cut that are longer than any of a
    menu; a story of which that is true is counted as ``check/cleaned``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        if not item.id or not item.url:
            self._count("check/no_id")
            raise DropItem(f"a story without id: {item.url!r}")
        clean = storable(item)
        if clean is not item:
            self._count("check/cleaned")
        return clean

    def _count(self, key: str) -> None:
        if self._stats is not None:
            self._stats.inc_value(key)


def storable(article: Article) -> Article:
    """The story without what no database can hold: itself, as nearly always."""
    labels = [*article.breadcrumbs, article.section or ""]
    if _is_clean(article) and all(len(label) <= _LABEL for label in labels):
        return article
    clean = _clean(article)
    clean.breadcrumbs = [label[:_LABEL] for label in clean.breadcrumbs]
    clean.section = clean.section and clean.section[:_LABEL]
    return clean


#: The fields of what a story is made of.
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in dataclasses.fields(kind))
    for kind in (Article, Author, Image)
}


def _is_clean(value: object) -> bool:
    """Tell whether every text in a value is printable as it is."""
    if isinstance(value, str):
        return printable(value) is value
    if isinstance(value, list):
        return all(map(_is_clean, value))
    if isinstance(value, dict):
        return all(map(_is_clean, value)) and all(map(_is_clean, value.values()))
    names = _FIELDS.get(type(value), ())
    return all(_is_clean(getattr(value, name)) for name in names)


def _clean(value: _T) -> _T:
    """The value with every text in it made printable."""
    if isinstance(value, str):
        return printable(value)  # type: ignore[return-value]  # a str for a str
    if isinstance(value, list):
        return [_clean(each) for each in value]  # type: ignore[return-value]  # likewise
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}  # type: ignore[return-value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {f.name: _clean(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **changes)
    return value
