"""What a crawl leaves in the page archive, over real HTTP."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from heraldcrawl.site.addresses import story_url
from tests.archive.archives import (
    addresses,
    assert_readable,
    assert_rows_match,
    assert_stories_are_archived,
    read_all,
    warc_files,
)
from tests.crash.harness import Crash, where
from tests.crawling import crawl, scrapy, select
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site

if TYPE_CHECKING:
    from pathlib import Path

NORTH_KOREA = ("National", "North Korea")
ROOT = "https://www.koreaherald.com"


def comparable(item: dict[str, Any]) -> dict[str, Any]:
    """A story without what depends on when it was fetched, and on which others were before."""
    times = ("fetched_at", "first_seen_at", "duplicate_of")
    return {k: v for k, v in item.items() if k not in times}


def test_every_answer_is_archived_before_its_story_is_stored(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=80)) as site:
        gone, down, moved, *_ = site.site.numbers(NORTH_KOREA)
        site.site.faults |= {gone: Fault("404"), down: Fault("500"), moved: Fault("off-site")}
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        asked = Counter(ROOT + request.target for request in site.log)
        root = site.root
    files = warc_files(tmp_path)
    assert_readable(*files)
    assert_rows_match(database_url, tmp_path)
    assert_stories_are_archived(database_url)
    records = read_all(*files)
    assert Counter(addresses(records, "response", "revisit")) == asked
    assert Counter(addresses(records, "request")) == asked
    assert {f"{ROOT}/robots.txt", f"{ROOT}/"} <= asked.keys()
    statuses = Counter(
        int(r.http_headers.get_statuscode())
        for r in records
        if r.rec_type in ("response", "revisit")
    )
    assert statuses[404] == statuses[500] == 1
    assert statuses[302] + statuses[301] >= 1
    assert run.stats["archive/response"] + run.stats.get("archive/revisit", 0) == asked.total()
    [info] = [r for r in records if r.rec_type == "warcinfo"]
    assert f"asked at {root}".encode() in info.body
    [dead] = select(database_url, "SELECT page FROM ledger WHERE reason = 'http_404'")
    name, _, offset = dead["page"].partition(":")
    [row] = select(database_url, f"SELECT * FROM captures WHERE record_offset = {offset}")  # noqa: S608  (a number)
    assert (row["file"], row["status"], row["article_id"]) == (name, 404, site.site.story_id(gone))


def test_a_file_is_named_by_time_and_run_and_ends_at_its_size(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=80)) as site:
        settings = {"ARCHIVE_FILE_BYTES": 40_000}
        environment = where(site, database_url)
        run = crawl("northkorea", home=tmp_path, settings=settings, environment=environment)
    assert run.status == 0, run.log
    files = warc_files(tmp_path)
    assert len(files) > 2
    assert all(file.stat().st_size <= 40_000 for file in files)
    [number] = select(database_url, "SELECT id FROM runs")
    name = re.compile(rf"[0-9]{{4}}/[0-9]{{8}}T[0-9]{{6}}Z-{number['id']}-[0-9]{{4}}\.warc\.gz")
    rows = select(database_url, "SELECT * FROM archive_files ORDER BY name")
    assert len(rows) == len(files)
    for file, row in zip(files, rows, strict=True):
        assert name.fullmatch(row["name"])
        assert file.match(row["name"])
        assert row["bytes"] == file.stat().st_size
        assert row["finished_at"] is not None
    assert_readable(*files)
    assert_rows_match(database_url, tmp_path)


def test_what_has_not_changed_is_a_revisit_and_can_be_read_all_the_same(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=30)) as site:
        id_ = next(iter(site.site.truths(NORTH_KOREA)))
        url = f"url={story_url(id_)}"
        for _ in range(2):
            run = crawl("article", url, home=tmp_path, environment=where(site, database_url))
            assert run.status == 0, run.log
    first, second = warc_files(tmp_path)
    assert_readable(first, second)
    rows = select(database_url, f"SELECT * FROM captures WHERE article_id = '{id_}' ORDER BY run")  # noqa: S608  (digits)
    assert [row["record_type"] for row in rows][-1] == "revisit"
    assert rows[-1]["refers_to_at"] == rows[0]["captured_at"]
    assert second.stat().st_size < 4000
    replayed = crawl(
        "article",
        url,
        home=tmp_path / "again",
        environment={"REPLAY": f"{first} {second}"},
    )
    assert replayed.status == 0, replayed.log
    assert [item["id"] for item in replayed.items] == [id_]


def test_an_archive_can_be_replayed_and_gives_the_same_stories(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=120)) as site:
        environment = where(site, database_url)
        live = crawl("northkorea", home=tmp_path, environment=environment)
        crawl("northkorea", home=tmp_path, environment=environment)  # all of it revisits
    pattern = f"{tmp_path}/archive/*/*.warc.gz"
    again = crawl("northkorea", home=tmp_path / "again", environment={"REPLAY": pattern})
    assert again.status == 0, again.log
    assert len(again.items) > 20
    expected = {item["id"]: comparable(item) for item in live.items}
    assert {item["id"]: comparable(item) for item in again.items} == expected
    files = warc_files(tmp_path / "again")
    assert_readable(*files)
    misses = [r for r in read_all(*files) if r.rec_type == "response"]
    assert {r.http_headers.get_statuscode() for r in misses} == {
        "200"
    }  # what is not there is no answer


def test_an_archive_answers_a_crawl_of_another_root_as_well(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=30)) as site:
        live = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        root = site.root
    replay = {"REPLAY": f"{tmp_path}/archive/*/*.warc.gz", "SITE_URL": root}
    again = crawl("northkorea", home=tmp_path / "again", environment=replay)
    assert again.status == 0, again.log
    assert {item["id"] for item in again.items} == {item["id"] for item in live.items}


@pytest.mark.browser
def test_a_rendered_page_is_kept_beside_the_page_it_was_made_of(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=40, era="today")) as site:
        hidden = next(iter(site.site.numbers(NORTH_KOREA)))
        site.site.faults[hidden] = Fault("javascript")
        id_ = site.site.story_id(hidden)
        settings = {"BROWSER_PAGES": 3}
        environment = where(site, database_url)
        live = crawl("northkorea", home=tmp_path, settings=settings, environment=environment)
        truth = site.site.truth(hidden)
    [file] = warc_files(tmp_path)
    assert_readable(file)
    assert_rows_match(database_url, tmp_path)
    records = read_all(file)
    [rendered] = [r for r in records if r.rec_type == "conversion"]
    assert truth["article_body"].splitlines()[0] in rendered.body.decode()
    [source] = [
        r
        for r in records
        if r.rec_headers["WARC-Record-ID"] == rendered.rec_headers["WARC-Refers-To"]
    ]
    assert source.rec_type == "response"
    assert source.rec_headers["WARC-Target-URI"] == rendered.rec_headers["WARC-Target-URI"]
    [row] = select(database_url, "SELECT * FROM captures WHERE record_type = 'conversion'")
    assert row["article_id"] == id_
    again = crawl("northkorea", home=tmp_path / "again", environment={"REPLAY": str(file)})
    expected = {item["id"]: comparable(item) for item in live.items}
    assert {item["id"]: comparable(item) for item in again.items} == expected


def test_several_crawls_at_once_write_a_file_each(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=200, keep_pages=True)) as site:
        environment = where(site, database_url)
        runs = [
            Crash(s, home=tmp_path, environment=environment)
            for s in ("northkorea", "national", "latest")
        ]
        for run in runs:
            assert run.wait() == 0, run.log
    files = warc_files(tmp_path)
    assert len(files) == len(runs)
    assert_readable(*files)
    assert_rows_match(database_url, tmp_path)
    assert_stories_are_archived(database_url)


def test_without_the_archive_nothing_is_kept(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=30)) as site:
        settings = {"ARCHIVE_ENABLED": False}
        run = crawl(
            "northkorea", home=tmp_path, settings=settings, environment=where(site, database_url)
        )
    assert run.status == 0, run.log
    assert not (tmp_path / "archive").exists()
    assert select(database_url, "SELECT * FROM captures") == []


def test_a_folder_that_cannot_be_written_to_ends_the_crawl_before_any_request(
    database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "archive").write_text("not a folder")
    with serve(Site(stories=30)) as site:
        run = crawl("northkorea", home=tmp_path, environment=where(site, database_url))
        assert site.log == []
    assert run.status == 9, run.log
    assert run.log.count("the page archive cannot be written") == 1
    assert "Traceback" not in run.log
    [row] = select(database_url, "SELECT reason FROM runs")
    assert row["reason"] == "archive_unwritable"


def test_a_dead_letter_s_page_is_shown(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=30)) as site:
        empty = next(iter(site.site.numbers(NORTH_KOREA)))
        site.site.faults[empty] = Fault("empty")
        settings = {"STORY_ATTEMPTS": 1}
        environment = where(site, database_url)
        crawl("northkorea", home=tmp_path, settings=settings, environment=environment)
        id_ = site.site.story_id(empty)
    [row] = select(database_url, f"SELECT * FROM captures WHERE article_id = '{id_}'")  # noqa: S608  (digits)
    shown = scrapy("ledger", "list", id_, DATABASE_URL=database_url).stdout
    assert f"page: {row['file']}:{row['record_offset']}{os.linesep}" in shown
