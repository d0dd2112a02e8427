"""Which page of a list is read next: the walk's decisions, without a request or a database.

A list is read from its newest page on, until a page on which every story is covered: passed by a
walk that was completed. A walk has passed a story when it has read, without a gap, everything from
the top of the list down to it. Three things can make a gap, and each is closed before anything
below it counts as passed:

* Stories are withdrawn between two pages: the rest moves up, and what was first on the next page is
  now last on the one that was read. So the first is read again, unless its last story has moved to
  the second, pushed down by new ones.
* The walk was interrupted: it first reads what is new since, down to what it had passed, and only
  then goes where it was.
* Meanwhile the list grew or shrank, so that this is another page by now: where the page has nothing
  that the walk had passed, it looks further up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heraldcrawl.store import Listed

#: A list whose order changes all the time is not worth more.
_REREADS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """What follows a page."""

    read: int | None  # the page to read next; None at the end of the walk
    passed: tuple[str, ...] = ()  # stories that count as passed from now on
    next_page: int | None = None  # where the walk goes on if it is interrupted


@dataclass(frozen=True, slots=True)
class _Page:
    """The foremost page read."""

    number: int
    ids: frozenset[str]
    tail: str | None  # its last story
    is_covered: bool
    is_known: bool  # covered, or passed by this walk before it was interrupted
    is_last: bool


class Walker:
    """One run's part of a walk.

    :param next_page: where an interrupted walk had come to, 1 for a new one
    :param full: go to the end of the list, whatever is covered
    :param deep_pages: so many covered pages in a row are read before the walk ends
    """

    def __init__(self, next_page: int = 1, *, full: bool = False, deep_pages: int = 0) -> None:
        self._resume_at = next_page
        self._full = full
        self._deep_pages = deep_pages
        self._catching_up = next_page > 1  # reading what is new since the interruption
        self._rejoining = False  # reading the page before the foremost again
        self._rereads = 0  # in a row, because the list moved
        self._repeated = 0  # pages in a row that only repeat the one before
        self._round: set[str] = set()  # seen since the list shows only what the walk has passed
        self._rounds = 0  # pages in a row with nothing but that
        self._landing = False  # looking for where the walk was interrupted
        self._floor = 1  # landing: no use to look there, or further up
        self._back = 0  # landing: how many pages the last step went up
        self._may_jump = True
        self._foremost: _Page | None = None
        self._before: _Page | None = None  # the one before the foremost
        self._on_every_page: frozenset[str] = frozenset()  # or may be: was seen further up
        self._unpassed: list[str] = []  # read, and still with a gap before them
        self._covered_pages = 0

    @property
    def is_rejoining(self) -> bool:
        """Whether the page that was asked for is one that was read already."""
        return self._rejoining

    def after(self, number: int, listed: Sequence[Listed], *, is_last: bool) -> Step:
        """Take in a page.

        :param listed: what the archive knew of its stories
        :param is_last: whether the list ends with it
        """
        self._unpassed += [entry.article_id for entry in listed]
        ids = frozenset(entry.article_id for entry in listed)
        tail = listed[-1].article_id if listed else None
        if self._rejoining:
            return self._rejoined(number, ids, tail)
        before = self._before = self._foremost
        # Some lists answer any number beyond the end with their last page. Once it may be a list
        # that was pushed down by a page in between.
        repeats = before is not None and before.number == number - 1 and ids <= before.ids
        self._repeated = self._repeated + 1 if repeats else 0
        page = self._foremost = _Page(
            number,
            ids,
            tail,
            is_covered=not self._full and all(entry.is_covered for entry in listed),
            is_known=all(entry.is_covered or entry.is_walked for entry in listed),
            is_last=is_last or not ids or self._repeated > 1 or self._goes_round(listed),
        )
        if self._landing:
            passed = {entry.article_id for entry in listed if entry.is_walked}
            if not passed - self._on_every_page:
                return self._further_up(number)
            self._landing = False
        elif before is not None and not self._joins(before, page):
            self._rejoining = True
            return Step(before.number)
        return self._go_on(page)

    def without(self, number: int) -> int | None:
        """Take in that a page gave nothing.

        :returns: another page to try; None if the walk needs this one
        """
        if self._landing:
            return self._further_up(number).read
        return None

    def _joins(self, before: _Page, page: _Page) -> bool:
        """Whether nothing can have slipped between two pages, or nothing that would matter."""
        if before.tail in page.ids:
            return True
        if self._full:
            return False
        if before.is_covered:
            return True
        # What slipped from the second page to the first is found by the next walk at once.
        return before.number == 1 and page.is_covered

    def _goes_round(self, listed: Sequence[Listed]) -> bool:
        """Whether the list begins again after its end, and again, as some do for any number."""
        ids = {entry.article_id for entry in listed}
        if self._catching_up or self._landing or not all(entry.is_walked for entry in listed):
            self._round.clear()
        self._rounds = self._rounds + 1 if ids <= self._round else 0
        self._round |= ids
        return self._rounds > _REREADS

    def _rejoined(self, number: int, ids: frozenset[str], tail: str | None) -> Step:
        self._rejoining = False
        before, foremost = self._before, self._foremost
        assert before is not None
        assert foremost is not None
        if tail == before.tail or self._rereads >= _REREADS:
            self._rereads = 0
            return self._go_on(foremost)
        if ids & before.ids:
            # The list moved: what is foremost now may have something else before it.
            self._rereads += 1
            moved = foremost.ids - ids
            self._unpassed = [id_ for id_ in self._unpassed if id_ not in moved]
            self._foremost = replace(before, ids=ids, tail=tail, is_covered=False)
            return Step(number + 1)
        # More than a page has slipped.
        if self._catching_up or number == 1:
            return self._from_the_top()
        self._landing, self._floor, self._back = True, 1, 0
        return self._further_up(number)

    def _further_up(self, number: int) -> Step:
        """Look further up for something that the walk had passed."""
        self._unpassed.clear()
        self._foremost = None
        self._back = self._back * 2 or 1
        if number - self._back > self._floor:
            return Step(number - self._back)
        self._may_jump = False  # and down again step by step
        return self._from_the_top()

    def _from_the_top(self) -> Step:
        self._unpassed.clear()
        self._foremost = None
        self._landing = False
        self._catching_up = True
        self._covered_pages = 0
        return Step(1)

    def _go_on(self, page: _Page) -> Step:
        self._covered_pages = self._covered_pages + 1 if page.is_covered else 0
        if page.is_last or self._covered_pages > self._deep_pages:
            return Step(None, self._take_unpassed())
        following = page.number + 1
        if not self._catching_up:
            self._resume_at = max(self._resume_at, following)
            return Step(following, self._take_unpassed(), following)
        if not page.is_known:
            return Step(following)
        # All that is new since is read. It fills about as many pages as were read before this one,
        # and pushed the rest down by as much.
        self._catching_up = False
        target = self._resume_at - 1 + max(page.number - 2, 0)
        if target > following and self._may_jump:
            self._landing, self._floor, self._back = True, following, 0
            self._on_every_page = page.ids
            self._foremost = None
            return Step(target, self._take_unpassed())
        return Step(following, self._take_unpassed())

    def _take_unpassed(self) -> tuple[str, ...]:
        passed = tuple(dict.fromkeys(self._unpassed))
        self._unpassed.clear()
        return passed
