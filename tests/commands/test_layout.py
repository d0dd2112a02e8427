"""A new layout begins with three files, and never overwrites what is there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "tests/site/pages/e4/visible-only/page.html"
URL = "https://www.koreaherald.com/article/10764333"


def layout(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    (root / "heraldcrawl/site/layouts").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "scrapy", "layout", *args, "--root", str(root)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_module_a_page_and_an_expected_story_are_written(tmp_path: Path) -> None:
    done = layout(tmp_path, "e5", "--page", str(PAGE), "--url", URL)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "tests/site/pages/e5/first"
    assert (folder / "page.html").read_bytes() == PAGE.read_bytes()
    assert json.loads((folder / "meta.json").read_text())["url"] == URL
    expected = json.loads((folder / "expected.json").read_text())
    assert (expected["layout"], expected["id"]) == ("e5", "10764333")
    compile((tmp_path / "heraldcrawl/site/layouts/e5.py").read_text(), "e5.py", "exec")
    again = layout(tmp_path, "e5", "--page", str(PAGE), "--url", URL)
    assert (again.returncode, "already" in again.stderr + again.stdout) == (2, True)


def test_a_name_that_no_module_can_have_is_refused(tmp_path: Path) -> None:
    refused = layout(tmp_path, "../e5", "--page", str(PAGE), "--url", URL)
    assert refused.returncode == 2
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_address_of_no_story_is_refused(tmp_path: Path) -> None:
    refused = layout(tmp_path, "e5", "--page", str(PAGE), "--url", "https://example.org/1")
    assert refused.returncode == 2
    assert "--url https://example.org/1 is no address of a Korea Herald story" in refused.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
