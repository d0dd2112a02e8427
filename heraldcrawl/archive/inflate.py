"""Reads a WARC file's bytes, gzip member by gzip member, within bounded memory.

Whatever a file claims, no more than a chunk of it is decompressed ahead: a kilobyte that would
become a gigabyte stays a kilobyte until somebody wants the gigabyte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from isal import isal_zlib

if TYPE_CHECKING:
    from typing import BinaryIO

GZIP_MAGIC = b"\x1f\x8b\x08"

#: Its types say that it is an exception, and mean the class.
_ISAL_ERROR = cast("type[Exception]", isal_zlib.error)

_CHUNK = 1 << 16  # bytes, read or decompressed at a time
_LINE_ENDS = 16  # characters, between two records; there should be four
_GZIP = 31  # zlib's number for a window of 32 KB and gzip's own head


class Broken(Exception):  # noqa: N818  (an outcome, not a fault of ours)
    """The compressed data is damaged."""


class Truncated(Broken):
    """The file ends in the middle of a gzip member."""


class Inflater:
    """The bytes of a file, decompressed where it is gzip, with the place where each began.

    A member's end is an end: reading goes on in the next one only after :meth:`next_member`.

    :param file: to be read from where it stands
    :param offset: where that is
    """

    def __init__(self, file: BinaryIO, offset: int = 0) -> None:
        self._file = file
        self._raw = b""  # read, and not decompressed yet
        self._raw_offset = offset  # of what is in _raw
        self._buffer = bytearray()  # decompressed, and not taken yet
        self._decompressor: isal_zlib.Decompress | None = None
        self._at_end = False  # of the member
        self.member_offset = offset  # where the member began
        self.taken = 0  # bytes of the member that were taken
        self.is_gzip = self._peek(len(GZIP_MAGIC)) == GZIP_MAGIC

    @property
    def offset(self) -> int:
        """How far the file was used, when a member ends: where the next one begins."""
        return self._raw_offset

    @property
    def is_exhausted(self) -> bool:
        """Whether all that was decompressed was taken."""
        return not self._buffer

    def next_member(self) -> bool:
        """Go to the next member, past zeros that fill up.

        :returns: whether there is any
        :raises Broken: what follows is no member
        """
        self._buffer.clear()
        self.taken = 0
        self._at_end = False
        while self._peek(1) == b"\0":
            self._skip_raw(len(self._raw) - len(self._raw.lstrip(b"\0")))
        self.member_offset = self._raw_offset
        if not self._peek(1):
            return False
        if not self.is_gzip:
            return True
        if self._peek(len(GZIP_MAGIC)) != GZIP_MAGIC:
            raise Broken("no gzip member where one should begin")
        self._decompressor = isal_zlib.decompressobj(wbits=_GZIP)
        return True

    def resync(self) -> bool:
        """Look for the next place where a member, or a record that is not compressed, may begin."""
        mark = GZIP_MAGIC if self.is_gzip else b"WARC/1."
        if not self.is_gzip:
            self._raw = bytes(self._buffer) + self._raw
            self._raw_offset -= len(self._buffer)
            self._buffer.clear()
        if self._raw_offset <= self.member_offset:  # or it would find the same again
            self._peek(1)
            self._skip_raw(min(1, len(self._raw)))
        while (at := self._raw.find(mark)) < 0:
            self._skip_raw(max(0, len(self._raw) - len(mark) + 1))
            more = self._file.read(_CHUNK)
            if not more:
                self._skip_raw(len(self._raw))
                return False
            self._raw += more
        self._skip_raw(at)
        return True

    def read(self, size: int) -> bytes:
        """Take so many bytes; fewer only where the member ends.

        :raises Broken: the data is damaged
        """
        while len(self._buffer) < size and self._fill():
            pass
        return self._take(size)

    def read_until(self, mark: bytes, limit: int) -> bytes | None:
        """Take all up to and with a mark; None if it does not come within so many bytes.

        :raises Broken: the data is damaged
        """
        start = 0
        while (at := self._buffer.find(mark, start)) < 0:
            if len(self._buffer) > limit:
                return None
            start = max(0, len(self._buffer) - len(mark) + 1)
            if not self._fill():
                return None
        return self._take(at + len(mark)) if at <= limit else None

    def skip(self, size: int) -> int:
        """Pass over so many bytes.

        :returns: how many there were
        :raises Broken: the data is damaged
        """
        left = size
        while left:
            step = min(left, len(self._buffer))
            self._take(step)
            left -= step
            if left and not self._fill():
                break
        return size - left

    def starts_with(self, mark: bytes) -> bool:
        """Tell whether the rest of the member does, past line ends.

        :raises Broken: the data is damaged
        """
        for _ in range(_LINE_ENDS):
            while len(self._buffer) < len(mark) and self._fill():
                pass
            if not self._buffer.startswith((b"\r", b"\n")):
                break
            self._take(1)
        return self._buffer.startswith(mark)

    def _take(self, size: int) -> bytes:
        if size < len(self._buffer):
            with memoryview(self._buffer) as view:
                taken = bytes(view[:size])
            del self._buffer[:size]
        else:
            taken = bytes(self._buffer)
            self._buffer.clear()
        self.taken += len(taken)
        return taken

    def _fill(self) -> bool:
        """Decompress another chunk.

        :returns: whether there was any
        :raises Broken: the data is damaged, or ends in the middle of a member
        """
        while not self._at_end:
            if not self._raw:
                self._raw = self._file.read(_CHUNK)
            if self._decompressor is None:
                more, self._raw = self._raw, b""
                self._raw_offset += len(more)
                self._at_end = not more
            else:
                more = self._inflate()
            if more:
                self._buffer += more
                return True
        return False

    def _inflate(self) -> bytes:
        assert self._decompressor is not None
        if not self._raw:
            raise Truncated("the file ends in the middle of a record")
        try:
            more = self._decompressor.decompress(self._raw, _CHUNK)
        except _ISAL_ERROR as error:
            raise Broken(str(error)) from error
        self._at_end = self._decompressor.eof
        rest = (
            self._decompressor.unused_data if self._at_end else self._decompressor.unconsumed_tail
        )
        self._raw_offset += len(self._raw) - len(rest)
        self._raw = rest
        return more

    def _peek(self, size: int) -> bytes:
        if len(self._raw) < size:
            self._raw += self._file.read(_CHUNK)
        return self._raw[:size]

    def _skip_raw(self, size: int) -> None:
        self._raw = self._raw[size:]
        self._raw_offset += size
