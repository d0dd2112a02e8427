"""What a person at a terminal sees, and what a log file gets."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

from tests.crawling import FAST, PROJECT, crawl
from tests.site.sample.server import serve
from tests.site.sample.site import Site

if TYPE_CHECKING:
    from pathlib import Path


def test_a_terminal_shows_a_line_that_moves_and_a_summary(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=60), delay_seconds=0.1) as site:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        options = [f"-s{name}={value}" for name, value in FAST.items()]
        environment = os.environ | {
            "SITE_URL": site.root,
            "DATABASE_URL": database_url,
            "HERALD_HOME": str(tmp_path),
        }
        with subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "northkorea", *options],
            cwd=PROJECT,
            env=environment,
            stdout=theirs,
            stderr=theirs,
        ):
            os.close(theirs)
            shown = _read_all(ours)
        count = len(site.site.truths())
    assert "DEBUG" not in shown
    assert f"northkorea: {count} stories [" in shown
    assert re.search(rf"lists=\d, new={count}, changed=0, unchanged=0, failed=0", shown)
    assert re.search(rf"northkorea ended \(finished\): \d lists, {count} new", shown)


def test_a_scheduler_gets_plain_lines(database_url: str, tmp_path: Path) -> None:
    with serve(Site(stories=30)) as site:
        where = {"SITE_URL": site.root, "DATABASE_URL": database_url}
        run = crawl("northkorea", home=tmp_path, environment=where)
    assert "\r" not in run.log
    assert f"northkorea ended (finished): 1 lists, {len(run.items)} new" in run.log


def _read_all(file: int) -> str:
    """Everything until the other side closes, which a terminal tells by an error."""
    shown = b""
    try:
        while part := os.read(file, 65536):
            shown += part
    except OSError:
        pass
    os.close(file)
    return shown.decode()
