"""What all runs counted together: each once, whatever becomes of its row."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from heraldcrawl.store import Store, migrate
from heraldcrawl.store.link import Link
from heraldcrawl.store.monitors import Monitors
from heraldcrawl.store.runs import thin_runs
from tests.stories import command, execute

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

BEFORE = 8  # the version without them


def run(url: str, spider: str, reason: str, stats: dict[str, Any], *, ends: int = 1) -> None:
    """A run that ends, as often as its end is told to the database."""

    async def work() -> None:
        store = Store(url, patience_seconds=5)
        await store.open(spider, {})
        for _ in range(ends):  # the answer to a commit may be lost
            await store.finish(reason, stats)
        await store.disconnect()

    asyncio.run(work())


def totals(url: str, spider: str) -> dict[str, float]:
    return dict(execute(url, "SELECT stat, value FROM totals WHERE spider = %s", spider))


def test_each_run_is_added_once(database_url: str) -> None:
    stats = {
        "story/new": 2,
        "list/deepest": 9,
        "elapsed_time_seconds": 1.5,
        "host": "press",
        "replay": True,
        "items_per_minute": None,
    }
    run(database_url, "kpop", "finished", stats, ends=3)
    run(database_url, "kpop", "blocked", {"story/new": 1, "refused/403": 5})
    run(database_url, "film", "finished", {"story/new": 7})
    assert totals(database_url, "kpop") == {
        "story/new": 3,
        "elapsed_time_seconds": 1.5,
        "refused/403": 5,
        "runs/finished": 1,
        "runs/blocked": 1,
    }
    assert totals(database_url, "film") == {"story/new": 7, "runs/finished": 1}


def test_a_killed_run_is_a_run(database_url: str) -> None:
    started = "INSERT INTO runs (spider, started_at) VALUES ('kpop', now() - interval '1 hour')"
    execute(database_url, started)

    async def notice() -> None:
        link = Link(database_url, patience_seconds=5)
        await Monitors(link).killed()
        await Monitors(link).killed()
        await link.close()

    asyncio.run(notice())
    assert totals(database_url, "kpop") == {"runs/killed": 1}


def test_the_runs_of_an_older_database_are_added_up(
    empty_database_url: Callable[[], str],
) -> None:
    url = empty_database_url()
    migrate(url, to=BEFORE)
    for stats in ({"story/new": 2, "latency/0.5": 1, "host": "press"}, {"story/new": 3}):
        execute(
            url,
            "INSERT INTO runs (spider, finished_at, reason, stats)"
            " VALUES ('kpop', now(), 'finished', %s)",
            json.dumps(stats),
        )
    execute(url, "INSERT INTO runs (spider) VALUES ('kpop')")
    migrate(url)
    assert totals(url, "kpop") == {"story/new": 5, "latency/0.5": 1, "runs/finished": 2}


def test_statistics_of_old_runs_that_read_nothing_are_thinned(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for days, stats in ((91, {"list/new": 0}), (91, {"story/read": 1}), (89, {"list/new": 0})):
        execute(
            database_url,
            "INSERT INTO runs (spider, started_at, finished_at, reason, stats) VALUES"
            " ('kpop', now() - %s * interval '1 day', now(), 'finished', %s)",
            days,
            json.dumps(stats),
        )
    assert command("db", "prune", DATABASE_URL=database_url) == 0
    assert capsys.readouterr().out == "1 runs were thinned\n"
    kept = execute(database_url, "SELECT reason, stats IS NULL FROM runs ORDER BY id")
    assert kept == [("finished", True), ("finished", False), ("finished", False)]
    assert thin_runs(database_url, 80) == 1
    assert command("status", DATABASE_URL=database_url) in (0, 1)  # can live with it
    capsys.readouterr()


def test_where_there_is_no_archive_there_is_nothing_to_thin(
    empty_database_url: Callable[[], str],
) -> None:
    assert thin_runs(empty_database_url(), 90) == 0
