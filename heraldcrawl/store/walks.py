"""Walks through the lists: whose they are, and how far they have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heraldcrawl.store.queries import load
from heraldcrawl.store.records import Walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heraldcrawl.store.link import Link

_WALKS = load("walks")


class Walks:
    """One run's walks."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def open(self, slug: str, *, full: bool = False, deep_days: float = 7) -> Walk | None:
        """The list's walk, taken up where it was interrupted; None while another run walks it.

        :param full: the walk through all of the list, not the one for what is new
        :param deep_days: so long after the last deep walk a new one goes deep
        """
        rows = await self._link.execute(
            _WALKS["open_walk"],
            {"list": slug, "full": full, "run": self._link.run, "deep_days": deep_days},
        )
        return Walk(**rows[0]) if rows else None

    async def take_over(self, slug: str, *, full: bool = False) -> Walk | None:
        """The walk that another run left unfinished; None if it was finished."""
        rows = await self._link.execute(
            _WALKS["take_over_walk"], {"list": slug, "full": full, "run": self._link.run}
        )
        return Walk(**rows[0]) if rows else None

    async def is_walked_by_others(self, slug: str, *, full: bool = False) -> bool:
        [row] = await self._link.execute(
            _WALKS["is_walked_by_others"], {"list": slug, "full": full, "run": self._link.run}
        )
        return bool(row["yes"])

    async def advance(
        self, walk: Walk, ids: Iterable[str], next_page: int | None = None, *, end: bool = False
    ) -> None:
        """Tell how far the walk has come without a gap.

        :param ids: the entries that it has passed
        :param next_page: where it goes on when it is interrupted
        :param end: it is finished
        """
        progress = {
            "walk": walk.id,
            "list": walk.list,
            "ids": list(ids),
            "next_page": next_page,
            "end": end,
        }
        await self._link.execute(_WALKS["advance_walk"], progress)
