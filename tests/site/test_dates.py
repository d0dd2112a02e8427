"""Dates in every form the site printed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.site.dates import (
    KST,
    find_date,
    from_iso,
    isoformat,
    parse_iso,
    published_and_modified,
)

FULL = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December"]  # fmt: skip
SHORT = [month[:3] for month in FULL]
AP_STYLE = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.",
            "Nov.", "Dec."]  # fmt: skip
FOUR_LETTERS = [*SHORT[:8], "Sept", *SHORT[9:]]
MONTHS = st.sampled_from([FULL, SHORT, AP_STYLE, FOUR_LETTERS, [m.upper() for m in SHORT]])

MOMENTS = st.datetimes(datetime(1953, 8, 15), datetime(2099, 12, 31)).map(  # noqa: DTZ001  (zone follows)
    lambda moment: moment.replace(microsecond=0, tzinfo=KST)
)
DAYS = st.dates(date(1953, 8, 15), date(2099, 12, 31))
BLANKS = st.sampled_from([" ", "\xa0", "  ", "\u3000", "\xa0 \n\t"])


def stamp(text: str) -> str | None:
    value = find_date(text)
    return None if value is None else isoformat(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Article pages.
        ("Published : Aug 5, 2021 - 20:23\xa0\xa0\xa0Updated : x", "2021-08-05T20:23:00+09:00"),
        ("Published : Feb 9, 2018 - 21:07", "2018-02-09T21:07:00+09:00"),
        ("Sept 23, 2019 - 17:59", "2019-09-23T17:59:00+09:00"),
        ("Published : Dec. 11, 2024 - 14:36", "2024-12-11T14:36:00+09:00"),
        ("April 13, 2012 - 18:48", "2012-04-13T18:48:00+09:00"),
        ("2016-12-20 09:34", "2016-12-20T09:34:00+09:00"),
        ("2025.11.18 09:35", "2025-11-18T09:35:00+09:00"),
        ("Jan. 5, 2017 - 15:20 By Kim Mi-rae", "2017-01-05T15:20:00+09:00"),
        ("April 29, 2024 - 10:27:49[Herald Interview] Laver", "2024-04-29T10:27:49+09:00"),
        ("Aug. 5, 2021, 3:05 p.m.", "2021-08-05T15:05:00+09:00"),
        ("Aug. 5, 2021, 12:05 a.m.", "2021-08-05T00:05:00+09:00"),
        ("August 5th, 2021 at 12:05PM", "2021-08-05T12:05:00+09:00"),
        # Lists: category and date without a blank between.
        ("Foreign AffairsMay 13, 2021", "2021-05-13"),
        ("MobilityMay 25, 2015", "2015-05-25"),
        ("K-POPAug. 12, 2022", "2022-08-12"),
        ("Social Affairs July 5, 2023", "2023-07-05"),
        ("Sept. 25, 2017", "2017-09-25"),
        ("Oct 14, 2011", "2011-10-14"),
        ("May 19 2025", "2025-05-19"),
        # Korean pages.
        ("2025년 11월 18일", "2025-11-18"),
        ("2025년 11월 18일 오후 3:05", "2025-11-18T15:05:00+09:00"),
        ("2025년11월18일 15시 5분", "2025-11-18T15:05:00+09:00"),
        ("2025. 11. 18. 오전 12:05", "2025-11-18T00:05:00+09:00"),
        ("2025.11.18(화) 09:35", "2025-11-18T09:35:00+09:00"),
        ("2025/11/18", "2025-11-18"),
        # Feeds and machines.
        ("Mon, 17 Nov 2025 21:44:23 +09:00", "2025-11-17T21:44:23+09:00"),
        ("Mon, 17 Nov 2025 12:44:23 GMT", "2025-11-17T21:44:23+09:00"),
        ("Mon, 17 Nov 2025 12:44:23 +0000", "2025-11-17T21:44:23+09:00"),
        ("Mon, 17 Nov 2025 07:44:23 EST", "2025-11-17T21:44:23+09:00"),
        ("17 November 2025", "2025-11-17"),
        ("2025-11-17T12:44:23.120Z", "2025-11-17T21:44:23+09:00"),
        ("2025-11-17T21:44:23+0900", "2025-11-17T21:44:23+09:00"),
        ("2025-11-17T21:44:23+09:00", "2025-11-17T21:44:23+09:00"),
        ("2025-11-17T07:44-05:00", "2025-11-17T21:44:00+09:00"),
        ("Mon Nov 17 2025 21:44:23 GMT+0900 (KST)", "2025-11-17T21:44:23+09:00"),
        ("Nov 17, 2025 12:44 (UTC)", "2025-11-17T21:44:00+09:00"),
    ],
)
def test_every_printed_form_is_read_as_korea_time(text: str, expected: str) -> None:
    assert stamp(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Exports rose in March 2021",
        "Sales in May 5 percent higher, in March 15",
        "May 2021, 10 ships",
        "the Mayor 5, 2021",
        "to their dismay 5, 2021 ships",
        "May 5, 2,021 people",
        "Call 02-727-0114 or 1588-7890",
        "Feb 30, 2021",
        "Feb 29, 2021 - 10:00",
        "Aug 5, 2021 - 25:61",
        "2021-13-01",
        "2021-00-10 10:00",
        "0000-01-01",
        "Jan 1, 0000",
        "2021년 2월 30일",
        "Aug 5, 2021 - 13:05 a.m.",
        "12021-08-051",
        "2021-08-05T10:00:00+99:00",
    ],
)
def test_what_no_calendar_and_no_clock_shows_is_no_date(text: str) -> None:
    assert find_date(text) is None


def test_an_impossible_date_does_not_hide_the_next_one() -> None:
    assert stamp("Feb 30, 2021 and then Aug 5, 2021") == "2021-08-05"


def test_the_first_date_of_any_form_wins() -> None:
    assert stamp("2016-12-20 09:34, then Aug 5, 2015") == "2016-12-20T09:34:00+09:00"
    assert stamp("Aug 5, 2015, then 2016-12-20 09:34") == "2015-08-05"


def test_a_span_of_hours_is_no_offset() -> None:
    assert stamp("May 5, 2021 10:00-12:00") == "2021-05-05T10:00:00+09:00"


def test_a_year_that_runs_on_in_digits_is_not_guessed() -> None:
    assert find_date("May 13, 202115 ships") is None


@given(MOMENTS, MONTHS, BLANKS, st.sampled_from(["", "Foreign Affairs", "정치", "Published : "]))
def test_generated_english_stamps_are_read_back(
    moment: datetime, months: list[str], blank: str, before: str
) -> None:
    glued = "" if months[0].isupper() or not before else before
    month = months[moment.month - 1]
    text = f"{glued}{month}{blank}{moment.day},{blank}{moment.year}{blank}-{blank}{moment:%H:%M}"
    assert find_date(text) == moment.replace(second=0)
    assert find_date(f"{text}:{moment:%S}By Kim Mi-rae") == moment


@given(MOMENTS)
def test_generated_twelve_hour_stamps_are_read_back(moment: datetime) -> None:
    moment = moment.replace(second=0)
    hour = moment.hour % 12 or 12
    noon = "p.m." if moment.hour >= 12 else "a.m."
    half = "오후" if moment.hour >= 12 else "오전"
    assert find_date(f"{moment:%B} {moment.day}, {moment.year} {hour}:{moment:%M} {noon}") == moment
    korean = f"{moment.year}년 {moment.month}월 {moment.day}일 {half} {hour}:{moment:%M}"
    assert find_date(korean) == moment


@given(MOMENTS, st.integers(-12 * 60, 14 * 60))
def test_generated_offsets_are_converted_to_korea_time(moment: datetime, offset: int) -> None:
    abroad = moment.astimezone(timezone(timedelta(minutes=offset)))
    feed = f"{abroad:%a, %d} {SHORT[abroad.month - 1]} {abroad:%Y %H:%M:%S %z}"
    for text in (feed, abroad.isoformat(), f"{abroad:%Y-%m-%dT%H:%M:%S.250%z}"):
        assert find_date(text) == moment
    assert parse_iso(abroad.isoformat()) == moment
    assert parse_iso(f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}") == moment


@given(DAYS, MONTHS)
def test_generated_days_are_read_back_as_days(day: date, months: list[str]) -> None:
    for text in (
        f"{months[day.month - 1]} {day.day}, {day.year}",
        f"{day.day} {months[day.month - 1]} {day.year}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}년 {day.month}월 {day.day}일",
        day.isoformat(),
    ):
        found = find_date(text)
        assert found == day
        assert not isinstance(found, datetime)


@given(st.one_of(MOMENTS, DAYS))
def test_what_the_archive_writes_it_reads_back(value: datetime | date) -> None:
    assert from_iso(isoformat(value)) == value
    assert isoformat(from_iso(isoformat(value))) == isoformat(value)


def test_a_datetime_without_a_zone_is_written_as_korea_time() -> None:
    assert isoformat(datetime(2021, 8, 5, 20, 23)) == "2021-08-05T20:23:00+09:00"  # noqa: DTZ001  (the point)


def test_what_the_archive_never_wrote_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a stamp"):
        from_iso("yesterday")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-11-17T21:44:23", "2025-11-17T21:44:23+09:00"),
        (" 2025-11-17T12:44:23.123456789Z\n", "2025-11-17T21:44:23+09:00"),
        ("2025-11-17 21:44", "2025-11-17T21:44:00+09:00"),
        ("20251117T124423Z", "2025-11-17T21:44:23+09:00"),
        ("2025-11-17T21:44:23 +0900", "2025-11-17T21:44:23+09:00"),
        ("2025-11-17T07:44-05:00", "2025-11-17T21:44:00+09:00"),
        ("2025-11-17T21:44:23+09", "2025-11-17T21:44:23+09:00"),
        ("2025-11-17", "2025-11-17"),
    ],
)
def test_machine_stamps_are_read_strictly(text: str, expected: str) -> None:
    value = parse_iso(text)
    assert value is not None
    assert isoformat(value) == expected


@pytest.mark.parametrize(
    "text", ["", "null", "2025-11", "2025-11-31", "2025-11-17T25:00", "Nov 17, 2025", "1763383463",
             "2025-11-17T21:44:23 in Seoul", "0000-00-00T00:00:00Z", "0001-01-01T00:00:00+23:59",
             "9999-12-31T23:59:59-23:59", "2025-11-17T21:44:23+99:99", "2" * 5000]
)  # fmt: skip
def test_garbage_in_a_machine_stamp_is_nothing(text: str) -> None:
    assert parse_iso(text) is None


@pytest.mark.parametrize(
    ("texts", "published", "modified"),
    [
        (
            ("Published : Aug 5, 2021 - 20:23" + "\xa0" * 6 + "Updated : Aug 6, 2021 - 09:00",),
            "2021-08-05T20:23:00+09:00",
            "2021-08-06T09:00:00+09:00",
        ),
        (
            ("• Published : Feb 9, 2018 - 21:07", "• Updated : Feb 9, 2018 - 21:35"),
            "2018-02-09T21:07:00+09:00",
            "2018-02-09T21:35:00+09:00",
        ),
        (
            ("Published :", "Dec. 11, 2024 - 14:36", "Link copied"),
            "2024-12-11T14:36:00+09:00",
            None,
        ),
        (("Updated : Aug 6, 2021 - 09:00",), None, "2021-08-06T09:00:00+09:00"),
        (("Posted Aug. 5, 2021",), "2021-08-05", None),
        (
            ("입력 2025.11.18 09:35", "수정 2025.11.18 10:00"),
            "2025-11-18T09:35:00+09:00",
            "2025-11-18T10:00:00+09:00",
        ),
        (("Input : 2016-12-20 09:34",), "2016-12-20T09:34:00+09:00", None),
        (("Aug 5, 2021 - 20:23",), None, None),
        (("Published in the spring by a house in Seoul that opened on Aug 5, 2021",), None, None),
        (("Published : Updated : Aug 6, 2021 - 09:00",), None, "2021-08-06T09:00:00+09:00"),
        ((), None, None),
    ],
)
def test_stamps_are_told_apart_by_their_labels(
    texts: tuple[str, ...], published: str | None, modified: str | None
) -> None:
    found = published_and_modified(*texts)
    assert tuple(value and isoformat(value) for value in found) == (published, modified)


@given(MOMENTS, MOMENTS, MONTHS)
def test_generated_pairs_of_stamps_are_read_back(
    first: datetime, second: datetime, months: list[str]
) -> None:
    def printed(moment: datetime) -> str:
        return f"{months[moment.month - 1]} {moment.day}, {moment.year} - {moment:%H:%M}"

    one, other = f"Published : {printed(first)}", f"Updated : {printed(second)}"
    expected = (first.replace(second=0), second.replace(second=0))
    assert published_and_modified(f"{one}\xa0\xa0\xa0\xa0\xa0\xa0{other}") == expected
    assert published_and_modified(one, other) == expected


PIECES = st.sampled_from(
    ["May", "Sept.", " ", ",", "2021", "5", "31", "-", ".", ":", "오후", "년", "월", "일", "T", "Z",
     "+", "09", "23:59", "p.m.", "Published", "수정", "\xa0", "(", "KST", "99", "0"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    found = find_date(text)
    if isinstance(found, datetime):
        assert found.utcoffset() == timedelta(hours=9)
        assert found.microsecond == 0
    for value in (found, parse_iso(text), *published_and_modified(text, text)):
        assert value is None or from_iso(isoformat(value)) == value


@pytest.mark.parametrize(
    "piece", ["Jan ", "May 5, ", "1", "2021-", "2021. 1. ", "1 2 ", "2021년 1월 ", "Published : ",
              " ", "\xa0", "Sept 30, 2021 - 99:99 ", "Aug 5, 2021 - (", "+0900", "T"]
)  # fmt: skip
def test_megabytes_of_almost_dates_are_no_burden(piece: str) -> None:
    text = piece * (5_000_000 // len(piece))
    find_date(text)
    published_and_modified(text)
    parse_iso(text)
