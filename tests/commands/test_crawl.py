"""The exit statuses of ``scrapy crawl``, each as a scheduler meets it."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING

import pytest

from heraldcrawl import settings as project_settings
from heraldcrawl.commands.crawl import DEAD_LETTERS, EXIT_STATUS
from tests.crash.harness import Countdown, Crash, where
from tests.crawling import crawl, scrapy, select
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site

if TYPE_CHECKING:
    from pathlib import Path

NORTH_KOREA = ("National", "North Korea")


def test_done_is_0(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=30)) as site:
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert run.status == EXIT_STATUS["finished"] == 0


def test_an_unknown_end_is_1(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=30)) as site:
        run = crawl(
            "northkorea",
            home=tmp_path,
            environment=where(site, database_url),
            settings={"CLOSESPIDER_PAGECOUNT": 3},
        )
    assert run.status == 1


def test_a_wrong_argument_is_2() -> None:
    assert scrapy("crawl", "northkorea", "-a", "limit=few").returncode == 2


def test_a_switch_that_is_neither_on_nor_off_is_2() -> None:
    for name in ("LOG_JSON", "PICTURES"):
        run = scrapy("crawl", "northkorea", **{name: "some"})
        words = f"{name}=some is neither on nor off; write 1 or 0"
        assert (run.returncode, run.stderr) == (2, f"scrapy: {words}\n")
        run = scrapy("crawl", "northkorea", "-s", f"{name}=some")
        words = f"{name}=some is neither 1 nor 0"
        assert (run.returncode, run.stderr) == (2, f"scrapy crawl: {words}\n")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("STORY_ATTEMPTS=few", "is no whole number from 0 on"),
        ("BROWSER_PAGES=1.5", "is no whole number from 0 on"),
        ("DOWNLOAD_DELAY=-1", "is no number from 0 on"),
        ("ALARM_SECONDS=nan", "is no number from 0 on"),
        ("LEASE_SECONDS=0", "is no number from 1 on"),
        ("LOG_LEVEL=LOUD", "is no level; write DEBUG or INFO"),
        ("SITE_URL=koreaherald.com", "is no http:// or https:// address"),
    ],
)
def test_a_setting_over_which_the_crawl_would_stumble_is_2(
    setting: str, said: str, tmp_path: Path
) -> None:
    nowhere = {"SITE_URL": "http://127.0.0.1:9", "HERALD_HOME": str(tmp_path)}
    run = scrapy("crawl", "northkorea", "-s", setting, **nowhere)
    assert (run.returncode, run.stderr) == (2, f"scrapy crawl: {setting} {said}\n")


@pytest.mark.parametrize(
    ("word", "is_on"),
    [("1", 1), ("True", 1), ("yes", 1), ("ON", 1), ("0", 0), ("false", 0), ("No", 0), ("off", 0)],
)
def test_switches_of_the_environment_take_words(word: str, is_on: int) -> None:
    for name in ("LOG_JSON", "PICTURES"):
        assert scrapy("settings", "--getbool", name, **{name: word}).stdout == f"{bool(is_on)}\n"


def test_no_database_is_3(tmp_path: Path) -> None:
    with serve(Site(stories=30)) as site:
        nowhere = "postgresql://kim@127.0.0.1:1/archive"
        run = crawl(
            "northkorea",
            home=tmp_path,
            environment={"SITE_URL": site.root, "HERALD_HOME": str(tmp_path)},
            settings={"DATABASE_URL": nowhere},
        )
        assert run.status == EXIT_STATUS["database_unavailable"] == 3
        assert site.log == []


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        ("EXTENSIONS", "heraldcrawl.extensions.database.Database"),
        ("DOWNLOADER_MIDDLEWARES", "heraldcrawl.middlewares.Refusals"),
        ("ITEM_PIPELINES", "heraldcrawl.pipelines.store.StorePipeline"),
    ],
)
def test_a_crawl_that_would_keep_nothing_is_2(
    setting: str, part: str, database_url: str, tmp_path: Path
) -> None:
    parts = getattr(project_settings, setting) | {part: None}
    with serve(Site(stories=30)) as site:
        run = crawl(
            "northkorea",
            home=tmp_path,
            environment=where(site, database_url),
            settings={setting: json.dumps(parts)},
        )
        assert site.log == []
    assert run.status == EXIT_STATUS["misconfigured"] == 2
    assert "there is no crawl without them" in run.log
    assert "Traceback" not in run.log


def test_a_site_that_refuses_is_4(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=30)) as site:
        site.site.block("403")
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert run.status == EXIT_STATUS["blocked"] == 4


@pytest.mark.parametrize("what", ["list", "stories"])
def test_a_layout_that_yields_nothing_is_5(what: str, database_url: str, tmp_path: Path) -> None:
    dead = [NORTH_KOREA, NORTH_KOREA[:1]] if what == "list" else []
    with serve(Site(stories=30, era="today", strange_lists=dead)) as site:
        site.site.redesign("javascript" if what == "stories" else None)
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert run.status == EXIT_STATUS["no_list"] == EXIT_STATUS["no_story"] == 5, run.log


def test_a_crawl_stopped_by_a_signal_is_6(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=300)) as site:
        countdown = Countdown(site)
        countdown.start(20)
        run = Crash("northkorea", home=tmp_path, environment=where(site, database_url))
        assert countdown.wait(run)
        assert run.end(signal.SIGTERM) == EXIT_STATUS["shutdown"] == 6


def test_a_crawl_that_a_second_signal_keeps_from_finishing_is_6_as_well(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=300)) as site:
        countdown = Countdown(site)
        countdown.start(20)
        run = Crash("northkorea", home=tmp_path, environment=where(site, database_url))
        assert countdown.wait(run)
        site.delay_seconds = 20  # a clean stop would wait for these answers
        time.sleep(0.5)
        run.process.send_signal(signal.SIGINT)
        while "shutting down gracefully" not in run.log and run.is_running():
            time.sleep(0.01)
        assert run.end(signal.SIGINT) == EXIT_STATUS["shutdown"], run.log
        assert "forcing unclean shutdown" in run.log


def test_done_with_dead_letters_is_7(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=30)) as site:
        site.site.faults[next(iter(site.site.numbers(NORTH_KOREA)))] = Fault("410")
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        again = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert run.status == DEAD_LETTERS == 7
    assert "1 failed for good: scrapy ledger list" in run.log
    assert again.status == 0


def test_a_list_that_cannot_be_read_to_its_end_is_8(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=90)) as site:
        environment = where(site, database_url)
        crawl("northkorea", home=tmp_path, environment=environment)
        pages = dict.fromkeys(path for path in site.paths() if path.startswith("/list.php"))
        site.site.faults[list(pages)[2]] = Fault("500")
        site.site.publish(40, NORTH_KOREA)
        run = crawl("northkorea", home=tmp_path, environment=environment)
        site.site.faults.clear()
        again = crawl("northkorea", home=tmp_path, environment=environment)
        truths = site.site.truths()
    assert run.status == EXIT_STATUS["unfinished"] == 8, run.log
    assert again.status == 0
    assert {row["id"] for row in select(database_url, "SELECT id FROM articles")} == truths.keys()
