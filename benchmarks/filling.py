"""Archives of any size, made by the server itself."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from heraldcrawl.store import migrate

_FILL = Path(__file__).with_name("fill.sql")


def filled(server: str, stories: int) -> str:
    """Make a database with so many stories and a tenth as many runs.

    :param server: libpq URL of any database of the server
    :returns: that of the new one
    """
    url = urlsplit(server)._replace(path=f"/archive_{stories}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE archive_{stories}".encode())
    migrate(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_FILL.read_text("utf-8").replace(":stories", str(stories)).encode())
        connection.execute("VACUUM ANALYZE")
    return url
