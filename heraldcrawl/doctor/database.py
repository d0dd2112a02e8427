"""The database: can it be used, is it of this version, may this role do what a crawl does?"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.rows import dict_row

from heraldcrawl.doctor.check import ok, warning, wrong
from heraldcrawl.errors import StoreError
from heraldcrawl.folders import nearest
from heraldcrawl.monitoring.verdict import many
from heraldcrawl.reading.archive import is_made, open_as_it_is
from heraldcrawl.store import migrate
from heraldcrawl.store.choice import given
from heraldcrawl.store.given import check, connect
from heraldcrawl.store.queries import load
from heraldcrawl.store.server import Server
from heraldcrawl.store.status import versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.settings import BaseSettings

    from heraldcrawl.doctor.check import Check

    Connection = psycopg.Connection[tuple[Any, ...]]

_DOCTOR: Final = load("doctor")
_APART: Final = timedelta(seconds=5)


def look_at_database(settings: BaseSettings) -> Iterator[Check]:
    """Look at the database that the settings name; what is tried in it is taken back."""
    home = Path(settings["HERALD_HOME"]).expanduser().absolute()
    try:
        url = given(settings)
        if url:
            check(url)
        elif not is_made(home):
            yield from _trial(home)
            return
        with open_as_it_is(settings) as connection:
            yield from _looks(connection)
    except (StoreError, psycopg.Error) as error:
        words = str(error).strip().splitlines() or [type(error).__name__]
        yield wrong("database", words[0], "mend that, or set DATABASE_URL or HERALD_HOME")


def _trial(home: Path) -> Iterator[Check]:
    """There is none yet: make one as the first crawl will, and remove it."""
    folder = nearest(home)
    try:
        aside = Path(tempfile.mkdtemp(prefix=".doctor-", dir=folder))
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        with Server(aside).use() as url:
            migrate(url)
            with connect(url) as connection:
                for each in _looks(connection):
                    said = f"none yet; tried one: {each.said}" if each.name == "database" else ""
                    yield ok(each.name, said) if said and each.state == "ok" else each
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _looks(connection: Connection) -> Iterator[Check]:
    found = (connection.info.parameter_status("server_version") or "").split(" ")[0]
    encoding = connection.info.parameter_status("server_encoding")
    yield ok("database", f"PostgreSQL {found}, {encoding}")
    schema, pending, is_newer = versions(connection)
    if is_newer:
        yield wrong(
            "migrations", f"version {schema}, newer than known", "install the newer heraldcrawl"
        )
    elif pending:
        yield warning(
            "migrations",
            f"{many(len(pending), 'is', 'are')} pending",
            "scrapy db migrate, or the next crawl, brings it forward; then the doctor again",
        )
    else:
        yield ok("migrations", f"version {schema}")
        yield _rights(connection)
    yield _clock(connection)


def _rights(connection: Connection) -> Check:
    """Do what a crawl does, and take it back."""
    try:
        connection.execute(_DOCTOR["rehearse"])
    except psycopg.Error as error:
        return wrong(
            "rights",
            str(error).splitlines()[0],
            "crawl as the owner, or as a role of scrapy db grant --crawler",
        )
    finally:
        connection.rollback()
    return ok("rights", f"{connection.info.user} may do what a crawl does")


def _clock(connection: Connection) -> Check:
    name = "database clock"
    try:
        cursor = connection.cursor(row_factory=dict_row)
        row = cursor.execute(_DOCTOR["clock"]).fetchone()
    except psycopg.Error as error:
        return wrong(name, str(error).splitlines()[0], "give the server its time zone data")
    finally:
        connection.rollback()
    assert row is not None
    apart = abs(row["now"] - datetime.now(UTC))
    if not row["knows_seoul"]:
        return wrong(name, "Asia/Seoul is not at +09:00", "give the server its time zone data")
    if apart > _APART:
        return warning(name, f"{apart.total_seconds():.0f} s apart", "let NTP set both clocks")
    return ok(name, "as ours, and it knows Asia/Seoul")
