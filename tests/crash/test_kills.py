"""A crawl may be killed at any instant, or stopped: nothing is lost, and nothing stored twice."""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.crash.harness import (
    ROUNDS,
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

if TYPE_CHECKING:
    from pathlib import Path

#: Of which 1,000 are on the list of North Korea.
STORIES = 2500


@pytest.mark.timeout(60 + 60 * ROUNDS)
def test_a_crawl_killed_again_and_again_stores_every_story_once(
    database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(7)
    in_flight = kills = 0
    with serve(Site(stories=STORIES, keep_pages=True)) as site:
        countdown = Countdown(site)
        environment = where(site, database_url)
        for _ in range(ROUNDS):
            countdown.start(chance.randint(1, 2000 // ROUNDS))
            run = Crash("northkorea", home=tmp_path, environment=environment)
            if countdown.wait(run):
                time.sleep(chance.uniform(0, 0.1))
                kills += run.end(signal.SIGKILL) == -signal.SIGKILL
                in_flight += leased(database_url)
            else:
                run.wait()
        site.on_request = None
        last = crawl("northkorea", home=tmp_path, environment=environment)
        assert last.status == 0, last.log
        assert "nothing is left to fetch" in last.log or "nothing was left to fetch" in last.log
        assert_complete(database_url, site)
        assert fetched_again(site) <= in_flight
    assert kills >= ROUNDS // 2
    rows = select(database_url, "SELECT reason FROM runs ORDER BY id")
    assert [row["reason"] for row in rows].count(None) <= kills


@pytest.mark.timeout(60 + 60 * ROUNDS)
def test_a_crawl_with_its_embedded_database_killed_together_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random(8)
    with serve(Site(stories=400, keep_pages=True)) as site:
        countdown = Countdown(site)
        environment = {"SITE_URL": site.root}
        for _ in range(max(2, ROUNDS // 4)):
            countdown.start(chance.randint(1, 60))
            run = Crash("northkorea", home=tmp_path, environment=environment)
            if countdown.wait(run):
                run.end(signal.SIGKILL)
            else:
                run.wait()
        site.on_request = None
        last = crawl("northkorea", home=tmp_path, environment=environment)
        assert last.status == 0, last.log
        from heraldcrawl.store.server import Server  # noqa: PLC0415  (Linux and macOS only)

        with Server(tmp_path).use() as url:
            assert_complete(url, site)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_crawl_stops_cleanly_and_nothing_is_fetched_again(
    how: signal.Signals, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(9)
    with serve(Site(stories=750, keep_pages=True)) as site:
        countdown = Countdown(site)
        environment = where(site, database_url)
        for _ in range(3):
            countdown.start(chance.randint(1, 120))
            run = Crash("northkorea", home=tmp_path, environment=environment)
            if countdown.wait(run):
                assert run.end(how, 20) == 6, run.log
                assert leased(database_url) == 0
        last = crawl("northkorea", home=tmp_path, environment=environment)
        assert last.status == 0, last.log
        assert_complete(database_url, site)
        assert fetched_again(site) == 0
    rows = select(database_url, "SELECT reason FROM runs ORDER BY id")
    assert {row["reason"] for row in rows} == {"shutdown", "finished"}


def test_a_full_walk_that_was_killed_goes_on_where_it_was(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=750, keep_pages=True)) as site:
        countdown = Countdown(site)
        environment = where(site, database_url)
        crawl("northkorea", home=tmp_path, environment=environment)
        pages = site.site.last_page(("National", "North Korea"))
        countdown.start(pages + 10)  # each page is read twice
        site.log.clear()
        run = Crash("northkorea", "full=1", home=tmp_path, environment=environment)
        assert countdown.wait(run)
        run.end(signal.SIGKILL)
        before = len(site.log)
        again = crawl("northkorea", "full=1", home=tmp_path, environment=environment)
        assert again.status == 0, again.log
        assert len(site.log) - before < 1.2 * pages + 10
        assert_complete(database_url, site)


def test_when_the_crawl_that_walks_is_killed_another_one_finishes_its_walk(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=750), delay_seconds=0.1) as site:
        countdown = Countdown(site)
        environment = where(site, database_url)
        countdown.start(60)
        walking = Crash("northkorea", home=tmp_path, environment=environment)
        assert countdown.wait(walking)
        other = Crash("northkorea", home=tmp_path, environment=environment)
        while "Another crawl walks" not in other.log and other.is_running():
            time.sleep(0.01)
        walking.end(signal.SIGKILL)
        assert other.wait() == 0, other.log
        assert "going on where it was" in other.log
        assert_complete(database_url, site)
