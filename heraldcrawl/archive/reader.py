"""Reads WARC files of any origin, record by record, and never more of one than is wanted.

A file may be hostile, or just broken. So every length is bounded before anything is read, what
cannot be read is passed over and counted, and reading goes on at the next place that looks like a
record:

``too_large``
    the record is longer than the limit
``damaged``
    the compressed data is, or what should be a record is none
``truncated``
    the record ends before its length says so
``no_http``
    a response that has no HTTP head
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from heraldcrawl.archive.content import decoded, unchunked
from heraldcrawl.archive.inflate import Broken, Inflater, Truncated
from heraldcrawl.errors import ArchiveError, HeraldError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Records that hold what a site answered.
CAPTURES = frozenset({"response", "revisit", "resource", "conversion"})

_HEAD_LIMIT = 1 << 16  # bytes; WARC's own fields take a few hundred
_HTTP_HEAD_LIMIT = 1 << 18  # bytes; Twisted takes 16 KB a line
#: Bytes to decompress for nothing, or as many as a record may have; then it is quicker to look for
#: a new member.
_SKIP_LIMIT = 1 << 26
_DAMAGE_LIMIT = 1000  # places; what is broken in more is no archive
_LONGEST_LENGTH = 18  # digits
_CRLF2 = b"\r\n\r\n"
_NOT_MODIFIED = 304

_warc_parser: Any = StatusAndHeadersParser(ArcWarcRecordLoader.WARC_TYPES)
_http_parser: Any = StatusAndHeadersParser(ArcWarcRecordLoader.HTTP_TYPES, verify=False)


class Place(NamedTuple):
    """Where a record begins."""

    file: str
    offset: int  # bytes
    inner: int = 0  # bytes, where one gzip member holds several records


@dataclass(slots=True)
class Record:
    """A whole record."""

    place: Place
    record_type: str
    url: str
    captured_at: datetime | None
    fields: dict[str, str]  # the record's, names in lower case
    block: bytes  # all that it holds
    status: int | None = None  # of HTTP
    headers: list[tuple[str, str]] = field(default_factory=list)  # of HTTP
    payload: bytes = b""  # the body as it travelled; all of the block where that is no HTTP
    length: int = 0  # bytes in the file; 0 where one gzip member holds several records

    def header(self, name: str) -> str:
        """An HTTP header, empty if there is none; the name in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def content(self, limit: int) -> bytes:
        """The body as a page: chunks put together, decompressed.

        :raises TooLarge: it has more bytes than the limit
        """
        body = self.payload
        if self.header("transfer-encoding").lower() == "chunked":
            body = unchunked(body)
        return decoded(body, self.header("content-encoding").split(","), limit)

    def take_payload(self, original: Record) -> None:
        """Become what a revisit stands for: with the payload of the response that it refers to.

        A server that had not modified the page told little else of it; then all is the original's.
        """
        self.payload = original.payload
        if self.status in (None, _NOT_MODIFIED):
            self.status, self.headers = original.status, original.headers

    @property
    def refers_to(self) -> tuple[str, datetime | None]:
        """Address and time of the capture that has a revisit's payload."""
        fields = self.fields
        url = fields.get("warc-refers-to-target-uri", self.url)
        return _clean(url), _time(fields.get("warc-refers-to-date", ""))


class Reader:
    """The records of a file, for one pass.

    :param file: to be read from its start, or from an offset on
    :param name: what places call it
    :param max_bytes: longer records are passed over
    :param wanted: which records to read, by type and address; the others are not even decompressed
        into memory
    """

    def __init__(
        self,
        file: BinaryIO,
        name: str,
        *,
        max_bytes: int,
        wanted: Callable[[str, str], bool] = lambda *_: True,
        offset: int = 0,
    ) -> None:
        self._inflater = Inflater(file, offset)
        self._name = name
        self._max_bytes = max_bytes
        self._most_skipped = max(_SKIP_LIMIT, max_bytes + _HTTP_HEAD_LIMIT)
        self._wanted = wanted
        self.skipped: Counter[str] = Counter()
        self.found = 0  # records, of whatever type
        self.end = offset  # of the last whole record

    def __iter__(self) -> Iterator[Record]:
        inflater = self._inflater
        more = True
        while more and self.skipped["damaged"] < _DAMAGE_LIMIT:
            try:
                more = inflater.next_member()
                if more:
                    yield from self._member()
            except Broken as error:
                self.skipped["truncated" if isinstance(error, Truncated) else "damaged"] += 1
                more = inflater.resync()

    def _member(self) -> Iterator[Record]:
        """The records of a gzip member, or all of a file that is not compressed.

        :raises Broken: there is none, or what follows is none
        """
        inflater = self._inflater
        while True:
            place = self._place()
            record = self._record(place)
            is_last = not inflater.starts_with(b"WARC/")
            if is_last and inflater.is_gzip:
                self._skip(self._most_skipped + 1)
                self.end = inflater.offset
            else:
                self.end = self._place().offset
            self.found += 1
            if record is not None:
                record.length = self.end - place.offset
                yield record
            if is_last and not inflater.is_exhausted:
                raise Broken("no record where one should begin")
            if is_last:
                break

    def _place(self) -> Place:
        inflater = self._inflater
        if inflater.is_gzip:
            return Place(self._name, inflater.member_offset, inflater.taken)
        return Place(self._name, inflater.member_offset + inflater.taken)

    def _record(self, place: Place) -> Record | None:
        head = self._inflater.read_until(_CRLF2, _HEAD_LIMIT)
        if head is None:
            raise Broken("no record's head")
        try:
            fields = {
                name.lower(): value for name, value in _warc_parser.parse(BytesIO(head)).headers
            }
        except (StatusAndHeadersParserException, EOFError) as error:
            raise Broken("no record's head") from error
        digits = fields.get("content-length", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_LENGTH):
            raise Broken("no length")
        length = int(digits)
        record_type = fields.get("warc-type", "").lower()
        url = _clean(fields.get("warc-target-uri", ""))
        if not self._wanted(record_type, url):
            self._skip(length)
            return None
        if length > self._max_bytes + _HTTP_HEAD_LIMIT:
            self.skipped["too_large"] += 1
            self._skip(length)
            return None
        block = self._inflater.read(length)
        if len(block) < length:
            self.skipped["truncated"] += 1
            return None
        record = Record(place, record_type, url, _time(fields.get("warc-date", "")), fields, block)
        return self._with_http(record)

    def _with_http(self, record: Record) -> Record | None:
        """The record with its HTTP head taken apart, if it should have one."""
        is_http = record.fields.get("content-type", "").lower().startswith("application/http")
        if not is_http and record.record_type != "response":
            record.payload = record.block
            return record
        end = record.block.find(_CRLF2, 0, _HTTP_HEAD_LIMIT)
        end = end + len(_CRLF2) if end >= 0 else record.block.find(b"\n\n", 0, _HTTP_HEAD_LIMIT) + 2
        if end < len(b"\n\n") or not record.block:
            if record.record_type == "revisit":
                return record  # it need not have any
            self.skipped["no_http"] += 1
            return None
        try:
            head = _http_parser.parse(BytesIO(record.block[:end]))
        except EOFError:
            self.skipped["no_http"] += 1
            return None
        record.headers = head.headers
        with suppress(ValueError):
            record.status = int(head.get_statuscode())
        record.payload = record.block[end:]
        return record

    def _skip(self, size: int) -> None:
        """Pass over the rest of a record.

        :raises Broken: that would take too long, or the data is damaged
        """
        if self._inflater.skip(min(size, self._most_skipped + 1)) > self._most_skipped:
            raise Broken("more than anybody should have to decompress")


@contextmanager
def opened(address: str) -> Iterator[BinaryIO]:
    """Open a local file, or one at any address that fsspec knows, to be read from any place.

    :raises OSError: it cannot be read
    :raises ArchiveError: likewise, from elsewhere
    """
    if "://" not in address:
        with open(address, "rb") as file:  # noqa: PTH123  (it may be a name straight from glob)
            yield file
        return
    import fsspec  # noqa: PLC0415  (half a second, for what most never use)

    with remote(address), fsspec.open(address, "rb") as file:
        yield cast("BinaryIO", file)


@contextmanager
def remote(address: str) -> Iterator[None]:
    """Say in one sentence what goes wrong with a file that is elsewhere.

    :raises ArchiveError: that sentence
    """
    try:
        yield
    except HeraldError:
        raise
    except Exception as error:  # each of fsspec's file systems has errors of its own
        said = str(error).strip() or type(error).__name__
        raise ArchiveError(f"{address}: {said.splitlines()[0]}") from error


def is_warc(file: BinaryIO) -> bool:
    """Look at the beginning of a file."""
    try:
        inflater = Inflater(file)
        return inflater.next_member() and inflater.starts_with(b"WARC/")
    except Broken:
        return False


def record_at(file: BinaryIO, place: Place, max_bytes: int) -> Record | None:
    """The record that begins at a place; None if there is none, or none that can be read."""
    file.seek(place.offset)
    reader = Reader(file, place.file, max_bytes=max_bytes, offset=place.offset)
    for record in reader:
        if record.place == place:
            return record
        if record.place.offset > place.offset:
            break
    return None


def _clean(url: str) -> str:
    """The address without what some tools put around it."""
    return url.strip().removeprefix("<").removesuffix(">").replace(" ", "%20")


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
