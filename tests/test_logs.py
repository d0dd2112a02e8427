"""The log as JSON, of real crawls and commands."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.crash.harness import where
from tests.crawling import crawl, scrapy, select, start_crawl
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE = "postgresql://kim@127.0.0.1:1/archive"
FIELDS = ["time", "level", "logger", "message", "spider", "run"]


def records(log: str) -> list[dict[str, Any]]:
    """Every line, each of which must be a record."""
    return [json.loads(line) for line in log.splitlines()]


def without_database(home: Path, settings: dict[str, Any]) -> str:
    """What a crawl says to standard error that ends soon."""
    environment = {"DATABASE_URL": NOWHERE}
    process = start_crawl("kpop", home=home, settings=settings, environment=environment)
    return process.communicate(timeout=60)[1]


def test_every_line_of_a_crawl_s_log_is_a_record(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=30)) as site:
        empty = next(iter(site.site.numbers(("National", "North Korea"))))
        site.site.faults[empty] = Fault("empty")
        environment = {**where(site, database_url), "LOG_JSON": "1"}
        run = crawl("northkorea", home=tmp_path, environment=environment)
    said = records(run.log)
    assert said[0]["message"].startswith("Scrapy ")
    assert all(list(record) == FIELDS for record in said)
    [(row)] = select(database_url, "SELECT id FROM runs")
    [ended] = [record for record in said if "ended (finished)" in record["message"]]
    assert (ended["spider"], ended["run"]) == ("northkorea", row["id"])
    [unread] = [record for record in said if record["level"] == "WARNING"]
    assert "is no story" in unread["message"]
    at = datetime.fromisoformat(ended["time"])
    assert at.tzinfo == UTC
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60


def test_a_log_file_is_the_same_and_errors_have_their_exception(tmp_path: Path) -> None:
    log = tmp_path / "log"
    extensions = {
        "heraldcrawl.extensions.database.Database": 10,
        "heraldcrawl.extensions.logs.JsonLogs": 20,
        "tests.test_logs.Breaks": 30,
    }
    settings = {"LOG_JSON": True, "LOG_FILE": str(log), "EXTENSIONS": json.dumps(extensions)}
    assert without_database(tmp_path, settings) == ""
    said = records(log.read_text("utf-8"))
    assert {"level": "ERROR", "spider": "kpop", "run": None}.items() <= next(
        record.items() for record in said if "No database" in record["message"]
    )
    [broken] = [record for record in said if "exception" in record]
    assert broken["exception"].startswith("Traceback (most recent call last):\n")
    assert "ValueError: the ferry\nsank" in broken["exception"]


class Breaks:
    """An extension with a fault."""

    @classmethod
    def from_crawler(cls, crawler: Any) -> Breaks:
        from scrapy import signals  # noqa: PLC0415  (for the crawl's process alone)

        extension = cls()
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_closed(self) -> None:
        raise ValueError("the ferry\nsank")


def test_commands_log_as_json_too(tmp_path: Path) -> None:
    said = scrapy(
        "alarms",
        "--check",
        HERALD_HOME=str(tmp_path),
        DATABASE_URL=NOWHERE,
        LOG_JSON="1",
    )
    first, *_, last = said.stderr.splitlines()
    assert json.loads(first)["message"].startswith("Alarm (new): database: ")
    assert last.startswith("scrapy alarms: the database archive at")


def test_otherwise_it_is_scrapy_s(tmp_path: Path) -> None:
    log = without_database(tmp_path, {"LOG_JSON": "0"})
    assert "[scrapy.utils.log] INFO: Scrapy " in log
