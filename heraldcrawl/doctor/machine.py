"""The machine: Python, the packages, the folder of all local state, the time zones."""

from __future__ import annotations

import platform
import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement

import heraldcrawl
from heraldcrawl.doctor.check import ok, warning, wrong
from heraldcrawl.folders import nearest
from heraldcrawl.monitoring.looks import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.settings import BaseSettings

    from heraldcrawl.doctor.check import Check

LOCK: Final = Path(heraldcrawl.__file__).parents[1] / "requirements.txt"
_OLDEST: Final = (3, 11)
_LOCKED: Final = re.compile(r"^([A-Za-z0-9][^\s#]*==[^\\\n]*)", re.MULTILINE)
_NAMED: Final = 5
_GIB: Final = 1024**3


def look_at_machine(settings: BaseSettings) -> Iterator[Check]:
    """Look at what everything else stands on."""
    yield _python()
    yield packages(LOCK)
    yield _home(settings)
    yield _zones()


def packages(lock: Path) -> Check:
    """Compare what is installed with what is locked."""
    if not lock.exists():
        return warning("packages", "there is no requirements.txt", "compare them by hand")
    missing, other = [], []
    for text in _LOCKED.findall(lock.read_text("utf-8")):
        required = Requirement(text.strip())
        if required.marker and not required.marker.evaluate():
            continue
        try:
            found = version(required.name)
        except PackageNotFoundError:
            missing.append(required.name)
        else:
            if not required.specifier.contains(found, prereleases=True):
                other.append(f"{required.name} {found}")
    install = "pip install --require-hashes -r requirements.txt"
    if missing:
        return wrong("packages", f"missing: {_some(missing)}", install)
    if other:
        return warning("packages", f"not as locked: {_some(other)}", install)
    return ok("packages", "as locked")


def _python() -> Check:
    found = platform.python_version()
    if sys.version_info < _OLDEST:
        return wrong("python", found, "Python 3.11 or newer is needed: make PYTHON=…")
    return ok("python", f"{found}, {sys.prefix}")


def _home(settings: BaseSettings) -> Check:
    home = Path(settings["HERALD_HOME"]).expanduser().absolute()
    folder = nearest(home)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"heraldcrawl")
    except OSError as error:
        return wrong(
            "home",
            f"{folder} cannot be written: {error.strerror}",
            "run as its owner (heraldcrawl …), or set HERALD_HOME",
        )
    disk = Home.of(settings)
    free = f"{disk.free_bytes / _GIB:.1f} GiB free"
    if disk.free_bytes < settings.getint("ALARM_DISK_FREE"):
        return warning("home", f"{home}: {free}", "make room: see ALARM_DISK_FREE")
    made = "" if folder == home else ", will be made"
    return ok("home", f"{home}{made}, {free}")


def _zones() -> Check:
    install = "install the package tzdata of the system (apt-get install tzdata), or of Python"
    try:
        seoul = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo("Asia/Seoul"))
    except ZoneInfoNotFoundError:
        return wrong("time zones", "Asia/Seoul is not known", install)
    if seoul.utcoffset() != timedelta(hours=9):
        return wrong("time zones", f"Asia/Seoul is at {seoul:%z}", install)
    return ok("time zones", "Asia/Seoul is at +09:00")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(sorted(names)[:_NAMED]) + more
