"""Signatures: a few numbers of a text by which an index finds its near copies.

MinHash over pairs of words, cut into bands (locality-sensitive hashing): texts that have a band in
common may be copies. With 20 bands of 4, a re-post with a tenth of its words changed has one in
common with its original in 99 cases of 100, and of a million stories on other things about six do:
more bands would find little more and cost more to store, longer ones would find less.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zlib import crc32

from rensa import RMinHash

if TYPE_CHECKING:
    from heraldcrawl.duplicates.text import Text

_BANDS = 20
_ROWS = 4
_BYTES = 4  # of a hash
_HASHES = struct.Struct(f"<{_BANDS * _ROWS}I")
_OF_BANDS = struct.Struct(f"{_ROWS * _BYTES}s" * _BANDS)
_FIRST_ROWS = range(0, _BANDS * _ROWS, _ROWS)  # no two bands are hashed alike
#: Other seeds, other signatures: the stored ones would find nothing any more.
_SEED = 20210805


@dataclass(frozen=True, slots=True)
class Signature:
    """The columns of a row of ``signatures``."""

    words: int  # how many
    bits: str | None  # a byte of each hash: how many differ tells how far texts are apart
    bands: list[int]  # of 32 bits, with a sign; those of a short text are found by its copies only

    def as_json(self) -> dict[str, Any]:
        return {"words": self.words, "bits": self.bits, "bands": self.bands}


def sign(text: Text) -> Signature:
    """Compute a text's signature; one without words has no band and is never found."""
    if not text.is_long:
        exact = [_signed(crc32(text.exact.encode(errors="replace")))] if text.exact else []
        return Signature(len(text.words), None, exact)
    minhash = RMinHash(num_perm=_BANDS * _ROWS, seed=_SEED)
    minhash.update([*map(" ".join, pairwise(text.words))])
    hashes = _HASHES.pack(*minhash.digest())
    bands = [*map(_signed, map(crc32, _OF_BANDS.unpack(hashes), _FIRST_ROWS))]
    return Signature(len(text.words), "x" + hashes[::_BYTES].hex(), bands)


def _signed(value: int) -> int:
    return value - (1 << 32) if value >> 31 else value
