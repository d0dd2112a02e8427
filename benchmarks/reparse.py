"""How fast are archived pages read again?

Imports pages of the sample site, of every design and as long as real ones, into an archive of its
own, and then in turn, round by round: parses the same pages alone, from memory, on one core; reads
them again out of the page archive and compares them with the database on one core, PostgreSQL's
work included, and on two; and the same where every story is updated in place. Run from the
project's folder:

    .venv/bin/python -m benchmarks.reparse [--stories N] [--rounds N]

Prints pages per second, the processor time of each, PostgreSQL's included, the ratios (the goals
are 0.7 and 1.8), and how much memory the later half of a run adds. The first batches do not count,
for processes take a second to begin.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.crawl import scrapy
from benchmarks.extraction import ERAS, PAGE_CHARACTERS
from heraldcrawl.loaders import load_article
from heraldcrawl.reparse.pages import Reader
from heraldcrawl.reparse.run import Wanted, Work, reparse
from heraldcrawl.site.page import Page
from heraldcrawl.store.server import Server
from tests.site.sample import Site
from tests.site.sample.surroundings import heavy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heraldcrawl.reparse.summary import Summary

AT = datetime(2024, 1, 1, tzinfo=UTC)
ALL = {
    "path": None, "since": None, "before": None, "layout": None, "missing": None, "revisits": False,
}  # fmt: skip


def made(stories: int) -> Iterator[tuple[str, bytes]]:
    """Address and page of so many stories, of which every fifth has the same design."""
    sites = [Site(stories=stories, era=era) for era in ERAS]
    for number in range(1, stories + 1):
        site = sites[number % len(sites)]
        text = heavy(site.get(site.story_address(number)).text, PAGE_CHARACTERS)
        yield f"https://www.koreaherald.com/view.php?ud=20240101{number:06}", text.encode()


def write(path: Path, stories: int) -> None:
    headers = [("Content-Type", "text/html; charset=utf-8")]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body in made(stories):
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url,
                "response",
                BytesIO(body),
                http_headers=http,
                warc_headers_dict={"WARC-Date": f"{AT:%Y-%m-%dT%H:%M:%SZ}"},
            )
            writer.write_record(record)


@dataclass(frozen=True)
class Speed:
    """How fast pages were read."""

    rate: float  # a second
    cost: float  # seconds of processor time for each, PostgreSQL's included

    def __str__(self) -> str:
        return f"{self.rate:5.0f}/s {self.cost * 1000:.2f} ms"


@dataclass(frozen=True)
class Moment:
    """Time and processor time, of this process, its children and PostgreSQL."""

    seconds: float
    processor: float

    @classmethod
    def now(cls, server: psutil.Process) -> Moment:
        processes = (psutil.Process(), server)
        return cls(time.perf_counter(), sum(map(_processor_seconds, processes)))

    def until(self, other: Moment, pages: int) -> Speed:
        cost = (other.processor - self.processor) / pages
        return Speed(pages / (other.seconds - self.seconds), cost)


def _processor_seconds(process: psutil.Process) -> float:
    """Of a process and all that it has begun; of those that ended it knows itself."""
    try:
        times = process.cpu_times()
        living = sum(map(_processor_seconds, process.children()))
    except psutil.NoSuchProcess:  # it has just ended
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system + living)


def parse(pages: list[tuple[str, bytes]], server: psutil.Process) -> Speed:
    """The readers alone."""
    start = Moment.now(server)
    for url, body in pages:
        load_article(Page(url, body, AT))
    return start.until(Moment.now(server), len(pages))


def reread(work: Work, jobs: int, server: psutil.Process, stories: int) -> tuple[Speed, int]:
    """From the first batches to the last, for processes take a second to begin.

    :returns: and how many bytes of memory the later half added
    """
    process = psutil.Process()
    told: list[tuple[int, int]] = []  # stories up to there, and memory
    moments: list[tuple[Moment, int]] = []

    def tell(part: Summary, more: int) -> None:
        assert part.is_sound
        done = more + (told[-1][0] if told else 0)
        told.append((done, process.memory_info().rss))
        if len(told) == 2 * jobs or done == stories:  # to look at all processes takes a while
            moments.append((Moment.now(server), done))

    asyncio.run(reparse(work, Wanted(ALL, failed=False, unknown=False), jobs, tell))
    (first, before), (last, after) = moments
    added = told[-1][1] - told[len(told) // 2][1]
    return first.until(last, after - before), added


@contextmanager
def cores(count: int, server: psutil.Process) -> Iterator[None]:
    """Let us and PostgreSQL use so many."""
    every = server.cpu_affinity()
    some = list(every)[:count]
    server.cpu_affinity(some)
    os.sched_setaffinity(0, some)
    try:
        yield
    finally:
        server.cpu_affinity(every)
        os.sched_setaffinity(0, every)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--stories", type=int, default=5000, help="[5000]")
    parser.add_argument("--rounds", type=int, default=3, help="[3]")
    options = parser.parse_args()
    ratios: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = os.environ | {"HERALD_HOME": folder, "DATABASE_URL": ""}
        write(home / "made.warc.gz", options.stories)
        pages = [*made(min(options.stories, 1000))]
        scrapy(environment, "db", "start")
        try:
            start = time.perf_counter()
            scrapy(environment, "reparse", str(home / "made.warc.gz"))
            print(f"imported at {options.stories / (time.perf_counter() - start):.0f} a second")
            with Server(home).use() as url, psycopg.connect(url, autocommit=True) as connection:
                pid = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
                server = psutil.Process(pid)
                [stored] = connection.execute("SELECT count(*) FROM articles").fetchone() or (0,)
                print(f"{stored} stories stored")
                connection.execute("VACUUM ANALYZE")
                work = Work(url, home, Reader(1 << 23), (), is_dry=False)
                for _ in range(options.rounds):
                    with cores(1, server):
                        alone = parse(pages, server)
                        one, added = reread(work, 1, server, stored)
                        connection.execute("UPDATE articles SET layout = 'x', keywords = '{x}'")
                        connection.execute("VACUUM articles, revisions")
                        updated, _ = reread(work, 1, server, stored)
                    with cores(2, server):
                        two, _ = reread(work, 2, server, stored)
                    print(
                        f"parsing {alone}  again {one}  updating {updated}  by two {two}"
                        f"  memory +{added / 1e6:.1f} MB",
                        flush=True,
                    )
                    for name, ratio in {
                        "again / parsing alone, one core": one.rate / alone.rate,
                        "the same, processor time": alone.cost / one.cost,
                        "updating / parsing alone, one core": updated.rate / alone.rate,
                        "the same, processor time ": alone.cost / updated.cost,
                        "two processes on two cores / one on one": two.rate / one.rate,
                        "the same, had the processors been free": 2 * one.cost / two.cost,
                    }.items():
                        ratios.setdefault(name, []).append(ratio)
        finally:
            scrapy(environment, "db", "stop")
    for name, found in ratios.items():
        print(f"{name}: median {statistics.median(found):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
