"""``scrapy archive`` as the operator types it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import psycopg
import pytest
from fsspec import register_implementation
from fsspec.implementations.memory import MemoryFileSystem
from moto.server import ThreadedMotoServer
from psycopg.rows import class_row
from s3fs import S3FileSystem

from heraldcrawl.archive.capture import Capture
from heraldcrawl.archive.shelf import Shelf
from heraldcrawl.archive.transfer import transfer
from heraldcrawl.errors import ArchiveError
from tests.archive.archives import assert_readable, assert_rows_match, warc_files
from tests.archive.files import record, warc_gz
from tests.crash.harness import Crash, where
from tests.crawling import PROJECT, crawl, select
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site
from tests.stories import command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BYTES = 1 << 23
NORTH_KOREA = ("National", "North Korea")
#: Kills of a command; more of them to be surer.
KILLS = max(3, int(os.environ.get("CRASH_ROUNDS", "12")) // 3)


@pytest.fixture(scope="module")
def crawled(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What crawls of the same pages have left: six files, revisits among them, a dead letter."""
    folder = tmp_path_factory.mktemp("crawled")
    with serve(Site(stories=40)) as site:
        gone, *_ = site.site.numbers(NORTH_KOREA)
        site.site.faults[gone] = Fault("410")
        environment = where(site, module_database_url)
        for _ in range(3):
            crawl("northkorea", home=folder, environment=environment)
            urls = select(module_database_url, "SELECT url FROM articles ORDER BY id LIMIT 3")
            again = " ".join(row["url"] for row in urls)
            crawl("article", f"url={again}", home=folder, environment=environment)
    return module_database_url, folder


@pytest.fixture
def database_url(crawled: tuple[str, Path], clone_database: Callable[[str], str]) -> str:
    """A database of the test's own that knows what was crawled."""
    return clone_database(crawled[0])


@pytest.fixture
def home(crawled: tuple[str, Path], tmp_path: Path) -> Path:
    """The archive of the crawls, the test's own."""
    return shutil.copytree(crawled[1], tmp_path / "home")


class Archive(Protocol):
    """Runs ``scrapy archive``."""

    def __call__(self, *arguments: str, status: int = 0, **settings: Any) -> str:
        """Tell what it prints, to standard error as well where it fails."""


@pytest.fixture
def archive(database_url: str, home: Path, capsys: pytest.CaptureFixture[str]) -> Archive:
    def run(*arguments: str, status: int = 0, **settings: Any) -> str:
        place = {"DATABASE_URL": database_url, "HERALD_HOME": str(home)}
        capsys.readouterr()
        exit_status = command("archive", *arguments, **(place | settings))
        out, error = capsys.readouterr()
        assert exit_status == status, out + error
        return out if status == 0 else out + error

    return run


def pages(url: str, home: Path) -> dict[str, Any]:
    """Every capture's address, time, status and page, read by its row; revisits have one, too."""
    found = {}
    shelf = Shelf(home)
    with psycopg.connect(url) as connection:
        with connection.cursor(row_factory=class_row(Capture)) as cursor:
            rows = cursor.execute(
                "SELECT file, record_offset, record_length, url, article_id, captured_at,"
                " record_type, status, payload_digest, refers_to_at FROM captures"
            ).fetchall()
        for row in rows:
            page = shelf.read(connection, row, MAX_BYTES)
            assert page is not None, row
            assert (page.url, page.captured_at) == (row.url, row.captured_at)
            key = f"{row.url} {row.captured_at}"
            found[key] = (page.status, page.content(MAX_BYTES))
    return found


def test_status_tells_what_there_is(archive: Archive, database_url: str, home: Path) -> None:
    [status] = json.loads(archive("status", "--json"))["years"]
    files = warc_files(home)
    assert status["files"] == len(files) == 6
    assert status["bytes"] == sum(file.stat().st_size for file in files)
    assert status["captures"] == len(select(database_url, "SELECT * FROM captures"))
    assert status["open"] == 0
    assert str(home / "archive") in archive("status")


def test_verify_finds_what_is_damaged_missing_or_unknown(
    archive: Archive, database_url: str, home: Path
) -> None:
    assert "6 whole" in archive("verify")
    whole = warc_files(home)
    damaged, missing, shortened, unknown, *_ = whole
    data = bytearray(damaged.read_bytes())
    [row] = select(
        database_url,
        "SELECT * FROM captures WHERE record_type = 'response' AND article_id IS NOT NULL"  # noqa: S608  (a name)
        f" AND file LIKE '%{damaged.name}' ORDER BY record_offset LIMIT 1",
    )
    middle = row["record_offset"] + row["record_length"] // 2
    data[middle : middle + 4] = b"\0\0\0\0"
    damaged.write_bytes(data)
    missing.unlink()
    shortened.write_bytes(shortened.read_bytes()[:-600])
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM captures WHERE file LIKE %s", [f"%{unknown.name}"])
    lines = archive("verify", "--json", status=1).splitlines()
    reports = {Path(r["name"]).name: r for r in map(json.loads, lines)}
    faults = {name: set(report["faults"]) for name, report in reports.items()}
    assert {"damaged", "row without record"} <= faults[damaged.name]
    assert faults[missing.name] == {"file missing"}
    assert {"ends in the middle of a record"} <= faults[shortened.name]
    assert faults[unknown.name] == {"record without row"}
    assert [report["state"] for report in reports.values()].count("whole") == 2
    one = archive("verify", f"{missing.parent.name}/{missing.name}", status=1)
    assert "1 files: 1 faulty" in one


def test_verify_finds_a_page_that_is_not_the_one_of_its_digest(
    archive: Archive, home: Path
) -> None:
    first = warc_files(home)[0]
    forged = warc_gz(
        [record(b"forged", WARC_Payload_Digest="sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")]
    )
    first.write_bytes(first.read_bytes() + forged)
    said = archive("verify", status=1)
    assert "1 × payload digest differs" in said
    assert "1 × record without row" in said


def test_index_makes_all_rows_anew_when_the_database_is_lost(
    archive: Archive, database_url: str
) -> None:
    columns = (
        "file, record_offset, record_length, url, article_id, captured_at, record_type, status,"
        " payload_digest, refers_to_at"
    )
    statement = f"SELECT {columns} FROM captures ORDER BY 1, 2"  # noqa: S608  (ours)
    before = select(database_url, statement)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("TRUNCATE captures, archive_files CASCADE")
    assert "6 files without row" in archive("status")
    archive("index")
    assert select(database_url, statement) == before
    assert archive("index") == ""
    archive("verify")


def test_index_takes_no_other_file_than_the_archive_s(
    archive: Archive, database_url: str, home: Path
) -> None:
    year = home / "archive" / "2026"
    year.mkdir(exist_ok=True)
    (year / "mine.warc.gz").write_bytes(warc_gz([record()]))
    (year / "20260101T000000Z-1-0001.warc.gz").symlink_to("/dev/null")
    before = select(database_url, "SELECT count(*) FROM captures")
    archive("index")
    assert select(database_url, "SELECT count(*) FROM captures") == before


def test_pack_makes_one_file_of_many_and_every_page_is_where_its_row_says(
    archive: Archive, database_url: str, home: Path
) -> None:
    before = pages(database_url, home)
    size = sum(file.stat().st_size for file in warc_files(home))
    [letter] = select(database_url, "SELECT article_id, page FROM ledger WHERE state = 'dead'")
    said = archive("pack")
    assert "of 6 files" in said
    [file] = warc_files(home)
    assert size < file.stat().st_size < size + 2000
    assert pages(database_url, home) == before
    assert_readable(file)
    assert_rows_match(database_url, home)
    archive("verify")
    [moved] = select(database_url, "SELECT article_id, page FROM ledger WHERE state = 'dead'")
    assert moved["page"] != letter["page"]
    name, _, offset = moved["page"].partition(":")
    [row] = select(database_url, f"SELECT * FROM captures WHERE record_offset = {offset}")  # noqa: S608  (a number)
    assert (row["file"], row["article_id"], row["status"]) == (name, letter["article_id"], 410)
    assert archive("pack") == ""


def test_pack_keeps_to_the_size_of_a_file_and_leaves_a_damaged_one_alone(
    archive: Archive, home: Path
) -> None:
    first, second, *_ = warc_files(home)
    limit = first.stat().st_size + second.stat().st_size + 100
    archive("pack", ARCHIVE_FILE_BYTES=limit)
    files = warc_files(home)
    assert 1 < len(files) < 6
    assert all(file.stat().st_size <= limit + 1000 for file in files)
    archive("verify")
    smallest = min(files, key=lambda file: file.stat().st_size)
    data = bytearray(smallest.read_bytes())
    data[len(data) // 2] ^= 0xFF
    smallest.write_bytes(data)
    assert "is damaged" in archive("pack", status=1)
    assert smallest.read_bytes() == data


def kill_until_done(url: str, home: Path, *arguments: str) -> int:
    """Kill the command again and again, each time a little later, until it ends by itself.

    :returns: how often it was killed
    """
    chance = random.Random(3)
    command_line = [sys.executable, "-m", "scrapy", "archive", *arguments]
    variables = os.environ | {"DATABASE_URL": url, "HERALD_HOME": str(home)}
    at_work = home / "archive" / ".lock"
    kills = 0
    for number in range(KILLS):
        at_work.unlink(missing_ok=True)
        with subprocess.Popen(
            command_line, env=variables, cwd=PROJECT, stdout=subprocess.DEVNULL
        ) as process:
            while not at_work.exists() and process.poll() is None:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.1 * number))
            process.send_signal(signal.SIGKILL)
        kills += process.returncode == -signal.SIGKILL
        if process.returncode == 0:
            break
    return kills


@pytest.mark.timeout(120 + 60 * KILLS)
def test_pack_may_be_killed_at_any_instant_and_repeated(
    archive: Archive, database_url: str, home: Path
) -> None:
    before = pages(database_url, home)
    assert kill_until_done(database_url, home, "pack") > 0
    archive("pack")
    [file] = warc_files(home)
    assert [*file.parent.iterdir()] == [file]
    assert pages(database_url, home) == before
    assert len(select(database_url, "SELECT * FROM archive_files")) == 1
    archive("verify")


@pytest.mark.parametrize("stop_before", ["finish_pack", "forget_file", "begin_pack"])
def test_pack_takes_up_what_an_interrupted_one_has_left(
    archive: Archive, database_url: str, home: Path, stop_before: str
) -> None:
    """The database refuses one statement of it, as if it had been killed just then."""
    before = pages(database_url, home)
    guarded = {
        "begin_pack": "BEFORE INSERT",
        "finish_pack": "BEFORE UPDATE OF finished_at",
        "forget_file": "BEFORE DELETE",
    }
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'not now'; END $$"
        )
        trigger = (
            f"CREATE TRIGGER t {guarded[stop_before]} ON archive_files EXECUTE FUNCTION refuse()"
        )
        connection.execute(trigger.encode())
    archive("pack", status=3)
    assert pages(database_url, home) == before
    archive("verify")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP TRIGGER t ON archive_files")
    archive("pack")
    [file] = warc_files(home)
    assert [*file.parent.iterdir()] == [file]
    assert pages(database_url, home) == before
    archive("verify")


def test_files_are_copied_once_and_read_from_the_copy_when_they_are_lost(
    archive: Archive, database_url: str, home: Path, tmp_path: Path
) -> None:
    before = pages(database_url, home)
    copy = tmp_path / "copy"
    assert len(archive("copy", str(copy)).splitlines()) == 6
    assert archive("copy", str(copy)) == ""
    for file in warc_files(home):
        assert (copy / file.parent.name / file.name).read_bytes() == file.read_bytes()
    shutil.rmtree(home / "archive")
    assert pages(database_url, home) == before
    archive("verify")


def test_files_are_moved_away_and_home_again(
    archive: Archive, database_url: str, home: Path, tmp_path: Path
) -> None:
    before = pages(database_url, home)
    away = tmp_path / "away"
    archive("--days", "1", "move", str(away))
    assert not away.exists()
    archive("move", f"file://{away}")
    assert warc_files(home) == []
    assert str(away) in archive("status")
    assert pages(database_url, home) == before
    assert "6 whole" in archive("verify")
    archive("move", str(home / "archive"))
    assert len(warc_files(home)) == 6
    assert [path for path in away.rglob("*") if path.is_file()] == []
    assert pages(database_url, home) == before


@pytest.mark.timeout(120 + 60 * KILLS)
def test_a_move_may_be_killed_at_any_instant_and_repeated(
    archive: Archive, database_url: str, home: Path, tmp_path: Path
) -> None:
    before = pages(database_url, home)
    away = tmp_path / "away"
    assert kill_until_done(database_url, home, "move", str(away)) > 0
    archive("move", str(away))
    assert warc_files(home) == []
    assert pages(database_url, home) == before
    archive("verify")


class Lossy(MemoryFileSystem):  # type: ignore[misc]  # fsspec has no types
    """A file system that loses the end of what is written to it."""

    protocol = "lossy"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return "/" + path.removeprefix("lossy://").lstrip("/")

    def open(self, path: str, mode: str = "rb", **how: Any) -> Any:
        if mode == "rb" and (whole := self.cat_file(path)):
            return BytesIO(whole[:-1])
        return super().open(path, mode, **how)


def test_a_file_that_did_not_arrive_whole_is_not_deleted(database_url: str, home: Path) -> None:
    register_implementation("lossy", Lossy, clobber=True)
    before = pages(database_url, home)
    with (
        psycopg.connect(database_url) as connection,
        pytest.raises(ArchiveError, match="did not arrive whole"),
    ):
        [*transfer(connection, Shelf(home), "lossy://away", delete=True)]
    assert len(warc_files(home)) == 6
    assert pages(database_url, home) == before
    assert select(database_url, "SELECT * FROM archive_files WHERE location IS NOT NULL") == []


# Somewhere else -----------------------------------------------------------------------------------


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedMotoServer]:
    """A server of S3 on this machine with a bucket ``press``; the environment leads there."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "kim")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ferry")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        S3FileSystem.clear_instance_cache()
        S3FileSystem().makedirs("press", exist_ok=True)
        yield server
    finally:
        S3FileSystem.clear_instance_cache()
        server.stop()


@pytest.mark.usefixtures("s3")
def test_the_archive_is_moved_to_s3_and_read_from_there(
    archive: Archive, database_url: str, home: Path
) -> None:
    before = pages(database_url, home)
    moved = archive("move", "s3://press/herald/")
    assert moved.splitlines()[0].startswith("s3://press/herald/2026/")
    assert warc_files(home) == []
    assert "s3://press/herald" in archive("status")
    assert pages(database_url, home) == before
    assert "6 whole" in archive("verify")
    assert archive("move", "s3://press/herald") == ""
    archive("move", str(home / "archive"))
    assert pages(database_url, home) == before
    there = S3FileSystem().find("press")
    assert there == []


def test_what_is_wrong_elsewhere_is_one_sentence(
    archive: Archive, home: Path, s3: ThreadedMotoServer
) -> None:
    for destination, why in [
        ("s3://nowhere/herald", "there is no nowhere"),
        ("s3://kim:ferry@press/herald", "tells a password"),
        ("gopher://press/herald", "gopher:// cannot be used here"),
        (str(home / "archive"), "is the archive's own folder"),
    ]:
        said = archive("copy", destination, status=1)
        assert len(said.splitlines()) == 1
        assert why in said
    assert len(warc_files(home)) == 6
    archive("move", "s3://press/herald")
    s3.stop()
    assert "6 faulty" in archive("verify", status=1)


# Otherwise ----------------------------------------------------------------------------------------


def test_what_a_crawl_is_writing_is_left_to_it(
    archive: Archive, database_url: str, home: Path
) -> None:
    with serve(Site(stories=500, keep_pages=True), delay_seconds=1) as site:
        running = Crash("national", home=home, environment=where(site, database_url))
        while len(warc_files(home)) < 7 and running.is_running():
            time.sleep(0.05)
        assert "1 open" in archive("verify")
        archive("pack")
        assert len(warc_files(home)) == 2
        assert running.end(signal.SIGTERM) == 6, running.log
    archive("verify")
    assert_rows_match(database_url, home)


def test_two_do_not_put_it_in_order_at_once(archive: Archive, home: Path) -> None:
    with Shelf(home).locked():
        said = archive("pack", status=1)
    assert "another scrapy archive is at work here" in said


def test_wrong_usage_is_status_2_and_no_database_status_3(archive: Archive) -> None:
    for arguments in (["move"], ["copy", "a", "b"], ["status", "x"], ["bury"], []):
        archive(*arguments, status=2)
    nowhere = "postgresql://kim@127.0.0.1:1/archive"
    assert len(archive("status", status=3, DATABASE_URL=nowhere).splitlines()) == 1
    said = archive("verify", "../../etc/passwd", status=1)
    assert "is no file of the page archive" in said
