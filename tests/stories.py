"""Stories of an archive to read from: invented, of every kind, without a crawl."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.types.json import Jsonb
from scrapy.exceptions import UsageError
from scrapy.utils.project import get_project_settings

from heraldcrawl.items import Article, Author, Image
from heraldcrawl.store import Store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from heraldcrawl.store import Outcome

FETCHED = datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC)


def run(url: str, *works: Callable[[Store], Awaitable[Any]]) -> list[Any]:
    """Each piece of work with one store of its own, one after the other."""

    async def all_of_them() -> list[Any]:
        results = []
        for work in works:
            store = Store(url, patience_seconds=5)
            await store.open("northkorea", {})
            try:
                results.append(await work(store))
            finally:
                await store.close("finished", {})
        return results

    return asyncio.run(all_of_them())


def story(number: int, **changes: Any) -> Article:
    """One story a day from 1 March 2026."""
    day = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=number)
    id_ = f"{day:%Y%m%d}{number:06}"
    text = changes.get("article_body", f"The ferry to island {number} sails again.\n\nTwice a day.")
    made = Article(
        id=id_,
        url=f"https://www.koreaherald.com/view.php?ud={id_}",
        headline=f"[Photo News] Ferry {number} sails",
        alternative_headline=None,
        authors=[Author("Kang Do-yun", "kdy@example.com"), Author("Seo Ha-rin")],
        source_organization="Yonhap",
        date_published=f"{day:%Y-%m-%d}T09:30:00+09:00",
        breadcrumbs=["National", "North Korea"],
        section="North Korea",
        description="Islanders, “at last”",
        article_body=text,
        images=[Image("https://res.heraldm.com/a.jpg", "The ferry", "Yonhap")],
        keywords=["Photo News"],
        layout="e4",
        sources={"headline": "json-ld", "article_body": "css"},
        content_hash=f"hash-of-the-text-{number}",
        fetched_at=FETCHED + timedelta(minutes=number),
    )
    return replace(made, **changes)


def store(url: str, *stories: Article) -> dict[str, Outcome]:
    """Store a batch as a crawl does."""

    async def work() -> dict[str, Outcome]:
        archive = Store(url, patience_seconds=5)
        await archive.open("northkorea", {})
        try:
            return await archive.store(stories)
        finally:
            await archive.close("finished", {})

    return asyncio.run(work())


def execute(url: str, statement: str, *parameters: Any) -> list[Any]:
    """Any statement; its rows, if it has some."""
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []


def settle(url: str) -> None:
    """Wait until nothing is under way, in whatever database of the server, from before its changes.

    Until then a delta tells them again.
    """
    settled = "SELECT pg_snapshot_xmin(pg_current_snapshot()) > max(changed_in) FROM changes"
    while not execute(url, settled)[0][0]:
        time.sleep(0.02)


def fill(url: str, count: int, *, characters: int = 5000) -> None:
    """Many long stories at once."""
    execute(
        url,
        """
        INSERT INTO articles (id, url, headline, authors, date_published, breadcrumbs, section,
            article_body, images, keywords, in_language, layout, sources, issues, content_hash,
            revision, first_seen_at, fetched_at, last_seen_at)
        SELECT n::text, 'https://www.koreaherald.com/article/' || n, 'Ferry ' || n, '[]',
            '2026-03-01T00:00+09'::timestamptz + n * interval '1 minute', '{National}', 'National',
            repeat(md5(n::text) || ' ', %s / 33), %s, '{}', 'en', 'e4', '{}', '{}',
            md5(n::text), 1, now(), now(), now()
        FROM generate_series(1, %s) n
        """,
        characters,
        Jsonb([]),
        count,
    )


def command(name: str, *arguments: str, **settings: str) -> int:
    """``scrapy NAME …`` in this process, which is quicker; its exit status."""
    made = import_module(f"heraldcrawl.commands.{name}").Command()
    made.settings = get_project_settings()
    made.settings.setdict({"DATABASE_URL": "", **settings}, priority="cmdline")
    parser = argparse.ArgumentParser(f"scrapy {name}")
    made.add_options(parser)
    try:
        opts, rest = parser.parse_known_args(list(arguments))
        made.run(rest, opts)
    except UsageError as error:
        parser.print_usage(sys.stderr)
        sys.stderr.write(f"{error}\n")
        return 2
    except SystemExit as end:
        return int(end.code or 0)
    return int(made.exitcode)
