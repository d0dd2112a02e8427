"""Put on a crawl's path: the crawl is killed in the midst of the write that KILL_AT_WRITE numbers.

A kill from outside would have to hit some microseconds.
"""

from __future__ import annotations

import os
import signal

_write = os.write
_left = int(os.environ.get("KILL_AT_WRITE", "0"))


def write(descriptor: int, data: bytes | memoryview) -> int:
    """As ``os.write``, until it is time."""
    global _left  # noqa: PLW0603  (there is one for the process)
    if bytes(data[:3]) == b"\x1f\x8b\x08":
        _left -= 1
        if _left == 0:
            _write(descriptor, data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
    return _write(descriptor, data)


os.write = write  # type: ignore[assignment]  # for what the archive gives it
