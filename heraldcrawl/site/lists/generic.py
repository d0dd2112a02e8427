"""Lists without a frame of their own: the block of stories with dates that is no sidebar."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from heraldcrawl.site.addresses import host_of
from heraldcrawl.site.lists.cards import Card, find_blocks, find_cards, heading_of
from heraldcrawl.site.lists.entries import read_entries
from heraldcrawl.site.lists.frames import ANYWHERE, SCOPES, UNKNOWN, Scope

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from heraldcrawl.site.lists.values import ListEntry
    from heraldcrawl.site.page import Page

_POPULAR: Final = re.compile(
    r"\W*(?:most (?:popular|read|view|shared)|popular|trending|related|recommended|editor|"
    r"you may|don.t miss|headlines?\b|top stor|hot (?:news|issue)|많이 본|인기|관련|주요)",
    re.IGNORECASE,
)
_LATEST: Final = re.compile(r"\W*(?:latest|just in|breaking news|최신)", re.IGNORECASE)
_SHORTEST_SUMMARY: Final = 40
_SUMMARY_WEIGHT: Final = 3  # an entry with a summary is worth so many without one


class _Candidate(NamedTuple):
    """A block of stories that may be the list, and how much it looks like it."""

    block: list[Card]
    entries: tuple[ListEntry, ...]
    weight: int


def find_scope(page: Page) -> tuple[Scope, LexborNode | None]:
    """Tell whose page it looks like, and find the element that holds the list among others."""
    host = host_of(page.url)
    for scope in SCOPES:
        node = page.tree.css_first(scope.scope)
        is_host = not scope.host or host.startswith(scope.host)
        is_design = not scope.assets or any(asset in page.text for asset in scope.assets)
        if node is not None and is_host and is_design:
            return scope, node
    return ANYWHERE, page.tree.css_first(ANYWHERE.scope)


def read_scope(scope: Scope, node: LexborNode, page: Page) -> tuple[tuple[ListEntry, ...], int]:
    """Read the block of story links with dates that looks most like the list.

    :return: the entries, and how many stories stand in blocks that may be lists
    """
    cards = find_cards(node)
    blocks = (_candidate(block, node, page) for block in find_blocks(cards))
    candidates = [candidate for candidate in blocks if candidate is not None]
    best = max(candidates, key=lambda candidate: candidate.weight, default=None)
    entries: tuple[ListEntry, ...] = ()
    if best is not None and best.weight:
        lead = _lead(cards, best, node, page) if scope.has_lead else ()
        entries = lead + best.entries
    elif scope.headlines:
        entries = _undated(scope, cards, node, page)
    return entries, sum(len(candidate.entries) for candidate in candidates)


def _candidate(block: list[Card], node: LexborNode, page: Page) -> _Candidate | None:
    """Weigh a block by its dates and summaries, unless its heading says that it is no list."""
    heading = heading_of(block, node)
    if _POPULAR.match(heading):
        return None
    entries = read_entries(block, page.url, UNKNOWN)
    dated = sum(entry.date_published is not None for entry in entries)
    described = sum(len(entry.description or "") >= _SHORTEST_SUMMARY for entry in entries)
    with_summaries = 2 * described > len(entries)
    if _LATEST.match(heading) and not with_summaries:
        return None
    weight = dated * (_SUMMARY_WEIGHT if with_summaries else 1)
    return _Candidate(block, entries, weight if 2 * dated >= len(entries) else 0)


def _lead(
    cards: list[Card], best: _Candidate, node: LexborNode, page: Page
) -> tuple[ListEntry, ...]:
    """Read the dated story that stands alone above the list."""
    listed = {entry.id for entry in best.entries}
    before = takewhile(lambda card: card is not best.block[0], cards)
    alone = [card for card in before if card.story not in listed]
    if len({card.story for card in alone}) != 1 or _POPULAR.match(heading_of(alone, node)):
        return ()
    lead = read_entries(alone, page.url, UNKNOWN)
    return lead if lead[0].date_published is not None else ()


def _undated(
    scope: Scope, cards: list[Card], node: LexborNode, page: Page
) -> tuple[ListEntry, ...]:
    marked = [card for card in cards if any(part.css_first(scope.headlines) for part in card.nodes)]
    listed = [card for card in marked if not _POPULAR.match(heading_of([card], node))]
    return read_entries(listed, page.url, UNKNOWN)
