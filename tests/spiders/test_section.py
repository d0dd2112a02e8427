"""Section spiders over real HTTP, against the sample site and a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.crawling import crawl, scrapy, select
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site

if TYPE_CHECKING:
    from pathlib import Path

NORTH_KOREA = ("National", "North Korea")


def stored(url: str) -> set[str]:
    return {row["id"] for row in select(url, "SELECT id FROM articles")}


def where(site: Any, url: str) -> dict[str, str]:
    return {"SITE_URL": site.root, "DATABASE_URL": url}


@pytest.mark.parametrize("era", ["e1", "e2a", "e2b", "e3", "mixed", "today"])
def test_the_menu_leads_to_every_story_of_the_section(
    era: str, database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=90, era=era)) as site:
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert run.status == 0, run.log
    truths = site.site.truths()
    assert len(truths) > 30  # several list pages
    assert stored(database_url) == truths.keys()
    assert {item["id"] for item in run.items} == truths.keys()
    assert site.paths()[0] == "/robots.txt"
    assert "menu/missing" not in run.stats


def test_a_second_run_reads_one_list_page_and_finds_nothing(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=90)) as site:
        crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        site.log.clear()
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        list_address = site.site.list_address(NORTH_KOREA)
        assert site.paths() == ["/robots.txt", "/", list_address]
    assert run.status == 0
    assert run.items == []
    assert "nothing was left to fetch" in run.log


def test_new_stories_are_found_and_the_walk_stops_where_the_last_one_began(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=120)) as site:
        crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        new = site.site.publish(3, NORTH_KOREA)
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert {item["id"] for item in run.items} == {site.site.story_id(n) for n in new}
    assert run.stats["list/pages"] == 2


def test_arguments_bound_the_walk_and_a_plain_run_finds_the_rest(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=120)) as site:
        truths = site.site.truths()
        few = crawl("northkorea", "limit=5", home=tmp_path, environment=where(site, database_url))
        assert len(few.items) == 5
        page = crawl("northkorea", "pages=1", home=tmp_path, environment=where(site, database_url))
        assert len(page.items) == 10
        assert page.stats["list/pages"] == 1
        days = sorted(truth["date_published"][:10] for truth in truths.values())
        since, until = days[10], days[14]
        run = crawl(
            "northkorea",
            f"since={since}",
            f"until={until}",
            home=tmp_path,
            environment=where(site, database_url),
        )
        assert [since <= item["date_published"][:10] <= until for item in run.items] == [True] * 5
        crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert stored(database_url) == truths.keys()


def test_without_a_link_in_the_menu_the_known_address_is_used(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=60, menu_without=[NORTH_KOREA])) as site:
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert run.status == 0
    assert run.log.count("The menu has no National > North Korea") == 1
    assert stored(database_url) == site.site.truths().keys()


@pytest.mark.parametrize("era", ["mixed", "today"])
def test_without_any_list_the_parent_is_walked_for_the_section_s_stories(
    era: str, database_url: str, tmp_path: Path
) -> None:
    faulty = Site(stories=60, era=era, menu_without=[NORTH_KOREA], dead_lists=[NORTH_KOREA])
    with serve(faulty) as site:
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert run.status == 0, run.log
    assert "reading National and keeping its stories" in run.log
    told = {row["id"] for row in select(database_url, "SELECT id FROM articles")}
    assert told <= site.site.truths().keys()
    assert told


def test_no_list_anywhere_is_an_error_with_a_status_of_its_own(
    database_url: str, tmp_path: Path
) -> None:
    dead = [NORTH_KOREA, NORTH_KOREA[:1]]
    with serve(Site(stories=30, menu_without=dead, dead_lists=dead)) as site:
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert run.status == 5, run.log
    assert "No list of National > North Korea was found anywhere" in run.log


def test_a_site_that_refuses_is_left_alone_and_nothing_is_lost(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=60)) as site:
        for n in list(site.site.numbers(NORTH_KOREA)):
            site.site.faults[n] = Fault("403")
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        assert run.status == 4, run.log
        assert run.stats["refused/403"] < 15
        assert stored(database_url) == set()
        site.site.faults.clear()
        with_rights = select(database_url, "UPDATE ledger SET due_at = now() RETURNING attempts")
        assert {row["attempts"] for row in with_rights} == {0}
    assert "stopping" in run.log


@pytest.mark.parametrize("kind", ["403", "challenge"])
def test_one_list_page_that_is_always_refused_ends_the_walk_and_not_the_crawl(
    kind: Any, database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=120, era="e2b")) as site:
        second = "/list.php?ct=020104000000&np=2&mp=1"
        site.site.faults[second] = Fault(kind)
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        assert site.paths().count(second) == 5
        assert run.status == 8, run.log
        assert len(stored(database_url)) == len(run.items) > 10
        site.site.faults.clear()
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        assert run.status == 0, run.log
        assert stored(database_url) == site.site.truths().keys()


@pytest.mark.parametrize("kind", ["403", "challenge"])
def test_stories_that_are_always_refused_are_dead_letters_one_day_and_block_no_crawl(
    kind: Any, database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=150)) as site:
        refused = list(site.site.numbers(NORTH_KOREA))[4:40:5]  # more than BLOCK_LIMIT
        site.site.faults |= dict.fromkeys(refused, Fault(kind))
        how: Any = {"home": tmp_path, "environment": where(site, database_url)}
        how["settings"] = {"STORY_ATTEMPTS": 2, "REVISIT_HOURS": ""}
        run = crawl("northkorea", **how)
        assert run.status == 0, run.log
        assert run.stats["story/failed/refused"] == len(refused)
        assert len(stored(database_url)) == len(site.site.truths()) - len(refused)
        select(database_url, "UPDATE ledger SET due_at = now() RETURNING due_at")
        run = crawl("northkorea", **how)
        assert run.status == 7, run.log
        assert run.stats["story/dead"] == run.stats[f"refused/{kind}"] == len(refused)
    ledger = select(database_url, "SELECT state, reason, attempts FROM ledger")
    assert [tuple(row.values()) for row in ledger] == [("dead", "refused", 2)] * len(refused)


def test_a_challenge_page_is_a_refusal_and_no_story(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=60)) as site:
        site.site.block("challenge")
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert run.stats["refused/challenge"] == 5
    assert stored(database_url) == set()
    assert run.status == 4


def test_gone_and_failing_stories_are_recorded_with_their_reason(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=60)) as site:
        gone, broken, soft, *_ = site.site.numbers(NORTH_KOREA)
        site.site.faults |= {gone: Fault("404"), broken: Fault("500"), soft: Fault("soft 404")}
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        expected = {
            site.site.story_id(gone): ("dead", "http_404"),
            site.site.story_id(broken): ("waiting", "http_500"),
            site.site.story_id(soft): ("dead", "not_found"),
        }
    ledger = select(database_url, "SELECT article_id, state, reason FROM ledger")
    assert {row["article_id"]: (row["state"], row["reason"]) for row in ledger} == expected
    assert run.stats["story/failed"] == 3


def test_robots_txt_is_obeyed(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=30, robots="User-agent: *\nDisallow: /list.php\n")) as site:
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        assert not [path for path in site.paths() if path.startswith("/list.php")]
    assert run.status == 5


def test_every_request_names_the_project_and_a_contact_and_keeps_no_cookies(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=30)) as site:
        crawl(
            "northkorea",
            home=tmp_path,
            settings={"CONTACT": "desk@example.org"},
            environment=where(site, database_url),
        )
        agents = {request.headers["user-agent"] for request in site.log}
        assert not any("cookie" in request.headers for request in site.log)
    [agent] = agents
    assert agent.startswith("heraldcrawl/")
    assert "desk@example.org" in agent


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["northkorea", "-a", "since=yesterday"], "since=yesterday is no date"),
        (["northkoria"], "there is no spider northkoria"),
        ([], "name one spider"),
        (["northkorea", "-s", "REPLAY=README.md"], "README.md is no readable WARC file"),
        (["northkorea", "-s", "REPLAY=/none.warc.gz"], "REPLAY names no file: /none.warc.gz"),
        (["article", "-a", "url=https://example.org/"], "is no address of a Korea Herald story"),
    ],
)
def test_wrong_input_is_one_sentence_and_status_2(arguments: list[str], sentence: str) -> None:
    done = scrapy("crawl", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_list_that_does_not_move_is_read_again_and_recorded_once(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=90)) as site:
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    assert run.stats["list/pages"] > 2
    assert run.stats["list/pages_again"] == run.stats["list/pages"] - 1
    assert run.stats["list/entries"] == len(site.site.truths())
