"""The operator's page where there is no systemd, and what it points to."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.page import PAGE, commands

PROJECT = PAGE.parents[1]


def clone(folder: Path) -> Path:
    """The project as git would bring it, with this environment in place of one to be installed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (PROJECT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name)
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    return folder


@pytest.mark.scrapyd
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a network of its own")
def test_the_page_s_way_without_systemd(tmp_path: Path) -> None:
    """On a network of its own, for the port is the usual one."""
    project = clone(tmp_path / "heraldcrawl")
    [script] = commands("Without systemd")
    stop = "pkill --parent $$ --signal TERM; wait"
    check = "crontab -n data/crontab" if shutil.which("crontab") else "true"
    done = subprocess.run(
        [
            *("unshare", "--net", "--pid", "--fork", "--mount-proc", "--kill-child=KILL"),
            *("bash", "-euc", f"ip link set lo up\n{script}\n{check}\n{stop}"),
        ],
        cwd=project,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    said = f"{done.stdout}\n{done.stderr}\n{(project / 'data/scrapyd.log').read_text('utf-8')}"
    assert done.returncode in (0, 143), said
    assert '"status": "ok"' in done.stdout, said
    assert re.search(r"^northkorea [0-9a-f]{32}$", done.stdout, re.MULTILINE), said
    assert (project / "data/timetable/northkorea").exists()
    crontab = (project / "data/crontab").read_text("utf-8").splitlines()
    assert crontab[0] == f"HERALDCRAWL_ENVIRONMENT={project}/data/environment"
    start = f"{project}/deploy/run.sh deploy/job.sh northkorea >/dev/null"
    assert any(line.endswith(start) for line in crontab)
    settings = (project / "data/environment").read_text("utf-8")
    assert f"HERALD_HOME={project}/data\n" in settings
    assert "CONTACT=you@example.org\n" in settings


def headings(path: Path) -> set[str]:
    """The anchors of a page's headings."""
    return {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    }


def test_what_the_page_points_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGE.read_text("utf-8")):
        if "://" not in target:
            name, _, anchor = target.partition("#")
            path = PAGE.parent / name if name else PAGE
            assert path.exists(), target
            assert not anchor or anchor in headings(path), target


def test_every_setting_of_the_installation_has_its_place_on_the_page() -> None:
    text = PAGE.read_text("utf-8")
    settings = (PROJECT / "deploy/environment").read_text("utf-8")
    for setting in re.findall(r"^#?([A-Z_]+)=", settings, re.MULTILINE):
        assert setting in text, setting
