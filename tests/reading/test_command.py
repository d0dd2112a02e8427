"""What all reading commands do alike when something fails."""

from __future__ import annotations

import argparse
import errno
from typing import TYPE_CHECKING

import pytest

from heraldcrawl.reading.command import ReadingCommand
from tests.crawling import scrapy

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


@pytest.mark.parametrize("name", ["alarms", "db", "doctor", "ledger", "status"])
def test_a_setting_that_is_written_wrongly_is_one_sentence_for_every_command(name: str) -> None:
    arguments = {"db": ["status"], "ledger": ["list"]}.get(name, [])
    for setting, said in (
        ("LOG_JSON=off", "is neither 1 nor 0"),
        ("DATABASE_SILENCE_SECONDS=long", "is no number from 0 on"),
    ):
        run = scrapy(name, *arguments, "-s", setting, SITE_URL="http://127.0.0.1:9")
        assert (run.returncode, run.stderr) == (2, f"scrapy {name}: {setting} {said}\n")
