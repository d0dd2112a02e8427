"""How stories share transactions."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.crash.harness import stories_fetched
from tests.crawling import FAST, PROJECT, environment_with, select
from tests.site.sample.server import serve
from tests.site.sample.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.site.sample.server import Server

#: A crawl in which a story waits an hour for company.
PATIENT = """
import heraldcrawl.pipelines.store
from scrapy.cmdline import execute
heraldcrawl.pipelines.store._LINGER_SECONDS = 3600
execute()
"""


@contextmanager
def patient(site: Server, database_url: str, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    where = {"SITE_URL": site.root, "DATABASE_URL": database_url, "HERALD_HOME": str(home)}
    with subprocess.Popen(
        [
            *(sys.executable, "-c", PATIENT, "crawl", "northkorea"),
            *(f"-s{name}={value}" for name, value in FAST.items()),
        ],
        cwd=PROJECT,
        env=environment_with(where),
    ) as crawl:
        try:
            yield crawl
        finally:
            crawl.kill()


def test_nobody_waits_for_company_where_none_can_come(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=40)) as site, patient(site, database_url, tmp_path) as crawl:
        assert crawl.wait(240) == 0
        stored = select(database_url, "SELECT id FROM articles")
        assert {row["id"] for row in stored} == set(site.site.truths())


def test_a_kill_costs_only_a_few_times_as_many_pages_as_are_fetched_at_once(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=750), delay_seconds=0.02) as site:
        with patient(site, database_url, tmp_path) as crawl:
            while stories_fetched(site).total() < 10 * FAST["CONCURRENT_REQUESTS"]:
                assert crawl.poll() is None
                time.sleep(0.01)
        [row] = select(database_url, "SELECT count(*) FROM articles")
        lost = stories_fetched(site).total() - row["count"]
        assert lost < 5 * FAST["CONCURRENT_REQUESTS"]
