"""A newspaper's ordinary life, hour by hour, and what its crawls count: no site, no database.

Sections of every kind are crawled each hour through weekends, public holidays, bursts and quiet
nights. Stories come as they do at a desk (in clusters, wire copy at weekends), are read again after
an hour, six hours, a day and a week, and now and then one fails. :class:`Trouble` breaks something
from some hour on.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from math import exp, sin
from typing import TYPE_CHECKING, Any

from heraldcrawl.monitoring.alarms import Standing, decide, told
from heraldcrawl.monitoring.habits import NewsHabit
from heraldcrawl.monitoring.numbers import Run, latency_class
from heraldcrawl.monitoring.pages import KINDS
from heraldcrawl.monitoring.past import Past
from heraldcrawl.monitoring.runs import judge_run
from heraldcrawl.monitoring.second_look import SecondLook
from heraldcrawl.monitoring.shares import Before, judge
from heraldcrawl.monitoring.traits import OLD, SHORT, UNREADABLE, Shares, Traits, traits
from heraldcrawl.site.dates import KST

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from heraldcrawl.monitoring.alarms import Alarm, News
    from heraldcrawl.monitoring.shares import Again, Finding
    from heraldcrawl.monitoring.verdict import Verdict

HOUR = timedelta(hours=1)
#: Hours after which a story is read again.
REVISITS = (1, 6, 24, 168)
#: How much of a workday's busiest hour each hour has.
DAY = (
    0.08, 0.04, 0.03, 0.03, 0.04, 0.08, 0.25, 0.5, 0.8, 1, 1, 1,
    0.7, 0.9, 1, 1, 1, 1, 0.8, 0.6, 0.5, 0.4, 0.25, 0.15,
)  # fmt: skip
#: What public holidays leave of a workday, written out: not the calendar that is judged by.
HOLIDAYS = {
    "2026-01-01": 0.5, "2026-02-16": 0.25, "2026-02-17": 0.15, "2026-02-18": 0.25,
    "2026-03-01": 0.4, "2026-03-02": 0.4, "2026-05-05": 0.4, "2026-05-24": 0.4, "2026-05-25": 0.4,
    "2026-06-06": 0.4, "2026-08-15": 0.4, "2026-08-17": 0.4, "2026-09-24": 0.25,
    "2026-09-25": 0.15, "2026-09-26": 0.25, "2026-10-03": 0.4, "2026-10-05": 0.4,
    "2026-10-09": 0.4, "2026-12-25": 0.4,
}  # fmt: skip
ELECTION_NIGHT = datetime(2026, 6, 3, 18, tzinfo=KST)
ELECTION_HOURS = 9


@dataclass(frozen=True)
class Section:
    """A section of the paper."""

    name: str
    weekly: float  # stories a week
    saturday: float = 0.3  # of a workday's
    sunday: float = 0.4
    column: tuple[int, int] | None = None  # a weekly column's weekday and hour; it skips holidays
    wire: float = 0.5  # share of wire copy
    subtitle: float = 0.35
    begins_after: int = 0  # days
    history: int = 3000  # stories that its first walk finds


SECTIONS = (
    Section("national", 330),
    Section("northkorea", 55, wire=0.6),
    Section("market", 80, saturday=0.01, sunday=0.02, wire=0.3),
    Section("editorial", 8, saturday=0.0, sunday=0.5, wire=0.0),
    Section("englisheye", 1, column=(3, 10), wire=0.0, history=60),
    Section("travel", 1, saturday=0.8, sunday=0.5, history=200),
    Section("podcast", 2.5, saturday=0.1, sunday=0.1, wire=0.0, history=40),
    Section("sports", 70, saturday=1.1, sunday=1.0, wire=0.7),
    Section("kpop", 40, subtitle=0.6, begins_after=30, history=12),  # a new section
)


@dataclass(frozen=True)
class Trouble:
    """What breaks, from some hour on."""

    since: datetime
    without: Collection[str] = ()  # fields that no page has any more
    generic: bool = False  # the body is in a script: a reader finds it, but no layout
    unreadable: bool = False  # no reader finds any story
    no_entries: bool = False
    no_json: bool = False  # JSON-LD is gone
    silent: bool = False  # the list is frozen
    teaser: bool = False  # the pages hold the beginning of the text alone


@dataclass
class Report:
    """What came of a life."""

    alarms: list[tuple[datetime, Alarm]] = field(default_factory=list)
    news: list[tuple[datetime, News]] = field(default_factory=list)
    met: dict[str, datetime] = field(default_factory=dict)  # section: its first run with a story
    runs: int = 0
    second_looks: int = 0


def live(
    seed: int,
    start: datetime,
    days: int,
    *,
    sections: Sequence[Section] = SECTIONS,
    trouble: Trouble | None = None,
    looks_again: bool = True,
) -> Report:
    """Let the paper live, crawl it, judge every run, and keep the table of alarms."""
    report = Report()
    desks = [_Desk(section, seed, start, trouble, looks_again) for section in sections]
    table: dict[str, Standing] = {}
    for hour in range(1, days * 24):
        now = start + hour * HOUR
        for desk in desks:
            if hour <= desk.section.begins_after * 24:
                continue
            verdict = desk.crawl(now, report)
            rows, news = decide(table.values(), verdict.alarms, verdict.well, now)
            table = {row.alarm.key: row for row in rows if _is_kept(row, now)}
            for each in news:
                row = each.standing
                table[row.alarm.key] = told(row, each.kind, now)
            report.runs += 1
            report.alarms += [(now, alarm) for alarm in verdict.alarms]
            report.news += [(now, each) for each in news]
            desk.remember(row.alarm for row in table.values() if row.closed_at is None)
    return report


def _is_kept(row: Standing, now: datetime) -> bool:
    return row.closed_at is None or now - row.closed_at < 24 * HOUR


@dataclass
class _Story:
    at: datetime
    sources: dict[str, str]
    issues: tuple[str, ...]
    characters: int
    is_stored: bool = False

    def shown(self, trouble: Trouble | None) -> tuple[dict[str, str], tuple[str, ...], str, int]:
        """What its page gives now."""
        sources, issues, layout, characters = self.sources, self.issues, "e4", self.characters
        if trouble is None:
            return sources, issues, layout, characters
        sources = {name: each for name, each in sources.items() if name not in trouble.without}
        if trouble.no_json:
            sources = {n: "meta" if each == "json-ld" else each for n, each in sources.items()}
        if trouble.generic:
            layout = "generic"
            sources["article_body"] = "fallback"
        if trouble.teaser:
            characters = min(characters, 200)
        return sources, issues, layout, characters

    def row(self, number: str) -> dict[str, Any]:
        """The story as the database has it."""
        sources, issues, layout, characters = self.shown(None)
        return {
            "article_id": number, "url": f"https://www.koreaherald.com/article/{number}",
            "sources": sources, "issues": issues, "layout": layout, "characters": characters,
            "section": [], "headline": None, "date_published": None, "category": None,
            "description": None, "image": None,
        }  # fmt: skip

    def traits(self, trouble: Trouble | None) -> Traits:
        if trouble and trouble.unreadable:
            return UNREADABLE
        return traits(*self.shown(trouble))


class _Desk:
    """A section's desk, and the crawls of it."""

    def __init__(
        self,
        section: Section,
        seed: int,
        start: datetime,
        trouble: Trouble | None,
        looks_again: bool,
    ) -> None:
        self.section = section
        self._rng = random.Random(f"{section.name} of {seed}")
        self._trouble = trouble
        self._looks_again = looks_again
        self._start = start
        self._stories: list[_Story] = []  # the latest last
        self._due: dict[datetime, list[_Story]] = {}  # to be read, for the first time or again
        self._bad: dict[datetime, int] = {}  # attempts at stories that cannot be read, ever
        self._runs: list[Run] = []  # the latest first
        self._usual: deque[tuple[Shares, Shares]] = deque()  # all and news, the latest first
        self._total = [Shares(), Shares()]
        self._habit: tuple[datetime, NewsHabit | None] | None = None
        self._run: Run | None = None
        self._mood = 1.0

    # --- the news --------------------------------------------------------------------------------

    def _appear(self, now: datetime) -> list[_Story]:
        """What appeared in the last hour."""
        rng, at = self._rng, now.astimezone(KST) - HOUR
        if at.hour == 0:
            self._mood = exp(rng.gauss(0, 0.35)) * (0.3 if rng.random() < 0.05 else 1)
        if self._trouble and self._trouble.silent and now >= self._trouble.since:
            return []  # the list shows no more
        if self.section.column:
            is_time = (at.weekday(), at.hour) == self.section.column
            skips = f"{at:%F}" in HOLIDAYS or rng.random() < 0.03
            return [self._write(at)] if is_time and not skips else []
        expected, count = self._rate(at), 0
        left = rng.expovariate(1.0)
        while left < expected and count < 200:
            count, left = count + 1, left + rng.expovariate(1.0)
        return [self._write(at + rng.random() * HOUR) for _ in range(count)]

    def _rate(self, at: datetime) -> float:
        weekend = {5: self.section.saturday, 6: self.section.sunday}
        day = weekend.get(at.weekday(), 1.0)
        if (holiday := HOLIDAYS.get(f"{at:%F}")) is not None:
            day = min(day, holiday * max(self.section.sunday, 0.2) / 0.4)
        burst = 8.0 if timedelta(0) <= at - ELECTION_NIGHT < ELECTION_HOURS * HOUR else 1.0
        week = (5 + self.section.saturday + self.section.sunday) * sum(DAY)
        return self.section.weekly * day * DAY[at.hour] * self._mood * burst / week

    def _write(self, at: datetime) -> _Story:
        """Write a story as the desk does: wire copy comes in clusters, and at weekends."""
        rng, section = self._rng, self.section
        wire = section.wire * (1.3 if at.weekday() > 4 else 1.0)
        if self._stories and section.wire and rng.random() < 0.4:
            is_wire = "source_organization" in self._stories[-1].sources
        else:
            is_wire = rng.random() < wire
        broken = rng.random() < 0.01
        json = "css" if broken else "json-ld"
        sources = {"headline": "meta" if broken else "json-ld", "section": "css"}
        sources |= {"breadcrumbs": "css", "date_published": json, "date_modified": json}
        if rng.random() < 0.995:
            sources["description"] = "meta"
        photo = rng.random() < 0.05
        if not photo or rng.random() < 0.7:
            sources["article_body"] = "css"
        if photo or rng.random() < 0.88:
            sources["images"] = "css"
        if rng.random() < 0.12:
            sources["keywords"] = "json-ld"
        drift = 0.08 * sin((at - self._start) / timedelta(days=12))
        if rng.random() < section.subtitle + drift - (0.2 if is_wire else 0):
            sources["alternative_headline"] = "css"
        if is_wire:
            sources["source_organization"] = json if rng.random() < 0.6 else "fallback"
        elif rng.random() < 0.975:
            sources["authors"] = json
        issues: tuple[str, ...] = ("json-ld",) if broken else ()
        if "authors" not in sources and "source_organization" not in sources:
            issues += ("authors",)
        characters = 150 if photo else int(exp(rng.gauss(7.6, 0.45)))
        return _Story(at, sources, issues, characters)

    # --- the crawls ------------------------------------------------------------------------------

    def crawl(self, now: datetime, report: Report) -> Verdict:
        """The run of an hour, judged."""
        stats = self._first_walk(now) if not self._runs else self._hourly(now, report)
        reason = "no_list" if not stats.get("list/entries") else "finished"
        run = self._run = Run(self.section.name, reason, now - HOUR / 30, now, stats)
        again = []
        before = self._before()
        if self._looks_again and (doubts := judge(run.shares(), before).doubts):
            again = self._look_again(doubts, now)
            report.second_looks += len(again)
        last = self._stories[-1].at if self._stories else None
        is_silent = last and now - last > 3 * HOUR and not run.count("list/new")
        past = Past(self._runs, before, again, last, self._learned() if is_silent else None)
        return judge_run(run, past, self.section.name)

    def remember(self, open_alarms: Any) -> None:
        """The run joins its habit, its stories if nothing is wrong with pages."""
        assert self._run is not None
        wrong = {a.what.partition("/")[0] for a in open_alarms if a.spider == self.section.name}
        if self._run.read and not wrong & set(KINDS):
            every = Shares.of(self._run.stats)
            self._usual.appendleft((every, every - Shares.of(self._run.stats, OLD)))
            self._total = [total + s for total, s in zip(self._total, self._usual[0], strict=True)]
            if len(self._usual) > 200:
                gone = self._usual.pop()
                self._total = [total - s for total, s in zip(self._total, gone, strict=True)]
        self._runs = [self._run, *self._runs[:19]]

    def _first_walk(self, now: datetime) -> dict[str, Any]:
        """The archive that is found at first; its older pages lack what today's have."""
        stats: Counter[str] = Counter({"list/deepest": self.section.history // 15 + 1})
        half_a_year = [now - back * HOUR for back in range(26 * 7 * 24, 0, -1)]
        recent = [story for hour in half_a_year for story in self._appear(hour)]
        recent = recent[-self.section.history :]
        older = self.section.history - len(recent)
        gap = timedelta(days=7) / self.section.weekly
        archive = [self._write(half_a_year[0] - n * gap) for n in range(older, 0, -1)]
        for story in [*archive, *recent]:
            is_old = now - story.at > timedelta(days=30)
            if is_old and self._rng.random() < 0.9:
                story.sources.pop("alternative_headline", None)
            self._stories.append(story)
            self._read(stats, story, None, is_old=is_old)
        del self._stories[:-2000]
        stats["list/new"] = stats["list/entries"] = self.section.history
        stats["list/pages"] = stats["list/deepest"]
        return dict(stats)

    def _hourly(self, now: datetime, report: Report) -> dict[str, Any]:
        rng, stats = self._rng, Counter[str]()
        broken = self._trouble if self._trouble and now >= self._trouble.since else None
        new = self._appear(now)
        self._stories += new
        del self._stories[:-2000]
        due = self._due.pop(now, []) + new
        for story in new:
            for hours in REVISITS:
                self._due.setdefault(now + hours * HOUR, []).append(story)
        if rng.random() < 0.002:  # the site is away for a moment
            self._due.setdefault(now + HOUR, []).extend(due)
            return {"list/failed": 3, "list/failed/TimeoutError": 3}
        if broken and broken.no_entries:
            report.met.setdefault(self.section.name, now)
            return {"list/pages": 2, "list/unreadable": 2}
        size = min(self.section.history, 15)
        pages = 1 + bool(new) + len(new) // 15
        stats.update({"list/pages": pages, "list/entries": pages * size, "list/new": len(new)})
        stats["list/deepest"] = pages
        hiccup = 0.7 if rng.random() < 0.01 else 0.002
        for story in due:
            if rng.random() < hiccup:
                stats.update(["story/failed", "story/failed/TimeoutError"])
                self._due.setdefault(now + HOUR, []).append(story)
            elif not story.is_stored and rng.random() < 0.004:
                stats.update(["story/failed", "story/failed/http_404", "story/dead"])
            else:
                self._read(stats, story, broken, is_old=False)
        if broken and (stats["story/read"] or stats["story/failed/unreadable"]):
            report.met.setdefault(self.section.name, now)
        self._fail(stats, now, len(new))
        self._answer(stats, stats["list/pages"] + 1 + len(due))
        return dict(stats)

    def _fail(self, stats: Counter[str], now: datetime, new: int) -> None:
        """One page in 500 cannot be read, ever, and is tried a few times."""
        rng = self._rng
        for _ in range(self._bad.pop(now, 0) + sum(rng.random() < 0.002 for _ in range(new))):
            stats.update(["story/failed", "story/failed/unreadable"])
            if rng.random() < 0.75:  # another attempt
                later = now + rng.choice((1, 1, 4, 17)) * HOUR
                self._bad[later] = self._bad.get(later, 0) + 1

    def _answer(self, stats: Counter[str], answers: int) -> None:
        """How the site answered: quickly, but for a slow run or a refusal now and then."""
        rng = self._rng
        stats["downloader/response_count"] = answers
        slow = 20.0 if rng.random() < 0.005 else 1.0
        stats.update(latency_class(slow * exp(rng.gauss(-1, 0.5))) for _ in range(answers))
        if rng.random() < 0.003:
            stats["refused/429"] += 1

    def _read(
        self, stats: Counter[str], story: _Story, trouble: Trouble | None, *, is_old: bool
    ) -> None:
        if trouble and trouble.unreadable:
            stats.update(["story/failed", "story/failed/unreadable"])
            return
        sources, issues, layout, characters = story.shown(trouble)
        stats["story/unchanged" if story.is_stored else "story/new"] += 1
        story.is_stored = True
        keys = ["story/read", f"layout/{layout}", *(f"issue/{issue}" for issue in issues)]
        keys += [f"evidence/{name}/{source}" for name, source in sources.items()]
        if characters < SHORT:
            keys.append("story/short")
        stats.update(keys)
        if is_old:
            stats.update(f"{OLD}{key}" for key in keys)

    def _before(self) -> Before:
        """What the real one reads from the database, kept up to date instead."""
        is_news = self._total[1].stories >= 30
        return Before([pair[is_news] for pair in islice(self._usual, 24)], self._total[is_news])

    def _look_again(self, doubts: list[Finding], now: datetime) -> list[Again]:
        """Older stories, read once more; one in 200 was edited meanwhile and lost something."""
        broken = self._trouble if self._trouble and now >= self._trouble.since else None
        look = SecondLook()
        old = [s for s in self._stories[-200:] if now - s.at > 2 * HOUR]
        by_id = {str(number): story for number, story in enumerate(reversed(old))}
        for lease in look.choose(doubts, [s.row(number) for number, s in by_id.items()]):
            after = by_id[lease.article_id].traits(broken)
            if self._rng.random() < 0.005 and after.has:
                after = Traits(after.has - {self._rng.choice(sorted(after.has))})
            look.saw(lease, after if after.read else None)
        return look.seen

    def _learned(self) -> NewsHabit | None:
        """The habit; learned once for each silence, for nothing changes while it lasts."""
        last = self._stories[-1].at
        if self._habit is None or self._habit[0] != last:
            since = last - timedelta(weeks=26)
            habit = NewsHabit.learn(story.at for story in self._stories if story.at > since)
            self._habit = (last, habit)
        return self._habit[1]
