"""What the reading commands have in common: the archive, what to select, how to fail."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import redirect_stdout
from typing import Any, ClassVar, TextIO, cast

import psycopg
from scrapy.commands import ScrapyCommand

from heraldcrawl.environment import check_written
from heraldcrawl.errors import ArchiveError, ArgumentError, HeraldError, UpkeepError
from heraldcrawl.reading.output import STANDARD_OUTPUT, Named

EXIT_STATUS = """\
exit status:
  0  done
  1  {nothing}
  2  wrong usage
  3  the database cannot be used
"""


class ReadingCommand(ScrapyCommand):
    """A command that reads the archive and writes to standard output."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}
    not_written: ClassVar[int] = 1  # exit status: the result could not be written

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter

    @property
    def called(self) -> str:
        """How the command is called."""
        return f"scrapy {type(self).__module__.rpartition('.')[2]}"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            check_written(self.settings)
        except ArgumentError as error:
            self._fail(self.called, error, 2)
            sys.exit(2)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        name = self.called
        try:
            with redirect_stdout(cast("TextIO", Named(sys.stdout, STANDARD_OUTPUT))):
                self.exitcode = self.read(args, opts)
                sys.stdout.flush()
        except BrokenPipeError:  # whoever reads has read enough
            _discard_output()
        except KeyboardInterrupt:
            self.exitcode = 130
        except ArgumentError as error:
            self._fail(name, error, 2)
        except (ArchiveError, UpkeepError) as error:
            self._fail(name, error, 1)
        except HeraldError as error:
            self._fail(name, error, 3)
        except psycopg.Error as error:
            words = str(error).strip().splitlines() or [type(error).__name__]
            self._fail(name, f"the database failed: {words[0]}", 3)
        except OSError as error:
            if error.filename == STANDARD_OUTPUT:
                _discard_output()
            where = f": {error.filename}" if error.filename else ""
            self._fail(name, f"{error.strerror or error}{where}", self.not_written)

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        """Do the command's work and return its exit status."""
        raise NotImplementedError

    def _fail(self, name: str, why: object, status: int) -> None:
        sys.stderr.write(f"{name}: {why}\n")
        self.exitcode = status


def _discard_output() -> None:
    """Let nothing that waits to be printed fail once more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def count(text: str) -> int:
    """Read how many.

    :raises ArgumentTypeError: it is no number above 0
    """
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise argparse.ArgumentTypeError(f"{text} is no number above 0")
    return int(text[:9])
