"""What every spider does with a page that is not as it should be, over real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.crawling import crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site

if TYPE_CHECKING:
    from pathlib import Path

NORTH_KOREA = ("National", "North Korea")


def ledger(url: str) -> dict[str, tuple[str, str]]:
    rows = select(url, "SELECT article_id, state, reason FROM ledger")
    return {row["article_id"]: (row["state"], row["reason"]) for row in rows}


@pytest.mark.parametrize(
    ("kind", "state", "reason"),
    [
        ("huge", "dead", "too_large"),
        ("off-site", "dead", "forbidden"),
        ("consent", "waiting", "consent"),
        ("empty", "waiting", "empty"),
    ],
)
def test_a_page_that_is_no_story_is_recorded_and_the_others_are_stored(
    kind: Any, state: str, reason: str, database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=40)) as site:
        spoiled, *others = site.site.numbers(NORTH_KOREA)
        site.site.faults[spoiled] = Fault(kind)
        where = {"SITE_URL": site.root, "DATABASE_URL": database_url}
        run = crawl("northkorea", home=tmp_path, environment=where)
        expected = {site.site.story_id(n) for n in others}
        assert ledger(database_url) == {site.site.story_id(spoiled): (state, reason)}
    assert {item["id"] for item in run.items} == expected
    assert {request.headers["host"] for request in site.log} == {site.root[7:]}


def test_a_story_that_only_a_json_script_holds_is_read(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=40, era="today")) as site:
        hidden = next(iter(site.site.numbers(NORTH_KOREA)))
        site.site.faults[hidden] = Fault("json")
        where = {"SITE_URL": site.root, "DATABASE_URL": database_url}
        run = crawl("northkorea", home=tmp_path, environment=where)
        id_ = site.site.story_id(hidden)
        truth = site.site.truth(hidden)
    [item] = [item for item in run.items if item["id"] == id_]
    assert item["layout"] == "generic"
    assert item["article_body"] == truth["article_body"]


@pytest.mark.browser
def test_a_story_that_scripts_build_is_rendered_once_and_stored(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=40, era="today")) as site:
        hidden = next(iter(site.site.numbers(NORTH_KOREA)))
        site.site.faults[hidden] = Fault("javascript")
        where = {"SITE_URL": site.root, "DATABASE_URL": database_url}
        settings = {"BROWSER_PAGES": 3}
        run = crawl("northkorea", home=tmp_path, settings=settings, environment=where)
        id_ = site.site.story_id(hidden)
        truth = site.site.truth(hidden)
    [item] = [item for item in run.items if item["id"] == id_]
    assert item["article_body"] == truth["article_body"]
    assert run.stats["browser/pages"] == 1


def test_without_a_browser_a_note_says_so_and_the_story_waits(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=40, era="today")) as site:
        hidden = next(iter(site.site.numbers(NORTH_KOREA)))
        site.site.faults[hidden] = Fault("javascript")
        where = {"SITE_URL": site.root, "DATABASE_URL": database_url}
        settings = {"BROWSER_PAGES": 3, "BROWSER_EXECUTABLE": "/none/chromium"}
        run = crawl("northkorea", home=tmp_path, settings=settings, environment=where)
        expected = {site.site.story_id(hidden): ("waiting", "unreadable")}
    assert run.log.count("Pages that need the browser are not read") == 1
    assert ledger(database_url) == expected
