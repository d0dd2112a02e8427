"""Roles of least privilege: one that crawls, one that reads."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from heraldcrawl.errors import StoreError, UpkeepError
from heraldcrawl.store.given import connect, split_password
from heraldcrawl.store.queries import load

_QUERIES = load("roles")


def grant(url: str, role: str, kind: Literal["crawler", "reader"]) -> bool:
    """Give a role what its work needs and nothing else, in one transaction.

    :param url: of a migrated database, as its owner
    :returns: whether the role was made; it has no password then
    :raises UpkeepError: it cannot be done, and why
    """
    with connect(url) as connection:
        try:
            return _grant(connection, role, kind)
        except psycopg.Error as error:
            raise UpkeepError(
                f"the role {role} was not changed: {str(error).splitlines()[0]}"
            ) from error


def url_of(url: str, role: str) -> str:
    """Write the URL with which a role connects, without a password.

    >>> url_of("postgresql://kim:secret@db.example/archive", "reading desk")
    'postgresql://reading%20desk@db.example/archive'
    """
    public, _ = split_password(url)
    parts = urlsplit(url)
    if not parts.scheme or "password" in parts.query:
        return make_conninfo(public, user=role)
    return parts._replace(netloc=f"{quote(role)}@{parts.netloc.rpartition('@')[2]}").geturl()


def _grant(connection: psycopg.Connection[tuple[object, ...]], role: str, kind: str) -> bool:
    place = connection.execute(_QUERIES["place"]).fetchone()
    if place is None:
        raise StoreError("the database holds no archive yet; scrapy db migrate makes one")
    database, schema, may_create_roles = place
    is_new = connection.execute(_QUERIES["exists"], {"role": role}).fetchone() == (False,)
    if is_new and not may_create_roles:
        raise UpkeepError(
            f"this user may create no roles; let one who may create {role}, then again"
        )
    if connection.execute(_QUERIES["has_more"], {"role": role}).fetchone() == (True,):
        raise UpkeepError(f"the role {role} owns the archive or rules the server; choose another")
    names = {
        "role": sql.Identifier(role),
        "database": sql.Identifier(str(database)),
        "schema": sql.Identifier(str(schema)),
    }
    for name in [*(["create"] if is_new else []), "revoke_all", kind]:
        connection.execute(sql.SQL(_QUERIES[name]).format(**names))
    return is_new
