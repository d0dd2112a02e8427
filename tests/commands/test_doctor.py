"""``scrapy doctor`` on installations that are sound, and on others."""

from __future__ import annotations

import json
import os
import shutil
import stat
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from heraldcrawl.doctor.machine import LOCK, packages
from heraldcrawl.store import migrate
from heraldcrawl.store.migrate import migrations
from tests.crawling import AS_ANYBODY, scrapy
from tests.site.sample.server import Server, serve
from tests.site.sample.site import Site
from tests.site.sample.warc import write_warc
from tests.stories import execute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

Checks = dict[str, dict[str, Any]]
#: A browser takes seconds to start.
FAST = ("-s", "BROWSER_PAGES=0", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
NORTH_KOREA = (("National", "North Korea"),)
SOUND = {"CONTACT": "kim@example.org", "ALARM_COMMAND": "true"}


def doctor(*arguments: str, prefix: Sequence[str] = (), **environment: str) -> tuple[int, Checks]:
    """Its exit status, and each check by its name."""
    done = scrapy("doctor", "--json", *FAST, *arguments, prefix=prefix, **environment)
    assert done.stderr == ""
    checks = [json.loads(line) for line in done.stdout.splitlines()]
    found = {check["name"]: check for check in checks}
    assert len(found) == len(checks)
    return done.returncode, found


def states(checks: Checks, state: str) -> set[str]:
    return {name for name, check in checks.items() if check["state"] == state}


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    with serve(Site(stories=60, seed=4)) as server:
        yield server


def test_a_new_installation_is_tried_and_left_as_it_was(tmp_path: Path, site: Server) -> None:
    home = tmp_path / "home"
    status, checks = doctor(HERALD_HOME=str(home), SITE_URL=site.root, **SOUND)
    assert status == 0, checks
    assert states(checks, "wrong") == set()
    assert states(checks, "warning") == {"manners"}  # for DOWNLOAD_DELAY=0
    assert checks["database"]["said"].startswith("none yet; tried one: PostgreSQL ")
    for name in ("packages", "rights", "archive", "robots.txt", "menu", "list", "time zones"):
        assert checks[name]["state"] == "ok"
    assert "headline by " in checks["story"]["said"]
    assert "layout " in checks["story"]["said"]
    assert list(tmp_path.iterdir()) == []
    asked = site.paths()
    assert asked[:2] == ["/robots.txt", "/"]
    assert 4 <= len(asked) <= 6
    assert {request.headers["user-agent"] for request in site.log} == {
        f"heraldcrawl/{version()} (+kim@example.org)"
    }


def version() -> str:
    from heraldcrawl import __version__  # noqa: PLC0415  (of this test alone)

    return __version__


def test_in_a_database_nothing_is_left_behind(database_url: str, tmp_path: Path) -> None:
    tables = execute(
        database_url,
        "SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = current_schema()::regnamespace",
    )
    status, checks = doctor(
        "--no-site", DATABASE_URL=database_url, HERALD_HOME=str(tmp_path), **SOUND
    )
    assert status == 0, checks
    assert checks["rights"]["state"] == checks["database clock"]["state"] == "ok"
    assert "site" not in checks
    for (table,) in tables:
        if table != "migrations":
            assert execute(database_url, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608  (ours)
    assert list(tmp_path.iterdir()) == []


def test_it_takes_its_turns_beside_the_crawls(
    database_url: str, tmp_path: Path, site: Server
) -> None:
    before = len(site.log)
    status, _ = doctor(
        "-s", "DOWNLOAD_DELAY=0.5",
        DATABASE_URL=database_url, HERALD_HOME=str(tmp_path), SITE_URL=site.root, **SOUND,
    )  # fmt: skip
    assert status == 0
    [(host,)] = execute(database_url, "SELECT host FROM pace")
    assert host == site.root.removeprefix("http://")
    times = [request.at for request in site.log[before:]]
    assert len(times) >= 4
    assert min(b - a for a, b in pairwise(times)) > 0.4


def test_a_replayed_site_is_read_as_well(tmp_path: Path) -> None:
    warc = tmp_path / "sample.warc.gz"
    with warc.open("wb") as out:
        write_warc(Site(stories=60, seed=4), out)
    status, checks = doctor(HERALD_HOME=str(tmp_path), REPLAY=str(warc), **SOUND)
    assert status == 0, checks
    assert checks["story"]["state"] == checks["list"]["state"] == "ok"
    status, checks = doctor(HERALD_HOME=str(tmp_path), REPLAY="none.warc.gz", **SOUND)
    assert (status, states(checks, "wrong")) == (1, {"site"})


@pytest.mark.parametrize(
    ("trouble", "name", "words"),
    [
        ({"robots": "User-agent: *\nDisallow: /view.php\n"}, "robots.txt", "forbids /view.php"),
        ({"robots": "User-agent: heraldcrawl\nDisallow: /\n"}, "site", "robots.txt"),
        ({"dead_lists": NORTH_KOREA}, "list", "none of its addresses has a list"),
        ({"redesigned": "javascript"}, "story", "none could be read"),
        ({"blocked": "403"}, "site", "403"),
    ],
)
def test_what_is_wrong_with_the_site_is_told(
    tmp_path: Path, trouble: dict[str, Any], name: str, words: str
) -> None:
    robots = trouble.get("robots", "User-agent: *\nAllow: /\n")
    lists = trouble.get("dead_lists", ())
    with serve(Site(stories=30, robots=robots, dead_lists=lists)) as site:
        site.site.redesign(trouble.get("redesigned"))
        site.site.block(trouble.get("blocked"))
        status, checks = doctor(HERALD_HOME=str(tmp_path), SITE_URL=site.root, **SOUND)
    assert status == 1
    assert name in states(checks, "wrong"), checks
    assert words in checks[name]["said"]
    assert checks[name]["to_do"]


def test_a_site_that_hangs_does_not_hold_it_up(tmp_path: Path) -> None:
    with serve(Site(stories=20), delay_seconds=600) as site:
        status, checks = doctor(
            "-s", "ARCHIVE_ENABLED=0", HERALD_HOME=str(tmp_path), SITE_URL=site.root, **SOUND
        )
    assert (status, states(checks, "wrong")) == (1, {"site"})
    assert "took longer than 10" in checks["site"]["said"]
    assert {"archive", "robots.txt"} <= states(checks, "warning")


@pytest.mark.parametrize(
    ("options", "delay_seconds", "words"),
    [
        (("DOWNLOADER_MIDDLEWARES={}",), 0, "AssertionError"),
        (('DOWNLOADER_MIDDLEWARES={"heraldcrawl.none.None": 1}',), 0, "heraldcrawl.none"),
        (("CLOSESPIDER_TIMEOUT=2",), 1, "took longer than 2 s"),
    ],
)
def test_a_look_at_the_site_that_breaks_is_told(
    tmp_path: Path, options: tuple[str, ...], delay_seconds: float, words: str
) -> None:
    given = [part for option in options for part in ("-s", option)]
    with serve(Site(stories=20), delay_seconds=delay_seconds) as site:
        status, checks = doctor(*given, HERALD_HOME=str(tmp_path), SITE_URL=site.root, **SOUND)
    assert (status, states(checks, "wrong")) == (1, {"site"})
    assert words in checks["site"]["said"]


@pytest.mark.parametrize("url", ["nonsense", "", "ftp://127.0.0.1/", "http://127.0.0.1:port"])
def test_a_wrong_address_of_the_site_is_told(tmp_path: Path, url: str) -> None:
    status, checks = doctor(HERALD_HOME=str(tmp_path), SITE_URL=url, **SOUND)
    assert (status, states(checks, "wrong")) == (1, {"site"})
    assert checks["site"]["said"] == f"SITE_URL={url} is no http:// or https:// address"
    assert checks["site"]["to_do"]


def test_what_is_wrong_with_the_database_is_told(
    empty_database_url: Callable[[], str], tmp_path: Path
) -> None:
    nowhere = "postgresql://kim:s3cret@127.0.0.1:1/archive"
    home = {"HERALD_HOME": str(tmp_path), **SOUND}
    status, checks = doctor("--no-site", DATABASE_URL=nowhere, **home)
    assert (status, states(checks, "wrong")) == (1, {"database"})
    assert "s3cret" not in str(checks)

    older = empty_database_url()
    migrate(older, to=sorted(migrations())[-2])
    status, checks = doctor("--no-site", DATABASE_URL=older, **home)
    assert (status, checks["migrations"]["state"]) == (0, "warning")
    assert "rights" not in checks
    assert execute(older, "SELECT max(version) FROM migrations") == [(sorted(migrations())[-2],)]

    newer = empty_database_url()
    migrate(newer)
    execute(newer, "INSERT INTO migrations (version, name) VALUES (9999, 'later')")
    status, checks = doctor("--no-site", DATABASE_URL=newer, **home)
    assert (status, states(checks, "wrong")) == (1, {"migrations"})


def test_a_role_that_may_only_read_is_told(database_url: str, tmp_path: Path) -> None:
    execute(
        database_url,
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on',"
        " current_database()); END $$",
    )
    status, checks = doctor(
        "--no-site", DATABASE_URL=database_url, HERALD_HOME=str(tmp_path), **SOUND
    )
    assert (status, states(checks, "wrong")) == (1, {"database"})
    assert "is read-only" in checks["database"]["said"]


def test_settings_are_looked_at(tmp_path: Path) -> None:
    secret = tmp_path / "webhook"
    secret.write_text("http://127.0.0.1:1/hook\n")
    secret.chmod(0o644)
    status, checks = doctor(
        "--no-site",
        "-s",
        "ROBOTSTXT_OBEY=0",
        HERALD_HOME=str(tmp_path),
        ALARM_WEBHOOK_FILE=str(secret),
        SCRAPYD_USERNAME="operator",
        SCRAPYD_PASSWORD="ferry",  # noqa: S106  (invented)
        SCRAPYD_URL="http://127.0.0.1:1",
        CONTACT="",
    )
    assert status == 1
    assert states(checks, "wrong") == {"manners", "secrets", "alarms"}
    assert states(checks, "warning") == {"contact", "scrapyd"}
    assert "chmod 600" in checks["secrets"]["said"]
    secret.chmod(0o600)
    _, checks = doctor("--no-site", HERALD_HOME=str(tmp_path), ALARM_WEBHOOK_FILE=str(secret))
    assert checks["secrets"]["state"] == checks["alarms"]["state"] == "ok"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="a read-only file system takes root to make")
def test_a_home_that_cannot_be_written_is_told() -> None:
    status, checks = doctor("--no-site", HERALD_HOME="/proc/heraldcrawl", **SOUND)
    assert status == 1
    assert states(checks, "wrong") == {"home", "database", "archive"}


@pytest.mark.skipif(not shutil.which("setpriv"), reason="rights count for root by setpriv alone")
@pytest.mark.parametrize("name", [".", "home"])
def test_a_home_that_cannot_be_entered_is_told(tmp_path: Path, name: str) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0o000)
    home = {"HERALD_HOME": str(closed / name)}
    status, checks = doctor("--no-site", prefix=AS_ANYBODY, **home, **SOUND)
    assert status == 1
    assert states(checks, "wrong") == {"home", "database", "archive"}
    assert "cannot be entered: Permission denied" in checks["database"]["said"]
    for command in ("status", "metrics"):
        done = scrapy(command, prefix=AS_ANYBODY, **home)
        assert done.returncode == 3, done.stderr
        assert "cannot be entered: Permission denied" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_packages_are_compared_with_the_lock(tmp_path: Path) -> None:
    assert packages(LOCK).state == "ok"
    lock = tmp_path / "requirements.txt"
    lock.write_text("scrapy==1.0 \\\n    --hash=sha256:0\n", "utf-8")
    assert (packages(lock).state, packages(lock).said[:22]) == ("warning", "not as locked: scrapy ")
    with lock.open("a") as file:
        file.write("a-ferry==1.0\nnot-here==1 ; sys_platform == 'plan9'\n    # via a-ferry\n")
    assert (packages(lock).state, packages(lock).said) == ("wrong", "missing: a-ferry")


@pytest.mark.browser
def test_the_browser_is_really_started(tmp_path: Path) -> None:
    _, checks = doctor("--no-site", "-s", "BROWSER_PAGES=1", HERALD_HOME=str(tmp_path), **SOUND)
    assert checks["browser"]["state"] == "ok", checks["browser"]
    _, checks = doctor(
        "--no-site", "-s", "BROWSER_PAGES=1", "-s", "BROWSER_EXECUTABLE=/bin/false",
        HERALD_HOME=str(tmp_path), **SOUND,
    )  # fmt: skip
    assert checks["browser"]["state"] == "warning"
    assert "/bin/false did not start" in checks["browser"]["said"]


def test_people_read_lines_and_wrong_usage_is_status_2(tmp_path: Path) -> None:
    done = scrapy("doctor", "--no-site", *FAST, HERALD_HOME=str(tmp_path), **SOUND)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("ok       python          3.")
    assert scrapy("doctor", "--never").returncode == 2
