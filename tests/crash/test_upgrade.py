"""A newer version migrates the database while crawls of this one are at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.crash.harness import (
    Countdown,
    Crash,
    assert_complete,
    fetched_again,
    leased,
    where,
)
from tests.crawling import crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import Site
from tests.stories import execute

if TYPE_CHECKING:
    from pathlib import Path

NEWER = "INSERT INTO migrations (version, name) VALUES (9999, 'later')"
REFUSAL = "the database is at version 9999, newer than the"


def test_a_crawl_goes_on_with_tables_that_a_newer_version_added_to(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=300, keep_pages=True)) as site:
        countdown = Countdown(site)
        environment = where(site, database_url)
        countdown.start(40)
        run = Crash(
            "northkorea", home=tmp_path, environment=environment, settings={"DOWNLOAD_DELAY": 0.05}
        )
        assert countdown.wait(run)
        execute(
            database_url,
            f"BEGIN; ALTER TABLE articles ADD COLUMN later text NOT NULL DEFAULT 'x';"
            f" ALTER TABLE ledger ADD COLUMN later integer;"
            f" CREATE TABLE later (article_id text REFERENCES articles); {NEWER}; COMMIT",
        )
        assert run.wait() == 0, run.log
        assert "nothing is left to fetch" in run.log
        assert_complete(database_url, site)
        # What is older than its database does not begin.
        later = crawl("northkorea", home=tmp_path, environment=environment)
        assert later.status == 3
        assert REFUSAL in later.log
        assert "Traceback" not in later.log
        assert_complete(database_url, site)


def test_a_crawl_that_cannot_go_on_ends_in_order_and_loses_nothing(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=300, keep_pages=True)) as site:
        countdown = Countdown(site)
        environment = where(site, database_url)
        countdown.start(40)
        run = Crash(
            "northkorea", home=tmp_path, environment=environment, settings={"DOWNLOAD_DELAY": 0.05}
        )
        assert countdown.wait(run)
        execute(
            database_url,
            f"BEGIN; ALTER TABLE listings RENAME COLUMN pending TO outstanding; {NEWER}; COMMIT",
        )
        assert run.wait() == 3, run.log
        assert run.log.count("No database: the database refuses: ") == 1
        assert "(database_unavailable)" in run.log
        stored = len(select(database_url, "SELECT id FROM articles"))
        assert 0 < stored < 120
        in_flight = leased(database_url)
        # A version that knows the tables goes on: this one, once they are as it knows them.
        execute(
            database_url,
            "BEGIN; ALTER TABLE listings RENAME COLUMN outstanding TO pending;"
            " DELETE FROM migrations WHERE version = 9999; COMMIT",
        )
        later = crawl("northkorea", home=tmp_path, environment=environment)
        assert later.status == 0, later.log
        assert_complete(database_url, site)
        assert fetched_again(site) <= in_flight + 2
