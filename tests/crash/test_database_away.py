"""The database is killed, cut off, hung or full: the crawl waits, goes on alone, or gives up."""

from __future__ import annotations

import os
import random
import signal
import time
from typing import TYPE_CHECKING

import psutil
import psycopg

from heraldcrawl.store.server import Server
from tests.crash.harness import (
    Countdown,
    Crash,
    assert_complete,
    every,
    fetched_again,
    fill,
    where,
)
from tests.crash.proxy import proxy
from tests.crawling import crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AWAY = "The database is away"
BACK = "The database is back"


def test_postgresql_killed_in_mid_crawl_comes_back_and_nothing_is_lost(tmp_path: Path) -> None:
    chance = random.Random(1)
    server = Server(tmp_path)
    with server.use() as url, serve(Site(stories=1000, keep_pages=True)) as site:
        countdown = Countdown(site)
        countdown.start(30)
        run = Crash("northkorea", home=tmp_path, environment={"SITE_URL": site.root})
        for _ in range(3):
            if countdown.wait(run) and (pid := server.status().pid):
                countdown.start(chance.randint(20, 100))
                os.kill(pid, signal.SIGKILL)
        assert run.wait() == 0, run.log
        assert run.log.count(AWAY) == run.log.count(BACK) >= 1
        assert "Traceback" not in run.log
        assert_complete(url, site)
        assert fetched_again(site) == 0


def test_connections_cut_all_the_time_are_made_again(database_url: str, tmp_path: Path) -> None:
    def cut() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with serve(Site(stories=500, keep_pages=True)) as site:
        environment = where(site, database_url)
        run = Crash("northkorea", home=tmp_path, environment=environment)
        while not site.log and run.is_running():
            time.sleep(0.05)
        with every(0.2, cut):
            status = run.wait()
        assert status == 0, run.log
        assert AWAY in run.log
        assert "Traceback" not in run.log
        assert_complete(database_url, site)
        assert fetched_again(site) == 0


def test_a_connection_that_hangs_is_given_up_for_another(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=500, keep_pages=True)) as site, proxy(database_url) as between:
        countdown = Countdown(site)
        countdown.start(60)
        run = Crash(
            "northkorea",
            home=tmp_path,
            environment=where(site, between.url),
            settings={"DATABASE_SILENCE_SECONDS": 2},
        )
        assert countdown.wait(run)
        between.swallow()
        assert run.wait() == 0, run.log
        assert run.log.count(AWAY) == run.log.count(BACK) == 1
        assert "Traceback" not in run.log
        assert_complete(database_url, site)
        assert fetched_again(site) == 0


def test_a_database_that_stays_away_ends_the_crawl_with_a_status_of_its_own(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=500, keep_pages=True)) as site, proxy(database_url) as between:
        countdown = Countdown(site)
        countdown.start(60)
        run = Crash(
            "northkorea",
            home=tmp_path,
            environment=where(site, between.url),
            settings={"DATABASE_PATIENCE_SECONDS": 3},
        )
        assert countdown.wait(run)
        between.refuse()
        assert run.wait() == 3, run.log
        assert run.log.count(AWAY) == 1
        assert run.log.count("No database: the database stayed away for 3 s") == 1
        assert "Traceback" not in run.log
        stored = {row["id"] for row in select(database_url, "SELECT id FROM articles")}
        fed = {line.split('"')[3] for feed in feeds(tmp_path) for line in feed}
        assert fed <= stored
        waiting = {row["article_id"] for row in select(database_url, "SELECT * FROM ledger")}
        listed = {row["article_id"] for row in select(database_url, "SELECT * FROM listings")}
        assert stored | waiting == listed
        assert not stored & waiting
        last = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        assert last.status == 0, last.log
        assert_complete(database_url, site)


def test_a_crawl_that_waits_for_the_database_can_be_stopped(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=500, keep_pages=True)) as site, proxy(database_url) as between:
        countdown = Countdown(site)
        countdown.start(60)
        run = Crash("northkorea", home=tmp_path, environment=where(site, between.url))
        assert countdown.wait(run)
        between.refuse()
        while AWAY not in run.log and run.is_running():
            time.sleep(0.05)
        assert run.end(signal.SIGTERM, 40) in (3, 6), run.log
        assert "Traceback" not in run.log
        last = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        assert last.status == 0, last.log
        assert_complete(database_url, site)


def test_an_embedded_server_that_hangs_does_not_keep_the_crawl_from_ending(tmp_path: Path) -> None:
    server = Server(tmp_path)
    with server.use() as url, serve(Site(stories=500, keep_pages=True)) as site:
        countdown = Countdown(site)
        countdown.start(60)
        environment = {"SITE_URL": site.root}
        run = Crash(
            "northkorea",
            home=tmp_path,
            environment=environment,
            settings={"DATABASE_SILENCE_SECONDS": 1, "DATABASE_PATIENCE_SECONDS": 2},
        )
        assert countdown.wait(run)
        postmaster = psutil.Process(server.status().pid)
        hung = [postmaster, *postmaster.children()]
        server.release()  # the crawl is the last that uses it
        for process in hung:
            process.suspend()
        try:
            assert run.wait(60) == 3, run.log
        finally:
            for process in hung:
                process.resume()
        assert "Traceback" not in run.log
        assert run.log.count("does not end") == 1
        last = crawl("northkorea", home=tmp_path, environment=environment)
        assert last.status == 0, last.log
        with server.use():
            assert_complete(url, site)


def test_a_full_disk_is_waited_out(small_disk: Path) -> None:
    server = Server(small_disk, settings={"max_wal_size": "32MB", "min_wal_size": "32MB"})
    ballast = small_disk / "ballast"
    with server.use() as url, serve(Site(stories=500, keep_pages=True)) as site:
        countdown = Countdown(site)
        countdown.start(60)
        run = Crash(
            "northkorea",
            home=small_disk,
            environment={"SITE_URL": site.root},
            # The feed and the page archive need the disk as well, and do not wait for it.
            settings={"FEEDS": "{}", "ARCHIVE_ENABLED": False},
        )
        assert countdown.wait(run)
        fill(ballast)
        while AWAY not in run.log and run.is_running():
            time.sleep(0.05)
        ballast.unlink()
        assert run.wait() == 0, run.log
        assert BACK in run.log
        assert_complete(url, site)
        assert fetched_again(site) == 0


def test_a_statement_that_fails_for_one_story_fails_for_that_story_alone(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=120, keep_pages=True)) as site:
        bad = next(iter(site.site.truths()))
        with psycopg.connect(database_url, autocommit=True) as connection:
            check = f"ALTER TABLE articles ADD CONSTRAINT none CHECK (id <> '{bad}')"
            connection.execute(check.encode())
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        assert run.status == 7, run.log
        stored = {row["id"] for row in select(database_url, "SELECT id FROM articles")}
        assert stored == site.site.truths().keys() - {bad}
    [dead] = select(database_url, "SELECT * FROM ledger")
    assert (dead["article_id"], dead["state"], dead["reason"]) == (bad, "dead", "store")
    assert "CheckViolation" in dead["detail"]


def test_a_database_without_its_tables_ends_the_crawl_and_no_story_is_blamed(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=300, keep_pages=True)) as site:
        countdown = Countdown(site)
        countdown.start(40)
        run = Crash("northkorea", home=tmp_path, environment=where(site, database_url))
        assert countdown.wait(run)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("ALTER TABLE articles RENAME TO mislaid")
        assert run.wait() == 3, run.log
        assert "the database refuses" in run.log
        assert "Traceback" not in run.log
    assert select(database_url, "SELECT * FROM ledger WHERE state = 'dead' OR attempts > 0") == []


def feeds(home: Path) -> Iterator[list[str]]:
    for feed in (home / "feeds").glob("*/*.jsonl"):
        yield feed.read_text(encoding="utf-8").splitlines()
