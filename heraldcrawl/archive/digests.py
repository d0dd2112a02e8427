"""Digests as WARC files have them: an algorithm, and its value in base 32 or 16."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b16decode, b32decode, b32encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

_ALGORITHMS = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})
_CHUNK = 1 << 20  # bytes


def digest(data: bytes) -> str:
    """The digest that we write.

    >>> digest(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    # SHA-1, for it is what other archives' digests can be compared with; nothing here is secret.
    return "sha1:" + b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def matches(data: bytes, told: str) -> bool | None:
    """Whether the data has the digest; None if that cannot be told.

    >>> matches(b"", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709")
    True
    >>> matches(b"", "crc32:00000000") is None
    True
    """
    name, _, value = told.partition(":")
    name = name.lower().replace("-", "")
    if name not in _ALGORITHMS:
        return None
    found = hashlib.new(name, data, usedforsecurity=False).digest()
    try:
        if len(value) == 2 * len(found):
            return b16decode(value, casefold=True) == found
        return b32decode(value, casefold=True) == found
    except binascii.Error:
        return None


class Digesting:
    """Writes to a file and knows the SHA-256 of what it has written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._whole = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._whole.update(data)
        self.bytes += len(data)

    @property
    def sha256(self) -> str:
        return self._whole.hexdigest()


def sha256_of(file: BinaryIO) -> str:
    """The digest of a file from where it stands, in base 16."""
    whole = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        whole.update(chunk)
    return whole.hexdigest()
