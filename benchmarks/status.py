"""How long does a look at everything take, and does it take longer where the archive is large?

Two archives in one embedded server, one with 1,000 stories and 100 runs and one with 1,000,000 and
100,000, of 50 sections; in the large one a third as many stories wait to be fetched. Run from the
project's folder:

    .venv/bin/python -m benchmarks.status [--small N] [--large N] [--rounds N]

Prints the milliseconds that the look took (``scrapy status`` and ``scrapy metrics`` take it), and
how long ``scrapy status`` takes beside ``scrapy list``, which is little more than Scrapy's start.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from benchmarks.filling import filled
from heraldcrawl.store.server import Server
from heraldcrawl.store.status import look

WAITING = """
INSERT INTO ledger (article_id, url)
SELECT 'g' || n, 'https://www.koreaherald.com/view.php?ud=g' || n FROM generate_series(1, {0}) n;
INSERT INTO listings (list, article_id, section, headline, pending)
SELECT 'business', 'g' || n, '{{Business}}', 'Headline', true FROM generate_series(1, {0}) n;
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=1_000, help="stories of one archive [1000]")
    parser.add_argument("--large", type=int, default=1_000_000, help="of the other [1000000]")
    parser.add_argument("--rounds", type=int, default=9, help="looks at each [9]")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)).use() as server:
        urls = {size: filled(server, size) for size in (options.small, options.large)}
        with psycopg.connect(urls[options.large], autocommit=True) as connection:
            connection.execute(WAITING.format(options.large // 3).encode())
            connection.execute("VACUUM ANALYZE")
        times = {size: look_seconds(url, options.rounds) for size, url in urls.items()}
        small, large = times.values()
        print(
            f"a look: {1000 * small:.0f} ms, {1000 * large:.0f} ms; large / small:"
            f" {large / small:.2f}"
        )
        status = command_seconds("status", urls[options.large], folder, options.rounds)
        bare = command_seconds("list", urls[options.large], folder, options.rounds)
        print(f"scrapy status {status:.2f} s, scrapy list {bare:.2f} s; ratio {status / bare:.2f}")
    return 0


def look_seconds(url: str, rounds: int) -> float:
    """The middle one of the times that some looks took."""
    times = []
    with psycopg.connect(url) as connection:
        for _ in range(rounds):
            began = time.perf_counter()
            look(connection)
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def command_seconds(command: str, url: str, home: str, rounds: int) -> float:
    """The same of a command, from its start to its end."""
    times = []
    environment = os.environ | {"DATABASE_URL": url, "HERALD_HOME": home}
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "scrapy", command],
            env=environment,
            capture_output=True,
            check=False,
        )
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
