"""Real crawls of the sample site, whose layout changes between two runs, and who hears of it."""

from __future__ import annotations

import json
import re
import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from heraldcrawl.settings import EXTENSIONS
from tests.crash.harness import Crash
from tests.crawling import Crawl, crawl, scrapy, select
from tests.monitoring.servers import webhook
from tests.site.sample import NORTH_KOREA
from tests.site.sample.server import serve
from tests.site.sample.site import Answer, Site
from tests.site.sample.warc import write_warc
from tests.stories import execute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.monitoring.servers import Hook
    from tests.site.sample.server import Server

SECRET = "s3cret-path"  # noqa: S105  (of the hook)
NOBODY = "postgresql://kim:db-s3cret@127.0.0.1:1/archive"


@dataclass
class Redesigned(Site):
    """A site whose story pages can lose something."""

    without: str = ""  # a pattern

    def _story_page(self, n: int) -> Answer:
        answer = super()._story_page(n)
        body = re.sub(self.without, "", answer.text).encode() if self.without else answer.body
        return Answer(answer.status, answer.headers, body, answer.transport)


@dataclass
class Newsroom:
    """The site, the archive and the one who hears."""

    server: Server
    url: str
    home: Path
    hook: Hook
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def site(self) -> Redesigned:
        assert isinstance(self.server.site, Redesigned)
        return self.server.site

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SITE_URL": self.server.root,
            "DATABASE_URL": self.url,
            "HERALD_HOME": str(self.home),
            "ALARM_WEBHOOK": self.hook.url,
            "ALARM_WEBHOOK_FORMAT": "json",
        }

    def run(self, *arguments: str, spider: str = "northkorea", **environment: str) -> Crawl:
        run = crawl(
            spider,
            *arguments,
            home=self.home,
            settings=self.settings,
            environment=self.environment | environment,
        )
        assert SECRET not in run.log
        assert SECRET not in json.dumps(run.stats)
        return run

    def hears(self) -> list[tuple[str, str]]:
        """What was told since the last time: state and key."""
        bodies, self.hook.bodies = self.hook.bodies, []
        return [(a["state"], a["key"]) for body in bodies for a in json.loads(body)["alarms"]]


@pytest.fixture
def newsroom(database_url: str, tmp_path: Path) -> Iterator[Newsroom]:
    with serve(Redesigned(stories=100, era="e4")) as server, webhook() as hook:
        yield Newsroom(server, database_url, tmp_path, hook)


def _empty_a_field(site: Redesigned) -> None:
    site.without = r'"dateModified": ?"[^"]*",?|Updated ?:[^<]*'


def _move_the_body_into_a_script(site: Redesigned) -> None:
    site.redesign("json")


def _need_a_browser(site: Redesigned) -> None:
    site.redesign("javascript")


#: What changes, and what is told of it.
CHANGES: dict[str, Callable[[Redesigned], None]] = {
    "field/date_modified": _empty_a_field,
    "layout": _move_the_body_into_a_script,
    "unreadable": _need_a_browser,
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_new_layout_is_told_by_the_first_run_that_meets_one_story_of_it(
    newsroom: Newsroom, what: str
) -> None:
    newsroom.run()
    newsroom.site.publish(1, NORTH_KOREA)
    newsroom.run()
    newsroom.run()
    assert newsroom.hears() == []

    CHANGES[what](newsroom.site)
    newsroom.site.publish(1, NORTH_KOREA)
    run = newsroom.run()
    assert newsroom.hears() == [("new", f"northkorea/{what}")]
    assert f"WARNING: Alarm (new): northkorea/{what}: " in run.log
    assert run.stats["monitor/second_looks"] >= 3
    [alarm] = select(newsroom.url, "SELECT * FROM alarms")
    assert "3 lost it" in alarm["seen"]
    assert alarm["told_at"] is not None
    assert alarm["closed_at"] is None

    newsroom.site.publish(1, NORTH_KOREA)
    run = newsroom.run()
    assert newsroom.hears() == []
    assert f"INFO: Alarm, held back: northkorea/{what}" in run.log

    newsroom.site.redesign(None)
    newsroom.site.without = ""
    newsroom.site.publish(1, NORTH_KOREA)
    newsroom.run()
    assert newsroom.hears() == [("over", f"northkorea/{what}")]
    newsroom.run()
    assert newsroom.hears() == []
    assert select(newsroom.url, "SELECT key FROM alarms WHERE closed_at IS NULL") == []


def test_an_unusual_story_is_no_new_layout(newsroom: Newsroom) -> None:
    """One story of a strange layout among ordinary ones: the older ones are as they were."""
    newsroom.run()
    [odd] = newsroom.site.publish(1, NORTH_KOREA)
    newsroom.site.redesign("strange")
    strange = newsroom.site.get(newsroom.site.story_address(odd))
    newsroom.site.redesign(None)
    ordinary = newsroom.site._story_page  # noqa: SLF001  (this one answers otherwise)
    newsroom.site._story_page = lambda n: strange if n == odd else ordinary(n)  # type: ignore[method-assign]  # noqa: SLF001  (likewise)
    run = newsroom.run()
    assert run.stats["monitor/second_looks"] >= 3
    assert newsroom.hears() == []


def test_lists_that_yield_nothing_are_told_at_once(newsroom: Newsroom) -> None:
    newsroom.run()
    newsroom.site.strange_lists = [NORTH_KOREA, NORTH_KOREA[:1]]
    assert newsroom.run().status == 5
    assert newsroom.hears() == [("new", "northkorea/list")]
    newsroom.site.strange_lists = []
    newsroom.run()
    assert newsroom.hears() == [("over", "northkorea/list")]


def test_a_site_that_blocks_is_told_at_once(newsroom: Newsroom) -> None:
    newsroom.run()
    newsroom.site.block("403")
    assert newsroom.run().status == 4
    assert newsroom.hears() == [("new", "northkorea/blocked")]
    newsroom.site.block(None)
    newsroom.run()
    assert newsroom.hears() == [("over", "northkorea/blocked")]


def test_silence_is_told_by_the_list_s_own_habit(newsroom: Newsroom) -> None:
    newsroom.run()
    execute(
        newsroom.url,
        """
        INSERT INTO listings (list, article_id, section, date_published, pending, first_seen_at)
        SELECT 'northkorea', 'h' || n, '{}', to_char(at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD'),
            false, at
        FROM generate_series(1, 1500) n,
            LATERAL (SELECT now() - interval '6 days' - n * interval '1 hour') t (at)
        """,
    )
    execute(
        newsroom.url,
        "UPDATE listings SET first_seen_at = now() - interval '6 days'"
        " WHERE article_id NOT LIKE %s",
        "h%",
    )
    execute(newsroom.url, "UPDATE runs SET stats = stats - 'list/new'")
    newsroom.run("limit=3")
    assert newsroom.hears() == []  # a bounded run looks at less than all that is new
    newsroom.run()
    assert newsroom.hears() == [("new", "northkorea/silence")]
    [alarm] = select(newsroom.url, "SELECT seen, usual FROM alarms")
    assert alarm["seen"].endswith("for 6 days")
    newsroom.site.publish(1, NORTH_KOREA)
    newsroom.run()
    assert newsroom.hears() == [("over", "northkorea/silence")]


def test_a_killed_run_is_told_by_the_next(newsroom: Newsroom) -> None:
    newsroom.run()
    newsroom.server.delay_seconds = 1.0
    running = Crash("northkorea", home=newsroom.home, environment=newsroom.environment)
    while not select(newsroom.url, "SELECT id FROM runs WHERE finished_at IS NULL"):
        time.sleep(0.1)
    running.end(signal.SIGKILL)
    newsroom.server.delay_seconds = 0.0
    execute(newsroom.url, "UPDATE runs SET started_at = now() - interval '5 minutes' WHERE id = 2")
    newsroom.run()
    assert newsroom.hears() == [("new", "northkorea/killed")]
    [run] = select(newsroom.url, "SELECT reason, finished_at FROM runs WHERE id = 2")
    assert run["reason"] == "killed"
    assert run["finished_at"] is not None
    newsroom.run()
    assert newsroom.hears() == []
    execute(newsroom.url, "UPDATE runs SET finished_at = now() - interval '2 days' WHERE id = 2")
    newsroom.run()
    assert newsroom.hears() == [("over", "northkorea/killed")]


def test_what_could_not_be_delivered_is_told_by_the_next_run(newsroom: Newsroom) -> None:
    newsroom.hook.statuses = [500]
    newsroom.site.block("403")
    run = newsroom.run()
    assert run.status == 4
    assert "ERROR: An alarm was not delivered: webhook: the server answered 500" in run.log
    assert select(newsroom.url, "SELECT told_at FROM alarms") == [{"told_at": None}]
    newsroom.hears()
    newsroom.hook.statuses = [200]
    newsroom.run()
    assert newsroom.hears() == [("new", "northkorea/blocked")]


def test_a_way_that_hangs_holds_the_crawl_up_no_longer_than_it_may(newsroom: Newsroom) -> None:
    newsroom.settings = {"ALARM_SECONDS": 16}
    newsroom.hook.statuses = [0]
    newsroom.site.block("403")
    run = newsroom.run()
    assert run.status == 4
    assert "An alarm was not delivered: webhook: nothing within 8 s" in run.log


def test_without_a_way_the_log_and_the_table_have_it(newsroom: Newsroom) -> None:
    newsroom.site.block("403")
    log = newsroom.run(ALARM_WEBHOOK="").log
    line = r"WARNING: Alarm \(new\): northkorea/blocked: .+ Usual: .+ To do: "
    assert len(re.findall(line, log)) == 1
    [alarm] = select(newsroom.url, "SELECT key, told_at IS NOT NULL AS is_told FROM alarms")
    assert alarm == {"key": "northkorea/blocked", "is_told": True}


def test_a_wrong_setting_is_said_and_the_crawl_goes_on(newsroom: Newsroom) -> None:
    newsroom.site.block("403")
    run = newsroom.run(ALARM_WEBHOOK=f"hooks.example/{SECRET}")
    assert run.status == 4
    assert "ERROR: Alarms cannot be delivered: ALARM_WEBHOOK is no http or https address" in run.log
    assert select(newsroom.url, "SELECT told_at FROM alarms") == [{"told_at": None}]


def test_monitors_that_break_break_no_crawl(newsroom: Newsroom) -> None:
    execute(newsroom.url, "DROP TABLE alarms")
    run = newsroom.run()
    assert run.status == 0
    [row] = select(newsroom.url, "SELECT reason, stats IS NOT NULL AS has_stats FROM runs")
    assert row == {"reason": "finished", "has_stats": True}


def test_the_crawl_goes_on_without_monitors(newsroom: Newsroom) -> None:
    monitors = "heraldcrawl.extensions.monitors.Monitors"
    newsroom.settings = {"EXTENSIONS": json.dumps(EXTENSIONS | {monitors: None})}
    newsroom.site.block("403")
    assert newsroom.run().status == 4
    newsroom.site.block(None)
    assert newsroom.run().stats["story/new"] > 0
    assert newsroom.hears() == []


def test_a_database_that_is_away_is_told_once_and_once_that_it_is_back(newsroom: Newsroom) -> None:
    for _ in range(2):
        nowhere = newsroom.environment | {"DATABASE_URL": NOBODY}
        run = scrapy("crawl", "northkorea", **nowhere)
        assert run.returncode == 3
        assert "s3cret" not in run.stdout + run.stderr
    assert newsroom.hears() == [("new", "database")]
    newsroom.run()
    assert newsroom.hears() == [("over", "database")]
    newsroom.run()
    assert newsroom.hears() == []


def test_bounded_and_single_runs_are_nobody_s_habit(newsroom: Newsroom) -> None:
    newsroom.run("limit=5")
    newsroom.run("pages=1", spider="northkorea")
    newsroom.run("limit=5", spider="latest")
    address = newsroom.server.site.story_address(next(newsroom.site.numbers()))
    newsroom.run(f"url=https://www.koreaherald.com{address}", spider="article")
    newsroom.run()
    habits = select(newsroom.url, "SELECT habit, is_usual FROM runs ORDER BY id")
    assert [row["habit"] for row in habits] == [None, None, None, None, "northkorea"]
    assert habits[-1]["is_usual"] is True


def test_a_replay_is_a_habit_of_its_own(newsroom: Newsroom, tmp_path: Path) -> None:
    warc = tmp_path / "sample.warc.gz"
    with warc.open("wb") as out:
        write_warc(newsroom.site, out)
    newsroom.run()
    newsroom.run(REPLAY=str(warc), SITE_URL="https://www.koreaherald.com")
    habits = select(newsroom.url, "SELECT habit FROM runs ORDER BY id")
    assert [row["habit"] for row in habits] == ["northkorea", "northkorea (replayed)"]
    assert newsroom.hears() == []


def test_secrets_are_nowhere_to_be_read(newsroom: Newsroom) -> None:
    newsroom.settings = {"LOG_LEVEL": "DEBUG"}
    newsroom.site.block("403")
    more = {"ALARM_SMTP": "smtp://desk:mail-s3cret@127.0.0.1:9", "ALARM_MAIL_TO": "a@example.org"}
    log = newsroom.run(**more).log
    shown = [log]
    for arguments in (["-h"], ["--json"], ["--check", "--json"], ["--test"]):
        done = scrapy("alarms", *arguments, **(newsroom.environment | more))
        shown += [done.stdout, done.stderr]
    rows = select(newsroom.url, "SELECT to_jsonb(r)::text AS row FROM runs r")
    rows += select(newsroom.url, "SELECT to_jsonb(a)::text AS row FROM alarms a")
    shown += [row["row"] for row in rows]
    assert all("s3cret" not in text for text in shown)
    assert "mail: " in log
