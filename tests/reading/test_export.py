"""Exports of a real archive, read by what analysts read them with."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import psycopg
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from scrapy.exporters import JsonLinesItemExporter

from heraldcrawl.errors import ArgumentError
from heraldcrawl.reading.export import Point, export, read_point, write_point
from heraldcrawl.reading.formats import FORMATS, parquet_schema
from heraldcrawl.reading.output import output
from heraldcrawl.reading.selection import Selection, parse_section
from heraldcrawl.store import migrate
from tests.crawling import PROJECT, scrapy
from tests.stories import command, execute, fill, settle, store, story

if TYPE_CHECKING:
    from collections.abc import Callable

    from heraldcrawl.items import Article

SCHEMA = json.loads((PROJECT / "heraldcrawl/article.schema.json").read_text(encoding="utf-8"))


def written(
    url: str, *, form: str = "jsonl", selection: Selection | None = None, **how: Any
) -> bytes:
    file = BytesIO()
    with psycopg.connect(url) as connection:
        export(connection, FORMATS[form](file), selection or Selection(), **how)
    return file.getvalue()


def records(url: str, **how: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(url, **how).splitlines()]


def ids(url: str, **how: Any) -> list[str]:
    return [record["id"] for record in records(url, **how)]


def test_a_line_is_the_feed_s_line_and_as_the_schema_says(database_url: str) -> None:
    plain = story(1)
    day_only = story(
        2,
        date_published="2026-03-03",
        issues=["date_published:day-only"],
        authors=[],
        images=[],
        in_language="ko",
        headline="여객선, 다시 뜬다",
        alternative_headline="하루 두 번",
    )
    outcomes = store(database_url, plain, day_only)
    feed = BytesIO()
    exporter = JsonLinesItemExporter(feed, encoding="utf-8")
    for each in (plain, day_only):
        seen = outcomes[each.id].first_seen_at.astimezone(UTC)
        exporter.export_item(replace(each, first_seen_at=seen))
    assert records(database_url) == [json.loads(line) for line in feed.getvalue().splitlines()]
    validator = Draft202012Validator(SCHEMA)
    for record in records(database_url):
        validator.validate(record)
        assert list(record) == SCHEMA["required"]


def test_stories_come_oldest_first_and_those_without_a_date_last(database_url: str) -> None:
    same_time = replace(story(3), id="9", url="https://www.koreaherald.com/article/9")
    undated = replace(story(0), date_published=None, issues=["date_published"])
    store(database_url, story(2), same_time, story(3), undated, story(1))
    expected = [story(1).id, story(2).id, story(3).id, "9", undated.id]
    assert ids(database_url) == expected
    assert written(database_url) == written(database_url)


def test_what_is_selected(database_url: str) -> None:
    national = story(2, breadcrumbs=["National"], section="National")
    business = story(3, breadcrumbs=["Business", "Retail"], section="Retail")
    korean = story(4, in_language="ko")
    first = story(1)
    copied = story(5, article_body=first.article_body, content_hash=first.content_hash)
    store(database_url, story(1), national, business, korean, copied)

    def selected(**what: Any) -> list[int]:
        return [int(id_[8:]) for id_ in ids(database_url, selection=Selection(**what))]

    assert selected(path=["National"]) == [1, 2, 4, 5]
    assert selected(path=["National", "North Korea"]) == [1, 4, 5]
    assert selected(path=["North Korea"]) == []
    assert selected(language="ko") == [4]
    assert selected(originals=True) == [1, 2, 3, 4]
    third, fourth = datetime(2026, 3, 3, tzinfo=UTC).date(), datetime(2026, 3, 4, tzinfo=UTC).date()
    assert selected(since=fourth) == [3, 4, 5]
    assert selected(until=third) == [1, 2]
    assert selected(since=third, until=third) == [2]


def test_a_day_is_korea_s(database_url: str) -> None:
    early = story(1, date_published="2026-03-02T00:00:00+09:00")
    late = story(2, date_published="2026-03-02T23:59:59+09:00")
    next_day = story(3, date_published="2026-03-03T00:00:00+09:00")
    store(database_url, early, late, next_day)
    day = datetime(2026, 3, 2, tzinfo=UTC).date()
    assert ids(database_url, selection=Selection(since=day, until=day)) == [early.id, late.id]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("northkorea", ["National", "North Korea"]),
        ("North Korea", ["National", "North Korea"]),
        ("National > North Korea", ["National", "North Korea"]),
        ("national/northkorea", ["National", "North Korea"]),
        ("Life&Style", ["Life&Style"]),
        ("Business > Mobility", ["Business", "Transport"]),
        ("Asia News Network", ["Asia News Network"]),
    ],
)
def test_a_section_is_named_as_spiders_and_menus_name_it(text: str, path: list[str]) -> None:
    assert parse_section(text) == path


@pytest.mark.parametrize("text", ["", "  ", ">", "northkoreaa", "National > Gardening"])
def test_a_section_that_no_menu_has_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match="no menu has that"):
        parse_section(text)


def test_all_revisions_are_the_texts_as_they_were(database_url: str) -> None:
    first = story(1)
    second = replace(
        first, article_body="None sails.", content_hash="hash-of-another", headline="No ferry"
    )
    store(database_url, first)
    store(database_url, replace(second, fetched_at=datetime(2026, 3, 5, tzinfo=UTC)))
    old, new = records(database_url, revisions=True)
    assert (old["revision"], old["headline"]) == (1, first.headline)
    assert (new["revision"], new["article_body"]) == (2, "None sails.")
    assert (old["fetched_at"], new["fetched_at"]) == (
        "2026-03-01T12:01:00.000250+00:00",
        "2026-03-05T00:00:00+00:00",
    )
    assert [new] == records(database_url)
    Draft202012Validator(SCHEMA).validate(old)


# What reads it ------------------------------------------------------------------------------------


def odd() -> Article:
    """What each format must keep apart."""
    return story(
        7,
        headline='=1+1, "quoted"\tand 한글',
        article_body='One.\n\nTwo, "three"; 넷\r\n,',
        description=None,
        source_organization=None,
        images=2 * story(7).images,
    )


def test_pandas_reads_every_format(database_url: str, tmp_path: Path) -> None:
    store(database_url, story(1), odd())
    for form in FORMATS:
        (tmp_path / f"stories.{form}").write_bytes(written(database_url, form=form))
    lines = pd.read_json(tmp_path / "stories.jsonl", lines=True, dtype={"id": str})
    table = pd.read_csv(tmp_path / "stories.csv", dtype={"id": str})
    typed = pd.read_parquet(tmp_path / "stories.parquet")
    for frame in (lines, table, typed):
        assert list(frame.columns) == SCHEMA["required"]
        assert list(frame["id"]) == [story(1).id, odd().id]
        assert frame["article_body"][1] == odd().article_body
        assert frame["headline"][1] == odd().headline
        assert frame["description"].isna().tolist() == [False, True]
    assert json.loads(table["authors"][0])[0]["name"] == "Kang Do-yun"
    assert pd.to_datetime(table["date_published"])[0] == typed["date_published"][0]
    assert typed["date_published"][0].isoformat() == "2026-03-02T09:30:00+09:00"
    assert typed["first_seen_at"][0].isoformat() == "2026-03-01T12:01:00.000250+00:00"
    assert list(typed["images"][1]) == 2 * [
        {"url": "https://res.heraldm.com/a.jpg", "caption": "The ferry", "credit": "Yonhap"}
    ]
    assert typed["sources"][0]["headline"] == "json-ld"


def test_duckdb_reads_every_format(database_url: str, tmp_path: Path) -> None:
    store(database_url, story(1), odd())
    for form, name in (
        ("jsonl", "authors[1].name"),
        ("csv", "json(authors)->0->>'name'"),
        ("parquet", "authors[1].name"),
    ):
        file = tmp_path / f"stories.{form}"
        file.write_bytes(written(database_url, form=form))
        source = f"read_json('{file}')" if form == "jsonl" else f"'{file}'"
        columns = f"id::varchar, {name}, epoch(date_published::timestamptz), article_body, headline"
        relation = duckdb.sql(f"SELECT {columns} FROM {source} ORDER BY id")  # noqa: S608  (ours)
        assert relation
        found = relation.fetchall()
        stamp = datetime(2026, 3, 2, 0, 30, tzinfo=UTC).timestamp()
        assert found[0][:3] == (story(1).id, "Kang Do-yun", stamp)
        assert found[1][3:] == (odd().article_body, odd().headline)


def test_parquet_has_a_type_for_each_field_and_a_place_for_all_evidence(database_url: str) -> None:
    assert parquet_schema().names == SCHEMA["required"]
    places = {field.name for field in parquet_schema().field("sources").type}
    for file in (PROJECT / "tests/site/pages").glob("*/*/expected.json"):
        assert json.loads(file.read_text(encoding="utf-8"))["sources"].keys() <= places
    store(database_url, story(1))
    file = pyarrow.parquet.ParquetFile(BytesIO(written(database_url, form="parquet")))
    assert file.schema_arrow.equals(parquet_schema())


@pytest.mark.parametrize("form", list(FORMATS))
def test_an_empty_archive_is_an_empty_table(database_url: str, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"none.{form}"
    file.write_bytes(written(database_url, form=form))
    if form == "jsonl":
        assert file.read_bytes() == b""
    else:
        read = pd.read_csv if form == "csv" else pd.read_parquet
        assert list(read(file).columns) == SCHEMA["required"]


# Changes ------------------------------------------------------------------------------------------

SECTIONS = [["National"], ["National", "North Korea"], ["Business"]]
#: A change: which story, which text, which section.
CHANGES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 3), st.sampled_from(SECTIONS)), max_size=4
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(days=st.lists(CHANGES, min_size=1, max_size=4), selected=st.booleans())
def test_deltas_applied_in_order_give_the_full_set(
    database_url: str, days: list[list[tuple[int, int, list[str]]]], selected: bool
) -> None:
    execute(database_url, "TRUNCATE articles CASCADE")
    selection = Selection(path=["National"], originals=True) if selected else Selection()
    applied: dict[str, dict[str, Any]] = {}
    point = None
    clock = 0
    for changes in days:
        for number, text, path in changes:
            clock += 1
            changed = story(
                number,
                content_hash=f"hash-of-the-text-{text}",
                article_body=f"Text {text}",
                breadcrumbs=path,
                section=path[-1],
                fetched_at=datetime(2026, 5, 1, 0, clock, tzinfo=UTC),
            )
            store(database_url, changed)
        file = BytesIO()
        with psycopg.connect(database_url) as connection:
            writer = FORMATS["jsonl"](file)
            point = export(connection, writer, selection, changed_since=point)
        for line in file.getvalue().splitlines():
            record = json.loads(line)
            applied[record["id"]] = record
    if selected:
        applied = {
            id_: record
            for id_, record in applied.items()
            if record["breadcrumbs"][0] == "National" and record["duplicate_of"] is None
        }
    whole = {record["id"]: record for record in records(database_url, selection=selection)}
    assert applied == whole


def test_a_change_that_was_under_way_is_in_the_next_delta(database_url: str) -> None:
    store(database_url, story(1), story(2))
    settle(database_url)
    with psycopg.connect(database_url) as crawl:
        crawl.execute("UPDATE articles SET headline = 'Late' WHERE id = %s", [story(1).id])
        with psycopg.connect(database_url) as connection:
            file = FORMATS["jsonl"](BytesIO())
            seen = export(connection, file, Selection(), changed_since=None)
        crawl.commit()
    [late] = records(database_url, changed_since=seen)
    assert late["headline"] == "Late"


def test_a_later_last_seen_at_is_no_change(database_url: str) -> None:
    store(database_url, story(1))
    settle(database_url)
    with psycopg.connect(database_url) as connection:
        seen = export(connection, FORMATS["jsonl"](BytesIO()), Selection())
    store(database_url, replace(story(1), fetched_at=datetime(2026, 4, 1, tzinfo=UTC)))
    assert records(database_url, changed_since=seen) == []


def test_a_time_selects_what_changed_then_or_later(database_url: str) -> None:
    store(database_url, story(1))
    [(changed_at,)] = execute(database_url, "SELECT changed_at FROM changes")
    assert ids(database_url, changed_since=Point(changed_at)) == [story(1).id]
    later = Point(changed_at.replace(year=changed_at.year + 1))
    assert ids(database_url, changed_since=later) == []


def test_the_file_remembers_and_only_for_the_same_selection(tmp_path: Path) -> None:
    memory, point = str(tmp_path / "point.json"), Point(datetime(2026, 3, 1, tzinfo=UTC), "700")
    assert read_point(memory, {"path": None}) is None
    write_point(memory, point, {"path": None})
    assert read_point(memory, {"path": None}) == point
    with pytest.raises(ArgumentError, match="another selection"):
        read_point(memory, {"path": ["National"]})
    (tmp_path / "stories.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(ArgumentError, match="neither a time"):
        read_point(str(tmp_path / "stories.jsonl"), {})
    assert read_point("2026-03-01T09:00", {}) == Point(datetime(2026, 3, 1, tzinfo=UTC))


# As the operator types it -------------------------------------------------------------------------


def test_daily_deltas_from_the_command_line(database_url: str, tmp_path: Path) -> None:
    memory, day = tmp_path / "point.json", tmp_path / "day.jsonl"

    def delta() -> list[str]:
        options = ["--changed-since", str(memory), "-o", str(day)]
        done = scrapy("export", *options, DATABASE_URL=database_url)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        return [json.loads(line)["id"] for line in day.read_text(encoding="utf-8").splitlines()]

    store(database_url, story(1), story(2))
    assert delta() == [story(1).id, story(2).id]
    store(database_url, replace(story(1), content_hash="hash-of-a-correction"))
    assert delta() == [story(1).id]
    assert delta() == []


def test_standard_output_takes_even_parquet_and_a_reader_that_leaves(database_url: str) -> None:
    fill(database_url, 1500)
    command = [sys.executable, "-m", "scrapy", "export", f"-sDATABASE_URL={database_url}"]
    parquet = [*command, "--format", "parquet"]
    whole = subprocess.run(parquet, cwd=PROJECT, capture_output=True, check=True)
    assert pyarrow.parquet.read_table(BytesIO(whole.stdout)).num_rows == 1500
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b'{"id": "1"')
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize("stories", [1, 1500])
def test_a_full_disk_is_named(database_url: str, tmp_path: Path, stories: int) -> None:
    fill(database_url, stories)
    command = [sys.executable, "-m", "scrapy", "export", f"-sDATABASE_URL={database_url}"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, cwd=PROJECT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.stderr == "scrapy export: No space left on device: standard output\n"
    assert done.returncode == 1
    link = tmp_path / "stories.jsonl"
    link.symlink_to("/dev/full")
    done = subprocess.run(
        [*command, "-o", str(link)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.stderr == "scrapy export: No space left on device: /dev/full\n"
    assert done.returncode == 1


def test_a_file_stays_as_it_was_until_the_new_one_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "stories.jsonl"
    file.write_text("whole\n", encoding="utf-8")

    def break_off() -> None:
        with output(str(file)) as out:
            out.write(b"half a li")
            out.flush()
            assert file.read_text(encoding="utf-8") == "whole\n"
            raise psycopg.OperationalError

    with pytest.raises(psycopg.OperationalError):
        break_off()
    assert file.read_text(encoding="utf-8") == "whole\n"
    with output(str(file)) as out:
        out.write(b"new\n")
    assert file.read_text(encoding="utf-8") == "new\n"
    assert [path.name for path in tmp_path.iterdir()] == ["stories.jsonl"]


MEASURED = """
import resource, sys
from scrapy.cmdline import execute
try:
    execute(["scrapy", "export", *sys.argv[1:]])
finally:
    sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
"""


def test_twenty_times_the_stories_take_no_more_memory(database_url: str) -> None:
    def peak_megabytes(form: str) -> float:
        command = [sys.executable, "-c", MEASURED, "--format", form, "-o", "/dev/null"]
        done = subprocess.run(
            [*command, f"-sDATABASE_URL={database_url}"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stderr) * (1 if sys.platform == "darwin" else 1024) / 1e6

    fill(database_url, 1000, characters=3000)
    few = {form: peak_megabytes(form) for form in ("jsonl", "parquet")}
    execute(database_url, "TRUNCATE articles CASCADE")
    fill(database_url, 20000, characters=3000)
    for form, megabytes in few.items():
        assert peak_megabytes(form) - megabytes < 20  # the texts alone are sixty


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--since", "yesterday"), "--since yesterday is no date"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "is later than"),
        (("--section", "gardening"), "no menu has that"),
        (("--changed-since", "a.json", "-o", "a.json"), "name the same file"),
        (("--changed-since", "2026-02-30"), "is no time; write it as 2026-01-31T06:00"),
        (("stories.csv",), "unrecognized arguments: stories.csv"),
        (("--format", "xml"), "invalid choice"),
    ],
)
def test_wrong_usage_is_status_2_and_says_why(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("export", *arguments) == 2
    out, error = capsys.readouterr()
    assert words in error
    assert out == ""


def test_without_a_database_it_is_one_sentence_and_status_3(
    database_url: str,
    empty_database_url: Callable[[], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere = "postgresql://kim:h4ngul@127.0.0.1:1/archive"
    assert command("export", DATABASE_URL=nowhere) == 3
    assert capsys.readouterr().err == (
        "scrapy export: the database archive at 127.0.0.1:1 cannot be used: Connection refused\n"
    )
    assert command("export", HERALD_HOME=str(tmp_path)) == 3
    assert capsys.readouterr().err.endswith("yet; scrapy crawl makes one\n")
    assert list(tmp_path.iterdir()) == []
    empty = empty_database_url()
    assert command("export", DATABASE_URL=empty) == 3
    assert "holds no archive yet" in capsys.readouterr().err
    migrate(empty, to=1)
    assert command("export", DATABASE_URL=empty) == 3
    assert "scrapy db migrate brings it forward" in capsys.readouterr().err
    execute(database_url, "INSERT INTO migrations (version, name) VALUES (9999, 'later')")
    assert command("export", DATABASE_URL=database_url) == 3
    assert "install the newer heraldcrawl" in capsys.readouterr().err
