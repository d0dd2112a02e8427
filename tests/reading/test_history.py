"""What changed in a story, and how it is shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heraldcrawl.items import Author
from heraldcrawl.reading.words import Piece, compare
from tests.crawling import PROJECT
from tests.stories import command, store, story

if TYPE_CHECKING:
    from heraldcrawl.items import Article

WORDS = st.lists(st.sampled_from(["ferry", "sails", "섬", ",", "\n\n", " ", "-", "a-b"])).map(
    "".join
)


def edited() -> Article:
    return replace(
        story(1),
        headline="[Photo News] Ferry 1 sails on Monday",
        authors=[Author("Kang Do-yun", "kdy@example.com")],
        article_body="The ferry to island 1 is cancelled.\n\nTwice a day.",
        content_hash="hash-of-an-edit",
        fetched_at=datetime(2026, 3, 5, tzinfo=UTC),
    )


@pytest.fixture
def archive(database_url: str) -> str:
    store(database_url, story(1))
    store(database_url, edited())
    return database_url


@given(before=WORDS | st.text(), after=WORDS | st.text())
@example(before="", after="")
@example(before="\n\n\n", after="\n\n")
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(text for what, text in pieces if what != "insert") == before
    assert "".join(text for what, text in pieces if what != "delete") == after
    assert all(text for _, text in pieces)
    if before == after:
        assert {what for what, _ in pieces} <= {"equal"}


def test_words_that_changed_together_are_one_change() -> None:
    assert compare(
        "It sails at nine, weather permitting.", "It leaves around ten, weather permitting."
    ) == [
        Piece("equal", "It "),
        Piece("delete", "sails at nine"),
        Piece("insert", "leaves around ten"),
        Piece("equal", ", weather permitting."),
    ]


def test_a_paragraph_that_moved_in_between_leaves_the_others_alone() -> None:
    pieces = compare("One.\n\nThree.", "One.\n\nTwo.\n\nThree.")
    assert [text for what, text in pieces if what == "insert"] == ["Two.\n\n"]
    assert not [piece for piece in pieces if piece.what == "delete"]


def test_texts_without_end_are_compared_in_bounded_time() -> None:
    before, after = "a b " * 40_000, "b a c " * 40_000
    assert [what for what, _ in compare(before, after)] == ["delete", "insert"]


@pytest.mark.parametrize(
    "name", ["20260302000001", "http://m.koreaherald.com/view.php?np=1&ud=20260302000001"]
)
def test_a_pipe_shows_what_went_and_came(
    archive: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("history", name, DATABASE_URL=archive) == 0
    assert capsys.readouterr().out == (
        """\
https://www.koreaherald.com/view.php?ud=20260302000001

revision 1, 2026-03-01 21:01: first
  [Photo News] Ferry 1 sails

revision 2, 2026-03-05 09:00: changed
  headline
    [Photo News] Ferry 1 sails{+ on Monday+}
  authors
    Kang Do-yun, kdy@example.com[-
    Seo Ha-rin-]
  article_body
    The ferry to island 1 [-sails again-]{+is cancelled+}.

    Twice a day.

last seen 2026-03-05 09:00
"""
    )


def test_what_is_far_from_a_change_is_left_out(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    calm = "The sea is calm and the harbor asleep. " * 9
    for number, word in enumerate(("nine", "ten")):
        text = f"{calm}It sails at {word} today. {calm}"
        when = datetime(2026, 3, 5, number, tzinfo=UTC)
        store(
            database_url,
            story(1, article_body=text, content_hash=f"hash-of-{number}-of-two", fetched_at=when),
        )
    command("history", story(1).id, DATABASE_URL=database_url)
    [line] = [line for line in capsys.readouterr().out.splitlines() if "[-" in line]
    assert " asleep. It sails at [-nine-]{+ten+} today. The sea " in line
    assert line.startswith("    …")
    assert line.endswith(" …")
    assert len(line) < 250


def test_json_has_the_values_and_the_pieces(
    archive: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("history", "--json", story(1).id, DATABASE_URL=archive) == 0
    history = json.loads(capsys.readouterr().out)
    assert history["id"] == story(1).id
    first, second = history["revisions"]
    assert (first["reason"], first["changes"]) == ("first", [])
    assert [change["field"] for change in second["changes"]] == [
        "headline",
        "authors",
        "article_body",
    ]
    body = second["changes"][2]
    assert body["before"] == story(1).article_body
    assert body["after"] == edited().article_body
    assert ["delete", "sails again"] in body["words"]


def test_a_terminal_is_coloured_and_no_page_can_steer_it(database_url: str) -> None:
    store(database_url, story(1, headline="Ferry \x1b[2J\x9b1m sails"))
    store(database_url, edited())
    ours, theirs = os.openpty()
    run = [sys.executable, "-m", "scrapy", "history", f"-sDATABASE_URL={database_url}", story(1).id]
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    subprocess.run(run, cwd=PROJECT, stdout=theirs, env=environment, check=True)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "\x1b[31;9msails again\x1b[0m\x1b[32mis cancelled\x1b[0m" in shown
    assert "\x1b[2J" not in shown
    assert "\x9b" not in shown


def test_a_story_that_the_archive_lacks_is_status_1(
    archive: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("history", "20990101000001", DATABASE_URL=archive) == 1
    assert capsys.readouterr().err == ("scrapy history: the archive has no story 20990101000001\n")


@pytest.mark.parametrize("arguments", [(), ("ferry",), ("https://example.com/1",), ("1", "2")])
def test_wrong_usage_is_status_2(arguments: tuple[str, ...]) -> None:
    assert command("history", *arguments) == 2
