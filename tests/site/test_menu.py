"""Section links in every form of menu."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.site.menu import find_section, menu_paths
from heraldcrawl.site.page import Page
from heraldcrawl.site.sections import SECTIONS, Section

ROOT = "https://www.koreaherald.com"
NORTH_KOREA = ("National", "North Korea")
STORY = '<a href="/view.php?ud=20190102000003">Ferry service to the island resumes</a>'


def front(markup: str) -> Page:
    return Page(
        url=f"{ROOT}/",
        body=f"<!DOCTYPE html><html><body>{markup}</body></html>".encode(),
        fetched_at=datetime(2024, 5, 6, tzinfo=UTC),
    )


def path_of(section: Section) -> str:
    return f"/list.php?ct={section.slug}"


def link(section: Section) -> str:
    return f'<a class="m" href="{path_of(section)}">{section.label.replace("&", "&amp;")}</a>'


def groups() -> list[tuple[str, list[Section]]]:
    """Part the menu into a head, linked or not, and the sections under it."""
    tops = dict.fromkeys(section.path[0] for section in SECTIONS)
    parted = []
    for top in tops:
        here = [section for section in SECTIONS if section.path[0] == top]
        head = next((link(section) for section in here if len(section.path) == 1), top)
        parted.append((head, [section for section in here if len(section.path) > 1]))
    return parted


def in_lists(
    group: str, *, item: str = "{}", start: str = "", end: str = "", heading: str = "{}"
) -> str:
    return start + "".join(
        group.format(heading.format(head), "".join(item.format(link(below)) for below in under))
        for head, under in groups()
    ) + end  # fmt: skip


MENUS = {
    "links after the first of an item, 2017": in_lists(
        "<li>{}{}</li>", start='<div class="allMenuDiv"><ul>', end="</ul></div>"
    ),
    "flat list, 2019": in_lists(
        "<li>{}</li>{}", item="<li>{}</li>", start="<ul>", end="</ul>"
    ),
    "flat links with bars": in_lists("{} | {}", item="{} | ", start="<div>", end="</div>"),
    "flat paragraphs under a title": in_lists(
        "<p>{}</p>{}", item="<p>{}</p>", start="<h2>All sections</h2><div>", end="</div>"
    ),
    "nested lists, 2025": in_lists(
        '<li class="on">{}<button>Open</button><div class="sub"><ul>{}</ul></div></li>',
        item='<li class="x">{}</li>',
        start='<nav><ul class="gnb"><li><a href="/">Home</a></li>',
        end="</ul></nav>",
    ),
    "lists in lists": in_lists(
        "<li>{}<ul>{}</ul></li>", item="<li><span>{}</span></li>", start="<ol>", end="</ol>"
    ),
    "one definition list": in_lists(
        "<dt>{}</dt>{}", item="<dd>{}</dd>", start="<dl>", end="</dl>"
    ),
    "definition lists": in_lists("<dl><dt>{}</dt><dd>{}</dd></dl>", item="{} / "),
    "columns under headings": in_lists(
        '<div class="col"><h3>{}</h3><ul>{}</ul></div>', item="<li>{}</li>", start="<footer>"
    ),
    "headings and lists in turn": in_lists("<h4>{}</h4><ul>{}</ul>", item="<li>{}</li>"),
    "a table": in_lists(
        "<tr><td>{}{}</td></tr>", item="<br>{}", start="<table>", end="</table>"
    ),
}  # fmt: skip

DECOYS = f"""
    <div class="card"><p><a href="/decoy1">North Korea</a></p><p>{STORY}</p></div>
    <ul class="cards">
      <li><a href="/decoy2">National</a><a href="/decoy3">North Korea</a>{STORY}</li>
      <li><p><a href="/decoy4">North Korea</a></p>{STORY}</li>
    </ul>
    <div><h3><a href="/decoy5">World</a></h3>
      <ul><li><a href="/decoy6">North Korea</a></li></ul></div>
    <div><h3>Most Popular</h3><ol><li><a href="/decoy7">North Korea</a></li></ol></div>
    <section><h2><a href="/decoy8">National</a></h2><div>
      <div class="card"><div><a href="/decoy9">North Korea</a></div><h4>{STORY}</h4></div>
      <div class="card"><div><a href="/decoy9">Politics</a></div><h4>{STORY}</h4></div>
    </div></section>
    <p><a href="/">Home</a> &gt; <a href="/decoy10">World</a> &gt;
      <a href="/decoy11">North Korea</a></p>
"""


@pytest.mark.parametrize("form", MENUS)
def test_every_section_is_found_in_every_form_of_menu(form: str) -> None:
    page = front(MENUS[form])
    found = {section.slug: find_section(page, section.path) for section in SECTIONS}
    assert found == {section.slug: ROOT + path_of(section) for section in SECTIONS}
    assert menu_paths(page) == {section.path: ROOT + path_of(section) for section in SECTIONS}


@pytest.mark.parametrize("form", MENUS)
def test_links_outside_the_menu_do_not_mislead(form: str) -> None:
    page = front(f"{DECOYS}<header><div><div>{MENUS[form]}</div></div></header>{DECOYS}")
    found = {section.slug: find_section(page, section.path) for section in SECTIONS}
    assert found == {section.slug: ROOT + path_of(section) for section in SECTIONS}


def test_a_page_of_decoys_has_no_north_korea() -> None:
    assert find_section(front(DECOYS), NORTH_KOREA) is None


def test_a_menu_of_2018_is_read_as_that_of_2021() -> None:
    page = front("""
        <div class="sub"><ul>
          <li><a href="/index.php">Home</a></li>
          <li><a href="/list.php?ct=1">National</a></li>
          <li><a href="/list.php?ct=2">Business</a></li>
        </ul><ul class="rightDiv"><li><a href="/list.php?ctv=12">Weekender</a></li></ul></div>
        <div class="allMenuDiv"><ul>
          <li><a href="/list.php?ct=2" class="tt">Business</a>
            <a href="/list.php?ct=21">Economy</a> <a href="/list.php?ct=22">Finance</a>
            <a href="/list.php?ct=23">Industry</a> <a href="/list.php?ct=25">Automode</a></li>
          <li class="mt100"><a href="/list.php?ct=100" class="tt">English Cafe</a>
            <a href="/list.php?ct=101">Podcast</a> <a href="/list.php?ct=103">Powernote</a></li>
        </ul></div>
    """)
    assert menu_paths(page) == {
        ("Business",): f"{ROOT}/list.php?ct=2",
        ("Finance", "Economy"): f"{ROOT}/list.php?ct=21",
        ("Finance",): f"{ROOT}/list.php?ct=22",
        ("Business", "Industry"): f"{ROOT}/list.php?ct=23",
        ("Business", "Transport"): f"{ROOT}/list.php?ct=25",
        ("Podcast",): f"{ROOT}/list.php?ct=101",
        ("National",): f"{ROOT}/list.php?ct=1",
        ("Topics", "Weekender"): f"{ROOT}/list.php?ctv=12",
    }
    assert find_section(page, ("Business", "Finance")) == f"{ROOT}/list.php?ct=22"
    assert find_section(page, NORTH_KOREA) is None


def test_a_section_that_the_table_lacks_is_found_by_its_path() -> None:
    page = front(
        '<ul><li><a href="/National">National</a><ul>'
        '<li><a href="/National/CourtsandLaw">Courts &amp; Law</a></li></ul></li></ul>'
    )
    address = f"{ROOT}/National/CourtsandLaw"
    assert find_section(page, ("National", "Courts & Law")) == address
    assert find_section(page, ("World", "Courts & Law")) is None


def test_labels_are_read_whatever_their_case_and_dress() -> None:
    page = front(
        '<ul><li><a href="/n"><img src="n.gif" alt="NATIONAL"></a>'
        '<ul><li><a href="/nk"><b>North</b>&nbsp; Korea <i></i></a></li></ul></li></ul>'
    )
    assert find_section(page, NORTH_KOREA) == f"{ROOT}/nk"
    assert find_section(page, ("National",)) == f"{ROOT}/n"


@pytest.mark.parametrize(
    "unseen",
    [
        '<svg viewBox="0 0 9 9"><title>Open</title><path d="M0 0"/></svg>',
        '<script>count("gnb")</script>',
        "<style>.n { color: red }</style><!-- north -->",
        "<template><i>new</i></template>",
    ],
)
def test_a_label_is_what_readers_see_of_its_link(unseen: str) -> None:
    page = front(MENUS["nested lists, 2025"].replace("</a>", f"{unseen}</a>"))
    assert find_section(page, NORTH_KOREA) == f"{ROOT}/list.php?ct=northkorea"


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("list.php?ct=1", f"{ROOT}/list.php?ct=1"),
        ("//nwww.koreaherald.com/list.php?ct=1", f"{ROOT}/list.php?ct=1"),
        ("http://m.koreaherald.com/list.php?ct=1", f"{ROOT}/list.php?ct=1"),
        ("/National/NorthKorea#top", f"{ROOT}/National/NorthKorea"),
        ("#", None),
        ("", None),
        ("javascript:void(0)", None),
        ("/", None),
        ("http://kpopherald.koreaherald.com/", None),
        ("https://elsewhere.example/list.php?ct=1", None),
        ("http://[broken", None),
        ("/view.php?ud=20190102000003", None),
    ],
)
def test_a_link_counts_where_it_leads_to_a_page_of_the_site(href: str, address: str | None) -> None:
    page = front(
        f'<ul><li><a href="/n">National</a><ul><li><a href="{href}">North Korea</a></ul></ul>'
    )
    assert find_section(page, NORTH_KOREA) == address


def test_the_largest_menu_counts() -> None:
    small = '<ul><li><a href="/small">National</a><ul><li><a href="/s">North Korea</a></ul></ul>'
    page = front(small + MENUS["nested lists, 2025"] + small)
    assert find_section(page, NORTH_KOREA) == f"{ROOT}/list.php?ct=northkorea"


def test_a_list_of_one_groups_sections_needs_no_heading() -> None:
    names = ["Politics", "Social Affairs", "Defense", "North Korea"]
    items = "".join(
        f'<li><a href="/list.php?ct={at}">{name}</a></li>' for at, name in enumerate(names)
    )
    assert find_section(front(f"<ul>{items}</ul>"), NORTH_KOREA) == f"{ROOT}/list.php?ct=3"
    stray = f'<ul>{items}<li><a href="/x">Golf</a></li></ul>'
    assert find_section(front(stray), NORTH_KOREA) is None


PIECES = [
    "<ul>",
    "<li>",
    "</li>",
    "</ul>",
    "<dl>",
    "<dt>",
    "<dd>",
    '<a href="/x">',
    "</a>",
    "National",
    "North Korea",
    "<div>",
    "</div>",
    "<p>",
    "Topics",
    '<a href="/article/1000001">',
    "<td>",
    "<h3>",
    "</h3>",
    "<table>",
    "&amp;",
    "<a",
    ">",
]


@given(st.binary() | st.lists(st.sampled_from(PIECES)).map("".join).map(str.encode))
def test_no_bytes_make_the_menu_reader_raise(body: bytes) -> None:
    page = Page(url=f"{ROOT}/", body=body, fetched_at=datetime(2024, 5, 6, tzinfo=UTC))
    address = find_section(page, NORTH_KOREA)
    assert address is None or address.startswith(f"{ROOT}/")
    assert all(address.startswith(f"{ROOT}/") for address in menu_paths(page).values())


@pytest.mark.parametrize("markup", ["<div>", "<ul><li>", "<a href=/x>", "<dl><dd>", "<table><td>"])
def test_markup_nested_without_end_is_read_all_the_same(markup: str) -> None:
    page = front(MENUS["nested lists, 2025"] + markup * 20_000)
    assert find_section(page, NORTH_KOREA) == f"{ROOT}/list.php?ct=northkorea"
