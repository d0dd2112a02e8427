"""Arguments of spiders: right ones are understood, wrong ones told in one sentence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from heraldcrawl.errors import ArgumentError
from heraldcrawl.site.lists import ListEntry
from heraldcrawl.spiders.arguments import (
    SectionArguments,
    parse_article,
    parse_latest,
    parse_section,
)

if TYPE_CHECKING:
    from collections.abc import Callable


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
        (
            parse_article,
            {},
            'url= takes addresses of stories, separated by spaces: -a url="A B C"',
        ),
        (
            parse_article,
            {"url": "https://example.com/article/1"},
            "url=https://example.com/article/1 is no address of a Korea Herald story",
        ),
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
