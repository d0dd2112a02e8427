"""Scrapyd as ``deploy/`` sets it up: one is started, given the project, and told to crawl."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
import requests

from heraldcrawl.store.server import Server
from tests.deploy.harness import (
    CREDENTIALS,
    PROJECT,
    WAIT_SECONDS,
    Site,
    listening,
    log_of,
    make_site,
    run,
    scrapyd,
    wait_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.scrapyd


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return make_site(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def deployed(site: Site) -> Iterator[Site]:
    """A Scrapyd that has the project."""
    with scrapyd(site):
        site.deploy()
        yield site


@pytest.fixture(scope="module")
def crawled(deployed: Site) -> Site:
    """A Scrapyd whose one job has crawled North Korea in the sample site."""
    warc = deployed.home / "sample.warc.gz"
    run([sys.executable, "-m", "tests.site.sample", "warc", warc], deployed.environment)
    settings = [("setting", f"REPLAY={warc}"), ("setting", "SITE_URL=https://www.koreaherald.com")]
    job = deployed.client.schedule("heraldcrawl", "northkorea", [*settings, ("limit", "20")])
    wait_for(
        lambda: job in [ended["id"] for ended in deployed.jobs("finished")],
        deployed,
    )
    return deployed


def test_without_name_and_password_it_does_not_start(site: Site) -> None:
    for missing in CREDENTIALS:
        given = {name: value for name, value in CREDENTIALS.items() if name != missing}
        refused = subprocess.run(
            [PROJECT / "deploy" / "scrapyd.sh"],
            env=site.environment | given,
            capture_output=True,
            text=True,
            timeout=WAIT_SECONDS,
            check=False,
        )
        assert refused.returncode != 0
        assert re.search(f"{missing}\\b.* is not set", refused.stderr)


def test_who_does_not_know_the_password_is_refused(deployed: Site) -> None:
    for credentials in (None, ("operator", "guess")):
        for service in ("listprojects.json", "schedule.json", ""):
            answer = requests.get(f"{deployed.url}/{service}", auth=credentials, timeout=10)
            assert answer.status_code == 401


def test_it_listens_on_loopback_alone(deployed: Site) -> None:
    assert [(address, port) for address, port, _ in listening(deployed)] == [
        ("127.0.0.1", deployed.port)
    ]


def test_the_egg_holds_the_data_files(deployed: Site) -> None:
    tracked = run(["git", "ls-files", "heraldcrawl"], deployed.environment).split()
    with zipfile.ZipFile(deployed.eggs[0]) as egg:
        packed = egg.namelist()
    assert {Path(name).suffix for name in tracked} > {".py", ".sql", ".json"}
    assert set(tracked) <= set(packed)


def test_the_deployed_project_lists_its_spiders(deployed: Site) -> None:
    spiders = deployed.client.spiders("heraldcrawl")
    assert spiders == run(["scrapy", "list"], deployed.environment).split()
    assert {"northkorea", "latest", "article"} <= set(spiders)


def test_a_job_stores_stories_and_writes_its_feed(crawled: Site) -> None:
    with Server(crawled.home).use() as url, psycopg.connect(url) as connection:
        stored = {id_ for (id_,) in connection.execute("SELECT id FROM articles")}
    [feed] = crawled.home.glob("feeds/northkorea/*.jsonl")
    with feed.open(encoding="utf-8") as lines:
        exported = [json.loads(line)["id"] for line in lines]
    assert len(stored) == 20, log_of(crawled)
    assert sorted(exported) == sorted(stored)


def test_a_job_logs_below_herald_home_in_plain_lines(crawled: Site) -> None:
    [log] = crawled.home.glob("scrapyd/logs/heraldcrawl/northkorea/*.log")
    text = log.read_text("utf-8")
    assert "northkorea ended" in text
    assert "\r" not in text  # no progress line
    assert "Traceback" not in text


def test_a_second_deployment_stands_beside_the_first(crawled: Site) -> None:
    crawled.deploy()
    assert len(crawled.client.versions("heraldcrawl")) == len(crawled.eggs) == 2


def test_finished_jobs_are_remembered_after_a_kill(crawled: Site) -> None:
    finished = [job["id"] for job in crawled.jobs("finished")]
    assert len(finished) == 1
    [(_, _, pid)] = listening(crawled)
    process = psutil.Process(pid)
    process.send_signal(signal.SIGKILL)
    process.wait(WAIT_SECONDS)
    with scrapyd(crawled):
        remembered = [job["id"] for job in crawled.jobs("finished")]
    assert remembered == finished


def test_plain_scrapyd_deploy_packs_the_same(site: Site, tmp_path: Path) -> None:
    for name in run(
        ["git", "ls-files", "heraldcrawl", "*.toml", "*.cfg"], site.environment
    ).split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
    (tmp_path / "README.md").touch()
    egg = tmp_path / "project.egg"
    run(["scrapyd-deploy", "--build-egg", egg], site.environment, tmp_path)
    with zipfile.ZipFile(egg) as packed:
        assert b"settings = heraldcrawl.settings" in packed.read("EGG-INFO/entry_points.txt")
        assert "heraldcrawl/article.schema.json" in packed.namelist()
