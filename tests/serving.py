"""An asyncio server in a thread of its own, which leaves no connection open behind it."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CLOSING_SECONDS = 0.05


@contextmanager
def serving(
    loop: asyncio.AbstractEventLoop, server: asyncio.Server, abort: Callable[[], object]
) -> Iterator[int]:
    """Serve until the block ends; its port on 127.0.0.1.

    :param loop: the server's, closed afterwards
    :param abort: cuts all connections that are left, in the loop
    """
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(_end_all(abort))
        loop.close()


async def _end_all(abort: Callable[[], object]) -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    abort()
    await asyncio.sleep(_CLOSING_SECONDS)  # a loop closes what is aborted a little later
