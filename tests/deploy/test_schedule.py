"""``scrapy schedule``, as timers run it: one job of a spider at a time, whoever started it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import pytest
import requests
from scrapy.settings import Settings

from heraldcrawl.store import migrate
from heraldcrawl.store.runs import live_runs
from heraldcrawl.store.server import Server
from tests.crawling import start_crawl
from tests.deploy.harness import (
    CREDENTIALS,
    PROJECT,
    WAIT_SECONDS,
    Site,
    listening,
    log_of,
    make_site,
    scrapyd,
    wait_for,
)
from tests.site.sample.server import serve
from tests.site.sample.site import Site as SampleSite
from tests.stories import execute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.scrapyd

#: Makes a job last until it is stopped.
SLOW = ("-s", "DOWNLOAD_DELAY=30")
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
ID = "[0-9a-f]{32}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A place whose sample site is served, and whose Scrapyd has the project."""
    with serve(SampleSite(stories=60, keep_pages=True)) as sample:
        place = make_site(tmp_path_factory.mktemp("home"), SITE_URL=sample.root)
        with Server(place.home).use() as url:
            migrate(url)  # a job may be killed before it comes to that
        with scrapyd(place):
            place.deploy()
        yield place
        Server(place.home).stop()


@pytest.fixture
def running(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    """Its Scrapyd, and nothing waits or runs in it."""
    with scrapyd(site) as process:
        yield process
        clear(site)


def clear(site: Site) -> None:
    """End everything, and not in order, for that takes its time; and forget whose turn it was."""
    for job in site.jobs("pending"):
        site.client.cancel("heraldcrawl", job["id"])
    for job in site.jobs("running"):
        with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
            psutil.Process(job["pid"]).kill()
    wait_for(lambda: not site.jobs("running"), site)
    with Server(site.home).use() as url:
        execute(url, "TRUNCATE pace")


def schedule(site: Site, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "schedule", *arguments],
        env=site.environment | CREDENTIALS | environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
    )


def assert_not_started(site: Site, spider: str, why: str) -> None:
    seen = schedule(site, spider, *SLOW)
    assert (seen.returncode, seen.stderr) == (0, "")
    assert re.fullmatch(f"{spider} is not started: {why}\n", seen.stdout), seen.stdout


def runs(site: Site, query: str) -> list[tuple[Any, ...]]:
    with Server(site.home).use() as url, psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def wait_for_run(site: Site, spider: str) -> int:
    """The run of a crawl that has just been started."""
    settings = Settings({"HERALD_HOME": str(site.home), "DATABASE_URL": ""})
    wait_for(lambda: live_runs(settings, spider), site)
    return live_runs(settings, spider)[0].id


def test_a_job_is_given_once_while_it_waits_or_runs(
    site: Site, running: subprocess.Popen[bytes]
) -> None:
    assert running.poll() is None
    given = schedule(site, "northkorea", "-a", "limit=40", *SLOW)
    assert given.returncode == 0, given.stderr
    job = given.stdout.removeprefix("northkorea ").strip()
    assert re.fullmatch(ID, job)
    wait_for(lambda: site.jobs("running"), site)
    assert_not_started(site, "northkorea", rf"job {job} is running since \S+ \S+")

    assert schedule(site, "national", *SLOW).returncode == 0  # the second of two at once
    wait_for(lambda: len(site.jobs("running")) == 2, site)
    waiting = schedule(site, "business", *SLOW).stdout.split()[1]
    assert_not_started(site, "business", f"job {waiting} is pending")
    [pending] = site.jobs("pending")
    assert pending["settings"] == {"DOWNLOAD_DELAY": "30"}

    [arguments] = [
        process.cmdline()
        for process in psutil.Process(running.pid).children()
        if "northkorea" in process.cmdline()
    ]
    assert {"limit=40", "DOWNLOAD_DELAY=30", f"_job={job}"} <= set(arguments)


def test_many_timers_at_once_give_one_job(site: Site, running: subprocess.Popen[bytes]) -> None:
    assert running.poll() is None
    command = [sys.executable, "-m", "scrapy", "schedule", "sports", *SLOW]
    processes = [
        subprocess.Popen(
            command,
            env=site.environment | CREDENTIALS,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(5)
    ]
    said = [process.communicate(timeout=WAIT_SECONDS)[0] for process in processes]
    assert {process.returncode for process in processes} == {0}
    assert sum("is not started" in line for line in said) == 4, said
    assert len(site.jobs("running") + site.jobs("pending")) == 1


def test_a_crawl_started_by_hand_counts(site: Site, running: subprocess.Popen[bytes]) -> None:
    assert running.poll() is None
    environment = {"SITE_URL": site.environment["SITE_URL"]}
    by_hand = start_crawl(
        "travel", home=site.home, settings={"DOWNLOAD_DELAY": 30}, environment=environment
    )
    try:
        number = wait_for_run(site, "travel")
        assert_not_started(site, "travel", rf"run {number} is at work since \S+ \S+")
        assert not site.jobs("running") + site.jobs("pending")
    finally:
        by_hand.send_signal(signal.SIGKILL)
        by_hand.communicate()
    # A killed crawl is at work no more.
    assert re.fullmatch(f"travel {ID}\n", schedule(site, "travel", *SLOW).stdout)


def test_a_job_that_outlived_its_scrapyd_counts(site: Site) -> None:
    with scrapyd(site) as first:
        job = schedule(site, "kpop", *SLOW).stdout.split()[1]
        number = wait_for_run(site, "kpop")
        [[_, _, pid]] = listening(site)
        [orphan] = psutil.Process(pid).children()
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    try:
        with scrapyd(site):
            assert not site.jobs("running")
            assert_not_started(
                site, "kpop", rf"run {number} \(job {job}\) is at work since \S+ \S+"
            )
    finally:
        orphan.kill()
        orphan.wait(WAIT_SECONDS)


def test_stopping_scrapyd_ends_its_jobs_in_order_and_keeps_what_waits(site: Site) -> None:
    with scrapyd(site) as process:
        for spider in ("northkorea", "national", "baseball"):
            assert schedule(site, spider, "-s", "DOWNLOAD_DELAY=2").returncode == 0
        numbers = [wait_for_run(site, spider) for spider in ("northkorea", "national")]
        jobs = psutil.Process(process.pid).children()
        assert len(jobs) == 2
        for job in jobs:
            assert "SCRAPYD_PASSWORD" not in job.environ()
        process.terminate()
        process.wait(WAIT_SECONDS)
        assert not any(job.is_running() for job in jobs)
    ended = f"SELECT reason FROM runs WHERE id IN ({numbers[0]}, {numbers[1]})"  # noqa: S608  (ours)
    assert runs(site, ended) == [("shutdown",)] * 2
    with scrapyd(site):
        wait_for_run(site, "baseball")
        assert [job["spider"] for job in site.jobs("running")] == ["baseball"]
        clear(site)


def test_a_new_version_does_not_disturb_a_running_job(
    site: Site, running: subprocess.Popen[bytes]
) -> None:
    assert running.poll() is None
    job = schedule(site, "national", "-a", "limit=8", "-s", "DOWNLOAD_DELAY=1.5").stdout.split()[1]
    number = wait_for_run(site, "national")
    [process] = psutil.Process(running.pid).children()
    before = len(site.eggs)
    site.deploy()
    assert len(site.eggs) == before + 1
    assert process.is_running()
    assert [running["id"] for running in site.jobs("running")] == [job]
    wait_for(lambda: job in [ended["id"] for ended in site.jobs("finished")], site)
    assert runs(site, f"SELECT reason FROM runs WHERE id = {number}") == [("finished",)]  # noqa: S608  (ours)
    [log] = site.home.glob(f"scrapyd/logs/heraldcrawl/national/{job}.log")
    assert "Traceback" not in log.read_text("utf-8")


def test_a_scrapyd_that_is_just_starting_is_waited_for(site: Site) -> None:
    waiting = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "schedule", "latest", *FAST, "--wait", "90"],
        env=site.environment | CREDENTIALS,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(3)
    assert waiting.poll() is None
    with scrapyd(site):
        said, _ = waiting.communicate(timeout=WAIT_SECONDS)
        assert waiting.returncode == 0
        assert re.fullmatch(f"latest {ID}\n", said)
        wait_for(lambda: site.jobs("finished"), site)
        clear(site)


def test_what_cannot_be_done_is_one_sentence_and_a_status(
    site: Site, running: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert running.poll() is None
    public = tmp_path / "password"
    public.write_text("secret")
    public.chmod(0o644)
    nobody = {"SCRAPYD_URL": "http://127.0.0.1:9"}
    with serve(SampleSite(stories=5)) as other:
        for arguments, environment, status, words in (
            (
                ["northkorea", "--wait", "1"],
                nobody,
                1,
                "Scrapyd at http://127.0.0.1:9 does not answer: Connection refused",
            ),
            (
                ["northkorea"],
                {"SCRAPYD_URL": other.root},
                1,
                f"Scrapyd at {other.root} answers HTTP Error 404",
            ),
            (
                ["northkorea"],
                {"SCRAPYD_PASSWORD": "guess"},
                1,
                f"Scrapyd at {site.url} refuses this name and password",
            ),
            (
                ["northkorea"],
                {"SCRAPYD_PASSWORD": ""},
                1,
                "SCRAPYD_PASSWORD is not set, and SCRAPYD_PASSWORD_FILE is not either",
            ),
            (
                ["northkorea"],
                {"SCRAPYD_PASSWORD": "", "SCRAPYD_PASSWORD_FILE": str(public)},
                1,
                f"SCRAPYD_PASSWORD_FILE={public} is open to others",
            ),
            (
                ["northkorea", "-s", "BOT_NAME=other"],
                {},
                1,
                "Scrapyd refuses: project 'other' not found; make deploy brings it",
            ),
            (["northkorea", "-a", "limit=x"], {}, 2, "limit=x is no number above 0"),
            (["nowhere"], {}, 2, "there is no spider nowhere; scrapy list names them all"),
            ([], {}, 2, "name one spider; scrapy list names them all"),
            (
                ["northkorea"],
                {"DATABASE_URL": "postgresql://kim:h4ngul@127.0.0.1:9/archive"},
                3,
                "the database archive at 127.0.0.1:9 cannot be used: Connection refused",
            ),
        ):
            seen = schedule(site, *arguments, **environment)
            assert (seen.returncode, seen.stdout) == (status, ""), seen
            assert seen.stderr.startswith(f"scrapy schedule: {words}"), seen.stderr
            assert len(seen.stderr.splitlines()) == 1
            assert "h4ngul" not in seen.stderr
    assert not site.jobs("running") + site.jobs("pending")


def test_a_password_with_any_character_opens_it(
    site: Site, running: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert running.poll() is None
    private = tmp_path / "password"
    private.write_text(CREDENTIALS["SCRAPYD_PASSWORD"] + "\n")
    private.chmod(0o600)
    given = schedule(site, "latest", *FAST, SCRAPYD_PASSWORD="", SCRAPYD_PASSWORD_FILE=str(private))
    assert given.returncode == 0, given.stderr
    assert requests.get(site.url, timeout=10).status_code == 401
    assert "h4ngul" not in log_of(site)
