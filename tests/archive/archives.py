"""The page archives that tests' crawls leave, as other people's tools see them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from tests.crawling import select

CAPTURES = ("response", "revisit", "conversion")


def warc_files(home: Path) -> list[Path]:
    """The archive's files, the oldest first."""
    return sorted((home / "archive").glob("*/*.warc.gz"))


def read_all(*files: Path) -> list[Any]:
    """All records, as warcio reads them, with their bodies in ``body``."""
    found = []
    for file in files:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                record.body = record.content_stream().read()
                found.append(record)
    return found


def addresses(records: list[Any], *kinds: str) -> list[str]:
    """What the records of some types are of."""
    return [r.rec_headers["WARC-Target-URI"] for r in records if r.rec_type in kinds]


def assert_readable(*files: Path) -> None:
    """Two tools of others find every digest right."""
    tools = Path(sys.executable).parent
    for file in files:
        for command in (["warcio", "check"], ["fastwarc", "check", "--quiet"]):
            checked = subprocess.run(
                [tools / command[0], *command[1:], file],
                capture_output=True,
                text=True,
                check=False,
            )
            assert checked.returncode == 0, (command, file, checked.stdout, checked.stderr)
            assert checked.stdout == ""


def assert_rows_match(url: str, home: Path) -> None:
    """Every capture has its row, every row its capture, and the row says where."""
    rows = select(url, "SELECT * FROM captures ORDER BY file, record_offset")
    found = []
    for file in warc_files(home):
        with file.open("rb") as stream:
            records = ArchiveIterator(stream)
            for record in records:
                record.raw_stream.read()
                fields = record.rec_headers
                offset = records.get_record_offset()
                if record.rec_type in CAPTURES:
                    name = f"{file.parent.name}/{file.name}"
                    found.append(
                        (name, offset, records.get_record_length(), fields["WARC-Target-URI"])
                    )
    assert found == [
        (row["file"], row["record_offset"], row["record_length"], row["url"]) for row in rows
    ]


def assert_stories_are_archived(url: str) -> None:
    """No story is stored whose page has no capture."""
    missing = select(
        url,
        "SELECT id FROM articles a WHERE NOT EXISTS (SELECT FROM captures c"
        " WHERE c.article_id = a.id AND c.captured_at = a.fetched_at)",
    )
    assert missing == []
