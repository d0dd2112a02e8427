"""The feeds and what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.site.dates import KST
from heraldcrawl.site.feeds import FEEDS, Feed, FeedError, feeds, read_feed
from heraldcrawl.site.lists import ListEntry
from heraldcrawl.site.page import Page
from heraldcrawl.site.sections import match_path

ROOT = "https://www.koreaherald.com"
FAULTY_LINK = "http://www.koreaherald.com/view.php?ud=/view.php?ud=20230102000003"
LINK = f"{ROOT}/article/10000001"


def document(body: str | bytes, encoding: str | None = None) -> Page:
    data = body if isinstance(body, bytes) else body.encode()
    return Page(f"{ROOT}/rss/newsAll", data, datetime(2025, 5, 6, tzinfo=UTC), encoding=encoding)


def rss(*items: str) -> str:
    head = "<title>The Korea Herald</title><link>https://www.koreaherald.com</link>"
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'
    )


def item(link: str = LINK, title: str = "Ferry resumes", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{rest}</item>"


def entry(**fields: object) -> ListEntry:
    known: dict[str, object] = {"id": "10000001", "url": LINK, "headline": "Ferry resumes"}
    return ListEntry(**(known | fields))  # type: ignore[arg-type]


def test_an_item_of_today_is_read_whole() -> None:
    page = document(
        rss("""
        <item>
          <title><![CDATA[[Herald Interview] ‘Two harbors, one tide’]]></title>
          <link>https://www.koreaherald.com/article/10000001</link>
          <description>
            <![CDATA[Han Bit-na has kept the light &amp; the log since May 3, 2019]]>
          </description>
          <pubDate>Mon, 17 Nov 2025 21:44:23 +09:00</pubDate>
          <author>Mo Da-on</author>
          <category>National</category>
          <enclosure url="//wimg.heraldcorp.com/news/cms/2025/11/17/x_P1.jpg" type="image/jpeg"/>
        </item>""")
    )
    assert read_feed(page) == [
        ListEntry(
            id="10000001",
            url="https://www.koreaherald.com/article/10000001",
            headline="[Herald Interview] ‘Two harbors, one tide’",
            date_published=datetime(2025, 11, 17, 21, 44, 23, tzinfo=KST),
            category="National",
            description="Han Bit-na has kept the light & the log since May 3, 2019",
            image="https://wimg.heraldcorp.com/news/cms/2025/11/17/x_P1.jpg",
        )
    ]


def test_a_link_that_holds_itself_is_the_storys() -> None:
    (found,) = read_feed(document(rss(item(FAULTY_LINK))))
    assert found.id == "20230102000003"
    assert found.url == f"{ROOT}/view.php?ud=20230102000003"


def test_a_feed_without_items_is_a_feed() -> None:
    assert read_feed(document(rss())) == []
    assert read_feed(document("<rss/>")) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n",
        "{}",
        "Not found",
        "<html><body><p>Not found</p></body></html>",
        "<!DOCTYPE html><title>Checking your browser</title>",
        '<?xml version="1.0"?>',
        '<?xml version="1.0"',
        "<!-- nothing",
        "<!DOCTYPE rss [<!ENTITY a 'b'>",
        "<rss><channel><item><title>Broken off in the fi",
    ],
)
def test_what_is_no_feed_is_an_error_that_says_what_it_is(body: str) -> None:
    with pytest.raises(FeedError) as caught:
        read_feed(document(body))
    assert caught.value.url == f"{ROOT}/rss/newsAll"
    assert caught.value.detail


def test_an_item_broken_off_is_left_out_for_half_a_link_is_another_storys() -> None:
    whole = rss(item(), item(f"{ROOT}/article/10000002"))
    cut = whole[: whole.index("10000002") + 7]
    assert read_feed(document(cut)) == [entry()]


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Rice & barley, R&D at A&M", "Rice & barley, R&D at A&M"),
        ("Rice &amp; barley", "Rice & barley"),
        ("Rice &amp;amp; barley", "Rice & barley"),
        ("Tide&hellip; &lsquo;and&rsquo; turn&nbsp;", "Tide… ‘and’ turn"),
        ("Tide &nosuchthing; turn", "Tide &nosuchthing; turn"),
        ("&#8216;Tide&#x2019;", "‘Tide’"),
        ("Tide\x00 and\x08 turn", "Tide and turn"),
        ("<![CDATA[<Theater> The Long Tide]]>", "<Theater> The Long Tide"),
        ("<Theater> The Long Tide", "<Theater> The Long Tide"),
        ("&lt;b&gt;Tide&lt;/b&gt; turns", "Tide turns"),
        ("Tide at 3 < 4 meters", "Tide at 3 < 4 meters"),
        ("\n  Tide\n  turns ", "Tide turns"),
        ("물때가 바뀌다", "물때가 바뀌다"),
        ("", ""),
    ],
)
def test_a_title_is_read_as_a_reader_would(title: str, headline: str) -> None:
    assert read_feed(document(rss(item(title=title), item(FAULTY_LINK)))) == [
        entry(headline=headline),
        entry(id="20230102000003", url=f"{ROOT}/view.php?ud=20230102000003"),
    ]


def test_html_left_bare_in_a_description_does_not_shift_the_items() -> None:
    about = '<p>High tide <br>at noon <img src="/x.jpg"> & low at six</p><ul><li>more'
    items = [item(rest=f"<description>{about}</description><pubdate>2025-11-17 21:44</pubdate>")]
    items.append(item(f"{ROOT}/article/10000002", rest="<description>Plain</description>"))
    assert read_feed(document(rss(*items))) == [
        entry(
            description="High tide at noon & low at six more",
            image=f"{ROOT}/x.jpg",
            date_published=datetime(2025, 11, 17, 21, 44, tzinfo=KST),
        ),
        entry(id="10000002", url=f"{ROOT}/article/10000002", description="Plain"),
    ]


@pytest.mark.parametrize("declared", ["utf-8", "euc-kr", "iso-8859-1", "no-such-charset"])
def test_a_wrong_charset_declaration_is_seen_through(declared: str) -> None:
    body = rss(item(title="물때 ‘바뀐다’")).replace("?>", f' encoding="{declared}"?>', 1)
    assert [found.headline for found in read_feed(document(body))] == ["물때 ‘바뀐다’"]


def test_korean_in_its_old_encoding_is_read() -> None:
    body = rss(item(title="물때가 바뀌다")).replace("?>", ' encoding="euc-kr"?>', 1)
    assert read_feed(document(body.encode("cp949")))[0].headline == "물때가 바뀌다"


def test_items_of_other_sites_and_of_the_sister_paper_are_left_out() -> None:
    items = [
        item("https://elsewhere.example/nation/2022/07/1.html?fl", rest="<guid>333483</guid>"),
        item("https://biz.heraldcorp.com/article/10000003"),
        item(""),
        "<item/>",
    ]
    assert read_feed(document(rss(*items))) == []
    assert read_feed(document(rss(*items, item()))) == [entry()]


def test_a_story_listed_twice_is_one_entry() -> None:
    assert read_feed(document(rss(item(), item(title="Again"), item()))) == [entry()]


def test_a_story_is_known_by_its_guid_where_the_link_is_missing() -> None:
    assert read_feed(document(rss(item("", rest=f"<guid isPermaLink='true'>{LINK}</guid>")))) == [
        entry()
    ]


def test_atom_and_rdf_are_feeds_as_well() -> None:
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Ferry resumes</title>
        <link href="{LINK}"/><updated>2025-11-17T12:44:23Z</updated></entry></feed>"""
    rdf = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="x"><title>Ferry resumes</title>
        <link>{LINK}</link><dc:date>2025-11-17T21:44:23+09:00</dc:date></item></rdf:RDF>"""
    when = datetime(2025, 11, 17, 21, 44, 23, tzinfo=KST)
    assert read_feed(document(atom)) == [entry(date_published=when)]
    assert read_feed(document(rdf)) == [entry(date_published=when)]


def test_no_entity_is_expanded_and_no_file_is_read() -> None:
    bomb = "".join(
        f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' if at else '<!ENTITY l0 "lol">'
        for at in range(12)
    )
    head = f'<!DOCTYPE rss [{bomb}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = rss(item(title="Tide &l11;&f; turns")).replace("?>", f"?>{head}", 1)
    assert read_feed(document(body)) == [entry(headline="Tide &l11;&f; turns")]


@pytest.mark.parametrize(
    "body",
    [
        "<!---->" * 200_000,
        "<rss>" + "<![CDATA[" * 200_000,
        "<rss>" + "<item>" * 200_000 + "</item>",
        "<rss>" + "<a:b>" * 200_000,
        "<rss>" + "&" * 500_000,
        "<rss>" + "<" * 500_000,
        "<rss" + " " * 500_000,
    ],
)
def test_a_hostile_document_ends_in_a_list_or_an_error(body: str) -> None:
    try:
        assert read_feed(document(body)) == []
    except FeedError as error:
        assert error.detail  # noqa: PT017  (either outcome is right)


PIECES = (
    f"<rss>|<channel>|<item>|</item>|<title>|</title>|<link>|</link>|{LINK}|&|&amp;|<![CDATA[|]]>"
    "|<description>|</description>|<br>|</channel>|</rss>|<!--|-->|<pubDate>|2025-11-17|\x00|<"
).split("|")


@given(st.binary() | st.lists(st.sampled_from(PIECES)).map("".join).map(str.encode))
def test_no_bytes_make_the_feed_reader_raise_anything_else(body: bytes) -> None:
    try:
        found = read_feed(document(body))
    except FeedError:
        return
    assert all(entry.url.startswith(f"{ROOT}/") for entry in found)


def test_every_feed_belongs_to_a_section_of_the_menu() -> None:
    assert len({feed.address for feed in FEEDS}) == len(FEEDS)
    assert all(not feed.section or match_path(feed.section) is not None for feed in FEEDS)
    assert feeds("e4")[0] == Feed(f"{ROOT}/rss/newsAll", (), "e4")
    assert Feed(f"{ROOT}/common/rss_xml.php?ct=305", ("Finance",), "e3") in FEEDS
    assert Feed(f"{ROOT}/rss/020100000000.xml", ("National",), "e1") in FEEDS


def test_a_comment_inside_an_item_is_passed_over() -> None:
    page = document(rss(item(rest="<!-- cached --><?php echo 1 ?>")))
    assert read_feed(page) == [entry()]
