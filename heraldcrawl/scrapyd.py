"""Scrapyd as its clients see it: what is pending or running, and one job more.

https://scrapyd.readthedocs.io/en/stable/api.html

``python -m heraldcrawl.scrapyd SECONDS`` waits until it answers, and tells by its exit status.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from heraldcrawl.errors import HeraldError, ScrapydError
from heraldcrawl.secret import secret
from heraldcrawl.settings import BOT_NAME, SCRAPYD_URL

if TYPE_CHECKING:
    from collections.abc import Iterable

#: After a deployment it looks for the spiders first, and answers nobody meanwhile.
_TIMEOUT_SECONDS = 60
_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Job:
    """A job that has not ended."""

    id: str
    spider: str
    state: str  # pending or running
    since: str | None  # local time, of one that runs


class Scrapyd:
    """One Scrapyd, and one project in it.

    :param url: such as http://127.0.0.1:6800
    """

    def __init__(self, url: str, project: str, username: str, password: str) -> None:
        self._url = url.rstrip("/")
        self._project = project
        token = base64.b64encode(f"{username}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}"}
        self._opener = build_opener(ProxyHandler({}))  # a proxy of the environment is not for us

    def wait(self, seconds: float) -> None:
        """Wait until it answers, as one that is just starting will.

        :raises ScrapydError: it did not
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                self._ask("daemonstatus.json")
            except _NoAnswer:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE_SECONDS)
            else:
                return

    def jobs(self) -> list[Job]:
        """Those that are waiting or running.

        :raises ScrapydError: it cannot tell
        """
        listed = self._ask(f"listjobs.json?{urlencode({'project': self._project})}")
        return [
            Job(job["id"], job["spider"], state, job.get("start_time"))
            for state in ("running", "pending")
            for job in listed[state]
        ]

    def schedule(
        self, spider: str, arguments: Iterable[tuple[str, str]], settings: Iterable[str]
    ) -> str:
        """Give it a job.

        :param settings: each NAME=VALUE
        :returns: the job's id
        :raises ScrapydError: it does not take it
        """
        form = [("project", self._project), ("spider", spider), *arguments]
        form += [("setting", setting) for setting in settings]
        return str(self._ask("schedule.json", urlencode(form).encode())["jobid"])

    def _ask(self, service: str, form: bytes | None = None) -> dict[str, Any]:
        request = Request(f"{self._url}/{service}", form, self._headers)  # noqa: S310  (the operator's)
        try:
            with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as response:
                answer = json.load(response)
        except HTTPError as error:
            if error.code == 401:  # noqa: PLR2004  (Unauthorized)
                raise ScrapydError(
                    f"Scrapyd at {self._url} refuses this name and password"
                ) from error
            raise ScrapydError(f"Scrapyd at {self._url} answers {error}") from error
        except (URLError, OSError, HTTPException) as error:
            why = getattr(error, "reason", error)
            why = getattr(why, "strerror", None) or why
            raise _NoAnswer(f"Scrapyd at {self._url} does not answer: {why}") from error
        except ValueError as error:
            raise ScrapydError(f"what answers at {self._url} is no Scrapyd") from error
        if not isinstance(answer, dict) or answer.get("status") not in ("ok", "error"):
            raise ScrapydError(f"what answers at {self._url} is no Scrapyd")
        if answer["status"] == "error":
            words = str(answer.get("message", "")).strip().splitlines() or ["no word why"]
            hint = "; make deploy brings it" if "not found" in words[-1] else ""
            raise ScrapydError(f"Scrapyd refuses: {words[-1]}{hint}")
        return answer


def main(seconds: str) -> int:
    """Wait for the Scrapyd of the environment."""
    try:
        login = secret("SCRAPYD_USERNAME"), secret("SCRAPYD_PASSWORD")
        Scrapyd(SCRAPYD_URL, BOT_NAME, *login).wait(float(seconds))
    except HeraldError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


class _NoAnswer(ScrapydError):  # noqa: N818  (may be mended by waiting)
    """Nobody listens, or whoever does hangs up."""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
