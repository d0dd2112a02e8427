"""Does a crawl that finds nothing new take longer where the archive is large?

Two archives in one embedded server, one with 1,000 stories and 100 runs and one with 1,000,000 and
100,000, are crawled in turn over the same sample site, on which nothing is new. Run from the
project's folder:

    .venv/bin/python -m benchmarks.scale [--small N] [--large N] [--rounds N]

Prints the seconds that the crawls took from opening the spider to closing it, and their ratio.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.filling import filled
from heraldcrawl.store.server import Server
from tests.crawling import Crawl, crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import Site


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=1_000, help="stories of one archive [1000]")
    parser.add_argument("--large", type=int, default=1_000_000, help="of the other [1000000]")
    parser.add_argument("--rounds", type=int, default=9, help="crawls of each [9]")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder)).use() as server,
        serve(Site(stories=60, keep_pages=True)) as site,
    ):
        home = Path(folder)
        archives = {
            size: archive(server, size, home, site.root) for size in (options.small, options.large)
        }
        site.log.clear()
        seconds: dict[int, list[float]] = {size: [] for size in archives}
        for _ in range(options.rounds):
            for size, url in archives.items():
                stats = once(home, site.root, url).stats
                seconds[size].append(stats["elapsed_time_seconds"])
        requests = len(site.log) / options.rounds / len(archives)
    for size, times in seconds.items():
        print(
            f"{size:>9,} stories: median {statistics.median(times):.3f} s, best {min(times):.3f} s"
        )
    small, large = (statistics.median(times) for times in seconds.values())
    print(f"{requests:.1f} requests a crawl; large / small: {large / small:.2f}")
    return 0


def archive(server: str, stories: int, home: Path, root: str) -> str:
    """Make a database with so many stories, and crawl the site into it once."""
    url = filled(server, stories)
    once(home, root, url)
    assert len(select(url, "SELECT id FROM articles WHERE id NOT LIKE 'f%'")) > 0
    return url


def once(home: Path, root: str, url: str) -> Crawl:
    run = crawl("northkorea", home=home, environment={"SITE_URL": root, "DATABASE_URL": url})
    assert run.status == 0, run.log
    return run


if __name__ == "__main__":
    sys.exit(main())
