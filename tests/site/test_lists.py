"""List pages of every year, what stands around the list, and where a list ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.site.dates import KST
from heraldcrawl.site.lists import ListEntry, ListPage, NoEntries, read_list
from heraldcrawl.site.page import Page

ROOT = "https://www.koreaherald.com"
LIST = f"{ROOT}/list.php?ct=020100000000"
THUMB = "http://res.heraldm.com/phpwas/restmb_idxmake.php?idx=601&simg=/content/image/x_0.jpg"

ENTRIES = (
    ListEntry(
        id="20210513000011",
        url=f"{ROOT}/view.php?ud=20210513000011",
        headline="[Herald Interview] ‘Two harbors & one tide’",
        date_published=date(2021, 5, 13),
        category="Foreign Affairs",
        description="Envoy Han Bit-na kept the light since May 3, 2019.The log is next, she said",
        image=THUMB,
    ),
    ListEntry(
        id="20210512000022",
        url=f"{ROOT}/view.php?ud=20210512000022",
        headline="Ferry to the northern islands resumes",
        date_published=date(2021, 9, 5),
        category="North Korea",
        description="The first ferry in months left on Sunday, with 12 people and a goat aboard",
        image=THUMB,
    ),
    ListEntry(
        id="20210511000033",
        url=f"{ROOT}/view.php?ud=20210511000033",
        headline="",
        date_published=date(2021, 5, 11),
        category=None,
        description="What is on at the small theaters this week, and where to sit if it rains",
        image=THUMB,
    ),
)
PRINTED = {date(2021, 5, 13): "May 13, 2021", date(2021, 9, 5): "Sept. 5, 2021",
           date(2021, 5, 11): "May 11, 2021"}  # fmt: skip

POPULAR = "<div class='list'><h3>Most Popular</h3><ol>" + "".join(
    f"<li><em>{at}</em><a href='/view.php?ud=202105140000{at:02}'>Popular story {at}</a></li>"
    for at in range(1, 11)
)  + "</ol></div>"  # fmt: skip
LATEST = "<div class='news_list'><p class='tit'>Latest News</p><ul class='news_list'>" + "".join(
    f"<li><a href='/view.php?ud=202105150000{at:02}'><strong>Latest story {at}</strong></a>"
    "<span class='date'>May 15, 2021</span></li>"
    for at in range(1, 11)
) + "</ul></div>"  # fmt: skip
RELATED = (
    "<ul class='relationDiv'><li><a href='/view.php?ud=20210101000001'>An older story</a></li></ul>"
)
CARD = """<div class="card"><a href="/view.php?ud=20210516000001"><p class="news_title">Headline of
    all sections</p></a><span class="date">May 16, 2021</span><p>With a summary of its own, which is
    long enough to be one.</p></div>"""


def page(markup: str, url: str = f"{LIST}&np=2&mp=1", head: str = "") -> Page:
    body = f"<!DOCTYPE html><html><head>{head}</head><body>{markup}</body></html>"
    return Page(url, body.encode(), datetime(2024, 5, 6, tzinfo=UTC))


def fields(entry: ListEntry) -> dict[str, str]:
    assert isinstance(entry.date_published, date)
    return {
        "id": entry.id,
        "title": entry.headline.replace("&", "&amp;") or "<Theater>",
        "day": PRINTED[entry.date_published],
        "category": entry.category or "",
        "about": entry.description or "",
        "image": THUMB.replace("&", "&amp;"),
    }


def items(template: str) -> str:
    return "".join(template.format(**fields(entry)) for entry in ENTRIES)


E1 = "<div id='container'>" + items(
    '<div class="box"><a href="/view.php?ud={id}"><img src="{image}"></a>'
    '<p><a class="fontTitle6" href="/view.php?ud={id}">{title}</a></p>'
    "<p>{about}</p><p>{category}{day}</p></div>"
) + "</div>"  # fmt: skip
E2A = '<div class="wrapDiv"><div class="contentsWrap"><p>NATIONAL</p><div><div><ul>' + items(
    '<li><div><a href="/view.php?ud={id}"><img src="{image}"></a></div>'
    '<div><p><a href="/view.php?ud={id}">{title}</a></p>'
    '<p><a href="/view.php?ud={id}" class="fontDesc2">{about}</a></p></div>'
    f"<div><p>{{category}}{{day}}</p></div>{RELATED}</li>"
) + f"</ul></div>{LATEST}{POPULAR}</div></div></div>"  # fmt: skip
E2B = '<div class="main_sec"><ul class="main_sec_li main_sec_li_only">' + items(
    '<li><a href="/view.php?mp=1&amp;np=2&amp;ud={id}"><div class="main_l_img">'
    '<img src="{image}" alt="{title}"></div>'
    '<div class="main_l_txt"><div class="main_l_t1 main_l_t1_bg">{title}</div>'
    '<div class="main_l_t2">{category}<span>{day}</span></div>'
    '<div class="main_l_t3 ellipsis5">{about}</div></div></a></li>'
) + "</ul></div>"  # fmt: skip
E3 = '<ul class="category_detail_list">' + items(
    '<li><a class="news_link" href="view.php?ud={id}"><span><img src="{image}"></span>'
    '<strong class="ellipsis2">{title}</strong>{about}<p class="date">{category}{day}</p></a></li>'
) + "</ul>"  # fmt: skip
E4 = '<main class="div_layout"><section class="section_list">' + CARD + (
    '<article class="recent_news"><h2>Latest News</h2><ul class="news_list">' + items(
    '<li><a href="https://www.koreaherald.com/view.php?ud={id}"><div class="news_txt">'
    '<p class="news_title ellipsis2">{title}</p><p class="news_text ellipsis4">{about}</p>'
    '<span class="date">{day}</span></div>'
    '<div class="news_img"><img src="data:image/gif;base64,x" data-src="{image}"></div></a></li>'
) + "</ul></article></section></main>")  # fmt: skip
ITEM_OF_COLUMN = (
    '<li><a href="/view.php?ud={id}"><div>{title}</div><div>{day}</div><p>{about}</p></a></li>'
)
REPORTER = "<h2>Articles by Han Bit-na</h2><p>Han Bit-na</p><p>han@heraldcorp.com</p><div>" + items(
    '<div class="a"><a href="/view.php?ud={id}"><img src="{image}"></a>'
    '<h4><a href="/view.php?ud={id}">{title}</a></h4><p>{about}</p><em>{category} {day}</em></div>'
) + "</div>"  # fmt: skip
SERIES = "<ul>" + items(
    '<li><a href="/view.php?ud={id}"><img src="{image}"><div class="tit">{title}</div>'
    "<div>{about}</div><div>{day} - 10:27:49</div></a></li>"
) + "</ul>"  # fmt: skip
MOBILE = "<ul>" + items(
    '<li><a href="/view.php?ud={id}"><img src="{image}"><strong>{title}</strong>'
    "<span>{day}</span><p>{about}</p></a></li>"
) + "</ul>"  # fmt: skip
TABLE = "<table>" + items(
    '<tr><td><a href="/view.php?ud={id}"><img src="{image}"></a></td>'
    '<td><b><a href="/view.php?ud={id}">{title}</a></b><br>{about}<br>{category} | {day}</td></tr>'
) + "</table>"  # fmt: skip
DEFINITIONS = "<dl>" + items(
    '<dt><a href="/view.php?ud={id}"><img src="{image}"></a></dt>'
    '<dd><h3><a href="/view.php?ud={id}">{title}</a></h3></dd><dd>{about}</dd><dd>{day}</dd>'
) + "</dl>"  # fmt: skip

WITHOUT_CATEGORY = tuple(replace(entry, category=None) for entry in ENTRIES)
FORMS = [
    pytest.param(E1, "e1", ENTRIES, '<link href="/new_201209/c.css">', id="e1"),
    pytest.param(E2A, "e2a", ENTRIES, "", id="e2a"),
    pytest.param(E2B, "e2b", ENTRIES, "", id="e2b"),
    pytest.param(E3, "e3", ENTRIES, "", id="e3"),
    pytest.param(E4, "e4", WITHOUT_CATEGORY, "", id="e4"),
    pytest.param(REPORTER, "generic", ENTRIES, "", id="reporter"),
    pytest.param(MOBILE, "generic", WITHOUT_CATEGORY, "", id="mobile"),
    pytest.param(TABLE, "generic", ENTRIES, "", id="table"),
    pytest.param(DEFINITIONS, "generic", WITHOUT_CATEGORY, "", id="definitions"),
]


@pytest.mark.parametrize(("markup", "layout", "entries", "head"), FORMS)
def test_a_list_is_read_whole(
    markup: str, layout: str, entries: tuple[ListEntry, ...], head: str
) -> None:
    assert read_list(page(markup, head=head)) == ListPage(entries, layout, number=2, last=None)


@pytest.mark.parametrize(("markup", "layout", "entries", "head"), FORMS)
def test_what_stands_around_a_list_yields_no_entries(
    markup: str, layout: str, entries: tuple[ListEntry, ...], head: str
) -> None:
    wrapped = f'<div class="x"><section><div>{markup}</div></section></div>'
    around = f"""
        <header><div>{CARD}</div></header><nav>{LATEST}</nav>{POPULAR}
        <script>var list = "<ul class='news_list'><li><a href='/article/1000001'>x</a></li></ul>";
        </script><!-- <a href="/article/1000002">x</a> -->{wrapped}
        <aside>{LATEST}{CARD}</aside>{LATEST}{POPULAR}<footer>{LATEST}{CARD}</footer>"""
    assert read_list(page(around, head=head)) == ListPage(entries, layout, number=2, last=None)


@pytest.mark.parametrize(
    ("markup", "layout", "entries", "head"), [form for form in FORMS if form.id != "table"]
)
def test_attributes_classes_and_wrappers_may_be_others(
    markup: str, layout: str, entries: tuple[ListEntry, ...], head: str
) -> None:
    strange = (
        markup.replace('class="', 'data-x="1" class="extra ')
        .replace("<li>", '<li class="item first" onclick="go()"><div class="wrap">')
        .replace("</li>", "</div></li>")
        .replace("<ul", "<div class='scroll'><ul")
        .replace("</ul>", "</ul></div>")
        .replace("<img ", "<img loading=lazy ")
    )
    advert = '<li class="ad"><a href="https://elsewhere.example/buy">Buy this, May 1, 2021</a></li>'
    strange = strange.replace("</li><li", f"</li>{advert}<li")
    assert read_list(page(strange, head=head)) == ListPage(entries, layout, number=2, last=None)


def test_the_right_column_of_2021_is_no_list_where_the_list_is_missing() -> None:
    column = f'<div class="x main_r"><ul>{items(ITEM_OF_COLUMN)}</ul></div>'
    assert read_list(page(column + REPORTER.replace("2021", "2020"))).entries[0].id < "2021"
    with pytest.raises(NoEntries):
        read_list(page(column))


def test_a_hidden_copy_of_a_list_adds_nothing() -> None:
    for markup, entries in ((E2B, ENTRIES), (E4, WITHOUT_CATEGORY), (REPORTER, ENTRIES)):
        copy = f'<div class="mobile" style="display:none">{markup}</div>'
        assert read_list(page(markup + copy)).entries == entries


def test_a_series_prints_the_second() -> None:
    url = f"{ROOT}/series/340?page=5&pageTop=true"
    found = read_list(page(SERIES, url))
    assert (found.number, found.layout) == (5, "generic")
    assert found.entries[0] == replace(
        ENTRIES[0], category=None, date_published=datetime(2021, 5, 13, 10, 27, 49, tzinfo=KST)
    )


def test_the_mobile_site_is_named() -> None:
    found = read_list(page(MOBILE, "https://m.koreaherald.com/list.php?ct=020101000000&np=902"))
    assert (found.layout, found.number, found.entries) == ("mobile", 902, WITHOUT_CATEGORY)


def test_a_list_of_one_story_is_a_list() -> None:
    for markup, layout in ((E2B, "e2b"), (MOBILE, "generic"), (REPORTER, "generic")):
        alone = items_of(markup, 1)
        found = read_list(page(POPULAR + alone + POPULAR))
        assert (found.layout, [entry.id for entry in found.entries]) == (layout, [ENTRIES[0].id])
        assert found.entries[0].headline == ENTRIES[0].headline
        assert found.entries[0].date_published == ENTRIES[0].date_published


@pytest.mark.parametrize("around", ["<aside>{}</aside>", "<div class='main_r'>{}</div>"])
def test_a_lone_story_takes_nothing_from_the_column_beside_it(around: str) -> None:
    column = around.format(POPULAR + LATEST)
    for markup in (REPORTER, E1):
        lone = markup[: markup.index("</div>", markup.index(PRINTED[date(2021, 5, 13)]))]
        found = read_list(page(f"<div>{column}<div>{lone}</div></div>{column}</div>"))
        assert found.entries == ENTRIES[:1]


def items_of(markup: str, count: int) -> str:
    """Keep so many items of a list."""
    mark = "<li>" if "<li>" in markup else '<div class="a">'
    parts = markup.split(mark)
    end = markup[markup.rindex("</li>" if mark == "<li>" else "</em></div>") :]
    return mark.join(parts[: count + 1]) + ("" if count + 1 >= len(parts) else end)


def test_the_story_set_apart_above_the_list_of_2018_is_its_first_entry() -> None:
    lead = """<div class="lead"><a href="/view.php?ud=20210514000099"><img src="/l.jpg"></a>
        <p><a href="/view.php?ud=20210514000099">A bridge opens</a></p><p>PoliticsMay 14, 2021</p>
        <p>The bridge had been planned since the year in which its engineer was born</p></div>"""
    found = read_list(page(E2A.replace("<ul><li>", f"{lead}<ul><li>", 1)))
    assert found.entries == (
        ListEntry(
            id="20210514000099",
            url=f"{ROOT}/view.php?ud=20210514000099",
            headline="A bridge opens",
            date_published=date(2021, 5, 14),
            category="Politics",
            description="The bridge had been planned since the year in which its engineer was born",
            image=f"{ROOT}/l.jpg",
        ),
        *ENTRIES,
    )


def test_a_list_of_2016_may_lack_dates() -> None:
    markup = (
        '<div><a class="fontTitle6" href="/view.php?ud=20160101000001">One</a></div>'
        '<div><a class="fontTitle3 x" href="/view.php?ud=20160101000002">Two</a></div>'
    )
    found = read_list(page(POPULAR + markup, head='<img src="/kh_201209/logo.gif">'))
    assert found.layout == "e1"
    assert [(entry.id, entry.headline) for entry in found.entries] == [
        ("20160101000001", "One"),
        ("20160101000002", "Two"),
    ]


@pytest.mark.parametrize(
    ("printed", "category", "day"),
    [
        ("Foreign AffairsMay 13, 2021", "Foreign Affairs", date(2021, 5, 13)),
        ("Diplomatic CircuitAug. 27, 2021", "Diplomatic Circuit", date(2021, 8, 27)),
        ("Hashtag Korea July 6, 2023", "Hashtag Korea", date(2023, 7, 6)),
        ("MarketMarch 3, 2022", "Market", date(2022, 3, 3)),
        ("Food &amp; BeverageDec. 1, 2020", "Food & Beverage", date(2020, 12, 1)),
        ("K-pop | Nov 29, 2019", "K-pop", date(2019, 11, 29)),
        ("Aug. 27, 2014", None, date(2014, 8, 27)),
        ("2025.11.18 09:35", None, datetime(2025, 11, 18, 9, 35, tzinfo=KST)),
        ("April 29, 2024 - 10:27:49", None, datetime(2024, 4, 29, 10, 27, 49, tzinfo=KST)),
        ("soon", None, None),
    ],
)
@pytest.mark.parametrize("markup", ["<p class='date'>{}</p>", "<p class='x date'><b>{}</b></p>"])
def test_the_section_stands_glued_to_the_date(
    markup: str, printed: str, category: str | None, day: date | None
) -> None:
    line = markup.format(printed)
    found = read_list(page(
        f"<ul class='category_detail_list'><li><a href='view.php?ud=20210513000011'>"
        f"<strong>Tide</strong>{line}</a></li></ul>"
    ))  # fmt: skip
    assert [(entry.category, entry.date_published) for entry in found.entries] == [(category, day)]


@pytest.mark.parametrize("markup", [E2B, E3, E4, REPORTER, SERIES, TABLE, MOBILE])
def test_markup_inside_a_headline_leaves_its_words_as_they_are_read(markup: str) -> None:
    inside = "<b>Ferry</b> to the <em>north</em>ern<br>islands<script>at(1)</script> resumes"
    found = read_list(page(markup.replace(ENTRIES[1].headline, inside)))
    assert found.entries[1].headline == ENTRIES[1].headline


@pytest.mark.parametrize("markup", [E2B, E3, E4])
def test_a_script_beside_a_date_is_no_section(markup: str) -> None:
    day = PRINTED[date(2021, 5, 11)]
    found = read_list(page(markup.replace(day, f"<script>at(1)</script>{day}")))
    assert found.entries[2].category is None
    assert found.entries[2].date_published == ENTRIES[2].date_published


def test_a_summary_cut_in_an_entity_loses_the_rest_of_it() -> None:
    found = read_list(page(E3.replace("a goat aboard", "a goat &amp;rdqu")))
    assert (found.entries[1].description or "").endswith("with 12 people and a goat")


EMPTY = {
    "e2b": '<div class="main_sec"><ul class="main_sec_li main_sec_li_only"> </ul></div>',
    "e3": '<ul class="category_detail_list"><li></li></ul>',
    "e4": '<article class="recent_news"><ul class="news_list"></ul></article>',
    "e2a": '<div class="contentsWrap"><div><ul class="listDiv"></ul></div></div>',
    "generic": f'<ul></ul><div class="paging"><a href="{LIST}&np=1">1</a></div>',
}


@pytest.mark.parametrize("layout", EMPTY)
def test_an_empty_frame_past_the_first_page_is_the_end(layout: str) -> None:
    ended = read_list(page(POPULAR + EMPTY[layout] + LATEST, f"{LIST}&np=99&mp=10"))
    assert ended == ListPage((), layout, number=99, last=True)


@pytest.mark.parametrize("layout", EMPTY)
def test_an_empty_first_page_is_an_error(layout: str) -> None:
    with pytest.raises(NoEntries, match="an empty first page"):
        read_list(page(POPULAR + EMPTY[layout], LIST))


def test_a_pager_inside_an_empty_frame_is_no_item() -> None:
    frame = f'<article class="recent_news"><h3>Sports</h3>{pager(range(90, 99), 0, today=True)}'
    ended = read_list(page(f"{frame}</article>", f"{ROOT}/National?page=99&pageTop=true"))
    assert ended == ListPage((), "e4", number=99, last=True)


@pytest.mark.parametrize(
    "says", ["There are no articles.", "No more results", "등록된 기사가 없습니다."]
)
def test_a_page_that_says_there_is_nothing_is_the_end(says: str) -> None:
    notice = f"<div><p>{says}</p></div>"
    assert read_list(page(notice + POPULAR)) == ListPage((), "generic", number=2, last=True)
    framed = EMPTY["e3"].replace("<li></li>", f"<li>{says}</li>")
    assert read_list(page(framed + POPULAR, LIST)) == ListPage((), "e3", number=1, last=True)
    with pytest.raises(NoEntries, match="no list"):
        read_list(page(notice + POPULAR, LIST))


@pytest.mark.parametrize(
    ("markup", "layout", "stories"),
    [
        (E4.replace("/view.php?ud=", "/story/"), "e4", 10),
        (E2B.replace("href=", "data-href="), "e2b", 10),
        (E3.replace("view.php?ud=", "javascript:view("), "e3", 10),
    ],
)
def test_items_that_cannot_be_read_are_no_end_of_the_list(
    markup: str, layout: str, stories: int
) -> None:
    with pytest.raises(NoEntries) as caught:
        read_list(page(markup + POPULAR, f"{LIST}&np=99"))
    assert (caught.value.layout, caught.value.stories) == (layout, stories)
    assert caught.value.url == f"{LIST}&np=99"
    assert caught.value.detail


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<h1>Not found</h1>",
        POPULAR,
        POPULAR + '<div class="cards"><a href="/view.php?ud=20210101000001">One</a></div>',
        "<p>Checking your browser before you go on</p><ul></ul>",
        "<x-card data-href='/article/1000001'><x-title>One</x-title></x-card>",
    ],
)
def test_a_page_without_a_list_is_an_error(markup: str) -> None:
    with pytest.raises(NoEntries):
        read_list(page(markup))


def test_a_page_of_another_site_has_no_entries() -> None:
    with pytest.raises(NoEntries, match="another site"):
        read_list(page(E3, "https://elsewhere.example/list.php?np=2"))


def pager(numbers: range, current: int, *more: str, today: bool = False) -> str:
    pattern = "/National?page={}&pageTop=true" if today else "/list.php?ct=020100000000&ctv=0&np={}"
    links = [
        f'<li><a class="{"on" if number == current else ""}" href="{pattern.format(number)}">'
        f"{number}</a></li>"
        for number in numbers
    ]
    return f'<ul class="paging">{"".join((*links, *more))}</ul>'


NEXT = '<li><a href="/list.php?ct=020100000000&np=11&mp=2"><img alt="next"></a></li>'
STOP = "<li><a href=\"javascript:alert('This is the last page');\">next</a></li>"
OTHER = '<div><a href="/list.php?ct=020200000000&np=50">Business</a></div>'


@pytest.mark.parametrize(
    ("url", "markup", "number", "last"),
    [
        (f"{LIST}&np=2", pager(range(1, 11), 2, NEXT), 2, False),
        (f"{LIST}&np=10", pager(range(1, 11), 10, NEXT), 10, False),
        (f"{LIST}&np=10", pager(range(1, 11), 10), 10, None),
        (f"{LIST}&np=10", pager(range(1, 11), 10, STOP), 10, True),
        (f"{LIST}&np=13", pager(range(11, 14), 13), 13, True),
        (f"{LIST}&np=13", pager(range(11, 14), 13, STOP) + OTHER, 13, True),
        (f"{LIST}&np=99", pager(range(11, 14), 13, STOP), 13, True),
        (LIST, pager(range(1, 2), 1, STOP), 1, True),
        (LIST, pager(range(1, 3), 1), 1, False),
        (LIST, '<div class="paging"><strong class="on">1</strong></div>', 1, True),
        (LIST, '<div class="paging"><a href="javascript:go(2)">2</a></div>', 1, False),
        (f"{LIST}&np=7", "", 7, None),
        (LIST, OTHER, 1, None),
        (f"{ROOT}/National", pager(range(1, 6), 1, today=True), 1, False),
        (f"{ROOT}/national?page=4", pager(range(1, 5), 4, today=True), 4, True),
        (f"{ROOT}/Business?page=4", pager(range(1, 9), 4, today=True), 4, False),
    ],
)
def test_the_pager_tells_whether_there_is_more(
    url: str, markup: str, number: int, last: bool | None
) -> None:
    found = read_list(page(E3 + markup, url))
    assert (found.number, found.last, found.entries) == (number, last, ENTRIES)


PIECES = [
    "<ul>", "<li>", "</li>", "</ul>", '<ul class="news_list">', '<article class="recent_news">',
    '<ul class="category_detail_list">', '<div class="contentsWrap">', '<ul class="relationDiv">',
    '<a href="/article/1000001">', '<a href="/view.php?ud=20210513000011">', "</a>", "Tide turns",
    "PoliticsMay 13, 2021", '<p class="date">', '<p class="news_title">', "<strong>", "</strong>",
    '<div class="paging">', '<a href="?np=3">', "3", "<dl>", "<dt>", "<dd>", "<header>", "</div>",
    "<img src=x>", "<img src='http://['>", "<br>", "<table><tr><td>", "Most Popular", "<div>",
]  # fmt: skip


@given(st.binary() | st.lists(st.sampled_from(PIECES)).map("".join).map(str.encode))
def test_no_bytes_make_the_list_reader_raise_anything_else(body: bytes) -> None:
    try:
        found = read_list(Page(f"{LIST}&np=2", body, datetime(2024, 5, 6, tzinfo=UTC)))
    except NoEntries as error:
        assert error.detail  # noqa: PT017  (either outcome is right)
        return
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    assert all(entry.url.startswith(f"{ROOT}/") for entry in found.entries)
    assert found.entries or found.last


@pytest.mark.parametrize(
    "markup",
    [
        '<div><a href="/view.php?ud=20210513000011">x</a>',
        '<ul class="category_detail_list"><li><a href="/article/1000001">x</a>',
        '<ul class="category_detail_list"><li><strong class="date">',
        '<div class="contentsWrap"><ul class="paging"><li>1',
        '<p>x</p><a href="/article/1000001">x</a><br>',
    ],
)
def test_markup_repeated_without_end_is_read_in_one_go(markup: str) -> None:
    try:
        assert len(read_list(page(markup * 5_000)).entries) <= 1
    except NoEntries as error:
        assert error.layout  # noqa: PT017  (either outcome is right)
