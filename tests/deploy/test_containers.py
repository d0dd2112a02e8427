"""The container files, by every check that needs no Docker daemon."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from tests.deploy.harness import CREDENTIALS, PROJECT, make_site, run
from tests.deploy.page import commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEPLOY = PROJECT / "deploy"
SHELL = [*sorted(DEPLOY.glob("*.sh")), PROJECT / ".ci/run", PROJECT / "tests/deploy/boot.sh"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(DEPLOY / "compose.yaml"))


def instructions() -> Iterator[tuple[str, str]]:
    text = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest


def test_the_compose_file_is_what_its_specification_allows() -> None:
    run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml"),
        ],
        dict(os.environ),
    )


def test_every_container_is_closed_and_bounded(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys(), name
        assert service.get("user", "root") != "root" or name == "scrapyd"
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")


def test_passwords_come_from_files_and_the_page_makes_them(compose: dict[str, Any]) -> None:
    made = "\n".join(commands("In containers"))
    for secret in compose["secrets"].values():
        assert f"> deploy/{secret['file']}" in made
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name or "DATABASE_URL" in name:
                assert name.endswith("_FILE")
                assert value.startswith("/run/secrets/")
                assert value.rpartition("/")[2] in service["secrets"]


def test_what_the_image_copies_exists_and_is_let_through() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    for name, rest in instructions():
        if name == "COPY" and not rest.startswith("--from"):
            *sources, _ = rest.split()
            for source in sources:
                assert (PROJECT / source).exists()
                assert source.split("/")[0] in let_through


def test_the_image_is_locked_and_runs_as_nobody_s_user() -> None:
    steps = list(instructions())
    installs = [rest for name, rest in steps if name == "RUN" and "pip install" in rest]
    assert [rest.count("pip install") for rest in installs] == [2]
    assert installs[0].count("--require-hashes") == 2
    assert [rest for name, rest in steps if name == "USER"] == ["10001"]
    assert any(name == "HEALTHCHECK" for name, _ in steps)
    for name in ("requirements.txt", "deploy/requirements.txt"):
        text = (PROJECT / name).read_text("utf-8")
        pinned = re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==", text, re.MULTILINE)
        assert len(pinned) > 3
        assert text.count("--hash=sha256:") >= len(pinned)


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is missing")
@pytest.mark.parametrize("script", SHELL, ids=lambda path: str(path.name))
def test_scripts_pass_shellcheck(script: Path) -> None:
    done = subprocess.run(["shellcheck", script], capture_output=True, text=True, check=False)
    assert done.stdout == ""


@pytest.mark.scrapyd
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a network of its own")
def test_what_the_container_runs_works_in_a_fresh_folder(tmp_path: Path) -> None:
    """On a network of its own, for its ports are fixed."""
    site = make_site(tmp_path)
    [start] = [rest for name, rest in instructions() if name == "CMD"]
    [check] = [rest for name, rest in instructions() if name == "HEALTHCHECK"]
    health = " ".join(re.findall(r'"([^"]+)"', check))
    script = f"""
        ip link set lo up
        {" ".join(re.findall(r'"([^"]+)"', start))} & pid=$!
        for _ in $(seq 120); do
            curl -sS -u "$SCRAPYD_USERNAME:$SCRAPYD_PASSWORD" \
                'http://127.0.0.1:6800/listprojects.json' | grep heraldcrawl && break
            sleep 1
        done
        {health} && echo healthy
        ss --no-header --listening --numeric --tcp | awk '{{print "at", $4}}'
        kill $pid; wait $pid
        {health.replace(" 5", " 0")} || echo gone
    """
    environment = site.environment | CREDENTIALS | {"SCRAPYD_BIND_ADDRESS": "0.0.0.0"}  # noqa: S104  (as there)
    environment.pop("SCRAPYD_HTTP_PORT")
    done = subprocess.run(
        ["unshare", "--net", "bash", "-c", script],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert '"projects": ["heraldcrawl"]' in done.stdout, done.stderr
    assert "healthy\nat 0.0.0.0:6800\n" in done.stdout, done.stderr
    assert done.stdout.endswith("gone\n"), done.stderr
