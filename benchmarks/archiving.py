"""What does archiving every response add to a crawl?

Crawls the sample site with the page archive and without it, in turn, each into an empty database,
and compares their times and the CPU time of their processes. Run from the project's folder:

    .venv/bin/python -m benchmarks.archiving [--stories N] [--rounds N]

Prints pages per second of both, round by round, and the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.crawl import Speed, scrapy, served, whole


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--stories", type=int, default=2500, help="two in five are fetched [2500]")
    parser.add_argument("--rounds", type=int, default=9, help="pairs of crawls [9]")
    options = parser.parse_args()
    rounds: list[dict[bool, Speed]] = []
    with tempfile.TemporaryDirectory() as folder, served(options.stories) as root:
        environment = os.environ | {"HERALD_HOME": folder, "SITE_URL": root, "DATABASE_URL": ""}
        environment.pop("REPLAY", None)
        scrapy(environment, "db", "start")
        try:
            scrapy(environment, "db", "migrate")
            whole(environment)  # warms everything up
            for number in range(options.rounds):
                # In turn first and second: what is first may find the machine in another mood.
                order = (True, False) if number % 2 else (False, True)
                rounds.append({kept: whole(environment, archived=kept) for kept in order})
                archived, bare = rounds[-1][True], rounds[-1][False]
                print(f"archived {archived}   not archived {bare}", flush=True)
        finally:
            scrapy(environment, "db", "stop")
        files = [*(Path(folder) / "archive").rglob("*.warc.gz")]
        size = sum(file.stat().st_size for file in files) / len(files)
    time = statistics.median(each[False].rate / each[True].rate for each in rounds)
    cost = statistics.median(each[True].cost / each[False].cost for each in rounds)
    print(f"archived / not archived, time: {time:.2f}; by CPU time {cost:.2f}")
    print(f"{size / 1e6:.1f} MB of archive a crawl")
    return 0


if __name__ == "__main__":
    sys.exit(main())
