"""The archive as readers open it: they need no more than the right to read."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

from heraldcrawl.errors import StoreError
from heraldcrawl.store import migrate
from heraldcrawl.store.choice import given
from heraldcrawl.store.given import check, connect
from heraldcrawl.store.link import sever
from heraldcrawl.store.migrate import migrations
from heraldcrawl.store.queries import load
from heraldcrawl.store.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from scrapy.settings import BaseSettings

    Connection = psycopg.Connection[tuple[Any, ...]]

_QUERIES = load("reading")
_RUNS = load("runs")
_STATEMENTS = 4  # so many that take as long as one may


@contextmanager
def open_archive(settings: BaseSettings, *, writes: bool = False) -> Iterator[Connection]:
    """Connect to the database that the settings name; an embedded one is started if need be.

    :param writes: reading is not enough
    :raises StoreError: there is none, it is of another version, or may not be written
    """
    with archive_url(settings) as url, connect(url) as connection:
        check_version(connection)
        if writes:
            check(url)
        yield connection


@contextmanager
def archive_url(settings: BaseSettings) -> Iterator[str]:
    """The URL of the database that the settings name; it may still be of another version.

    :raises StoreError: there is none
    """
    url = given(settings)
    with nullcontext(url) if url else _embedded(Path(settings["HERALD_HOME"])) as found:
        yield found


@contextmanager
def open_as_it_is(settings: BaseSettings, *, starts: bool = True) -> Iterator[Connection]:
    """Connect to the database whatever its version is; nothing is made or migrated.

    :param starts: start an embedded server that does not run
    :raises StoreError: there is none, and why
    """
    url = given(settings)
    if url:
        with connect(url) as connection:
            yield connection
        return
    home = Path(settings["HERALD_HOME"])
    server = _existing(home)
    if not starts and not server.status().running:
        raise StoreError(f"the embedded database server in {home} does not run")
    with server.use() if starts else nullcontext(server.url) as ours, connect(ours) as connection:
        yield connection


@contextmanager
def limited(connection: Connection, seconds: float) -> Iterator[None]:
    """Let no statement take longer than that, and all of them no longer than four times as long.

    The first is the server's to end; the second is for a network that swallows its answers.
    """
    timer = Timer(seconds * _STATEMENTS, sever, [connection])
    timer.start()
    try:
        connection.execute(_RUNS["set_timeouts"], {"timeout": f"{int(seconds * 1000)}ms"})
        connection.commit()
        yield
    finally:
        timer.cancel()


def is_made(home: Path) -> bool:
    """Whether there is an embedded database in HERALD_HOME, running or not.

    :raises StoreError: this user may not look
    """
    try:
        return (home.expanduser() / "postgres" / "data").exists()
    except OSError as error:
        raise StoreError(f"{error.filename} cannot be entered: {error.strerror}") from error


def check_version(connection: Connection) -> None:
    """Find out whether the tables are this version's.

    :raises StoreError: they are older or newer
    """
    newest = max(migrations())
    found = 0
    if connection.execute(_QUERIES["has_archive"]).fetchone() == (True,):
        [found] = connection.execute(_QUERIES["version"]).fetchone() or (0,)
    connection.rollback()
    if not found:
        raise StoreError("the database holds no archive yet; scrapy crawl makes one")
    if found < newest:
        raise StoreError(
            f"the database is at version {found}, older than this heraldcrawl's {newest};"
            " scrapy db migrate brings it forward"
        )
    if found > newest:
        raise StoreError(
            f"the database is at version {found}, newer than the {newest} that this heraldcrawl"
            " knows; install the newer heraldcrawl"
        )


@contextmanager
def _embedded(home: Path) -> Iterator[str]:
    with _existing(home).use() as url:
        migrate(url)
        yield url


def _existing(home: Path) -> Server:
    if not is_made(home):
        raise StoreError(f"there is no archive in {home} yet; scrapy crawl makes one")
    return Server(home)
