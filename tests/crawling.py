"""Runs the real command, as a person or a timer would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROJECT = Path(__file__).parent.parent

#: No politeness towards ourselves.
FAST = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "AUTOTHROTTLE_MAX_DELAY": 0.1,  # to which refusals slow a crawl down
    "CONCURRENT_REQUESTS": 8,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "RETRY_TIMES": 0,
    "BROWSER_PAGES": 0,
}


#: In front of a command: rights count for root as well.
AS_ANYBODY = (
    ("setpriv", *(f"--{of}=-dac_override,-dac_read_search" for of in ("bounding-set", "inh-caps")))
    if os.geteuid() == 0
    else ()
)


@dataclass
class Crawl:
    """A crawl that ended."""

    status: int
    log: str
    stats: dict[str, Any]
    items: list[dict[str, Any]] = field(default_factory=list)  # of the feed it wrote


def scrapy(
    *arguments: str, prefix: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """``scrapy …`` in the project's folder."""
    return subprocess.run(
        [*prefix, sys.executable, "-m", "scrapy", *arguments],
        cwd=PROJECT,
        env=environment_with(environment),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def start_crawl(
    spider: str,
    *arguments: str,
    home: Path,
    settings: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[str]:
    """``scrapy crawl`` under way; arguments are the spider's."""
    options = [f"-s{name}={value}" for name, value in (FAST | dict(settings or {})).items()]
    options += [part for argument in arguments for part in ("-a", argument)]
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", spider, *options],
        cwd=PROJECT,
        env=environment_with({"HERALD_HOME": str(home), **(environment or {})}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def crawl(
    spider: str,
    *arguments: str,
    home: Path,
    settings: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Crawl:
    """``scrapy crawl`` to its end."""
    before = _feeds(home, spider)
    process = start_crawl(spider, *arguments, home=home, settings=settings, environment=environment)
    try:
        _, log = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        _, log = process.communicate()
        raise AssertionError(f"the crawl did not end:\n{log}") from None
    items = [
        json.loads(line)
        for feed in sorted(_feeds(home, spider) - before)
        for line in feed.read_text(encoding="utf-8").splitlines()
    ]
    stats: dict[str, Any] = {}
    if url := (environment or {}).get("DATABASE_URL"):
        found = select(url, "SELECT stats FROM runs ORDER BY id DESC LIMIT 1")
        stats = (found[0]["stats"] or {}) if found else {}
    return Crawl(process.returncode, log, stats, items)


def select(url: str, query: str) -> list[dict[str, Any]]:
    """Rows of a query, by the columns' names."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return connection.execute(query.encode()).fetchall()


def environment_with(more: dict[str, str]) -> dict[str, str]:
    """This process's, without settings of ours that somebody may have set, and with these."""
    ours = ("DATABASE_URL", "HERALD_HOME", "SITE_URL", "REPLAY")
    theirs = {k: v for k, v in os.environ.items() if k not in ours and not k.startswith("ALARM_")}
    return theirs | more


def _feeds(home: Path, spider: str) -> set[Path]:
    return set((home / "feeds" / spider).glob("*.jsonl"))
