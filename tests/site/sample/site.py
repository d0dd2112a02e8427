"""The sample site: any address in, an answer out. No network and no clock in it.

``Site(stories=150)`` has the front page with its menu, all sections' lists, every story, RSS and
robots.txt, in the markup of one era or of several at once. What a test wants to go wrong is asked
for by constructor arguments or, while the site is being read, by its methods.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.site.sample import feeds, menu, pictures
from tests.site.sample.eras import (
    PAGE_SIZE,
    Entry,
    Listing,
    MenuItem,
    e1,
    e2a,
    e2b,
    e3,
    e4,
    mobile,
    other,
)
from tests.site.sample.stories import (
    FIRST_DAY,
    FORMS,
    KST,
    OTHER_FORMS,
    TODAY,
    Picture,
    World,
    edited,
    expected,
)
from tests.site.sample.surroundings import Link, Surroundings, heavy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from types import ModuleType

    from tests.site.sample.stories import Story

ROOT = "https://www.koreaherald.com"
DRESSES: dict[str, ModuleType] = {
    "e1": e1, "e2a": e2a, "e2b": e2b, "e3": e3, "e4": e4, "mobile": mobile,
}  # fmt: skip
#: Besides the eras: ``mixed`` has the menu and lists of 2021 and stories in every dress.
ERAS = (*DRESSES, "mixed", "today")

#: When a site of one era opens, if it is not told: in that era.
OPENS = {
    "e1": datetime(2016, 12, 20, 9, 0, tzinfo=KST),
    "e2a": datetime(2018, 3, 20, 9, 0, tzinfo=KST),
    "e2b": datetime(2021, 8, 6, 9, 0, tzinfo=KST),
    "e3": datetime(2024, 12, 11, 9, 0, tzinfo=KST),
    "mobile": datetime(2017, 1, 5, 9, 0, tzinfo=KST),
}

OLD_HOSTS = (
    "koreaherald.com", "m.koreaherald.com", "news.koreaherald.com", "nwww.koreaherald.com",
    "www01.koreaherald.com", "khnews.heraldcorp.com", "khview.heraldm.com",
)  # fmt: skip

#: Lists that are no section of the menu: stories of one form, wherever they are filed.
LISTS_BY_FORM = {
    "ctv=21": "interview",
    "ct=140100000000": "korean",
    "/series/340": "interview",
    "/Korean": "korean",
}
ALL_STORIES = "ct=020000000000"

HTML = "text/html; charset=UTF-8"
ROBOTS = "User-agent: *\nDisallow: /search/\nAllow: /\n"

#: What can be asked to go wrong with a page.
FaultKind = Literal[
    "403", "404", "410", "429", "500", "502", "503",  # that status
    "soft 404", "challenge", "consent", "empty",  # status 200, but no story
    "stall", "reset", "cut",  # the connection; only a server can do these
    "javascript", "json",  # the story is there, but only a browser or a reader of JSON sees it
    "strange",  # the story in markup of no known era
    "textless",  # nothing of it but headline and picture
    "huge",  # the story's page and 24 MB more
    "off-site", "loop",  # redirects to another site, and to itself
    "front", "list", "elsewhere",  # to the front page, to a list, and to the newest story
    "bomb", "no picture",  # of a picture: absurdly large when unpacked; some other file
    "moved",  # redirects to the same page under a longer address
]  # fmt: skip


A_PICTURE = Picture("20260101000001", "A view of Seoul", None)
OF_ITS_PAGE = ("textless", "huge", "loop", "front", "list", "elsewhere")
TRANSPORTS = ("stall", "reset", "cut")
PICTURES = ("/content/image/", "/content/default/", "/news/cms/")
REWRITTEN = {
    "javascript": other.needs_browser,
    "json": other.framework_state,
    "strange": other.strange,
}


@dataclass
class Fault:
    """A page that goes wrong, for ever or so many times."""

    kind: FaultKind
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says.

    :param transport: ``whole``, or how a server is to spoil it: ``stall`` (never answer),
        ``reset`` (the connection), ``cut`` (half of the body)
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    transport: str = "whole"

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)


@dataclass
class Site:
    """A whole site of invented stories.

    :param stories: how many there are when it opens
    :param era: one of :data:`ERAS`
    :param today: when it opens; stories published later are dated after this
    :param pace: time between two stories; by default they reach back to 2012
    :param menu_without: paths that the menu lacks
    :param dead_lists: paths whose lists answer 404
    :param strange_lists: paths whose lists wear markup that nobody has seen
    :param moved: other addresses for paths: ``ct=…`` for old eras, ``/…`` for today's
    :param withheld: stories that do not appear until :meth:`release`
    :param faults: what goes wrong, by story number or by path and query
    :param robots: the text of robots.txt
    :param redirects: ``view.php`` leads to ``/article/`` where a story has moved there
    :param canonical: what pages call their own address: ``own``, ``other`` (the one of the other
        kind), or the address of one story, on all of them
    :param restless: surroundings change with every fetch, the stories do not
    :param page_characters: pages are about so long, with what is around the stories
    :param keep_pages: remember every rendered page, for benchmarks
    :param trouble: this share of story fetches goes wrong, in the ways of ``trouble_kinds``
    """

    stories: int = 150
    seed: int = 1
    era: str = "mixed"
    today: datetime = TODAY  # or as OPENS says
    pace: timedelta | None = None
    menu_without: Collection[tuple[str, ...]] = ()
    dead_lists: Collection[tuple[str, ...]] = ()
    strange_lists: Collection[tuple[str, ...]] = ()
    moved: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    withheld: Collection[int] = ()
    faults: dict[int | str, Fault] = field(default_factory=dict)
    robots: str = ROBOTS
    redirects: bool = True
    canonical: str = "own"
    restless: bool = False
    page_characters: int = 0
    keep_pages: bool = False
    trouble: float = 0.0
    trouble_kinds: tuple[FaultKind, ...] = ("500", "503", "reset", "cut")

    def __post_init__(self) -> None:
        if self.era not in ERAS:
            raise ValueError(f"no era {self.era!r}; there are {', '.join(ERAS)}")
        if self.today == TODAY:
            self.today = OPENS.get(self.era, TODAY)
        if self.pace is None:
            self.pace = (self.today - FIRST_DAY) / (self.stories + 1)
        start = self.today - self.pace * (self.stories + 1)
        self.world = World(self.seed, start, self.pace)
        self.lists = {"mixed": "e2b", "today": "e4"}.get(self.era, self.era)
        self.last = self.stories  # the number of the newest story
        self._hidden = set(self.withheld)
        self._edits: dict[int, list[str]] = {}
        self._stirred: dict[int, int] = {}
        self._answers = 0
        self._blocked: FaultKind | None = None
        self._redesigned: FaultKind | None = None
        self._moved: set[int] = set()
        self._trouble = random.Random(f"trouble of {self.seed}")
        self._pages: dict[tuple[str, bool], Answer] = {}
        self._links: tuple[int, list[Link]] = (-1, [])
        self._paths = {self.list_address(s.path): s.path for s in menu.SECTIONS}
        self._paths[ALL_STORIES] = ()

    # --- the truth ---------------------------------------------------------------------------

    def numbers(self, path: tuple[str, ...] = ()) -> Iterator[int]:
        """Yield the numbers of the stories that the list of a path shows, newest first."""
        return (n for n in self.world.newest_first(path, self.last) if n not in self._hidden)

    def story(self, n: int) -> Story:
        """Story *n* as it stands now."""
        story = self.world.story(n)
        for times, kind in enumerate(self._edits.get(n, ()), 1):
            story = edited(story, kind, times)
        return story

    def dress(self, n: int) -> str:
        """Tell the era whose markup the page of story *n* wears."""
        if n in self._moved:
            return "e4"
        if self.era != "mixed":
            return self.lists
        rank, length = self.world.rank(n), len(FORMS.get(self.world.section(n), OTHER_FORMS))
        # One step for each round of forms, so that every form meets every dress.
        return list(DRESSES)[(rank % length + rank // length) % len(DRESSES)]

    def truth(self, n: int, found_under: tuple[str, ...] | None = None) -> dict[str, Any]:
        """Tell what the record of story *n* must say; see :func:`~.stories.expected`."""
        return expected(self.story(n), self.dress(n), found_under)

    def truths(self, path: tuple[str, ...] = menu.NORTH_KOREA) -> dict[str, dict[str, Any]]:
        """Collect the records that a crawl of a section must end with, by id."""
        records = (self.truth(n, path) for n in self.numbers(path))
        return {record["id"]: record for record in records}

    def story_id(self, n: int) -> str:
        """Tell the id of story *n*: its number where it has today's address, else its ``ud``."""
        story = self.world
        return str(story.number(n)) if self.dress(n) == "e4" else story.ud(n)

    # --- addresses ---------------------------------------------------------------------------

    def story_address(self, n: int) -> str:
        """Path and query of a story's own page."""
        if self.dress(n) == "e4":
            return f"/article/{self.world.number(n)}"
        return f"/view.php?ud={self.world.ud(n)}"

    def list_address(self, path: tuple[str, ...], page: int = 1) -> str:
        """Path and query of a list; the first page as the menu has it."""
        section = menu.BY_PATH[path]
        today = self.lists == "e4"
        base = self.moved.get(path) or (section.today if today else section.old) or "#"
        if today:
            return base if page == 1 else f"{base}?page={page}&pageTop=true"
        if base == "#":
            return base
        base = f"/list.php?{base}"
        return base if page == 1 else f"{base}&ctv=0&np={page}&mp={-(-page // 10)}"

    def last_page(self, path: tuple[str, ...]) -> int:
        return max(1, -(-sum(1 for _ in self.numbers(path)) // PAGE_SIZE))

    # --- what happens while it is being read ---------------------------------------------------

    def publish(self, count: int = 1, path: tuple[str, ...] | None = None) -> list[int]:
        """Let stories appear, in a section if given (others then appear around them)."""
        new: list[int] = []
        while len(new) < count:
            self.last += 1
            if path is None or self.world.section(self.last)[: len(path)] == path:
                new.append(self.last)
            else:
                self._hidden.add(self.last)
        return self._changed(new)

    def release(self, *numbers: int) -> list[int]:
        """Let withheld stories appear where their dates put them."""
        self._hidden.difference_update(numbers)
        return self._changed([*numbers])

    def withdraw(self, *numbers: int, kind: FaultKind = "404") -> list[int]:
        """Take stories off the lists; their pages answer with a fault."""
        self._hidden.update(numbers)
        for n in numbers:
            self.faults[n] = Fault(kind)
        return self._changed([*numbers])

    def restore(self, *numbers: int) -> list[int]:
        """Put withdrawn stories back where they were."""
        for n in numbers:
            self.faults.pop(n, None)
        return self.release(*numbers)

    def edit(self, n: int, kind: str = "text") -> Story:
        """Change a story: ``text headline caption updated``; see :func:`~.stories.edited`."""
        self._edits.setdefault(n, []).append(kind)
        self._changed([n])
        return self.story(n)

    def stir(self, n: int) -> None:
        """Change what is around a story and nothing of it."""
        self._stirred[n] = self._stirred.get(n, 0) + 1
        self._changed([n])

    def block(self, kind: FaultKind | None = "403") -> None:
        """Answer everything but robots.txt in this way; None ends it."""
        self._blocked = kind

    def redesign(self, kind: FaultKind | None = "strange") -> None:
        """Give all story pages a fault: ``strange``, ``json``, ``javascript``; None ends it."""
        self._redesigned = kind
        self._pages.clear()

    def move(self, n: int) -> str:
        """Move a story from its ``view.php`` to today's address, which is returned.

        Whether the old address leads there is for ``redirects`` to say.
        """
        self._moved.add(n)
        self._changed([n])
        return self.story_address(n)

    def _changed(self, numbers: list[int]) -> list[int]:
        self._pages.clear()
        self._links = (-1, [])
        return numbers

    # --- answers -----------------------------------------------------------------------------

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Answer one GET.

        :param url: path and query, or a whole address whose host then matters
        :param headers: of the request, their names in lower case
        """
        headers = headers or {}
        self._answers += 1
        zipped = "gzip" in headers.get("accept-encoding", "")
        answer = self._pages.get((url, zipped))
        if answer is None:
            answer = self._answer(url)
            if self.page_characters and "html" in (answer.header("Content-Type") or ""):
                answer = replace(answer, body=heavy(answer.text, self.page_characters).encode())
            if zipped and answer.status == 200 and answer.transport == "whole":
                packed = gzip.compress(answer.body, compresslevel=1, mtime=0)
                more = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
                answer = replace(answer, body=packed, headers=answer.headers + more)
            if self.keep_pages and answer.status == 200 and answer.transport == "whole":
                self._pages[url, zipped] = answer
        return _not_modified(answer, headers) or answer

    def _answer(self, url: str) -> Answer:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.hostname in OLD_HOSTS:
            return _redirect(ROOT + target)
        fault = self._fault(target)
        if fault == "moved":
            return _redirect(f"{target}{'&' if parts.query else '?'}moved=1")
        fault = fault or (self._blocked if target != "/robots.txt" else None)
        if fault and (spoiled := _fault_answer(fault)):
            return spoiled
        answer = self._page(parts.path, target, query)
        return replace(answer, transport=fault) if fault in TRANSPORTS else answer

    def _page(self, path: str, target: str, query: Mapping[str, str]) -> Answer:  # noqa: C901  (one case an address)
        match path:
            case "/robots.txt":
                return _answer(200, self.robots, "text/plain; charset=UTF-8")
            case "/" | "/index.php":
                front = _answer(200, self._front())
                return replace(front, headers=(*front.headers, ("Set-Cookie", "visits=1; path=/")))
            case "/view.php":
                return self._view(query.get("ud", ""))
            case "/list.php":
                key = next(
                    (f"{k}={query[k]}" for k in ("ct", "ctv") if query.get(k, "0") != "0"), ""
                )
                return self._list(key, f"/list.php?{key}", query.get("np", "1"))
            case "/national/Detail.jsp":
                return _redirect(f"/view.php?ud={query.get('newsMLId', '')}")
            case "/kpop":
                return _redirect(self.list_address(("Entertainment", "K-pop")))
        if path.startswith(PICTURES):
            return _picture(path)
        if path.startswith("/article/"):
            return self._article(path.removeprefix("/article/"))
        if path.startswith("/search/"):
            return _answer(200, other.search_page())
        if "rss" in path:
            return self._feed(target)
        if self.lists == "e4":
            return self._list(path, path, query.get("page", "1"))
        return _answer(404, other.not_found())

    def _fault(self, key: int | str) -> FaultKind | None:
        """Look up the fault asked for a page, counted."""
        fault = self.faults.get(key)
        if fault is None or fault.times == 0:
            return None
        if fault.times is not None:
            fault.times -= 1
        return fault.kind

    def _front(self) -> str:
        page: str = DRESSES[self.lists].front(self._around("front"), self.menu_items)
        return page

    def _view(self, ud: str) -> Answer:
        n = self.world.find(ud, self.last) if len(ud) == 14 and ud.isdecimal() else None
        if n is None or (n in self._hidden and n not in self.faults):
            return _answer(200, other.soft_not_found())
        if self.dress(n) == "e4":
            if self.redirects:
                return _redirect(f"/article/{self.world.number(n)}")
            return _answer(404, other.not_found())
        return self._story_page(n)

    def _article(self, number: str) -> Answer:
        n = self.world.find(number, self.last) if number.isdecimal() and len(number) < 10 else None
        if n is None or self.dress(n) != "e4" or (n in self._hidden and n not in self.faults):
            return _answer(404, other.not_found())
        return self._story_page(n)

    def _story_page(self, n: int) -> Answer:
        fault = self._fault(n) or self._redesigned
        if fault is None and self.trouble and self._trouble.random() < self.trouble:
            fault = self._trouble.choice(self.trouble_kinds)
        story = self.story(n)
        url = ROOT + self.story_address(n)
        if fault in REWRITTEN:
            return _answer(200, REWRITTEN[fault](story, url))
        if fault in ("loop", "front", "list", "elsewhere"):
            newest = next(m for m in self.numbers() if m != n)
            ends = {"front": "/", "list": self.list_address(menu.NORTH_KOREA)}
            ends |= {"loop": self.story_address(n), "elsewhere": self.story_address(newest)}
            return _redirect(ends[fault])
        if fault and (spoiled := _fault_answer(fault)):
            return spoiled
        around = self._around(f"{n}/{self._stirred.get(n, 0)}")
        if fault == "textless":
            story = replace(story, paragraphs=(), headings=frozenset(), pictures=(A_PICTURE,))
        page = DRESSES[self.dress(n)].article(story, around, self.menu_items)
        if self.canonical != "own":
            page = _renamed(page, url, self._canonical(n))
        if fault == "huge":
            page += f"<!-- {'x' * 24_000_000} -->"
        # Here and there the server forgot to say the encoding; the page's own meta tag has it.
        kind = "text/html" if n % 7 == 0 else HTML
        answer = _answer(200, page, kind, modified=story.modified)
        return replace(answer, transport=fault) if fault in TRANSPORTS else answer

    def _canonical(self, n: int) -> str:
        if self.canonical != "other":
            return self.canonical
        ud, number = self.world.ud(n), self.world.number(n)
        return f"{ROOT}/view.php?ud={ud}" if self.dress(n) == "e4" else f"{ROOT}/article/{number}"

    def _list(self, key: str, address: str, page: str) -> Answer:
        number = int(page) if page.isdecimal() and len(page) < 9 else 1
        form = LISTS_BY_FORM.get(key)
        path = () if form or key == ALL_STORIES else self._paths.get(address)
        if path is None or path in self.dead_lists:
            return _answer(404, other.not_found())
        numbers: Iterator[int] = (
            n for n in self.numbers(path) if form is None or self.world.form(n) == form
        )
        skip = (max(number, 1) - 1) * PAGE_SIZE
        if form is None and not self._hidden:  # no need to count through a long archive
            numbers = self.world.newest_first(path, self.last, skip)
            total = self.world.count(path, self.last)
        else:
            all_numbers = [*numbers]
            total, numbers = len(all_numbers), iter(all_numbers[skip:])
        entries = [self._entry(n, path) for n in islice(numbers, PAGE_SIZE)]
        label = path[-1] if path else "All"
        listing = Listing(
            label,
            entries,
            max(number, 1),
            max(1, -(-total // PAGE_SIZE)),
            lambda i: self._list_page_address(path, key, i),
        )
        around = self._around(f"list {path} {number}")
        if path in self.strange_lists:
            return _answer(200, _strange_list(entries))
        modified = entries[0].story.published if entries else None
        body = DRESSES[self.lists].list_page(listing, around, self.menu_items)
        return _answer(200, body, modified=modified)

    def _list_page_address(self, path: tuple[str, ...], key: str, page: int) -> str:
        if path:
            return self.list_address(path, page)
        return f"{key}?page={page}" if key.startswith("/") else f"/list.php?{key}&np={page}"

    def _entry(self, n: int, path: tuple[str, ...]) -> Entry:
        story = self.story(n)
        leaf = len(story.path) == 1 or path == story.path
        address = self.story_address(n)
        if address.startswith("/article/"):
            address = ROOT + address
        elif self.lists == "e3":
            address = address.lstrip("/")
        elif n % 3 == 0:  # the way back to the list, in any order
            address = address.replace("?", "?mp=1&np=3&")
        return Entry(story, address, "" if leaf else story.path[-1])

    def _feed(self, target: str) -> Answer:
        if target == "/rss/020000000000":
            return _answer(
                200, feeds.feed("The Korea Herald", (), faulty=False), "text/xml; charset=UTF-8"
            )
        path = menu.FEEDS.get(target)
        generations = {"mixed": "both", "e4": "new", "today": "new"}
        generation = generations.get(self.era, "old")
        new = target.startswith("/rss/")
        if path is None or (generation != "both" and new != (generation == "new")):
            return _answer(404, other.not_found())
        stories = (
            (self.story(n), ROOT + self.story_address(n))
            for n in islice(self.numbers(path), feeds.LENGTH)
        )
        text = feeds.feed(path[-1] if path else "The Korea Herald", stories, faulty=not new)
        return _answer(200, text, "text/xml; charset=UTF-8")

    # --- what pages share ----------------------------------------------------------------------

    @cached_property
    def menu_items(self) -> list[MenuItem]:
        """Build the menu as its era printed it."""
        if self.lists == "e2a":
            return [self._item_2018(s) for s in menu.tops() if s.path != ("Finance",)]
        return [
            replace(
                self._item(section.path),
                children=tuple(
                    self._item(s.path)
                    for s in menu.children(section.label)
                    if s.path not in self.menu_without
                ),
            )
            for section in menu.tops()
            if section.path not in self.menu_without
        ]

    def _item(self, path: tuple[str, ...], label: str | None = None) -> MenuItem:
        return MenuItem(label or path[-1], self.list_address(path))

    def _item_2018(self, section: menu.Section) -> MenuItem:
        label = menu.LABELS_2018.get(section.path, section.label)
        children = [
            self._item(s.path, menu.LABELS_2018.get(s.path))
            for s in menu.children(section.label)
            if s.path not in self.menu_without and s.path not in menu.GONE_2018
        ]
        children += [
            MenuItem(name, f"/list.php?{code}") for name, code in menu.ONLY_2018.get(label, ())
        ]
        code = menu.CODES_2018.get(section.path)
        url = f"/list.php?{code}" if code else self.list_address(section.path)
        return MenuItem(label, url, tuple(children))

    def _around(self, key: str) -> Surroundings:
        salt = self._answers if self.restless else 0
        return Surroundings(f"{self.seed}/{key}/{salt}", self._newest_links())

    def _newest_links(self) -> list[Link]:
        """Collect what most-popular boxes choose from."""
        if self._links[0] != self.last:
            links = []
            for n in islice(self.numbers(), 30):
                story = self.story(n)
                link = Link(
                    story.headline,
                    self.story_address(n),
                    story.path[-1],
                    self.list_address(story.path),
                )
                links.append(link)
            self._links = (self.last, links)
        return self._links[1]


def _renamed(page: str, own: str, other: str) -> str:
    """Print another address wherever a page names its own for machines."""
    page = re.sub(r'<link rel="canonical"[^>]*>', "", page)
    page = re.sub(r'(<meta property="og:url" content=")[^"]*', rf"\g<1>{other}", page)
    page = page.replace(json.dumps(own), json.dumps(other))
    return re.sub(r"(?i)</head>", f'<link rel="canonical" href="{other}"></head>', page, count=1)


def _strange_list(entries: list[Entry]) -> str:
    """Print a list in markup of no known era."""
    items = "".join(
        f'<x-card data-href="{e.url}"><x-title>{e.story.headline}</x-title></x-card>'
        for e in entries
    )
    return f"<!DOCTYPE html><title>The Korea Herald</title><body>{items}</body></html>"


def _answer(status: int, text: str, kind: str = HTML, modified: datetime | None = None) -> Answer:
    body = text.encode()
    headers = [("Content-Type", kind)]
    if status == 200:
        headers.append(("ETag", f'"{zlib.crc32(body):08x}-{len(body):x}"'))
    if modified:
        headers.append(("Last-Modified", format_datetime(modified.astimezone(UTC), usegmt=True)))
    return Answer(status, tuple(headers), body)


def _picture(path: str) -> Answer:
    """Answer with the picture of a number, the same under each of its addresses."""
    if not (found := re.search(r"(\d{14})_(?:0|P1)\.jpg$", path)):
        return _answer(404, other.not_found())
    return _file(pictures.picture(found[1]), "image/jpeg")


def _file(body: bytes, kind: str) -> Answer:
    return Answer(200, (("Content-Type", kind), ("ETag", f'"{zlib.crc32(body):08x}"')), body)


def _redirect(location: str) -> Answer:
    return Answer(301, (("Location", location), ("Content-Type", "text/html")), b"")


def _fault_answer(kind: FaultKind) -> Answer | None:
    """Answer with a fault that needs no page; None for those that spoil one."""
    if kind in (*TRANSPORTS, *REWRITTEN, *OF_ITS_PAGE):
        return None
    match kind:
        case "bomb":
            return _file(pictures.bomb(), "image/png")
        case "no picture":
            return _file(b"%PDF-1.7 and more", "image/jpeg")
        case "soft 404":
            return _answer(200, other.soft_not_found())
        case "challenge":
            return _answer(200, other.challenge())
        case "consent":
            return _answer(200, other.consent())
        case "empty":
            return _answer(200, "")
        case "off-site":
            return _redirect("https://elsewhere.example/")
        case "429":
            answer = _answer(429, "Too Many Requests")
            return replace(answer, headers=(*answer.headers, ("Retry-After", "1")))
    return _answer(int(kind), other.not_found() if kind in ("404", "410") else f"Error {kind}")


def _not_modified(answer: Answer, headers: Mapping[str, str]) -> Answer | None:
    """304 for a conditional request whose page has not changed since."""
    if answer.status != 200 or answer.transport != "whole":
        return None
    etag, modified = answer.header("ETag"), answer.header("Last-Modified")
    asked = headers.get("if-none-match")
    if asked is not None:
        same = etag is not None and etag in asked
    elif since := headers.get("if-modified-since"):
        same = modified is not None and (
            parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
        )
    else:
        return None
    if not same:
        return None
    kept = tuple(h for h in answer.headers if h[0] in ("ETag", "Last-Modified", "Vary"))
    return Answer(304, kept, b"")
