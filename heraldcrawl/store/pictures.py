"""Which pictures are to be fetched, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heraldcrawl.store.link import Connection, Link

_PICTURES = load("pictures")

#: Stories whose pictures are looked up in one transaction.
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture as it was stored."""

    path: str  # below the folder of pictures
    checksum: str  # SHA-256, hexadecimal
    content_type: str
    bytes: int
    width: int
    height: int


class Pictures:
    """The due list of pictures, as one run sees it; does nothing until it is told to.

    :param link: the run's
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self.list: str | None = None  # whose crawl asks for the pictures of stories from now on

    async def enlist(self, connection: Connection, ids: Sequence[str]) -> None:
        """Make the pictures of stories due, in the transaction that stores them."""
        if self.list is not None:
            await connection.execute(_PICTURES["enlist"], {"ids": list(ids), "list": self.list})

    async def enlist_all(self, slug: str) -> None:
        """Make the pictures of all stories due that were not known of.

        :param slug: the list that they belong to from now on
        """
        last: str | None = ""
        while last is not None:
            parameters = {"after": last, "most": _AT_ONCE, "list": slug}
            [row] = await self._link.execute(_PICTURES["enlist_some"], parameters)
            last = row["last"]

    async def retry_dead(self) -> None:
        """Make due what failed for good."""
        await self._link.execute(_PICTURES["retry_dead"])

    async def lease(self, slug: str | None, count: int, seconds: float) -> list[str]:
        """Addresses of the next pictures, for this run alone.

        :param slug: of the list; None: of all lists
        :param seconds: how long they stay ours if this process hangs
        """
        parameters = {"count": count, "seconds": seconds, "run": self._link.run}
        if slug is None:
            rows = await self._link.execute(_PICTURES["lease_any"], parameters)
        else:
            rows = await self._link.execute(_PICTURES["lease"], parameters | {"list": slug})
        return [row["url"] for row in rows]

    async def settle(self, url: str, file: PictureFile) -> None:
        """The picture is stored."""
        await self._link.execute(
            _PICTURES["settle"],
            {
                "url": url,
                "path": file.path,
                "checksum": file.checksum,
                "content_type": file.content_type,
                "bytes": file.bytes,
                "width": file.width,
                "height": file.height,
            },
        )

    async def fail(
        self, url: str, reason: str, detail: str, *, attempts: int, final: bool = False
    ) -> str:
        """Record a failed attempt at a picture that this run has leased.

        :param attempts: so many, and it is given up
        :param final: this one alone, and it is
        :returns: ``waiting`` or ``dead``
        """
        parameters = {
            "url": url,
            "run": self._link.run,
            "reason": reason,
            "detail": detail,
            "attempts": attempts,
            "final": final,
        }
        rows = await self._link.execute(_PICTURES["fail"], parameters)
        return str(rows[0]["state"]) if rows else "waiting"

    async def count_waiting(self, slug: str | None) -> int:
        """How many are still to be fetched, now or later."""
        [row] = await self._link.execute(_PICTURES["count_waiting"], {"list": slug})
        return int(row["count"])

    async def release(self, connection: Connection, runs: Sequence[int]) -> None:
        """Runs that stopped or were killed give back what they had not finished."""
        await connection.execute(_PICTURES["release"], {"runs": list(runs)})
