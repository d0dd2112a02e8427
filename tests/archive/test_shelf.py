"""Names that lead out of the archive's folder lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heraldcrawl.archive.shelf import Shelf
from heraldcrawl.archive.transfer import destination
from heraldcrawl.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "2026/20260131T060000Z-12-0001.warc.gz"


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../2026/20260131T060000Z-12-0001.warc.gz",
        "2026/../../20260131T060000Z-12-0001.warc.gz",
        f"{NAME}/../../../../etc/passwd",
        f"{NAME}\n",
        f"{NAME}\0",
        "2026\\20260131T060000Z-12-0001.warc.gz",
        "２０２６/20260131T060000Z-12-0001.warc.gz",
        "",
    ],
)
def test_a_name_that_is_not_the_archive_s_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is no file of the page archive"):
        Shelf(tmp_path).path(name)


def test_the_archive_s_names_are_below_its_folder(tmp_path: Path) -> None:
    assert Shelf(tmp_path).path(NAME) == tmp_path / "archive" / NAME
    packed = "2026/20260131T060000Z-packed-0001.warc.gz"
    assert Shelf(tmp_path).path(packed) == tmp_path / "archive" / packed


def test_a_destination_is_kept_as_it_will_be_found_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert destination("backup/") == str(tmp_path / "backup")
    assert destination("file:///mnt/herald") == "/mnt/herald"
    assert destination("memory://herald/") == "memory://herald"
