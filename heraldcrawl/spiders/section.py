"""One section of the menu: front page, menu link, list pages, stories."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request
from scrapy.exceptions import CloseSpider

from heraldcrawl.site.addresses import ROOT, at_site, list_url
from heraldcrawl.site.lists import ListPage, NoEntries, read_list
from heraldcrawl.site.menu import find_section
from heraldcrawl.site.sections import Section, addresses, match_label, parent
from heraldcrawl.spiders.arguments import SectionArguments, parse_section
from heraldcrawl.spiders.base import HeraldSpider
from heraldcrawl.spiders.walk import Step, Walker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from heraldcrawl.items import Article
    from heraldcrawl.site.lists import ListEntry
    from heraldcrawl.store import Lease, Listed
    from heraldcrawl.store.records import Walk


@dataclass(frozen=True)
class ListAddress:
    """Where the section's list may be."""

    url: str
    section: Section  # the section itself, or the parent it is looked for in
    source: str  # menu, or known: from the table of sections


@dataclass(frozen=True)
class ListRead:
    """A page of the list as it was read and recorded."""

    number: int
    body: bytes
    listing: ListPage
    listed: list[Listed]


class SectionSpider(HeraldSpider):
    """Follows the menu to the section's list and walks it, newest story first.

    Section: the label path in :attr:`section`.

    Caveats: where the menu has no link to the section, its known addresses are tried; where none of
    them answers, the parent section is walked and only the stories are kept that the pages
    themselves file under this section. Each of these turns is logged once.

    Arguments: see :class:`~heraldcrawl.spiders.arguments.SectionArguments`.
    """

    parse_arguments = staticmethod(parse_section)
    section: ClassVar[Section]
    arguments: SectionArguments

    def __init__(self, *args: Any, **given: str) -> None:
        super().__init__(*args, **given)
        self._addresses: Iterator[ListAddress] = iter(())
        self._walk: Walk | None = None  # None: bounded, or another run's
        self._walker = Walker()
        self._waits_for_walk = False  # another run is on it
        self._seen: set[str] = set()  # ids, by a bounded run
        self._lately: deque[ListRead] = deque(maxlen=2)  # a walk rejoins the one before
        self._pages = 0
        self._deepest = 0  # number of the furthest page read
        self._pending = 0  # stories found that are still to be fetched

    async def discover(self) -> AsyncIterator[Request]:
        if not self.arguments.bounded:
            self._walk = await self.store.walks.open(
                self.name,
                full=self.arguments.full,
                deep_days=self.settings.getfloat("DEEP_WALK_DAYS"),
            )
            if self._walk is None:
                self.logger.info("Another crawl walks %s; this one fetches stories", self.name)
                self.discovering = False
                self._waits_for_walk = True
                return
        yield self._begin_walk()

    async def others_discover(self) -> bool:
        return self._waits_for_walk and await self.store.walks.is_walked_by_others(
            self.name, full=self.arguments.full
        )

    async def take_over(self) -> Request | None:
        if not self._waits_for_walk:
            return None
        self._waits_for_walk = False
        self._walk = await self.store.walks.take_over(self.name, full=self.arguments.full)
        if self._walk is None:
            return None
        self.logger.info("The crawl that walked %s has ended; going on where it was", self.name)
        self.discovering = True
        return self._begin_walk()

    def _begin_walk(self) -> Request:
        if self._walk is not None:
            self._walker = Walker(
                self._walk.next_page,
                full=self.arguments.full,
                deep_pages=self.settings.getint("DEEP_WALK_PAGES") if self._walk.is_deep else 0,
            )
        return Request(
            at_site(f"{ROOT}/", self.site_url),
            callback=self.parse_front,
            errback=self.front_failed,
        )

    # The list's address ---------------------------------------------------------------------------

    def parse_front(self, response: Response) -> Iterator[Request]:
        page = self.page(response, f"{ROOT}/")
        link = find_section(page, self.section.path)
        if link is None and self.is_challenge(page, response):
            once_more = self.ask_again(response)
            if once_more is not None:
                yield from once_more
                return
        path = self.section.path[:-1]
        self._addresses = self._candidates(link, find_section(page, path) if path else None)
        yield from self.next_address()

    def front_failed(self, failure: Failure) -> Iterator[Request]:
        if (once_more := self.answer_missing(failure)) is not None:
            yield from once_more
            return
        self.logger.warning("The front page did not answer: %s", failure.getErrorMessage())
        self._addresses = self._candidates(None, None)
        yield from self.next_address()

    def next_address(self) -> Iterator[Request]:
        """The first page of the list at the next address that may have it.

        :raises CloseSpider: there is no further address
        """
        address = next(self._addresses, None)
        if address is None:
            self.discovering = False
            self.logger.error("No list of %s was found anywhere", " > ".join(self.section.path))
            raise CloseSpider("no_list")
        if address.section is not self.section:
            self.logger.warning(
                "%s has no list of its own; reading %s and keeping its stories",
                " > ".join(self.section.path),
                " > ".join(address.section.path),
            )
        yield self.list_request(address, 1)

    def _candidates(self, link: str | None, parent_link: str | None) -> Iterator[ListAddress]:
        """Every address that may have the list, the likeliest first, each once."""
        tried = set()
        for section, url in ((self.section, link), (parent(self.section), parent_link)):
            if section is None:
                continue
            known = [ListAddress(list_url(a, 1), section, "known") for a in addresses(section)]
            if url is not None:
                known.insert(0, ListAddress(list_url(url, 1), section, "menu"))
            elif section is self.section:
                self.count("menu/missing")
                self.logger.warning(
                    "The menu has no %s; trying its known addresses", " > ".join(section.path)
                )
            for address in known:
                if address.url not in tried:
                    tried.add(address.url)
                    yield address

    # The walk -------------------------------------------------------------------------------------

    def list_request(self, address: ListAddress, number: int) -> Request:
        # News first, depth later: the stories of the pages before come before this page, but for so
        # few of them that the downloader would have nothing to do while it is read.
        is_urgent = self._pending - self.leased < self.busy
        return Request(
            at_site(list_url(address.url, number), self.site_url),
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"address": address, "number": number},
            priority=1 if is_urgent else -1,
        )

    async def parse_list(
        self, response: Response, address: ListAddress, number: int
    ) -> AsyncIterator[Any]:
        self.count("list/pages" if number > self._deepest else "list/pages_again")
        self._deepest = max(self._deepest, number)
        assert self.crawler.stats is not None
        self.crawler.stats.max_value("list/deepest", number)
        page = self.page(response, list_url(address.url, number))
        before = self._read_before(number)
        try:
            listing = before.listing if before and before.body == page.body else read_list(page)
        except NoEntries as error:
            is_refused = self.is_challenge(page, response)
            once_more = self.ask_again(response) if is_refused else None
            if once_more is not None:
                for request in once_more:
                    yield request
                return
            if not is_refused and self.may_render(response):
                yield self.rendered(response)
                return
            self.count("list/unreadable")
            for request in self._no_list(address, number, str(error)):
                yield request
            return
        if number == 1 and not listing.entries:
            self.count("list/empty")
            for request in self._no_list(address, number, "the list is empty"):
                yield request
            return
        self.refusals.accepted()
        if before and before.listing.entries == listing.entries:
            listed = before.listed  # all of it is recorded
        else:
            listed = await self._record(listing, address)
            self._lately.append(ListRead(number, page.body, listing, listed))
        self.wake()
        step = self._step(listing, listed, number)
        if step.read is not None:  # it is on its way while the database takes this page in
            yield self.list_request(address, step.read)
        await self._advance(step)

    def _read_before(self, number: int) -> ListRead | None:
        """The same page as it was when the walk, which looks whether it moved, read it first."""
        if not self._walker.is_rejoining:
            return None
        return next((read for read in self._lately if read.number == number), None)

    def list_failed(self, failure: Failure) -> Iterator[Request]:
        if (once_more := self.answer_missing(failure)) is not None:
            yield from once_more
            return
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        self.count_failed("list", failure.value)
        yield from self._no_list(**request.cb_kwargs, reason=failure.getErrorMessage())

    def _no_list(self, address: ListAddress, number: int, reason: str) -> Iterator[Request]:
        """A list page that gave nothing: elsewhere for a first page, an interrupted walk later."""
        if number == 1:
            self.logger.warning("No list at %s: %s", address.url, reason)
            yield from self.next_address()
        elif self._walk is not None and (further_up := self._walker.without(number)):
            yield self.list_request(address, further_up)
        else:
            self.logger.error(
                "Page %d of %s gave nothing (%s); the next run goes on from there",
                number,
                address.url,
                reason,
            )
            self.count("list/interrupted")
            self.leave_unfinished()

    async def _record(self, listing: ListPage, address: ListAddress) -> list[Listed]:
        self._pages += 1
        self.count("list/entries", len(listing.entries))
        listed = await self.store.ledger.record_listing(
            self.name,
            address.section.path,
            listing.entries,
            walk=self._walk,
            wanted=lambda entry: self.arguments.wants(entry) and self._may_belong(entry, address),
        )
        self.count("list/new", sum(entry.is_new for entry in listed))
        self._pending += sum(entry.pending for entry in listed)
        return listed

    def _step(self, listing: ListPage, listed: list[Listed], number: int) -> Step:
        """What follows a page."""
        if self._walk is None:
            return Step(self._next_page_within_bounds(listing, listed, number))
        order = {entry.id: position for position, entry in enumerate(listing.entries)}
        listed.sort(key=lambda entry: order[entry.article_id])
        return self._walker.after(number, listed, is_last=bool(listing.last))

    async def _advance(self, step: Step) -> None:
        """Note how far the walk has come."""
        if self._walk is not None and (step.passed or step.read is None):
            await self.store.walks.advance(
                self._walk, step.passed, step.next_page, end=step.read is None
            )
        if step.read is None:
            self.discovering = False
            self.wake()

    def _next_page_within_bounds(
        self, listing: ListPage, listed: list[Listed], number: int
    ) -> int | None:
        ids = {entry.id for entry in listing.entries}
        at_end = listing.last or not ids or ids <= self._seen
        self._seen |= ids
        arguments = self.arguments
        if at_end or (arguments.pages and self._pages >= arguments.pages):
            return None
        if arguments.limit and self._pending >= arguments.limit:
            return None
        if all(arguments.is_past(entry) for entry in listing.entries):
            return None
        if not arguments.full and all(entry.is_covered for entry in listed):
            return None
        return number + 1

    # A section without a list of its own ----------------------------------------------------------

    def _may_belong(self, entry: ListEntry, address: ListAddress) -> bool:
        """Whether a parent's list leaves it open that the story belongs to this section."""
        if address.section is self.section or not entry.category:
            return True
        filed = match_label(entry.category)
        return filed is None or filed is self.section or filed is address.section

    async def keeps(self, article: Article, lease: Lease) -> bool:
        listed_under = tuple(lease.section)
        if listed_under == self.section.path:
            return True
        if tuple(article.breadcrumbs[: len(self.section.path)]) == self.section.path:
            return True
        self.count("story/elsewhere")
        filed = " > ".join(article.breadcrumbs) or "no section"
        await self.store.ledger.set_aside(lease.article_id, self.name, f"filed under {filed}")
        self.wake()
        return False
