"""What does archiving every response add to a crawl?

Crawls the sample site with the page archive and without it, in turn, each into an empty database,
and compares their times and the CPU time of their processes. Run from the project's folder:

    .venv/bin/python -m benchmarks.archiving [--stories N] [--rounds N]

Prints pages per second of both, round by round, and the ratios of the best of each: what else the
machine does only ever adds.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.crawl import Speed, scrapy, served, whole


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--stories", type=int, default=2500, help="two in five are fetched [2500]")
    parser.add_argument("--rounds", type=int, default=9, help="pairs of crawls [9]")
    options = parser.parse_args()
    speeds: dict[bool, list[Speed]] = {True: [], False: []}
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
                for is_archived in order:
                    speeds[is_archived].append(whole(environment, archived=is_archived))
                archived, bare = speeds[True][-1], speeds[False][-1]
                print(f"archived {archived}   not archived {bare}", flush=True)
        finally:
            scrapy(environment, "db", "stop")
        files = [*(Path(folder) / "archive").rglob("*.warc.gz")]
        size = sum(file.stat().st_size for file in files) / len(files)
    archived, bare = Speed.best(speeds[True]), Speed.best(speeds[False])
    time, cost = bare.rate / archived.rate, archived.cost / bare.cost
    print(f"archived / not archived, time: {time:.2f}; by CPU time {cost:.2f}")
    print(f"{size / 1e6:.1f} MB of archive a crawl")
    return 0


if __name__ == "__main__":
    sys.exit(main())
