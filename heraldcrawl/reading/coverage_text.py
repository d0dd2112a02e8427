"""Coverage for a terminal: a table of sections and periods, then what is known beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from heraldcrawl.reading.coverage import WHOLE, Counts
from heraldcrawl.reading.terminal import BOLD, GREEN, RED, YELLOW, harmless, styled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heraldcrawl.reading.coverage import Coverage, Path, Reading, SectionCoverage
    from heraldcrawl.reading.gaps import Gap

COLUMNS = ("announced", "stored", "missing", "failed", "gone", "elsewhere")
#: What there should be none of, and in which colour it shows.
_ALARMS = {"missing": RED, "failed": RED, "gone": YELLOW}
_NUMBER = 10  # characters of a column
_MOST_NAMES = 12  # of sections that nothing is known of


class CoverageTable:
    """Writes coverage line by line.

    :param by: ``month``, ``year`` or ``section``
    :param verbose: tell the reasons of what failed or is gone
    """

    def __init__(self, coverage: Coverage, *, by: str, verbose: bool, coloured: bool) -> None:
        self._coverage = coverage
        self._by = by
        self._verbose = verbose
        self._coloured = coloured
        self._width = max(len(section_name(section.path)) for section in coverage.rows) + 2

    def lines(self) -> Iterator[str]:
        if self._by != "section":
            yield self._head(self._by)
            for section in self._coverage.rows:
                yield self._row(section_name(section.path), section.total, bold=True)
                for period, counts in section.periods(self._by):
                    yield self._row(f"  {period or 'no day'}", counts)
            yield ""
        yield self._head("section", "  known        list read back to")
        for section in self._coverage.rows:
            is_whole = section is self._coverage.whole
            name = section_name(section.path)
            yield self._row(name, section.total, bold=is_whole) + self._about(section)
            if self._verbose:
                yield from _reasons(section)
        yield from self._remarks()

    def _head(self, first: str, more: str = "") -> str:
        names = "".join(f"{name:>{_NUMBER}}" for name in (*COLUMNS, "share"))
        return self._styled(f"{first:<{self._width}}{names}{more}", BOLD)

    def _row(self, name: str, counts: Counts, *, bold: bool = False) -> str:
        cells = []
        for column in COLUMNS:
            number = getattr(counts, column)
            cell = f"{number:>{_NUMBER},}" if number else f"{'-':>{_NUMBER}}"
            alarm = _ALARMS.get(column)
            cells.append(self._styled(cell, alarm) if alarm and number else cell)
        share = f"{share_of(counts):>{_NUMBER}}"
        if counts.announced:
            share = self._styled(share, _colour(counts))
        head = f"{name:<{self._width}}"
        return (self._styled(head, BOLD) if bold else head) + "".join(cells) + share

    def _about(self, section: SectionCoverage) -> str:
        months = " … ".join(f"{month:%Y-%m}" for month in dict.fromkeys(section.span or ()))
        return f"  {months:<19}{_reach(section)}".rstrip()

    def _remarks(self) -> Iterator[str]:
        coverage = self._coverage
        gaps = [(section, gap) for section in coverage.rows for gap in section.gaps]
        if gaps:
            yield ""
            yield self._styled("Suspiciously little is known of", BOLD)
            for section, gap in gaps:
                yield f"  {section_name(section.path)}, {gap_text(gap, section.reading)}"
        total = coverage.whole.total
        filed = sum(each.total.announced for each in coverage.sections if len(each.path) == 1)
        remarks = []
        if coverage.whole.path == WHOLE and filed < total.announced:
            remarks.append(f"{total.announced - filed:,} stories are filed under no section")
        if total.missing:
            remarks.append(
                f"{total.missing:,} stories are missing: scrapy coverage --missing FILE lists them"
            )
        if total.failed:
            remarks.append(f"{total.failed:,} failed for good: scrapy ledger list")
        if total.only_here:
            remarks.append(f"{total.only_here:,} of those stored are gone from the site")
        if coverage.unknown:
            names = [section_name(path) for path in coverage.unknown]
            rest = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
            remarks.append(f"Nothing is known of {', '.join(names[:_MOST_NAMES])}{rest}")
        if remarks:
            yield ""
            yield from remarks

    def _styled(self, text: str, *styles: str) -> str:
        return styled(text, *styles) if self._coloured else text


def section_name(path: Path) -> str:
    """Write a section's path on one line."""
    return harmless(" > ".join(path)).replace("\n", " ") or "All sections"


def share_of(counts: Counts) -> str:
    """Write the share that is stored: 100 % is all, not nearly all.

    >>> share_of(Counts(stored=9999, missing=1)), share_of(Counts(stored=3)), share_of(Counts())
    ('99.9 %', '100 %', '-')
    """
    share = counts.share
    if share is None:
        return "-"
    return (
        f"{share:.0%}".replace("%", " %")
        if share in (0, 1)
        else f"{math.floor(share * 1000) / 10} %"
    )


def gap_text(gap: Gap, reading: Reading) -> str:
    """Say what is suspicious, and whether the list itself was read there."""
    when = f"{gap.first:%Y-%m}" if gap.months == 1 else f"{gap.first:%Y-%m} … {gap.last:%Y-%m}"
    stories = f"{gap.stories:,} stories" if gap.stories != 1 else "1 story"
    told = f"{when}: {stories}, where about {gap.usual:,} a month are usual"
    if reading.state == "never":
        return told
    return f"{told}; its list was {'' if reading.covers(gap.first) else 'not '}read there"


def _reach(section: SectionCoverage) -> str:
    reading = section.reading
    if section.spider is None:
        return ""
    if reading.state == "never":
        return "never read"
    day = str(reading.back_to or "nothing")
    return (
        f"{day}, its end"
        if reading.state == "end"
        else f"{day}, goes on at page {reading.next_page}"
    )


def _reasons(section: SectionCoverage) -> Iterator[str]:
    for state, reasons in section.reasons.items():
        told = ", ".join(f"{harmless(why)} {count:,}" for why, count in reasons.most_common())
        yield f"    {state}: {told}"


def _colour(counts: Counts) -> str:
    if not counts.is_complete:
        return RED
    return GREEN if counts.share in (1, None) else YELLOW
