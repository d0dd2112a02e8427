"""Where an export goes: standard output, or a file that is whole or was not touched."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD_OUTPUT = "standard output"


class Named:
    """A stream that is named by the errors of writing to it, as a file is by those of opening it.

    :param stream: any; what lies below it in ``buffer`` has the same name
    """

    def __init__(self, stream: IO[Any], name: str) -> None:
        self._stream = stream
        self._name = name

    @property
    def buffer(self) -> Named:
        return Named(self._stream.buffer, self._name)  # type: ignore[attr-defined]  # a text stream's

    def write(self, data: Any) -> int:
        with naming(self._name):
            return int(self._stream.write(data))

    def flush(self) -> None:
        with naming(self._name):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Let errors of the system that name no file name this one."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = name
        raise


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
        with naming(str(path)), path.open("wb") as file:
            yield file
        return
    with replaced(path) as file:
        yield file


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Write a file aside, and put it in its place once it is whole and on the disk."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with naming(str(path)), aside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        if error.filename == str(aside):
            error.filename = str(path)  # the name that was given
        raise
    finally:
        aside.unlink(missing_ok=True)
