"""The views for analysts, over stories that are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from heraldcrawl.items import Author
from tests.stories import execute, store, story

#: Three stories of 2 March in Korea, one of the day after; the third repeats the first.
STORIES = [
    story(1, date_published="2026-03-02T00:10:00+09:00"),
    story(2, date_published="2026-03-02T09:30:00+09:00", source_organization=None),
    story(
        3,
        date_published="2026-03-02T23:50:00+09:00",
        article_body=story(1).article_body,
        content_hash=story(1).content_hash,
        breadcrumbs=["National", "Defense"],
        section="Defense",
        authors=[],
    ),
    story(
        4,
        date_published="2026-03-03T09:30:00+09:00",
        breadcrumbs=["Business"],
        section="Business",
        authors=[Author("Seo Ha-rin", "shr@example.com")],
    ),
]


@pytest.fixture
def archive(database_url: str) -> str:
    store(database_url, *STORIES)
    return database_url


def test_stories_a_day_and_section(archive: str) -> None:
    assert execute(
        archive, "SELECT day, section, stories, originals FROM stories_by_day ORDER BY 1, 2"
    ) == [
        (date(2026, 3, 2), "Defense", 1, 0),
        (date(2026, 3, 2), "North Korea", 2, 2),
        (date(2026, 3, 3), "Business", 1, 1),
    ]


def test_the_share_of_the_wires(archive: str) -> None:
    assert execute(archive, "SELECT * FROM wires_by_month ORDER BY top_section, share") == [
        (date(2026, 3, 1), "Business", "Yonhap", 1, Decimal("1.0000")),
        (date(2026, 3, 1), "National", None, 1, Decimal("0.3333")),
        (date(2026, 3, 1), "National", "Yonhap", 2, Decimal("0.6667")),
    ]


def test_who_writes(archive: str) -> None:
    assert execute(archive, "SELECT * FROM authors ORDER BY stories DESC, name DESC") == [
        ("Seo Ha-rin", ["shr@example.com"], 3, date(2026, 3, 2), date(2026, 3, 3), "North Korea"),
        ("Kang Do-yun", ["kdy@example.com"], 2, date(2026, 3, 2), date(2026, 3, 2), "North Korea"),
    ]
    assert execute(archive, "SELECT id, place FROM bylines WHERE name = 'Seo Ha-rin'") == [
        (STORIES[0].id, 2),
        (STORIES[1].id, 2),
        (STORIES[3].id, 1),
    ]


def test_edits_after_publication(archive: str) -> None:
    changed = replace(
        STORIES[0],
        article_body=STORIES[0].article_body + " Not on Sundays.",
        content_hash="hash-of-the-new-text",
        fetched_at=datetime(2026, 3, 1, 16, 10, tzinfo=UTC),
    )
    store(archive, changed)
    assert execute(
        archive,
        "SELECT article_id, revision, after_publication, reason, is_new_headline, is_new_body,"
        " characters_more FROM edits",
    ) == [(STORIES[0].id, 2, timedelta(hours=1), "changed", False, True, 16)]


def test_duplicates(archive: str) -> None:
    assert execute(
        archive,
        "SELECT original_id, id, is_same_text, later_by, section, from_original, of_original"
        " FROM duplicates",
    ) == [
        (STORIES[0].id, STORIES[2].id, True, timedelta(hours=23, minutes=40), "Defense", 1, 1),
    ]


def test_groups_of_duplicates(archive: str) -> None:
    [group] = execute(archive, "SELECT to_jsonb(g) FROM duplicate_groups g")
    assert group[0] == {
        "original_id": STORIES[0].id,
        "headline": STORIES[0].headline,
        "section": "North Korea",
        "source_organization": "Yonhap",
        "stories": 2,
        "first_published": "2026-03-01T15:10:00+00:00",
        "last_published": "2026-03-02T14:50:00+00:00",
        "copies": [STORIES[2].id],
        "wires": ["Yonhap"],
        "sections": ["Defense", "North Korea"],
        "same_words": 1,
        "least_in_common": 1,
    }
