"""What does judging a run cost, and does it cost more where the archive is large?

Two archives in one embedded server, one with 1,000 stories and 100 runs and one with 1,000,000 and
100,000; in each the end of a run is judged again and again: of one that found nothing new, of one
after hours of silence, and of one with three new stories. Run from the project's folder:

    .venv/bin/python -m benchmarks.monitors [--small N] [--large N] [--rounds N]

Prints the milliseconds that judging took, and the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.settings import Settings

from benchmarks.filling import filled
from heraldcrawl.monitoring.looks import look_at_installation, look_at_run
from heraldcrawl.monitoring.numbers import Run
from heraldcrawl.monitoring.shares import Before
from heraldcrawl.store.alarms import AlarmBook
from heraldcrawl.store.link import Link
from heraldcrawl.store.monitors import Monitors
from heraldcrawl.store.server import Server

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTHING = {"list/pages": 1, "list/entries": 15, "latency/1": 2}
STORIES = NOTHING | {"list/new": 3, "story/read": 3, "story/new": 3, "layout/e4": 3}
STORIES |= {f"evidence/field{n}/css": 3 for n in range(1, 61)}
NUMBER = 100_000_000  # of a run after all others


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=1_000, help="stories of one archive [1000]")
    parser.add_argument("--large", type=int, default=1_000_000, help="of the other [1000000]")
    parser.add_argument("--rounds", type=int, default=20, help="looks at each [20]")
    options = parser.parse_args()
    sizes = (options.small, options.large)
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)).use() as server:
        settings = Settings({"HERALD_HOME": folder, "ALARM_DISK_FREE": 0})
        urls = {size: filled(server, size) for size in sizes}
        for name, stats, hours in (
            ("nothing new", NOTHING, 1),
            ("silence", NOTHING, 9),
            ("three new stories", STORIES, 1),
        ):
            times = {
                size: asyncio.run(judge(url, settings, stats, hours, options.rounds))
                for size, url in urls.items()
            }
            small, large = times.values()
            print(f"{name:18} {small:6.1f} ms, {large:6.1f} ms; large / small: {large / small:.2f}")
    return 0


async def judge(
    url: str, settings: Settings, stats: Mapping[str, int], hours: int, rounds: int
) -> float:
    """The middle one of the milliseconds that some looks took.

    :param hours: from the last news until now
    """
    link = Link(url, patience_seconds=5, silence_seconds=60, is_stopping=lambda: False)
    now = datetime.now(UTC) + timedelta(hours=hours - 5)  # the last story came five hours ago
    run = Run("northkorea", "finished", now, now, stats)
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        queries = Monitors(link, NUMBER)
        before = await queries.usual_stats_before("northkorea") if run.read else []
        verdict = await look_at_run(queries, run, "northkorea", pages=Before.of(before))
        verdict += await look_at_installation(queries, settings, ["northkorea"])
        await AlarmBook(link).take_in(verdict.alarms, verdict.well)
        times.append(1000 * (time.perf_counter() - began))
    await link.close()
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
