"""``scrapy alarms`` as the operator and the timer type it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.crawling import scrapy
from tests.monitoring.servers import webhook
from tests.stories import command, execute

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

OPEN = """
INSERT INTO alarms (key, spider, what, seen, usual, advice, badness, opened_at, last_seen_at,
    told_at)
VALUES ('kpop/layout', 'kpop', 'layout', E'none\\x1b[2J of 3', '100 %%', 'add one', 1,
    now() - interval '1 hour', now(), now())
"""
#: Hourly runs until some hours ago.
RUNS = """
INSERT INTO runs (spider, started_at, finished_at, reason, habit, is_usual, stats)
SELECT 'kpop', at, at + interval '2 minutes', 'finished', 'kpop', true, '{"story/read": 2}'
FROM generate_series(
    now() - interval '30 hours', now() - %s * interval '1 hour', interval '1 hour') at
"""


def test_open_alarms_are_listed_and_are_the_exit_status(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("alarms", DATABASE_URL=database_url) == 0
    assert capsys.readouterr().out == ""
    execute(database_url, OPEN.replace("%%", "%"))
    assert command("alarms", DATABASE_URL=database_url) == 1
    text = capsys.readouterr().out.splitlines()
    assert text[0].startswith("kpop/layout  since ")
    assert text[0].endswith(" UTC, told")
    assert text[1:] == [
        "    seen   none [2J of 3",
        "    usual  100 %",
        "    to do  add one",
    ]
    assert command("alarms", "--json", DATABASE_URL=database_url) == 1
    [alarm] = map(json.loads, capsys.readouterr().out.splitlines())
    assert (alarm["key"], alarm["spider"], alarm["what"]) == ("kpop/layout", "kpop", "layout")
    assert alarm["closed_at"] is None


def test_an_absent_job_is_told_by_the_timer_alone_and_once(
    database_url: str, tmp_path: Path
) -> None:
    execute(database_url, RUNS, 5)
    with webhook() as hook:
        where = {
            "DATABASE_URL": database_url,
            "HERALD_HOME": str(tmp_path),
            "ALARM_WEBHOOK": hook.url,
        }
        first = scrapy("alarms", "--check", "--json", **where)
        assert first.returncode == 1, first.stderr
        assert [json.loads(line)["key"] for line in first.stdout.splitlines()] == ["kpop/absent"]
        assert "WARNING: Alarm (new): kpop/absent: no run has begun for 5.0 hours" in first.stderr
        assert scrapy("alarms", "--check", **where).returncode == 1
        assert len(hook.bodies) == 1
        execute(database_url, RUNS, 0)
        assert scrapy("alarms", "--check", **where).returncode == 0
        assert len(hook.bodies) == 2
        assert json.loads(hook.bodies[1])["text"].startswith("heraldcrawl: over: absent, kpop")


def test_a_killed_run_is_noticed_by_the_timer(
    database_url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    started = "INSERT INTO runs (spider, started_at) VALUES ('kpop', now() - interval '1 hour')"
    execute(database_url, started)
    where = {"DATABASE_URL": database_url, "HERALD_HOME": str(tmp_path)}
    assert command("alarms", "--check", **where) == 1
    assert capsys.readouterr().out.startswith("kpop/killed  since ")
    assert execute(database_url, "SELECT reason FROM runs") == [("killed",)]


def test_what_is_accepted_is_the_usual_from_now_on(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(database_url, RUNS, 0)
    execute(
        database_url,
        "UPDATE runs SET is_usual = false WHERE started_at > now() - interval '90 minutes'",
    )
    execute(database_url, OPEN.replace("%%", "%"))
    assert command("alarms", "--accept", "kpop/layout", DATABASE_URL=database_url) == 0
    assert capsys.readouterr().out == "kpop/layout: accepted\n"
    assert execute(database_url, "SELECT count(*) FROM runs WHERE is_usual") == [(1,)]
    assert command("alarms", DATABASE_URL=database_url) == 1
    assert "accepted" in capsys.readouterr().out
    assert command("alarms", "--accept", "kpop/nothing", DATABASE_URL=database_url) == 1
    assert "no open alarm has the key kpop/nothing" in capsys.readouterr().err


def test_the_test_says_which_ways_work(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with webhook() as hook:
        assert command("alarms", "--test", ALARM_WEBHOOK=hook.url) == 0
        assert capsys.readouterr().out == "webhook: delivered\n"
        assert b"this is a test" in hook.bodies[0]
        both = {"ALARM_WEBHOOK": hook.url, "ALARM_COMMAND": str(tmp_path / "none")}
        assert command("alarms", "--test", **both) == 4
    assert capsys.readouterr().out == ("webhook: delivered\ncommand: No such file or directory\n")
    assert command("alarms", "--test") == 2
    assert "no way is configured" in capsys.readouterr().err
    assert command("alarms", "--test", ALARM_WEBHOOK="hooks.example") == 2


def test_what_could_not_be_delivered_is_status_4(
    database_url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    execute(database_url, RUNS, 5)
    where = {"DATABASE_URL": database_url, "HERALD_HOME": str(tmp_path)}
    assert command("alarms", "--check", ALARM_COMMAND="false", **where) == 4
    assert command("alarms", "--check", ALARM_COMMAND="true", **where) == 1
    assert "not told yet" in capsys.readouterr().out


def test_a_database_that_is_away_is_told_once_by_the_timer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    where = {
        "DATABASE_URL": "postgresql://kim:s3cret@127.0.0.1:1/archive",
        "HERALD_HOME": str(tmp_path),
    }
    with webhook() as hook:
        for _ in range(2):
            assert command("alarms", "--check", ALARM_WEBHOOK=hook.url, **where) == 3
    assert len(hook.bodies) == 1
    assert b"database" in hook.bodies[0]
    assert command("alarms", **where) == 3
    shown = capsys.readouterr()
    assert "s3cret" not in shown.out + shown.err


def test_where_nothing_can_be_remembered_it_is_told_each_time(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    where = {
        "DATABASE_URL": "postgresql://kim@127.0.0.1:1/archive",
        "HERALD_HOME": str(tmp_path / "file/home"),
    }
    with webhook() as hook:
        for _ in range(2):
            assert command("alarms", "--check", ALARM_WEBHOOK=hook.url, **where) == 3
    assert len(hook.bodies) == 2
    assert "Connection refused" in capsys.readouterr().err


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("alarms", "--check", "--test") == 2
    assert command("alarms", "kpop") == 2
    capsys.readouterr()
