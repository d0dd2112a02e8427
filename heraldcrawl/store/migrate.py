"""Carries a database forward to today's schema, one numbered .sql file after the other."""

from __future__ import annotations

from importlib import resources
from typing import LiteralString

import psycopg

from heraldcrawl.errors import StoreError
from heraldcrawl.store.locks import MIGRATION_LOCK

_CREATE = """
CREATE TABLE IF NOT EXISTS migrations (
    version    integer PRIMARY KEY,
    name       text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""


def migrations() -> dict[int, tuple[str, LiteralString]]:
    """Every migration this version knows: number -> name and statements."""
    files = (resources.files(__package__) / "migrations").iterdir()
    known = {}
    for file in sorted(files, key=lambda file: file.name):
        if file.name.endswith(".sql"):
            number, name = file.name.removesuffix(".sql").split("_", 1)
            known[int(number)] = (name, file.read_text(encoding="utf-8"))
    return known


def migrate(url: str, *, to: int | None = None) -> list[str]:
    """Apply what is missing, each migration in one transaction.

    :param url: any libpq URL
    :param to: the last one to apply; None: all
    :returns: the names of the migrations applied, in order
    :raises StoreError: the database is newer than this version, or a migration failed
    """
    known = migrations()
    applied = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        if connection.execute("SELECT to_regclass('migrations')").fetchone() == (None,):
            connection.execute(_CREATE)
        done = {row[0] for row in connection.execute("SELECT version FROM migrations")}
        if newer := done - known.keys():
            raise StoreError(
                f"the database is at version {max(newer)}, newer than the {max(known)} that this"
                " heraldcrawl knows; install the newer heraldcrawl"
            )
        for number in sorted(known.keys() - done):
            if to is not None and number > to:
                break
            name, statements = known[number]
            try:
                with connection.transaction():
                    connection.execute(statements)
                    connection.execute(
                        "INSERT INTO migrations (version, name) VALUES (%s, %s)", [number, name]
                    )
            except psycopg.Error as error:
                raise StoreError(
                    f"migration {number} ({name}) failed and was undone: {error}"
                ) from error
            applied.append(f"{number:04}_{name}")
    return applied
