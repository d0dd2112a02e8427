"""The sample site's pictures: coloured patches, small and each its own."""

from __future__ import annotations

import random
import struct
import zlib
from functools import cache
from io import BytesIO

SIZE = (48, 32)


@cache
def picture(number: str) -> bytes:
    """Paint the picture of a number, as JPEG."""
    from PIL import Image  # noqa: PLC0415  (few that use the sample site need it)

    chance = random.Random(number)
    patches = Image.new("RGB", (6, 4))
    patches.putdata([(chance.randrange(256), chance.randrange(256), 90) for _ in range(24)])
    file = BytesIO()
    patches.resize(SIZE).save(file, "JPEG", quality=80, comment=f"sample {number}")
    return file.getvalue()


@cache
def bomb() -> bytes:
    """Make a PNG of a few bytes that says it is 60,000 by 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
