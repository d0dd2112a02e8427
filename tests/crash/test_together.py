"""Several crawls of one database at once, and a site that answers as it likes."""

from __future__ import annotations

import itertools
import signal
import statistics
from typing import TYPE_CHECKING

from tests.crash.harness import (
    Countdown,
    Crash,
    assert_complete,
    fetched_again,
    stories_fetched,
    where,
)
from tests.crawling import crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import Site

if TYPE_CHECKING:
    from pathlib import Path

DELAY_SECONDS = 0.2


def test_crawls_of_one_section_and_of_its_parent_share_the_work(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=400, keep_pages=True)) as site:
        spiders = ["northkorea", "northkorea", "national", "national", "latest"]
        environment = where(site, database_url)
        runs = [
            Crash(spider, home=tmp_path / f"home {number}", environment=environment)
            for number, spider in enumerate(spiders)
        ]
        for run in runs:
            assert run.wait() == 0, run.log
        fetched = stories_fetched(site)
        national = site.site.truths(("National",))
        stored = {row["id"] for row in select(database_url, "SELECT id FROM articles")}
    assert set(fetched.values()) == {1}
    assert national.keys() <= stored
    assert len(stored) == len(fetched)
    assert select(database_url, "SELECT article_id FROM ledger") == []
    rows = select(database_url, "SELECT reason FROM runs")
    assert [row["reason"] for row in rows] == ["finished"] * len(spiders)


def test_a_crawl_that_hangs_keeps_neither_stories_nor_the_walk_from_another(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=750, keep_pages=True), delay_seconds=0.05) as site:
        countdown = Countdown(site)
        countdown.start(20)  # as many as the list has pages
        environment = where(site, database_url)
        settings = {"LEASE_SECONDS": 3}
        how = {"home": tmp_path, "environment": environment, "settings": settings}
        hung = Crash("northkorea", **how)
        assert countdown.wait(hung)
        hung.process.send_signal(signal.SIGSTOP)
        try:
            other = Crash("northkorea", **how)
            assert other.wait() == 0, other.log
        finally:
            hung.process.send_signal(signal.SIGCONT)
            status = hung.wait()
        assert "going on where it was" in other.log
        assert status == 0, hung.log
        assert_complete(database_url, site)


def test_all_crawls_together_keep_to_one_pace(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=120, keep_pages=True)) as site:
        settings = {"DOWNLOAD_DELAY": DELAY_SECONDS}
        environment = where(site, database_url)
        runs = [
            Crash(
                "northkorea",
                home=tmp_path / f"home {number}",
                settings=settings,
                environment=environment,
            )
            for number in range(3)
        ]
        for run in runs:
            assert run.wait() == 0, run.log
        times = [request.at for request in site.log]
        assert fetched_again(site) == 0
        assert_complete(database_url, site)
    gaps = [after - before for before, after in itertools.pairwise(times)]
    # The turns are exact; how long a process sleeps and a packet travels is not.
    assert statistics.median(gaps) > 0.75 * DELAY_SECONDS
    assert (times[-1] - times[0]) / len(gaps) > 0.99 * DELAY_SECONDS


def test_whatever_the_site_answers_every_story_is_stored_in_the_end(
    database_url: str, tmp_path: Path
) -> None:
    troubled = Site(stories=300, trouble=0.3, trouble_kinds=("500", "503", "reset", "cut", "stall"))
    with serve(troubled) as site:
        settings = {"DOWNLOAD_TIMEOUT": 1, "STORY_ATTEMPTS": 50, "RETRY_TIMES": 0}
        for _ in range(20):
            run = crawl(
                "northkorea",
                home=tmp_path,
                settings=settings,
                environment=where(site, database_url),
            )
            assert run.status == 0, run.log
            waiting = select(database_url, "UPDATE ledger SET due_at = now() RETURNING attempts")
            if not waiting:
                break
            assert run.stats["ledger/waiting"] == len(waiting)
            assert f"{len(waiting)} stories are still to be fetched" in run.log
        assert "left to fetch" in run.log
        assert_complete(database_url, site)
