"""Whoever kills a crawl, or fills its disk: no story is stored whose page is not archived."""

from __future__ import annotations

import random
import signal
from pathlib import Path

from heraldcrawl.archive.reader import Reader
from tests.archive.archives import (
    assert_readable,
    assert_rows_match,
    assert_stories_are_archived,
    warc_files,
)
from tests.crash.harness import (
    Countdown,
    Crash,
    assert_complete,
    fetched_again,
    fill,
    leased,
    where,
)
from tests.crawling import crawl, scrapy, select
from tests.site.sample.server import serve
from tests.site.sample.site import Site

HALFWAY = Path(__file__).with_name("halfway")


def put_in_order(url: str, home: Path, action: str) -> str:
    done = scrapy("archive", action, DATABASE_URL=url, HERALD_HOME=str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_kill_in_mid_record_leaves_the_rest_readable_and_the_next_run_goes_on(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=200, keep_pages=True)) as site:
        environment = where(site, database_url)
        killed = Crash(
            "northkorea",
            home=tmp_path,
            environment={**environment, "PYTHONPATH": str(HALFWAY), "KILL_AT_WRITE": "8"},
        )
        assert killed.wait() == -signal.SIGKILL
        [file] = warc_files(tmp_path)
        with file.open("rb") as stream:
            reader = Reader(stream, file.name, max_bytes=1 << 20)
            whole = [record.url for record in reader]
        assert len(whole) > 10
        assert reader.end < file.stat().st_size
        assert reader.skipped == {"truncated": 1}
        assert_stories_are_archived(database_url)
        before = file.read_bytes()
        run = crawl("northkorea", home=tmp_path, environment=environment)
        assert run.status == 0, run.log
        assert_complete(database_url, site)
    assert_stories_are_archived(database_url)
    assert file.read_bytes() == before
    assert len(warc_files(tmp_path)) == 2
    put_in_order(database_url, tmp_path, "index")
    said = put_in_order(database_url, tmp_path, "verify")
    assert "1 × ends in the middle of a record" in said
    put_in_order(database_url, tmp_path, "pack")  # without what is not whole
    assert_readable(*warc_files(tmp_path))
    assert_rows_match(database_url, tmp_path)
    assert "middle" not in put_in_order(database_url, tmp_path, "verify")


def test_crawls_killed_again_and_again_archive_every_story_that_they_store(
    database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(11)
    with serve(Site(stories=500, keep_pages=True)) as site:
        countdown = Countdown(site)
        environment = where(site, database_url)
        for _ in range(5):
            countdown.start(chance.randint(10, 60))
            run = Crash("northkorea", home=tmp_path, environment=environment)
            if countdown.wait(run):
                run.end(signal.SIGKILL)
            assert_stories_are_archived(database_url)
        last = crawl("northkorea", home=tmp_path, environment=environment)
        assert last.status == 0, last.log
        assert_complete(database_url, site)
    assert_stories_are_archived(database_url)
    put_in_order(database_url, tmp_path, "index")
    put_in_order(database_url, tmp_path, "verify")
    put_in_order(database_url, tmp_path, "pack")
    assert_rows_match(database_url, tmp_path)


def test_a_full_disk_ends_the_crawl_and_nothing_is_stored_whose_page_is_not_archived(
    database_url: str, small_disk: Path
) -> None:
    ballast = small_disk / "ballast"
    with serve(Site(stories=500, keep_pages=True)) as site:
        countdown = Countdown(site)
        countdown.start(60)
        run = Crash(
            "northkorea",
            home=small_disk,
            environment=where(site, database_url),
            settings={"FEEDS": "{}"},
        )
        assert countdown.wait(run)
        fill(ballast)
        assert run.wait() == 9, run.log
        assert run.log.count("No page archive: the page archive cannot be written") == 1
        assert "No space left on device" in run.log
        assert "Traceback" not in run.log, run.log
        [row] = select(database_url, "SELECT reason FROM runs")
        assert row["reason"] == "archive_unwritable"
        assert leased(database_url) == 0
        assert select(database_url, "SELECT * FROM ledger WHERE attempts > 0") == []
        assert_stories_are_archived(database_url)
        full = crawl("northkorea", home=small_disk, environment=where(site, database_url))
        assert full.status == 9, full.log
        ballast.unlink()
        last = crawl("northkorea", home=small_disk, environment=where(site, database_url))
        assert last.status == 0, last.log
        assert_complete(database_url, site)
        assert fetched_again(site) <= 16  # what was in flight
    assert_readable(*warc_files(small_disk))
    assert_rows_match(database_url, small_disk)
    put_in_order(database_url, small_disk, "verify")
