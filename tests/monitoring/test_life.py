"""A hundred ordinary days raise no alarm, and what breaks is told by the run that meets it."""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime, timedelta

import pytest

from heraldcrawl.site.dates import KST
from tests.monitoring.life import SECTIONS, Section, Trouble, live

#: More of them to be surer.
SEEDS = int(os.environ.get("LIFE_SEEDS", "1"))
#: With Seollal; with an election's night and no long holiday; with Chuseok.
STARTS = (
    datetime(2026, 1, 8, tzinfo=KST),
    datetime(2026, 4, 1, tzinfo=KST),
    datetime(2026, 8, 10, tzinfo=KST),
)
DAYS = 100

#: An ordinary Thursday morning, a week after the crawls began.
MORNING = STARTS[1] + timedelta(days=8, hours=7)
BUSY = [section for section in SECTIONS if section.name in ("national", "northkorea", "market")]
RARE = [section for section in SECTIONS if section.name in ("editorial", "travel")]


@pytest.mark.parametrize("start", STARTS, ids=lambda start: f"{start:%B}")
@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_a_hundred_ordinary_days_raise_no_alarm(seed: int, start: datetime) -> None:
    report = live(seed, start, DAYS)
    assert [f"{at:%a %d %b %H}: {alarm}" for at, alarm in report.alarms] == []
    assert report.runs > 20_000
    # The site is asked for little more than the news: a handful of older pages a day.
    assert report.second_looks < 0.1 * report.runs


#: What breaks, and what is said of it. Each is more than nine in ten stories' before.
TROUBLES = {
    "headline": (Trouble(MORNING, without=("headline",)), "field/headline"),
    "date": (Trouble(MORNING, without=("date_published",)), "field/date_published"),
    "description": (Trouble(MORNING, without=("description",)), "field/description"),
    "body in a script": (Trouble(MORNING, generic=True), "layout"),
    "unreadable": (Trouble(MORNING, unreadable=True), "unreadable"),
    "no entries": (Trouble(MORNING, no_entries=True), "list"),
    "no JSON-LD": (Trouble(MORNING, no_json=True), "evidence/json-ld"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_what_breaks_is_told_by_the_first_run_that_meets_it(name: str) -> None:
    trouble, what = TROUBLES[name]
    report = live(5, STARTS[1], 12, sections=[*BUSY, *RARE], trouble=trouble)
    assert [alarm for at, alarm in report.alarms if at < MORNING] == []
    assert {alarm.what for _, alarm in report.alarms} == {what}
    first = {alarm.spider: at for at, alarm in reversed(report.alarms)}
    assert first == report.met
    assert first.keys() == {section.name for section in (*BUSY, *RARE)}


def test_what_fewer_stories_had_is_told_when_enough_were_read() -> None:
    for field, hours in (("images", 3), ("authors", 12), ("alternative_headline", 24)):
        trouble = Trouble(MORNING, without=(field,))
        report = live(5, STARTS[1], 12, sections=BUSY, trouble=trouble)
        assert {alarm.what for _, alarm in report.alarms} == {f"field/{field}"}
        first = {alarm.spider: at for at, alarm in reversed(report.alarms)}
        late = [first[name] - met for name, met in report.met.items()]
        assert max(late) <= timedelta(hours=hours), field


def test_a_teaser_in_place_of_the_text_is_told() -> None:
    report = live(5, STARTS[1], 10, sections=BUSY, trouble=Trouble(MORNING, teaser=True))
    assert {alarm.what for _, alarm in report.alarms} == {"short"}


def test_a_frozen_list_is_told_after_its_section_s_own_time() -> None:
    """A busy section within two days, a weekly column when a month has passed."""
    column = Section("englisheye", 1, column=(3, 10), wire=0.0, history=60)
    sections = [*BUSY, column]
    report = live(5, STARTS[1], 55, sections=sections, trouble=Trouble(MORNING, silent=True))
    assert {alarm.what for _, alarm in report.alarms} == {"silence"}
    first = {alarm.spider: at - MORNING for at, alarm in reversed(report.alarms)}
    assert timedelta(hours=6) < first["national"] < timedelta(days=2)
    assert first["national"] < first["northkorea"] < timedelta(days=5)
    assert timedelta(days=20) < first["englisheye"] < timedelta(days=50)


def test_what_lasts_is_told_once_a_day_and_the_same_in_all_sections_together() -> None:
    report = live(5, STARTS[1], 12, trouble=Trouble(MORNING, generic=True), sections=SECTIONS[:8])
    told = Counter(news.standing.alarm.key for _, news in report.news)
    days = (STARTS[1] + timedelta(days=12) - MORNING) / timedelta(days=1)
    assert set(told) == {f"{section.name}/layout" for section in SECTIONS[:8]}
    assert all(count <= days + 1 for count in told.values())
    assert Counter(news.kind for _, news in report.news)["new"] == len(told)


def test_without_a_second_look_a_little_news_is_no_proof() -> None:
    """Where no older story can be read, the alarm waits for the third story, or the fourth."""
    trouble = Trouble(MORNING, without=("description",))
    report = live(5, STARTS[1], 12, sections=BUSY, trouble=trouble, looks_again=False)
    assert {alarm.what for _, alarm in report.alarms} == {"field/description"}
    first = {alarm.spider: at for at, alarm in reversed(report.alarms)}
    assert all(first[name] - met <= timedelta(hours=6) for name, met in report.met.items())
