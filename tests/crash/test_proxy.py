"""The proxy leaves nothing open behind it that another test would be blamed for."""

from __future__ import annotations

import gc

import psycopg
import pytest

from tests.crash.proxy import proxy


def test_connections_that_are_open_at_the_end_are_cut_and_closed(database_url: str) -> None:
    with proxy(database_url) as between:
        connection = psycopg.connect(between.url)
        assert connection.execute("SELECT 1").fetchone() == (1,)
    gc.collect()  # a socket that nobody closed warns here, and a warning fails the test
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
