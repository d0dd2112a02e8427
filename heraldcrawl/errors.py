"""What can go wrong in a way that the operator can mend. Each message is one clear sentence."""

from __future__ import annotations

from http import HTTPStatus

from scrapy.exceptions import CloseSpider, DownloadCancelledError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

#: Answers that say that there is no such page, and will be none.
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def why_failed(error: BaseException | None) -> tuple[str, bool]:
    """Tell in one word why a request gave no page, and whether another attempt would give none.

    The word is ``http_500``, ``too_large``, ``forbidden``, or the error's own: ``TimeoutError``.

    >>> why_failed(IgnoreRequest("Forbidden by robots.txt"))
    ('forbidden', True)
    """
    if isinstance(error, HttpError):
        return f"http_{error.response.status}", error.response.status in GONE
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in str(error):
        # The second is how an answer says so that grows too large when it is decompressed.
        return "too_large", True
    if isinstance(error, IgnoreRequest):
        return "forbidden", True
    return type(error).__name__, False


class HeraldError(Exception):
    """The base of all; commands print it as one line and exit with a status of their own."""


class ArgumentError(HeraldError):
    """A spider's argument is wrong; raised before any request, exit status 2."""


class StoreError(HeraldError):
    """The database cannot be used as it is: wrong URL, out of reach, no rights, newer schema."""


class UpkeepError(StoreError):
    """The database can be used, but not for this: a backup, a restore or a role was not made."""


class Stopping(IgnoreRequest):
    """The crawl ends, and what still waits for its turn is not asked of the site any more."""


class DatabaseLost(StoreError, Stopping, CloseSpider):  # noqa: N818  (an outcome, not a fault of ours)
    """The database stayed away too long, or refuses what every story needs.

    Raised by every method of the store from then on. Wherever it leaves the spider, Scrapy ends the
    crawl with the reason ``database_unavailable``; the next run goes on where this one was.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.args = (why,)  # which CloseSpider forgets, and other processes are told
        self.reason = "database_unavailable"


class ArchiveLost(HeraldError, Stopping):  # noqa: N818  (likewise)
    """The page archive cannot be written: a full disk, no rights, a broken file system.

    Raised for every response from then on, so that no story is stored whose page is not archived.
    The crawl ends with the reason ``archive_unwritable``; the next run goes on where it was.
    """


class ArchiveError(HeraldError):
    """The page archive is not as it should be, or cannot do what is asked of it."""


class SecretError(HeraldError):
    """A file that holds a password cannot be read, or others can read it too."""


class ScrapydError(HeraldError):
    """Scrapyd does not answer, or refuses what it is asked for."""


class DeliveryError(HeraldError):
    """A message was not taken on one of its ways; the words never hold an address or a password.

    :param way: webhook, mail or command
    """

    def __init__(self, way: str, why: str) -> None:
        super().__init__(f"{way}: {why}")
        self.way = way


class ReplayError(HeraldError):
    """REPLAY names no readable WARC file."""


class BrowserUnavailable(HeraldError):  # noqa: N818  (an outcome, not a fault)
    """A page needs the browser, and none was found or it did not start; the message says why.

    Raised to the request's errback by ``download.py``; the crawl goes on without the browser.
    """


class BrowserBudgetSpent(HeraldError):  # noqa: N818  (an outcome, not a fault)
    """A page needs the browser, and BROWSER_PAGES pages were rendered in this run already.

    Raised to the request's errback by ``download.py``; a later run may render the page.
    """
