"""Where an export goes: standard output, or a file that is whole or was not touched."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def output(name: str | None) -> Iterator[BinaryIO]:
    """Open it for writing.

    :param name: of a file; None or ``-`` is standard output
    """
    if name in (None, "-"):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    assert name
    path = Path(name).resolve()  # a link stays a link
    if path.exists() and not path.is_file():  # a pipe or a device
        with path.open("wb") as file:
            yield file
        return
    with replaced(path) as file:
        yield file


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Write a file aside, and put it in its place once it is whole and on the disk."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
