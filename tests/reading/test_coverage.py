"""What was announced and what became of it, over real crawls and over rows that are known."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg

from heraldcrawl.reading.coverage import Counts, read_coverage
from heraldcrawl.reading.selection import Selection
from heraldcrawl.store.roles import grant, url_of
from tests.crash.harness import where
from tests.crawling import crawl, scrapy, select
from tests.site.sample.server import serve
from tests.site.sample.site import Fault, Site
from tests.stories import command, execute, store, story

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from heraldcrawl.reading.coverage import Coverage, SectionCoverage

NORTH_KOREA = ("National", "North Korea")


def announce(url: str, article_id: str, section: str = "{National}", **more: Any) -> None:
    """A list shows a story; ``state`` puts it into the ledger as well."""
    row = {"list": "national", "day": None, "state": None, "reason": None, "walk": None} | more
    execute(
        url,
        "INSERT INTO listings (list, article_id, section, date_published, walk_id, pending)"
        " VALUES (%s, %s, %s, %s, %s, false)",
        row["list"],
        article_id,
        section,
        row["day"],
        row["walk"],
    )
    if row["state"]:
        execute(
            url,
            "INSERT INTO ledger (article_id, url, state, reason) VALUES (%s, '', %s, %s)",
            article_id,
            row["state"],
            row["reason"],
        )


def walk(url: str, slug: str, *, finished: bool) -> int:
    [(id_,)] = execute(
        url,
        "INSERT INTO walks (list, is_deep, next_page, finished_at)"
        " VALUES (%s, true, 7, CASE WHEN %s THEN now() END) RETURNING id",
        slug,
        finished,
    )
    return int(id_)


def read(url: str, **selection: Any) -> Coverage:
    with psycopg.connect(url) as connection:
        return read_coverage(connection, Selection(**selection))


def section(coverage: Coverage, *path: str) -> SectionCoverage:
    return next(each for each in coverage.sections if each.path == path)


def test_a_crawl_s_stories_are_counted_by_what_became_of_them_and_what_is_missing_is_fetched(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=60)) as site:
        gone, failed, waits, *_ = numbers = [*site.site.numbers(NORTH_KOREA)]
        site.site.faults |= {gone: Fault("410"), failed: Fault("500"), waits: Fault("503")}
        environment = where(site, database_url)
        crawl("northkorea", "limit=2", home=tmp_path, environment=environment)
        execute(database_url, "UPDATE ledger SET state = 'dead' WHERE reason = 'http_500'")
        crawl("northkorea", home=tmp_path, environment=environment)

        told = scrapy("coverage", "--json", DATABASE_URL=database_url)
        assert told.returncode == 1, told.stderr
        coverage = json.loads(told.stdout)
        assert not coverage["is_complete"]
        [north] = [s for s in coverage["sections"] if s["section"] == [*NORTH_KOREA]]
        assert [north[name] for name in ("announced", "stored", "missing", "failed", "gone")] == [
            len(numbers),
            len(numbers) - 3,
            1,
            1,
            1,
        ]
        assert north["reasons"] == {"failed": {"http_500": 1}, "gone": {"http_410": 1}}
        assert north["list"]["read"] == "end"
        days = [site.site.story(n).published for n in numbers]
        assert north["list"]["back_to"] == min(days).date().isoformat()
        assert {p["period"]: p["announced"] for p in north["periods"]} == Counter(
            f"{day:%Y-%m}" for day in days
        )

        site.site.faults.clear()
        file = tmp_path / "missing.txt"
        listing = ("coverage", "--missing", str(file), "--with-failed")
        assert scrapy(*listing, DATABASE_URL=database_url).returncode == 1
        assert len(file.read_text().splitlines()) == 2
        again = crawl("article", f"file={file}", home=tmp_path, environment=environment)
        assert again.status == 0, again.log
        assert {item["id"] for item in again.items} == {
            site.site.story_id(n) for n in (failed, waits)
        }
        assert scrapy(*listing, DATABASE_URL=database_url).returncode == 0
        assert file.read_text() == ""
        requests = len(site.log)
        crawl("article", f"file={file}", home=tmp_path, environment=environment)
        assert len(site.log) == requests


def test_a_file_s_stories_that_are_stored_are_not_fetched_again(
    database_url: str, tmp_path: Path
) -> None:
    with serve(Site(stories=30)) as site:
        environment = where(site, database_url)
        addresses = [f"https://m.koreaherald.com{site.site.story_address(n)}" for n in range(1, 9)]
        file = tmp_path / "stories.txt"
        file.write_text("\ufeff" + "\r\n\r\n".join(addresses[:5]), encoding="utf-8")
        first = crawl("article", f"file={file}", home=tmp_path, environment=environment)
        assert first.status == 0, first.log
        file.write_text("\n".join([*addresses, addresses[0]]), encoding="utf-8")
        second = crawl(
            "article", f"file={file}", f"url={addresses[1]}", home=tmp_path, environment=environment
        )
    assert (first.stats["story/new"], second.stats["story/new"]) == (5, 3)
    assert second.stats["story/unchanged"] == 1  # the one that was asked for by url=


def test_a_story_counts_once_where_its_page_files_it_and_above(database_url: str) -> None:
    store(
        database_url,
        story(1, date_published="2026-03-31T23:30:00+09:00"),
        story(2, breadcrumbs=["National", "Politics"], date_published="2026-04-01T00:30:00+09:00"),
        story(3, breadcrumbs=[], date_published=None, id="2900001"),
    )
    announce(database_url, story(1).id)  # on two lists, one of them not its own
    announce(database_url, story(1).id, "{World}", list="world")
    coverage = read(database_url)
    assert {each.path: each.months for each in coverage.sections} == {
        ("National",): {date(2026, 3, 1): Counts(stored=1), date(2026, 4, 1): Counts(stored=1)},
        ("National", "Politics"): {date(2026, 4, 1): Counts(stored=1)},
        NORTH_KOREA: {date(2026, 3, 1): Counts(stored=1)},
    }
    assert coverage.whole.total == Counts(stored=3)
    assert coverage.whole.months[None] == Counts(stored=1)
    assert [*coverage.whole.periods("year")] == [
        ("2026", Counts(stored=2)),
        (None, Counts(stored=1)),
    ]
    assert ("World",) in coverage.unknown


def test_every_story_that_is_not_stored_is_one_of_five_things(database_url: str) -> None:
    states = {
        "20260301000001": {"state": "waiting"},
        "20260301000002": {},  # a bounded crawl did not want it
        "20260301000003": {"state": "dead", "reason": "timeout"},
        "20260301000004": {"state": "dead", "reason": "http_404"},
        "20260301000005": {"state": "dead", "reason": "not_found"},
        "20260301000006": {"state": "elsewhere"},
    }
    for article_id, more in states.items():
        announce(database_url, article_id, **more)
    announce(database_url, "20260301000001", "{National,Defense}", list="defense")
    coverage = read(database_url)
    assert coverage.whole.total == Counts(missing=2, failed=1, gone=2, elsewhere=1)
    assert coverage.whole.reasons == {
        "failed": {"timeout": 1},
        "gone": {"http_404": 1, "not_found": 1},
    }
    assert coverage.whole.total.share == 0
    # The deepest list counts, as it does when the story is stored.
    assert section(coverage, "National", "Defense").total == Counts(missing=1)


def test_the_month_is_the_list_s_day_s_or_else_the_id_s(database_url: str) -> None:
    announce(database_url, "20260228000001", day="2026-03-01T00:05:00+09:00")
    announce(database_url, "20260228000002")
    announce(database_url, "2900001")
    announce(database_url, "20260230000003")  # no such day, and no error
    announce(database_url, "20269999000004")
    months = read(database_url).whole.months
    assert months == {
        date(2026, 3, 1): Counts(missing=2),
        date(2026, 2, 1): Counts(missing=1),
        None: Counts(missing=2),
    }


def test_a_story_under_its_other_id_and_a_page_in_the_archive_count(database_url: str) -> None:
    store(database_url, story(1))
    announce(database_url, "2900001")
    execute(
        database_url,
        "INSERT INTO aliases (alias, article_id, evidence) VALUES ('2900001', %s, '{redirect}')",
        story(1).id,
    )
    execute(
        database_url,
        "INSERT INTO archive_files (name, host, bytes, captures, started_at)"
        " VALUES ('a.warc.gz', '', 0, 0, now())",
    )
    for number, (article_id, status) in enumerate(
        [("20260401000009", 200), ("20260401000010", 404)]
    ):
        execute(
            database_url,
            "INSERT INTO captures (file, record_offset, record_length, url, article_id,"
            " captured_at, record_type, status)"
            " VALUES ('a.warc.gz', %s, 1, '', %s, now(), 'response', %s)",
            number,
            article_id,
            status,
        )
    coverage = read(database_url)
    assert coverage.whole.total == Counts(stored=1, missing=1)
    assert coverage.whole.months[date(2026, 4, 1)] == Counts(missing=1)


def test_what_is_stored_and_gone_from_the_site_is_told(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(database_url, story(1), story(2))
    execute(database_url, "UPDATE articles SET gone_at = now() WHERE id = %s", story(1).id)
    assert read(database_url).whole.total == Counts(stored=2, only_here=1)
    assert command("coverage", DATABASE_URL=database_url) == 0
    assert "1 of those stored are gone from the site" in capsys.readouterr().out


def test_it_is_told_how_far_back_each_list_was_read(database_url: str) -> None:
    finished, under_way = (
        walk(database_url, "defense", finished=True),
        walk(database_url, "politics", finished=False),
    )
    announce(
        database_url, "1", "{National,Defense}", list="defense", day="2013-05-06", walk=finished
    )
    announce(database_url, "2", "{National,Defense}", list="defense", day="2011-01-01")  # no walk
    for id_, day in (("3", "2020-02-03"), ("4", "2012-01-01")):  # one page, with an old story on it
        execute(
            database_url,
            "INSERT INTO listings (list, article_id, section, date_published, walk_id, pending,"
            " first_seen_at) VALUES ('politics', %s, '{National,Politics}', %s, %s, false,"
            " '2026-01-01')",
            id_,
            day,
            under_way,
        )
    coverage = read(database_url)
    defense = section(coverage, "National", "Defense").reading
    politics = section(coverage, "National", "Politics").reading
    assert (defense.state, defense.back_to) == ("end", date(2013, 5, 6))
    assert (politics.state, politics.back_to, politics.next_page) == (
        "under way",
        date(2020, 2, 3),
        7,
    )
    assert section(coverage, "National").reading.state == "never"


def test_a_month_with_suspiciously_few_stories_is_told(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = walk(database_url, "defense", finished=True)
    for month in range(1, 13):
        for number in range(1 if month in (6, 7) else 9):
            day = f"2025-{month:02}-{number + 1:02}"
            id_ = f"{day.replace('-', '')}{number:06}"
            announce(database_url, id_, "{National,Defense}", list="defense", day=day, walk=done)
    [gap] = section(read(database_url), "National", "Defense").gaps
    assert (gap.first, gap.last, gap.stories, gap.usual) == (
        date(2025, 6, 1),
        date(2025, 7, 1),
        2,
        9,
    )
    assert command("coverage", DATABASE_URL=database_url) == 1
    assert (
        "National > Defense, 2025-06 … 2025-07: 2 stories, where about 9 a month are usual;"
        " its list was read there\n" in capsys.readouterr().out
    )


def test_days_and_sections_are_selected(database_url: str) -> None:
    store(database_url, *[story(n) for n in range(40)])
    announce(database_url, "20260315000099", "{National,North Korea}", state="waiting")
    announce(database_url, "20260315000098", "{Business}", state="waiting")
    chosen = {"path": ["National"], "since": date(2026, 3, 15), "until": date(2026, 4, 2)}
    coverage = read(database_url, **chosen)
    assert {each.path for each in coverage.sections} == {("National",), NORTH_KOREA}
    assert coverage.whole.path == ("National",)
    assert coverage.whole.months == {
        date(2026, 3, 1): Counts(stored=17, missing=1),
        date(2026, 4, 1): Counts(stored=2),
    }
    assert all(path[0] == "National" for path in coverage.unknown)


def test_the_view_has_the_command_s_numbers(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(database_url, *[story(n) for n in range(40)])
    announce(database_url, "20260315000099", "{National,Defense}", state="waiting")
    announce(database_url, "20260315000098", "{Business}", state="dead", reason="timeout")
    assert command("coverage", "--csv", DATABASE_URL=database_url) == 1
    rows = [*csv.DictReader(capsys.readouterr().out.splitlines())]
    names = ("announced", "stored", "missing", "failed", "gone", "elsewhere", "only_here")
    viewed = select(database_url, "SELECT * FROM coverage")
    assert {
        (row["section"], row["period"], *(int(row[name]) for name in names)) for row in rows
    } == {
        (" > ".join(row["section"]), f"{row['month']:%Y-%m}", *(row[name] for name in names))
        for row in viewed
    }
    assert len(rows) == len(viewed) == 2 + 1 + 2 + 1 + 2
    assert [row["share"] for row in rows if row["section"] == "Business"] == ["0.0"]


def test_a_reader_s_role_suffices(database_url: str, tmp_path: Path) -> None:
    store(database_url, story(1))
    name = f"desk_{database_url.rpartition('_')[2].partition('?')[0]}"
    grant(database_url, name, "reader")
    try:
        execute(database_url, f"ALTER ROLE {name} PASSWORD 'secret'")
        url = url_of(database_url, name).replace(f"{name}@", f"{name}:secret@")
        missing = ("--missing", str(tmp_path / "missing.txt"))
        assert command("coverage", *missing, DATABASE_URL=url) == 0
        assert execute(url, "SELECT count(*) FROM coverage") != [(0,)]
    finally:
        execute(database_url, f"DROP OWNED BY {name}; DROP ROLE {name}")


def test_the_exit_status_and_one_sentence_say_what_is_wrong(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("coverage", DATABASE_URL=database_url) == 1  # nothing is known
    store(database_url, story(1))
    assert command("coverage", DATABASE_URL=database_url) == 0
    capsys.readouterr()
    nowhere = str(tmp_path / "nowhere" / "missing.txt")
    for status, arguments, sentence in (
        (2, ["--picture", "coverage.pdf"], "ends in neither .svg nor .png"),
        (2, ["--with-failed"], "--with-failed goes with --missing FILE"),
        (2, ["--since", "yesterday"], "--since yesterday is no date"),
        (4, ["--missing", nowhere], "No such file or directory"),
        (4, ["--picture", f"{nowhere}.svg"], "No such file or directory"),
    ):
        assert command("coverage", *arguments, DATABASE_URL=database_url) == status
        assert sentence in capsys.readouterr().err
    assert command("coverage", DATABASE_URL="postgresql://127.0.0.1:1/none") == 3


def test_no_page_steers_the_terminal_and_colours_come_when_asked_for(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(database_url, story(1, breadcrumbs=["\x1b[2JNational\nPark"]))
    announce(database_url, "20260301000001", state="dead", reason="\x1b[31mred")
    command("coverage", "-v", DATABASE_URL=database_url)
    plain = capsys.readouterr().out
    assert "\x1b" not in plain
    assert " [2JNational Park" in plain
    command("coverage", "--color", "always", DATABASE_URL=database_url)
    assert "\x1b[31m" in capsys.readouterr().out
