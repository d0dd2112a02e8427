"""The installation under a real systemd, by the commands of the operator's page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.deploy.machine import Machine, boot, missing
from tests.deploy.page import commands

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.scrapyd,
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(missing()), reason=f"no machine to install on: {missing()}"),
]

#: What the page's first block does by the network; the tests' machine has been given it.
_BROUGHT = ("apt-get ", "git clone ")
STATE = "SELECT coalesce(reason, 'at work') FROM runs WHERE spider = '{}' ORDER BY id DESC LIMIT 1"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, list[str]]]:
    """A machine that was set up by the page, down to its first job, and what the commands said."""
    with boot(tmp_path_factory.mktemp("machine")) as machine:
        first, *others, _to_live = commands("From nothing to a scheduled crawl")
        lines = [line for line in first.splitlines() if not line.startswith(_BROUGHT)]
        said = [machine.run(script) for script in ("\n".join(lines), *others)]
        machine.run("systemctl stop 'heraldcrawl-job@*.timer'")  # from here on each test for itself
        yield machine, said


@pytest.fixture
def machine(installed: tuple[Machine, list[str]]) -> Machine:
    return installed[0]


def sql(machine: Machine, statement: str) -> str:
    return machine.run(f'heraldcrawl scrapy db psql -- -XAtc "{statement}"').strip()


def last_run(machine: Machine, spider: str) -> str:
    return sql(machine, STATE.format(spider))


def start_job(machine: Machine, spider: str) -> None:
    """Give Scrapyd a job that lasts, and wait until its crawl is at work."""
    machine.run(f"heraldcrawl scrapy schedule {spider} -s DOWNLOAD_DELAY=10")
    query = STATE.format(spider)
    machine.wait_for(f'heraldcrawl scrapy db psql -- -XAtc "{query}" | grep -qx "at work"')


def test_the_page_leads_to_a_scheduled_crawl(installed: tuple[Machine, list[str]]) -> None:
    machine, (install, _, doctor, start, first_job, alarm) = installed
    assert "heraldcrawl is installed." in install
    assert re.search(r"^ok +story .*: layout \w+, ", doctor, re.MULTILINE)
    assert not re.search(r"^wrong ", doctor, re.MULTILINE)
    assert '"status": "ok"' in start
    assert re.search(r"\d+ timers listed", first_job)
    assert "(5 rows)" in first_job
    assert re.search(r"^northkorea +\d+s ago (running|finished) ", first_job, re.MULTILINE)
    assert "command: delivered" in alarm
    assert "heraldcrawl: this is a test" in alarm
    assert machine.run("systemctl --failed --no-legend") == "", machine.run(
        "journalctl --no-pager --output short-precise --unit 'heraldcrawl-job@*'"
    )
    for unit in ("heraldcrawl.target", "heraldcrawl-scrapyd", "heraldcrawl-database"):
        assert machine.run(f"systemctl is-active {unit}") == "active\n"


def test_the_page_s_numbers_are_served(machine: Machine) -> None:
    [script] = commands("Numbers")
    said = machine.run(script)
    assert "heraldcrawl_database_up 1.0\n" in said
    assert "\nheraldcrawl_build_info{" in said
    sockets = machine.run("ss --no-header --listening --numeric --tcp")
    assert "127.0.0.1:9410" in {line.split()[3] for line in sockets.splitlines()}
    machine.run("make install")  # does not switch it off
    assert machine.run("systemctl is-active heraldcrawl-metrics") == "active\n"
    machine.run("systemctl disable --now heraldcrawl-metrics")


def test_the_page_s_ways_to_see_how_it_is_doing(machine: Machine) -> None:
    [script] = commands("How it is doing")
    status, section, dead, doctor = script.splitlines()
    assert "database  reachable" in machine.run(status, check=False)
    assert "    headline " in machine.run(section, check=False)
    machine.run(dead)
    said = machine.run(doctor)
    assert re.search(r"^ok +scrapyd +answers", said, re.MULTILINE)
    assert re.search(r"^ok +database +PostgreSQL", said, re.MULTILINE)


def test_nothing_listens_beyond_loopback(machine: Machine) -> None:
    sockets = machine.run("ss --no-header --listening --numeric --tcp --udp --raw --packet --sctp")
    addresses = {line.split()[4] for line in sockets.splitlines()}
    assert addresses == {"127.0.0.1:6800", "127.0.0.1:8000"}  # Scrapyd, and the sample site


def test_all_is_its_user_s_and_nobody_else_s(machine: Machine) -> None:
    users = machine.run("ps -eo user=,args= | grep -E 'scrapyd|postgres' | grep -v grep")
    assert {line.split()[0] for line in users.splitlines()} == {"heraldc+"}
    assert machine.run("stat -c %a /var/lib/heraldcrawl /etc/heraldcrawl/*") == "700\n640\n600\n"
    others = "setpriv --reuid=nobody --regid=nogroup --clear-groups"
    for path in ("/var/lib/heraldcrawl/postgres", "/etc/heraldcrawl/scrapyd-password"):
        assert "Permission denied" in machine.run(f"{others} cat {path}", check=False)


def test_a_timer_starts_no_second_job(machine: Machine) -> None:
    start_job(machine, "national")
    machine.run("systemctl start heraldcrawl-job@national")
    said = machine.run("journalctl --no-pager --output cat --unit heraldcrawl-job@national")
    assert "national is not started: job" in said


def test_a_restart_ends_the_jobs_in_order(machine: Machine) -> None:
    start_job(machine, "national")
    machine.run("systemctl restart heraldcrawl-scrapyd")
    assert last_run(machine, "national") == "shutdown"


def test_a_killed_scrapyd_comes_back_and_leaves_no_job_behind(machine: Machine) -> None:
    start_job(machine, "national")
    jobs = machine.run("pgrep -f 'scrapyd.runner crawl'").split()
    machine.run("systemctl kill --signal KILL --kill-whom main heraldcrawl-scrapyd")
    for pid in jobs:
        machine.wait_for(f"! test -d /proc/{pid}")
    machine.run("sleep 1; heraldcrawl python -m heraldcrawl.scrapyd 60")
    assert "is not started" not in machine.run("heraldcrawl scrapy schedule national")


def test_a_slot_missed_while_the_machine_was_off_is_caught_up_once(machine: Machine) -> None:
    timer = "heraldcrawl-job@backup.timer"
    count = "ls /var/lib/heraldcrawl/backups 2>/dev/null | grep -c dump || true"
    machine.run(f"systemctl stop {timer}")
    before = int(machine.run(count))
    machine.run(f"touch -d '3 days ago' /var/lib/systemd/timers/stamp-{timer}")
    machine.run(f"systemctl start {timer}")
    machine.wait_for(f"test $({count}) -gt {before}")
    machine.run(f"systemctl restart {timer}; sleep 5")
    assert int(machine.run(count)) == before + 1
    [line] = json.loads(machine.run(f"systemctl list-timers --output json {timer}"))
    assert line["next"]


def test_the_page_s_jobs_by_hand_are_taken(machine: Machine) -> None:
    by_command, by_api, by_client = commands("Jobs by hand")
    assert len(machine.run(by_command).splitlines()) == 2
    said = machine.run(by_api)
    answers = [json.loads(line) for line in said.splitlines()]
    assert [answer["status"] for answer in answers] == ["ok"] * 8
    listed = answers[5]
    known = {job["id"]: job for job in listed["pending"] + listed["running"]}
    assert known["science-to-the-end"]["spider"] == "science"
    arguments = {job["spider"]: (job["args"], job["settings"]) for job in listed["pending"]}
    assert arguments["science"] == ({"full": "1"}, {})
    assert arguments["article"][0] == {
        "url": "https://www.koreaherald.com/view.php?ud=20210805000864"
    }
    settings = {"DOWNLOAD_DELAY": "2", "LOG_LEVEL": "DEBUG"}
    assert ({}, settings) in [(job["args"], job["settings"]) for job in listed["pending"]]
    assert answers[6]["prevstate"] in ("pending", "running")
    said = machine.run(by_client)
    assert "\n  northkorea\n" in said
    assert "heraldcrawl / opinion => " in said
    dbs = "/var/lib/heraldcrawl/scrapyd/dbs"
    machine.run(
        f"systemctl stop heraldcrawl-scrapyd; rm -r {dbs}; systemctl start heraldcrawl-scrapyd"
    )


def test_the_page_s_backup_comes_back(machine: Machine) -> None:
    [script] = commands("Backups")
    said = machine.run(f"{script}\nls -l /tmp/archive.dump /var/lib/heraldcrawl/backups")
    assert len(re.findall(r"\.dump", said)) >= 4
    restored = machine.run(
        "heraldcrawl env HERALD_HOME=/tmp/heraldcrawl-try"
        " scrapy db psql -- -XAtc 'SELECT count(*) FROM articles'"
    )
    assert int(restored.strip()) > 0


def test_installing_again_ends_jobs_only_where_what_they_stand_on_changed(
    machine: Machine,
) -> None:
    start_job(machine, "national")
    version = "ls /var/lib/heraldcrawl/scrapyd/eggs/heraldcrawl | wc -l"
    before = int(machine.run(version))
    machine.run("echo '# newer' >> heraldcrawl/__init__.py; make install")
    assert last_run(machine, "national") in ("at work", "finished")
    assert int(machine.run(version)) == before + 1
    start_job(machine, "national")
    # The packages are no others, so that nothing need be fetched.
    machine.run("sed -i 's/^PIP = .*/PIP = true/' Makefile; touch requirements.txt; make install")
    assert last_run(machine, "national") == "shutdown"
    assert machine.run("systemctl is-active heraldcrawl.target") == "active\n"


def test_what_the_timetable_no_longer_has_is_removed(machine: Machine) -> None:
    machine.run("sed -i '/deploy.prune/d' deploy/timetable; make install")
    assert not machine.run("systemctl list-timers --no-legend heraldcrawl-job@prune.timer")
    assert machine.run("systemctl list-timers --no-legend heraldcrawl-job@backup.timer")


@pytest.mark.browser
def test_the_browser_works_inside_the_sandbox(machine: Machine) -> None:
    chromium = (
        "chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run"
        " --disable-background-networking"
        ' --dump-dom "data:text/html,<p><script>document.write(6*7)</script>"'
    )
    unit = f"""\
[Service]
Type=oneshot
StandardOutput=file:/run/heraldcrawl-browser
ExecStart=/opt/heraldcrawl/deploy/run.sh {chromium}
"""
    file = "/etc/systemd/system/heraldcrawl-browser.service"
    machine.run(f"cat > {file} <<'EOF'\n{unit}EOF\nsystemctl daemon-reload")
    machine.run("systemctl start heraldcrawl-browser")
    assert "</script>42</p>" in machine.run("cat /run/heraldcrawl-browser")


def test_the_page_s_way_to_the_live_site_begins_with_an_empty_archive(machine: Machine) -> None:
    # Not to the live site here: the machine has no network, and its timers are an hour away.
    *_, to_live = commands("From nothing to a scheduled crawl")
    machine.run(to_live)
    assert "SITE_URL" not in machine.run("cat /etc/heraldcrawl/environment")
    assert machine.run("systemctl is-active heraldcrawl.target") == "active\n"
