"""``scrapy db``, as the operator types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from heraldcrawl.commands.db import ACTIONS
from heraldcrawl.store.server import Server

PROJECT = Path(__file__).parents[2]

#: ``scrapy db`` with these arguments, this input and these variables.
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Run]:
    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
        return subprocess.run(
            [sys.executable, "-m", "scrapy", "db", *arguments],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd=PROJECT,
            env=environment | {"HERALD_HOME": str(tmp_path)} | variables,
        )

    yield run
    Server(tmp_path).stop()


def test_the_help_tells_every_action_and_status(db: Run) -> None:
    shown = db("-h").stdout
    for action in ACTIONS:
        assert f"\n  {action} " in shown
    for status in range(4):
        assert f"\n  {status}  " in shown


def test_the_embedded_database_from_start_to_stop(db: Run, tmp_path: Path) -> None:
    stopped = db("status")
    assert stopped.returncode == 3
    assert stopped.stdout.startswith("not running\n")

    started = db("start")
    assert started.returncode == 0
    with psycopg.connect(started.stdout.strip()) as connection:
        assert connection.info.dbname == "heraldcrawl"

    status = db("status", "--json")
    assert status.returncode == 0
    assert json.loads(status.stdout)["running"] is True

    for _ in range(2):  # there is no harm in doing it again
        assert db("stop").returncode == 0
        assert not Server(tmp_path).status().running


def test_the_url_is_one_that_other_programs_can_use(db: Run) -> None:
    with psycopg.connect(db("url").stdout.strip()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_psql_takes_what_follows_the_dashes_and_gives_its_status(db: Run) -> None:
    good = db("psql", "--", "-Atc", "SELECT 'one' || ' two'")
    assert (good.returncode, good.stdout) == (0, "one two\n")
    bad = db("psql", "--", "-c", "SELEC 1")
    assert bad.returncode == 1
    assert "syntax error" in bad.stderr
    assert db("status").returncode == 3  # started for psql, and stopped with it


def test_migrate_tells_what_it_did(db: Run) -> None:
    first = db("migrate")
    assert first.returncode == 0
    assert first.stdout.startswith("0001_")
    assert db("migrate").stdout == "nothing to do\n"


def test_a_stop_waits_for_the_crawl_that_uses_the_server(db: Run, tmp_path: Path) -> None:
    server = Server(tmp_path)
    with server.use():
        refused = db("stop")
        assert refused.returncode == 1
        assert "a crawl uses the database server" in refused.stderr
        assert server.status().running
    assert not server.status().running


def test_a_given_database_is_used_but_not_started_or_stopped(
    db: Run, empty_database_url: Callable[[], str]
) -> None:
    url = empty_database_url()
    for action in ("start", "stop"):
        refused = db(action, DATABASE_URL=url)
        assert refused.returncode == 2
        assert "not ours" in refused.stderr
    assert db("url", DATABASE_URL=url).stdout == f"{url}\n"
    assert db("migrate", DATABASE_URL=url).returncode == 0
    count = db("psql", "--", "-Atc", "SELECT count(*) FROM articles", DATABASE_URL=url)
    assert count.stdout == "0\n"
    status = db("status", DATABASE_URL=url)
    assert status.returncode == 0
    assert "\nversion  PostgreSQL " in status.stdout


def test_a_given_database_out_of_reach_is_one_sentence_without_the_password(db: Run) -> None:
    for action in ("status", "psql", "migrate", "backup", "prune"):
        seen = db(action, DATABASE_URL="postgresql://kim:h4ngul@127.0.0.1:1/archive")
        assert seen.returncode == 3
        assert seen.stderr == (
            "scrapy db: the database archive at 127.0.0.1:1 cannot be used: Connection refused\n"
        )
        assert "h4ngul" not in seen.stdout


@pytest.mark.parametrize("action", ["status", "url", "migrate"])
def test_what_is_no_url_is_status_3(db: Run, action: str) -> None:
    seen = db(action, DATABASE_URL="nonsense")
    assert (seen.returncode, seen.stdout) == (3, "")
    assert seen.stderr.startswith("scrapy db: DATABASE_URL is no PostgreSQL URL ")
    assert len(seen.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk to write to is Linux's")
def test_what_cannot_be_printed_is_status_1(tmp_path: Path) -> None:
    for action in ("db status", "doctor --no-site -s BROWSER_PAGES=0"):
        told = subprocess.run(
            ["/bin/sh", "-c", f"{sys.executable} -m scrapy {action} > /dev/full"],
            capture_output=True,
            text=True,
            check=False,
            cwd=PROJECT,
            env=os.environ | {"HERALD_HOME": str(tmp_path)},
        )
        name = action.partition(" ")[0]
        words = f"scrapy {name}: No space left on device: standard output\n"
        assert (told.returncode, told.stderr) == (1, words)


@pytest.mark.parametrize("arguments", [(), ("restart",), ("status", "now"), ("start", "-x")])
def test_wrong_usage_is_status_2(db: Run, arguments: tuple[str, ...]) -> None:
    seen = db(*arguments)
    assert seen.returncode == 2
    assert "usage: scrapy db" in seen.stderr
