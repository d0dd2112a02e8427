"""Scrapyd as ``deploy/`` sets it up: one is started, given the project, and told to crawl."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil
import psycopg
import pytest
import requests
from scrapyd_client.pyclient import ScrapydClient

from heraldcrawl.store.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.scrapyd

PROJECT = Path(__file__).parents[2]
WAIT_SECONDS = 120
CREDENTIALS = {"SCRAPYD_USERNAME": "operator", "SCRAPYD_PASSWORD": "100% 'secret' $HOME"}


class Site(NamedTuple):
    """Where the tests' Scrapyd works."""

    home: Path  # HERALD_HOME
    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> ScrapydClient:
        return ScrapydClient(self.url, *CREDENTIALS.values())

    @property
    def eggs(self) -> list[Path]:
        return sorted((self.home / "scrapyd" / "eggs" / "heraldcrawl").iterdir())


def run(command: list[str | Path], environment: dict[str, str], cwd: Path = PROJECT) -> str:
    done = subprocess.run(
        command, env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def scrapyd(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    with (
        (site.home / "scrapyd.log").open("ab") as log,
        subprocess.Popen(
            [PROJECT / "deploy" / "scrapyd.sh"],
            env=site.environment | CREDENTIALS,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            wait_for(lambda: process.poll() is not None or answers(site.url), site)
            assert process.poll() is None, log_of(site)
            yield process
        finally:
            children = psutil.Process(process.pid).children() if process.poll() is None else []
            process.terminate()
            psutil.wait_procs(children, timeout=WAIT_SECONDS)


def answers(url: str) -> bool:
    try:
        requests.get(url, timeout=10)
    except requests.ConnectionError:
        return False
    return True


def log_of(site: Site) -> str:
    logs = [site.home / "scrapyd.log", *site.home.glob("scrapyd/logs/**/*.log")]
    return "\n".join(log.read_text("utf-8") for log in logs if log.exists())


def listening(site: Site) -> list[tuple[str, int, int | None]]:
    """Who listens on the port: address, port, pid."""
    return [
        (connection.laddr.ip, connection.laddr.port, connection.pid)
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
        and connection.laddr
        and connection.laddr.port == site.port
    ]


def wait_for(condition: Callable[[], object], site: Site) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, log_of(site)
        time.sleep(0.1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    # Scrapyd-client reads more targets from here, beside the project's own scrapy.cfg.
    (home / "scrapy.cfg").write_text(f"[deploy:test]\nurl = http://127.0.0.1:{port}/\n")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("SCRAPYD_")
    } | {
        "DATABASE_URL": "",
        "HERALD_HOME": str(home),
        "SCRAPYD_HTTP_PORT": str(port),
        "XDG_CONFIG_HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    return Site(home, port, environment)


@pytest.fixture(scope="module")
def deployed(site: Site) -> Iterator[Site]:
    """A Scrapyd that has the project."""
    with scrapyd(site):
        run([PROJECT / "deploy" / "deploy.sh", "test"], site.environment | CREDENTIALS)
        yield site


@pytest.fixture(scope="module")
def crawled(deployed: Site) -> Site:
    """A Scrapyd whose one job has crawled North Korea in the sample site."""
    warc = deployed.home / "sample.warc.gz"
    run([sys.executable, "-m", "tests.site.sample", "warc", warc], deployed.environment)
    settings = [("setting", f"REPLAY={warc}"), ("setting", "SITE_URL=https://www.koreaherald.com")]
    job = deployed.client.schedule("heraldcrawl", "northkorea", [*settings, ("limit", "20")])
    wait_for(
        lambda: job in [ended["id"] for ended in deployed.client.jobs("heraldcrawl")["finished"]],
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
        assert f"{missing}: is not set" in refused.stderr


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
    run([PROJECT / "deploy" / "deploy.sh", "test"], crawled.environment | CREDENTIALS)
    assert len(crawled.client.versions("heraldcrawl")) == len(crawled.eggs) == 2


def test_finished_jobs_are_remembered_after_a_kill(crawled: Site) -> None:
    finished = [job["id"] for job in crawled.client.jobs("heraldcrawl")["finished"]]
    assert len(finished) == 1
    [(_, _, pid)] = listening(crawled)
    process = psutil.Process(pid)
    process.send_signal(signal.SIGKILL)
    process.wait(WAIT_SECONDS)
    with scrapyd(crawled):
        remembered = [job["id"] for job in crawled.client.jobs("heraldcrawl")["finished"]]
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
