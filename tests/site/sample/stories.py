"""Invented news: story *n* of a world is computed from the seed and *n* alone.

Nothing is kept, so a world of a hundred thousand stories takes no more memory than one of ten. A
:class:`Story` is the truth of which every page is a print; :func:`expected` says what a reader
must make of it.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tests.site.sample import words
from tests.site.sample.menu import NORTH_KOREA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KST = timezone(timedelta(hours=9))
FIRST_DAY = datetime(2012, 1, 2, 7, 0, tzinfo=KST)
TODAY = datetime(2026, 10, 1, 9, 0, tzinfo=KST)

#: Stories get the eight-digit numbers of today's site from this day on; older ones were migrated.
NEW_NUMBERS_SINCE = datetime(2024, 12, 25, tzinfo=KST)

#: How many of a hundred stories each section has; 40 are North Korea's.
SHARES: dict[tuple[str, ...], int] = {
    NORTH_KOREA: 40,
    ("National", "Politics"): 6,
    ("National", "Social Affairs"): 6,
    ("National", "Defense"): 3,
    ("National", "Foreign Affairs"): 3,
    ("National", "Science"): 1,
    ("National", "Diplomatic Circuit"): 2,
    ("National", "Education"): 1,
    ("National",): 2,  # filed without a sub-section
    ("Business", "Industry"): 4,
    ("Business", "Technology"): 4,
    ("Business", "Retail"): 1,
    ("Finance", "Market"): 2,
    ("Finance", "Economy"): 1,
    ("Life&Style", "Culture"): 3,
    ("Life&Style", "Travel"): 1,
    ("Life&Style", "Food & Beverage"): 1,
    ("Life&Style", "Arts & Design"): 1,
    ("Entertainment", "Film"): 2,
    ("Entertainment", "Theater"): 2,
    ("Entertainment", "K-pop"): 2,
    ("Sports", "Soccer"): 2,
    ("Sports", "Golf"): 1,
    ("Sports", "More Sports"): 1,
    ("World", "World News"): 3,
    ("Opinion", "Editorial"): 3,
    ("Opinion", "Viewpoints"): 2,
}

#: The forms a section's stories take in turn, so that a small site has them all.
FORMS: dict[tuple[str, ...], tuple[str, ...]] = {
    NORTH_KOREA: (
        "wire", "staff", "wire", "photo", "desk", "staff", "dateline", "korean", "two authors",
        "foreign wire", "wire", "photo news", "contributors", "edited repost", "interview",
        "same event", "live", "graphic", "same repost", "mail only", "swallowed", "longer repost",
        "wire", "shorter repost", "nameless", "korean byline", "wire",
    ),
    ("National",): ("wire", "interview", "staff", "korean"),
    ("National", "Politics"): ("wire", "staff", "photo", "desk", "contributors"),
    ("National", "Social Affairs"): ("staff", "wire", "graphic", "photo news", "mail only"),
    ("Life&Style", "Travel"): ("listing", "staff"),
    ("Life&Style", "Food & Beverage"): ("listing", "staff"),
    ("Entertainment", "Theater"): ("swallowed", "listing"),
    ("Opinion", "Editorial"): ("editorial",),
    ("Opinion", "Viewpoints"): ("column",),
    ("World", "World News"): ("foreign wire", "wire"),
}  # fmt: skip
OTHER_FORMS = ("staff", "wire", "photo news", "two authors", "desk")

TOPICS: dict[tuple[str, ...], tuple[words.Topic, ...]] = {
    NORTH_KOREA: (words.MILITARY, words.DIPLOMACY, words.ECONOMY_NORTH, words.SOCIETY_NORTH),
    ("National", "Politics"): (words.POLITICS,),
    ("National", "Social Affairs"): (words.SOCIETY,),
    ("National", "Defense"): (words.MILITARY,),
    ("National", "Foreign Affairs"): (words.DIPLOMACY,),
    ("National", "Diplomatic Circuit"): (words.DIPLOMACY,),
    ("National",): (words.SOCIETY, words.POLITICS),
    ("Business",): (words.BUSINESS,),
    ("Finance",): (words.BUSINESS,),
    ("Life&Style",): (words.CULTURE,),
    ("Entertainment",): (words.CULTURE,),
    ("Sports",): (words.SPORTS,),
    ("World",): (words.WORLD,),
    ("Opinion",): (words.OPINION,),
}

WIRES = ("AP", "AFP", "Reuters")
REPOSTS = ("same repost", "edited repost", "longer repost", "shorter repost")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes for the paper."""

    name: str
    korean: str
    email: str


@dataclass(frozen=True, slots=True)
class Author:
    """What a page tells of a writer."""

    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; ``printed`` is its caption as pages print it, credit included."""

    number: str  # as in its file name, never that of the story
    caption: str | None
    credit: str | None
    after: int = 0  # stands after so many paragraphs

    @property
    def printed(self) -> str:
        return " ".join(part for part in (self.caption, self.credit and f"({self.credit})") if part)


@dataclass(frozen=True, slots=True)
class Story:
    """The truth about a story, before any page prints it."""

    n: int
    form: str
    path: tuple[str, ...]  # where it is filed
    ud: str
    number: int  # of /article/<number>
    published: datetime
    modified: datetime
    headline: str
    subtitle: str | None
    byline: str  # without "By"; empty where the page shows none
    authors: tuple[Author, ...]
    organization: str | None
    paragraphs: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()
    headings: frozenset[int] = frozenset()  # which paragraphs are sub-headings
    keywords: tuple[str, ...] = ()
    language: str = "en"
    swallowed: bool = False  # the headline is printed unescaped, so browsers take it for a tag
    lost: bool = False  # and no other place on the page has it
    repost_of: int | None = None  # the number of the story that this one repeats

    def summary(self, length: int = 500) -> str:
        """Subtitle and body without spaces between paragraphs, cut anywhere, as lists print it."""
        text = (self.subtitle or "") + "".join(self.paragraphs)
        return (text or " ".join(p.printed for p in self.pictures))[:length]


@dataclass
class World:
    """All stories that ever appear.

    :param seed: another seed, other stories
    :param start: when the first story appeared
    :param pace: the time between two stories
    """

    seed: int = 1
    start: datetime = FIRST_DAY
    pace: timedelta = timedelta(hours=20)
    _sections: list[tuple[str, ...]] = field(init=False, repr=False)
    _ranks: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        cycle = [path for path, share in SHARES.items() for _ in range(share)]
        random.Random(f"sections of {self.seed}").shuffle(cycle)
        self._sections = cycle
        self._ranks = [cycle[:i].count(path) for i, path in enumerate(cycle)]
        self._reporters = [
            _person(random.Random(f"reporter {i} of {self.seed}")) for i in range(40)
        ]
        # A worker's cache, not the world's memory: its size does not grow with the site.
        self.story = lru_cache(maxsize=512)(self._story)

    def section(self, n: int) -> tuple[str, ...]:
        """Where story *n* is filed."""
        return self._sections[n % len(self._sections)]

    def rank(self, n: int) -> int:
        """Count the how-manieth story of its own section *n* is, from 0."""
        cycles, place = divmod(n, len(self._sections))
        return cycles * SHARES[self._sections[place]] + self._ranks[place]

    def form(self, n: int) -> str:
        forms = FORMS.get(self.section(n), OTHER_FORMS)
        return forms[self.rank(n) % len(forms)]

    def count(self, path: Sequence[str], last: int) -> int:
        """How many of the stories 1 to *last* are filed at or under a path."""
        residues = self._residues(tuple(path))
        cycles, rest = divmod(last + 1, len(self._sections))
        without_zero = 1 if 0 in residues else 0  # there is no story 0
        return cycles * len(residues) + sum(r < rest for r in residues) - without_zero

    def newest_first(self, path: Sequence[str], last: int, skip: int = 0) -> Iterator[int]:
        """Yield the numbers of the stories 1 to *last* filed at or under a path."""
        residues = self._residues(tuple(path))
        if not residues:
            return
        size, length = len(self._sections), len(residues)
        below = self.count(path, last) + (1 if 0 in residues else 0)
        for index in range(below - 1 - skip, -1, -1):
            cycles, place = divmod(index, length)
            n = cycles * size + residues[place]
            if n > 0:
                yield n

    def appeared(self, n: int) -> datetime:
        """When story *n* was put on the site; later stories appear later."""
        jitter = random.Random(f"{self.seed}/{n}/time").random() * 0.8
        return (self.start + self.pace * (n + jitter)).replace(second=0, microsecond=0)

    def created(self, n: int) -> datetime:
        """Every ninth story was begun the day before, which its ``ud`` remembers."""
        return self.appeared(n) - timedelta(days=1 if n % 9 == 4 else 0)

    def ud(self, n: int) -> str:
        """Make the old address: the day of creation and a serial number."""
        day = self.created(n)
        serial = f"05{n % 10_000:04d}" if day.year == 2024 else f"{n % 1_000_000:06d}"
        return f"{day:%Y%m%d}{serial}"

    def number(self, n: int) -> int:
        """Today's address: seven digits for migrated stories, eight for new ones."""
        return (2_800_000 if self.created(n) < NEW_NUMBERS_SINCE else 10_400_000) + n

    def find(self, key: str, last: int) -> int | None:
        """Find the story that a ``ud`` or an article number belongs to, if it has appeared."""
        if len(key) == 14:
            step = 10_000 if key.startswith("2024") and key[8:10] == "05" else 1_000_000
            candidates = range(int(key[-4 if step == 10_000 else -6 :]) or step, last + 1, step)
            return next((n for n in candidates if self.ud(n) == key), None)
        for base in (2_800_000, 10_400_000):
            n = int(key) - base
            if 1 <= n <= last and str(self.number(n)) == key:
                return n
        return None

    def _residues(self, path: tuple[str, ...]) -> list[int]:
        return [i for i, p in enumerate(self._sections) if p[: len(path)] == path]

    def _story(self, n: int) -> Story:
        form = self.form(n)
        if form in (*REPOSTS, "same event"):
            earlier = self._original(n)
            if earlier is None:
                form = "wire"
            elif form == "same event":
                return _Writer(self, n, "wire", cast_of=earlier).write()
            else:
                return _repost(self, n, form, self.story(earlier))
        return _Writer(self, n, form).write()

    def _original(self, n: int) -> int | None:
        """Find the latest earlier story of the same section that is worth repeating."""
        for earlier in self.newest_first(self.section(n), n - 1):
            if self.section(earlier) == self.section(n) and self.form(earlier) in (
                "wire", "staff", "desk", "dateline", "two authors", "contributors",
            ):  # fmt: skip
                return earlier
        return None


def expected(story: Story, dress: str, found_under: Sequence[str] | None = None) -> dict[str, Any]:
    """Tell what the record of a story must say when its page wears the dress of an era.

    :param dress: ``e1 e2a e2b e3 e4 mobile``
    :param found_under: the path of the list that led to the page; None for a page fetched alone
    """
    today = dress == "e4"
    story_id = str(story.number) if today else story.ud
    printed = PRINTED_PATHS[dress](story.path)
    path = max((printed, tuple(found_under or ())), key=len)
    return {
        "id": story_id,
        "url": "https://www.koreaherald.com"
        + (f"/article/{story_id}" if today else f"/view.php?ud={story_id}"),
        "headline": "" if story.lost else story.headline,
        "alternative_headline": story.subtitle,
        "authors": [{"name": a.name, "email": a.email} for a in story.authors],
        "source_organization": story.organization,
        "date_published": story.published.isoformat(),
        "date_modified": story.modified.isoformat() if dress in SHOWS_MODIFIED else None,
        "breadcrumbs": list(path),
        "section": path[-1] if path else None,
        "article_body": "\n\n".join(story.paragraphs),
        "images": [
            {"url": picture_url(story, p, dress), "caption": p.caption, "credit": p.credit}
            for p in story.pictures
        ],
        "keywords": list(story.keywords),
        "in_language": story.language,
        "layout": dress,
    }


#: What each era's article page tells of the section.
PRINTED_PATHS: dict[str, Any] = {
    "e1": lambda _: (),
    "e2a": lambda path: path[:1],
    "e2b": lambda path: path[:1],
    "e3": lambda _: (),
    "e4": lambda path: path,
    "mobile": lambda _: (),
}
SHOWS_MODIFIED = ("e2a", "e2b", "e4")


def picture_url(story: Story, picture: Picture, dress: str) -> str:
    """Where a page of an era has the picture from."""
    day = f"{story.published:%Y/%m/%d}"
    if dress != "e4":
        return f"http://res.heraldm.com/content/image/{day}/{picture.number}_0.jpg"
    if story.number < 10_000_000:
        return f"https://wimg.heraldcorp.com/content/default/{day}/{picture.number}_0.jpg"
    return f"https://wimg.heraldcorp.com/news/cms/{day}/news-p.v1.{picture.number}_P1.jpg"


def edited(story: Story, kind: str, times: int) -> Story:
    """Tell the story after its *times*-th change.

    :param kind: ``text``, ``headline``, ``caption``, or ``updated`` where only the time changes
    """
    later = replace(story, modified=story.modified + timedelta(hours=3 * times))
    if kind == "text" and story.paragraphs:
        rng = random.Random(f"edit {story.n}/{times}")
        added = _Writer(World(), story.n, "wire", rng=rng).sentences(words.BACKGROUND, 2)
        place = 1 if len(story.paragraphs) > 1 else 0
        changed = [*story.paragraphs]
        changed[place] = f"{added} {changed[place]}" if not place else added
        return replace(later, paragraphs=tuple(changed))
    if kind == "caption" and story.pictures:
        first, *others = story.pictures
        first = replace(first, caption=f"{(first.caption or 'A view').rstrip('.')} ({times}).")
        return replace(later, pictures=(first, *others))
    if kind in ("headline", "text", "caption") and not story.swallowed:
        return replace(later, headline=f"{story.headline} ({times} lead)")
    return later


# --- how a story is written ------------------------------------------------------------------


class _Writer:
    """Writes one story; all chance comes from its own generator."""

    def __init__(
        self,
        world: World,
        n: int,
        form: str,
        cast_of: int | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self.world, self.n, self.form = world, n, form
        self.path = world.section(n)
        self.rng = rng or random.Random(f"{world.seed}/{n}")
        self.published = world.appeared(n)
        source = self.rng if cast_of is None else random.Random(f"{world.seed}/{cast_of}")
        topics = TOPICS.get(self.path) or TOPICS[self.path[:1]]
        self.topic = source.choice(topics)
        self.cast = self._cast(source)

    def write(self) -> Story:  # noqa: C901, PLR0912  (one case a form)
        rng, form = self.rng, self.form
        byline, authors, organization, closing = self._signature()
        paragraphs = self._paragraphs()
        headings: frozenset[int] = frozenset()
        headline = self.fill(rng.choice(self.topic.headlines))
        subtitle = None
        keywords: tuple[str, ...] = ()
        if form in ("staff", "two authors", "interview", "editorial") and rng.random() < 0.5:
            subtitle = self.fill(rng.choice(words.BACKGROUND)).rstrip(".")
        if form in ("photo", "photo news"):
            keywords = ("Photo News",)
            paragraphs = paragraphs[:1] if form == "photo news" else []
        elif form == "graphic":
            keywords, paragraphs = ("Graphic News",), paragraphs[:3]
        elif form == "interview":
            keywords = ("Herald Interview",)
            headline = self.fill("‘What matters is {goods}, not a {adjective} speech’")
        elif form == "editorial":
            keywords = ("Editorial",)
        elif form == "column":
            keywords = (byline,)
        elif form in ("listing", "swallowed"):
            paragraphs, headings = self._listing()
            headline = self.fill("Around the hotels in {city}")
        elif form == "live":
            keywords, (paragraphs, headings) = ("Live",), self._live(paragraphs)
        elif form == "korean":
            headline, paragraphs = self._korean()
            keywords = ("단독",) if headline.startswith("[단독]") else ()
        elif form == "staff" and rng.random() < 0.3:
            keywords = (rng.choice(words.TAGS),)
        if headline.startswith("["):
            keywords = (headline[1:].split("]")[0],)
        elif keywords:
            round_ = keywords[0] == "Photo News" and rng.random() < 0.15  # as in 2014
            headline = f"({keywords[0]}) {headline}" if round_ else f"[{keywords[0]}] {headline}"
        if form == "swallowed":
            headline = rng.choice(("<Theater>", "<Concerts>", "<North Korea Briefs>"))
        paragraphs = closing(paragraphs)
        return Story(
            n=self.n,
            form=form,
            path=self.path,
            ud=self.world.ud(self.n),
            number=self.world.number(self.n),
            published=self.published,
            modified=self.published + timedelta(minutes=rng.choice((0, 0, 12, 95, 760))),
            headline=headline,
            subtitle=subtitle,
            byline=byline,
            authors=authors,
            organization=organization,
            paragraphs=tuple(self._ink(p) for p in paragraphs),
            headings=headings,
            pictures=self._pictures(len(paragraphs)),
            keywords=keywords,
            language="ko" if form == "korean" else "en",
            swallowed=form == "swallowed",
            lost=form == "swallowed" and self.world.rank(self.n) % 2 == 1,
        )

    def fill(self, text: str) -> str:
        """Put words into the slots of a sentence, and a capital at its start."""
        filled = re.sub(r"\{(\w+)\}", lambda m: self._word(m[1]), text)
        first = filled[:1]
        return first.upper() + filled[1:]

    def sentences(self, pool: Sequence[str], count: int) -> str:
        return " ".join(self.fill(s) for s in self.rng.sample(pool, count))

    def _word(self, slot: str) -> str:  # noqa: C901, PLR0912  (one case a slot)
        if slot in self.cast:
            return self.cast[slot]
        if slot.endswith("_cap"):
            return _capital(self._word(slot.removesuffix("_cap")))
        rng = self.rng
        match slot:
            case "count":
                return f"{rng.choice((rng.randint(21, 99), rng.randint(100, 990)))}"
            case "distance":
                return f"{rng.randint(30, 980)}"
            case "minutes":
                return f"{rng.randint(12, 88)}"
            case "small":
                return rng.choice(("two", "three", "four", "five", "six", "seven", "eight"))
            case "small2":
                return rng.choice(("nine", "one", "11", "12"))
            case "percent":
                return f"{rng.uniform(1, 60):.1f}"
            case "thousands":
                return f"{rng.randint(4, 96)},{rng.choice(('000', '500', '900'))}"
            case "won":
                return f"{rng.uniform(1.1, 98):.1f} {rng.choice(('million', 'billion'))}"
            case "degrees" | "strokes":
                return f"{rng.randint(25, 37) + (38 if slot == 'strokes' else 0)}"
            case "age" | "age2":
                return f"{rng.randint(24, 91)}"
            case "date":
                return f"{rng.choice(words.WORDS['month'])[:3]}. {rng.randint(1, 28)}"
            case "phone":
                return f"{rng.randint(200, 999)}-{rng.randint(1000, 9999)}"
            case "foreigner2":
                return rng.choice(words.FOREIGN_NAMES)
        return rng.choice(words.WORDS.get(slot) or words.KOREAN_WORDS[slot])

    def _cast(self, rng: random.Random) -> dict[str, str]:
        bodies, places = words.WORDS["body"], words.WORDS
        officials = [_person(rng) for _ in range(3)]
        body = rng.choice(bodies)
        company, company2 = rng.sample(places["company"], 2)
        team, team2 = rng.sample(places["team"], 2)
        return {
            "official": officials[0].name,
            "official2": officials[1].name,
            "official_ko": officials[0].korean,
            "expert": officials[2].name,
            "expert_role": rng.choice(places["expert_role"]),
            "role": rng.choice(places["role"]),
            "foreigner": rng.choice(words.FOREIGN_NAMES),
            "body": body,
            "short": words.SHORT_NAMES[body],
            "think": rng.choice(places["think"]),
            "city": rng.choice(places["city"]),
            "town": rng.choice(places["town"]),
            "capital": rng.choice(places["capital"]),
            "river": rng.choice(places["river"]),
            "weapon": rng.choice(places["weapon"]),
            "vessel": rng.choice(places["vessel"]),
            "bill": rng.choice(places["bill"]),
            "plant": rng.choice(places["plant"]),
            "title": rng.choice(places["title"]),
            "dish": rng.choice(places["dish"]),
            "company": company,
            "company2": company2,
            "team": team,
            "team2": team2,
            "day": f"{self.published:%A}",
            "town_ko": rng.choice(words.KOREAN_WORDS["town_ko"]),
            "city_ko": rng.choice(words.KOREAN_WORDS["city_ko"]),
        }

    def _signature(  # noqa: C901, PLR0912  (one case a form)
        self,
    ) -> tuple[str, tuple[Author, ...], str | None, Any]:
        """Byline, authors, organization, and what closes (or opens) the text."""
        rng = self.rng
        one, two, three = rng.sample(self.world._reporters, 3)  # noqa: SLF001  (the same module)
        mail = Author(one.name, one.email)
        city = self.cast["city"]
        match self.form:
            case "wire" | "photo":
                return "Yonhap", (), "Yonhap", _inline("(Yonhap)")
            case "desk":
                return "Korea Herald", (), "Yonhap", _inline("(Yonhap News)")
            case "dateline":
                dash = rng.choice(("―", "--"))
                wire = rng.choice(("Yonhap", "Yonhap News"))
                return "Korea Herald", (), "Yonhap", _opening(f"{city.upper()} ({wire}) {dash} ")
            case "foreign wire":
                wire = rng.choice(WIRES)
                opening = _opening(f"{self.cast['capital'].upper()} ({wire}) -- ")
                return wire, (), wire, opening
            case "two authors":
                glue = rng.choice((" and ", ", "))
                pair = (mail, Author(two.name, two.email))
                line = f"By {one.name} ({one.email}) and {two.name} ({two.email})"
                return f"{one.name}{glue}{two.name}", pair, None, _last(line)
            case "contributors":
                line = f"Staff reporters {two.name} and {three.name} contributed to this report."
                return (
                    one.name,
                    (mail, Author(two.name), Author(three.name)),
                    None,
                    _last(f"By {one.name} ({one.email})", line),
                )
            case "mail only" | "graphic":
                return one.name, (mail,), None, _last(f"({one.email})")
            case "korean byline":
                return one.korean, (Author(one.korean, one.email),), None, _last(f"({one.email})")
            case "listing" if self.world.rank(self.n) % 2:
                return "", (), None, list
            case "nameless":
                return "", (mail,), None, _last(f"By {one.name} ({one.email})")
            case "editorial" | "listing" | "swallowed" | "photo news":
                return "Korea Herald", (), None, list
            case "column":
                name = rng.choice(words.FOREIGN_NAMES)
                note = f"{name} teaches at a university in {city}. The views are the writer’s own."
                return name, (Author(name),), None, _last(f"{note} ― Ed.")
            case "korean":
                line = f"{one.email}"
                author = (Author(one.korean, one.email),)
                opening = _opening(f"[코리아헤럴드={one.korean} 기자] ")
                return one.korean, author, None, lambda ps: [*opening(ps), line]
        return one.name, (mail,), None, _last(f"By {one.name} ({one.email})")

    def _paragraphs(self) -> list[str]:
        rng = self.rng
        facts = [*self.topic.facts]
        quotes = [*words.QUOTES]
        background = [*words.BACKGROUND]
        for pool in (facts, quotes, background):
            rng.shuffle(pool)
        paragraphs = [self.fill(rng.choice(self.topic.leads))]
        for _ in range(rng.randint(4, 8)):
            chosen = [
                pool.pop()
                for pool in rng.choices((facts, quotes, background), (4, 3, 3), k=rng.randint(1, 3))
                if pool
            ]
            if chosen:
                paragraphs.append(" ".join(self.fill(s) for s in chosen))
        return paragraphs

    def _listing(self) -> tuple[list[str], frozenset[int]]:
        lines = []
        for heading, text in self.rng.sample(words.LISTINGS, 4):
            lines += [self.fill(heading), self.fill(text)]
            self.cast["dish"] = self.rng.choice(words.WORDS["dish"])
            self.cast["title"] = self.rng.choice(words.WORDS["title"])
        return lines, frozenset(range(0, len(lines), 2))

    def _live(self, paragraphs: list[str]) -> tuple[list[str], frozenset[int]]:
        lines = [*paragraphs[:2]]
        minute = self.rng.randint(0, 30)
        headings = set()
        for entry in self.rng.sample(words.LIVE_ENTRIES, 6):
            minute += self.rng.randint(3, 25)
            headings.add(len(lines))
            lines += [f"[{9 + minute // 60}:{minute % 60:02d} p.m.]", self.fill(entry)]
        return lines, frozenset(headings)

    def _korean(self) -> tuple[str, list[str]]:
        pool = [*words.KOREAN_SENTENCES]
        self.rng.shuffle(pool)
        paragraphs = [
            " ".join(self.fill(s) for s in pool[i : i + 2]) for i in range(0, len(pool), 2)
        ]
        return self.fill(self.rng.choice(words.KOREAN_HEADLINES)), paragraphs

    def _pictures(self, paragraphs: int) -> tuple[Picture, ...]:
        rng = self.rng
        count = {"photo": 1 + self.n % 3, "photo news": 2, "korean": 0, "live": 1}.get(
            self.form, rng.choice((0, 1, 1, 1, 2))
        )
        reporter = rng.choice(self.world._reporters).name  # noqa: SLF001  (the same module)
        slash = rng.choice(("/", "/", " / "))
        credits_ = ("Yonhap", "AFP-Yonhap", f"{reporter}{slash}The Korea Herald", "AP-Yonhap")
        captions = rng.sample(self.topic.captions, min(count, len(self.topic.captions)))
        pictures = []
        for i, template in enumerate(captions):
            caption: str | None = self.fill(template)
            if rng.random() < 0.2 and self.form not in ("photo", "photo news"):
                caption = None  # a bare credit
            elif self.path == NORTH_KOREA and rng.random() < 0.2:
                caption = f"{caption} The North`s coast is in the background."
            number = f"{self.published:%Y%m%d}{(self.n * 7 + i * 131 + 311) % 1_000_000:06d}"
            after = 0 if i == 0 else min(paragraphs, 2 * i)
            credit = rng.choice(credits_)
            if "(Lantern Street Pictures)" in (caption or ""):
                caption, credit = caption.split(" (")[0], "Lantern Street Pictures"  # type: ignore[union-attr]
            pictures.append(Picture(number, caption, credit, after))
        return tuple(pictures)

    def _ink(self, text: str) -> str:
        """Wire copy comes with typewriter quotes, the paper's own with typographic ones."""
        if self.form in ("wire", "foreign wire", "photo"):
            return text.translate(str.maketrans("“”‘’", "\"\"''"))
        return text


def _person(rng: random.Random) -> Person:
    family, first, second = (
        rng.choice(words.FAMILY_NAMES),
        rng.choice(words.FIRST_SYLLABLES),
        rng.choice(words.SECOND_SYLLABLES),
    )
    return Person(
        name=f"{family[0]} {first[0]}-{second[0]}",
        korean=family[1] + first[1] + second[1],
        email=f"{first[0]}{second[0]}.{family[0]}@heraldcorp.com".lower(),
    )


def _inline(mark: str) -> Any:
    return lambda paragraphs: [*paragraphs[:-1], f"{paragraphs[-1]} {mark}"] if paragraphs else []


def _opening(mark: str) -> Any:
    return lambda paragraphs: [mark + paragraphs[0], *paragraphs[1:]]


def _last(*lines: str) -> Any:
    return lambda paragraphs: [*paragraphs, *lines]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _repost(world: World, n: int, form: str, original: Story) -> Story:
    """Run a story again under another number, unchanged or nearly so."""
    rng = random.Random(f"{world.seed}/{n}")
    paragraphs = [*original.paragraphs]
    if form == "edited repost":
        paragraphs[1:-2] = [_reworded(p, rng) for p in paragraphs[1:-2]]
    elif form == "longer repost":
        writer = _Writer(world, n, "wire")
        added = [writer.sentences(words.BACKGROUND, 2) for _ in range(max(1, len(paragraphs) // 5))]
        paragraphs[-1:-1] = added
    elif form == "shorter repost":
        cut = max(1, len(paragraphs) // 5)
        paragraphs[-1 - cut : -1] = []
    published = world.appeared(n)
    return replace(
        original,
        n=n,
        form=form,
        ud=world.ud(n),
        number=world.number(n),
        published=published,
        modified=published,
        paragraphs=tuple(paragraphs),
        pictures=tuple(
            replace(p, after=min(p.after, len(paragraphs) - 1)) for p in original.pictures
        ),
        repost_of=original.n,
    )


def _reworded(text: str, rng: random.Random) -> str:
    """Replace some plain lower-case words of a paragraph by others."""
    synonyms = {
        "said": "stated",
        "about": "some",
        "and": "plus",
        "will": "is to",
        "had": "once had",
    }
    parts = text.split(" ")
    for i, part in enumerate(parts):
        if part in synonyms and rng.random() < 0.4:
            parts[i] = synonyms[part]
        elif part in words.WORDS["adjective"] and rng.random() < 0.5:
            parts[i] = rng.choice(words.WORDS["adjective"])
    return " ".join(parts)
