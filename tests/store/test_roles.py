"""What the crawler and the reader may do, and that they may do no more."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from heraldcrawl.errors import StoreError
from heraldcrawl.store.roles import grant, url_of
from tests.crawling import crawl
from tests.site.sample.warc import write_warc
from tests.stories import command, execute, store, story
from tests.young import make_due, young

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = ("crawler", "reader")


@pytest.fixture
def roles(database_url: str, capsys: pytest.CaptureFixture[str]) -> Iterator[dict[str, str]]:
    """URL of each role in the test's database."""
    names = {kind: f"{urlsplit(database_url).path[1:]}_{kind}" for kind in KINDS}
    options = [part for kind, name in names.items() for part in (f"--{kind}", name)]
    try:
        assert command("db", "grant", *options, DATABASE_URL=database_url) == 0
        assert capsys.readouterr().out.splitlines() == [
            f"{kind:8} {name}: made, without a password; {url_of(database_url, name)}"
            for kind, name in names.items()
        ]
        urls = {}
        for kind, name in names.items():
            alter = sql.SQL("ALTER ROLE {} PASSWORD 'ferry'").format(sql.Identifier(name))
            with psycopg.connect(database_url) as connection:
                connection.execute(alter)
            urls[kind] = url_of(database_url, name).replace(f"{name}@", f"{name}:ferry@")
        yield urls
    finally:
        with psycopg.connect(database_url) as connection:
            for name in names.values():
                for statement in ("DROP OWNED BY {}", "DROP ROLE {}"):
                    connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def test_the_crawler_crawls_searches_and_exports(
    roles: dict[str, str], database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warc = tmp_path / "sample.warc.gz"
    with warc.open("wb") as out:
        write_warc(young(stories=20), out)
    environment = {"REPLAY": str(warc), "DATABASE_URL": roles["crawler"]}
    for _ in range(2):  # the second looks at all of them again, and finds them as they were
        make_due(database_url)
        run = crawl("northkorea", home=tmp_path, environment=environment, settings={"PICTURES": 1})
        assert run.status == 0, run.log
        assert "WARNING" not in run.log
        assert "ERROR" not in run.log
    [(stories, indexed)] = execute(
        database_url, "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM search_texts)"
    )
    assert stories == indexed > 0
    assert execute(database_url, "SELECT DISTINCT state FROM pictures") == [("fetched",)]
    assert command("export", DATABASE_URL=roles["crawler"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == stories


def test_the_reader_exports_searches_and_looks_into_history_and_views(
    roles: dict[str, str], database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(database_url, story(1))
    reader = {"DATABASE_URL": roles["reader"]}
    assert command("export", **reader) == 0
    assert json.loads(capsys.readouterr().out)["id"] == story(1).id
    assert command("history", story(1).id, **reader) == 0
    assert command("search", "ferry", **reader) == 1  # it may not bring the index up to date
    assert "1 stories are not in the index yet" in capsys.readouterr().err
    assert command("search", "--update", DATABASE_URL=roles["crawler"]) == 0
    assert command("search", "ferry", **reader) == 0
    for view in (
        "stories_by_day",
        "wires_by_month",
        "authors",
        "edits",
        "duplicates",
        "duplicate_groups",
        "runs",
    ):
        execute(roles["reader"], f"SELECT count(*) FROM {view}")  # noqa: S608  (a name of ours)


def test_the_reader_sees_dead_letters_and_alarms_and_is_told_at_once_what_it_may_not(
    roles: dict[str, str], database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(database_url, story(1))
    reader = {"DATABASE_URL": roles["reader"]}
    for read in (("ledger", "list"), ("status", "--dead"), ("alarms",), ("reparse", "--dry-run")):
        assert command(*read, **reader) == 0, read
    assert not capsys.readouterr().err
    for write in (
        ("alarms", "--accept", "kpop/layout"),
        ("ledger", "retry", "--all"),
        ("reparse",),
        ("search", "--update"),
    ):
        assert command(*write, **reader) == 3, write
        assert capsys.readouterr().err.endswith(" is read-only\n")


TABLES = """
SELECT c.relname, array_agg(p ORDER BY p) FILTER (WHERE has_table_privilege(%s, c.oid, p))
FROM pg_class c, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
                              'TRIGGER']) p
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'v')
GROUP BY 1 ORDER BY 1
"""


def test_each_role_has_just_these_rights_on_each_table(
    roles: dict[str, str], database_url: str
) -> None:
    name = {kind: urlsplit(url).username for kind, url in roles.items()}
    reads = dict(execute(database_url, TABLES, name["reader"]))
    assert {tuple(rights) for rights in reads.values()} == {("SELECT",)}
    crawls = dict(execute(database_url, TABLES, name["crawler"]))
    odd = {table: r for table, r in crawls.items() if r != ["INSERT", "SELECT", "UPDATE"]}
    assert odd == {
        "archive_files": ["DELETE", "INSERT", "SELECT", "UPDATE"],
        "ledger": ["DELETE", "INSERT", "SELECT", "UPDATE"],
        "revisits": ["DELETE", "INSERT", "SELECT", "UPDATE"],
        "migrations": ["SELECT"],
        "revisions": ["INSERT", "SELECT"],
    }


FORBIDDEN = {
    "crawler": [
        "DELETE FROM articles",
        "DELETE FROM runs",
        "TRUNCATE revisions",
        "UPDATE revisions SET headline = ''",
        "INSERT INTO migrations (version, name) VALUES (99, 'mine')",
    ],
    "reader": [
        "INSERT INTO runs (spider) VALUES ('x')",
        "UPDATE articles SET headline = ''",
        "DELETE FROM ledger",
        "UPDATE changes SET is_indexed = false",
    ],
    "both": [
        "DROP TABLE articles",
        "ALTER TABLE articles ADD COLUMN x int",
        "ALTER TABLE articles DISABLE TRIGGER ALL",
        "CREATE TABLE mine (x int)",
        "ALTER FUNCTION search_query STRICT",
        "CREATE ROLE another",
        "SELECT rolpassword FROM pg_authid",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY articles TO PROGRAM 'cat'",
        "COPY articles TO '/tmp/articles'",
    ],
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_rest_is_forbidden(roles: dict[str, str], database_url: str, kind: str) -> None:
    store(database_url, story(1))
    for statement in [*FORBIDDEN[kind], *FORBIDDEN["both"]]:
        with psycopg.connect(roles[kind]) as connection:
            connection.read_only = False  # whatever the role is set to
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_a_table_of_a_later_migration_is_open_to_both(
    roles: dict[str, str], database_url: str
) -> None:
    execute(database_url, "CREATE TABLE later (x int)")
    execute(roles["crawler"], "INSERT INTO later VALUES (1)")
    assert execute(roles["reader"], "SELECT x FROM later") == [(1,)]


def test_a_grant_may_be_repeated_and_takes_back_what_another_gave(
    roles: dict[str, str], database_url: str
) -> None:
    crawler = urlsplit(roles["crawler"]).username
    assert crawler
    assert grant(database_url, crawler, "reader") is False
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        execute(roles["crawler"], "INSERT INTO runs (spider) VALUES ('x')")
    assert grant(database_url, crawler, "crawler") is False
    execute(roles["crawler"], "INSERT INTO runs (spider) VALUES ('x')")


def test_the_owner_and_a_role_s_bad_name_are_refused(database_url: str) -> None:
    [(owner,)] = execute(database_url, "SELECT current_user")
    with pytest.raises(StoreError, match="owns the archive or rules the server"):
        grant(database_url, owner, "reader")
    with pytest.raises(StoreError, match=re.escape('"pg_mine" is reserved')):
        grant(database_url, "pg_mine", "reader")


def test_a_role_s_name_is_a_name_and_nothing_else(database_url: str) -> None:
    name = f'kim"; DROP TABLE runs; -- {urlsplit(database_url).path}'
    try:
        assert grant(database_url, name[:60], "reader") is True
        assert execute(database_url, "SELECT count(*) FROM runs") == [(0,)]
    finally:
        with psycopg.connect(database_url) as connection:
            for statement in ("DROP OWNED BY {}", "DROP ROLE {}"):
                connection.execute(sql.SQL(statement).format(sql.Identifier(name[:60])))


@pytest.mark.parametrize(
    "arguments",
    [("grant",), ("status", "--reader", "x"), ("grant", "--reader", "x", "--crawler", "x")],
)
def test_wrong_usage_is_status_2(database_url: str, arguments: tuple[str, ...]) -> None:
    assert command("db", *arguments, DATABASE_URL=database_url) == 2
