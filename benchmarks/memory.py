"""Does a crawl need more memory the more stories it fetches?

Crawls 1,000 and then 100,000 stories of the sample site, each into an empty archive, and compares
the largest resident memory that each crawl reached. The second takes a quarter of an hour. Run from
the project's folder:

    .venv/bin/python -m benchmarks.memory [--few N] [--many N]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile

from benchmarks.crawl import SETTINGS, served

#: Share of the sample site's stories that are on the list of North Korea.
SHARE = 0.4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--few", type=int, default=1_000, help="stories of one crawl [1000]")
    parser.add_argument("--many", type=int, default=100_000, help="of the other [100000]")
    options = parser.parse_args()
    few, many = (megabytes(stories) for stories in (options.few, options.many))
    print(f"many / few: {many / few:.2f}")
    return 0


def megabytes(stories: int) -> float:
    """Largest resident memory of a crawl of so many stories."""
    with (
        tempfile.TemporaryDirectory() as home,
        served(int(stories / SHARE), keep_pages=False) as root,
    ):
        environment = os.environ | {"HERALD_HOME": home, "SITE_URL": root, "DATABASE_URL": ""}
        environment.pop("REPLAY", None)
        options = [part for name, value in SETTINGS.items() for part in ("-s", f"{name}={value}")]
        crawl = subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "northkorea", *options], env=environment
        )
        _, status, usage = os.wait4(crawl.pid, 0)
        crawl.returncode = os.waitstatus_to_exitcode(status)
        assert crawl.returncode == 0
        size = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    print(f"{stories:>8,} stories: {size:.0f} MB, {usage.ru_utime + usage.ru_stime:.0f} s of CPU")
    return size


if __name__ == "__main__":
    sys.exit(main())
