"""How stories share transactions."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.crawling import FAST, PROJECT, environment_with, select
from tests.site.sample.server import serve
from tests.site.sample.site import Site

if TYPE_CHECKING:
    from pathlib import Path

#: A crawl in which a story waits an hour for company.
PATIENT = """
import heraldcrawl.pipelines.store
from scrapy.cmdline import execute
heraldcrawl.pipelines.store._LINGER_SECONDS = 3600
execute()
"""


def test_nobody_waits_for_company_where_none_can_come(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=40)) as site:
        where = {
            "SITE_URL": site.root, "DATABASE_URL": database_url, "HERALD_HOME": str(tmp_path),
        }  # fmt: skip
        subprocess.run(
            [
                *(sys.executable, "-c", PATIENT, "crawl", "northkorea"),
                *(f"-s{name}={value}" for name, value in FAST.items()),
            ],
            cwd=PROJECT,
            env=environment_with(where),
            timeout=240,
            check=True,
        )
        stored = select(database_url, "SELECT id FROM articles")
        assert {row["id"] for row in stored} == set(site.site.truths())
