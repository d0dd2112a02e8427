"""Databases for the tests: one server for the whole run, a fresh database for each test.

``TEST_DATABASE_URL``, or else ``DATABASE_URL``, names a server to use instead of an embedded one;
its user must be allowed to create databases.
"""

from __future__ import annotations

import gc
import itertools
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from heraldcrawl.browser import find_browser
from heraldcrawl.store import migrate
from heraldcrawl.store.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: What a test leaves behind need not survive a power cut.
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
_numbers = itertools.count(1)


@pytest.fixture(scope="module", autouse=True)
def _everything_is_closed() -> Iterator[None]:
    """What a module's tests leave open is that module's fault, and not that of a later one."""
    yield
    gc.collect()  # warns of it, and a warning fails the test


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a database of the server that all tests and all of xdist's workers share."""
    if given := os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL"):
        yield given
        return
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    with Server(base / "tests", settings=_FAST).use() as url:
        yield url


@pytest.fixture(scope="session")
def template_database(postgres: str) -> Iterator[str]:
    """Name of a migrated database to clone."""
    with _database(postgres) as url:
        migrate(url)
        yield urlsplit(url).path.lstrip("/")


@pytest.fixture
def database_url(postgres: str, template_database: str) -> Iterator[str]:
    """URL of a migrated database of the test's own."""
    with _database(postgres, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(postgres: str, template_database: str) -> Iterator[str]:
    """URL of a migrated database that a module's tests share, for those that only read."""
    with _database(postgres, template_database) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres: str) -> Iterator[Callable[[], str]]:
    """Make databases of the test's own without any table, each call one more."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(_database(postgres))


@pytest.fixture
def clone_database(postgres: str) -> Iterator[Callable[[str], str]]:
    """Make copies of a database to which nobody is connected, each call one more."""
    with ExitStack() as databases:
        yield lambda url: databases.enter_context(
            _database(postgres, urlsplit(url).path.lstrip("/"))
        )


@pytest.fixture(autouse=True)
def _chromium(request: pytest.FixtureRequest) -> None:
    """Tests marked ``browser`` need Chromium; where CI lacks it, that is a failure."""
    if request.node.get_closest_marker("browser") and (missing := _missing_for_browser()):
        reason = f"{missing} is missing; `make test`, as root on Debian, installs it"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@cache
def _missing_for_browser() -> str | None:
    if find_browser("") is None:
        return "Chromium"
    driver = [sys.executable, "-m", "playwright", "--version"]
    works = subprocess.run(driver, capture_output=True, check=False).returncode == 0
    return None if works else "what Playwright's driver needs (libatomic1)"


@contextmanager
def _database(server: str, template: str = "template0") -> Iterator[str]:
    name = f"heraldcrawl_test_{os.getpid()}_{next(_numbers)}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(drop)
