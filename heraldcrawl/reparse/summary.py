"""What became of the pages that were read again, counted and with examples."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from heraldcrawl.reading.terminal import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heraldcrawl.reparse.changes import Change

#: Of each field so many examples are kept.
_EXAMPLES = 3

#: What is told of a story, done and in a dry run.
SAID = {
    "unchanged": ("unchanged", "unchanged"),
    "revised": ("another text: a revision each", "would have another text: a revision each"),
    "updated": ("updated in place: the same text", "would be updated in place: the same text"),
    "recovered": ("stored for the first time", "would be stored for the first time"),
    "merged": ("merged with what was stored", "would be merged with what is stored"),
    "older": ("stored from a newer page than the archive has",) * 2,
    "not_archived": ("without a page in the page archive",) * 2,
    "another_story": ("left alone: the page is another story's",) * 2,
    "no_story": ("still no story in the page",) * 2,
    "unreadable": ("not readable any more: left as they are",) * 2,
    "unavailable": ("whose page the archive cannot give",) * 2,
    "refused": ("refused by the database",) * 2,
}
#: What is told of records of other archives; of all others, why they were passed over.
_RECORDS = {
    "copied": "captures of stories copied into the page archive",
    "known": "captures of stories that were there already",
    "found": "captures of stories that would be copied into the page archive",
    "unreadable_files": "files that cannot be read",
}
#: What leaves a command with exit status 1.
_FAULTS = ("unreadable", "unavailable", "refused", "unreadable_files")


@dataclass
class Summary:
    """Counts that may be added up, of batches and processes."""

    stories: Counter[str] = field(default_factory=Counter)  # word of SAID -> how many
    reasons: Counter[str] = field(default_factory=Counter)  # why there was no story to be had
    fields: Counter[str] = field(default_factory=Counter)  # field -> changed in how many stories
    examples: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    records: Counter[str] = field(
        default_factory=Counter
    )  # of others' archives: what became of them
    faults: list[str] = field(default_factory=list)  # a sentence each, of the first ones

    def count(self, what: str, reason: str = "") -> None:
        self.stories[what] += 1
        if reason:
            self.reasons[f"{what}/{reason}"] += 1

    def changed(self, what: str, story: str, changes: Iterable[Change]) -> None:
        """Count a story that changes, field by field."""
        self.count(what)
        for change in changes:
            self.fields[change.field] += 1
            examples = self.examples.setdefault(change.field, [])
            if len(examples) < _EXAMPLES:
                examples.append((story, *change.shown))

    def fault(self, sentence: str) -> None:
        if len(self.faults) < _EXAMPLES:
            self.faults.append(sentence)

    def add(self, other: Summary) -> None:
        self.stories += other.stories
        self.reasons += other.reasons
        self.fields += other.fields
        self.records += other.records
        for name, examples in other.examples.items():
            self.examples[name] = [*self.examples.get(name, []), *examples][:_EXAMPLES]
        self.faults = [*self.faults, *other.faults][:_EXAMPLES]

    @property
    def total(self) -> int:
        """How many stories were looked at."""
        return self.stories.total()

    @property
    def is_sound(self) -> bool:
        """Whether everything could be read."""
        return not any((self.stories + self.records)[what] for what in _FAULTS)

    def as_json(self) -> dict[str, Any]:
        return {
            "stories": dict(self.stories),
            "reasons": dict(self.reasons),
            "records": dict(self.records),
            "fields": {
                name: {
                    "stories": count,
                    "examples": [
                        {"id": id_, "before": before, "after": after}
                        for id_, before, after in self.examples.get(name, [])
                    ],
                }
                for name, count in self.fields.most_common()
            },
        }

    def lines(self, *, is_dry: bool) -> Iterator[str]:
        """The same for people; nothing in it steers a terminal."""
        for what, count in self.records.most_common():
            yield f"{count:>9,}  {_RECORDS.get(what, f'records passed over: {what}')}"
        for what, said in SAID.items():
            if count := self.stories[what]:
                why = ", ".join(
                    f"{number} {reason.partition('/')[2]}"
                    for reason, number in self.reasons.most_common()
                    if reason.startswith(f"{what}/")
                )
                yield f"{count:>9,}  {said[is_dry]}{f' ({why})' if why else ''}"
        for name, count in self.fields.most_common():
            yield f"{count:>9,}  {name}"
            for id_, before, after in self.examples.get(name, []):
                old, new = (harmless(text).replace("\n", " ") for text in (before, after))
                yield f"{'':11}{id_}: {old or '(nothing)'} → {new or '(nothing)'}"
