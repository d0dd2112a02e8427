"""What does archiving every response add to a crawl?

Crawls the sample site with the page archive and without it, in turn, each into an empty database,
and compares their times, and the processor time of the main thread, in which the crawl is done; the
archive's own work is another thread's. Run from the project's folder:

    .venv/bin/python -m benchmarks.archiving [--stories N] [--rounds N]

Prints pages per second of both and the ratios, round by round.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals

from benchmarks.crawl import served, whole_run

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class MainThread:
    """An extension that notes the main thread's processor time in the run's statistics."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_idle, signal=signals.spider_idle)
        return extension

    def spider_opened(self) -> None:
        self._began = time.thread_time()

    def spider_idle(self) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.set_value("main_thread_seconds", time.thread_time() - self._began)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--stories", type=int, default=2500, help="two in five are fetched [2500]")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of crawls [5]")
    options = parser.parse_args()
    times, processors = [], []
    with tempfile.TemporaryDirectory() as folder, served(options.stories) as root:
        environment = os.environ | {"HERALD_HOME": folder, "SITE_URL": root, "DATABASE_URL": ""}
        environment.pop("REPLAY", None)
        scrapy_db = [sys.executable, "-m", "scrapy", "db"]
        subprocess.run([*scrapy_db, "start"], env=environment, check=True, capture_output=True)
        try:
            crawl(environment, archived=True)  # warms everything up
            for number in range(options.rounds):
                # In turn first and second: what is first may find the machine in another mood.
                order = (True, False) if number % 2 else (False, True)
                runs = {archived: crawl(environment, archived=archived) for archived in order}
                with_archive, without = runs[True], runs[False]
                times.append(seconds(with_archive) / seconds(without))
                processors.append(
                    with_archive["main_thread_seconds"] / without["main_thread_seconds"]
                )
                print(
                    f"archived {rate(with_archive):.0f}/s  not archived {rate(without):.0f}/s  "
                    f"time ratio {times[-1]:.2f}  main thread {processors[-1]:.2f}",
                    flush=True,
                )
        finally:
            subprocess.run([*scrapy_db, "stop"], env=environment, check=True)
        files = [*(Path(folder) / "archive").rglob("*.warc.gz")]
        size = sum(file.stat().st_size for file in files) / len(files)
    print(f"archived / not archived, time: median {statistics.median(times):.2f}")
    print(f"the same, main thread's time: median {statistics.median(processors):.2f}")
    print(f"{size / 1e6:.1f} MB of archive a crawl")
    return 0


def crawl(environment: dict[str, str], *, archived: bool) -> dict[str, float]:
    """Statistics of ``scrapy crawl northkorea`` into an empty database."""
    settings = {
        "ARCHIVE_ENABLED": archived,
        "EXTENSIONS": json.dumps(EXTENSIONS),
    }
    return whole_run(environment, settings=settings)


def seconds(stats: dict[str, float]) -> float:
    return stats["elapsed_time_seconds"]


def rate(stats: dict[str, float]) -> float:
    return stats["response_received_count"] / seconds(stats)


EXTENSIONS = {
    "heraldcrawl.extensions.database.Database": 10,
    "heraldcrawl.extensions.progress.Progress": 500,
    "benchmarks.archiving.MainThread": 900,
}

if __name__ == "__main__":
    sys.exit(main())
