"""Answers every request from WARC files; nothing touches the network."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from glob import glob
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from heraldcrawl.archive.content import TooLarge
from heraldcrawl.archive.reader import CAPTURES, Place, Reader, is_warc, opened, record_at
from heraldcrawl.errors import ReplayError
from heraldcrawl.site.addresses import at_herald, resource_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request
    from scrapy.crawler import Crawler

    from heraldcrawl.archive.reader import Record

logger = logging.getLogger(__name__)

#: Flag of a response that no file has.
MISS = "replay-miss"

#: The body that Scrapy gets is decoded, so these no longer describe it.
_DECODED = ("content-encoding", "transfer-encoding", "content-length")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_REDIRECTS = range(300, 400)


class Answer(NamedTuple):
    """Where the answer to a request is kept."""

    captured_at: datetime
    place: Place
    payload: Place | None  # of a revisit: where its payload is kept


class ReplayDownloadHandler(BaseDownloadHandler):
    """Takes the place of the HTTP handler when REPLAY is set.

    Of several captures of one address the latest answers; our own page archive knows the site's
    addresses alone, whatever SITE_URL is. An address that was never captured is a 404, counted as
    ``replay/miss``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._site_url: str = crawler.settings["SITE_URL"]
        self._answers = index(crawler.settings["REPLAY"], self._max_bytes)

    async def download_request(self, request: Request) -> Response:
        addresses = (request.url, at_herald(request.url, self._site_url))
        answer = next(filter(None, map(self._answers.get, map(resource_key, addresses))), None)
        if answer is None:
            assert self.crawler.stats is not None
            self.crawler.stats.inc_value("replay/miss")
            return Response(request.url, status=404, request=request, flags=[MISS])
        return read(answer, request, self._max_bytes)


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
    for name in files(patterns):
        try:
            with opened(name) as file:
                if is_warc(file):
                    continue
        except OSError as error:
            raise ReplayError(f"{name} is no readable WARC file: {error}") from error
        raise ReplayError(f"{name} is no readable WARC file")


def index(patterns: str, max_bytes: int) -> dict[str, Answer]:
    """The latest capture of every address; what could not be read is counted in the log.

    :raises ReplayError: a file is missing or is no WARC file
    """
    answers: dict[str, Answer] = {}
    payloads: dict[tuple[str, datetime | None], Place] = {}
    revisits: list[tuple[str, datetime, Place, tuple[str, datetime | None]]] = []
    for name in files(patterns):
        for record in _captures(name, max_bytes):
            key, at = resource_key(record.url), record.captured_at or _LONG_AGO
            if record.record_type == "revisit":
                url, referred_at = record.refers_to
                revisits.append((key, at, record.place, (resource_key(url), referred_at)))
                continue
            payloads[key, record.captured_at] = record.place
            _keep_latest(answers, key, Answer(at, record.place, None))
    for key, at, place, referred in revisits:
        # Where it names no time, or one that is not here, its payload is the last one before it.
        before = answers.get(key)
        payload = payloads.get(referred) or (before and (before.payload or before.place))
        if payload is not None:
            _keep_latest(answers, key, Answer(at, place, payload))
    return answers


def read(answer: Answer, request: Request, max_bytes: int) -> Response:
    """The response as Scrapy would have downloaded it.

    :raises DownloadCancelledError: it is too large
    """
    record = _record(answer.place, max_bytes)
    if answer.payload is not None:
        record.take_payload(_record(answer.payload, max_bytes))
    try:
        body = record.content(max_bytes)
    except TooLarge as error:
        raise DownloadCancelledError(
            f"{request.url} has more than DOWNLOAD_MAXSIZE, {max_bytes} bytes"
        ) from error
    headers = Headers()
    for name, value in record.headers:
        if name.lower() not in _DECODED:
            headers.appendlist(name, value)
    if not record.headers and (kind := record.fields.get("content-type")):
        headers["Content-Type"] = kind  # of a record that is no HTTP
    response_class = responsetypes.from_args(headers=headers, url=request.url, body=body)
    return response_class(
        request.url, status=record.status or 200, headers=headers, body=body, request=request
    )


def _captures(name: str, max_bytes: int) -> Iterator[Record]:
    """The captures of a file that can answer.

    :raises ReplayError: it cannot be read, or is no WARC file
    """
    try:
        with opened(name) as file:
            reader = Reader(file, name, max_bytes=max_bytes, wanted=_wanted)
            for record in reader:
                if not _leads_to_itself(record):
                    yield record
    except OSError as error:
        raise ReplayError(f"{name} is no readable WARC file: {error}") from error
    if not reader.found:
        raise ReplayError(f"{name} is no readable WARC file")
    if reader.skipped:
        what = ", ".join(f"{count} {reason}" for reason, count in sorted(reader.skipped.items()))
        logger.warning("%s: records that cannot be read: %s", name, what)


def _record(place: Place, max_bytes: int) -> Record:
    with opened(place.file) as file:
        record = record_at(file, place, max_bytes)
    if record is None:
        raise ReplayError(f"{place.file} has changed since the crawl began")
    return record


def _wanted(record_type: str, url: str) -> bool:
    return record_type in CAPTURES and bool(url)


def _keep_latest(answers: dict[str, Answer], key: str, answer: Answer) -> None:
    if key not in answers or answers[key].captured_at <= answer.captured_at:
        answers[key] = answer


def _leads_to_itself(record: Record) -> bool:
    """Whether it redirects to another address of the same resource, as the old hosts do."""
    location = record.header("location")
    if not location or record.status not in _REDIRECTS:
        return False
    return resource_key(urljoin(record.url, location)) == resource_key(record.url)


def _matches(pattern: str) -> list[str]:
    return sorted(glob(pattern, recursive=True))  # noqa: PTH207  (Path's takes none that is absolute)
