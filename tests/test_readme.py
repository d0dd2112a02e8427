"""What the README says of a crawl, beside what crawls do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.crash.harness import where
from tests.crawling import PROJECT, crawl
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site

if TYPE_CHECKING:
    from pathlib import Path

NORTH_KOREA = ("National", "North Korea")
#: What Scrapy itself counts.
SCRAPYS = re.compile(
    r"(downloader|scheduler|dupefilter|feedexport|httpcompression|httperror|log_count|memusage|retry"
    r"|robotstxt|item_dropped_reasons_count|items_per_minute|responses_per_minute)(/.*)?"
    r"|\w+_(count|reason|time|seconds|max)"
)


def documented() -> list[str]:
    """The names of the table of statistics, a pattern each."""
    text = (PROJECT / "README.md").read_text("utf-8")
    table = text.partition("### What a run counts")[2].partition("\n## ")[0]
    patterns = []
    for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
        group = ""
        for name in re.findall(r"`([^`]+)`", row):
            whole = group + name if name.startswith("/") else name
            group = group if name.startswith("/") else name.partition("/")[0]
            patterns.append(re.sub(r"<[^>]+>", "[^/]+(/[^/]+)?", whole))
    return [*patterns, *(f"old/{pattern}" for pattern in patterns)]


def test_what_a_run_counts_is_in_the_table(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=60)) as site:
        numbers = iter(site.site.numbers(NORTH_KOREA))
        for kind in ("410", "500"):
            site.site.faults[next(numbers)] = Fault(kind)
        runs = [
            crawl(spider, home=tmp_path, environment=where(site, database_url))
            for spider in ("northkorea", "northkorea", "latest")
        ]
    counted = {key for run in runs for key in run.stats if not SCRAPYS.fullmatch(key)}
    assert {"story/new", "story/failed/http_410", "feed/read", "old/story/read"} <= counted
    patterns = documented()
    unknown = [key for key in counted if not any(re.fullmatch(p, key) for p in patterns)]
    assert sorted(unknown) == []
