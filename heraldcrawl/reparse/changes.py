"""What another reading of a page tells of a story, beside what is stored of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heraldcrawl.items import EVIDENT
from heraldcrawl.reading.records import as_record

if TYPE_CHECKING:
    from heraldcrawl.items import Article

#: What a page can tell; the rest is the archive's to tell.
_FIELDS = (*EVIDENT, "in_language", "layout", "issues")
_READ = (*_FIELDS, "sources", "content_hash")
#: Characters of a value in an example.
_SHOWN = 60
_BEFORE = 16  # of them in common, before the first difference


@dataclass(frozen=True, slots=True)
class Change:
    """A field that another reading tells otherwise; of the evidence, ``sources.<field>``."""

    field: str
    before: Any
    after: Any

    @property
    def shown(self) -> tuple[str, str]:
        """Both values, cut to what is different."""
        before, after = _text(self.before), _text(self.after)
        same = 0
        for one, other in zip(before, after, strict=False):
            if one != other:
                break
            same += 1
        start = max(0, same - _BEFORE)
        return _cut(before, start), _cut(after, start)


def compare(row: dict[str, Any], article: Article) -> list[Change]:
    """Tell what differs between a stored story and another reading of its page.

    :param row: of the statement ``stored``
    """
    stored = as_record(row)
    read = {name: getattr(article, name) for name in _READ}  # asdict() takes as long as all else
    read["authors"] = [author.as_json() for author in article.authors]
    read["images"] = [image.as_json() for image in article.images]
    # What a deeper list told of the section stays, as update_changed has it.
    if stored["breadcrumbs"][: len(read["breadcrumbs"])] == read["breadcrumbs"]:
        read |= {name: stored[name] for name in ("breadcrumbs", "section")}
    changes = [
        Change(name, stored[name], read[name]) for name in _FIELDS if stored[name] != read[name]
    ]
    before, after = stored["sources"], read["sources"]
    if before != after:
        changes += [
            Change(f"sources.{name}", before.get(name), after.get(name))
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)
        ]
    if not changes and stored["content_hash"] != read["content_hash"]:
        changes.append(Change("content_hash", stored["content_hash"], read["content_hash"]))
    return changes


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _cut(text: str, start: int) -> str:
    """The part of a text from a place on.

    >>> _cut("Seoul says no.", 6)
    '…says no.'
    """
    part = text[start : start + _SHOWN]
    return f"{'…' if start else ''}{part}{'…' if start + _SHOWN < len(text) else ''}"
