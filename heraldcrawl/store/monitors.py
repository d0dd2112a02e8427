"""What the monitors ask of the database, as the values that judges take."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from heraldcrawl.monitoring.installation import DeadLetters, Disk, Job, Killed, Stale
from heraldcrawl.monitoring.numbers import GONE, Run
from heraldcrawl.store.locks import RUN_LOCK
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from heraldcrawl.store.link import Link

_QUERIES = load("monitors")

_RUNS = 20
_USUAL_RUNS = 200
_NEWS = 2000
_NEWS_SPAN = timedelta(weeks=26)
_KNOWN = 200
_DAYS_BEFORE = 30


class Monitors:
    """A few indexed queries of bounded size, on a run's link or a command's.

    :param run: the run that asks; 0: none
    """

    def __init__(self, link: Link, run: int = 0) -> None:
        self._link = link
        self._run = run

    async def runs_before(self, habit: str) -> list[Run]:
        """The last runs of a habit, the latest first."""
        which = {"habit": habit, "run": self._run, "count": _RUNS}
        rows = await self._fetch("runs_before", which)
        return [Run(**{**row, "stats": row["stats"] or {}}) for row in rows]

    async def usual_stats_before(self, habit: str) -> list[dict[str, Any]]:
        """Statistics of the last runs that read stories and found them as usual, latest first."""
        which = {"habit": habit, "run": self._run, "count": _USUAL_RUNS}
        return [row["stats"] for row in await self._fetch("usual_runs_before", which)]

    async def belong_to(self, habit: str, *, is_usual: bool | None) -> None:
        """Let this run join its habit.

        :param is_usual: whether its stories were as usual; None: it had none
        """
        which = {"habit": habit, "is_usual": is_usual, "run": self._run}
        await self._fetch("belong_to", which)

    async def learn_anew(self, habit: str, since: datetime) -> None:
        """Take what the habit's runs read since then for the usual, and forget what came before."""
        await self._fetch("learn_anew", {"habit": habit, "since": since})

    async def news(self, slug: str, now: datetime) -> tuple[list[datetime], datetime | None]:
        """When a list's stories appeared in the last half year, and when news was seen last."""
        since = (now - _NEWS_SPAN).date().isoformat()
        rows = await self._fetch("news", {"list": slug, "since": since, "count": _NEWS})
        times = [row["appeared_at"] for row in rows if row["appeared_at"]]
        appeared = [at for at in times if now - _NEWS_SPAN < at <= now]
        return appeared, max((row["first_seen_at"] for row in rows), default=None)

    async def known_stories(self, slug: str, before: datetime) -> list[dict[str, Any]]:
        """The latest stories of a list that were not read since a time."""
        which = {"list": slug, "before": before, "count": _KNOWN}
        return await self._fetch("known_stories", which)

    async def disk_days_ago(self, host: str) -> Disk | None:
        """The disk as a run on the same machine saw it about a week ago."""
        rows = await self._fetch("disk_days_ago", {"host": host})
        return Disk(**rows[0]) if rows else None

    async def killed(self) -> list[Killed]:
        """Notice runs that were killed, and tell whose were within a day."""
        await self._fetch("notice_killed", {"lock": RUN_LOCK, "run": self._run})
        return [Killed(**row) for row in await self._fetch("killed")]

    async def stale_leases(self) -> list[Stale]:
        return [Stale(**row) for row in await self._fetch("stale_leases", {"lock": RUN_LOCK})]

    async def dead_letters(self) -> DeadLetters:
        rows = await self._fetch("dead_letters", {"gone": list(GONE)})
        new = [row for row in rows if row["is_new"]]
        before = sum(row["stories"] for row in rows if not row["is_new"])
        return DeadLetters(
            sum(row["stories"] for row in new),
            before / _DAYS_BEFORE,
            ", ".join(f"{row['stories']} × {row['reason']}" for row in new),
        )

    async def jobs(self) -> Sequence[Job]:
        return [Job(**row) for row in await self._fetch("jobs")]

    async def _fetch(self, name: str, which: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        return await self._link.execute(_QUERIES[name], which)
