"""Arguments of spiders: right ones are understood, wrong ones told in one sentence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from heraldcrawl.errors import ArgumentError
from heraldcrawl.site.lists import ListEntry
from heraldcrawl.spiders.arguments import (
    ArticleArguments,
    SectionArguments,
    parse_article,
    parse_latest,
    parse_pictures,
    parse_section,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_every_argument_of_a_section_is_understood() -> None:
    given = {"since": "2026-01-01", "until": "2026-01-31", "pages": "3", "limit": "20", "full": "1"}
    assert parse_section(given) == SectionArguments(
        since=date(2026, 1, 1), until=date(2026, 1, 31), pages=3, limit=20, full=True
    )


def test_a_scheduler_may_add_arguments_of_its_own() -> None:
    assert parse_section({"_job": "26"}) == SectionArguments()


@pytest.mark.parametrize(
    ("parse", "given", "sentence"),
    [
        (parse_section, {"since": "1/2/26"}, "since=1/2/26 is no date; write it as 2026-01-31"),
        (
            parse_section,
            {"since": "2026-02-01", "until": "2026-01-01"},
            "since=2026-02-01 is later than until=2026-01-01",
        ),
        (parse_section, {"pages": "0"}, "pages=0 is no number above 0"),
        (parse_section, {"limit": "many"}, "limit=many is no number above 0"),
        (parse_section, {"full": "yes"}, "full=yes is neither 1 nor 0"),
        (
            parse_section,
            {"sinse": "2026-01-01"},
            "sinse= is no argument of this spider; it takes since=, until=, pages=, limit=, full=",
        ),
        (parse_latest, {"pages": "1"}, "pages= is no argument of this spider; it takes limit="),
        (parse_pictures, {"limit": "-1"}, "limit=-1 is no number above 0"),
        (
            parse_pictures,
            {"since": "2026-01-01"},
            "since= is no argument of this spider; it takes limit=, retry=",
        ),
        (
            parse_article,
            {},
            'url= takes addresses of stories (-a url="A B C"), file= a file with one a line',
        ),
        (
            parse_article,
            {"url": "https://example.com/article/1"},
            "url=https://example.com/article/1 is no address of a Korea Herald story",
        ),
        (
            parse_article,
            {"file": "/nowhere/stories.txt"},
            "file=/nowhere/stories.txt cannot be read: No such file or directory",
        ),
        (parse_article, {"file": "\0"}, "file=\0 cannot be read: embedded null byte"),
    ],
)
def test_a_wrong_argument_is_one_sentence(
    parse: Callable[[dict[str, str]], Any], given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ArgumentError) as error:
        parse(given)
    assert str(error.value) == sentence


def test_one_story_under_several_addresses_is_asked_for_once() -> None:
    given = {
        "url": "https://www.koreaherald.com/view.php?ud=20260101000001"
        " http://m.koreaherald.com/view.php?mp=1&ud=20260101000001"
        " https://koreaherald.com/article/10001"
    }
    assert parse_article(given).url == ("20260101000001", "10001")


def test_a_file_has_one_address_a_line(tmp_path: Path) -> None:
    file = tmp_path / "stories.txt"
    file.write_bytes(
        b"\xef\xbb\xbfhttps://www.koreaherald.com/article/10001\r\n\r\n"
        b"  https://m.koreaherald.com/article/10001\nhttps://www.koreaherald.com/article/10002"
    )
    given = {"file": str(file), "url": "https://www.koreaherald.com/article/9"}
    assert parse_article(given) == ArticleArguments(("9",), ("10001", "10002"))
    file.write_bytes(b"")
    assert parse_article({"file": str(file)}) == ArticleArguments()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"https://www.koreaherald.com/article/1\nnot one\n", "line 2 of file={} is no address"),
        (b"\xff\xfe\x00", "file={} is no text in UTF-8"),
    ],
)
def test_a_file_is_checked_as_a_whole(tmp_path: Path, text: bytes, sentence: str) -> None:
    file = tmp_path / "stories.txt"
    file.write_bytes(text)
    with pytest.raises(ArgumentError) as error:
        parse_article({"file": str(file)})
    assert str(error.value).startswith(sentence.format(file))


def test_days_bound_the_entries_wanted() -> None:
    arguments = parse_section({"since": "2026-01-02", "until": "2026-01-03"})
    entries = [
        ListEntry(id=str(day), url="", headline="", date_published=date(2026, 1, day))
        for day in (1, 2, 3, 4)
    ]
    undated = ListEntry(id="5", url="", headline="", date_published=None)
    assert [arguments.wants(entry) for entry in (*entries, undated)] == [
        False,
        True,
        True,
        False,
        True,
    ]
    assert [arguments.is_past(entry) for entry in (*entries, undated)] == [
        True,
        False,
        False,
        False,
        False,
    ]
