"""Stories are looked at again while they are young, over real HTTP."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.crash.harness import NORTH_KOREA, where
from tests.crawling import Crawl, crawl, scrapy, select, start_crawl
from tests.site.sample.server import serve
from tests.site.sample.site import Fault
from tests.site.sample.warc import write_warc
from tests.stories import command, execute
from tests.young import make_due, story_requests, young

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site.sample.server import Server

ERAS = ("e1", "e2a", "e2b", "e3", "today", "mixed")
COLUMNS = "id, content_hash, article_body, revision, fetched_at, last_seen_at, gone_at"


def articles(url: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in select(url, f"SELECT {COLUMNS} FROM articles")}  # noqa: S608


def run(site: Server, url: str, home: Path, *arguments: str, **settings: Any) -> Crawl:
    done = crawl(
        "northkorea", *arguments, home=home, settings=settings, environment=where(site, url)
    )
    assert "Traceback" not in done.log, done.log
    return done


def test_an_unchanged_story_is_asked_for_by_its_validators_and_only_seen_later(
    database_url: str, tmp_path: Path
) -> None:
    with serve(young()) as site:
        first = run(site, database_url, tmp_path)
        before = articles(database_url)
        assert run(site, database_url, tmp_path).stats.get("story/unchanged") is None
        due = make_due(database_url)
        site.log.clear()
        again = run(site, database_url, tmp_path)
        assert again.status == 0
        requests = story_requests(site)
        site.log.clear()
        third = run(site, database_url, tmp_path)
        assert story_requests(site) == []
    after = articles(database_url)
    assert due == len(before) == len(first.items) > 10
    assert {each.status for each in requests} == {304}
    assert len(requests) == len({each.target for each in requests}) == due
    assert all("if-none-match" in each.headers for each in requests)
    assert again.stats["story/not_modified"] == again.stats["story/unchanged"] == due
    assert (again.items, third.items) == ([], [])
    for id_, row in after.items():
        seen_at = row.pop("last_seen_at")
        assert seen_at > before[id_].pop("last_seen_at")
        assert row == before[id_]
    assert select(database_url, "SELECT * FROM revisits WHERE due_at <= now()") == []
    assert select(database_url, "SELECT * FROM ledger") == []
    assert "nothing was left to fetch" in again.log


@pytest.mark.parametrize("era", ERAS)
def test_no_change_of_what_surrounds_a_story_is_a_revision(
    era: str, database_url: str, tmp_path: Path
) -> None:
    with serve(young(era, restless=True)) as site:
        run(site, database_url, tmp_path)
        before = articles(database_url)
        for n in site.site.numbers(NORTH_KOREA):
            site.site.stir(n)
            site.site.edit(n, "updated")
        site.site.publish(5, NORTH_KOREA)  # other related and most popular stories
        due = make_due(database_url)
        again = run(site, database_url, tmp_path)
    after = articles(database_url)
    assert again.stats["story/unchanged"] == due == len(before)
    assert "story/not_modified" not in again.stats
    assert {item["revision"] for item in again.items} == {1}
    assert len(after) == len(before) + 5
    for id_, row in before.items():
        assert after[id_]["content_hash"] == row["content_hash"]
        assert (after[id_]["revision"], after[id_]["fetched_at"]) == (1, row["fetched_at"])
        assert after[id_]["last_seen_at"] > row["last_seen_at"]
    [row] = select(database_url, "SELECT count(*) FROM revisions WHERE revision > 1")
    assert row["count"] == 0


@pytest.mark.parametrize("era", ["mixed", "today"])
def test_a_changed_text_is_a_revision_of_its_own_time_and_goes_to_the_feed(
    era: str, database_url: str, tmp_path: Path
) -> None:
    with serve(young(era)) as site:
        run(site, database_url, tmp_path)
        edited, *_ = site.site.numbers(NORTH_KOREA)
        site.site.edit(edited)
        make_due(database_url)
        again = run(site, database_url, tmp_path)
        id_, truth = site.site.story_id(edited), site.site.truth(edited)
    [item] = again.items
    assert (item["id"], item["revision"]) == (id_, 2)
    assert item["article_body"] == truth["article_body"]
    revisions = execute(
        database_url,
        "SELECT reason, fetched_at FROM revisions WHERE article_id = %s ORDER BY revision",
        id_,
    )
    assert [reason for reason, _ in revisions] == ["first", "changed"]
    assert revisions[0][1] < revisions[1][1]
    assert again.stats["story/changed"] == 1


#: Ways to be gone.
VANISHED: tuple[Any, ...] = ("404", "410", "soft 404", "front", "list")


def test_a_story_that_vanishes_keeps_its_text_and_is_marked_until_it_comes_back(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(young()) as site:
        run(site, database_url, tmp_path)
        before = articles(database_url)
        gone = dict(zip(site.site.numbers(NORTH_KOREA), VANISHED, strict=False))
        ids = {site.site.story_id(n) for n in gone}
        for n, kind in gone.items():
            site.site.withdraw(n, kind=kind)
        make_due(database_url)
        second = run(site, database_url, tmp_path)
        assert second.status == 0, second.log
        marked = articles(database_url)
        assert select(database_url, "SELECT * FROM ledger") == []
        command("history", next(iter(ids)), DATABASE_URL=database_url)
        shown = capsys.readouterr().out
        make_due(database_url)
        run(site, database_url, tmp_path)
        still = articles(database_url)
        site.site.restore(*gone)
        make_due(database_url)
        back = run(site, database_url, tmp_path)
    assert second.stats["story/gone"] == len(ids) == 5
    assert "5 gone from the site" in second.log
    assert "gone from the site: its page was first missing" in shown
    assert {each["id"] for each in marked.values() if each["gone_at"]} == ids
    after = articles(database_url)
    for id_ in ids:
        row = marked[id_]
        assert row["gone_at"] > row["last_seen_at"] == before[id_]["last_seen_at"]
        assert row["article_body"] == before[id_]["article_body"]
        assert still[id_]["gone_at"] == row["gone_at"]
        assert after[id_]["gone_at"] is None
        assert after[id_]["last_seen_at"] > row["last_seen_at"]
        assert after[id_]["revision"] == 1
    assert back.items == []


#: What can go wrong -> the reason that is noted.
FAILURES: dict[Any, str] = {
    "500": "http_500",
    "reset": "DownloadFailedError",
    "consent": "consent",
    "javascript": "empty",
    "elsewhere": "another_story",
    "off-site": "forbidden",  # for which another attempt is no use
}


def test_a_revisit_that_fails_leaves_the_text_and_a_dead_letter_of_its_own_kind(
    database_url: str, tmp_path: Path
) -> None:
    with serve(young("e2b")) as site:
        run(site, database_url, tmp_path)
        before = articles(database_url)
        bad = dict(zip([*site.site.numbers(NORTH_KOREA)][3:], FAILURES, strict=False))
        reasons = {site.site.story_id(n): FAILURES[kind] for n, kind in bad.items()}
        site.site.faults |= {n: Fault(kind) for n, kind in bad.items()}
        make_due(database_url)
        first = run(site, database_url, tmp_path, STORY_ATTEMPTS=2)
        assert first.stats["revisit/failed"] == len(FAILURES)
        waiting = select(database_url, "SELECT * FROM ledger WHERE state = 'waiting'")
        assert {row["article_id"]: row["reason"] for row in waiting} == {
            id_: reason for id_, reason in reasons.items() if reason != "forbidden"
        }
        assert f"{len(waiting)} stories are still to be fetched" in first.log
        execute(database_url, "UPDATE ledger SET due_at = now()")
        second = run(site, database_url, tmp_path, STORY_ATTEMPTS=2)
        assert second.status == 7, second.log
        after = articles(database_url)
        dead = select(database_url, "SELECT * FROM ledger")
        listed = scrapy("ledger", "list", next(iter(reasons)), DATABASE_URL=database_url)
        site.site.faults.clear()
        make_due(database_url)  # as it will be at the next age
        again = run(site, database_url, tmp_path)
    assert {row["state"] for row in dead} == {"dead"}
    assert {row["article_id"]: row["reason"] for row in dead} == {
        id_: f"revisit_{reason}" for id_, reason in reasons.items()
    }
    told = "the story is stored; only another look at its page failed"
    assert all(row["detail"].startswith(told) for row in dead)
    assert told in listed.stdout
    assert {id_: after[id_] for id_ in reasons} == {id_: before[id_] for id_ in reasons}
    assert again.status == 0, again.log
    assert select(database_url, "SELECT * FROM ledger") == []
    seen = articles(database_url)
    assert all(seen[id_]["last_seen_at"] > before[id_]["last_seen_at"] for id_ in reasons)


def test_a_page_that_lost_its_text_is_no_newer_text(database_url: str, tmp_path: Path) -> None:
    with serve(young("e2b")) as site:
        run(site, database_url, tmp_path)
        before = articles(database_url)
        site.site.redesign("textless")
        make_due(database_url)
        again = run(site, database_url, tmp_path)
    after = articles(database_url)
    bodies = {id_: row["article_body"] for id_, row in before.items()}
    assert {id_: row["article_body"] for id_, row in after.items()} == bodies
    with_text = [id_ for id_, body in bodies.items() if body]
    assert again.stats["story/failed/lost_text"] == len(with_text) > 3
    assert {after[id_]["revision"] for id_ in with_text} == {1}


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [(("limit=5",), {}), (("pages=1",), {}), ((), {"REVISIT_HOURS": ""})],
)
def test_bounded_runs_and_those_without_ages_look_at_nothing_again(
    arguments: tuple[str, ...], settings: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    with serve(young()) as site:
        run(site, database_url, tmp_path)
        due = make_due(database_url)
        new = site.site.publish(2, NORTH_KOREA)
        again = run(site, database_url, tmp_path, *arguments, **settings)
        assert {item["id"] for item in again.items} == {site.site.story_id(n) for n in new}
        assert "story/unchanged" not in again.stats
        execute(database_url, "UPDATE revisits SET due_at = now() - interval '1 s'")
        plain = run(site, database_url, tmp_path)
    assert plain.stats["story/unchanged"] >= due


def test_any_list_that_showed_a_story_may_look_at_it_again_and_no_other(
    database_url: str, tmp_path: Path
) -> None:
    with serve(young(stories=60)) as site:
        environment = where(site, database_url)
        run(site, database_url, tmp_path)
        crawl("latest", home=tmp_path, environment=environment)
        due = make_due(database_url)
        politics = crawl("politics", home=tmp_path, environment=environment)
        assert politics.stats.get("story/unchanged", 0) < due / 4  # those that latest found
        make_due(database_url)
        latest = crawl("latest", home=tmp_path, environment=environment)
        assert latest.stats["story/not_modified"] > due / 4
    [row] = select(
        database_url,
        "SELECT count(*) FROM listings JOIN revisits USING (article_id)"
        " WHERE list = 'latest' AND due_at <= now()",
    )
    assert row["count"] == 0


def test_an_explicit_address_is_fetched_whole_and_counts_as_a_look(
    database_url: str, tmp_path: Path
) -> None:
    with serve(young()) as site:
        run(site, database_url, tmp_path)
        due = make_due(database_url)
        n, *_ = site.site.numbers(NORTH_KOREA)
        site.log.clear()
        address = f"url=https://www.koreaherald.com{site.site.story_address(n)}"
        asked = crawl("article", address, home=tmp_path, environment=where(site, database_url))
        [request] = story_requests(site)
        assert asked.stats["story/unchanged"] == 1
        assert request.status == 200
        assert "if-none-match" not in request.headers
        [row] = select(database_url, "SELECT count(*) FROM revisits WHERE due_at <= now()")
        assert row["count"] == due - 1
        site.site.withdraw(n)
        gone = crawl("article", address, home=tmp_path, environment=where(site, database_url))
    assert gone.status == 0, gone.log
    assert gone.stats["story/gone"] == 1


def test_what_becomes_due_while_a_long_run_goes_on_is_looked_at_in_that_run(
    database_url: str, tmp_path: Path
) -> None:
    with serve(young(stories=90), delay_seconds=0.15) as site:
        process = start_crawl(
            "northkorea",
            home=tmp_path,
            settings={"CONCURRENT_REQUESTS": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1},
            environment=where(site, database_url),
        )
        stored: list[Any] = []
        while not stored and process.poll() is None:
            time.sleep(0.1)
            stored = execute(
                database_url,
                "UPDATE revisits SET due_at = now() WHERE article_id IN"
                " (SELECT article_id FROM revisits LIMIT 1) RETURNING article_id",
            )
        _, log = process.communicate(timeout=120)
        fetched = [each.target for each in story_requests(site)]
    assert process.returncode == 0, log
    [(id_,)] = stored
    assert [id_ in target for target in fetched].count(True) == 2
    assert [id_ in target for target in fetched[:-5]].count(True) == 2  # not as late as at the end


def test_replay_answers_a_revisit_with_the_page_it_has(database_url: str, tmp_path: Path) -> None:
    warc = tmp_path / "site.warc.gz"
    with warc.open("wb") as file:
        write_warc(young(), file)
    environment = {"REPLAY": str(warc), "DATABASE_URL": database_url}
    crawl("northkorea", home=tmp_path, environment=environment)
    due = make_due(database_url)
    again = crawl("northkorea", home=tmp_path, environment=environment)
    assert again.status == 0, again.log
    assert again.stats["story/unchanged"] == due > 10
    assert "story/not_modified" not in again.stats
    assert again.items == []


def test_a_run_without_news_asks_for_what_is_due_and_nothing_else(
    database_url: str, tmp_path: Path
) -> None:
    with serve(young()) as site:
        run(site, database_url, tmp_path)
        site.log.clear()
        run(site, database_url, tmp_path)
        assert site.paths() == ["/robots.txt", "/", site.site.list_address(NORTH_KOREA)]


@pytest.mark.parametrize("hours", ["soon", "1,-6", "0", "1,inf"])
def test_wrong_ages_are_one_sentence_and_status_2(hours: str) -> None:
    done = scrapy("crawl", "northkorea", "-s", f"REVISIT_HOURS={hours}")
    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert line.endswith("are no hours after publication; write them as 1,6,24,168")
