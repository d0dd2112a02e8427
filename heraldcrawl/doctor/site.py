"""The site, asked as a crawl asks it: its robots.txt, a list, a story; and the browser.

A small crawl of Scrapy's with the project's own settings, manners and readers. It stores nothing,
and takes its turns at the site beside the crawls that are under way.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from scrapy import Request, signals
from scrapy.spidermiddlewares.httperror import HttpError

from heraldcrawl.doctor.check import ok, warning, wrong
from heraldcrawl.doctor.chromium import look_at_browser
from heraldcrawl.loaders import load_article
from heraldcrawl.middlewares import Refusals
from heraldcrawl.site.addresses import ROOT, at_site, list_url
from heraldcrawl.site.lists import NoEntries, read_list
from heraldcrawl.site.menu import find_section
from heraldcrawl.site.page import NotAStory
from heraldcrawl.site.sections import SECTIONS, addresses
from heraldcrawl.spiders.base import HeraldSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from heraldcrawl.doctor.check import Check
    from heraldcrawl.items import Article
    from heraldcrawl.site.lists import ListEntry

_SECTION: Final = next(each for each in SECTIONS if each.slug == "northkorea")
#: One address of each kind that crawls ask for.
_PATHS: Final = (
    "/",
    "/list.php?ct=020104000000",
    "/National/NorthKorea",
    "/view.php?ud=20210805000864",
    "/article/10400001",
    "/rss/newsAll",
)
_NEEDED: Final = ("headline", "date_published", "article_body")
_STORIES: Final = 3  # so many are tried, for one may be gone
_APART_SECONDS: Final = 60.0
_TIMEOUT_SECONDS: Final = 10
#: Nothing is stored, judged or told elsewhere, and nobody waits for long.
_SETTINGS: Final = {
    "EXTENSIONS": {"heraldcrawl.doctor.turns.Turns": 10},
    "ITEM_PIPELINES": {},
    "FEEDS": {},
    "PICTURES": False,
    "ARCHIVE_ENABLED": False,
    "RETRY_ENABLED": False,
    "DOWNLOAD_TIMEOUT": _TIMEOUT_SECONDS,
    "CLOSESPIDER_TIMEOUT": 6 * _TIMEOUT_SECONDS,
}


class SiteCheck(HeraldSpider):
    """Follows the menu to a list and the list to a story, as the sections' spiders do.

    :param checks: what is found is told to it
    :param asks_site: or only start the browser
    """

    name = "doctor"

    def __init__(self, tell: Callable[[Check], None], *, asks_site: bool) -> None:
        super().__init__()
        self._tell = tell
        self._asks_site = asks_site
        self._robots: RobotParser | None = None
        self._lists: list[str] = []
        self._entries: list[ListEntry] = []
        self._best: Check | None = None  # of stories that lack something

    @staticmethod
    def parse_arguments(given: dict[str, str]) -> Any:
        return given

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.setdict(_SETTINGS, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteCheck:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.robots_parsed, signal=signals.robots_parsed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        refusals = self.crawler.get_downloader_middleware(Refusals)
        assert refusals is not None
        self.refusals = refusals
        if self.settings.getint("BROWSER_PAGES") > 0:
            self._tell(await look_at_browser(self.crawler))
        if self._asks_site:
            yield self._request(f"{ROOT}/", self.parse_front)

    def robots_parsed(self, robotparser: RobotParser) -> None:
        self._robots = robotparser

    def parse_front(self, response: Response) -> Iterator[Request]:
        self._tell(self._allowed())
        if not self.settings.get("REPLAY"):
            self._tell(_clock(response))
        link = find_section(self.page(response, f"{ROOT}/"), _SECTION.path)
        path = " > ".join(_SECTION.path)
        if link is None:
            self._tell(
                warning("menu", f"has no {path}", "a crawl tries the addresses that it knows")
            )
        else:
            self._tell(ok("menu", f"{path}: {link}"))
        known = [list_url(each, 1) for each in addresses(_SECTION)]
        self._lists = [*([list_url(link, 1)] if link else []), *known]
        yield from self._next_list("no address is known")

    def parse_list(self, response: Response) -> Iterator[Request]:
        try:
            entries = read_list(self.page(response, self._lists[0])).entries
        except NoEntries as error:
            yield from self._next_list(str(error), is_answered=True)
            return
        if not entries:
            yield from self._next_list("it is empty", is_answered=True)
            return
        dated = sum(entry.date_published is not None for entry in entries)
        self._tell(ok("list", f"{self._lists[0]}: {len(entries)} entries, {dated} with their time"))
        self._entries = list(entries[:_STORIES])
        yield self._request(self._entries[0].url, self.parse_story)

    def parse_story(self, response: Response) -> Iterator[Request]:  # type: ignore[override]  # of no lease
        entry = self._entries[0]
        try:
            article = load_article(self.page(response, entry.url), entry, _SECTION.path)
        except NotAStory as outcome:
            yield from self._next_story(str(outcome))
        else:
            found = _story(article)
            if found.state == "ok":
                self._tell(found)
            else:  # a photo without a text tells little
                self._best = self._best or found
                yield from self._next_story(found.said)

    def failed(self, failure: Failure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        why = failure.getErrorMessage().rstrip(".") or type(failure.value).__name__
        if isinstance(failure.value, HttpError):
            why = f"answered {failure.value.response.status}"
        if request.callback == self.parse_list:
            yield from self._next_list(why, is_answered=True)
        elif request.callback == self.parse_story:
            yield from self._next_story(why)
        else:
            self._tell(self._allowed())
            self._tell(
                wrong(
                    "site",
                    f"{request.url}: {why}",
                    "look at it in a browser; check SITE_URL, REPLAY, the network, and proxies",
                )
            )

    # Private --------------------------------------------------------------------------------------

    def _request(self, url: str, callback: Callable[[Response], Iterator[Request]]) -> Request:
        return Request(at_site(url, self.site_url), callback=callback, errback=self.failed)

    def _next_list(self, why: str, *, is_answered: bool = False) -> Iterator[Request]:
        last = self._lists[0] if self._lists else ""
        if is_answered:
            self._lists.pop(0)
        if self._lists:
            yield self._request(self._lists[0], self.parse_list)
        else:
            said = f"none of its addresses has a list; {last}: {why}"
            self._tell(wrong("list", said, "the site may have a new layout, or moved its lists"))

    def _next_story(self, why: str) -> Iterator[Request]:
        entry = self._entries.pop(0)
        if self._entries:
            yield self._request(self._entries[0].url, self.parse_story)
        else:
            to_do = "the site may have a new layout: scrapy layout -h"
            none = wrong("story", f"none could be read; {entry.url}: {why}", to_do)
            self._tell(self._best or none)

    def _allowed(self) -> Check:
        """Whether robots.txt lets us do what we are here for."""
        if self._robots is None:
            return warning("robots.txt", "could not be read", "a crawl takes that for a yes")
        agent = self.settings["ROBOTSTXT_USER_AGENT"]
        root = self.site_url.rstrip("/")
        forbidden = [path for path in _PATHS if not self._robots.allowed(f"{root}{path}", agent)]
        if forbidden:
            return wrong(
                "robots.txt",
                f"forbids {', '.join(forbidden)}",
                "crawls leave these alone: ask the site's people, or do without",
            )
        asked = self._robots.crawl_delay(agent)
        delay = self.settings.getfloat("DOWNLOAD_DELAY")
        if asked and asked > delay and not self.settings.get("REPLAY"):
            said = f"asks for {asked:g} s between requests"
            return warning("robots.txt", said, f"set DOWNLOAD_DELAY={asked:g}")
        return ok("robots.txt", f"allows {agent} the paths of lists and stories")


def _story(article: Article) -> Check:
    evidence = ", ".join(
        f"{name} by {article.sources[name]}" for name in _NEEDED if name in article.sources
    )
    said = (
        f"{article.url}: layout {article.layout}, {len(article.article_body):,} characters,"
        f" {evidence}"
    )
    issues = f"; issues: {', '.join(article.issues)}" if article.issues else ""
    if missing := [name for name in _NEEDED if name not in article.sources]:
        to_do = "the others that were tried lack something as well: the site may have a new layout"
        return warning("story", f"{said}; no {', '.join(missing)}{issues}", to_do)
    return ok("story", f"{said}{issues}")


def _clock(response: Response) -> Check:
    """Compare our clock with the site's, whose answer may have lain in a cache."""
    date = (response.headers.get("Date") or b"").decode("latin-1")
    age = (response.headers.get("Age") or b"0").decode("latin-1")
    try:
        theirs = parsedate_to_datetime(date)
        if theirs.tzinfo is None:
            theirs = theirs.replace(tzinfo=UTC)
    except ValueError:
        return ok("clock", "the site does not tell the time")
    apart = (datetime.now(UTC) - theirs).total_seconds() - (int(age) if age.isdigit() else 0)
    if abs(apart) > _APART_SECONDS:
        return warning(
            "clock", f"{apart:+.0f} s beside the site's", "let NTP set it: timedatectl set-ntp true"
        )
    return ok("clock", f"{apart:+.0f} s beside the site's")
