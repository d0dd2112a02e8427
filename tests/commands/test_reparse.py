"""``scrapy reparse`` over our own page archive."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.crash.harness import where
from tests.crawling import crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site
from tests.stories import command, execute

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
        self.url, self.home, self._site_url, self._capsys = url, home, site_url, capsys

    def __call__(self, *arguments: str, status: int = 0) -> str:
        """What it prints, to standard error as well."""
        self._capsys.readouterr()
        place = {
            "DATABASE_URL": self.url,
            "HERALD_HOME": str(self.home),
            "SITE_URL": self._site_url,
        }
        ended = command("reparse", *arguments, **place)
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
