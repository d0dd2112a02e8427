"""What all spiders share: stories come from the ledger, pages become items."""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider
from scrapy.http import TextResponse
from scrapy.spidermiddlewares.httperror import HttpError

from heraldcrawl.conditional import conditional, is_not_modified, read_validators
from heraldcrawl.errors import (
    BrowserBudgetSpent,
    BrowserUnavailable,
    DatabaseLost,
    Stopping,
    why_failed,
)
from heraldcrawl.extensions.database import Database
from heraldcrawl.extensions.monitors import Monitors
from heraldcrawl.loaders import load_article, load_article_and_names
from heraldcrawl.middlewares import REFUSALS, REFUSED_ALONE, TOO_MANY, Refusals
from heraldcrawl.monitoring.traits import UNREAD, traits_of
from heraldcrawl.pipelines.store import StorePipeline
from heraldcrawl.site.addresses import HOSTS, at_herald, at_site, canonical_url, story_url
from heraldcrawl.site.page import NotAStory, Page, charset, with_herald_links
from heraldcrawl.site.verdict import leads_away, verdict
from heraldcrawl.store import Visit
from heraldcrawl.store.identity import other_names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from heraldcrawl.items import Article
    from heraldcrawl.monitoring.second_look import SecondLook
    from heraldcrawl.store import Lease, Store

#: Reasons for which another attempt would find the same; for a revisit they are what they seem
#: only if the site says so, and a layout may be at fault as well.
_FINAL = ("not_found", "list", "foreign")
#: So many pages that could not be read, without a single one that could, tell of a new layout.
_NOT_READ_LIMIT = 3
#: Key of ``request.meta``: how often the site has refused to answer a list or a feed.
_TIMES_REFUSED = "times_refused"
#: Seconds between two looks at a ledger in which others still work.
_LOOK_AGAIN_SECONDS = 1.0


class HeraldSpider(Spider):
    """Leases stories from the ledger and reads their pages; subclasses fill the ledger."""

    def __init__(self, *args: Any, **given: str) -> None:
        self.arguments = type(self).parse_arguments(given)
        self.arguments_given = given
        super().__init__(*args)
        self.leased = 0
        self.discovering = True  # more stories may enter the ledger
        self.is_unfinished = False  # a list was not read to its end
        self._news = asyncio.Event()
        self._refused: list[Lease] = []  # since the site last answered as it should

    @staticmethod
    def parse_arguments(given: dict[str, str]) -> Any:
        """The spider's arguments as one value, or ArgumentError; every subclass has its own."""
        raise NotImplementedError

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.site_url = crawler.settings["SITE_URL"]
        spider.allowed_domains = [*HOSTS, str(urlsplit(spider.site_url).hostname)]
        crawler.signals.connect(spider.wake, signal=signals.item_scraped)
        crawler.signals.connect(spider.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(spider.item_error, signal=signals.item_error)
        crawler.signals.connect(spider.callback_broke, signal=signals.spider_error)
        crawler.signals.connect(spider.conclude, signal=signals.spider_idle)
        return spider

    allowed_domains: list[str]
    site_url: str
    store: Store
    refusals: Refusals

    async def start(self) -> AsyncIterator[Any]:
        database = self.crawler.get_extension(Database)
        refusals = self.crawler.get_downloader_middleware(Refusals)
        if not (database and refusals and self.crawler.get_item_pipeline(StorePipeline)):
            self.logger.error(
                "EXTENSIONS, DOWNLOADER_MIDDLEWARES or ITEM_PIPELINES switch off the database, the"
                " answer to refusals or the storing of stories; there is no crawl without them"
            )
            raise CloseSpider("misconfigured")
        self.store, self.refusals = database.store, refusals
        async for request in self.discover():
            yield request
        async for request in self.stories():
            yield request
        if (monitors := self.crawler.get_extension(Monitors)) is not None:
            for lease in await monitors.doubtful():
                yield self.second_look_request(lease, monitors.second_look)

    async def discover(self) -> AsyncIterator[Request]:
        """The first requests that lead to story addresses."""
        raise NotImplementedError
        yield  # an async generator

    # Stories --------------------------------------------------------------------------------------

    async def stories(self) -> AsyncIterator[Request]:
        """Stories from the ledger, a few at a time, until nothing is left to find or to fetch."""
        seconds = self.settings.getfloat("LEASE_SECONDS")
        while count := self._how_many():
            revisits = count // 2 if self._revisits else 0
            leases = await self.store.ledger.lease(self.name, count, seconds, revisits=revisits)
            self.leased += len(leases)
            for lease in leases:
                yield self.story_request(lease)
            if leases:
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            elif self.discovering or await self._others_at_work():
                self._news.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), _LOOK_AGAIN_SECONDS)
            elif request := await self.take_over():
                yield request
            else:
                break
        waiting = await self.store.ledger.count_waiting(self.name)
        assert self.crawler.stats is not None
        self.crawler.stats.set_value("ledger/waiting", waiting)

    async def others_discover(self) -> bool:
        """Whether another run may still find stories for this one."""
        return False

    async def take_over(self) -> Request | None:
        """Go on with what another run had begun to discover, and did not finish."""
        return None

    def story_request(self, lease: Lease) -> Request:
        meta = conditional(lease.etag, lease.last_modified)
        if lease.was_refused:
            meta[REFUSED_ALONE] = True
        return Request(
            at_site(lease.url, self.site_url),
            callback=self.parse_story,
            errback=self.story_failed,
            cb_kwargs={"lease": lease},
            meta=meta,
        )

    async def parse_story(self, response: Response, lease: Lease) -> AsyncIterator[Any]:
        if is_not_modified(response):
            await self._see_unchanged(lease, _fetched_at(response))
            return
        page = self.page(response, self._address(response))
        try:
            article, names = load_article_and_names(page, lease.entry, tuple(lease.section))
        except NotAStory as outcome:
            if outcome.reason == "challenge":
                self.refusals.refused(again(response), "challenge")
                await self._refuse(lease, response)
                return
            if lease.is_revisit and (outcome.reason == "not_found" or leads_away(page)):
                await self._see_gone(lease, str(outcome))
                return
            if outcome.reason in ("unreadable", "empty") and self.may_render(response):
                yield self.rendered(response)
                return
            self.count(f"story/{outcome.reason}")
            self.logger.warning("%s is no story: %s", lease.url, outcome)
            final = outcome.reason in _FINAL and not lease.is_revisit
            await self._fail(lease, outcome.reason, outcome.detail, final=final)
        except Exception:  # a page that breaks a reader must not be lost
            self.logger.exception("%s broke its reader", lease.url)
            await self._fail(lease, "reader_error", traceback.format_exc())
        else:
            await self._accept()
            if lease.has_text and not article.article_body:
                # Whatever became of the page, this is no newer text.
                await self._fail(lease, "lost_text", f"nothing but {article.headline!r}")
            elif lease.is_revisit or await self.keeps(article, lease):
                self.store.note(lease.article_id, self._visit(response, page, lease, names))
                article.id, article.url = lease.article_id, story_url(lease.article_id)
                yield article

    async def story_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        lease: Lease = request.cb_kwargs["lease"]
        error = failure.value
        if response := refusal(failure):
            await self._refuse(lease, response)
        elif isinstance(error, HttpError):
            reason, is_gone = why_failed(error)
            if is_gone and lease.is_revisit:
                await self._see_gone(lease, reason)
            else:
                await self._fail(lease, reason, "", final=is_gone)
        elif isinstance(error, BrowserUnavailable | BrowserBudgetSpent):
            await self._fail(lease, "unreadable", str(error))
        elif is_over(failure):
            self.count("story/given_back")  # with all that this run had leased, when it closes
        else:
            reason, is_final = why_failed(error)
            await self._fail(lease, reason, str(error), final=is_final)

    async def keeps(self, article: Article, lease: Lease) -> bool:  # noqa: ARG002  (for subclasses)
        """Whether the story is one that was asked for."""
        return True

    # The monitors' second look --------------------------------------------------------------------

    def second_look_request(self, lease: Lease, look: SecondLook) -> Request:
        """An older story's page, to see what it gives now; nothing is stored."""
        return Request(
            at_site(lease.url, self.site_url),
            callback=self.look_again,
            errback=self.not_seen_again,
            cb_kwargs={"old": lease, "look": look},
        )

    def look_again(self, response: Response, old: Lease, look: SecondLook) -> None:
        page = self.page(response, old.url)
        try:
            article = load_article(page, old.entry, tuple(old.section))
        except NotAStory as outcome:
            if outcome.reason in UNREAD:
                look.saw(old, None)
        except Exception:  # a page that breaks a reader, too
            self.logger.exception("%s broke its reader", old.url)
            look.saw(old, None)
        else:
            look.saw(old, traits_of(article))

    def not_seen_again(self, failure: Failure) -> None:
        """No answer is no evidence."""
        if not is_over(failure):
            self.logger.info("No second look: %s", failure.getErrorMessage())

    # For subclasses -------------------------------------------------------------------------------

    def page(self, response: Response, url: str) -> Page:
        """The response as the readers take it, as if www.koreaherald.com had answered."""
        declared = response.headers.get("Content-Type", b"") or b""
        return Page(
            url=url,
            body=with_herald_links(response.body, self.site_url),
            fetched_at=_fetched_at(response),
            status=response.status,
            encoding=charset(declared.decode("latin-1")),
        )

    def is_challenge(self, page: Page, response: Response) -> bool:
        """Whether the site asks for a human instead of answering; if so, that is a refusal."""
        if verdict(page)[0] != "challenge":
            return False
        self.refusals.refused(again(response), "challenge")
        return True

    def ask_again(self, refused: Response) -> list[Request] | None:
        """Ask for the same once more, unless the crawl ends.

        :returns: None if this alone was refused BLOCK_LIMIT times: it gives nothing, then
        """
        if self.refusals.gave_up:
            return []
        request = again(refused)
        request.meta[_TIMES_REFUSED] = times = request.meta.get(_TIMES_REFUSED, 0) + 1
        return [request] if times < self.settings.getint("BLOCK_LIMIT") else None

    def answer_missing(self, failure: Failure) -> list[Request] | None:
        """What follows a request for a list or a feed that gave no page; None: it gives nothing."""
        if refused := refusal(failure):
            return self.ask_again(refused)
        return [] if is_over(failure) else None

    def may_render(self, response: Response) -> bool:
        """Whether the browser may look at a page in which no reader found anything."""
        return (
            self.settings.getint("BROWSER_PAGES") > 0
            and isinstance(response, TextResponse)
            and "browser" not in response.flags
        )

    def rendered(self, response: Response) -> Request:
        """The same request, answered by the browser."""
        meta = {"browser": True, "rendered_from": response.meta.get("capture")}
        return again(response).replace(url=response.url, meta=meta)

    def count(self, key: str, by: int = 1) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(key, by)

    def count_failed(self, what: str, error: BaseException | None) -> None:
        """Count a request that gave no page.

        :param what: it asked for: a list, a feed
        """
        reason, _ = why_failed(error)
        self.count(f"{what}/failed")
        self.count(f"{what}/failed/{reason}")

    @property
    def busy(self) -> int:
        """How many stories keep the downloader busy."""
        return 2 * self.settings.getint("CONCURRENT_REQUESTS")

    def wake(self) -> None:
        """Something happened: look into the ledger again."""
        self._news.set()

    # What else can happen -------------------------------------------------------------------------

    async def item_dropped(self, response: Response | None, exception: Exception) -> None:
        reason = getattr(exception, "reason", "dropped")
        await self._not_stored(response, reason, str(exception))

    async def item_error(self, response: Response | None, failure: Failure) -> None:
        await self._not_stored(response, "pipeline_error", failure.getTraceback())

    def callback_broke(self, failure: Failure, response: Response | None) -> None:
        """What the callback would have found is not found, and nobody waits for it."""
        request = response.request if response is not None else None
        if request is not None and (lease := request.cb_kwargs.get("lease")):
            if self.store.ledger.holds(lease.article_id):
                task = self._fail(lease, "callback_error", failure.getTraceback())
                self._task = asyncio.ensure_future(task)
        else:
            self.leave_unfinished()

    def leave_unfinished(self) -> None:
        """Discovery stops short of its end; the next run goes on from there."""
        self.discovering = False
        self.is_unfinished = True
        self.wake()

    def conclude(self) -> None:
        """Say how it went, when nothing is left to do; signal handler.

        :raises CloseSpider: not everything was done
        """
        assert self.crawler.stats is not None
        get = self.crawler.stats.get_value
        unread = sum(get(f"story/failed/{reason}", 0) for reason in UNREAD)
        if unread >= _NOT_READ_LIMIT and not get("story/read"):
            self.logger.error("None of %d stories could be read; is this a new layout?", unread)
            raise CloseSpider("no_story")
        if self.is_unfinished:
            raise CloseSpider("unfinished")

    # Private --------------------------------------------------------------------------------------

    def _how_many(self) -> int:
        """Leases to ask for."""
        limit = getattr(self.arguments, "limit", None)
        return self.busy if limit is None else min(self.busy, limit - self.leased)

    @property
    def _revisits(self) -> bool:
        """Whether this run looks at stories again; a bounded one does as it was told."""
        return bool(self.settings.getlist("REVISIT_HOURS")) and not self.arguments.bounded

    async def _others_at_work(self) -> bool:
        await self.store.release_dead_runs()
        return (
            await self.store.ledger.is_outstanding(self.name)
            or (self._revisits and await self.store.revisits.is_outstanding(self.name))
            or await self.others_discover()
        )

    def _address(self, response: Response) -> str:
        """Where the page is that answered, which a redirect may have led to."""
        return canonical_url(at_herald(response.url, self.site_url))

    def _visit(
        self, response: Response, page: Page, lease: Lease, names: dict[str, tuple[str, ...]]
    ) -> Visit:
        """What the page told beside its story."""
        named = other_names(lease.article_id, page.url, names)
        is_rendered = "browser" in response.flags  # by a request that had no conditions
        validators = {} if is_rendered else read_validators(response.headers)
        listed = None if lease.is_revisit else lease.headline
        return Visit(page.url, **validators, named=named, listed=listed)

    async def _see_unchanged(self, lease: Lease, seen_at: datetime) -> None:
        await self._accept()
        await self.store.revisits.see_unchanged(lease.article_id, lease.url, seen_at)
        self.count("story/unchanged")
        self.count("story/not_modified")
        self.wake()

    async def _see_gone(self, lease: Lease, detail: str) -> None:
        await self.store.revisits.see_gone(lease.article_id, lease.url)
        self.count("story/gone")
        self.logger.info("%s is gone from the site: %s", lease.url, detail)
        self.wake()

    async def _not_stored(self, response: Response | None, reason: str, detail: str) -> None:
        """A pipeline let the story go; if it did not say what became of it, it has failed."""
        lease = response.request.cb_kwargs.get("lease") if response and response.request else None
        if lease is not None and self.store.ledger.holds(lease.article_id) and not self.store.lost:
            await self._fail(lease, reason, detail)
        self.wake()

    async def _refuse(self, lease: Lease, response: Response) -> None:
        """The site refused a story's page: not the story's fault, if it refuses all."""
        if lease.was_refused and response.status != TOO_MANY:
            await self._fail(lease, "refused", f"once more, by status {response.status}")
            return
        await self.store.ledger.give_back(lease.article_id)
        self.count("story/given_back")
        if response.status != TOO_MANY:
            self._refused.append(lease)
        self.wake()

    async def _accept(self) -> None:
        """A story's page was what it should be: those refused just before were refused alone."""
        self.refusals.accepted()
        refused, self._refused = self._refused, []
        for lease in refused:
            if await self.store.ledger.take_back(lease.article_id):
                await self._fail(lease, "refused", "the site answered others")

    async def _fail(self, lease: Lease, reason: str, detail: str, *, final: bool = False) -> None:
        state = await self.store.ledger.fail(
            lease.article_id,
            reason,
            detail,
            attempts=self.settings.getint("STORY_ATTEMPTS"),
            final=final,
        )
        self.count("story/failed")
        self.count(f"story/failed/{reason}")
        if lease.is_revisit:
            self.count("revisit/failed")
        if state == "dead":
            self.count("story/dead")
        self.wake()


def again(response: Response) -> Request:
    """The same request once more."""
    assert response.request is not None
    return response.request.replace()


def refusal(failure: Failure) -> Response | None:
    """The answer, if the site refused one."""
    error = failure.value
    if isinstance(error, HttpError) and error.response.status in REFUSALS:
        return error.response
    return None


def is_over(failure: Failure) -> bool:
    """Whether there was no answer because the crawl ends.

    :raises DatabaseLost: that is why, and Scrapy has to hear of it
    """
    if isinstance(failure.value, DatabaseLost):
        # Another one: Scrapy takes the request's own for an answer to it.
        raise DatabaseLost(str(failure.value)) from failure.value
    return isinstance(failure.value, Stopping)


def _fetched_at(response: Response) -> datetime:
    """When the response was archived, or else now."""
    capture = response.meta.get("capture")
    return capture.captured_at if capture else datetime.now(UTC)
