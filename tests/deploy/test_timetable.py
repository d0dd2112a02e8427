"""The timetable, and what is made of it: timers and a crontab that mean the same."""

from __future__ import annotations

import importlib.util
import itertools
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from heraldcrawl.site.sections import SECTIONS, by_slug
from tests.deploy.harness import PROJECT, run

if TYPE_CHECKING:
    from types import ModuleType

START = datetime(2026, 3, 1)  # noqa: DTZ001  (cron's time is local)

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is missing"
)


def load() -> ModuleType:
    specification = importlib.util.spec_from_file_location(
        "timetable", PROJECT / "deploy/timetable.py"
    )
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["timetable"] = module
    specification.loader.exec_module(module)
    return module


timetable = load()


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    text = (PROJECT / "deploy/timetable").read_text("utf-8")
    return {job.name: job for job in timetable.read(text)}


def by_cron(when: str, count: int) -> list[datetime]:
    slots = CronSim(when, START)
    return [next(slots) for _ in range(count)]


def by_systemd(when: str, count: int) -> list[datetime]:
    said = run(
        [
            "systemd-analyze",
            "calendar",
            f"--iterations={count}",
            f"--base-time={START:%F %T}",
            when,
        ],
        os.environ | {"TZ": "UTC", "LC_ALL": "C"},
    )
    return [
        datetime.strptime(at, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  (local, as cron's)
        for at in re.findall(r"(?:Next elapse|Iter. #\d+): \w+ (\S+ \S+) UTC", said)
    ]


def test_every_section_is_walked_hourly_and_deep_once_a_night(jobs: dict[str, Any]) -> None:
    slugs = [section.slug for section in SECTIONS]
    deep_slugs = [f"{slug}-deep" for slug in slugs]
    others = {"latest", "archive-pack", "backup", "prune", "prune-runs", "alarms"}
    assert set(jobs) == {*others, *slugs, *deep_slugs}
    day = timedelta(days=1)
    for slug in slugs:
        hourly, deep = by_cron(jobs[slug].when, 24), by_cron(jobs[f"{slug}-deep"].when, 2)
        assert hourly[0] + day == hourly[23]  # 23 of them, and the deep one in the hour between
        assert deep[0] + day == deep[1]
        assert {at.minute for at in hourly} == {deep[0].minute}
        assert {at.hour for at in hourly} | {deep[0].hour} == set(range(24))


def test_latest_comes_every_ten_minutes(jobs: dict[str, Any]) -> None:
    slots = by_cron(jobs["latest"].when, 200)
    assert {after - at for at, after in itertools.pairwise(slots)} == {timedelta(minutes=10)}


def test_the_hour_is_shared_out_among_the_sections(jobs: dict[str, Any]) -> None:
    minutes = Counter(int(jobs[section.slug].when.split()[0]) for section in SECTIONS)
    assert max(minutes.values()) == 1
    ordered = sorted(minutes)
    gaps = [after - at for at, after in zip(ordered, [*ordered[1:], ordered[0] + 60], strict=True)]
    assert max(gaps) <= 2


def test_what_the_jobs_do_exists(jobs: dict[str, Any]) -> None:
    for job in jobs.values():
        program, *arguments = job.command.split()
        if program == "scrapy":
            command, what = arguments[:2]
            others = ["schedule latest", "db backup", "db prune", "archive pack", "alarms --check"]
            assert f"{command} {what}" in others or (command == "schedule" and by_slug(what))
        else:
            assert os.access(PROJECT / program, os.X_OK)


@needs_systemd
def test_timers_and_crontab_agree_for_a_week(jobs: dict[str, Any]) -> None:
    lines = timetable.crontab(list(jobs.values()), "run.sh").splitlines()
    cron = {}
    for line in lines:
        if found := re.match(r"((?:\S+ ){4}\S+) run\.sh deploy/job\.sh (\S+) >/dev/null$", line):
            cron[found[2]] = found[1]
    units = timetable.timers(list(jobs.values()))
    assert cron.keys() == jobs.keys()
    calendars: dict[str, str] = {}
    for name in jobs:
        [when] = re.findall(
            r"^OnCalendar=(.*)$", units[f"heraldcrawl-job@{name}.timer"], re.MULTILINE
        )
        calendars[name] = when
    # One of each kind in full; all of the rest differ in the minute alone.
    for name in ("latest", "northkorea", "northkorea-deep", "globalinsight", "backup", "prune"):
        count = len([at for at in by_cron(cron[name], 1100) if at < START + timedelta(days=7)])
        assert by_systemd(calendars[name], count) == by_cron(cron[name], count)
    for name in jobs:
        assert calendars[name] == timetable.on_calendar(cron[name])


@needs_systemd
@settings(max_examples=25, deadline=None)
@given(
    st.tuples(
        st.sampled_from(["*", "*/7", "3", "0,30", "5-20/5", "59"]),
        st.sampled_from(["*", "*/5", "2", "0-1,3-23", "22,23"]),
        st.sampled_from(
            [
                ("*", "*"),
                ("1", "*"),
                ("*/9", "*"),
                ("*", "1-5"),
                ("*", "0"),
                ("*", "7"),
                ("*", "mon,sat"),
            ]
        ),
        st.sampled_from(["*", "*/4", "2", "11-12"]),
    )
)
def test_any_line_means_the_same_to_both(fields: tuple[str, str, tuple[str, str], str]) -> None:
    minute, hour, (day, weekday), month = fields
    when = f"{minute} {hour} {day} {month} {weekday}"
    assert by_systemd(timetable.on_calendar(when), 20) == by_cron(when, 20)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("*/10 * * * * latest", "it needs five fields, a job's name and a command"),
        ("61 * * * * latest scrapy schedule latest", "Bad minute"),
        ("0 0 1 * 1 latest scrapy schedule latest", "a day and a weekday"),
        ("0 0 1 * * ../x scrapy schedule latest", "../x is no name of letters, digits and hyphens"),
        ("0 0 30 2 * x scrapy schedule latest", ""),
    ],
)
def test_a_line_that_cannot_be_is_named(line: str, words: str) -> None:
    with pytest.raises(
        timetable.TimetableError, match=rf"^deploy/timetable, line 2: .*{re.escape(words)}"
    ):
        timetable.read(f"# what\n{line}\n")


def test_two_jobs_of_one_name_are_refused() -> None:
    line = "5 4 * * * backup scrapy db backup\n"
    with pytest.raises(timetable.TimetableError, match="line 2: backup is there already"):
        timetable.read(line * 2)


@needs_systemd
def test_the_units_are_valid(tmp_path: Path) -> None:
    written = units(tmp_path)
    assert len(written) > 100
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(written)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in said.stderr.splitlines() if "heraldcrawl" in line]
    assert (said.returncode, ours) == (0, [])


@needs_systemd
@pytest.mark.parametrize(
    "service",
    ["heraldcrawl-scrapyd", "heraldcrawl-job@", "heraldcrawl-database", "heraldcrawl-metrics"],
)
def test_the_services_stay_as_closed_as_the_page_says(tmp_path: Path, service: str) -> None:
    units(tmp_path)
    page = (PROJECT / "deploy/README.md").read_text("utf-8")
    [told] = re.findall(rf"`{service}`\D+(\d+\.\d)", page)
    said = run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            "--no-pager",
            tmp_path / f"{service}.service",
        ],
        dict(os.environ),
    )
    [counted] = re.findall(r"Overall exposure level for \S+: (\d+\.\d)", said)
    assert float(counted) <= float(told)


def units(folder: Path) -> list[Path]:
    """All units, as they are installed."""
    shutil.copytree(PROJECT / "deploy/systemd", folder, dirs_exist_ok=True)
    for service in folder.glob("*.service"):
        service.write_text(service.read_text("utf-8").replace("@PROJECT@", str(PROJECT)))
    run([sys.executable, PROJECT / "deploy/timetable.py", "timers", folder], dict(os.environ))
    return [unit for unit in folder.iterdir() if unit.is_file()]


def test_what_was_missed_is_run_once(tmp_path: Path) -> None:
    """A copy of the project whose jobs leave traces, where cron's line @reboot finds it."""
    project = tmp_path / "project"
    for name in ("timetable.py", "job.sh", "run.sh"):
        (project / "deploy").mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / "deploy" / name, project / "deploy" / name)
    (project / "heraldcrawl").symlink_to(PROJECT / "heraldcrawl")
    (project / ".venv").symlink_to(Path(sys.executable).parents[1])
    log = tmp_path / "log"
    (project / "deploy/timetable").write_text(
        f"0 * * * * hourly sh -c 'echo hourly >> {log}'\n"
        f"0 0 1 1 * yearly sh -c 'echo yearly >> {log}'\n"
        f"0 0 * * * daily sh -c 'echo daily >> {log}; exit 3'\n"
    )
    environment = {"PATH": os.environ["PATH"], "HERALD_HOME": str(tmp_path / "home")}
    catch_up: list[str | Path] = [project / "deploy/run.sh", "deploy/timetable.py", "catch-up"]
    # What never ran has missed nothing.
    run(catch_up, environment, tmp_path)
    assert not log.exists()
    stamps = tmp_path / "home/timetable"
    long_ago = (datetime.now() - timedelta(days=2)).timestamp()  # noqa: DTZ005  (the file's)
    for job in ("hourly", "daily"):
        os.utime(stamps / job, (long_ago, long_ago))
    failed = subprocess.run(catch_up, env=environment, cwd=tmp_path, check=False)
    assert failed.returncode == 3
    assert log.read_text() == "hourly\ndaily\n"
    run(catch_up, environment, tmp_path)
    assert log.read_text() == "hourly\ndaily\n"


def test_jobs_that_are_due_together_take_turns_but_none_waits_for_a_long_one(
    tmp_path: Path,
) -> None:
    project = tmp_path / "project"
    (project / "deploy").mkdir(parents=True)
    for name in ("timetable.py", "job.sh", "run.sh"):
        shutil.copy(PROJECT / "deploy" / name, project / "deploy" / name)
    (project / "heraldcrawl").symlink_to(PROJECT / "heraldcrawl")
    scrapy = project / ".venv/bin"
    scrapy.mkdir(parents=True)
    (scrapy / "scrapy").write_text(
        f'#!/bin/sh\nexec >> {tmp_path}/log\necho "begin $2"\nsleep "$3"\necho "end $2"\n'
    )
    (scrapy / "scrapy").chmod(0o755)
    (scrapy / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (scrapy / "python3").chmod(0o755)
    (project / "deploy/timetable").write_text(
        "0 0 * * * one scrapy schedule one 1\n"
        "0 0 * * * two scrapy schedule two 1\n"
        "0 0 * * * long scrapy db long 10\n"
    )
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HERALD_HOME": str(tmp_path / "home"),
    }
    started = [
        subprocess.Popen([project / "deploy/run.sh", "deploy/job.sh", job], env=environment)
        for job in ("long", "one", "two")
    ]
    for job in started[1:]:
        assert job.wait(60) == 0
    assert started[0].poll() is None
    started[0].terminate()
    started[0].wait(60)
    lines = [line for line in (tmp_path / "log").read_text().splitlines() if "long" not in line]
    assert sorted(lines[:2]) in (["begin one", "end one"], ["begin two", "end two"])
