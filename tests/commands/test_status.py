"""``scrapy status`` as the operator and scripts type it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from heraldcrawl.store import migrate
from heraldcrawl.store.migrate import migrations
from tests.crash.harness import where
from tests.crawling import crawl, scrapy, select
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site
from tests.stories import command, execute

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

NORTH_KOREA = ("National", "North Korea")
ALARM = """
INSERT INTO alarms (key, spider, what, seen, usual, advice, badness, opened_at, last_seen_at)
VALUES ('kpop/layout', 'kpop', 'layout', E'none\\x1b[2J of 3', '100', 'add one', 1, now(), now())
"""


def test_a_crawl_and_its_dead_letters_are_seen_on_one_screen(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(Site(stories=60)) as site:
        gone, broken, *_ = site.site.numbers(NORTH_KOREA)
        site.site.faults |= {gone: Fault("410"), broken: Fault("500")}
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
    settings = {"DATABASE_URL": database_url, "HERALD_HOME": str(tmp_path)}
    assert command("status", "--json", **settings) == 0
    told = json.loads(capsys.readouterr().out)
    [section] = told["sections"]
    new = run.stats["story/new"]
    assert (section["spider"], section["reason"], section["waiting"]) == (
        "northkorea",
        "finished",
        1,
    )
    assert section["stories"] == {
        "new": new, "changed": 0, "unchanged": 0, "gone": 0, "failed": 2, "dead": 1
    }  # fmt: skip
    assert section["read"] == new
    stories = run.stats["evidence/headline/css"] / new
    assert section["evidence"]["headline"]["css"] == round(stories, 4)
    assert told["stories"] == {"count": new, "is_estimated": False}
    [letters] = told["dead_letters"]["reasons"]
    assert (letters["reason"], letters["stories"]) == ("http_410", 1)
    waiting = {row["state"]: row["stories"] for row in told["ledger"]}
    assert waiting == {"dead": 1, "waiting": 1}
    [files] = select(database_url, "SELECT sum(bytes) AS bytes FROM archive_files")
    assert told["archive"]["bytes"] == told["archive"]["week_bytes"] == files["bytes"]
    assert told["database"]["pending_migrations"] == told["needs"] == told["walks"] == []
    assert "latest" in told["never_run"]

    assert command("status", **settings) == 0
    text = capsys.readouterr().out
    [letter] = told["dead_letters"]["latest"]
    assert f"          {letter['id']} http_410 {letter['url']}  page {letter['page']}\n" in text
    assert "dead      1 letter (1 × http_410): scrapy status --dead, scrapy ledger retry" in text
    assert "\x1b" not in text
    assert command("status", "--color", "always", **settings) == 0
    assert "\x1b[32m" in capsys.readouterr().out
    assert command("status", "northkorea", **settings) == 0
    assert "    headline " in capsys.readouterr().out


def test_a_dead_letter_is_shown_whole(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(Site(stories=30)) as site:
        empty = next(iter(site.site.numbers(NORTH_KOREA)))
        site.site.faults[empty] = Fault("empty")
        environment = where(site, database_url)
        crawl("northkorea", home=tmp_path, settings={"STORY_ATTEMPTS": 1}, environment=environment)
    execute(
        database_url,
        "UPDATE ledger SET detail = E'Traceback (most recent call last):\\nboom\\x1b[2J'",
    )
    [letter] = select(database_url, "SELECT * FROM ledger")
    assert command("status", "--dead", DATABASE_URL=database_url) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "    lists: northkorea",
        f"    page: {letter['page']}",
        "    Traceback (most recent call last):",
        "    boom [2J",
    ]
    assert command("status", "--dead", "--json", "northkorea", DATABASE_URL=database_url) == 1
    assert json.loads(capsys.readouterr().out)["url"] == letter["url"]
    assert command("status", "--dead", "kpop", DATABASE_URL=database_url) == 0
    assert capsys.readouterr().out == ""


def test_what_needs_somebody_is_the_exit_status(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(database_url, ALARM)
    assert command("status", DATABASE_URL=database_url) == 1
    assert capsys.readouterr().out.endswith("! alarm kpop/layout: none [2J of 3\n")
    execute(database_url, "UPDATE alarms SET accepted_at = now()")
    assert command("status", DATABASE_URL=database_url) == 0
    capsys.readouterr()
    execute(
        database_url,
        "INSERT INTO runs (spider, started_at, finished_at, reason)"
        " VALUES ('film', now(), now(), 'blocked')",
    )
    assert command("status", DATABASE_URL=database_url) == 1
    assert "! film: its last run ended as blocked\n" in capsys.readouterr().out


def test_a_section_is_told_what_it_needs_and_no_more(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(database_url, ALARM)
    execute(
        database_url,
        "INSERT INTO runs (spider, started_at, finished_at, reason)"
        " VALUES ('film', now(), now(), 'blocked'), ('music', now(), now(), 'finished')",
    )
    film, kpop = "! film: its last run ended as blocked", "! alarm kpop/layout: none [2J of 3"
    for sections, needs in (
        (["film"], [film]),
        (["music"], []),
        (["music", "kpop"], [kpop]),
        (["film", "kpop"], [kpop, film]),
    ):
        assert command("status", *sections, DATABASE_URL=database_url) == bool(needs)
        text = capsys.readouterr().out
        assert [line for line in text.splitlines() if line.startswith("!")] == needs
        assert ("kpop               no run yet\n" in text) == ("kpop" in sections)
        assert command("status", "--json", *sections, DATABASE_URL=database_url) == bool(needs)
        assert json.loads(capsys.readouterr().out)["needs"] == [need[2:] for need in needs]
    execute(database_url, "INSERT INTO migrations (version, name) VALUES (9999, 'later')")
    assert command("status", "music", DATABASE_URL=database_url) == 1  # concerns all sections
    assert "! the database is newer than this heraldcrawl" in capsys.readouterr().out


def test_runs_without_a_sign_of_life_and_jobs_that_are_late_are_told(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(
        database_url,
        "INSERT INTO runs (spider, started_at) VALUES ('film', now() - interval '1 hour')",
    )
    execute(
        database_url,
        "INSERT INTO runs (spider, started_at, finished_at, reason)"
        " SELECT 'music', at, at, 'finished'"
        " FROM generate_series(now() - interval '30 hours', now() - interval '5 hours',"
        " interval '1 hour') at",
    )
    assert command("status", "--json", DATABASE_URL=database_url) == 1
    told = json.loads(capsys.readouterr().out)
    film, music = told["sections"]
    assert (film["killed"], film["running"]) == (1, 0)
    assert music["next_at"] < told["at"]
    assert told["needs"][0] == "film: 1 run was killed"
    assert told["needs"][1].startswith("music: no run has begun since ")
    # Nothing was noticed in the database: that is for the monitors.
    assert execute(database_url, "SELECT count(*) FROM runs WHERE reason = 'killed'") == [(0,)]


def test_an_older_database_is_told_of_and_left_as_it_is(
    empty_database_url: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    for version in sorted(migrations())[:-1]:
        url = empty_database_url()
        migrate(url, to=version)
        assert command("status", "--json", DATABASE_URL=url) == 1
        told = json.loads(capsys.readouterr().out)
        assert told["database"]["schema"] == version
        pending = [f"{n:04}_{name}" for n, (name, _) in migrations().items() if n > version]
        assert told["database"]["pending_migrations"] == pending
        assert command("status", DATABASE_URL=url) == 1
        words = "1 migration is" if len(pending) == 1 else f"{len(pending)} migrations are"
        assert f"! {words} pending: scrapy db migrate" in capsys.readouterr().out
        assert execute(url, "SELECT max(version) FROM migrations") == [(version,)]
    nothing = empty_database_url()
    assert command("status", DATABASE_URL=nothing) == 1
    assert "schema 0, pending: 0001_archive, " in capsys.readouterr().out
    assert execute(nothing, "SELECT to_regclass('migrations') IS NULL") == [(True,)]


def test_dead_letters_of_an_older_database_are_shown_or_its_version_is(
    empty_database_url: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    newest, told = max(migrations()), []
    for version in sorted(migrations())[:-1]:
        url = empty_database_url()
        migrate(url, to=version)
        if command("status", "--dead", DATABASE_URL=url):
            told.append(version)
            assert capsys.readouterr().err == (
                f"scrapy status: the database is at version {version}, older than this"
                f" heraldcrawl's {newest}; scrapy db migrate brings it forward\n"
            )
    assert 1 in told
    assert command("status", "--dead", DATABASE_URL=empty_database_url()) == 3
    assert "the database holds no archive yet" in capsys.readouterr().err


def test_without_a_database_the_rest_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRAPYD_USERNAME", "operator")
    monkeypatch.setenv("SCRAPYD_PASSWORD", "ferry")
    settings = {"HERALD_HOME": str(tmp_path), "SCRAPYD_URL": "http://127.0.0.1:1"}
    assert command("status", "--json", **settings) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["database"]["reachable"] is False
    assert "scrapy crawl makes one" in told["database"]["why"]
    assert told["disk"]["free_bytes"] > 0
    assert told["scrapyd"]["reachable"] is False
    assert list(tmp_path.iterdir()) == []
    nowhere = "postgresql://kim:s3cret@127.0.0.1:1/archive"
    assert command("status", DATABASE_URL=nowhere, **settings) == 3
    text = capsys.readouterr().out
    assert "database  away: the database archive at 127.0.0.1:1 cannot be used" in text
    assert "disk      " in text
    assert "Scrapyd at http://127.0.0.1:1 does not answer" in text
    assert "s3cret" not in text


def test_wrong_usage(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("status", "northcorea", DATABASE_URL=database_url) == 2
    assert "there is no section northcorea" in capsys.readouterr().err
    assert scrapy("status", "--all").returncode == 2
