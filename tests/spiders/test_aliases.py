"""A story known by two ids is one story, over real HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.crash.harness import NORTH_KOREA, where
from tests.crawling import crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import ROOT, Fault, Site
from tests.spiders.test_revisits import run
from tests.stories import command, execute
from tests.young import make_due, story_requests, young

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site.sample.server import Server


def aliases(url: str) -> dict[str, tuple[str, list[str]]]:
    rows = select(url, "SELECT * FROM aliases")
    return {row["alias"]: (row["article_id"], row["evidence"]) for row in rows}


def stored(url: str) -> set[str]:
    return {row["id"] for row in select(url, "SELECT id FROM articles")}


def move_all(site: Server) -> dict[str, str]:
    """Give all stories of North Korea today's address; new id -> old id."""
    numbers = list(site.site.numbers(NORTH_KOREA))
    old = [site.site.story_id(n) for n in numbers]
    for n in numbers:
        site.site.move(n)
    return dict(zip((site.site.story_id(n) for n in numbers), old, strict=True))


def test_a_story_whose_address_leads_to_a_new_one_is_the_same_story(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(young("e2b")) as site:
        first = run(site, database_url, tmp_path)
        before = stored(database_url)
        moved = move_all(site)
        addresses = " ".join(f"{ROOT}/view.php?ud={old}" for old in moved.values())
        environment = where(site, database_url)
        again = crawl("article", f"url={addresses}", home=tmp_path, environment=environment)
        assert stored(database_url) == before == set(moved.values())
        assert again.stats["story/joined"] == len(moved) == len(first.items)
        assert again.items == []
        found = aliases(database_url)
        assert {alias: id_ for alias, (id_, _) in found.items()} == moved
        assert {evidence[0] for _, evidence in found.values()} == {"redirect"}

        # The lists show the new addresses, and nothing of that is new.
        site.log.clear()
        third = run(site, database_url, tmp_path)
        assert story_requests(site) == []
        assert third.stats["list/new"] == len(moved)
        assert select(database_url, "SELECT * FROM ledger") == []

        edited, *_ = site.site.numbers(NORTH_KOREA)
        site.site.edit(edited)
        make_due(database_url)
        site.log.clear()
        fourth = run(site, database_url, tmp_path)
        assert fourth.stats["list/pages"] == 1
        assert not [each for each in story_requests(site) if "view.php" in each.target]
        number = site.site.story_id(edited)
    [item] = fourth.items
    assert (item["id"], item["revision"]) == (moved[number], 2)
    assert item["url"] == f"{ROOT}/view.php?ud={moved[number]}"
    assert fourth.stats["story/not_modified"] == len(moved) - 1

    for name in (number, f"https://m.koreaherald.com/article/{number}", moved[number]):
        assert command("history", name, DATABASE_URL=database_url) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(f"{item['url']}\nalso {ROOT}/article/{number} (redirect, ")
        assert "revision 2" in shown
    command("history", "--json", number, DATABASE_URL=database_url)
    history = json.loads(capsys.readouterr().out)
    assert history["id"] == moved[number]
    [alias] = history["aliases"]
    assert (alias["id"], alias["evidence"]) == (number, found[number][1])
    [row] = execute(database_url, "SELECT id FROM articles WHERE id = story_of(%s)", number)
    assert row == (moved[number],)
    lists = execute(
        database_url,
        "SELECT listed_as FROM story_listings WHERE article_id = %s AND list = 'northkorea'"
        " ORDER BY length(listed_as)",
        moved[number],
    )
    assert lists == [(number,), (moved[number],)]


def test_a_story_met_again_under_a_new_address_is_known_by_headline_minute_and_text(
    database_url: str, tmp_path: Path
) -> None:
    with serve(young("e2b", stories=60, redirects=False)) as site:
        run(site, database_url, tmp_path)
        telling = {
            row["id"]
            for row in select(database_url, "SELECT * FROM articles")
            if row["headline"] and len(row["article_body"]) > 150
        }
        moved = move_all(site)
        again = run(site, database_url, tmp_path)
        assert again.status == 0, again.log
    found = aliases(database_url)
    assert {alias: id_ for alias, (id_, _) in found.items()} == {
        alias: id_ for alias, id_ in moved.items() if id_ in telling
    }
    assert len(found) > len(moved) / 2
    assert all(e == ["published", "headline", "text"] for _, e in found.values())
    # The others, a caption or an empty headline each, are kept apart rather than mixed up.
    assert stored(database_url) == set(moved.values()) | (moved.keys() - found.keys())
    assert select(database_url, "SELECT * FROM ledger") == []
    assert select(database_url, "SELECT * FROM listings WHERE pending") == []


def test_what_a_page_calls_its_other_id_is_believed_once_that_page_agrees(
    database_url: str, tmp_path: Path
) -> None:
    with serve(young("e2b", redirects=False, canonical="other")) as site:
        first = run(site, database_url, tmp_path)
        assert aliases(database_url) == {}
        assert "alias/doubtful" not in first.stats
        titled = {
            row["id"] for row in select(database_url, "SELECT * FROM articles") if row["headline"]
        }
        moved = move_all(site)
        again = run(site, database_url, tmp_path)
    found = aliases(database_url)
    assert {alias: id_ for alias, (id_, _) in found.items()} == {
        alias: id_ for alias, id_ in moved.items() if id_ in titled
    }
    assert {evidence[0] for _, evidence in found.values()} == {"canonical"}
    assert again.stats["story/joined"] == len(found) > 10


@pytest.mark.parametrize("era", ["e2b", "today", "mixed"])
def test_a_template_that_calls_all_pages_one_story_joins_none(
    era: str, database_url: str, tmp_path: Path
) -> None:
    faulty = young(era)
    newest, *_ = faulty.numbers(NORTH_KOREA)
    faulty.canonical = ROOT + faulty.story_address(newest)
    other_kind = faulty.world.number(newest) if era == "e2b" else faulty.world.ud(newest)
    if era != "mixed":  # so that claim and page are of two kinds
        path = f"article/{other_kind}" if era == "e2b" else f"view.php?ud={other_kind}"
        faulty.canonical = f"{ROOT}/{path}"
    with serve(faulty) as site:
        truths = site.site.truths()
        done = run(site, database_url, tmp_path)
        make_due(database_url)
        again = run(site, database_url, tmp_path)
    assert stored(database_url) == truths.keys()
    assert {item["id"] for item in done.items} == truths.keys()
    assert aliases(database_url) == {}
    assert select(database_url, "SELECT * FROM claims") != []
    assert again.status == 0
    assert done.log.count("names other stories as its own") == (era == "mixed")


def test_a_dead_story_that_leads_to_another_one_is_not_joined_to_it(
    database_url: str, tmp_path: Path
) -> None:
    with serve(young()) as site:
        numbers = list(site.site.numbers(NORTH_KOREA))
        newest = next(iter(site.site.numbers()))
        dead = [n for n in numbers if site.site.dress(n) != site.site.dress(newest)][3:6]
        for n in dead:
            site.site.faults[n] = Fault("elsewhere")
        run(site, database_url, tmp_path)
        site.site.faults.clear()
        crawl("latest", home=tmp_path, environment=where(site, database_url))
        ids = {site.site.story_id(n) for n in dead}
    assert aliases(database_url) == {}
    assert ids <= stored(database_url)
    assert site.site.story_id(newest) in stored(database_url)


def test_an_explicit_address_may_be_the_other_id_s(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=40, era="e2b", redirects=False)) as site:
        environment = where(site, database_url)
        run(site, database_url, tmp_path)
        n = next(n for n in site.site.numbers(NORTH_KOREA) if site.site.world.form(n) == "wire")
        old = site.site.story_id(n)
        site.site.move(n)
        new = site.site.story_id(n)
        address = f"url={ROOT}/article/{new}"
        first = crawl("article", address, home=tmp_path, environment=environment)
        assert first.stats["story/joined"] == 1
        site.site.edit(n)
        site.log.clear()
        both = f"{address} {ROOT}/view.php?ud={old}"
        second = crawl("article", both, home=tmp_path, environment=environment)
        # The old address is dead.
        assert [each.target for each in story_requests(site)] == [f"/article/{new}"]
    [item] = second.items
    assert (item["id"], item["revision"]) == (old, 2)
    assert select(database_url, "SELECT * FROM ledger") == []


def test_a_story_that_is_first_met_by_an_old_address_is_known_by_the_new_one(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=40, era="today")) as site:
        numbers = list(site.site.numbers(NORTH_KOREA))
        uds = [site.site.world.ud(n) for n in numbers]
        addresses = " ".join(f"{ROOT}/view.php?ud={ud}" for ud in uds)
        environment = where(site, database_url)
        crawl("article", f"url={addresses}", home=tmp_path, environment=environment)
        assert stored(database_url) == set(uds)
        found = aliases(database_url)
        assert {alias: id_ for alias, (id_, _) in found.items()} == {
            site.site.story_id(n): ud for n, ud in zip(numbers, uds, strict=True)
        }
        assert {evidence[-1] for _, evidence in found.values()} == {"published"}
        site.log.clear()
        again = run(site, database_url, tmp_path)
        assert again.items == []
        assert story_requests(site) == []
