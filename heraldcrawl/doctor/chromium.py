"""The browser: really started, with one page that only a script fills."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from scrapy import Request
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from heraldcrawl.doctor.check import ok, warning
from heraldcrawl.errors import BrowserUnavailable

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from heraldcrawl.doctor.check import Check

_SECONDS: Final = 45
_PAGE: Final = "data:text/html,<p id=a></p><script>a.textContent='sum '+6*7</script>"
_ERRORS: Final = (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    OSError,
)


async def look_at_browser(crawler: Crawler) -> Check:
    """Start it, let it make a page, and stop it."""
    from heraldcrawl.browser import Browser  # noqa: PLC0415  (costs 60 MB and 0.4 s)

    browser = Browser(crawler, {})
    to_do = "without it the rare page that needs it is not read; BROWSER_PAGES=0 says so"
    try:
        async with asyncio.timeout(_SECONDS):
            response = await browser.render(Request(_PAGE))
    except BrowserUnavailable as error:
        return warning("browser", str(error), to_do)
    except _ERRORS as error:
        return warning("browser", f"{type(error).__name__}: {error}".splitlines()[0], to_do)
    finally:
        await browser.close()
    if "sum 42" not in response.text:
        return warning("browser", "it runs no scripts", to_do)
    return ok("browser", "Chromium was started, and ran a page's script")
