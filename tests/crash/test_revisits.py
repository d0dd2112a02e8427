"""Revisits are shared like any other work: killed or several at once, each is made once."""

from __future__ import annotations

import random
import signal
from collections import Counter
from typing import TYPE_CHECKING

from tests.crash.harness import NORTH_KOREA, Countdown, Crash, assert_complete, leased, where
from tests.crawling import crawl, select
from tests.site.sample.server import serve
from tests.young import make_due, story_requests, young

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site.sample.server import Server


def requests_again(site: Server) -> int:
    """How many pages were asked for more than once."""
    return sum(n - 1 for n in Counter(each.target for each in story_requests(site)).values())


def left(url: str) -> int:
    [row] = select(url, "SELECT count(*) FROM revisits WHERE due_at <= now()")
    return int(row["count"])


def test_revisits_of_crawls_that_are_killed_are_made_by_others(
    database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(11)
    in_flight = kills = 0
    with serve(young(stories=250, keep_pages=True), delay_seconds=0.01) as site:
        environment = where(site, database_url)
        crawl("northkorea", home=tmp_path, environment=environment)
        seen = select(database_url, "SELECT max(last_seen_at) AS at FROM articles")[0]["at"]
        due = make_due(database_url)
        site.log.clear()
        countdown = Countdown(site)
        for _ in range(5):
            countdown.start(chance.randint(4, 25))
            run = Crash("northkorea", home=tmp_path, environment=environment)
            if countdown.wait(run):
                kills += run.end(signal.SIGKILL) == -signal.SIGKILL
                in_flight += leased(database_url)
            else:
                run.wait()
        site.on_request = None
        last = crawl("northkorea", home=tmp_path, environment=environment)
        assert last.status == 0, last.log
        assert "nothing was left to fetch" in last.log
        assert {each.status for each in story_requests(site)} == {304}
        assert len({each.target for each in story_requests(site)}) == due > 90
        assert requests_again(site) <= in_flight
        assert_complete(database_url, site)
    assert kills >= 3
    assert left(database_url) == 0
    late = select(database_url, "SELECT id, last_seen_at FROM articles")
    assert all(row["last_seen_at"] > seen for row in late)


def test_crawls_at_once_share_the_revisits(database_url: str, tmp_path: Path) -> None:
    with serve(young(stories=120), delay_seconds=0.02) as site:
        environment = where(site, database_url)
        for spider in ("northkorea", "latest"):
            crawl(spider, home=tmp_path, environment=environment)
        make_due(database_url)
        site.site.edit(next(iter(site.site.numbers(NORTH_KOREA))))
        site.log.clear()
        spiders = ("northkorea", "latest", "northkorea", "latest")
        runs = [
            Crash(spider, home=tmp_path / f"home {number}", environment=environment)
            for number, spider in enumerate(spiders)
        ]
        for run in runs:
            assert run.wait() == 0, run.log
        assert requests_again(site) == 0
        assert len(story_requests(site)) > 50
    assert left(database_url) == 0
    [row] = select(database_url, "SELECT count(*) FROM revisions WHERE revision > 1")
    assert row["count"] == 1
    shares = [row["stats"] for row in select(database_url, "SELECT stats FROM runs ORDER BY id")]
    assert sum(bool(stats.get("story/unchanged")) for stats in shares[2:]) > 1
    assert select(database_url, "SELECT * FROM ledger") == []
