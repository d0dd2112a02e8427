"""Sites whose stories are of the last hours, so that they are looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.site.sample.site import Site
from tests.site.sample.stories import KST
from tests.stories import execute

if TYPE_CHECKING:
    from tests.site.sample.server import Request, Server


def young(era: str = "mixed", stories: int = 40, **how: Any) -> Site:
    """A site whose stories are nine minutes apart."""
    now = datetime.now(KST).replace(second=0, microsecond=0)
    return Site(stories=stories, era=era, today=now, pace=timedelta(minutes=9), **how)


def make_due(url: str) -> int:
    """Let all stories that will be looked at again be due.

    :returns: how many there are
    """
    return len(execute(url, "UPDATE revisits SET due_at = now() - interval '1 s' RETURNING 1"))


def story_requests(site: Server) -> list[Request]:
    """What was asked for and is a story's page."""
    return [each for each in site.log if "/view.php" in each.target or "/article/" in each.target]
