"""A database that somebody gave us is usable, or the reason why not is one sentence."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from heraldcrawl.errors import StoreError
from heraldcrawl.store.given import check, inspect
from heraldcrawl.store.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECRET = "h4ngul"  # noqa: S105  (the one that must not be told)


@pytest.fixture
def guest(postgres: str) -> Iterator[str]:
    """Name of a role that may do nothing but connect."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE ROLE herald_guest LOGIN")
        yield "herald_guest"
        connection.execute("DROP ROLE herald_guest")


def as_user(url: str, name: str) -> str:
    return f"{url}&user={name}" if "?" in url else f"{url}?user={name}"


def refusal(url: str) -> str:
    with pytest.raises(StoreError) as refused:
        check(url)
    words = str(refused.value)
    assert "\n" not in words
    assert SECRET not in words
    return words


def test_a_migrated_and_an_empty_database_will_do(
    database_url: str, empty_database_url: Callable[[], str]
) -> None:
    check(database_url)
    check(empty_database_url())


def test_the_version_and_the_size_are_told(database_url: str) -> None:
    version, size_bytes = inspect(database_url)
    assert version.split(".")[0].isdigit()
    assert size_bytes > 1_000_000


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://kim:{SECRET}@db.example:port/archive",
        f"postgresql://kim:{SECRET}/more@db.example/archive",
        f"postgresql://kim:more@{SECRET}@db.example/archive",
        f"postgresql://kim:{SECRET}%zz@db.example/archive",
        f"mysql://kim:{SECRET}@db.example/archive",
        "not a URL",
    ],
)
def test_a_malformed_url_is_not_quoted(url: str) -> None:
    assert "DATABASE_URL is no PostgreSQL URL" in refusal(url)


def test_a_server_out_of_reach() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        words = refusal(f"postgresql://kim:{SECRET}@127.0.0.1:{port}/archive")
    assert words == f"the database archive at 127.0.0.1:{port} cannot be used: Connection refused"


def test_an_unknown_database(postgres: str) -> None:
    url = urlsplit(postgres)._replace(path="/nothing").geturl()
    assert refusal(url).endswith('cannot be used: database "nothing" does not exist')


def test_an_unknown_user(postgres: str) -> None:
    assert "herald_nobody" in refusal(as_user(postgres, "herald_nobody"))


def test_a_wrong_password(tmp_path: Path) -> None:
    with Server(tmp_path, settings={"fsync": "off"}).use() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE ROLE kim LOGIN PASSWORD 'another'")
            (tmp_path / "postgres/data/pg_hba.conf").write_text("local all all scram-sha-256\n")
            connection.execute("SELECT pg_reload_conf()")
            while connection.execute("SELECT count(*) FROM pg_hba_file_rules").fetchone() != (1,):
                pass
        words = refusal(f"{url}&user=kim&password={SECRET}")
    assert words.endswith('cannot be used: password authentication failed for user "kim"')


def test_no_right_to_create_tables(empty_database_url: Callable[[], str], guest: str) -> None:
    assert "lets this user create no tables" in refusal(as_user(empty_database_url(), guest))


def test_who_may_create_nothing_may_use_what_is_there(database_url: str, guest: str) -> None:
    check(as_user(database_url, guest))


def test_a_read_only_database(empty_database_url: Callable[[], str]) -> None:
    url = empty_database_url()
    name = sql.Identifier(urlsplit(url).path.lstrip("/"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name)
        )
    assert refusal(url).endswith("is read-only")


def test_a_database_that_cannot_hold_hangul(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE herald_latin TEMPLATE template0 ENCODING 'LATIN1'"
            " LOCALE_PROVIDER libc LOCALE 'C'"
        )
        try:
            url = urlsplit(postgres)._replace(path="/herald_latin").geturl()
            assert "is encoded in LATIN1" in refusal(url)
        finally:
            connection.execute("DROP DATABASE herald_latin WITH (FORCE)")
