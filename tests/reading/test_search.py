"""Full-text search, in English and Korean."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from heraldcrawl.errors import ArgumentError
from heraldcrawl.items import Author, Image
from heraldcrawl.reading.search import count_waiting, search, update
from heraldcrawl.reading.selection import Selection
from tests.crawling import crawl, scrapy
from tests.site.sample.site import Site
from tests.site.sample.warc import write_warc
from tests.stories import command, execute, fill, store, story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heraldcrawl.items import Article
    from heraldcrawl.reading.archive import Connection
    from heraldcrawl.reading.search import Hit


def told(number: int, headline: str, body: str, **more: Any) -> Article:
    blank: dict[str, Any] = {"authors": [], "images": [], "keywords": [], "description": None}
    return story(number, headline=headline, article_body=body, **(blank | more))


STORIES = [
    told(
        1, "Ferries return to the islands", "The harbor opened again.\n\nThe ferry sails at nine."
    ),
    told(2, "Harbor reopens", "Two ferries launched from the harbor, and a missile was seen."),
    told(3, "Missile drill", "North Korea launched a missile in a drill over the East Sea."),
    told(
        4,
        "섬으로 가는 여객선",
        "북한이 미사일을 쏘았다. 정부는 핵실험도 준비한다고 보았다. BTS는 섬에서 노래했다.",
        in_language="ko",
    ),
    told(
        5,
        "[Photo News] K-pop at the harbor",
        "Fans wait.",
        authors=[Author("Kang Do-yun")],
        images=[Image("https://res.heraldm.com/a.jpg", "Lanterns over the water", None)],
        keywords=["Photo News"],
        breadcrumbs=["Entertainment", "K-pop"],
        section="K-pop",
    ),
    told(6, "Korea goes north", "South and North of it, Korea and Japan."),
]


@pytest.fixture(scope="module")
def connection(module_database_url: str) -> Iterator[Connection]:
    store(module_database_url, *STORIES)
    with psycopg.connect(module_database_url) as connection:
        update(connection, seconds=60)
        yield connection


def numbers(hits: list[Hit]) -> list[int]:
    return [int(hit.id[8:]) for hit in hits]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ferry", {1, 2}),  # ferries too
        ("launching missiles", {2, 3}),
        ('"north korea"', {3}),
        ("north korea", {3, 6}),
        ("missile -drill", {2}),
        ('harbor -"k-pop"', {1, 2}),
        ("drill or lanterns", {3, 5}),
        ("do-yun", {5}),
        ("zebra", set()),
        ("미사일", {4}),
        ("미사일을", {4}),
        ("사일", {4}),  # any part of a word
        ("일사", set()),
        ("북한 미사일", {4}),
        ("핵", {4}),
        ("실험", {4}),
        ("험", {4}),
        ('"북한이 미사일"', {4}),
        ('"미사일 북한"', set()),
        ("BTS", {4}),
        ("bts는", {4}),
        ("섬 -미사일", set()),
        ("북한 -핵", set()),
        ('missile -"east sea"', {2}),
        ('"harbor" -"missile was"', {1, 5}),
        ("여객선 or zebra", {4}),
        ("북한 ferry", set()),
    ],
)
def test_what_is_found(connection: Connection, words: str, found: set[int]) -> None:
    assert set(numbers(search(connection, words, Selection()))) == found


def test_a_word_in_the_headline_counts_more(
    connection: Connection,
) -> None:
    assert numbers(search(connection, "missile", Selection())) == [3, 2]
    assert numbers(search(connection, "ferry", Selection())) == [1, 2]


def test_section_days_and_limit_bound_the_search(
    connection: Connection,
) -> None:
    def found(words: str, limit: int = 10, **what: Any) -> set[int]:
        return set(numbers(search(connection, words, Selection(**what), limit=limit)))

    assert found("harbor", path=["Entertainment"]) == {5}
    assert found("harbor", path=["National"]) == {1, 2}
    assert found("harbor", since=date(2026, 3, 3)) == {2, 5}
    assert found("harbor", until=date(2026, 3, 3)) == {1, 2}
    assert len(found("harbor", limit=2)) == 2


@pytest.mark.parametrize(
    ("words", "snippet"),
    [
        ("ferry", "The harbor opened again. The <ferry> sails at nine."),
        (
            "미사일",
            "북한이 <미사일>을 쏘았다. 정부는 핵실험도 준비한다고 보았다. BTS는 섬에서 노래했다.",
        ),
        (
            "핵실험 -노래방",
            "북한이 미사일을 쏘았다. 정부는 <핵실험>도 준비한다고 보았다. BTS는 섬에서 노래했다.",
        ),
        ('"north korea"', "<North> <Korea> launched a missile in a drill over the East Sea."),
    ],
)
def test_the_snippet_marks_what_was_searched(
    connection: Connection, words: str, snippet: str
) -> None:
    assert search(connection, words, Selection(), marks=("<", ">"))[0].snippet == snippet


@pytest.mark.parametrize(
    "words",
    ["the", '""', "-", '"', "'", "\\", "a:*b", "!!", "(((", "%s", "-ferry the", "|&", "\x1b"],
)
def test_nothing_that_is_typed_breaks_the_search(connection: Connection, words: str) -> None:
    with suppress(ArgumentError):  # no word to search for
        search(connection, words, Selection(), marks=('"\\', "<'"))


def test_a_long_text_is_shown_where_the_words_are(database_url: str) -> None:
    calm = "The sea is calm and the harbor asleep. " * 50
    store(database_url, told(1, "Ferry", f"{calm}A ferry sails. {calm}"))
    store(
        database_url,
        told(
            2, "여객선", "바다는 잔잔하고 항구는 잠들었다. " * 50 + "여객선이 뜬다." + "끝. " * 99
        ),
    )
    with psycopg.connect(database_url) as connection:
        update(connection, seconds=60)
        [english] = search(connection, "ferry", Selection())
        [korean] = search(connection, "여객선", Selection())
    assert "A **ferry** sails" in english.snippet
    assert "잠들었다. **여객선**이 뜬다.끝." in korean.snippet
    assert korean.snippet.startswith("… ")
    assert korean.snippet.endswith(" …")
    assert max(len(english.snippet), len(korean.snippet)) < 250


def test_a_changed_story_is_found_by_its_new_words_alone(database_url: str) -> None:
    store(database_url, STORIES[0])
    with psycopg.connect(database_url) as connection:
        assert count_waiting(connection) == 1
        assert update(connection, seconds=60) == 1
        assert (count_waiting(connection), update(connection, seconds=60)) == (0, 0)
        changed = replace(
            STORIES[0],
            headline="Boats return",
            article_body="They sail.",
            content_hash="hash-of-the-new-text",
            fetched_at=datetime(2026, 4, 1, tzinfo=UTC),
        )
        store(database_url, changed)
        assert count_waiting(connection) == 1
        update(connection, seconds=60)
        assert numbers(search(connection, "boat", Selection())) == [1]
        assert search(connection, "ferry", Selection()) == []


def test_two_jobs_at_once_share_the_work(database_url: str) -> None:
    store(database_url, *STORIES)
    with psycopg.connect(database_url) as one, psycopg.connect(database_url) as other:
        one.execute("SELECT FROM changes WHERE article_id = %s FOR UPDATE", [STORIES[0].id])
        assert update(other, seconds=60) == len(STORIES) - 1
        one.rollback()
        assert update(one, seconds=60) == 1


def test_a_text_without_bounds_is_indexed_as_far_as_anybody_reads(database_url: str) -> None:
    syllables = "".join(chr(0xAC00 + n % 11172) for n in range(100_000))
    words = " ".join(f"w{n:x}" for n in range(100_000))
    store(database_url, told(1, syllables, syllables), told(2, words, words))
    store(database_url, told(3, "", "", keywords=["x" * 5000]))
    with psycopg.connect(database_url) as connection:
        assert update(connection, seconds=60) == 3
        assert numbers(search(connection, "w2f", Selection())) == [2]


def test_a_rare_phrase_of_common_words_is_bounded_and_says_so(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(database_url, 10_050, characters=0)
    execute(database_url, "UPDATE articles SET article_body = 'A harbor.'")
    with psycopg.connect(database_url) as connection:
        update(connection, seconds=60)
    assert command("search", '"harbor ferry"', DATABASE_URL=database_url) == 1
    assert capsys.readouterr().err == (
        "scrapy search: the phrase was looked for in stories since 2026-03-01 only\n"
    )
    assert command("search", "harbor -ferry", DATABASE_URL=database_url) == 1
    assert command("search", "harbor ferry", DATABASE_URL=database_url) == 0
    assert capsys.readouterr().err == ""


# As the operator types it -------------------------------------------------------------------------


def test_search_from_the_command_line(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(database_url, *STORIES)
    assert command("search", "ferry", "return", DATABASE_URL=database_url) == 0
    assert capsys.readouterr().out == (
        "Ferries return to the islands\n"
        "2026-03-02  North Korea  https://www.koreaherald.com/view.php?ud=20260302000001\n"
        "The harbor opened again. The **ferry** sails at nine.\n"
    )
    arguments = ("--json", "--section", "kpop", "--limit", "1", "harbor -zebra")
    assert command("search", *arguments, DATABASE_URL=database_url) == 0
    [hit] = json.loads(capsys.readouterr().out)
    assert hit == {
        "id": STORIES[4].id,
        "url": STORIES[4].url,
        "headline": "[Photo News] K-pop at the harbor",
        "date_published": "2026-03-06T09:30:00+09:00",
        "section": "K-pop",
        "rank": hit["rank"],
        "snippet": "Fans wait.",
    }
    assert command("search", "--color", "always", "missile drill", DATABASE_URL=database_url) == 0
    shown = capsys.readouterr().out
    assert "\x1b[1mMissile drill\x1b[0m" in shown
    assert "a \x1b[1;33mmissile\x1b[0m in a \x1b[1;33mdrill\x1b[0m over" in shown


def test_nothing_found_is_status_1(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("search", "--json", "zebra", DATABASE_URL=database_url) == 1
    assert json.loads(capsys.readouterr().out) == []
    assert command("search", "zebra", DATABASE_URL=database_url) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "arguments", [(), (" ",), ("ferry", "-zebra"), ("ferry", "--limit", "0"), ("--since", "x", "a")]
)
def test_wrong_usage_is_status_2(database_url: str, arguments: tuple[str, ...]) -> None:
    assert command("search", *arguments, DATABASE_URL=database_url) == 2


def test_a_search_for_nothing_but_common_words_is_status_2(database_url: str) -> None:
    assert command("search", "the", DATABASE_URL=database_url) == 2


def test_psql_users_have_the_same_search(database_url: str) -> None:
    store(database_url, *STORIES)
    assert scrapy("search", "--update", DATABASE_URL=database_url).returncode == 0
    rows = execute(
        database_url,
        "SELECT id, headline, snippet FROM search_stories('missile -drill', since => '2026-03-01')",
    )
    assert rows == [
        (
            STORIES[1].id,
            "Harbor reopens",
            "Two ferries launched from the harbor, and a **missile** was seen.",
        )
    ]


def test_what_a_crawl_stored_can_be_searched_when_it_ends(
    database_url: str, tmp_path: Path
) -> None:
    warc = tmp_path / "sample.warc.gz"
    with warc.open("wb") as out:
        write_warc(Site(stories=20), out)
    environment = {"REPLAY": str(warc), "DATABASE_URL": database_url}
    assert crawl("northkorea", home=tmp_path, environment=environment).status == 0
    [(stories, indexed)] = execute(
        database_url, "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM search_texts)"
    )
    assert stories == indexed > 0
