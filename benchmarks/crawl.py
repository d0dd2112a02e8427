"""How fast is a whole crawl beside a bare Scrapy spider that downloads the same pages?

All fetch the sample site without delay, over HTTP from another process on this machine. A bare
spider parses and stores nothing; one has Scrapy's own settings, and the other the project's, with
which Scrapy itself is twice as fast. What storing costs is measured without the page archive: the
crawl without a database, beside one that stores and reads its list pages as often. Run from the
project's folder:

    .venv/bin/python -m benchmarks.crawl [--stories N] [--rounds N]

Prints pages per second, round by round, and what a page costs the crawl's own process; then medians
of the rounds' ratios, for a shared machine may be half as fast again in the next second.
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
from typing import TYPE_CHECKING, NamedTuple

from heraldcrawl.settings import EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The same for all.
SETTINGS = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "LOG_LEVEL": "WARNING",
}
COST = {"benchmarks.cost.Cost": 5}  # before the run's statistics are stored
WHOLE = EXTENSIONS | COST
#: Those of a crawl without a database, which has nothing to search either.
NOWHERE = WHOLE | {
    "benchmarks.nowhere.Nowhere": EXTENSIONS["heraldcrawl.extensions.database.Database"],
    "heraldcrawl.extensions.database.Database": None,
    "heraldcrawl.extensions.search.SearchIndex": None,
}
BARE = {"EXTENSIONS": COST, "ITEM_PIPELINES": {}, "FEEDS": {}}
#: What Scrapy opens for an operator; nothing that a page would cost.
STOCK = {"EXTENSIONS": COST, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}

#: Whatever hangs on these hangs on them.
EMPTY = (
    "SET client_min_messages = warning; "
    "TRUNCATE articles, revisions, listings, ledger, walks, captures CASCADE"
)
#: A page of the real site has about so many characters.
PAGE_CHARACTERS = 60_000

#: Prints what a spider did as one line of JSON.
SPIDER = """
import json, sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

addresses = open(sys.argv[1]).read().split()
settings = get_project_settings() if sys.argv[2] == "project" else Settings()
settings.setdict(json.loads(sys.argv[3]), priority="cmdline")

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


class Speed(NamedTuple):
    """How fast a crawl was."""

    rate: float  # pages a second
    cost: float  # milliseconds of its process's CPU time a page

    @classmethod
    def of(cls, stats: dict[str, float]) -> Speed:
        pages = stats["response_received_count"]
        return cls(
            pages / stats["elapsed_time_seconds"],
            stats["benchmark/cpu_seconds"] / pages * 1000,
        )

    def __str__(self) -> str:
        return f"{self.rate:4.0f}/s {self.cost:4.2f} ms"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--stories", type=int, default=2500, help="two in five are fetched [2500]")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of five crawls [7]")
    options = parser.parse_args()
    rounds: list[dict[str, Speed]] = []
    with tempfile.TemporaryDirectory() as folder, served(options.stories) as root:
        home = Path(folder)
        environment = os.environ | {"HERALD_HOME": str(home / "data"), "SITE_URL": root}
        environment.pop("REPLAY", None)
        scrapy(environment, "db", "start")
        try:
            scrapy(environment, "db", "migrate")
            addresses = home / "addresses"
            whole(environment)  # warms everything up, and tells the addresses
            addresses.write_text(fetched(environment))
            for _ in range(options.rounds):
                rounds.append(
                    {
                        "stock": bare(environment, addresses, "stock", STOCK),
                        "bare": bare(environment, addresses, "project", BARE),
                        "whole": whole(environment),
                        "not stored": forgotten(environment, home / "stats"),
                        "stored": whole(environment, "pages=1000000", archived=False),
                    }
                )
                line = "   ".join(f"{name} {speed}" for name, speed in rounds[-1].items())
                print(line, flush=True)
        finally:
            scrapy(environment, "db", "stop")
    for name, settings in (("stock", "Scrapy's own settings"), ("bare", "the project's settings")):
        rate = statistics.median(each["whole"].rate / each[name].rate for each in rounds)
        cost = statistics.median(each[name].cost / each["whole"].cost for each in rounds)
        print(f"whole crawl / bare spider with {settings}: {rate:.2f}; by CPU time {cost:.2f}")
    time = statistics.median(each["not stored"].rate / each["stored"].rate for each in rounds)
    cost = statistics.median(each["stored"].cost / each["not stored"].cost for each in rounds)
    print(f"stored / not stored, time: {time:.2f}; by CPU time {cost:.2f}")
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


def bare(
    environment: dict[str, str], addresses: Path, whose: str, settings: Mapping[str, object]
) -> Speed:
    """Crawl with the bare spider."""
    given = json.dumps({**SETTINGS, **settings})
    command = [sys.executable, "-c", SPIDER, str(addresses), whose, given]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return Speed.of(json.loads(done.stdout.splitlines()[-1]))


def forgotten(environment: dict[str, str], stats: Path) -> Speed:
    """Crawl without a database."""
    settings: dict[str, object] = {"EXTENSIONS": NOWHERE, "ARCHIVE_ENABLED": False}
    crawl(environment | {"BENCHMARK_STATS": str(stats)}, settings, "pages=1000000")
    return Speed.of(json.loads(stats.read_text("utf-8")))


def whole(environment: dict[str, str], *arguments: str, archived: bool = True) -> Speed:
    """Crawl into an empty database.

    :param archived: with the page archive
    """
    select(environment, EMPTY)
    crawl(environment, {"EXTENSIONS": WHOLE, "ARCHIVE_ENABLED": archived}, *arguments)
    stats = select(environment, "SELECT stats FROM runs ORDER BY id DESC LIMIT 1")
    return Speed.of(json.loads(stats))


def fetched(environment: dict[str, str]) -> str:
    """The addresses that the last crawl fetched its stories from, one a line."""
    urls = select(environment, "SELECT url FROM articles")
    return urls.replace("https://www.koreaherald.com", environment["SITE_URL"])


def crawl(environment: dict[str, str], settings: Mapping[str, object], *arguments: str) -> None:
    options = []
    for name, value in {**SETTINGS, **settings}.items():
        options += ["-s", f"{name}={json.dumps(value) if isinstance(value, dict) else value}"]
    options += [part for argument in arguments for part in ("-a", argument)]
    scrapy(environment, "crawl", "northkorea", *options)


def select(environment: dict[str, str], statement: str) -> str:
    return scrapy(environment, "db", "psql", "--", "-qAtX", "-c", statement)


def scrapy(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "scrapy", *arguments]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
