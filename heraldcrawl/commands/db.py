"""``scrapy db``: the database, embedded or given."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scrapy.exceptions import UsageError

from heraldcrawl.errors import StoreError
from heraldcrawl.reading.command import ReadingCommand
from heraldcrawl.reading.output import output
from heraldcrawl.store import migrate
from heraldcrawl.store.backup import backup, restore
from heraldcrawl.store.choice import embedded, given
from heraldcrawl.store.given import check, inspect, split_password
from heraldcrawl.store.programs import find_client
from heraldcrawl.store.roles import grant, url_of
from heraldcrawl.store.runs import thin_runs
from heraldcrawl.store.server import Status

if TYPE_CHECKING:
    import argparse
    from contextlib import AbstractContextManager

    from scrapy.settings import BaseSettings

HELP = """\
actions:
  status   tell whether the database answers, its version and size (--json)
  start    start the embedded server and keep it until `scrapy db stop`; print its URL
  stop     stop the embedded server; while a crawl uses it, it stops with that crawl
  url      print the URL for other programs; the embedded server is started and kept for them
  psql     open psql on the database; what follows `--` is for psql:
             scrapy db psql -- -c "SELECT count(*) FROM articles"
  migrate  bring the tables up to this version's, and print what was done
  backup   write the whole database, as it is at this moment, to a file that is whole or not
           there: backup [FILE]; crawls go on. Without FILE it goes to
           HERALD_HOME/backups/<UTC time>.dump; - is standard output
  restore  put a backup into an empty database, and bring it up to this version:
           restore FILE; --replace removes what is there, in the same transaction
  prune    forget the statistics of runs that read no story and are older than
           RUN_STATS_DAYS; the runs stay, and what all runs counted together
  grant    make roles of least privilege, or give existing ones their rights anew, and
           print their URLs: --crawler NAME may add and change stories, but neither delete
           them nor change old texts nor migrate; --reader NAME may only read. A new role
           has no password; \\password NAME in psql sets one. Do it again after a migration

Without DATABASE_URL the database is the embedded one under HERALD_HOME. A crawl starts
its server and stops it in the end, so start and stop are for other programs' sake.

exit status:
  0  done; status: the database answers
  1  it could not be done, and standard error says why; stop, restore: a crawl uses it
  2  wrong usage; start, stop: DATABASE_URL names a server that is not ours to start or stop
  3  the database cannot be used
  psql: psql's own, where the database can be used
"""


class Command(ReadingCommand):
    """Looks after the database."""

    def syntax(self) -> str:
        return f"[options] {'|'.join(ACTIONS)} [FILE] [-- psql's arguments]"

    def short_desc(self) -> str:
        return "Look after the database: start, stop, psql, migrations, backups, roles"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument("action", choices=ACTIONS, metavar="action", help="see below")
        parser.add_argument("arguments", nargs="*", help="a backup's FILE; psql's, after --")
        parser.add_argument("--json", action="store_true", help="for scripts (status)")
        parser.add_argument(
            "--replace", action="store_true", help="remove what is in the database (restore)"
        )
        parser.add_argument("--crawler", metavar="NAME", help="a role that crawls (grant)")
        parser.add_argument("--reader", metavar="NAME", help="a role that reads (grant)")

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        files = {"backup": 1, "restore": 1, "psql": None}.get(opts.action, 0)
        if args or (files is not None and len(opts.arguments) > files):
            raise UsageError(
                f"unrecognized arguments: {' '.join([*args, *opts.arguments[files:]])}"
            )
        if opts.action == "restore" and not opts.arguments:
            raise UsageError("restore which FILE?")
        if (opts.action == "grant") != bool(opts.crawler or opts.reader):
            raise UsageError("grant takes --crawler NAME, --reader NAME or both; nothing else does")
        if opts.crawler and opts.crawler == opts.reader:
            raise UsageError("the crawler and the reader are two roles")
        return ACTIONS[opts.action](_Database(self.settings), opts)


class _Database:
    """The database that the settings name, and its server if that is ours."""

    def __init__(self, settings: BaseSettings) -> None:
        self.given = given(settings)
        self.home = Path(settings["HERALD_HOME"])
        self.server = embedded(settings)
        self.run_stats_days = settings.getint("RUN_STATS_DAYS")

    def use(self, *, to_read: bool = False) -> AbstractContextManager[str]:
        if self.server is not None:
            return self.server.use()
        assert self.given
        (inspect if to_read else check)(self.given)
        return nullcontext(self.given)

    def status(self) -> Status:
        if self.server is not None:
            return self.server.status()
        assert self.given
        shown, _ = split_password(self.given)
        try:
            return Status(True, shown, *inspect(self.given))
        except StoreError as error:
            sys.stderr.write(f"scrapy db: {error}\n")
            return Status(False, shown)


def _status(database: _Database, opts: argparse.Namespace) -> int:
    status = database.status()
    if opts.json:
        print(json.dumps(asdict(status)))
    else:
        print("running" if status.running else "not running")
        facts = {
            "url": status.url,
            "version": status.version and f"PostgreSQL {status.version}",
            "size": status.size_bytes and f"{status.size_bytes / 1e6:.1f} MB",
            "pid": status.pid,
            "data": status.data_directory,
        }
        for name, fact in facts.items():
            if fact:
                print(f"{name:8} {fact}")
    return 0 if status.running else 3


def _start(database: _Database, _: argparse.Namespace) -> int:
    if database.server is None:
        return _not_ours()
    print(database.server.start())
    return 0


def _stop(database: _Database, _: argparse.Namespace) -> int:
    if database.server is None:
        return _not_ours()
    if database.server.stop():
        return 0
    sys.stderr.write("scrapy db: a crawl uses the database server; it stops with that crawl\n")
    return 1


def _url(database: _Database, _: argparse.Namespace) -> int:
    if database.given:
        split_password(database.given)  # what is no URL is said here, not by other programs
    print(database.given or (database.server and database.server.start()))
    return 0


def _psql(database: _Database, opts: argparse.Namespace) -> int:
    psql = find_client("psql", ours=database.server is not None)
    with database.use(to_read=True) as url:
        # In the arguments, every user of the machine could read the password.
        public, password = split_password(url)
        environment = os.environ | ({"PGPASSWORD": password} if password else {})
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is psql's
        try:
            command = [psql, "--dbname", public, *opts.arguments]
            return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603  (the operator's own)
        finally:
            signal.signal(signal.SIGINT, before)


def _migrate(database: _Database, _: argparse.Namespace) -> int:
    with database.use() as url:
        for name in migrate(url) or ["nothing to do"]:
            print(name)
    return 0


def _backup(database: _Database, opts: argparse.Namespace) -> int:
    [name] = opts.arguments or [None]
    if name is None:
        folder = database.home / "backups"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(folder / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.dump")
    with database.use(to_read=True) as url, output(name) as file:
        backup(url, file, ours=database.server is not None)
    if name != "-":
        print(f"{name}  {Path(name).stat().st_size / 1e6:.1f} MB")
    return 0


def _restore(database: _Database, opts: argparse.Namespace) -> int:
    file = Path(opts.arguments[0])
    with file.open("rb"), database.use() as url:  # a wrong name shall make no database
        for name in restore(url, file, ours=database.server is not None, replace=opts.replace):
            print(name)
    return 0


def _prune(database: _Database, _: argparse.Namespace) -> int:
    with database.use() as url:
        print(f"{thin_runs(url, database.run_stats_days)} runs were thinned")
    return 0


def _grant(database: _Database, opts: argparse.Namespace) -> int:
    roles: dict[Literal["crawler", "reader"], str] = {
        "crawler": opts.crawler,
        "reader": opts.reader,
    }
    with database.use() as url:
        migrate(url)
        for kind, role in roles.items():
            if role:
                is_new = grant(url, role, kind)
                made = "made, without a password" if is_new else "has its rights anew"
                print(f"{kind:8} {role}: {made}; {url_of(url, role)}")
    return 0


def _not_ours() -> int:
    sys.stderr.write("scrapy db: DATABASE_URL names the server, and that is not ours\n")
    return 2


ACTIONS = {
    "status": _status,
    "start": _start,
    "stop": _stop,
    "url": _url,
    "psql": _psql,
    "migrate": _migrate,
    "backup": _backup,
    "restore": _restore,
    "prune": _prune,
    "grant": _grant,
}
