"""The menu as data."""

from __future__ import annotations

import pytest

from heraldcrawl.site import sections
from heraldcrawl.site.sections import (
    SECTIONS,
    addresses,
    by_slug,
    label_key,
    match_label,
    match_path,
    most_specific,
    parent,
    spellings,
)

SPIDERS = """
    national politics socialaffairs foreignaffairs defense northkorea science diplomaticcircuit
    education business industry technology transport retail finance economy market money lifestyle
    culture travel fashion foodbeverage books people expatliving artsdesign health entertainment
    film television music theater kpop sports soccer baseball golf moresports world worldnews
    worldbusiness opinion editorial viewpoints englisheye podcast weekender prnewswire
    globalinsight
"""


def test_sections_stand_in_the_order_of_the_menu() -> None:
    assert [section.slug for section in SECTIONS] == SPIDERS.split()


def test_list_codes_are_whole_and_each_belongs_to_one_section() -> None:
    codes = [code for section in SECTIONS for code in (section.ct, *section.older) if code]
    assert all(code.isdigit() and len(code) == 12 for code in codes)
    assert len(set(codes)) == len(codes)


def test_a_section_under_another_has_it_as_its_parent() -> None:
    below = [section for section in SECTIONS if len(section.path) > 1]
    topics = {"weekender", "prnewswire", "globalinsight"}
    assert {section.slug for section in below if parent(section) is None} == topics
    assert parent(by_slug("northkorea")) is by_slug("national")
    assert parent(by_slug("market")) is by_slug("finance")
    assert parent(by_slug("national")) is None


def test_an_unknown_slug_is_an_error() -> None:
    with pytest.raises(KeyError):
        by_slug("nowhere")


@pytest.mark.parametrize(
    ("printed", "path"),
    [
        ("NATIONAL", ("National",)),
        ("LIFE&STYLE", ("Life&Style",)),
        ("Life &amp; Style", ("Life&Style",)),
        ("LifenCulture", ("Life&Style",)),
        ("Life & Culture", ("Life&Style",)),
        ("Foreign\u00a0 Affairs", ("National", "Foreign Affairs")),
        ("Automode", ("Business", "Transport")),
        ("Mobility", ("Business", "Transport")),
        ("food and beverage", ("Life&Style", "Food & Beverage")),
        ("K-POP", ("Entertainment", "K-pop")),
        ("Kpop", ("Entertainment", "K-pop")),
        ("PR Newswire", ("Topics", "PR Newswire")),
    ],
)
def test_a_label_is_known_however_it_is_printed(printed: str, path: tuple[str, ...]) -> None:
    section = match_label(printed)
    assert section is not None
    assert section.path == path


@pytest.mark.parametrize("printed", ["", " ", "Topics", "Courts & Law", "North Koreans", "북한"])
def test_a_label_that_no_section_has_is_none(printed: str) -> None:
    assert match_label(printed) is None


@pytest.mark.parametrize(
    ("place", "slug"),
    [
        (("Business", "Finance"), "finance"),
        (("Business", "Automode"), "transport"),
        (("BUSINESS", "MARKET"), "market"),
        (("English Cafe", "Podcast"), "podcast"),
        (("K-pop",), "kpop"),
        (("Life&Culture", "Food"), "foodbeverage"),
    ],
)
def test_a_place_in_the_menu_of_another_year_is_known(place: tuple[str, ...], slug: str) -> None:
    assert match_path(place) is by_slug(slug)


def test_north_korea_is_found_under_national_alone() -> None:
    assert match_path(("National", "North Korea")) is by_slug("northkorea")
    assert match_path(("World", "North Korea")) is None
    assert match_path(("North Korea",)) is None


def test_spellings_of_a_path_start_with_the_path_itself() -> None:
    assert spellings(("National", "North Korea")) == (("national", "northkorea"),)
    assert spellings(("Finance", "Market")) == (
        ("finance", "market"),
        ("business", "market"),
        ("business", "finance", "market"),
    )
    assert spellings(("National", "Courts & Law")) == (("national", "courtslaw"),)


def test_addresses_are_todays_first_then_the_old_lists() -> None:
    root = "https://www.koreaherald.com"
    assert addresses(by_slug("northkorea")) == (
        f"{root}/National/NorthKorea",
        f"{root}/list.php?ct=020104000000",
    )
    assert addresses(by_slug("diplomaticcircuit"))[1:] == (
        f"{root}/list.php?ct=020112000000",
        f"{root}/list.php?ct=020103010000",
    )
    assert addresses(by_slug("weekender"))[-1] == f"{root}/list.php?ctv=12"
    assert all(addresses(section) for section in SECTIONS)


@pytest.mark.parametrize(
    ("page", "found_on", "path"),
    [
        (["National"], ["National", "North Korea"], ("National", "North Korea")),
        (["NATIONAL"], [], ("National",)),
        (["Foreign Affairs"], [], ("National", "Foreign Affairs")),
        (["North Korea"], ["National"], ("National", "North Korea")),
        (["National", "Politics"], ["National", "North Korea"], ("National", "Politics")),
        (["Politics"], ["Herald Interview"], ("National", "Politics")),
        (["Automode"], ["Herald Interview"], ("Business", "Transport")),
        (["World"], ["National", "North Korea"], ("World",)),
        ([], ["National", "North Korea"], ("National", "North Korea")),
        ([], [], ()),
        (["Business"], ["Finance", "Market"], ("Finance", "Market")),
        (["Business", "Market"], [], ("Finance", "Market")),
        (["Home", "NATIONAL", "Defense"], [], ("National", "Defense")),
        (["LIFE&amp;STYLE", "arts & design"], [], ("Life&Style", "Arts & Design")),
        (["Topics"], ["Topics", "Weekender"], ("Topics", "Weekender")),
        (["National", "Courts &amp; Law"], ["National"], ("National", "Courts & Law")),
        (["Hashtag Korea"], ["National"], ("Hashtag Korea",)),
        (["  ", "National", "National"], [], ("National",)),
    ],
)
def test_page_and_list_together_give_the_most_specific_path(
    page: list[str], found_on: list[str], path: tuple[str, ...]
) -> None:
    assert most_specific(page, found_on) == path


def test_every_label_of_the_table_leads_back_to_its_section() -> None:
    for section in SECTIONS:
        assert match_path(section.path) is section
        assert all(match_path(place) is section for place in section.places)
        assert label_key(section.path[0]) in sections.TOP_KEYS
