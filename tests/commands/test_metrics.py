"""``scrapy metrics`` as Prometheus and the operator see it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.crash.harness import where
from tests.crawling import PROJECT, Crawl, crawl, environment_with, start_crawl
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site
from tests.stories import command, execute

if TYPE_CHECKING:
    from collections.abc import Iterator

DASHBOARD = PROJECT / "deploy/grafana/heraldcrawl.json"
PAGE = PROJECT / "deploy/README.md"
#: A name in PromQL, or on the page.
NAME = re.compile(r"\bheraldcrawl_[a-z_]+[a-z]\b")
ALARM = """
INSERT INTO alarms (key, spider, what, seen, usual, advice, badness, opened_at, last_seen_at)
VALUES ('kpop/layout', 'kpop', 'layout', 'none', '100', 'add "one"', 1, now(), now())
"""

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(text: str) -> Samples:
    """Every sample of an exposition, read by Prometheus' own parser."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(found: Samples, name: str, **labels: str) -> float:
    return found[f"heraldcrawl_{name}", frozenset(labels.items())]


@contextmanager
def exporter(**environment: str) -> Iterator[str]:
    """A real one under way; its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "scrapy", "metrics", "--listen", "127.0.0.1:0"],
        cwd=PROJECT,
        env=environment_with(environment),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            assert process.wait(30) == 0


def scrape(url: str) -> str:
    with urlopen(url, timeout=30) as answer:  # noqa: S310  (ours)
        assert answer.headers["Content-Type"].startswith("text/plain")
        return str(answer.read().decode())


@pytest.fixture(scope="module")
def crawled(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    """A crawl in which some of everything happened."""
    home = tmp_path_factory.mktemp("home")
    with serve(Site(stories=60)) as site:
        gone, broken, *_ = site.site.numbers(("National", "North Korea"))
        site.site.faults |= {gone: Fault("410"), broken: Fault("500")}
        crawl("northkorea", home=home, environment=where(site, module_database_url))
        run = crawl(
            "latest",
            home=home,
            settings={"METRICS_TEXTFILE": str(home), "DOWNLOAD_DELAY": 0.01},
            environment=where(site, module_database_url),
        )
    execute(module_database_url, ALARM)
    run.items = []
    return run


def test_the_exporter_serves_what_the_database_knows(
    module_database_url: str, crawled: Crawl, tmp_path: Path
) -> None:
    where_ = {"DATABASE_URL": module_database_url, "HERALD_HOME": str(tmp_path)}
    with exporter(**where_) as url:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/metrics", url)
        text = scrape(url)
        found = samples(text)
        assert of(found, "database_up") == 1
        assert (
            of(found, "stories_total", spider="latest", outcome="new") == crawled.stats["story/new"]
        )
        assert of(found, "stories_total", spider="northkorea", outcome="dead") == 1
        assert of(found, "runs_total", spider="latest", reason="finished") == 1
        assert of(found, "last_run_outcome", spider="latest", reason="finished") == 1
        assert of(found, "pages_read_total", spider="latest") == crawled.stats["story/read"]
        assert of(found, "story_failures_total", spider="northkorea", reason="http_500") == 1
        assert of(found, "dead_letters", reason="http_410") == 1
        assert of(found, "ledger_stories", state="waiting") == 1
        assert of(found, "list_waiting_stories", list="northkorea") == 1
        assert of(found, "alarm", key="kpop/layout", accepted="false") == 1
        headline = crawled.stats["evidence/headline/css"]
        assert (
            of(found, "field_evidence_total", spider="latest", field="headline", source="css")
            == headline
        )
        ratio = of(found, "field_evidence_ratio", spider="latest", field="headline", source="css")
        assert ratio == round(headline / crawled.stats["story/read"], 4)
        answers = of(found, "response_seconds_bucket", spider="latest", le="+Inf")
        assert answers == of(found, "response_seconds_count", spider="latest")
        assert answers == sum(
            value for key, value in crawled.stats.items() if re.match(r"latency/[\d.]+$", key)
        )
        assert 0 < of(found, "response_seconds_sum", spider="latest") < answers
        assert of(found, "turn_wait_seconds_total", spider="latest") > 0
        # Asked again at once, it asks nobody else.
        execute(module_database_url, "UPDATE alarms SET accepted_at = now()")
        assert scrape(url) == text
        execute(module_database_url, "UPDATE alarms SET accepted_at = NULL")


def test_the_textfile_has_what_is_the_spider_s(crawled: Crawl, module_database_url: str) -> None:
    assert crawled.status == 0, crawled.log
    [feed] = [line for line in crawled.log.splitlines() if "Stored jsonlines feed" in line]
    home = Path(feed.partition("file://")[2]).parents[2]
    [file] = home.glob("*.prom")
    assert file.name == "heraldcrawl_latest.prom"
    assert file.stat().st_mode & 0o777 == 0o644
    found = samples(file.read_text("utf-8"))
    assert {dict(labels)["spider"] for _, labels in found} == {"latest"}
    assert of(found, "stories_total", spider="latest", outcome="new") == crawled.stats["story/new"]
    assert of(found, "last_run_outcome", spider="latest", reason="finished") == 1
    [(finished_at,)] = execute(
        module_database_url,
        "SELECT extract(epoch FROM finished_at)::float8 FROM runs WHERE spider = 'latest'",
    )
    end = of(found, "last_run_end_timestamp_seconds", spider="latest")
    assert end == pytest.approx(finished_at, abs=0.001)


def test_a_run_that_lost_its_database_says_so_in_its_textfile(tmp_path: Path) -> None:
    nowhere = {"DATABASE_URL": "postgresql://kim@127.0.0.1:1/archive"}
    process = start_crawl(
        "kpop", home=tmp_path, settings={"METRICS_TEXTFILE": str(tmp_path)}, environment=nowhere
    )
    process.communicate(timeout=60)
    assert process.returncode == 3
    found = samples((tmp_path / "heraldcrawl_kpop.prom").read_text("utf-8"))
    assert of(found, "last_run_outcome", spider="kpop", reason="database_unavailable") == 1
    assert not any(name.endswith("_total") for name, _ in found)


def test_a_folder_that_cannot_be_written_harms_no_crawl(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=20)) as site:
        run = crawl(
            "kpop",
            home=tmp_path,
            settings={"METRICS_TEXTFILE": str(tmp_path / "none")},
            environment=where(site, database_url),
        )
    assert run.status == 0
    assert f"METRICS_TEXTFILE={tmp_path}/none: No such file or directory" in run.log


def test_printed_once_it_is_the_same(
    module_database_url: str,
    crawled: Crawl,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = {"DATABASE_URL": module_database_url, "HERALD_HOME": str(tmp_path)}
    assert command("metrics", **settings) == 0
    found = samples(capsys.readouterr().out)
    assert of(found, "stories_total", spider="latest", outcome="new") == crawled.stats["story/new"]


def test_without_a_database_the_disk_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("metrics", HERALD_HOME=str(tmp_path)) == 3
    said = capsys.readouterr()
    found = samples(said.out)
    assert of(found, "database_up") == 0
    assert of(found, "disk_free_bytes") > 0
    assert not any(name.startswith("heraldcrawl_ledger") for name, _ in found)
    assert said.err.count("\n") == 1
    with exporter(HERALD_HOME=str(tmp_path)) as url:
        assert of(samples(scrape(url)), "database_up") == 0
    assert list(tmp_path.iterdir()) == []


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for address in ("9410", "127.0.0.1:http", "127.0.0.1:99999"):
        assert command("metrics", "--listen", address) == 2
        assert f"--listen={address} is no HOST:PORT" in capsys.readouterr().err
    assert command("metrics", "everything") == 2
    capsys.readouterr()


def test_where_it_cannot_listen_it_says_so_with_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with exporter(HERALD_HOME=str(tmp_path)) as url:
        address = url.removeprefix("http://").removesuffix("/metrics")
        assert command("metrics", "--listen", address, HERALD_HOME=str(tmp_path)) == 1
        said = capsys.readouterr().err
    assert said == f"scrapy metrics: cannot listen at {address}: Address already in use\n"
    nowhere = "newspaper.invalid:9410"
    assert command("metrics", "--listen", nowhere, HERALD_HOME=str(tmp_path)) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"scrapy metrics: cannot listen at {nowhere}: ")
    assert said.count("\n") == 1


def served(text: str) -> set[str]:
    """Every name that a query may use."""
    names = set()
    for family in text_string_to_metric_families(text):
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
        names |= {family.name + suffix for suffix in suffixes.get(family.type, [""])}
    return names


def test_every_query_of_the_dashboard_names_metrics_that_are_served(
    module_database_url: str, crawled: Crawl, capsys: pytest.CaptureFixture[str]
) -> None:
    del crawled  # its numbers are there
    assert command("metrics", DATABASE_URL=module_database_url) == 0
    names = served(capsys.readouterr().out)
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    targets = [target for panel in dashboard["panels"] for target in panel.get("targets", [])]
    queries = [target["expr"] for target in targets]
    queries += [
        variable["query"]["query"]
        for variable in dashboard["templating"]["list"]
        if variable["type"] == "query"
    ]
    assert len(queries) > 20
    for query in queries:
        used = set(NAME.findall(query))
        assert used, query
        assert used <= names, query


def test_the_page_names_each_metric_once(
    module_database_url: str, crawled: Crawl, capsys: pytest.CaptureFixture[str]
) -> None:
    del crawled
    assert command("metrics", DATABASE_URL=module_database_url) == 0
    families = text_string_to_metric_families(capsys.readouterr().out)
    names = {
        family.name.removeprefix("heraldcrawl_") + ("_total" if family.type == "counter" else "")
        for family in families
    }
    tables = re.findall(
        r"^\| Metric \|.*\n\|---.*\n((?:\|.*\n)+)", PAGE.read_text("utf-8"), re.MULTILINE
    )
    cells = [row.split("|")[1] for table in tables for row in table.splitlines()]
    told = [name for cell in cells for name in re.findall(r"`([a-z_]+)`", cell)]
    assert sorted(told) == sorted(names)
