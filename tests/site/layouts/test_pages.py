"""Every saved page gives exactly the expected story; a difference names the field.

A page is a folder ``tests/site/pages/<layout>/<name>/`` of three files: ``page.html``,
``expected.json`` (the article but for times and hash) and ``meta.json`` (address, time of the
fetch, the list's section, and what the page is there for).
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from heraldcrawl.loaders import load_article
from heraldcrawl.site.layouts import LAYOUTS
from heraldcrawl.site.page import Page

PAGES = Path(__file__).parents[1] / "pages"
FOLDERS = sorted(path.parent for path in PAGES.glob("*/*/page.html"))
#: Not of the page: they depend on the database, or are a digest of the other fields.
NOT_COMPARED = ("content_hash", "duplicate_of", "revision", "first_seen_at", "fetched_at")


def read(folder: Path) -> dict[str, Any]:
    """Read a saved page as the crawl would."""
    meta = json.loads((folder / "meta.json").read_text())
    fetched_at = datetime.fromisoformat(meta["fetched_at"])
    page = Page(meta["url"], (folder / "page.html").read_bytes(), fetched_at)
    record = asdict(load_article(page, section=meta.get("section", ())))
    return {name: value for name, value in record.items() if name not in NOT_COMPARED}


def differences(expected: dict[str, Any], found: dict[str, Any]) -> str:
    """Write down, field by field, what is not as expected."""
    names = [name for name in {**expected, **found} if expected.get(name) != found.get(name)]
    return "\n".join(
        f"{name}:\n  expected {expected.get(name)!r}\n  found    {found.get(name)!r}"
        for name in names
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_saved_page_gives_exactly_the_expected_story(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text())
    assert not (wrong := differences(expected, read(folder))), f"\n{wrong}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_saved_page_is_read_by_the_layout_it_is_filed_under(folder: Path) -> None:
    assert json.loads((folder / "expected.json").read_text())["layout"] == folder.parent.name


def test_the_list_of_what_the_site_does_names_all_saved_pages_and_no_other() -> None:
    named = set(re.findall(r"`([a-z0-9]+/[a-z0-9-]+)`", (PAGES / "README.md").read_text()))
    assert named == {f"{folder.parent.name}/{folder.name}" for folder in FOLDERS}


@pytest.mark.parametrize("name", sorted({*(layout.name for layout in LAYOUTS), "generic"}))
def test_every_layout_has_a_saved_page(name: str) -> None:
    assert any(folder.parent.name == name for folder in FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_saved_page_says_what_it_is_there_for(folder: Path) -> None:
    assert json.loads((folder / "meta.json").read_text())["about"]
