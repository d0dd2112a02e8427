"""What the crash tests share: crawls under way, what the server saw, what the archive holds."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.crawling import select, start_crawl

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.site.sample.server import Server

NORTH_KOREA = ("National", "North Korea")
#: Kill rounds of the longest test; more of them to be surer.
ROUNDS = int(os.environ.get("CRASH_ROUNDS", "12"))
_STORY = re.compile(r"/view\.php\?|/article/")


class Crash:
    """A crawl under way whose log is read as it comes, so that its pipe never fills."""

    def __init__(self, spider: str, *arguments: str, **how: Any) -> None:
        self.process = start_crawl(spider, *arguments, **how)
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def log(self) -> str:
        return "".join(self._lines)

    def wait(self, seconds: float = 120) -> int:
        """Wait for its end and tell its exit status."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"the crawl did not end:\n{self.log[-5000:]}") from None
        self._reader.join()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()
        return status

    def end(self, how: signal.Signals, seconds: float = 60) -> int:
        self.process.send_signal(how)
        return self.wait(seconds)

    def is_running(self) -> bool:
        return self.process.poll() is None

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.append(line)


class Countdown:
    """Tells a waiting test when the site has had so many requests."""

    def __init__(self, site: Server) -> None:
        self._left = 0
        self._reached = threading.Event()
        site.on_request = self._count

    def start(self, requests: int) -> None:
        self._reached.clear()
        self._left = requests

    def wait(self, crawl: Crash) -> bool:
        """Wait for them, unless the crawl ends before.

        :returns: whether the crawl is still under way
        """
        while crawl.is_running():
            if self._reached.wait(0.05):
                return True
        return False

    def _count(self, _: str) -> None:
        self._left -= 1
        if self._left == 0:
            self._reached.set()


def stories_fetched(site: Server) -> Counter[str]:
    """How often each story's page was asked for; redirects are not told apart from their ends."""
    return Counter(
        request.target
        for request in site.log
        if _STORY.match(request.target) and request.status == 200
    )


def fetched_again(site: Server) -> int:
    return sum(times - 1 for times in stories_fetched(site).values())


def assert_complete(url: str, site: Server, path: tuple[str, ...] = NORTH_KOREA) -> None:
    """Every story of the list is stored once, with one revision, and nothing is left to do."""
    truths = site.site.truths(path)
    assert {row["id"] for row in select(url, "SELECT id FROM articles")} == truths.keys()
    [row] = select(url, "SELECT count(*), count(DISTINCT article_id) AS stories FROM revisions")
    assert (row["count"], row["stories"]) == (len(truths), len(truths))
    bodies = select(url, "SELECT id, article_body FROM articles")
    assert {row["id"]: row["article_body"] for row in bodies} == {
        id_: truth["article_body"] for id_, truth in truths.items()
    }
    assert select(url, "SELECT article_id, state, reason FROM ledger") == []
    assert select(url, "SELECT list FROM listings WHERE pending") == []
    assert (
        select(url, "SELECT id FROM walks WHERE finished_at IS NULL OR walked_by IS NOT NULL") == []
    )


def leased(url: str) -> int:
    """How many stories the crawls have under way."""
    [row] = select(url, "SELECT count(*) FROM ledger WHERE leased_by IS NOT NULL")
    return int(row["count"])


@contextmanager
def every(seconds: float, what: Callable[[], object]) -> Iterator[None]:
    """Do something again and again from a thread of its own."""
    done = threading.Event()

    def loop() -> None:
        while not done.wait(seconds):
            what()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def fill(file: Path) -> None:
    """Leave no room on a disk."""
    with file.open("wb", buffering=0) as room:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    room.write(b"\0" * size)
            except OSError:
                continue


def where(site: Server, url: str) -> Mapping[str, str]:
    return {"SITE_URL": site.root, "DATABASE_URL": url}
