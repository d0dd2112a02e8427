"""A database that somebody gave us: can the archive live in it?"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from heraldcrawl.errors import StoreError
from heraldcrawl.store.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUERIES = load("server")

OLDEST = 15  # the PostgreSQL that our statements need


def check(url: str) -> None:
    """Find out whether the archive can live there.

    :raises StoreError: it cannot, and why; the password is never told
    """
    where = _where(url)
    with connect(url) as connection:
        row = connection.execute(_QUERIES["suitability"]).fetchone()
        assert row is not None
        version, encoding, is_read_only, may_create = row
    if version < OLDEST:
        raise StoreError(f"{where} is PostgreSQL {version}; {OLDEST} or newer is needed")
    if encoding != "UTF8":
        raise StoreError(f"{where} is encoded in {encoding}; make one with ENCODING 'UTF8'")
    if is_read_only:
        raise StoreError(f"{where} is read-only")
    if not may_create:
        raise StoreError(
            f"{where} lets this user create no tables;"
            " its owner can allow that with GRANT CREATE ON SCHEMA public TO the user"
        )


def inspect(url: str) -> tuple[str, int]:
    """Ask for the server's version, such as 18.4, and the database's size in bytes.

    :raises StoreError: it cannot be reached
    """
    with connect(url) as connection:
        row = connection.execute(_QUERIES["size"]).fetchone()
        assert row is not None
        return (connection.info.parameter_status("server_version") or "").split(" ")[0], row[0]


def split_password(url: str) -> tuple[str, str]:
    """Separate a URL from its password, for where others can read.

    >>> split_password("postgresql://kim:secret@db.example/archive")
    ('user=kim dbname=archive host=db.example', 'secret')

    :raises StoreError: it is no URL
    """
    parts = _parse(url)
    password = parts.pop("password", "")
    return make_conninfo("", **parts), password


@contextmanager
def connect(url: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    where = _where(url)
    try:
        connection = psycopg.connect(url, connect_timeout=10)
    except psycopg.Error as error:
        # The server's own words where it has any, else the first reason why it was not reached.
        lines = str(error).strip().splitlines()
        words = next((line for line in lines if "FATAL:" in line), lines[0]).strip()
        words = words.rpartition("FATAL:")[2].rpartition("failed:")[2].strip()
        raise StoreError(f"{where} cannot be used: {words}") from error
    with connection:
        yield connection


def _where(url: str) -> str:
    """How to speak of the database without its password.

    >>> _where("postgresql://kim:secret@db.example:5433/archive")
    'the database archive at db.example:5433'
    """
    parts = _parse(url)
    database = parts.get("dbname") or parts.get("user") or "of this user"
    host = parts.get("host") or parts.get("hostaddr") or "this machine"
    return f"the database {database} at {host}:{parts.get('port') or 5432}"


def _parse(url: str) -> dict[str, str]:
    """Take a URL apart.

    libpq takes what follows an unescaped @ or / of a password for the host, the port or the
    database, all of which its messages quote; so do ours. Such a URL is refused without a quote.

    >>> _parse("postgresql://kim:pass/word@db.example/archive")
    Traceback (most recent call last):
    heraldcrawl.errors.StoreError: DATABASE_URL is no PostgreSQL URL (postgresql://user:...
    """
    _, separator, rest = url.partition("?")[0].partition("://")
    server, _, path = rest.partition("/")
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.Error:
        parts = {"port": "unreadable"}
    is_odd = separator and (server.count("@") > 1 or "@" in path)
    if is_odd or not re.fullmatch(r"[\d,]*", parts.get("port", "")):
        raise StoreError(
            "DATABASE_URL is no PostgreSQL URL (postgresql://user:password@host:port/database);"
            " special characters of a password must be written as %XX"
        )
    return parts
