"""The embedded PostgreSQL server: made, started, shared and stopped on demand.

It lives in ``HERALD_HOME/postgres``, a folder that only the crawl's user may enter:

``data``
    The cluster, and the server's socket: whoever cannot enter cannot connect, so no password is
    needed, and nothing listens on the network.
``server``
    Locked by every process of the server. A lock ends with its last holder, killed or not, so it
    tells the truth where a pid does not: a pid may be a zombie's, or somebody else's by now.
``users``
    On it every process that uses the server holds a shared lock; the server is stopped when the
    last is gone (:mod:`heraldcrawl.store.watch`).
``keep``
    Present between an explicit start and stop: the server stays without users.
``start.log``
    What the server said before it opened its own log in ``data/log``.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from stat import S_IMODE, S_ISDIR
from typing import TYPE_CHECKING
from urllib.parse import quote

from psycopg.pq import PGconn, Ping

from heraldcrawl.errors import StoreError
from heraldcrawl.store import cluster, programs
from heraldcrawl.store.given import check, inspect

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Server", "Status", "check"]

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 120  # a server that recovers from a crash reads up to max_wal_size first
_RELEASE_SECONDS = 10  # a server that takes longer to stop needs nobody who waits for it
_LAUNCHES = 3  # more than one, in case somebody killed it
_LONGEST_ADDRESS = 103  # bytes of a socket's path, on macOS; four more on Linux

_COMPLAINT = re.compile(r"(FATAL|PANIC|ERROR|HINT|invalid|could not)(?!: *the database system is)")
_STAMP = re.compile(r"^\S+ \S+ \S+ \[\d+\] ")  # time and pid, as PostgreSQL prints them


@dataclass(frozen=True, slots=True)
class Status:
    """How a database is doing."""

    running: bool
    url: str
    version: str | None = None  # such as 18.4
    size_bytes: int | None = None  # of the database
    pid: int | None = None  # of the embedded server
    data_directory: str | None = None  # of the embedded server


class Server:
    """The embedded server of one HERALD_HOME.

    :param settings: of PostgreSQL, over :data:`heraldcrawl.store.cluster.SETTINGS`
    """

    def __init__(self, home: Path, *, settings: Mapping[str, str] | None = None) -> None:
        if sys.platform == "win32":
            raise StoreError("there is no embedded database on Windows; set DATABASE_URL")
        self._folder = home.expanduser().resolve() / "postgres"
        self._data = self._folder / "data"
        self._keep = self._folder / "keep"
        self._settings = cluster.SETTINGS | dict(settings or {})
        self._users: int | None = None  # our lock, while we use the server
        self._released = threading.Event()
        self._guard = threading.Thread()

    @property
    def url(self) -> str:
        """The server's libpq URL, whether it runs or not; it holds no secret."""
        name, port = cluster.NAME, cluster.SETTINGS["port"]
        return f"postgresql://{name}@/{name}?host={quote(os.fsencode(self._address()))}&port={port}"

    # Using it -------------------------------------------------------------------------------------

    def acquire(self) -> str:
        """Use the server until :meth:`release` or the end of this process, started if need be.

        Should it die meanwhile, whatever killed it, it is started again.

        :returns: its URL
        :raises StoreError: there is none to be had
        """
        if self._users is not None:
            raise RuntimeError("a server is acquired once")
        users = self._open_users()
        try:
            _wait_until(  # whoever stops the server is done with it
                lambda: _lock(users, fcntl.LOCK_SH),
                f"the database server in {self._data} is being stopped, but does not end",
            )
            self._ensure_running()
        except BaseException:
            os.close(users)
            raise
        self._users = users
        self._released.clear()
        self._guard = threading.Thread(target=self._keep_running, daemon=True)
        self._guard.start()
        return self.url

    def release(self) -> None:
        """Use it no longer; the last to do so stops it. Does nothing without :meth:`acquire`.

        One that hangs is left to its watcher, for nobody can be kept from ending by it.
        """
        if self._users is None:
            return
        self._released.set()
        self._guard.join()
        users, self._users = self._users, None
        try:
            if _lock(users, fcntl.LOCK_EX) and not self._keep.exists():
                self._shut_down(_RELEASE_SECONDS)
        except StoreError as error:
            logger.warning("%s; it is left to end by itself", error)
        finally:
            os.close(users)

    @contextmanager
    def use(self) -> Iterator[str]:
        """Acquire it, and release it in the end."""
        url = self.acquire()
        try:
            yield url
        finally:
            self.release()

    # Running it -----------------------------------------------------------------------------------

    def start(self) -> str:
        """Start it, if need be, and keep it without users until :meth:`stop`."""
        with self.use() as url:
            self._keep.touch()
        return url

    def stop(self) -> bool:
        """Keep it no longer, and stop it.

        :returns: False while somebody uses it; it is stopped when that ends
        """
        if not self._folder.exists():
            return True
        users = self._open_users()
        try:
            self._keep.unlink(missing_ok=True)
            if is_unused := _lock(users, fcntl.LOCK_EX):
                self._shut_down()
            return is_unused
        finally:
            os.close(users)

    def status(self) -> Status:
        if not self._data.exists() or self._ping() is not Ping.OK:
            return Status(False, self.url, data_directory=str(self._data))
        version, size_bytes = inspect(self.url)
        return Status(True, self.url, version, size_bytes, self._postmaster(), str(self._data))

    # How it is started ----------------------------------------------------------------------------

    def _ensure_running(self) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        launches = 0
        while (answer := self._ping()) is not Ping.OK:
            if answer is Ping.NO_ATTEMPT:
                raise StoreError(f"libpq refuses {self.url}; is a PG… variable of yours wrong?")
            # While anything of a server is left, it may be starting, stopping or going down.
            if answer is Ping.NO_RESPONSE and (lock := self._lock_server()) is not None:
                try:
                    if launches == _LAUNCHES:
                        raise StoreError(f"the database server did not start: {self._last_words()}")
                    self._launch(lock)
                    launches += 1
                finally:
                    os.close(lock)  # the server holds it too
            if time.monotonic() > deadline:
                raise StoreError(
                    f"the database server in {self._data} neither answers nor ends:"
                    f" {self._last_words()}"
                )
            time.sleep(0.02)

    def _keep_running(self) -> None:
        complaint = ""
        while not self._released.wait(0.5):
            if (lock := self._lock_server()) is None:
                continue
            os.close(lock)
            try:
                self._ensure_running()
            except StoreError as error:
                if complaint != (complaint := str(error)):
                    logger.warning("%s", complaint)
            else:
                logger.warning("The database server had ended and was started again")

    def _launch(self, lock: int) -> None:
        """Start the server. Nothing of another is left, for we hold its lock."""
        with _explained(self._folder):
            user = programs.server_user().get("user", os.geteuid())
            major = cluster.version(self._data)
            if major and (owner := self._data.stat().st_uid) != user:
                raise StoreError(
                    f"{self._data} belongs to another user ({owner}); run as the user that made"
                    " it, or set HERALD_HOME to a folder of your own"
                )
            folder, found = programs.find(major)
            if not major:
                fsync = self._settings.get("fsync", "on")
                cluster.make(self._data, folder, found, lock, fsync=fsync)
            cluster.configure(self._data, self._settings)
            cluster.clear(self._data)
            self._watch(folder, lock)

    def _watch(self, folder: Path, lock: int) -> None:
        """Hand the server to a process of its own, which outlives us."""
        users = self._open_users()
        arguments = {
            "command": [str(folder / "postgres"), "-D", cluster.here(self._data)],
            "user": programs.server_user() | {"env": programs.ENVIRONMENT},
            "server": lock,
            "users": users,
            "keep": str(self._keep),
        }
        source = resources.files("heraldcrawl.store").joinpath("watch.py").read_text("utf-8")
        try:
            with (self._folder / "start.log").open("wb") as log:
                subprocess.run(  # noqa: S603  (our own source)
                    [sys.executable, "-I", "-S", "-", self._data],
                    input=f"{source}\n\nwatch(**{arguments!r})\n".encode(),
                    stdout=log,
                    stderr=log,
                    cwd=self._data,
                    pass_fds=(lock, users),
                    start_new_session=True,  # out of reach of the terminal's Ctrl-C
                    check=False,  # the server's silence tells
                )
        finally:
            os.close(users)

    # How it is stopped ----------------------------------------------------------------------------

    def _shut_down(self, seconds: float = _PATIENCE_SECONDS) -> None:
        """Stop the server and wait for the last of its processes. We hold the users' lock."""
        asked = False

        def is_gone() -> bool:
            nonlocal asked
            if (lock := self._lock_server()) is not None:
                os.close(lock)
                return True
            if not asked and (pid := self._postmaster()):
                os.kill(pid, signal.SIGINT)  # orderly, without waiting for open connections
                asked = True
            return False

        _wait_until(is_gone, f"the database server in {self._data} does not end", seconds)
        if (address := self._address()) != self._data:
            shutil.rmtree(address.parent)

    # What it is known by --------------------------------------------------------------------------

    def _open_users(self) -> int:
        with _explained(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self._folder / "users", os.O_RDWR | os.O_CREAT, 0o600)

    def _lock_server(self) -> int | None:
        """Lock it, unless a process of the server lives, or of somebody who is starting it."""
        with _explained(self._folder):
            lock = os.open(self._folder / "server", os.O_RDWR | os.O_CREAT, 0o600)
        if _lock(lock, fcntl.LOCK_EX):
            return lock
        os.close(lock)
        return None

    def _ping(self) -> Ping:
        return Ping(PGconn.ping(f"{self.url}&connect_timeout=5".encode()))

    def _postmaster(self) -> int | None:
        """Ask the kernel who listens on the socket."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            try:
                client.connect(str(self._address() / cluster.SOCKET))
            except OSError:
                return None
            if sys.platform == "darwin":
                return client.getsockopt(0, 2)  # SOL_LOCAL, LOCAL_PEERPID
            credentials = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            return int(struct.unpack("3i", credentials)[0])

    def _address(self) -> Path:
        """Return the socket's folder or, where that is too long for an address, a link to it."""
        if len(os.fsencode(self._data / cluster.SOCKET)) <= _LONGEST_ADDRESS:
            return self._data
        name = hashlib.sha256(os.fsencode(self._data)).hexdigest()[:16]
        folder = Path(f"/tmp/{cluster.NAME}-{os.geteuid()}-{name}")  # noqa: S108  (checked below)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        seen = folder.lstat()
        if seen.st_uid != os.geteuid() or not S_ISDIR(seen.st_mode) or S_IMODE(seen.st_mode) & 0o77:
            raise StoreError(f"{folder} should be a private folder of ours; remove it")
        with suppress(FileExistsError):
            (folder / "data").symlink_to(self._data)
        return folder / "data"

    def _last_words(self) -> str:
        """Quote what the server said of its failure."""
        logs = [self._folder / "start.log", *self._data.glob("log/*.log")]
        found = [log for log in logs if log.exists()]
        if not found:
            return "it has said nothing"
        newest = max(found, key=lambda log: log.stat().st_mtime)
        lines = newest.read_text("utf-8", errors="replace").splitlines()[-20:]
        complaints = [line for line in lines if _COMPLAINT.search(line)] or lines
        words = [_STAMP.sub("", line) for line in complaints[-3:]]
        return f"{' '.join(words)} (log: {newest})"


def _lock(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_until(
    condition: Callable[[], bool], failure: str, seconds: float = _PATIENCE_SECONDS
) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise StoreError(failure)
        time.sleep(0.01)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn the system's refusals into one sentence."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"the embedded database in {folder} cannot be used: {error.strerror or error}"
            f" ({error.filename or folder}); mend that, or set HERALD_HOME or DATABASE_URL"
        ) from error
