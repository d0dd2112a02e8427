"""Feeds: one JSON-lines file a run, each line as the schema says and as the site's truth is."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from heraldcrawl.items import Article
from tests.crawling import PROJECT, crawl, scrapy, select
from tests.site.sample.site import Site
from tests.site.sample.warc import write_warc

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = json.loads((PROJECT / "heraldcrawl/article.schema.json").read_text(encoding="utf-8"))
SITE = Site(stories=150)


@pytest.fixture(scope="module")
def warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("site") / "sample.warc.gz"
    with file.open("wb") as out:
        write_warc(SITE, out)
    return file


def test_the_schema_names_the_item_s_fields_and_no_others() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    fields = [field.name for field in dataclasses.fields(Article)]
    assert list(SCHEMA["properties"]) == fields
    assert SCHEMA["required"] == fields


def test_a_replayed_crawl_exports_every_story_exactly(
    warc: Path, database_url: str, tmp_path: Path
) -> None:
    environment = {"REPLAY": str(warc), "DATABASE_URL": database_url}
    run = crawl("northkorea", home=tmp_path, environment=environment)
    assert run.status == 0, run.log
    [feed] = (tmp_path / "feeds" / "northkorea").glob("*.jsonl")
    assert "\\u" not in feed.read_text(encoding="utf-8")  # readable as it is
    validator = Draft202012Validator(SCHEMA)
    for item in run.items:
        validator.validate(item)
    found = {item["id"]: item for item in run.items}
    for id_, truth in SITE.truths().items():
        assert {name: found[id_][name] for name in truth} == truth
    assert len(found) == len(run.items) == len(SITE.truths())


def test_a_second_replay_exports_nothing_and_an_address_outside_is_a_miss(
    warc: Path, database_url: str, tmp_path: Path
) -> None:
    environment = {"REPLAY": str(warc), "DATABASE_URL": database_url}
    crawl("northkorea", home=tmp_path, environment=environment)
    again = crawl("northkorea", home=tmp_path, environment=environment)
    assert again.items == []
    missing = "https://www.koreaherald.com/view.php?ud=19990101000001"
    run = crawl("article", f"url={missing}", home=tmp_path, environment=environment)
    assert run.stats["replay/miss"] == 1
    [dead] = select(database_url, "SELECT state, reason FROM ledger")
    assert dead == {"state": "dead", "reason": "http_404"}


def test_output_options_work_as_in_any_project(
    warc: Path, database_url: str, tmp_path: Path
) -> None:
    out = tmp_path / "stories.csv"
    done = scrapy(
        "crawl",
        "northkorea",
        "-a",
        "limit=3",
        "-O",
        str(out),
        REPLAY=str(warc),
        DATABASE_URL=database_url,
        HERALD_HOME=str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    assert out.read_text(encoding="utf-8").startswith("id,url,headline,")
    assert not (tmp_path / "feeds").exists()


def test_the_database_has_what_the_feed_says(warc: Path, database_url: str, tmp_path: Path) -> None:
    environment = {"REPLAY": str(warc), "DATABASE_URL": database_url}
    run = crawl("northkorea", home=tmp_path, environment=environment)
    rows: dict[str, dict[str, Any]] = {
        row["id"]: row for row in select(database_url, "SELECT * FROM articles")
    }
    same = ("headline", "article_body", "authors", "images", "breadcrumbs", "issues", "sources")
    for item in run.items:
        row = rows[item["id"]]
        assert {name: row[name] for name in same} == {name: item[name] for name in same}
    [listed] = select(database_url, "SELECT count(*) FROM listings WHERE list = 'northkorea'")
    assert listed["count"] == len(rows)
