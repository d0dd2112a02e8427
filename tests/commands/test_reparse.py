"""``scrapy reparse`` over our own page archive."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from heraldcrawl.archive.shelf import Shelf
from heraldcrawl.reparse.work import Files
from heraldcrawl.store import Store
from heraldcrawl.store.roles import url_of
from tests.crash.harness import Crash, where
from tests.crawling import PROJECT, crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site
from tests.stories import command, execute, settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from heraldcrawl.archive.reader import Record

NORTH_KOREA = ("National", "North Korea")
STORED = "SELECT * FROM articles ORDER BY id"
REVISIONS = "SELECT * FROM revisions ORDER BY article_id, revision"


@pytest.fixture(scope="module")
def crawled(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, str]:
    """A crawled section: every story once, some of them twice, and one that is gone."""
    home = tmp_path_factory.mktemp("crawled")
    with serve(Site(stories=60)) as site:
        gone, *_ = site.site.numbers(NORTH_KOREA)
        site.site.faults[gone] = Fault("410")
        environment = where(site, module_database_url)
        assert crawl("northkorea", home=home, environment=environment).status in (0, 7)
        rows = select(module_database_url, "SELECT url FROM articles ORDER BY id LIMIT 3")
        again = " ".join(row["url"] for row in rows)
        crawl("article", f"url={again}", home=home, environment=environment)
    return module_database_url, home, environment["SITE_URL"]


class Reparse:
    """Runs the command on an archive of the test's own; nothing answers at SITE_URL any more."""

    def __init__(self, url: str, home: Path, site_url: str, capsys: Any) -> None:
        self.url, self.home, self._capsys = url, home, capsys
        self.place = {"DATABASE_URL": url, "HERALD_HOME": str(home), "SITE_URL": site_url}

    def __call__(self, *arguments: str, status: int = 0) -> str:
        """What it prints, to standard error as well."""
        self._capsys.readouterr()
        ended = command("reparse", *arguments, **self.place)
        out, error = self._capsys.readouterr()
        assert ended == status, out + error
        return str(out if status == 0 else out + error)

    def told(self, *arguments: str, status: int = 0) -> dict[str, Any]:
        """What it tells scripts."""
        said = self("--json", *arguments, status=status)
        told: dict[str, Any] = json.JSONDecoder().raw_decode(said)[0]
        return told


@pytest.fixture
def reparse(
    crawled: tuple[str, Path, str],
    clone_database: Callable[[str], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Reparse:
    url, home, site_url = crawled
    shutil.copytree(home / "archive", tmp_path / "home" / "archive")
    return Reparse(clone_database(url), tmp_path / "home", site_url, capsys)


def test_what_today_s_readers_have_read_stays_as_it_is(reparse: Reparse) -> None:
    before = select(reparse.url, STORED)
    changes = select(reparse.url, "SELECT * FROM changes ORDER BY 1")
    told = reparse.told("--jobs", "1")
    assert told["stories"] == {"unchanged": len(before)}
    assert told["fields"] == {}
    assert select(reparse.url, STORED) == before
    assert select(reparse.url, "SELECT * FROM changes ORDER BY 1") == changes


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_another_text_is_a_revision_and_all_else_is_updated_in_place(
    reparse: Reparse, jobs: str
) -> None:
    right = select(reparse.url, STORED)
    ids = [row["id"] for row in right]
    wrong_text, wrong_layout = ids[:5], ids[3:9]
    execute(
        reparse.url,
        "UPDATE articles SET headline = 'Wrong \x1b[2J', content_hash = 'wrong' WHERE id = ANY(%s)",
        wrong_text,
    )
    execute(
        reparse.url,
        "UPDATE articles SET layout = 'e1', keywords = '{Wrong}', sources = '{}'"
        " WHERE id = ANY(%s)",
        wrong_layout,
    )
    wrong = select(reparse.url, STORED)
    dry = reparse.told("--dry-run", "--jobs", jobs)
    assert dry["stories"] == {
        "unchanged": len(ids) - 9, "revised": 5, "updated": 4,
    }  # fmt: skip
    assert select(reparse.url, STORED) == wrong
    assert select(reparse.url, "SELECT * FROM runs WHERE spider = 'reparse'") == []
    assert dry["fields"]["headline"]["stories"] == 5
    assert dry["fields"]["keywords"]["stories"] == 6
    example = dry["fields"]["headline"]["examples"][0]
    assert (example["id"], example["before"]) == (ids[0], "Wrong \x1b[2J")
    assert example["after"] == right[0]["headline"][:60] + "…" * (len(right[0]["headline"]) > 60)
    assert "\x1b" not in reparse("--dry-run", "--jobs", jobs)

    done = reparse.told("--jobs", jobs)
    assert done["stories"] == dry["stories"]
    after = select(reparse.url, STORED)
    for was, now in zip(right, after, strict=True):
        is_revised = was["id"] in wrong_text
        expected = was | {"revision": was["revision"] + is_revised}
        assert now | {"fetched_at": None} == expected | {"fetched_at": None}
        assert now["fetched_at"] >= was["fetched_at"]
        assert is_revised or now["fetched_at"] == was["fetched_at"]
    made = select(reparse.url, REVISIONS)
    assert {(r["article_id"], r["revision"]) for r in made if r["reason"] == "reparse"} == {
        (id_, 2) for id_ in wrong_text
    }
    assert all(row["reader"] == "0.1.0" for row in made)
    current = {row["article_id"]: row for row in made}
    assert all(current[row["id"]]["layout"] == row["layout"] for row in after)
    assert reparse.told("--jobs", jobs)["stories"] == {"unchanged": len(ids)}
    assert select(reparse.url, STORED) == after


def test_an_older_page_never_replaces_a_newer_text(reparse: Reparse) -> None:
    execute(
        reparse.url,
        "UPDATE articles SET fetched_at = now() + interval '1 day', content_hash = 'newer',"
        " headline = 'Newer'",
    )
    before = select(reparse.url, STORED)
    assert reparse.told("--jobs", "1")["stories"] == {"older": len(before)}
    assert select(reparse.url, STORED) == before


def test_stories_that_were_not_stored_are_recovered_and_leave_the_ledger(reparse: Reparse) -> None:
    right = select(reparse.url, STORED)
    dead, lost, aside = (row["id"] for row in right[:3])
    execute(reparse.url, "DELETE FROM articles WHERE id = ANY(%s)", [dead, lost, aside])
    execute(
        reparse.url,
        "INSERT INTO ledger (article_id, url, state, reason) VALUES"
        " (%s, '', 'dead', 'unreadable'), (%s, '', 'elsewhere', 'kpop')",
        dead,
        aside,
    )
    told = reparse.told("--failed", "--dry-run")
    assert told["stories"] == {"recovered": 1}
    assert reparse.told("--failed")["stories"] == {"recovered": 1}
    left = select(reparse.url, "SELECT article_id, state FROM ledger ORDER BY 1")
    assert {"article_id": dead, "state": "dead"} not in left
    assert reparse.told()["stories"] == {"recovered": 1, "unchanged": len(right) - 2}
    after = {row["id"]: row for row in select(reparse.url, STORED)}
    for row in right:
        if row["id"] in (dead, lost):
            got = after[row["id"]]
            assert got["fetched_at"] >= row["fetched_at"]
            times = ("fetched_at", "first_seen_at", "last_seen_at")
            assert {k: v for k, v in got.items() if k not in times} == {
                k: v for k, v in row.items() if k not in times
            }
    made = [row for row in select(reparse.url, REVISIONS) if row["article_id"] in (dead, lost)]
    assert [row["reason"] for row in made] == ["first", "first"]
    assert aside not in after


def test_the_next_export_of_changes_carries_what_was_read_otherwise(
    reparse: Reparse, tmp_path: Path
) -> None:
    def export(name: str, *more: str) -> dict[tuple[str, int], dict[str, Any]]:
        file = tmp_path / name
        point = str(tmp_path / f"point{len(more)}.json")
        arguments = ("--changed-since", point, "-o", str(file), *more)
        settle(reparse.url)
        assert command("export", *arguments, DATABASE_URL=reparse.url) in (0, 1)
        lines = file.read_text().splitlines() if file.exists() else []
        records = [json.loads(line) for line in lines]
        return {(record["id"], record["revision"]): record for record in records}

    ids = [row["id"] for row in select(reparse.url, STORED)]
    execute(reparse.url, "UPDATE articles SET content_hash = 'x' WHERE id = %s", ids[0])
    for table, key in (("articles", "id"), ("revisions", "article_id")):
        execute(reparse.url, f"UPDATE {table} SET layout = 'e1' WHERE {key} = %s", ids[1])  # noqa: S608  (ours)
    all_texts = ("--revisions", "all")
    assert len(export("all.jsonl")) == len(export("texts.jsonl", *all_texts)) == len(ids)
    reparse()
    changed = export("changed.jsonl")
    assert set(changed) == {(ids[0], 2), (ids[1], 1)}
    assert changed[ids[1], 1]["layout"] != "e1"
    texts = export("changed-texts.jsonl", *all_texts)
    assert set(texts) == {(ids[0], 1), (ids[0], 2), (ids[1], 1)}
    assert texts[ids[1], 1]["layout"] != "e1"
    reparse()
    assert export("nothing.jsonl") == {}


def test_what_is_selected_is_read_and_nothing_else(reparse: Reparse) -> None:
    rows = select(reparse.url, STORED)
    execute(reparse.url, "UPDATE articles SET layout = 'e1', images = '[]', description = NULL")
    dry = ("--dry-run", "--jobs", "1")
    assert reparse.told(*dry, "--section", "northkorea")["stories"] == {"updated": len(rows)}
    assert reparse.told(*dry, "--section", "kpop")["stories"] == {}
    days = sorted(row["date_published"] for row in rows)
    since = f"{days[5]:%Y-%m-%d}"
    assert 0 < sum(reparse.told(*dry, "--since", since)["stories"].values()) < len(rows)
    assert reparse.told(*dry, "--layout", "e1")["stories"] == {"updated": len(rows)}
    assert reparse.told(*dry, "--layout", "e4")["stories"] == {}
    assert reparse.told(*dry, "--missing", "images")["stories"] == {"updated": len(rows)}
    assert reparse.told(*dry, "--missing", "headline")["stories"] == {}
    few = [rows[0]["id"], rows[1]["url"], rows[1]["id"]]
    assert reparse.told(*dry, *few)["stories"] == {"updated": 2}
    told = reparse.told(*dry, "20990101000001", status=1)
    assert told["stories"] == {"not_archived": 1}


def test_a_story_is_found_by_its_other_id(reparse: Reparse) -> None:
    stored = select(reparse.url, STORED)[0]
    other = "10999999" if len(stored["id"]) == 14 else "20990101000001"
    execute(reparse.url, "INSERT INTO aliases VALUES (%s, %s, '{redirect}')", other, stored["id"])
    execute(
        reparse.url,
        "UPDATE captures SET article_id = %s WHERE article_id = %s",
        other,
        stored["id"],
    )
    execute(reparse.url, "UPDATE articles SET layout = 'generic' WHERE id = %s", stored["id"])
    assert reparse.told(other)["stories"] == {"updated": 1}
    assert select(reparse.url, STORED)[0] == stored


def test_a_look_that_failed_leaves_the_ledger_when_its_page_can_be_read(reparse: Reparse) -> None:
    rows = select(
        reparse.url,
        "SELECT DISTINCT ON (article_id) article_id, file || ':' || record_offset AS page"
        " FROM captures WHERE status = 200 AND article_id IN (SELECT id FROM articles)"
        " ORDER BY article_id, captured_at DESC LIMIT 2",
    )
    for row, page in zip(rows, (rows[0]["page"], "of an answer without a page:7"), strict=True):
        execute(
            reparse.url,
            "INSERT INTO ledger (article_id, url, state, is_revisit, reason, page)"
            " VALUES (%s, '', 'dead', true, 'revisit_unreadable', %s)",
            row["article_id"],
            page,
        )
    assert reparse.told("--failed", "--dry-run")["stories"] == {"unchanged": 2}
    assert reparse.told("--failed")["stories"] == {"unchanged": 2}
    left = select(reparse.url, "SELECT article_id FROM ledger WHERE is_revisit")
    assert [row["article_id"] for row in left] == [rows[1]["article_id"]]


def test_a_look_that_is_to_be_tried_again_stays_in_the_ledger(reparse: Reparse) -> None:
    """Somebody retries it in the very moment in which its page is read."""
    [row] = select(
        reparse.url,
        "SELECT article_id, file || ':' || record_offset AS page FROM captures"
        " WHERE status = 200 AND article_id IN (SELECT id FROM articles)"
        " ORDER BY captured_at DESC LIMIT 1",
    )
    execute(
        reparse.url,
        "INSERT INTO ledger (article_id, url, state, is_revisit, reason, page)"
        " VALUES (%s, '', 'dead', true, 'revisit_unreadable', %s)",
        row["article_id"],
        row["page"],
    )
    waits = (
        "SELECT pid FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with psycopg.connect(reparse.url) as desk:
        desk.execute("UPDATE ledger SET state = 'waiting' WHERE is_revisit")
        process = start(reparse)
        while not select(reparse.url, waits) and process.poll() is None:
            time.sleep(0.05)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    [left] = select(reparse.url, "SELECT article_id, state FROM ledger WHERE is_revisit")
    assert left == {"article_id": row["article_id"], "state": "waiting"}


def test_crawls_beside_it_lose_nothing(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(Site(stories=150)) as site:
        environment = where(site, database_url)
        crawler = Crash("northkorea", home=tmp_path, environment=environment)
        reparse = Reparse(database_url, tmp_path, environment["SITE_URL"], capsys)
        rounds = 0
        while crawler.is_running() or not rounds:
            time.sleep(0.5)
            if select(database_url, "SELECT id FROM articles LIMIT 1"):
                spoil(reparse)
                reparse("--jobs", "2")
                rounds += 1
        assert crawler.wait() == 0, crawler.log
        spoil(reparse)
        assert_revised(reparse.told()["stories"])
        truths = site.site.truths(NORTH_KOREA)
    stored = {row["id"]: row for row in select(database_url, STORED)}
    assert stored.keys() == truths.keys()
    for id_, truth in truths.items():
        assert stored[id_]["headline"] == truth["headline"]
        assert stored[id_]["article_body"] == truth["article_body"]
    assert select(database_url, "SELECT * FROM ledger") == []


def assert_revised(stories: dict[str, int]) -> None:
    assert set(stories) == {"revised"}, stories


def test_what_the_archive_cannot_give_is_told_and_the_rest_is_done(reparse: Reparse) -> None:
    stored = select(reparse.url, STORED)
    [*_, file] = sorted((reparse.home / "archive").glob("*/*.gz"))
    file.unlink()
    said = reparse("--jobs", "1", status=1)
    assert f"{file.name} is missing" in said
    assert f"{len(stored) - 3:>9}  unchanged" in said
    assert "        3  whose page the archive cannot give" in said


def test_a_file_is_opened_without_counting_what_is_in_it(reparse: Reparse) -> None:
    """It may hold many thousand captures, and is opened anew whenever others were read between."""
    [row] = select(reparse.url, "SELECT file, record_offset FROM captures LIMIT 1")

    async def read() -> Record | None:
        store = Store(reparse.url, patience_seconds=5)
        await store.open("reparse", {})
        files = Files(store.link, Shelf(reparse.home), 1 << 20)
        try:
            with psycopg.connect(reparse.url) as other:
                other.execute("LOCK captures IN ACCESS EXCLUSIVE MODE")  # nobody can count them
                async with asyncio.timeout(10):
                    return await files.at(row["file"], row["record_offset"])
        finally:
            files.close()
            await store.close("finished", {})

    record = asyncio.run(read())
    assert record is not None
    assert record.payload


def test_pages_are_read_from_wherever_the_archive_was_moved(
    reparse: Reparse, tmp_path: Path
) -> None:
    count = len(select(reparse.url, STORED))
    place = {"DATABASE_URL": reparse.url, "HERALD_HOME": str(reparse.home)}
    assert command("archive", "move", f"file://{tmp_path}/elsewhere", **place) == 0
    assert not list((reparse.home / "archive").glob("*/*.gz"))
    assert reparse.told()["stories"] == {"unchanged": count}


def start(reparse: Reparse, *wrapped: str) -> subprocess.Popen[str]:
    """The command under way, as an operator starts it."""
    return subprocess.Popen(
        [*wrapped, sys.executable, "-m", "scrapy", "reparse", "--json", "--jobs", "2"],
        cwd=PROJECT,
        env=os.environ | reparse.place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def spoil(reparse: Reparse) -> list[dict[str, Any]]:
    """Let every story have been read wrongly.

    :returns: as they should be
    """
    right = select(reparse.url, STORED)
    execute(
        reparse.url,
        "UPDATE articles SET layout = 'e1', headline = 'Wrong', content_hash = 'wrong'",
    )
    return right


def assert_right(reparse: Reparse, right: list[dict[str, Any]]) -> None:
    """Every story is as it should be, with one more revision, in a whole history."""
    after = select(reparse.url, STORED)
    differ = ("revision", "fetched_at")
    assert [{k: v for k, v in row.items() if k not in differ} for row in after] == [
        {k: v for k, v in row.items() if k not in differ} for row in right
    ]
    assert [row["revision"] for row in after] == [row["revision"] + 1 for row in right]
    texts = Counter(row["article_id"] for row in select(reparse.url, REVISIONS))
    assert texts == {row["id"]: row["revision"] for row in after}


def test_it_works_with_the_network_cut_off(reparse: Reparse) -> None:
    cut_off = ["unshare", "--net", *(["--map-root-user"] if os.geteuid() else [])]
    if subprocess.run([*cut_off, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody cut off its network")
    right = spoil(reparse)
    process = start(reparse, *cut_off)
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    assert json.loads(out)["stories"] == {"revised": len(right)}
    assert_right(reparse, right)


def test_two_at_once_do_it_once(reparse: Reparse) -> None:
    right = spoil(reparse)
    processes = [start(reparse) for _ in range(2)]
    for process in processes:
        _, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
    assert_right(reparse, right)


def test_it_may_be_killed_at_any_time_and_repeated(reparse: Reparse) -> None:
    right = spoil(reparse)
    for _ in range(4):
        process = start(reparse)
        children: list[psutil.Process] = []
        ends = time.monotonic() + random.uniform(0.5, 4)
        while time.monotonic() < ends and process.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                children = psutil.Process(process.pid).children(recursive=True) or children
            time.sleep(0.05)
        process.kill()
        process.communicate()
        _, alive = psutil.wait_procs(children, timeout=20)
        assert alive == []
    reparse()
    assert_right(reparse, right)


def test_whoever_may_only_read_is_told_what_would_change_and_changes_nothing(
    reparse: Reparse,
) -> None:
    right = spoil(reparse)
    name = f"{urlsplit(reparse.url).path[1:]}_crawler"
    execute(reparse.url, f"CREATE ROLE {name} LOGIN PASSWORD 'ferry'")
    try:
        execute(reparse.url, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
        execute(reparse.url, f"GRANT INSERT, UPDATE ON runs TO {name}")
        before = select(reparse.url, STORED)
        owner = reparse.place["DATABASE_URL"]
        reparse.place["DATABASE_URL"] = url_of(reparse.url, name).replace(
            f"{name}@", f"{name}:ferry@"
        )
        told = reparse.told("--dry-run", "--jobs", "2")
        assert told["stories"] == {"revised": len(right)}
        for jobs in ("1", "2"):
            assert "permission denied" in reparse("--jobs", jobs, status=3)
        assert select(owner, STORED) == before
    finally:
        execute(reparse.url, f"DROP OWNED BY {name}")
        execute(reparse.url, f"DROP ROLE {name}")
