"""``scrapy schedule``: a job for Scrapyd, unless its spider is at work already."""

from __future__ import annotations

import argparse
import fcntl
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.utils.conf import arglist_to_dict

from heraldcrawl.commands.crawl import check
from heraldcrawl.errors import ArgumentError, HeraldError, StoreError
from heraldcrawl.scrapyd import Scrapyd
from heraldcrawl.secret import secret
from heraldcrawl.store.runs import live_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.settings import BaseSettings

HELP = """\
The job is started by Scrapyd (SCRAPYD_URL, with SCRAPYD_USERNAME and SCRAPYD_PASSWORD or
SCRAPYD_PASSWORD_FILE of the environment), with the arguments and settings given here. While a job
of the spider waits or runs, whatever started it and on whichever machine, none is added: this is
for timers.

exit status:
  0  Scrapyd has the job, whose id is printed; or the spider is at work already, as is printed
  1  Scrapyd does not answer, or refuses the job
  2  wrong usage
  3  the database cannot be asked what is at work
"""


class Command(ScrapyCommand):
    """Gives Scrapyd a job."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] SPIDER"

    def short_desc(self) -> str:
        return "Give Scrapyd a job, unless its spider is at work already"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = HELP
        parser.add_argument(
            "-a",
            dest="spargs",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="an argument of the spider; -s NAME=VALUE is a setting of the job",
        )
        parser.add_argument(
            "--wait",
            type=float,
            default=30,
            metavar="SECONDS",
            help="how long a Scrapyd that is just starting may take [30]",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        try:
            opts.spargs = arglist_to_dict(opts.spargs)
        except ValueError:
            raise UsageError("Invalid -a value, use -a NAME=VALUE", print_help=False) from None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        try:
            check(self.settings, args, opts.spargs)
            print(_schedule(self.settings, args[0], opts))
            self.exitcode = 0
        except ArgumentError as error:
            self._fail(error, 2)
        except (StoreError, psycopg.Error) as error:
            self._fail(str(error).strip().splitlines()[0], 3)
        except HeraldError as error:
            self._fail(error, 1)
        except OSError as error:
            self._fail(f"{error.filename}: {error.strerror}", 1)

    def _fail(self, why: object, status: int) -> None:
        sys.stderr.write(f"scrapy schedule: {why}\n")
        self.exitcode = status


def _schedule(settings: BaseSettings, spider: str, opts: argparse.Namespace) -> str:
    """Give Scrapyd the job, and say so; or say who is at work.

    :raises HeraldError: neither could be done
    """
    scrapyd = Scrapyd(
        settings["SCRAPYD_URL"],
        settings["BOT_NAME"],
        secret("SCRAPYD_USERNAME"),
        secret("SCRAPYD_PASSWORD"),
    )
    with _alone(Path(settings["HERALD_HOME"])):
        scrapyd.wait(opts.wait)
        if at_work := _at_work(settings, scrapyd, spider):
            return f"{spider} is not started: {at_work}"
        return f"{spider} {scrapyd.schedule(spider, opts.spargs.items(), opts.set)}"


def _at_work(settings: BaseSettings, scrapyd: Scrapyd, spider: str) -> str | None:
    """Who crawls it, or will."""
    for job in scrapyd.jobs():
        if job.spider == spider:
            since = f" since {job.since[:16]}" if job.since else ""
            return f"job {job.id} is {job.state}{since}"
    for run in live_runs(settings, spider):
        given = f" (job {run.job})" if run.job else ""
        return f"run {run.id}{given} is at work since {run.started_at.astimezone():%Y-%m-%d %H:%M}"
    return None


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One after the other, so that what one has started is seen by the next."""
    folder = home.expanduser() / "scrapyd"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "schedule.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
