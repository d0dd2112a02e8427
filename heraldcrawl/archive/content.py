"""Undoes what was done to a body for its transfer, within bounded memory.

Archives hold bodies as they travelled, and may hold bombs: some bytes of Brotli become gigabytes.
"""

from __future__ import annotations

import sys
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import brotli
from warcio.bufferedreaders import ChunkedDataReader

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_CHUNK = 1 << 16  # bytes, decompressed at a time
_GZIP = 31  # zlib's number for a window of 32 KB and gzip's own head


class TooLarge(Exception):  # noqa: N818  (an outcome, not a fault of ours)
    """The body is longer than anybody wants."""


def unchunked(body: bytes) -> bytes:
    """The body without the marks of a chunked transfer; as it is where it has none."""
    data: bytes = ChunkedDataReader(BytesIO(body)).read()
    return data


def decoded(body: bytes, encodings: Iterable[str], limit: int) -> bytes:
    """The body without its content encodings.

    A body that is not what its header says is taken as it is: many archives keep the header beside
    a body that their tool has decompressed. One that is cut short gives what there is.

    >>> decoded(zlib.compress(b"story"), ["deflate"], 100)
    b'story'
    >>> decoded(b"story", ["gzip"], 100)
    b'story'

    :param encodings: in the order in which they were applied
    :raises TooLarge: it has more bytes than the limit
    """
    for encoding in reversed([*encodings]):
        steps = _DECODERS.get(encoding.strip().lower())
        if steps is None:
            break
        body = _gather(steps, body, limit)
    if len(body) > limit:
        raise TooLarge
    return body


def breaks_off(body: bytes, encoding: str, limit: int) -> bool:
    """Whether a compressed body ends before its data does; only gzip and deflate tell.

    >>> breaks_off(zlib.compress(b"story")[:-1], "deflate", 100)
    True

    :param limit: bytes of content; what is longer is for others to refuse
    """
    wbits = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": 15}.get(encoding.strip().lower())
    if wbits is None:
        return False
    decompressor = zlib.decompressobj(wbits)
    size = 0
    try:
        for part in _member(decompressor, body):
            size += len(part)
            if size > limit:
                return False
    except zlib.error:  # it is something else than it says
        return False
    return not decompressor.eof


def _gather(steps: Callable[[bytes], Iterable[bytes]], body: bytes, limit: int) -> bytes:
    """What the steps give together.

    :raises TooLarge: it is more than the limit
    """
    parts = []
    size = 0
    try:
        for part in steps(body):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise TooLarge
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError):
        if not size:
            return body
    return b"".join(parts) if size or not body else body


def _gzip(body: bytes, wbits: int = _GZIP) -> Iterable[bytes]:
    while body:  # of several members, as some servers send
        decompressor = zlib.decompressobj(wbits)
        yield from _member(decompressor, body)
        body = decompressor.unused_data


def _member(decompressor: Any, body: bytes) -> Iterable[bytes]:
    """What the first member of a body holds; the decompressor knows whether it is whole.

    :param decompressor: zlib's, whose class has no public name
    """
    part = b"first"
    # What is taken in as a whole may not have come out as a whole yet.
    while (body or part) and not decompressor.eof:
        yield (part := decompressor.decompress(body, _CHUNK))
        body = decompressor.unconsumed_tail


def _deflate(body: bytes) -> Iterable[bytes]:
    try:
        zlib.decompressobj().decompress(body, 1)
    except zlib.error:
        return _gzip(body, -15)  # without zlib's head, as some servers send it
    return _gzip(body, 15)


def _brotli(body: bytes) -> Iterable[bytes]:
    decompressor = brotli.Decompressor()
    yield decompressor.process(body, output_buffer_limit=_CHUNK)
    while not decompressor.is_finished():
        part = decompressor.process(b"", output_buffer_limit=_CHUNK)
        if not part:
            break
        yield part


def _zstd(body: bytes) -> Iterable[bytes]:
    with zstd.ZstdFile(BytesIO(body)) as file:
        while part := file.read(_CHUNK):
            yield part


_DECODERS: dict[str, Callable[[bytes], Iterable[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
