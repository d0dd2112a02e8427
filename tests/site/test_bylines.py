"""Who wrote it, in every form the site printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.site.bylines import (
    Byline,
    bracket_tag,
    closing_credit,
    closing_line,
    dateline,
    merge,
    parse_byline,
    split_credit,
)

Who = tuple[list[tuple[str, str | None]], str | None]

KIM, HAN = ("Kim Mi-rae", None), ("Han Sol-bi", None)
KIM_MAIL, HAN_MAIL = ("Kim Mi-rae", "mirae@heraldcorp.com"), ("Han Sol-bi", "sb.han@heraldcorp.com")


def who(byline: Byline | None) -> Who | None:
    if byline is None:
        return None
    return [(author.name, author.email) for author in byline.authors], byline.organization


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # One person.
        ("By Kim Mi-rae", ([KIM], None)),
        ("Kim Mi-rae", ([KIM], None)),
        ("by Kim Mi-rae", ([KIM], None)),
        ("By: Kim Mi-rae", ([KIM], None)),
        ("BY KIM MI-RAE", ([KIM], None)),
        ("  By\xa0Kim\xa0Mi-rae \n", ([KIM], None)),
        ("Written by Kim Mi-rae", ([KIM], None)),
        ("April 15, 2013 - 20:00 By Kim Mi-rae", ([KIM], None)),
        ("By Kim Mi-rae Published : Aug 5, 2021 - 20:23", ([KIM], None)),
        ("By 김미래", ([("김미래", None)], None)),
        ("By You Soo-in", ([("You Soo-in", None)], None)),
        ("By An Ji-su", ([("An Ji-su", None)], None)),
        ("By Ana María O'Neil Jr.", ([("Ana María O'Neil Jr.", None)], None)),
        ("By Ana O'Neil, Jr.", ([("Ana O'Neil Jr.", None)], None)),
        ("By Jean-Luc de la Tour", ([("Jean-Luc de la Tour", None)], None)),
        ("By Ian McTavish", ([("Ian McTavish", None)], None)),
        ("BY IAN MCTAVISH", ([("Ian McTavish", None)], None)),
        ("BY JEAN-LUC O’NEIL III", ([("Jean-Luc O’Neil III", None)], None)),
        ("By Robert J. Smith", ([("Robert J. Smith", None)], None)),
        # With what else the line says of the person.
        ("By Kim Mi-rae, Korea Herald correspondent", ([KIM], None)),
        ("By Kim Mi-rae / Korea Herald", ([KIM], None)),
        ("By Kim Mi-rae Korea Herald", ([KIM], None)),
        ("By Kim Mi-rae Intern reporter", ([KIM], None)),
        ("By Kim Mi-rae\nStaff reporter", ([KIM], None)),
        ("Staff reporter Kim Mi-rae", ([KIM], None)),
        ("By Kim Mi-rae, Special to The Korea Herald", ([KIM], None)),
        ("By Kim Mi-rae, Sejong", ([KIM], None)),
        ("By Kim Mi-rae in New York", ([KIM], None)),
        ("By Kim Mi-rae, professor of botany at a university in Busan", ([KIM], None)),
        ("By Kim Mi-rae, Photos by Han Sol-bi", ([KIM], None)),
        # E-mails.
        ("By Kim Mi-rae (mirae@heraldcorp.com)", ([KIM_MAIL], None)),
        ("By Kim Mi-rae [mirae@heraldcorp.com]", ([KIM_MAIL], None)),
        ("By Kim Mi-rae (mailto:mirae@heraldcorp.com)", ([KIM_MAIL], None)),
        ("By Kim Mi-rae mirae@heraldcorp.com", ([KIM_MAIL], None)),
        ("By Kim Mi-rae (mirae@heraldcorp.com", ([KIM_MAIL], None)),
        ("mirae@heraldcorp.com, Kim Mi-rae", ([KIM_MAIL], None)),
        ("By Kim Mi-rae ()", ([KIM], None)),
        ("By Kim Mi-rae ([email\xa0protected])", ([KIM], None)),
        ("By Kim Mi-rae (khnews@heraldcorp.com)", ([KIM], None)),
        # Several.
        ("By Kim Mi-rae and Han Sol-bi", ([KIM, HAN], None)),
        ("By Kim Mi-rae & Han Sol-bi", ([KIM, HAN], None)),
        ("By Kim Mi-rae/Han Sol-bi", ([KIM, HAN], None)),
        ("By Kim Mi-rae , Han Sol-bi", ([KIM, HAN], None)),
        ("By Kim Mi-rae, Han Sol-bi and Ian McTavish", ([KIM, HAN, ("Ian McTavish", None)], None)),
        (
            "By Kim Mi-rae (mirae@heraldcorp.com) and Han Sol-bi (sb.han@heraldcorp.com)",
            ([KIM_MAIL, HAN_MAIL], None),
        ),
        (
            "By Kim Mi-rae and Han Sol-bi (mirae@heraldcorp.com)(sb.han@heraldcorp.com)",
            ([KIM_MAIL, HAN_MAIL], None),
        ),
        ("By Kim Mi-rae (mirae@heraldcorp.com), Han Sol-bi", ([KIM_MAIL, HAN], None)),
        # Korean pages.
        ("[코리아헤럴드=김미래 기자]", ([("김미래", None)], None)),
        ("코리아헤럴드 김미래 인턴기자", ([("김미래", None)], None)),
        ("김미래 기자 mirae@heraldcorp.com", ([("김미래", "mirae@heraldcorp.com")], None)),
        ("김미래·한솔비 기자", ([("김미래", None), ("한솔비", None)], None)),
        ("김미래기자", ([("김미래", None)], None)),
        ("(창원=연합뉴스) 김미래 기자 =", ([("김미래", None)], "Yonhap")),
        # The newspaper and its desks are nobody.
        ("By Korea Herald", ([], None)),
        ("By The Korea Herald", ([], None)),
        ("Korea Herald", ([], None)),
        ("By News Desk", ([], None)),
        ("By Korea.net", ([], "Korea.net")),
        ("By 코리아헤럴드", ([], None)),
        ("By KH디지털2", ([], None)),
        ("By Korea Herald staff", ([], None)),
        ("From news reports", ([], None)),
        ("By Staff Writer", ([], None)),
        ("온라인뉴스팀", ([], None)),
        ("", ([], None)),
        ("By", ([], None)),
        # Agencies and partners are organizations, whoever else is named.
        ("By Yonhap", ([], "Yonhap")),
        ("By Yonhap News", ([], "Yonhap")),
        ("By YONHAP NEWS AGENCY", ([], "Yonhap")),
        ("연합뉴스", ([], "Yonhap")),
        ("By AP", ([], "AP")),
        ("The Associated Press", ([], "AP")),
        ("By AFP", ([], "AFP")),
        ("By Reuters", ([], "Reuters")),
        ("By Bloomberg", ([], "Bloomberg")),
        ("By Michael Bloomberg", ([("Michael Bloomberg", None)], None)),
        ("By Tribune News Service", ([], "Tribune News Service")),
        ("(Agencies)", ([], "Agencies")),
        ("By PRNewswire", ([], "PR Newswire")),
        ("By AFP-Yonhap", ([], "AFP-Yonhap")),
        ("By The Korea Herald/ANN", ([], "Asia News Network")),
        ("By Yonhap and Kim Mi-rae", ([KIM], "Yonhap")),
        ("By Kim Mi-rae and news reports", ([KIM], None)),
        ("By Ian McTavish, Los Angeles Times", ([("Ian McTavish", None)], "Los Angeles Times")),
        ("By Ministry of Fisheries", ([], "Ministry of Fisheries")),
    ],
)
def test_every_printed_byline_gives_its_people_and_its_agency(text: str, expected: Who) -> None:
    assert who(parse_byline(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(Yonhap)", ([], "Yonhap")),
        ("(Yonhap News)", ([], "Yonhap")),
        ("(Yonhap)\xa0\u200b", ([], "Yonhap")),
        ("(AP)", ([], "AP")),
        ("(AFP)", ([], "AFP")),
        ("(AP, Yonhap)", ([], "AP-Yonhap")),
        ("(연합뉴스)", ([], "Yonhap")),
        ("By Yonhap", ([], "Yonhap")),
        ("By Kim Mi-rae", ([KIM], None)),
        ("(By Kim Mi-rae)", ([KIM], None)),
        ("By Kim Mi-rae (mirae@heraldcorp.com)", ([KIM_MAIL], None)),
        ("By Kim Mi-rae (mirae@heraldcorp.com", ([KIM_MAIL], None)),
        ("By Kim Mi-rae\n(mirae@heraldcorp.com)", ([KIM_MAIL], None)),
        ("By Kim Mi-rae ()", ([KIM], None)),
        ("Kim Mi-rae (mirae@heraldcorp.com)", ([KIM_MAIL], None)),
        ("(mirae@heraldcorp.com)", ([("", "mirae@heraldcorp.com")], None)),
        ("mirae@heraldcorp.com", ([("", "mirae@heraldcorp.com")], None)),
        ("khnews@heraldcorp.com", ([], None)),
        (
            "Staff reporters Kim Mi-rae and Han Sol-bi contributed to this report.",
            ([KIM, HAN], None),
        ),
        ("Kim Mi-rae contributed to this article.", ([KIM], None)),
        ("Associated Press writer Kim Mi-rae in Seoul contributed to this report.", ([KIM], "AP")),
        ("Yonhap contributed to this report.", ([], "Yonhap")),
        (
            "By Kim Mi-rae (mirae@heraldcorp.com) Staff reporter Han Sol-bi contributed reporting.",
            ([KIM_MAIL, HAN], None),
        ),
        ("Korea Herald staff", ([], None)),
        ("From news reports", ([], None)),
        ("By Korea Herald staff and news reports", ([], None)),
        ("— Ed.", ([], None)),
        ("Photos by Kim Mi-rae", ([], None)),
        ("김미래 기자 mirae@heraldcorp.com", ([("김미래", "mirae@heraldcorp.com")], None)),
        ("[코리아헤럴드=김미래 기자]", ([("김미래", None)], None)),
    ],
)
def test_a_closing_line_is_recognised_and_read(text: str, expected: Who) -> None:
    assert who(closing_line(text)) == expected
    assert who(closing_credit("The talks ended in June.\n\n" + text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "()",
        "(center)",
        "(AP 5)",
        "(2018)",
        "By Monday, the ministry had no answer.",
        "By the Ministry of Fisheries' count, exports rose.",
        "By Seoul",
        "By Friday",
        "Kim Mi-rae",
        "Kim Mi-rae (Yonhap)",
        "The agency (Yonhap) reported it first.",
        "Photos by the artist hang in the hall.",
        "The ministry contributed to this report with data.",
        "It was signed by Kim Mi-rae",
        "김 수출이 늘었다.",
        "Mail kim@heraldcorp.com if you would like to join the tasting in June",
    ],
)
def test_prose_and_captions_are_no_closing_line(text: str) -> None:
    assert closing_line(text) is None


def test_twelve_words_may_say_who_somebody_is_and_more_are_prose() -> None:
    twelve = "Kim Mi-rae senior chief news guest art food film music copy editor"
    assert who(parse_byline(f"By {twelve}")) == ([KIM], None)
    assert who(parse_byline(f"By {twelve} reporter")) == ([], None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The talks resume in June, he said. (Yonhap)", ([], "Yonhap")),
        ("The talks resume in June, he said.\xa0 (Yonhap News) \xa0", ([], "Yonhap")),
        ("he said.(AP/Yonhap)", ([], "AP-Yonhap")),
        ("“It is a long process.” By Kim Mi-rae (mirae@heraldcorp.com)", ([KIM_MAIL], None)),
        ("“It is a new approach.”  By Kim Mi-rae ()", ([KIM], None)),
        ("a ministry officialBy Kim Mi-rae ()", ([KIM], None)),
        ("It opens in June.By Kim Mi-rae", ([KIM], None)),
        ("It opens in June. (By Kim Mi-rae)", ([KIM], None)),
        ("It opens in June. (Korea Herald staff)", ([], None)),
        ("It opens in June. (mirae@heraldcorp.com)", ([("", "mirae@heraldcorp.com")], None)),
        (
            "He left. By Kim Mi-rae (mirae@heraldcorp.com)\xa0Han Sol-bi contributed reporting.",
            ([KIM_MAIL, HAN], None),
        ),
        ("It opens in June. By Kim Mi-rae (Yonhap)", ([KIM], "Yonhap")),
        ("It opens in June. -- Ed.\n(Tribune Content Agency)", ([], "Tribune Content Agency")),
        (
            "김 수출이 늘었다. 김미래 기자 mirae@heraldcorp.com",
            ([("김미래", "mirae@heraldcorp.com")], None),
        ),
        ("It opens in June. (khnews@heraldcorp.com)", ([], None)),
    ],
)
def test_a_credit_glued_to_the_last_sentence_is_read(text: str, expected: Who) -> None:
    assert who(closing_credit(text)) == expected
    assert closing_line(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The agency (Yonhap) reported it first.",
        "The letter was signed by Kim Mi-rae",
        "The letter was signed By Kim Mi-rae",
        "The mayor, Kim Mi-rae (center)",
        "It was the fifth (AP 5)",
        "He met the senator from Ohio (Jane Doe)",
        "It ends in brackets ()",
        "The mayor waves. (Kim Mi-rae/The Korea Herald)",
        "The mayor waves. (Kim Mi-rae/AP)",
        "Nobody contributed to this report.",
    ],
)
def test_the_end_of_prose_is_no_credit(text: str) -> None:
    assert closing_credit(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SEJONG (Yonhap news) ― Exports rose.", ([], "Yonhap")),
        ("SEOUL, Nov. 1 (Yonhap) -- Exports rose.", ([], "Yonhap")),
        ("WASHINGTON (AP) - Exports rose.", ([], "AP")),
        ("TOKYO (AFP-Jiji)", ([], "AFP-Jiji")),
        ("TOKYO (AFP-Jiji) The yen rose.", ([], "AFP-Jiji")),
        ("Seoul (Reuters) – Exports rose.", ([], "Reuters")),
        ("(Yonhap) -- Exports rose.", ([], "Yonhap")),
        ("SEOUL, South Korea, Nov. 1, 2021 /PRNewswire/ -- A new noodle.", ([], "PR Newswire")),
        ("SEOUL, South Korea--(BUSINESS WIRE)--A new noodle.", ([], "Business Wire")),
        ("[코리아헤럴드=김미래 기자] 김 수출이 늘었다.", ([("김미래", None)], None)),
        ("(창원=연합뉴스) 김미래 기자 = 김 수출이 늘었다.", ([("김미래", None)], "Yonhap")),
    ],
)
def test_a_dateline_names_the_agency_or_the_reporter(text: str, expected: Who) -> None:
    assert who(dateline(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WASHINGTON, D.C. ― The two sides met.",
        "The agency (AP) said on Monday - and so did others - that exports rose.",
        "Kim Mi-rae (Yonhap) Kim Mi-rae (Yonhap)",
        "The number x = y (left) and so on",
        "SEOUL (City Hall) ― The mayor spoke.",
    ],
)
def test_an_opening_without_an_agency_is_no_dateline(text: str) -> None:
    assert dateline(text) is None


def test_merging_joins_the_lines_of_one_story() -> None:
    byline = parse_byline("By Kim Mi-rae")
    closing = closing_credit(
        "He left. By Kim Mirae (mirae@heraldcorp.com) "
        "Staff reporter Han Sol-bi contributed to this report."
    )
    assert who(merge(byline, closing)) == ([KIM_MAIL, HAN], None)
    assert who(byline) == ([KIM], None)


def test_the_first_agency_named_wins() -> None:
    assert who(merge(parse_byline("By Korea Herald"), None, closing_line("(Yonhap News)"))) == (
        [],
        "Yonhap",
    )
    assert who(merge(parse_byline("By AP"), closing_line("(Yonhap)"))) == ([], "AP")


def test_a_lone_mail_finds_its_owner_or_nobody() -> None:
    mail = closing_line("(mirae@heraldcorp.com)")
    assert who(merge(parse_byline("By Kim Mi-rae"), mail)) == ([KIM_MAIL], None)
    assert who(merge(parse_byline("By Han Sol-bi and Kim Mi-rae"), mail)) == (
        [HAN, KIM_MAIL],
        None,
    )
    assert who(merge(parse_byline("By Han Sol-bi and Ian McTavish"), mail)) == (
        [HAN, ("Ian McTavish", None)],
        None,
    )
    assert who(merge(parse_byline("By Korea Herald"), mail)) == ([], None)


@pytest.mark.parametrize("name", ["KIM MI-RAE", "Kim Mi Rae", "Kim Mirae", "kim mi-rae"])
def test_a_person_counts_once_however_the_name_is_printed(name: str) -> None:
    again = Byline(parse_byline("By " + name.title()).authors)
    assert who(merge(parse_byline("By Kim Mi-rae"), again)) == ([KIM], None)


SURNAMES = st.sampled_from(["Kim", "Lee", "Ock", "Hwangbo", "Yoo", "An", "No"])
SYLLABLES = st.sampled_from(["ji", "woo", "hyun", "min", "so", "seok", "ah"])
KOREANS = st.builds(
    lambda last, one, two: f"{last} {one.title()}-{two}", SURNAMES, SYLLABLES, SYLLABLES
)
FOREIGNERS = st.sampled_from(
    ["Ian McTavish", "Jean-Luc Perrin", "Ana María O'Neil Jr.", "Robert J. Smith", "Zoë de Vries"]
)
HANGUL = st.sampled_from(["김미래", "한솔비", "황보은", "이설"])
NAMES = st.one_of(KOREANS, FOREIGNERS)
MAILS = st.from_regex(
    r"[a-z]{2,8}[0-9._]?[a-z0-9]{1,4}@(heraldcorp|koreaherald)\.com", fullmatch=True
).filter(
    lambda mail: (
        not mail.startswith(("kh", "news", "info", "edit", "help", "desk", "kor", "herald"))
    )
)
SIGNED = st.lists(st.tuples(NAMES, MAILS), min_size=1, max_size=3, unique_by=lambda pair: pair[0])
JOINS = st.sampled_from([", ", " , ", " and ", " & ", "/", " / ", "; ", "\xa0and\xa0"])


@given(SIGNED, JOINS, st.sampled_from(["By ", "by ", "", "BY ", "By\xa0"]))
def test_generated_bylines_are_read_back(people: list[tuple[str, str]], join: str, by: str) -> None:
    names = [name for name, _ in people]
    assert who(parse_byline(by + join.join(names))) == ([(name, None) for name in names], None)
    for left, right in ("()", "[]", "  "):
        signed = join.join(f"{name} {left}{mail}{right}" for name, mail in people)
        assert who(parse_byline(by + signed)) == (people, None)


@given(SIGNED, st.sampled_from([" ", "", "\xa0 ", "\n", "\n\n"]))
def test_generated_closings_are_read_back(people: list[tuple[str, str]], gap: str) -> None:
    line = "By " + " and ".join(f"{name} ({mail})" for name, mail in people)
    assert who(closing_line(line)) == (people, None)
    assert who(closing_credit(f"“It opens in June.”{gap}{line}")) == (people, None)
    names = " and ".join(name for name, _ in people)
    thanks = f"Staff reporters {names} contributed to this report."
    expected = ([(name, None) for name, _ in people], None)
    assert who(closing_line(thanks)) == expected
    assert who(closing_credit(f"It opens in June.{gap}{thanks}")) == expected


@given(HANGUL, MAILS)
def test_generated_korean_bylines_are_read_back(name: str, mail: str) -> None:
    for text in (
        f"[코리아헤럴드={name} 기자]",
        f"By {name}",
        f"{name} 기자",
        f"코리아헤럴드 {name} 특파원",
    ):
        assert who(parse_byline(text)) == ([(name, None)], None)
    assert who(parse_byline(f"{name} 기자 {mail}")) == ([(name, mail)], None)


@given(
    st.lists(NAMES, min_size=1, max_size=3, unique=True), st.sampled_from(["Yonhap", "AP", "dpa"])
)
def test_an_agency_among_people_stays_an_organization(names: list[str], agency: str) -> None:
    expected = ([(name, None) for name in names], agency)
    assert who(parse_byline("By " + " and ".join([agency, *names]))) == expected
    assert who(parse_byline("By " + ", ".join([*names, agency]))) == expected


PIECES = st.sampled_from(
    ["By ", "(", ")", "[", "]", "=", "Kim", " Mi-rae", "Yonhap", " and ", ",", "/", "@", "a@b.com",
     " ", "\xa0", "\n", ".", "-", "―", "Ed.", "기자", "김미래", "코리아헤럴드",
     " contributed to this report.", "Staff reporter ", "Photo by ", "Courtesy of ",
     "left", "Jr.", "\x00", "LEAD", "’"]
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


@given(ANY_TEXT, ANY_TEXT)
def test_no_text_makes_the_readers_fail(one: str, other: str) -> None:
    read = [parse_byline(one), closing_line(one), closing_credit(other), dateline(other)]
    merged = merge(*read)
    assert all(author.name and author.name == author.name.strip() for author in merged.authors)
    assert who(merge(merged, *read)) == who(merged)
    split_credit(one)
    bracket_tag(other)


@pytest.mark.parametrize(
    "piece", ["By ", "(", ")", "()", "(Yonhap)", " (Yonhap)", "a@", "a@b.c,", "By Kim Mi-rae ",
              "[", "=", ". ", "X. ", "김", "김미래 기자 ", "Photo by ", "\xa0", "\n", "|", "[LEAD]",
              "(LEAD) ", "a" * 80 + "@"]
)  # fmt: skip
def test_megabytes_of_almost_bylines_are_no_burden(piece: str) -> None:
    text = piece * (5_000_000 // len(piece))
    for reader in (parse_byline, closing_line, closing_credit, dateline, split_credit, bracket_tag):
        reader(text)
