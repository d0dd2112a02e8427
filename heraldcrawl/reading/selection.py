"""Which stories a reader wants."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from heraldcrawl.errors import ArgumentError
from heraldcrawl.site.dates import KST
from heraldcrawl.site.sections import LABEL_KEYS, by_slug, label_key, match_path, most_specific

if TYPE_CHECKING:
    import argparse

_BETWEEN_LABELS = re.compile(r"\s*[>/]\s*")


@dataclass(frozen=True, slots=True)
class Selection:
    """What a story must be to be selected."""

    path: list[str] | None = None  # it stands in this section or below
    since: date | None = None  # first day of publication, Korea time
    until: date | None = None  # last day
    language: str | None = None  # en or ko
    originals: bool = False  # no other story has its text earlier

    def parameters(self) -> dict[str, Any]:
        """Values for the statements of ``export.sql``."""
        return {
            "path": self.path,
            "since": self.since and _midnight(self.since),
            "before": self.until and _midnight(self.until + timedelta(days=1)),
            "language": self.language,
            "originals": self.originals,
        }

    def as_json(self) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that select by section and day."""
    parser.add_argument(
        "--section",
        metavar="SECTION",
        help='a spider\'s name (northkorea) or a menu path ("National > North Korea");'
        " sections below it come along",
    )
    parser.add_argument("--since", metavar="DATE", help="first day of publication, Korea time")
    parser.add_argument("--until", metavar="DATE", help="last day of publication, Korea time")


def parse(opts: argparse.Namespace) -> Selection:
    """Read the options.

    :raises ArgumentError: one of them is wrong
    """
    since, until = _day("--since", opts.since), _day("--until", opts.until)
    if since and until and since > until:
        raise ArgumentError(f"--since {since} is later than --until {until}")
    return Selection(
        path=None if opts.section is None else parse_section(opts.section),
        since=since,
        until=until,
        language=getattr(opts, "language", None),
        originals=getattr(opts, "originals", False),
    )


def parse_section(text: str) -> list[str]:
    """Find the menu path of a spider's name, a label or a whole path.

    >>> parse_section("northkorea"), parse_section("business > economy")
    (['National', 'North Korea'], ['Finance', 'Economy'])

    :raises ArgumentError: no year's menu has it
    """
    labels = [label for label in _BETWEEN_LABELS.split(text.strip()) if label]
    if len(labels) == 1:
        try:
            return list(by_slug(text.strip()).path)
        except KeyError:
            pass
    section = match_path(labels)
    if section is not None:
        return list(section.path)
    if not labels or any(label_key(label) not in LABEL_KEYS for label in labels):
        raise ArgumentError(
            f"--section {text}: no menu has that; scrapy list names the sections, or write the"
            ' labels as in "National > North Korea"'
        )
    return list(most_specific(labels))


def _day(name: str, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentError(f"{name} {text} is no date; write it as 2026-01-31") from error


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), KST)
