"""SQL as text: every statement has a name and a sentence in one of the .sql files here."""

from __future__ import annotations

import re
from importlib import resources
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def load(file: str) -> dict[str, LiteralString]:
    """The statements of one file by name.

    :param file: the file's name without the suffix
    """
    return parse((resources.files(__name__) / f"{file}.sql").read_text(encoding="utf-8"))


def parse(text: str) -> dict[str, LiteralString]:
    """The statements of a text of ours by name."""
    _, *parts = _NAME.split(text)
    # It is no input: psycopg's types ask to be told.
    return cast("dict[str, LiteralString]", dict(zip(parts[::2], parts[1::2], strict=True)))
