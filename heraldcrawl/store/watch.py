"""Runs the embedded server, and stops it once nobody uses it, however its users ended.

The source of this module is handed to a bare ``python -I -S -``, which shares nothing with the
crawl that started it: it needs the standard library alone, and no path below the crawl's own.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import threading
import time
from typing import Any


def watch(*, command: list[str], user: dict[str, Any], server: int, users: int, keep: str) -> None:
    """Run the server until it ends or its last user is gone.

    :param command: starts the server, in the working directory
    :param user: whom to run it as, in subprocess's terms
    :param server: a locked file, inherited by every process of the server
    :param users: a file on which every user holds a shared lock
    :param keep: as long as this file exists, the server stays without users
    """
    if os.fork():
        os._exit(0)  # whoever started us need not wait for us
    process = subprocess.Popen(command, pass_fds=(server,), stdin=subprocess.DEVNULL, **user)  # noqa: S603  (our own command)

    def stop_when_unused() -> None:
        while True:
            while os.path.exists(keep):  # noqa: PTH110  (pathlib costs more than the rest)
                time.sleep(1)
            fcntl.flock(users, fcntl.LOCK_EX)  # granted when the last user is gone
            if not os.path.exists(keep):  # noqa: PTH110
                break
            fcntl.flock(users, fcntl.LOCK_UN)
        process.send_signal(signal.SIGINT)  # orderly, without waiting for open connections

    threading.Thread(target=stop_when_unused, daemon=True).start()
    process.wait()
