#!/usr/bin/env python3
"""Makes of deploy/timetable what starts its jobs: systemd timers, or a crontab.

Both start a job by its name, so that what it does stands in one place.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template

from cronsim import CronSim, CronSimError

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from heraldcrawl.site.sections import SECTIONS  # noqa: E402  (from this folder, wherever we are run)

TIMETABLE = PROJECT / "deploy" / "timetable"
_FIELDS = 5
_WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

_TIMER = Template("""\
# Made from deploy/timetable.
[Unit]
Description=When heraldcrawl does: $job
PartOf=heraldcrawl.target

[Timer]
OnCalendar=$when
# A slot that was missed is caught up, once.
Persistent=true
# The machine's own second of the minute: many machines shall not come at once.
AccuracySec=1s
RandomizedDelaySec=50s
FixedRandomDelay=true
""")
_TARGET = Template("""\
# Made from deploy/timetable.
[Unit]
Description=heraldcrawl: Scrapyd, and what is done when
Documentation=file:$project/deploy/README.md
Wants=heraldcrawl-scrapyd.service
$timers

[Install]
WantedBy=multi-user.target
""")


class TimetableError(Exception):
    """A line of the timetable cannot be understood; the message names it."""


@dataclass(frozen=True)
class Job:
    """A line of the timetable."""

    name: str
    when: str  # cron's five fields
    command: str


def read(text: str) -> list[Job]:
    """The jobs of a timetable, those of the sections one by one.

    :raises TimetableError: a line cannot be understood
    """
    jobs: dict[str, Job] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            made = _expand(line)
        except (TimetableError, CronSimError) as error:
            raise TimetableError(f"deploy/timetable, line {number}: {error}") from error
        for job in made:
            if jobs.setdefault(job.name, job) is not job:
                raise TimetableError(
                    f"deploy/timetable, line {number}: {job.name} is there already"
                )
    return list(jobs.values())


def on_calendar(when: str) -> str:
    """Write cron's fields as systemd's OnCalendar.

    >>> on_calendar("*/10 * * * *")
    '*-*-* *:0/10:00'
    >>> on_calendar("5 0-1,3-23 * * 1-5")
    'Mon..Fri *-*-* 0..1,3..23:5:00'
    """
    minute, hour, day, month, weekday = when.split()
    days = "" if weekday == "*" else f"{_written(weekday, 0, _WEEKDAYS)} "
    date = f"*-{_written(month, 1)}-{_written(day, 1)}"
    return f"{days}{date} {_written(hour, 0)}:{_written(minute, 0)}:00"


def timers(jobs: list[Job]) -> dict[str, str]:
    """The units that start them, by their files' names."""
    names = {job.name: f"heraldcrawl-job@{job.name}.timer" for job in jobs}
    units = {
        names[job.name]: _TIMER.substitute(job=job.name, when=on_calendar(job.when)) for job in jobs
    }
    wants = "\n".join(f"Wants={name}" for name in names.values())
    units["heraldcrawl.target"] = _TARGET.substitute(project=PROJECT, timers=wants)
    return units


def crontab(jobs: list[Job], start: str) -> str:
    """What starts them where there is no systemd.

    :param start: the command that runs a script of this folder, given as deploy/SCRIPT
    """
    lines = [
        "# Made from deploy/timetable. What goes wrong is mailed to:",
        "#MAILTO=you@example.org",
        *(f"{job.when} {start} deploy/job.sh {job.name} >/dev/null" for job in jobs),
        "# What was missed while the machine was off is caught up, once.",
        f"@reboot sleep 60; {start} deploy/timetable.py catch-up >/dev/null",
    ]
    return "\n".join(lines).replace("%", r"\%") + "\n"


def run(job: Job, stamps: Path) -> None:
    """Become the job, and leave a mark of when."""
    stamps.mkdir(parents=True, exist_ok=True)
    (stamps / job.name).touch()
    os.chdir(PROJECT)
    program, *arguments = shlex.split(job.command)
    if arguments[:1] != ["schedule"]:
        os.closerange(3, 10)  # the turn that job.sh waited for: this may take hours
    os.execvp(program, [program, *arguments])  # noqa: S606  (the operator's own)


def missed(jobs: list[Job], stamps: Path, now: datetime) -> list[Job]:
    """Those that should have been started since they last were.

    A job that never was is marked as seen now.
    """
    stamps.mkdir(parents=True, exist_ok=True)
    found = []
    for job in jobs:
        stamp = stamps / job.name
        if not stamp.exists():
            stamp.touch()
        last = datetime.fromtimestamp(stamp.stat().st_mtime)  # noqa: DTZ006  (cron's time is local)
        if next(CronSim(job.when, last)) <= now:
            found.append(job)
    return found


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="action", required=True)
    commands.add_parser("list", help="print every job, when it is, and what it does")
    commands.add_parser("crontab", help="print the crontab").add_argument(
        "--start",
        default=shlex.quote(str(PROJECT / "deploy" / "run.sh")),
        help="what cron is to start the jobs with, such as docker exec [deploy/run.sh]",
    )
    commands.add_parser("timers", help="write the units").add_argument("folder", type=Path)
    commands.add_parser("run", help="run a job").add_argument("job")
    commands.add_parser("catch-up", help="run each job that was missed, once")
    options = parser.parse_args()
    try:
        jobs = read(TIMETABLE.read_text(encoding="utf-8"))
    except TimetableError as error:
        parser.exit(1, f"{error}\n")
    stamps = Path(os.environ.get("HERALD_HOME", "data")).expanduser().absolute() / "timetable"
    if options.action == "list":
        sys.stdout.writelines(f"{job.when:22} {job.name:24} {job.command}\n" for job in jobs)
    elif options.action == "crontab":
        sys.stdout.write(crontab(jobs, options.start))
    elif options.action == "timers":
        options.folder.mkdir(parents=True, exist_ok=True)
        for name, unit in timers(jobs).items():
            (options.folder / name).write_text(unit, encoding="utf-8")
    elif options.action == "run":
        chosen = [job for job in jobs if job.name == options.job]
        if not chosen:
            parser.exit(2, f"deploy/timetable has no job {options.job}\n")
        run(chosen[0], stamps)
    else:
        now = datetime.now()  # noqa: DTZ005  (cron's time is local)
        done = [
            subprocess.run([PROJECT / "deploy" / "job.sh", job.name], check=False)  # noqa: S603  (ours)
            for job in missed(jobs, stamps, now)
        ]
        return max((job.returncode for job in done), default=0)
    return 0


def _expand(line: str) -> list[Job]:
    """The jobs of a line."""
    words = line.split(maxsplit=_FIELDS + 1)
    if len(words) < _FIELDS + 2:
        raise TimetableError("it needs five fields, a job's name and a command")
    fields, name, command = words[:_FIELDS], words[_FIELDS], words[_FIELDS + 1]
    slugs = [section.slug for section in SECTIONS] if "SECTION" in name else [""]
    jobs = []
    for position, slug in enumerate(slugs):
        minute = str(position * 60 // len(slugs)) if fields[0] == "H" else fields[0]
        when = " ".join([minute, *fields[1:]])
        next(CronSim(when, datetime(2026, 1, 1)))  # noqa: DTZ001  (says what is wrong with it)
        if fields[2] != "*" and fields[4] != "*":
            raise TimetableError(
                "a day and a weekday: cron takes either, systemd both; use one of them"
            )
        job = name.replace("SECTION", slug)
        if not job.replace("-", "").isalnum():
            raise TimetableError(f"{job} is no name of letters, digits and hyphens")
        jobs.append(Job(job, when, command.replace("SECTION", slug)))
    return jobs


def _written(field: str, first: int, names: list[str] | None = None) -> str:
    """One field: cron's steps and ranges in systemd's spelling."""
    parts = []
    for part in field.split(","):
        values, _, step = part.partition("/")
        if names:
            values = "-".join(
                names[int(value)] if value.isdigit() else value.title()
                for value in values.split("-")
            )
        if step and values == "*":
            values = str(first)
        parts.append(values.replace("-", "..") + (f"/{step}" if step else ""))
    return ",".join(parts)


if __name__ == "__main__":
    sys.exit(main())
