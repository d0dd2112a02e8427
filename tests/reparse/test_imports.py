"""Stories out of other people's archives: what is taken, what is passed over, where it goes."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import os
import random
import re
import resource
import subprocess
import sys
import zipfile
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from heraldcrawl.errors import ArchiveError
from heraldcrawl.reparse.foreign import Foreign
from tests.archive.archives import assert_readable, assert_rows_match, warc_files
from tests.archive.files import record, warc_gz
from tests.crawling import PROJECT, select
from tests.site.sample.site import Site
from tests.stories import command, execute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

SITE = Site(stories=12, era="e3")
ROOT = "https://www.koreaherald.com"
HTML = [("Content-Type", "text/html; charset=utf-8")]
REVISIONS = "SELECT * FROM revisions ORDER BY article_id, revision"


def page(n: int, headline: str | None = None) -> bytes:
    """A story's page; with another headline, if one is given."""
    text = SITE.get(SITE.story_address(n)).text
    if headline is not None:
        text = text.replace(SITE.story(n).headline, headline)
        assert headline in text
    return text.encode()


def warc(*captures: tuple[str, str, bytes] | tuple[str, str, bytes, dict[str, Any]]) -> bytes:
    """A file as warcio writes it: address, time and body of each response, and what is special."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    out_info = writer.create_warcinfo_record("other.warc.gz", {"software": "another crawler"})
    writer.write_record(out_info)
    for url, at, body, *rest in captures:
        special: dict[str, Any] = rest[0] if rest else {}
        headers = StatusAndHeaders(
            special.get("status", "200 OK"), special.get("headers", HTML), protocol="HTTP/1.1"
        )
        made = writer.create_warc_record(
            url,
            special.get("kind", "response"),
            payload=BytesIO(body),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": at},
        )
        writer.write_record(made)
        made.raw_stream.close()  # warcio had put the payload there
    return out.getvalue()


def address(n: int, host: str = "www.koreaherald.com", scheme: str = "https") -> str:
    return f"{scheme}://{host}{SITE.story_address(n)}"


class Import:
    """Runs the command on files of the test's own, and an empty archive at first."""

    def __init__(self, url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.url, self.folder, self.home, self._capsys = url, folder, folder / "home", capsys
        self.error = ""

    def file(self, content: bytes, name: str = "other.warc.gz") -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def __call__(self, *arguments: str, status: int = 0) -> dict[str, Any]:
        """What it tells scripts."""
        self._capsys.readouterr()
        place = {"DATABASE_URL": self.url, "HERALD_HOME": str(self.home)}
        ended = command("reparse", "--json", *arguments, **place)
        out, self.error = self._capsys.readouterr()
        assert ended == status, out + self.error
        told: dict[str, Any] = json.loads(out) if out else {}
        return told

    def revisions(self, n: int) -> list[tuple[int, str, str, str]]:
        """Of a story: number, headline, reason and when it was captured."""
        return [
            (row["revision"], row["headline"], row["reason"], f"{row['fetched_at']:%Y-%m-%d}")
            for row in select(self.url, REVISIONS)
            if row["article_id"] == SITE.story_id(n)
        ]


@pytest.fixture
def take(database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Import:
    return Import(database_url, tmp_path, capsys)


def test_the_herald_s_stories_are_picked_out_of_a_file_of_anything(take: Import) -> None:
    file = take.file(
        warc(
            (address(1), "2022-01-01T00:00:00Z", page(1)),
            ("https://news.example/article/10000001", "2022-01-01T00:00:01Z", page(1)),
            (address(2, "khnews.kheraldm.com", "http"), "2022-01-02T00:00:00Z", page(2)),
            (address(2), "2022-01-03T00:00:00Z", b"gone", {"status": "404 Not Found"}),
            (
                address(3),
                "2022-01-03T00:00:00Z",
                b"%PDF",
                {"headers": [("Content-Type", "application/pdf")]},
            ),
            (address(4), "2022-01-03T00:00:00Z", b"GET /", {"kind": "request"}),
            (f"{ROOT}/list.php?ct=020101000000", "2022-01-03T00:00:00Z", page(3)),
            (address(5), "2022-01-03T00:00:00Z", b"{}", {"kind": "metadata"}),
            (address(6), "2022-01-03T00:00:00Z", b"<html><p>Under construction</html>"),
        )
    )
    dry = take("--dry-run", file)
    assert select(take.url, "SELECT * FROM articles") == []
    assert not take.home.exists()
    told = take(file)
    assert told["records"] == {
        "copied": 3, "other_site": 1, "other_address": 1, "status/404": 1, "not_html": 1,
        "type/warcinfo": 1, "type/request": 1, "type/metadata": 1,
    }  # fmt: skip
    assert dry["records"].pop("found") == 3
    assert dry["records"] == {k: n for k, n in told["records"].items() if k != "copied"}
    assert told["stories"] == dry["stories"] == {"recovered": 2, "no_story": 1}
    stored = select(take.url, "SELECT * FROM articles ORDER BY id")
    assert {row["id"] for row in stored} == {SITE.story_id(1), SITE.story_id(2)}
    for n, day in ((1, "2022-01-01"), (2, "2022-01-02")):
        [row] = [row for row in stored if row["id"] == SITE.story_id(n)]
        assert row["headline"] == SITE.truth(n)["headline"]
        assert row["article_body"] == SITE.truth(n)["article_body"]
        for name in ("fetched_at", "first_seen_at", "last_seen_at"):
            assert f"{row[name]:%Y-%m-%d}" == day
    assert_readable(*warc_files(take.home))
    assert_rows_match(take.url, take.home)
    # From now on our own archive has all of it.
    (take.folder / "other.warc.gz").unlink()
    assert take()["stories"] == {"unchanged": 2, "no_story": 1}


def test_the_same_file_adds_nothing_the_second_time(take: Import) -> None:
    file = take.file(
        warc(
            (address(1), "2022-01-01T00:00:00Z", page(1)),
            (address(1), "2022-02-01T00:00:00Z", page(1, "Another headline")),
            (address(2), "2022-01-01T00:00:00Z", b"<html><p>Under construction</html>"),
        )
    )
    take(file)
    tables = ("articles", "revisions", "captures", "changes", "archive_files")
    before = {table: select(take.url, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}  # noqa: S608  (ours)
    assert len(before["captures"]) == 3
    told = take(file)
    assert told["records"] == {"known": 3, "type/warcinfo": 1}
    assert told["stories"] == {"unchanged": 1, "no_story": 1}
    for table in tables:
        assert select(take.url, f"SELECT * FROM {table} ORDER BY 1, 2") == before[table]  # noqa: S608  (ours)
    assert len(warc_files(take.home)) == 1


def test_captures_become_revisions_in_the_order_of_time(take: Import) -> None:
    first = take.file(
        warc(
            (address(1), "2022-03-01T00:00:00Z", page(1, "Third")),
            (address(1), "2022-03-02T00:00:00Z", page(1, "Third")),
        ),
        "1.warc.gz",
    )
    second = take.file(
        warc(
            (address(1), "2022-04-01T00:00:00Z", page(1, "Fourth")),
            (address(1, "m.koreaherald.com"), "2022-01-01T00:00:00Z", page(1, "First")),
            (address(1), "2022-02-01T00:00:00Z", page(1, "Second")),
            (address(1), "2022-02-10T00:00:00Z", page(1, "Second")),
            (address(1), "2022-02-20T00:00:00Z", page(1, "Third")),
        ),
        "2.warc.gz",
    )
    take(first)
    assert take.revisions(1) == [(1, "Third", "first", "2022-03-01")]
    take(second)
    assert take.revisions(1) == [
        (1, "First", "first", "2022-01-01"),
        (2, "Second", "changed", "2022-02-01"),
        (3, "Third", "changed", "2022-02-20"),
        (4, "Fourth", "changed", "2022-04-01"),
    ]
    [row] = select(take.url, "SELECT * FROM articles")
    assert (row["headline"], row["revision"]) == ("Fourth", 4)
    times = [f"{row[name]:%m-%d}" for name in ("first_seen_at", "fetched_at", "last_seen_at")]
    assert times == ["01-01", "04-01", "04-01"]
    stored = select(take.url, REVISIONS)
    assert take(first, second)["stories"] == {"unchanged": 2}  # told file by file
    assert select(take.url, REVISIONS) == stored
    assert take()["stories"] == {"unchanged": 1}


def test_older_texts_go_before_what_is_stored_which_stays_the_current_one(take: Import) -> None:
    take(take.file(warc((address(1), "2023-01-01T00:00:00Z", page(1)))))
    execute(take.url, "UPDATE articles SET gone_at = '2023-06-01'")
    before = select(take.url, "SELECT * FROM articles")[0]
    told = take(
        take.file(
            warc(
                (address(1), "2021-01-01T00:00:00Z", page(1, "Older")),
                (address(1), "2022-01-01T00:00:00Z", page(1, "Old")),
            ),
            "older.warc.gz",
        )
    )
    assert told["stories"] == {"merged": 1}
    after = select(take.url, "SELECT * FROM articles")[0]
    assert {name for name in after if after[name] != before[name]} == {"revision", "first_seen_at"}
    assert [headline for _, headline, *_ in take.revisions(1)] == [
        "Older", "Old", before["headline"],
    ]  # fmt: skip
    assert [reason for *_, reason, _ in take.revisions(1)] == ["first", "changed", "changed"]


@pytest.mark.parametrize("is_revisit", [False, True])
def test_a_text_between_two_sights_of_another_one_ends_the_first(
    take: Import, is_revisit: bool
) -> None:
    again = (address(1), "2022-05-01T00:00:00Z", page(1, "First"))
    first = (address(1), "2022-01-01T00:00:00Z", page(1, "First"))
    take(take.file(warc(first, again), "1.warc.gz"))
    if is_revisit:  # our own looks at a page that had not changed are kept like this
        execute(
            take.url,
            "UPDATE captures SET record_type = 'revisit', refers_to_at = '2022-01-01T00:00:00Z'"
            " WHERE captured_at = '2022-05-01T00:00:00Z'",
        )
    assert take.revisions(1) == [(1, "First", "first", "2022-01-01")]
    between = take.file(warc((address(1), "2022-03-01T00:00:00Z", page(1, "Second"))), "2.warc.gz")
    dry = take("--dry-run", between)
    assert take(between)["stories"] == dry["stories"] == {"merged": 1}
    assert take.revisions(1) == [
        (1, "First", "first", "2022-01-01"),
        (2, "Second", "changed", "2022-03-01"),
        (3, "First", "changed", "2022-05-01"),
    ]
    [row] = select(take.url, "SELECT headline, revision, last_seen_at FROM articles")
    assert (row["headline"], row["revision"], f"{row['last_seen_at']:%m}") == ("First", 3, "05")
    assert take(between)["stories"] == {"unchanged": 1}


def test_it_does_without_a_page_of_ours_where_the_story_was_seen_again(take: Import) -> None:
    first = (address(1), "2022-01-01T00:00:00Z", page(1, "First"))
    take(take.file(warc(first), "1.warc.gz"))
    # As a crawl without page archive leaves it that has found the text unchanged.
    execute(take.url, "DELETE FROM captures")
    execute(take.url, "UPDATE articles SET last_seen_at = '2022-05-01T00:00:00Z'")
    between = take.file(
        warc(
            (address(1), "2022-02-01T00:00:00Z", page(1, "Second")),
            (address(1), "2022-03-01T00:00:00Z", page(1, "Third")),
        ),
        "2.warc.gz",
    )
    dry = take("--dry-run", between)
    assert take(between)["stories"] == dry["stories"] == {"merged": 1}
    assert take.revisions(1) == [
        (1, "First", "first", "2022-01-01"),
        (2, "Second", "changed", "2022-02-01"),
        (3, "Third", "changed", "2022-03-01"),
        (4, "First", "changed", "2022-05-01"),
    ]
    [row] = select(take.url, "SELECT headline, revision, last_seen_at FROM articles")
    assert (row["headline"], row["revision"], f"{row['last_seen_at']:%m}") == ("First", 4, "05")
    assert take(between)["stories"] == {"unchanged": 1}


def test_so_does_a_text_under_the_story_s_other_id(take: Import) -> None:
    number = f"{ROOT}/article/10999999"
    take(
        take.file(
            warc(
                (address(1), "2022-01-01T00:00:00Z", page(1)),
                (number, "2022-02-01T00:00:00Z", page(1)),
                (address(1), "2022-05-01T00:00:00Z", page(1)),
            ),
            "1.warc.gz",
        )
    )
    take(take.file(warc((number, "2022-03-01T00:00:00Z", page(1, "Second"))), "2.warc.gz"))
    assert [text for _, text, *_ in take.revisions(1)][1:] == ["Second", SITE.truth(1)["headline"]]


def test_where_our_file_is_missing_the_import_goes_on_and_says_so(take: Import) -> None:
    take(
        take.file(
            warc(
                (address(1), "2022-01-01T00:00:00Z", page(1)),
                (address(1), "2022-05-01T00:00:00Z", page(1)),
            ),
        )
    )
    [file] = warc_files(take.home)
    file.unlink()
    between = warc((address(1), "2022-03-01T00:00:00Z", page(1, "Second")))
    told = take(take.file(between, "2.warc.gz"), status=1)
    assert told["stories"] == {"merged": 1, "unavailable": 1}
    assert file.name in take.error
    assert len(take.revisions(1)) == 3


def test_a_revisit_shows_that_a_text_was_still_there(take: Import) -> None:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    headers = StatusAndHeaders("200 OK", HTML, protocol="HTTP/1.1")
    response = writer.create_warc_record(
        address(1), "response", BytesIO(page(1)), http_headers=headers,
        warc_headers_dict={"WARC-Date": "2022-01-01T00:00:00Z"},
    )  # fmt: skip
    again, lost = (
        writer.create_revisit_record(
            address(n),
            response.rec_headers["WARC-Payload-Digest"] or "sha1:AAAA",
            address(n),
            "2022-01-01T00:00:00Z",
            http_headers=headers,
            warc_headers_dict={"WARC-Date": "2022-05-01T00:00:00Z"},
        )
        for n in (1, 2)
    )
    for each in (again, lost, response):  # the revisit comes before what it refers to
        writer.write_record(each)
        each.raw_stream.close()
    told = take(take.file(out.getvalue()))
    assert told["records"] == {"copied": 2, "revisit_without_payload": 1}
    [row] = select(take.url, "SELECT * FROM articles")
    assert f"{row['fetched_at']:%Y-%m-%d} {row['last_seen_at']:%Y-%m-%d}" == "2022-01-01 2022-05-01"
    assert_readable(*warc_files(take.home))
    assert_rows_match(take.url, take.home)
    assert take()["stories"] == {"unchanged": 1}


def zipped(members: Iterable[tuple[str, bytes]], how: int = zipfile.ZIP_STORED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def test_a_browser_s_export_is_read_without_unpacking_it(take: Import) -> None:
    at = "2022-01-01T00:00:00Z"
    file = take.file(
        zipped(
            [
                ("archive/data.warc.gz", warc((address(1), at, page(1)))),
                ("archive/more.warc", gzip.decompress(warc((address(2), at, page(2))))),
                ("../../outside.warc.gz", warc((address(3), at, page(3)))),
                ("/root.warc.gz", warc((address(3), at, page(3)))),
                ("C:\\windows.warc.gz", warc((address(3), at, page(3)))),
                ("indexes/index.cdx.gz", b"\x1f\x8bnonsense"),
                ("datapackage.json", b"{}"),
            ],
            zipfile.ZIP_DEFLATED,
        ),
        "export.wacz",
    )
    before = set(take.folder.rglob("*"))
    told = take(file)
    assert told["stories"] == {"recovered": 2}
    assert told["records"] == {"copied": 2, "odd_name": 3, "type/warcinfo": 2}
    made = {path.name for path in set(take.folder.rglob("*")) - before}
    assert not any("outside" in name or "windows" in name for name in made)


def test_what_is_broken_or_hostile_is_passed_over_and_counted(take: Import) -> None:
    at = "2022-01-01T00:00:00Z"
    whole = warc((address(1), at, page(1)), (address(2), at, page(2)))
    bomb = gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\n" + bytes(1 << 27))
    brotli_bomb = record(
        gzip.compress(bytes(1 << 26)),
        url=address(3),
        http="HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n",
    )
    absurd = record(b"x", url=address(4), length="9" * 17)
    file = take.file(
        whole[: len(whole) // 3]  # breaks off in the middle of a record
        + bomb
        + warc_gz([brotli_bomb, absurd])
        + warc((address(5), at, page(5)))
        + warc((address(6), at, page(6)))[:-200],
    )
    told = take(file)
    assert told["stories"] == {"recovered": 1, "no_story": 1}
    assert told["reasons"] == {"no_story/too_large": 1}
    assert told["records"]["copied"] == 2
    assert told["records"]["damaged"] >= 1
    assert told["records"]["truncated"] == 1
    assert [row["id"] for row in select(take.url, "SELECT id FROM articles")] == [SITE.story_id(5)]


def test_a_file_that_cannot_be_read_is_told_and_the_others_are(take: Import) -> None:
    nonsense = take.file(b"\x00\x01nonsense" * 1000, "nonsense.warc")
    half = take.file(zipped([("archive/a.warc", warc())])[:-30], "half.wacz")
    fine = take.file(warc((address(1), "2022-01-01T00:00:00Z", page(1))), "fine.warc.gz")
    told = take(nonsense, half, fine, status=1)
    assert told["stories"] == {"recovered": 1}
    assert told["records"]["unreadable_files"] == 2
    assert "nonsense.warc is neither a WARC nor a WACZ file" in take.error
    assert "half.wacz is a damaged WACZ file" in take.error


def test_wrong_arguments_are_refused_before_anything_is_done(take: Import) -> None:
    file = take.file(warc())
    for wrong in (
        ["no-such-file.warc.gz"],
        [file, "--section", "northkorea"],
        [file, SITE.story_id(1)],
        [SITE.story_id(1), "--layout", "e3"],
        ["--failed", "--since", "2026-01-01"],
        ["--missing", "fetched_at"],
        ["--jobs", "0"],
    ):
        assert take(*wrong, status=2) == {}, wrong
    assert select(take.url, "SELECT * FROM runs") == []


def test_a_capture_of_a_story_s_other_id_is_of_that_story(take: Import) -> None:
    """Headline, minute and text are the same, so the number is the other id of the ud."""
    number = f"{ROOT}/article/10999999"
    take(take.file(warc((address(1), "2022-01-01T00:00:00Z", page(1)))))
    by_number = take.file(warc((number, "2021-06-01T00:00:00Z", page(1))), "number.warc.gz")
    told = take(by_number)
    [row] = select(take.url, "SELECT * FROM articles")
    assert row["id"] == SITE.story_id(1)
    assert f"{row['first_seen_at']:%Y-%m-%d}" == "2021-06-01"
    assert row["revision"] == 1
    [alias] = select(take.url, "SELECT alias, article_id FROM aliases")
    assert alias == {"alias": "10999999", "article_id": SITE.story_id(1)}
    assert told["stories"] == {"merged": 1}
    assert take(by_number)["stories"] == {"unchanged": 1}
    assert select(take.url, "SELECT * FROM articles") == [row]


def test_addresses_of_any_file_system_and_globs_are_read(take: Import) -> None:
    for n in (1, 2):
        content = warc((address(n), "2022-01-01T00:00:00Z", page(n)))
        with fsspec.open(f"memory://elsewhere/{n}.warc.gz", "wb") as file:
            file.write(content)
        take.file(content, f"glob-{n}.warc.gz")
    assert take("memory://elsewhere/*.warc.gz")["stories"] == {"recovered": 2}
    assert take(str(take.folder / "glob-*.warc.gz"))["records"]["known"] == 2


def test_what_a_list_has_told_serves_the_capture_as_well(take: Import) -> None:
    execute(
        take.url,
        "INSERT INTO ledger (article_id, url) VALUES (%s, %s)", SITE.story_id(1), address(1),
    )  # fmt: skip
    execute(
        take.url,
        "INSERT INTO listings (list, article_id, section, pending) VALUES"
        " ('northkorea', %s, '{National,North Korea}', true)",
        SITE.story_id(1),
    )
    take(take.file(warc((address(1), "2022-01-01T00:00:00Z", page(1)))))
    assert select(take.url, "SELECT * FROM ledger") == []
    [row] = select(take.url, "SELECT pending FROM listings")
    assert row == {"pending": False}
    [row] = select(take.url, "SELECT breadcrumbs[1] AS top FROM articles")
    assert row["top"] == "National"


def test_a_capture_of_no_possible_time_is_none(take: Import) -> None:
    file = warc(
        (address(1), "2099-01-01T00:00:00Z", page(1)),
        (address(2), "0007-01-01T00:00:00Z", page(2)),
        (f"{address(3)}&q=여객선", "2022-01-01T00:00:00Z", page(3)),
    )
    told = take(take.file(file + warc_gz([record(page(4), url=address(4), date="yesterday")])))
    assert told["records"] == {"copied": 1, "no_time": 3, "type/warcinfo": 1}
    assert_rows_match(take.url, take.home)


ARTICLES = "SELECT * FROM articles ORDER BY id"


@pytest.mark.parametrize("how", ["killed", "two at once"])
def test_an_import_may_be_killed_repeated_and_done_twice_at_once(
    take: Import, clone_database: Callable[[str], str], how: str
) -> None:
    other = clone_database(take.url)
    site = Site(stories=90, era="e3")
    captures = []
    for number, day in itertools.product(range(1, 91), (3, 1, 2)):
        text = site.get(site.story_address(number)).text
        edited = text.replace(site.story(number).headline, f"As of day {day // 2}")
        url = f"{ROOT}{site.story_address(number)}"
        captures.append((url, f"2022-01-0{day}T00:00:00Z", edited.encode()))
    file = take.file(warc(*captures))

    def start(home: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", "reparse", file],
            cwd=PROJECT,
            env=os.environ | {"DATABASE_URL": take.url, "HERALD_HOME": str(home)},
        )

    if how == "killed":
        for _ in range(4):
            process = start(take.home)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(random.uniform(1, 3))
            process.kill()
            process.wait()
    else:
        processes = [start(take.home) for _ in range(2)]
        assert [process.wait(120) for process in processes] == [0, 0]
    take(file)
    assert set(take(file)["stories"]) == {"unchanged"}
    done = [select(take.url, query) for query in (ARTICLES, REVISIONS)]
    take.url, take.home = other, take.folder / "elsewhere"
    take(file)
    assert done == [select(other, query) for query in (ARTICLES, REVISIONS)]
    assert len(done[0]) == 90
    assert len(done[1]) > 150  # where the page swallows its headline, the text stays the same


def test_what_was_archived_and_not_stored_is_stored_by_the_next_import(
    take: Import, clone_database: Callable[[str], str]
) -> None:
    """A kill came between, and the page archive was put in order since."""
    take(
        take.file(
            warc(
                (address(1), "2022-01-01T00:00:00Z", page(1, "First")),
                (address(1), "2022-01-03T00:00:00Z", page(1, "Third")),
            )
        )
    )
    late = take.file(warc((address(1), "2022-01-02T00:00:00Z", page(1, "Second"))), "late.warc.gz")
    url, take.url = take.url, clone_database(take.url)
    take(late)  # what it commits is not of the database that is looked at
    take.url = url
    assert command("archive", "index", DATABASE_URL=url, HERALD_HOME=str(take.home)) == 0
    assert_rows_match(url, take.home)
    assert [headline for _, headline, *_ in take.revisions(1)] == ["First", "Third"]
    assert take("--dry-run", late)["stories"] == {"merged": 1}
    told = take(late)
    assert told["records"] == {"known": 1, "type/warcinfo": 1}
    assert told["stories"] == {"merged": 1}
    stored = select(url, REVISIONS)
    assert take.revisions(1) == [
        (1, "First", "first", "2022-01-01"),
        (2, "Second", "changed", "2022-01-02"),
        (3, "Third", "changed", "2022-01-03"),
    ]
    assert len(warc_files(take.home)) == 2
    assert take(late)["stories"] == {"unchanged": 1}
    assert select(url, REVISIONS) == stored


def test_an_archive_that_cannot_be_written_is_named_and_has_a_status_of_its_own(
    take: Import,
) -> None:
    file = take.file(warc((address(1), "2022-01-01T00:00:00Z", page(1))))
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most[1]))  # no more fits on this disk
    try:
        take(file, status=4)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    said = rf"scrapy reparse: File too large: {take.home}/archive/\d{{4}}/\S+\.warc\.gz\n"
    assert re.fullmatch(said, take.error)
    assert select(take.url, "SELECT * FROM articles") == []
    [run] = select(take.url, "SELECT reason FROM runs")
    assert run["reason"] == "shutdown"
    assert take(file)["stories"] == {"recovered": 1}


WACZ = zipped([("archive/data.warc.gz", warc((address(1), "2022-01-01T00:00:00Z", page(1))))])


@given(st.data())
def test_no_damage_to_a_file_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    damaged = bytearray(WACZ)
    for _ in range(data.draw(st.integers(1, 8))):
        # Mostly in the zip file's own fields, which are at both ends.
        place = data.draw(st.integers(-120, 60) | st.integers(0, len(damaged) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.getbasetemp() / "damaged.wacz"
    file.write_bytes(damaged[: data.draw(st.integers(0, len(damaged)) | st.just(len(damaged)))])
    with contextlib.suppress(ArchiveError):
        for found in Foreign(str(file), 1 << 20, Counter()).pages():
            assert found.url
