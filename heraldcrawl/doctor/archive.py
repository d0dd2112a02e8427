"""The page archive: write a record where crawls will, wait for the disk, and read it back."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scrapy import Request
from scrapy.http import Response

from heraldcrawl.archive.reader import Place, opened, record_at
from heraldcrawl.archive.records import Exchange, write
from heraldcrawl.archive.shelf import Shelf
from heraldcrawl.archive.writer import Writer
from heraldcrawl.doctor.check import ok, warning, wrong
from heraldcrawl.folders import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.settings import BaseSettings

    from heraldcrawl.doctor.check import Check

_URL: Final = "https://www.koreaherald.com/robots.txt"
_BODY: Final = b"heraldcrawl was here\n"
_MOST: Final = 1 << 20


def look_at_archive(settings: BaseSettings) -> Iterator[Check]:
    """Write and read a record, and remove it."""
    if not settings.getbool("ARCHIVE_ENABLED"):
        yield warning("archive", "ARCHIVE_ENABLED is off", "no page can be read again later")
        return
    folder = Shelf(Path(settings["HERALD_HOME"])).folder
    place = nearest(folder)
    try:
        aside = Path(tempfile.mkdtemp(prefix=".doctor-", dir=place))
        try:
            has_come_back = _try(aside)
        finally:
            shutil.rmtree(aside)
    except OSError as error:
        yield wrong("archive", f"{place}: {error.strerror}", "mend that, or set HERALD_HOME")
        return
    if has_come_back:
        yield ok("archive", f"{folder}: a record was written to the disk and read back")
    else:
        yield wrong("archive", f"{place} gives back other bytes", "look at the disk")


def _try(folder: Path) -> bool:
    request = Request(_URL)
    answer = Response(_URL, body=_BODY, headers={"Content-Type": "text/plain"}, request=request)
    writer = Writer(folder, 0, {"software": "heraldcrawl"}, _MOST)
    writer.open()
    at = datetime.now(UTC)
    exchange = Exchange(_URL, None, at, request, answer, rendered_from=None, is_rendered=False)
    [(capture, _, _)] = writer.append([(exchange, write(exchange, ()))])
    writer.close()
    with opened(str(folder / capture.file)) as file:
        record = record_at(file, Place(capture.file, capture.record_offset), _MOST)
    return record is not None and record.payload == _BODY
