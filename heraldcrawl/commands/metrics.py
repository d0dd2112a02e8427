"""``scrapy metrics``: the numbers of an installation, for Prometheus."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, start_http_server
from scrapy.exceptions import UsageError

from heraldcrawl.errors import ArgumentError
from heraldcrawl.metrics.collector import SECONDS, Installation, exposition
from heraldcrawl.reading.command import ReadingCommand

if TYPE_CHECKING:
    import argparse

_LOOPBACK = "127.0.0.1:9410"
_LAST_PORT = 65535
_NOT_LISTENING = 1

HELP = f"""\
Prints them once, or with --listen serves them until it is stopped. The database is asked at most
every {SECONDS:g} seconds, however many ask. A server of metrics starts no database: while an
embedded one does not run, heraldcrawl_database_up is 0.

exit status:
  0  done, or stopped
  1  it cannot listen at HOST:PORT: the port is used, or the host is not known
  2  wrong usage
  3  the database cannot be used; the disk is told all the same
"""


class Command(ReadingCommand):
    """Serves or prints metrics."""

    def syntax(self) -> str:
        return "[--listen [HOST:PORT]]"

    def short_desc(self) -> str:
        return "Print the numbers of crawls and archive for Prometheus, or serve them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = HELP
        parser.add_argument(
            "--listen",
            nargs="?",
            const=_LOOPBACK,
            metavar="HOST:PORT",
            help=f"serve http://HOST:PORT/metrics [{_LOOPBACK}]",
        )

    def read(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise UsageError(f"unrecognized arguments: {' '.join(args)}")
        assert self.settings is not None
        if opts.listen:
            collector = Installation(self.settings, starts=False)
            return _serve(collector, opts.listen)
        collector = Installation(self.settings, starts=True)
        sys.stdout.write(exposition(collector.collect).decode())
        assert collector.last is not None
        if collector.last.database is not None:
            sys.stderr.write(f"scrapy metrics: {collector.last.database}\n")
            return 3
        return 0


def _address(text: str) -> tuple[str, int]:
    """Where to listen.

    >>> _address("127.0.0.1:9410"), _address("[::1]:9410")
    (('127.0.0.1', 9410), ('::1', 9410))

    :raises ArgumentError: that is no address
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port[:6]) > _LAST_PORT:
        raise ArgumentError(f"--listen={text} is no HOST:PORT")
    return host.strip("[]"), int(port)


def _serve(collector: Installation, address: str) -> int:
    """Serve until somebody ends it."""
    host, port = _address(address)
    registry = CollectorRegistry()
    registry.register(collector)
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        sys.stderr.write(f"scrapy metrics: cannot listen at {address}: {error.strerror}\n")
        return _NOT_LISTENING
    end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    print(f"http://{host}:{server.server_port}/metrics", flush=True)
    try:
        end.wait()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    return 0
