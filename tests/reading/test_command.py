"""What all reading commands do alike when something fails."""

from __future__ import annotations

import argparse
import errno
from typing import TYPE_CHECKING

import pytest

from heraldcrawl.reading.command import ReadingCommand

if TYPE_CHECKING:
    from collections.abc import Callable


class Failing(ReadingCommand):
    """Does what a test tells it to.

    :param work: which fails
    """

    not_written = 4

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self._work = work

    def short_desc(self) -> str:
        return "Fail"

    def read(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002  (the method's)
        self._work()
        return 0


def fail(error: BaseException) -> Callable[[], object]:
    """Raise it when called."""

    def work() -> None:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left", "stories.svg"), "No space left: stories.svg"),
        (OSError(errno.EAGAIN, "No process left"), "No process left"),
        (OSError("the file system's own words"), "the file system's own words"),
    ],
)
def test_only_what_failed_is_named(
    error: OSError, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Failing(fail(error))
    command.run([], argparse.Namespace())
    assert capsys.readouterr().err == f"scrapy test_command: {said}\n"
    assert command.exitcode == 4
