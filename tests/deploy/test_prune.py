"""What is old is removed, and nothing else."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DAY_SECONDS = 86400


def put(path: Path, *, days: float, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    at = time.time() - days * DAY_SECONDS
    os.utime(path, (at, at))
    return path


def prune(home: Path, **environment: str) -> list[Path]:
    """What it removed."""
    done = subprocess.run(
        [PROJECT / "deploy" / "prune.sh"],
        env={"PATH": os.environ["PATH"], "HERALD_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return sorted(Path(line) for line in done.stdout.splitlines())


def test_feeds_and_logs_go_by_age(tmp_path: Path) -> None:
    feeds, logs = tmp_path / "feeds" / "northkorea", tmp_path / "scrapyd/logs/heraldcrawl/latest"
    old = [
        put(feeds / "old.jsonl", days=92),
        put(feeds / "empty.jsonl", days=9, text=""),
        put(logs / "old.log", days=32),
    ]
    kept = [
        put(feeds / "young.jsonl", days=88),
        put(feeds / "empty now.jsonl", days=6, text=""),
        put(feeds / "notes.txt", days=999),
        put(logs / "young.log", days=29),
        put(tmp_path / "postgres/data/old.log", days=999),
        put(tmp_path / "archive/2020/old.warc.gz", days=999),
    ]
    assert prune(tmp_path) == sorted(old)
    assert all(path.exists() for path in kept)
    assert not any(path.exists() for path in old)
    assert prune(tmp_path) == []
    assert len(prune(tmp_path, FEED_DAYS="30", LOG_DAYS="7")) == 2


def test_backups_and_versions_go_by_number(tmp_path: Path) -> None:
    backups = [
        put(tmp_path / f"backups/2026-01-{day:02}T040500Z.dump", days=400 - day)
        for day in range(1, 17)
    ]
    part = put(tmp_path / "backups/.2026-01-01T040500Z.dump.77.part", days=3)
    at_work = put(tmp_path / "backups/.2026-01-17T040500Z.dump.78.part", days=0)
    eggs = [
        put(tmp_path / f"scrapyd/eggs/heraldcrawl/{1_795_000_000 + n}.egg", days=0)
        for n in range(12)
    ]
    assert prune(tmp_path) == sorted([part, *backups[:2], *eggs[:2]])
    assert at_work.exists()
    assert prune(tmp_path, BACKUPS="3") == backups[2:13]
    assert [path for path in backups if path.exists()] == backups[13:]


def test_an_empty_home_is_fine(tmp_path: Path) -> None:
    assert prune(tmp_path / "none") == []


@pytest.mark.parametrize("days", ["soon", ""])
def test_what_is_no_number_removes_nothing(tmp_path: Path, days: str) -> None:
    feed = put(tmp_path / "feeds/northkorea/old.jsonl", days=80)
    done = subprocess.run(
        [PROJECT / "deploy" / "prune.sh"],
        env={"PATH": os.environ["PATH"], "HERALD_HOME": str(tmp_path), "FEED_DAYS": days},
        capture_output=True,
        check=False,
    )
    assert done.returncode == (0 if days == "" else 1)
    assert feed.exists()
