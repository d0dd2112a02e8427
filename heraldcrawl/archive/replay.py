"""Answers every request from WARC files; nothing touches the network."""

from __future__ import annotations

import logging
from glob import glob
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from heraldcrawl.errors import ReplayError
from heraldcrawl.site.addresses import resource_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

#: The body that Scrapy gets is decoded, so these no longer describe it.
_DECODED = ("content-encoding", "transfer-encoding", "content-length")


class Capture(NamedTuple):
    """Where a response is kept."""

    date: str  # WARC-Date, which sorts as text
    file: str
    offset: int


class ReplayDownloadHandler(BaseDownloadHandler):
    """Takes the place of the HTTP handler when REPLAY is set.

    Of several captures of one address the latest answers. An address that was never captured is a
    404, counted as ``replay/miss``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._captures = index(crawler.settings["REPLAY"])
        self._max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    async def download_request(self, request: Request) -> Response:
        capture = self._captures.get(resource_key(request.url))
        if capture is None:
            assert self.crawler.stats is not None
            self.crawler.stats.inc_value("replay/miss")
            return Response(request.url, status=404, request=request)
        return read(capture, request, self._max_bytes)


def files(patterns: str) -> list[str]:
    """The WARC files that REPLAY names: paths or globs, separated by spaces or commas.

    :raises ReplayError: a pattern matches no file
    """
    found: list[str] = []
    for pattern in [patterns] if _matches(patterns) else patterns.replace(",", " ").split():
        matches = _matches(pattern)
        if not matches:
            raise ReplayError(f"REPLAY names no file: {pattern}")
        found += matches
    return found


def check(patterns: str) -> None:
    """Look at the beginning of every file, which is quick.

    :raises ReplayError: a file is missing or is no WARC file
    """
    for file in files(patterns):
        try:
            with open(file, "rb") as stream:  # noqa: PTH123  (a path straight from glob)
                next(iter(ArchiveIterator(stream)), None)
        except (ArchiveLoadFailed, OSError, EOFError) as error:
            raise ReplayError(f"{file} is no readable WARC file: {error}") from error


def index(patterns: str) -> dict[str, Capture]:
    """The latest capture of every address.

    :raises ReplayError: a file is missing or is no WARC file
    """
    captures: dict[str, Capture] = {}
    for file in files(patterns):
        try:
            for url, capture in _captures(file):
                key = resource_key(url)
                if key not in captures or captures[key].date <= capture.date:
                    captures[key] = capture
        except (ArchiveLoadFailed, OSError, EOFError) as error:
            if not any(capture.file == file for capture in captures.values()):
                raise ReplayError(f"{file} is no readable WARC file: {error}") from error
            logger.warning("%s ends in the middle of a record: %s", file, error)
    return captures


def read(capture: Capture, request: Request, max_bytes: int) -> Response:
    """The response as Scrapy would have downloaded it."""
    with open(capture.file, "rb") as stream:  # noqa: PTH123  (a path straight from glob)
        stream.seek(capture.offset)
        record: Any = next(iter(ArchiveIterator(stream)))
        body = record.content_stream().read(max_bytes + 1)
        if len(body) > max_bytes:
            logger.warning("%s: body cut at %d bytes", request.url, max_bytes)
            body = body[:max_bytes]
        headers = Headers()
        for name, value in record.http_headers.headers if record.http_headers else []:
            if name.lower() not in _DECODED:
                headers.appendlist(name, value)
        status = int(record.http_headers.get_statuscode()) if record.http_headers else 200
    kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
    return kind(request.url, status=status, headers=headers, body=body, request=request)


def _leads_to_itself(record: Any) -> bool:
    """Whether it redirects to another address of the same resource, as the old hosts do."""
    location = record.http_headers and record.http_headers.get_header("Location")
    if not location or record.http_headers.get_statuscode()[:1] != "3":
        return False
    url = record.rec_headers.get_header("WARC-Target-URI")
    return resource_key(urljoin(url, location)) == resource_key(url)


def _matches(pattern: str) -> list[str]:
    return sorted(glob(pattern, recursive=True))  # noqa: PTH207  (Path's takes none that is absolute)


def _captures(file: str) -> Iterator[tuple[str, Capture]]:
    with open(file, "rb") as stream:  # noqa: PTH123  (a path straight from glob)
        records = ArchiveIterator(stream)
        for record in records:
            url = record.rec_headers.get_header("WARC-Target-URI")
            if record.rec_type in ("response", "resource") and url and not _leads_to_itself(record):
                date = record.rec_headers.get_header("WARC-Date") or ""
                yield url, Capture(date, file, records.get_record_offset())
