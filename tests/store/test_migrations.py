"""Older databases come forward with all that is in them; newer ones are left alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from heraldcrawl.errors import StoreError
from heraldcrawl.reading.export import export
from heraldcrawl.reading.formats import JsonLines
from heraldcrawl.reading.search import search, update
from heraldcrawl.reading.selection import Selection
from heraldcrawl.store import migrate
from heraldcrawl.store.migrate import migrations
from tests.stories import command, execute, fill

if TYPE_CHECKING:
    from collections.abc import Callable

VERSIONS = sorted(migrations())
NEWEST = VERSIONS[-1]
REVISITS = 4  # the version that brought them
TABLES = ("articles", "revisions", "listings", "runs")

#: Every thing of a schema and what it is made of.
SCHEMA = """
SELECT 'column', table_name || '.' || column_name,
    concat_ws(' ', data_type, is_nullable, column_default, is_generated)
FROM information_schema.columns WHERE table_schema = current_schema()
UNION ALL
SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()
UNION ALL
SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
UNION ALL
SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = current_schema()
UNION ALL
SELECT 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid)
FROM pg_proc p WHERE pronamespace = current_schema()::regnamespace
UNION ALL
SELECT 'trigger', t.tgrelid::regclass || '.' || tgname, pg_get_triggerdef(t.oid)
FROM pg_trigger t WHERE NOT tgisinternal
ORDER BY 1, 2
"""


def put_stories(url: str) -> None:
    """Stories, revisions and listings, by the columns that every version has."""
    fill(url, 30, characters=200)
    execute(url, "UPDATE articles SET headline = 'Ferry', revision = 2 WHERE id = '7'")
    execute(url, "UPDATE articles SET date_published = now() WHERE id = '7'")
    columns = (
        "headline, authors, date_published, breadcrumbs, section, article_body, images, keywords,"
        " in_language, layout, sources, issues, content_hash, fetched_at"
    )
    for revision, reason in ((1, "first"), (2, "changed")):
        execute(
            url,
            f"INSERT INTO revisions (article_id, revision, reason, {columns})"  # noqa: S608  (ours)
            f" SELECT id, %s, %s, {columns} FROM articles WHERE revision >= %s",
            revision,
            reason,
            revision,
        )
    execute(
        url,
        "INSERT INTO listings (list, article_id, section, pending)"
        " SELECT 'national', id, '{National}', false FROM articles",
    )

    execute(
        url,
        "INSERT INTO runs (spider, finished_at, reason, stats) VALUES"
        " ('kpop', now(), 'finished', '{\"list/new\": 2}'), ('kpop', NULL, NULL, NULL)",
    )


def contents(url: str) -> dict[str, list[dict[str, Any]]]:
    statement = "SELECT to_jsonb(t) FROM {} t ORDER BY t::text"
    return {table: [row for (row,) in execute(url, statement.format(table))] for table in TABLES}


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_an_older_database_comes_forward_with_all_that_is_in_it(
    empty_database_url: Callable[[], str], database_url: str, version: int
) -> None:
    url = empty_database_url()
    migrate(url, to=version)
    put_stories(url)
    before = contents(url)
    assert [name[:4] for name in migrate(url)] == [f"{n:04}" for n in VERSIONS if n > version]
    after = contents(url)
    for table in TABLES:
        assert len(after[table]) == len(before[table]) > 0
        for old, new in zip(before[table], after[table], strict=True):
            assert new == new | old  # later columns may have joined
    assert execute(url, SCHEMA) == execute(database_url, SCHEMA)
    looked_at_again = execute(url, "SELECT article_id, url FROM revisits")
    young = [("7", "https://www.koreaherald.com/article/7")]
    assert looked_at_again == (young if version < REVISITS else [])
    with psycopg.connect(url) as connection:
        file = BytesIO()
        export(connection, JsonLines(file), Selection())
        assert len(file.getvalue().splitlines()) == 30
    with psycopg.connect(url) as connection:
        assert update(connection, seconds=60) == 30
        assert len(search(connection, "ferry", Selection(), limit=99)) == 30


def test_a_migration_that_fails_is_undone_and_says_so(
    empty_database_url: Callable[[], str],
) -> None:
    url = empty_database_url()
    migrate(url, to=1)
    put_stories(url)
    execute(url, "CREATE VIEW duplicates AS SELECT 1 AS x")  # what the last statements make
    before, schema = contents(url), execute(url, SCHEMA)
    with pytest.raises(StoreError, match=r"migration 2 \(reading\) failed and was undone"):
        migrate(url)
    assert contents(url) == before
    assert execute(url, SCHEMA) == schema
    execute(url, "DROP VIEW duplicates")
    assert migrate(url)


def test_several_may_migrate_at_once(empty_database_url: Callable[[], str]) -> None:
    url = empty_database_url()
    with ThreadPoolExecutor(4) as threads:
        applied = list(threads.map(lambda _: migrate(url), range(4)))
    assert sorted(map(len, applied)) == [0, 0, 0, len(VERSIONS)]


def test_a_newer_database_is_refused_and_left_as_it_is(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    execute(database_url, "INSERT INTO migrations (version, name) VALUES (9999, 'later')")
    before = execute(database_url, SCHEMA)
    assert command("db", "migrate", DATABASE_URL=database_url) == 3
    assert capsys.readouterr().err == (
        f"scrapy db: the database is at version 9999, newer than the {NEWEST} that this heraldcrawl"
        " knows; install the newer heraldcrawl\n"
    )
    assert execute(database_url, SCHEMA) == before
