"""The table of alarms: each look is taken in alone, by one transaction; none is told twice."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row

from heraldcrawl.monitoring.alarms import Alarm, News, Standing, decide
from heraldcrawl.store.locks import ALARM_LOCK
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from heraldcrawl.store.link import Connection, Link

_QUERIES = load("alarms")

_ALARM = [field.name for field in fields(Alarm)]
_STANDING = [field.name for field in fields(Standing) if field.name != "alarm"]


class AlarmBook:
    """The alarms' table, on a run's link or a command's."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def take_in(self, alarms: Sequence[Alarm], well: Collection[str]) -> list[News]:
        """Take in what a look saw; what is returned is this run's to tell.

        :param well: keys of what was looked at and found well
        """

        async def work(connection: Connection) -> list[News]:
            async with connection.transaction():
                cursor = connection.cursor(row_factory=dict_row)
                await cursor.execute(_QUERIES["take_turns"], {"lock": ALARM_LOCK})
                rows = await (await cursor.execute(_QUERIES["standing"])).fetchall()
                [time] = await (await cursor.execute(_QUERIES["now"])).fetchall()
                before = {row["id"]: _standing(row) for row in rows}
                after, news = decide(before.values(), alarms, well, time["now"])
                numbers: dict[str, int] = {}
                for row in after:
                    if row.id is None:
                        await cursor.execute(_QUERIES["open_alarm"], _columns(row))
                        [made] = await cursor.fetchall()
                        numbers[row.alarm.key] = made["id"]
                    elif row != before[row.id]:
                        await cursor.execute(_QUERIES["change_alarm"], _columns(row))
            return [each.with_id(numbers.get(each.standing.alarm.key)) for each in news]

        return await self._link.do(work)

    async def told(self, news: Iterable[News]) -> None:
        """Somebody has heard of it."""
        news = list(news)
        for statement, is_over in (("told", False), ("over_told", True)):
            ids = [each.standing.id for each in news if (each.kind == "over") == is_over]
            if ids:
                await self._link.execute(_QUERIES[statement], {"ids": ids})

    async def not_told(self, news: Iterable[News]) -> None:
        """It could not be delivered; the next run tries."""
        ids = [each.standing.id for each in news]
        await self._link.execute(_QUERIES["not_told"], {"ids": ids})

    async def open_alarms(self) -> list[Standing]:
        """What is wrong now, the oldest first."""
        return [_standing(row) for row in await self._link.execute(_QUERIES["open_alarms"])]

    async def last_alarms(self, count: int) -> list[Standing]:
        """What was wrong lately, the latest first."""
        rows = await self._link.execute(_QUERIES["last_alarms"], {"count": count})
        return [_standing(row) for row in rows]

    async def accept(self, keys: Sequence[str]) -> list[tuple[str, str | None, str, datetime]]:
        """Say no more of some alarms until they are over.

        :returns: key, spider, what, and since when, of those that were open
        """
        rows = await self._link.execute(_QUERIES["accept"], {"keys": list(keys)})
        return [(row["key"], row["spider"], row["what"], row["opened_at"]) for row in rows]


def _standing(row: dict[str, Any]) -> Standing:
    alarm = Alarm(**{name: row[name] for name in _ALARM})
    return Standing(alarm, **{name: row[name] for name in _STANDING})


def _columns(row: Standing) -> dict[str, Any]:
    columns = asdict(row)
    return {**columns.pop("alarm"), **columns, "key": row.alarm.key}
