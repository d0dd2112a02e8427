"""Chromium, driven by scrapy-playwright: renders one page at a time, each without a past.

Importing this module imports Playwright: only ``download.py`` does, at the first page to render.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import shutil
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import HtmlResponse
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.provider import PlaywrightBrowserProvider

from heraldcrawl.errors import BrowserUnavailable
from heraldcrawl.site.addresses import HOSTS, is_herald

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import Browser as PlaywrightBrowser
    from playwright.async_api import Page as PlaywrightPage
    from playwright.async_api import Request as PlaywrightRequest
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser
    from scrapy_playwright.handler import Config

logger = logging.getLogger(__name__)

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",  # a proxy would look up hosts for it, past the rules of `_resolver_rules`
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # nor may scripts send datagrams
)
#: None of them changes what a page says.
UNWANTED = frozenset({"image", "font", "media"})

START_SECONDS = 60  # to start the browser
SETTLE_SECONDS = 10  # at most, until a page has nothing more to fetch

_CONDITIONAL = ("If-None-Match", "If-Modified-Since")
#: They describe the bytes that travelled, not the page that came of them.
_OF_THE_TRANSFER = ("Content-Encoding", "Content-Length", "Content-Type", "Transfer-Encoding")


def find_browser(setting: str) -> str | None:
    """Return the browser to start: BROWSER_EXECUTABLE, or the first that is installed.

    :returns: None where only Playwright's own download is left to try
    """
    return setting or next(filter(None, map(shutil.which, PROGRAMS)), None)


class Browser:
    """One Chromium for a run; every page has a context of its own, so no cookie outlives it.

    Only SITE_URL's host is ever asked for anything, and with it the Herald's other hosts where
    SITE_URL is the Herald; robots.txt holds for what scripts fetch as well, so a host whose
    robots.txt nobody has read is left alone.

    :param robots: host with port -> its robots.txt, filled in the course of the crawl
    """

    def __init__(self, crawler: Crawler, robots: Mapping[str, RobotParser]) -> None:
        settings = crawler.settings
        assert crawler.stats is not None
        self._stats = crawler.stats
        self._robots = robots
        site_url: str = settings["SITE_URL"]
        self._site = urlsplit(site_url)
        self._site_is_herald = is_herald(site_url)
        self._user_agent = settings["USER_AGENT"]
        self._robots_name = settings["ROBOTSTXT_USER_AGENT"] or self._user_agent
        self._obey = settings.getbool("ROBOTSTXT_OBEY")
        self._verify = settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        self._maxsize = settings.getint("DOWNLOAD_MAXSIZE")
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._numbers = itertools.count(1)
        self._handler = ScrapyPlaywrightDownloadHandler(crawler)
        self._handler.abort_request = self._refuses
        # The handler would start its provider when the engine starts, which has passed.
        self._chromium = self._handler.browser_provider = Chromium(
            self._handler.config,
            find_browser(settings["BROWSER_EXECUTABLE"]),
            _resolver_rules(self._site.hostname or "", self._site_is_herald),
        )

    async def render(self, request: Request) -> HtmlResponse:
        """Open the page and return what its scripts made of it.

        :raises BrowserUnavailable: the browser did not start
        :raises IgnoreRequest: the page led to another host
        :raises DownloadTimeoutError: it took longer than DOWNLOAD_TIMEOUT
        :raises DownloadCancelledError: it is larger than DOWNLOAD_MAXSIZE
        :raises DownloadFailedError: anything else
        """
        if request.meta.get("proxy"):
            raise BrowserUnavailable("a proxy is set, and the browser does not go through it")
        await self._chromium.launch_browser()
        context = f"page-{next(self._numbers)}"
        visited = [request.url]
        timeout = request.meta.get("download_timeout") or self._timeout
        try:
            async with asyncio.timeout(timeout):
                response, page_url, text = await self._read(request, context, visited)
        except TimeoutError as error:
            raise DownloadTimeoutError(
                f"Rendering {request.url} took longer than {timeout} seconds"
            ) from error
        except (PlaywrightError, RuntimeError) as error:  # scrapy-playwright raises both
            self._check_host(visited)
            raise DownloadFailedError(f"Rendering {request.url}: {_reason(error)}") from error
        finally:
            await self._forget(context)
        visited.append(page_url)
        self._check_host(visited)
        return self._response(request, response, page_url, text)

    async def close(self) -> None:
        """Stop the browser and its driver."""
        try:
            await self._handler.close()
        except (PlaywrightError, OSError) as error:  # Ctrl-C in a terminal ends them before us
            logger.debug("Closing the browser: %s", error)

    async def _read(
        self, request: Request, context: str, visited: list[str]
    ) -> tuple[Response, str, str]:
        def note(sent: PlaywrightRequest) -> None:
            if sent.is_navigation_request() and sent.frame.parent_frame is None:
                visited.append(sent.url)

        headers = request.headers.copy()
        for name in _CONDITIONAL:
            headers.pop(name, None)  # a page "not modified" would be an empty one
        meta: dict[str, Any] = {
            "playwright": True,
            "playwright_context": context,
            "playwright_context_kwargs": {
                "user_agent": self._user_agent,
                "accept_downloads": False,
                "service_workers": "block",
                "ignore_https_errors": not self._verify,
                "timezone_id": "Asia/Seoul",  # for pages whose scripts print the time
            },
            "playwright_include_page": True,
            "playwright_page_event_handlers": {"request": note},
            "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
        }
        rendered = request.replace(headers=headers, meta=meta)
        response = await self._handler.download_request(rendered)
        page: PlaywrightPage = rendered.meta["playwright_page"]
        with suppress(PlaywrightTimeoutError):  # then what is there by now has to do
            await page.wait_for_load_state("networkidle", timeout=SETTLE_SECONDS * 1000)
        return response, page.url, await page.content()

    async def _forget(self, context: str) -> None:
        """Close the page with everything that it opened."""
        wrapper = self._handler.context_wrappers.get(context)
        if wrapper is not None:
            with suppress(PlaywrightError):  # a browser that has crashed has no context to close
                await wrapper.context.close()

    def _response(
        self, request: Request, response: Response, page_url: str, text: str
    ) -> HtmlResponse:
        if b"html" not in (response.headers.get("Content-Type") or b"html"):  # it has a viewer
            raise DownloadFailedError(f"Rendering {request.url}: it is no HTML page")
        body = text.encode("utf-8", errors="replace")
        maxsize = request.meta.get("download_maxsize", self._maxsize)
        if maxsize and len(body) > maxsize:
            raise DownloadCancelledError(
                f"{request.url} has {len(body)} bytes when rendered, more than DOWNLOAD_MAXSIZE"
            )
        headers = response.headers.copy()
        for name in _OF_THE_TRANSFER:
            headers.pop(name, None)
        headers["Content-Type"] = "text/html; charset=utf-8"
        return HtmlResponse(
            page_url,
            status=response.status,
            headers=headers,
            body=body,
            encoding="utf-8",
            flags=["browser"],
            ip_address=response.ip_address,
        )

    def _check_host(self, visited: list[str]) -> None:
        """Give a page up that went elsewhere, as ``middlewares.OffsiteRedirects`` does."""
        elsewhere = next((url for url in visited if not self._is_ours(url)), None)
        if elsewhere is not None:
            self._stats.inc_value("offsite/redirects")
            raise IgnoreRequest(f"{visited[0]} leads off the Herald's hosts, to {elsewhere}")

    def _refuses(self, sent: PlaywrightRequest) -> bool:
        unwanted: bool = sent.resource_type in UNWANTED
        return unwanted or not self._is_ours(sent.url) or self._forbids(sent.url)

    def _is_ours(self, url: str) -> bool:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            return parts.scheme in ("about", "blob", "data")  # made by the page, asked of nobody
        same = parts.hostname == self._site.hostname
        return same or (self._site_is_herald and is_herald(url))

    def _forbids(self, url: str) -> bool:
        host = urlsplit(url).netloc
        if not self._obey or not host:
            return False
        robots = self._robots.get(host)
        if robots is None:  # it was not read, or could not be: Scrapy takes the latter for a yes
            return host != self._site.netloc
        return not robots.allowed(url, self._robots_name)


class Chromium(PlaywrightBrowserProvider):
    """Starts Playwright's driver and the browser when a page first needs them.

    :param executable: None for Playwright's own download
    """

    def __init__(self, config: Config, executable: str | None, resolver_rules: str) -> None:
        super().__init__(config)
        self._executable = executable
        self._arguments = [*ARGUMENTS, f"--host-resolver-rules={resolver_rules}"]
        self._lock = asyncio.Lock()
        self._browser: PlaywrightBrowser | None = None

    async def launch_browser(self) -> PlaywrightBrowser:
        """Return the browser, started anew where it is not running.

        :raises BrowserUnavailable: it did not start, or its driver
        """
        async with self._lock:
            if self._browser is None or not self._browser.is_connected():
                try:
                    async with asyncio.timeout(START_SECONDS):
                        self._browser = await self._launch()
                except (PlaywrightError, OSError) as error:  # TimeoutError is an OSError
                    name = self._executable or "Playwright's own Chromium"
                    raise BrowserUnavailable(
                        f"{name} did not start ({_reason(error)}); install Debian's package"
                        ' "chromium", run "playwright install --with-deps chromium", or set'
                        " BROWSER_EXECUTABLE"
                    ) from error
                logger.info("Started Chromium %s", self._browser.version)
            return self._browser

    async def _launch(self) -> PlaywrightBrowser:
        if self.browser_type is None:
            await _check_driver()
            await self.start()
        assert self.browser_type is not None
        return await self.browser_type.launch(
            executable_path=self._executable,
            args=self._arguments,
            # Ctrl-C ends the crawl, which ends the browser after its last page.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )


async def _check_driver() -> None:
    """Run Playwright's driver once for its version: one that cannot run would be hard to tell."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "playwright", "--version"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, complaint = await process.communicate()
    if process.returncode:
        said = complaint.decode(errors="replace").strip() or f"exit status {process.returncode}"
        reason = said.splitlines()[0]
        raise BrowserUnavailable(
            f"Playwright's driver does not run ({reason}); a bare Debian lacks its package"
            ' "libatomic1"'
        )


def _resolver_rules(site_host: str, is_herald_site: bool) -> str:
    """Let the browser find no host but these.

    Its driver asks nobody about redirects, web sockets and its own housekeeping, so that
    ``Browser._refuses`` alone would let them pass.

    >>> _resolver_rules("127.0.0.1", False)
    'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'
    """
    herald = {"*.koreaherald.com", *HOSTS} if is_herald_site else set()
    return ", ".join(
        ["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in sorted({site_host, *herald}))]
    )


def _reason(error: Exception) -> str:
    r"""Return the line of an error that says what happened; Playwright's can have a hundred.

    >>> _reason(RuntimeError("Launch failed\nlog:\n - chrome: error while loading libnss3.so"))
    'Launch failed: chrome: error while loading libnss3.so'
    """
    lines = [line.strip(" -\t") for line in str(error).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    cause = [line for line in lines[1:] if "error while loading" in line]
    return ": ".join([lines[0], *cause[:1]])
