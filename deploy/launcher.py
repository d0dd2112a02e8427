"""Scrapyd's launcher, which does not leave its jobs behind (``launcher`` in scrapyd.conf)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from scrapyd.launcher import Launcher as ScrapydLauncher
from twisted.internet.defer import DeferredList
from twisted.logger import Logger

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

log = Logger()


class Launcher(ScrapydLauncher):  # type: ignore[misc]  # Scrapyd publishes no types
    """Ends the jobs in order when Scrapyd is stopped; what waits in its queue is started later."""

    def startService(self) -> None:  # noqa: N802  (Twisted's)
        os.environ.pop("SCRAPYD_PASSWORD", None)  # known by now, and no job's business
        super().startService()

    def stopService(self) -> Deferred[Any]:  # noqa: N802  (Twisted's)
        """Stop the jobs, and wait for their end before Scrapyd ends."""
        running = list(self.processes.values())
        ended: Deferred[Any] = DeferredList([process.deferred for process in running])
        for process in running:
            log.info("Stopping job {job} of {spider}", job=process.job, spider=process.spider)
            process.transport.signalProcess("TERM")
        super().stopService()
        return ended
