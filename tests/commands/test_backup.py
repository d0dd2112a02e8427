"""``scrapy db backup`` and ``scrapy db restore``: what comes back is what was there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from heraldcrawl.store.migrate import migrate, migrations
from heraldcrawl.store.server import Server
from tests.crawling import PROJECT, crawl, scrapy
from tests.store.test_migrations import SCHEMA
from tests.stories import execute, fill, store, story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"


def schema(url: str) -> list[str]:
    """What everything is made of; a condition that was read back has other parentheses."""
    return [str(row).replace("(", "").replace(")", "") for row in execute(url, SCHEMA)]


def contents(url: str) -> dict[str, list[str]]:
    """Every row of every table, and where the sequences stand."""
    tables = [name for (name,) in execute(url, TABLES)]
    rows = {
        table: [row for (row,) in execute(url, f"SELECT t::text FROM {table} t ORDER BY 1")]  # noqa: S608  (the catalogue's)
        for table in tables
    }
    return rows | {"sequences": [str(row) for row in execute(url, SEQUENCES)]}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    warc = tmp_path_factory.mktemp("sample") / "sample.warc.gz"
    command = [sys.executable, "-m", "tests.site.sample", "warc", str(warc)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    return warc


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two of them, whose servers are stopped in the end."""
    both = tmp_path / "old", tmp_path / "new"
    yield both
    for home in both:
        Server(home).stop()


def test_a_crawled_archive_comes_back_in_a_new_home(homes: tuple[Path, Path], sample: Path) -> None:
    old, new = homes
    crawled = crawl("northkorea", home=old, environment={"REPLAY": str(sample)})
    assert crawled.status == 0, crawled.log
    made = scrapy("db", "backup", HERALD_HOME=str(old))
    assert made.returncode == 0, made.stderr
    [file] = (old / "backups").iterdir()
    assert made.stdout == f"{file}  {file.stat().st_size / 1e6:.1f} MB\n"

    restored = scrapy("db", "restore", str(file), HERALD_HOME=str(new))
    assert (restored.returncode, restored.stdout, restored.stderr) == (0, "", "")
    with Server(old).use() as before, Server(new).use() as after:
        assert len(contents(before)["articles"]) > 20
        assert contents(after) == contents(before)
        assert schema(after) == schema(before)

    again = crawl("northkorea", home=new, environment={"REPLAY": str(sample)})
    assert again.status == 0, again.log
    assert "0 new, 0 changed" in again.log
    assert "nothing was left to fetch" in again.log


def test_a_backup_is_taken_while_a_crawl_works_and_comes_back_as_of_then(
    database_url: str, empty_database_url: Callable[[], str], tmp_path: Path
) -> None:
    fill(database_url, 50, characters=200)
    before = contents(database_url)
    file = tmp_path / "archive.dump"
    assert scrapy("db", "backup", str(file), DATABASE_URL=database_url).returncode == 0
    store(database_url, story(1))
    target = empty_database_url()
    assert scrapy("db", "restore", str(file), DATABASE_URL=target).returncode == 0
    assert contents(target) == before
    store(target, story(1))  # and it can be written to


def test_standard_output_will_do(
    database_url: str, empty_database_url: Callable[[], str], tmp_path: Path
) -> None:
    fill(database_url, 3, characters=200)
    environment = os.environ | {"DATABASE_URL": database_url}
    with (tmp_path / "piped").open("wb") as out:
        command = [sys.executable, "-m", "scrapy", "db", "backup", "-"]
        subprocess.run(command, cwd=PROJECT, env=environment, stdout=out, check=True)
    target = empty_database_url()
    assert scrapy("db", "restore", str(tmp_path / "piped"), DATABASE_URL=target).returncode == 0
    assert contents(target) == contents(database_url)


def test_an_older_backup_comes_forward(
    empty_database_url: Callable[[], str], database_url: str, tmp_path: Path
) -> None:
    old = empty_database_url()
    migrate(old, to=1)
    fill(old, 30, characters=200)
    file = str(tmp_path / "old.dump")
    assert scrapy("db", "backup", file, DATABASE_URL=old).returncode == 0
    target = empty_database_url()
    restored = scrapy("db", "restore", file, DATABASE_URL=target)
    names = [f"{number:04}_{name}" for number, (name, _) in migrations().items() if number > 1]
    assert restored.stdout.split() == names
    assert schema(target) == schema(database_url)
    assert len(contents(target)["articles"]) == 30


def test_what_is_there_is_replaced_only_when_told(
    database_url: str, empty_database_url: Callable[[], str], tmp_path: Path
) -> None:
    older = empty_database_url()
    migrate(older, to=1)
    fill(older, 7, characters=200)
    file = str(tmp_path / "old.dump")
    assert scrapy("db", "backup", file, DATABASE_URL=older).returncode == 0
    store(database_url, story(1), story(2))
    before = contents(database_url)
    refused = scrapy("db", "restore", file, DATABASE_URL=database_url)
    assert refused.returncode == 1
    assert refused.stderr.startswith("scrapy db: the database is not empty; name another")
    assert contents(database_url) == before
    # Tables of a later version stand on those of the backup, and must not be in the way.
    told = scrapy("db", "restore", file, "--replace", DATABASE_URL=database_url)
    assert told.returncode == 0, told.stderr
    assert len(contents(database_url)["articles"]) == 7
    fresh = empty_database_url()
    migrate(fresh)
    assert schema(database_url) == schema(fresh)


def test_a_damaged_backup_changes_nothing(
    database_url: str, empty_database_url: Callable[[], str], tmp_path: Path
) -> None:
    fill(database_url, 500)
    whole = tmp_path / "whole.dump"
    assert scrapy("db", "backup", str(whole), DATABASE_URL=database_url).returncode == 0
    before = contents(database_url)
    cut = tmp_path / "cut.dump"
    target = empty_database_url()
    for part, words in ((2, "cannot be read to its end: "), (4, "is no backup: ")):
        cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // part])
        for options, url in (((), target), (("--replace",), database_url)):
            refused = scrapy("db", "restore", str(cut), *options, DATABASE_URL=url)
            assert refused.returncode == 1
            assert refused.stderr.startswith(f"scrapy db: {cut} {words}")
            assert len(refused.stderr.splitlines()) == 1
    assert execute(target, TABLES) == []
    assert contents(database_url) == before


def test_a_restore_that_is_killed_has_changed_nothing(
    database_url: str, empty_database_url: Callable[[], str], tmp_path: Path
) -> None:
    fill(database_url, 20_000)
    file = tmp_path / "whole.dump"
    assert scrapy("db", "backup", str(file), DATABASE_URL=database_url).returncode == 0
    target = empty_database_url()
    at_work = f"{OTHERS} AND query LIKE 'COPY%'"
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "db", "restore", str(file)],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": target},
    )
    deadline = time.monotonic() + 120
    while execute(target, at_work) == [(0,)]:
        assert process.poll() is None, "it was over before it could be killed"
        assert time.monotonic() < deadline
    process.send_signal(signal.SIGKILL)
    process.wait()
    while execute(target, OTHERS) != [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert execute(target, TABLES) == []
    assert scrapy("db", "restore", str(file), DATABASE_URL=target).returncode == 0
    assert len(contents(target)["articles"]) == 20_000


def test_a_crawl_at_work_is_not_pulled_from_under(database_url: str, tmp_path: Path) -> None:
    fill(database_url, 3, characters=200)
    file = str(tmp_path / "archive.dump")
    assert scrapy("db", "backup", file, DATABASE_URL=database_url).returncode == 0
    hold = "SELECT pg_advisory_lock_shared(4853002, 1), pg_backend_pid()"
    with psycopg.connect(database_url) as crawl_at_work:
        crawl_at_work.execute(hold)
        refused = scrapy("db", "restore", file, "--replace", DATABASE_URL=database_url)
    assert refused.returncode == 1
    assert refused.stderr == "scrapy db: a crawl uses the database; stop all crawls first\n"


def test_what_is_no_backup_is_one_sentence(
    tmp_path: Path, empty_database_url: Callable[[], str], database_url: str
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("no backup")
    url = empty_database_url()
    for arguments, status, words in (
        (["restore", str(tmp_path / "x")], 1, f"No such file or directory: {tmp_path / 'x'}\n"),
        (["restore", str(other)], 1, f"{other} is no backup: "),
        (
            ["backup", str(tmp_path / "x")],
            3,
            "the database holds no archive yet; scrapy crawl makes one",
        ),
        (
            ["backup", str(tmp_path / "no" / "x")],
            1,
            f"No such file or directory: {tmp_path / 'no' / 'x'}\n",
        ),
    ):
        seen = scrapy("db", *arguments, DATABASE_URL=url)
        assert seen.returncode == status
        assert seen.stderr.startswith(f"scrapy db: {words}"), seen.stderr
        assert len(seen.stderr.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == [other]
    execute(url, "CREATE TABLE pets (name text)")
    execute(url, "INSERT INTO pets VALUES ('Rex')")
    foreign = tmp_path / "pets"
    assert scrapy("db", "backup", str(foreign), DATABASE_URL=url).returncode == 0
    seen = scrapy("db", "restore", str(foreign), "--replace", DATABASE_URL=database_url)
    assert (seen.returncode, seen.stderr) == (
        1,
        f"scrapy db: {foreign} is a backup of another database, not of an archive\n",
    )


@pytest.mark.parametrize("arguments", [["restore"], ["restore", "a", "b"], ["backup", "a", "b"]])
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    assert scrapy("db", *arguments).returncode == 2
