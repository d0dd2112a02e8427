"""The table of alarms, and that two runs never tell the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from heraldcrawl.monitoring.alarms import Alarm, Kind, News
from heraldcrawl.store import duplicates
from heraldcrawl.store.alarms import AlarmBook
from heraldcrawl.store.link import Connection, Link
from heraldcrawl.store.monitors import Monitors
from tests.stories import execute, store, story

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")
ALARM = Alarm("list", "0 entries", "15 on a page", "look", spider="kpop")


def with_links(url: str, work: Callable[..., Awaitable[T]], count: int = 1) -> T:
    """Do something with some connections, as so many runs would."""

    async def done() -> T:
        links = [
            Link(url, patience_seconds=5, silence_seconds=30, is_stopping=lambda: False)
            for _ in range(count)
        ]
        try:
            return await work(*links)
        finally:
            for link in links:
                await link.close()

    return asyncio.run(done())


def test_runs_that_see_the_same_at_once_tell_it_once(database_url: str) -> None:
    async def work(*links: Link) -> list[list[News]]:
        looks = [AlarmBook(link).take_in([ALARM], ()) for link in links]
        return await asyncio.gather(*looks)

    told = with_links(database_url, work, 8)
    assert sorted(map(len, told)) == [0] * 7 + [1]
    assert execute(database_url, "SELECT key, told_at FROM alarms") == [("kpop/list", None)]


def test_no_alarm_waits_for_stories_that_are_being_stored(database_url: str) -> None:
    async def work(storing: Link, telling: Link) -> list[News]:
        async def told(connection: Connection) -> list[News]:
            async with connection.transaction():
                await duplicates.lock(connection)
                async with asyncio.timeout(5):
                    return await AlarmBook(telling).take_in([ALARM], ())

        return await storing.do(told)

    assert len(with_links(database_url, work, 2)) == 1


def test_what_was_told_is_told_no_more_and_what_was_not_is(database_url: str) -> None:
    async def work(link: Link) -> list[list[Kind]]:
        book = AlarmBook(link)
        kinds = []
        for well, is_delivered in (((), False), ((), True), ((), True), (["kpop/list"], True)):
            news = await book.take_in([] if well else [ALARM], well)
            kinds.append([each.kind for each in news])
            await (book.told(news) if is_delivered else book.not_told(news))
        return kinds

    assert with_links(database_url, work) == [["new"], ["new"], [], ["over"]]
    [row] = execute(
        database_url,
        "SELECT told_at <= closed_at, closed_at <= over_told_at, telling_until, told_badness"
        " FROM alarms",
    )
    assert row == (True, True, None, 1.0)


def test_a_list_s_news_is_when_its_stories_appeared(database_url: str) -> None:
    store(database_url, story(1), story(2, issues=["date_published:day-only"]))
    for number, seen in ((1, "2026-05-01"), (2, "2026-03-03T05:00Z"), (3, "2026-03-04T06:00Z")):
        execute(
            database_url,
            "INSERT INTO listings (list, article_id, section, date_published, pending,"
            " first_seen_at) VALUES ('kpop', %s, '{}', %s, false, %s)",
            story(number).id,
            (story(number).date_published or "")[:10],
            seen,
        )

    async def work(link: Link) -> Any:
        [[now]] = execute(database_url, "SELECT '2026-06-01'::timestamptz")
        return await Monitors(link).news("kpop", now)

    appeared, last_seen_at = with_links(database_url, work)
    assert [f"{at:%m-%dT%H:%M}" for at in sorted(appeared)] == [
        "03-02T00:30",  # as printed, in UTC
        "03-03T05:00",  # only the day is known: when it was seen
        "03-04T06:00",  # not stored
    ]
    assert f"{last_seen_at:%m-%d}" == "05-01"


def test_jobs_are_runs_that_were_not_told_where_to_stop(database_url: str) -> None:
    execute(
        database_url,
        """
        INSERT INTO runs (spider, arguments, finished_at, stats) VALUES
            ('kpop', '{}', now(), '{}'), ('kpop', '{"limit": "5"}', now(), '{}'),
            ('kpop', '{}', now(), '{"replay": true}'), ('kpop', '{"_job": "1"}', NULL, NULL),
            ('article', '{"url": "x"}', now(), NULL), ('latest', '{}', now(), NULL),
            ('article', '{"file": "missing.txt"}', now(), NULL),
            ('reparse', '{}', now(), NULL), ('reparse', '{"layout": "e3"}', NULL, NULL)
        """,
    )

    async def work(link: Link) -> Any:
        return await Monitors(link).jobs()

    jobs = {job.spider: (len(job.starts), job.is_running) for job in with_links(database_url, work)}
    assert jobs == {"kpop": (2, True), "latest": (1, False)}


def test_dead_letters_that_are_gone_do_not_count(database_url: str) -> None:
    execute(
        database_url,
        """
        INSERT INTO ledger (article_id, url, state, reason, failed_at)
        SELECT n::text, 'u', 'dead', CASE WHEN n <= 3 THEN 'http_500' ELSE 'http_404' END,
            now() - CASE WHEN n = 1 THEN interval '3 days' ELSE interval '1 hour' END
        FROM generate_series(1, 9) n
        """,
    )

    async def work(link: Link) -> Any:
        return await Monitors(link).dead_letters()

    dead = with_links(database_url, work)
    assert (dead.last_day, dead.reasons) == (2, "2 × http_500")
    assert 0 < dead.days_before < 0.1
