"""How fast is a whole crawl beside a bare Scrapy spider that downloads the same pages?

All sides use the project's settings without delay and fetch the sample site over HTTP from another
process on this machine. The bare one parses and stores nothing. What storing costs is measured
without the page archive: the crawl beside the same without a database, reading the same list pages
as often. Run from the project's folder:

    .venv/bin/python -m benchmarks.crawl [--stories N] [--rounds N]

Prints pages per second of all and their ratios, round by round.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The same for both sides.
SETTINGS = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "LOG_LEVEL": "WARNING",
}

#: The extensions of a crawl without a database.
NOWHERE = {
    "benchmarks.nowhere.Nowhere": 10,
    "heraldcrawl.extensions.progress.Progress": 500,
}

#: A page of the real site has about so many characters.
PAGE_CHARACTERS = 60_000

#: Prints what a spider did as one line of JSON.
BARE = """
import json, sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

addresses = open(sys.argv[1]).read().split()
settings = get_project_settings()
settings.setdict(json.loads(sys.argv[2]), priority="cmdline")
settings.setdict({"EXTENSIONS": {}, "ITEM_PIPELINES": {}, "FEEDS": {}}, priority="cmdline")

class Bare(Spider):
    name = "bare"

    async def start(self):
        for address in addresses:
            yield Request(address)

    async def parse(self, response):
        pass

process = AsyncCrawlerProcess(settings)
crawler = process.create_crawler(Bare)
process.crawl(crawler)
process.start()
print(json.dumps(crawler.stats.get_stats(), default=str))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--stories", type=int, default=2500, help="two in five are fetched [2500]")
    parser.add_argument("--rounds", type=int, default=3, help="pairs of crawls [3]")
    options = parser.parse_args()
    ratios, costs = [], []
    with tempfile.TemporaryDirectory() as folder, served(options.stories) as root:
        home = Path(folder)
        environment = os.environ | {"HERALD_HOME": str(home / "data"), "SITE_URL": root}
        environment.pop("REPLAY", None)
        subprocess.run(
            [sys.executable, "-m", "scrapy", "db", "start"],
            env=environment,
            check=True,
            capture_output=True,
        )
        try:
            addresses = home / "addresses"
            whole(environment, addresses)  # warms everything up, and tells the addresses
            for _ in range(options.rounds):
                bare_rate = bare(environment, addresses)
                whole_rate = whole(environment, addresses)
                ratios.append(whole_rate / bare_rate)
                forgotten_rate = forgotten(environment, home / "stats")
                bounded_rate = whole(environment, addresses, "pages=1000000", archived=False)
                costs.append(forgotten_rate / bounded_rate)
                print(
                    f"bare {bare_rate:.0f}/s  whole {whole_rate:.0f}/s  ratio {ratios[-1]:.2f}  "
                    f"not stored {forgotten_rate:.0f}/s  stored {bounded_rate:.0f}/s  "
                    f"time ratio {costs[-1]:.2f}"
                )
        finally:
            subprocess.run(
                [sys.executable, "-m", "scrapy", "db", "stop"], env=environment, check=True
            )
    print(f"whole crawl / bare spider, pages a second: median {statistics.median(ratios):.2f}")
    print(f"stored / not stored, time: median {statistics.median(costs):.2f}")
    return 0


@contextmanager
def served(stories: int, *, keep_pages: bool = True) -> Iterator[str]:
    """The sample site from a process of its own.

    :param keep_pages: render each page once, as long as real ones are
    """
    command = [sys.executable, "-m", "tests.site.sample", "serve", "--stories", str(stories)]
    command += ["--keep-pages", f"--page-characters={PAGE_CHARACTERS}"] if keep_pages else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def bare(environment: dict[str, str], addresses: Path) -> float:
    """Pages a second of the bare spider."""
    command = [sys.executable, "-c", BARE, str(addresses), json.dumps(SETTINGS)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return rate(json.loads(done.stdout.splitlines()[-1]))


def forgotten(environment: dict[str, str], stats: Path) -> float:
    """Pages a second of ``scrapy crawl northkorea`` without a database."""
    settings = SETTINGS | {"EXTENSIONS": json.dumps(NOWHERE), "ARCHIVE_ENABLED": False}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "northkorea", "-a", "pages=1000000", *options],
        env=environment | {"BENCHMARK_STATS": str(stats)},
        check=True,
    )
    return rate(json.loads(stats.read_text("utf-8")))


def whole(
    environment: dict[str, str], addresses: Path, *arguments: str, archived: bool = True
) -> float:
    """Pages a second of ``scrapy crawl northkorea`` into an empty database.

    :param addresses: file to write the stories' addresses to, if it is not there
    :param archived: with the page archive
    """
    stats = whole_run(environment, *arguments, settings={"ARCHIVE_ENABLED": archived})
    if not addresses.exists():
        root = environment["SITE_URL"]
        fetched = psql(environment, "SELECT url FROM articles").split()
        addresses.write_text(
            "\n".join(url.replace("https://www.koreaherald.com", root) for url in fetched)
        )
    return rate(stats)


def whole_run(
    environment: dict[str, str], *arguments: str, settings: Mapping[str, object]
) -> dict[str, float]:
    """Statistics of ``scrapy crawl northkorea`` into an empty database.

    :param settings: beside those of all sides
    """
    psql(
        environment,
        "DO $$ BEGIN IF to_regclass('articles') IS NOT NULL THEN"
        " TRUNCATE articles, revisions, listings, ledger, walks, captures CASCADE; END IF; END $$",
    )
    given = SETTINGS | dict(settings)
    options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    options += [part for argument in arguments for part in ("-a", argument)]
    subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "northkorea", *options],
        env=environment,
        check=True,
    )
    stats: dict[str, float] = json.loads(
        psql(environment, "SELECT stats FROM runs ORDER BY id DESC LIMIT 1")
    )
    return stats


def psql(environment: dict[str, str], statement: str) -> str:
    """What a statement prints."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "db", "psql", "--", "-qAtXc", statement],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def rate(stats: dict[str, float]) -> float:
    return stats["response_received_count"] / stats["elapsed_time_seconds"]


if __name__ == "__main__":
    sys.exit(main())
