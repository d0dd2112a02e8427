"""``scrapy ledger`` as the operator types it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.crash.harness import assert_complete, where
from tests.crawling import crawl, scrapy, select
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site

if TYPE_CHECKING:
    from pathlib import Path

NORTH_KOREA = ("National", "North Korea")


def test_dead_letters_are_listed_put_back_and_fetched_by_the_next_crawl(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=60)) as site:
        gone, missing, *_ = site.site.numbers(NORTH_KOREA)
        site.site.faults |= {gone: Fault("410"), missing: Fault("404")}
        ids = {n: site.site.story_id(n) for n in (gone, missing)}
        crawl("northkorea", home=tmp_path, environment=where(site, database_url))

        listed = scrapy("ledger", "list", "--json", DATABASE_URL=database_url)
        assert listed.returncode == 1
        letters = {row["id"]: row for row in map(json.loads, listed.stdout.splitlines())}
        assert letters.keys() == set(ids.values())
        letter = letters[ids[gone]]
        assert (letter["reason"], letter["attempts"]) == ("http_410", 1)
        assert letter["lists"] == ["northkorea"]
        assert letter["url"].startswith("https://www.koreaherald.com/")

        text = scrapy("ledger", "list", "--reason", "http_404", DATABASE_URL=database_url)
        assert len(text.stdout.splitlines()) == 1
        assert ids[missing] in text.stdout

        site.site.faults.clear()
        address = f"http://m.koreaherald.com{site.site.story_address(gone)}"
        one = scrapy("ledger", "retry", address, DATABASE_URL=database_url)
        assert (one.returncode, one.stdout.split()) == (0, [ids[gone]])
        rest = scrapy("ledger", "retry", "--all", "--json", DATABASE_URL=database_url)
        assert json.loads(rest.stdout) == {"id": ids[missing]}
        none = scrapy("ledger", "retry", "--all", DATABASE_URL=database_url)
        assert (none.returncode, none.stdout) == (1, "")

        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        assert run.status == 0
        assert {item["id"] for item in run.items} == set(ids.values())
        assert_complete(database_url, site)
    assert scrapy("ledger", "list", DATABASE_URL=database_url).returncode == 0


def test_a_dead_letter_shows_what_was_seen(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=30)) as site:
        empty = next(iter(site.site.numbers(NORTH_KOREA)))
        site.site.faults[empty] = Fault("empty")
        id_ = site.site.story_id(empty)
        settings = {"STORY_ATTEMPTS": 1}
        environment = where(site, database_url)
        crawl("northkorea", home=tmp_path, settings=settings, environment=environment)
    [letter] = select(database_url, "SELECT * FROM ledger")
    assert letter["state"] == "dead"
    shown = scrapy("ledger", "list", id_, DATABASE_URL=database_url).stdout
    assert "lists: northkorea" in shown
    assert str(letter["reason"]) in shown


@pytest.mark.parametrize("arguments", [("list",), ("retry", "--all")])
def test_where_there_is_no_archive_none_is_made(arguments: tuple[str, ...], tmp_path: Path) -> None:
    home = tmp_path / "mistyped"
    run = scrapy("ledger", *arguments, HERALD_HOME=str(home))
    words = f"there is no archive in {home} yet; scrapy crawl makes one"
    assert (run.returncode, run.stderr) == (3, f"scrapy ledger: {words}\n")
    assert not home.exists()


def test_wrong_usage_is_status_2_and_no_database_status_3() -> None:
    assert scrapy("ledger", "retry").returncode == 2
    assert scrapy("ledger", "bury").returncode == 2
    assert scrapy("ledger", "list", "https://example.com/1").returncode == 2
    nowhere = scrapy("ledger", "list", DATABASE_URL="postgresql://kim@127.0.0.1:1/archive")
    assert nowhere.returncode == 3
    assert len(nowhere.stderr.splitlines()) == 1
