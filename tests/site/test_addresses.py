"""Story ids and the addresses of stories, lists and everything else."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.site.addresses import (
    HOSTS,
    at_herald,
    at_site,
    host_of,
    is_herald,
    list_url,
    page_number,
    resource_key,
    story_id,
    story_url,
)

UD = "20190102000003"
PHP_HOSTS = sorted(HOSTS)
ARTICLE_HOSTS = sorted(HOSTS - {"biz.heraldm.com"})
LIST = "https://www.koreaherald.com/list.php?ct=020104000000"

uds = st.text(string.digits, min_size=14, max_size=14)
numbers = st.text(string.digits, min_size=5, max_size=9)
other_parameters = st.lists(
    st.sampled_from(
        ["mp=364", "np=3634", "ACE_SEARCH=1", "md=20190102120000_BL", "kr=1", "cpv=1", "x=%26ud"]
    ),
    max_size=4,
)


@pytest.mark.parametrize(
    "url",
    [
        f"http://www.koreaherald.com/view.php?ud={UD}",
        f"https://www.koreaherald.com/view.php?ud={UD}&ACE_SEARCH=1",
        f"https://www.koreaherald.com/view.php?mp=364&np=3634&ud={UD}",
        f"http://www.koreaherald.com/view.php?mp=364&amp;np=3634&amp;ud={UD}",
        f"http://www.koreaherald.com/view.php?ud=/view.php?ud={UD}",
        f"http://www.koreaherald.com/view.php?ud=http://www.koreaherald.com/view.php?ud={UD}",
        f"http://khnews.kheraldm.com/view.php?ud={UD}&md=20190103093000_BL&kr=1",
        f"http://view.koreaherald.com/kh/view.php?ud={UD}",
        f"//nwww.koreaherald.com/view.php?ud={UD}",
        f"/view.php?ud={UD}",
        f"view.php?ud={UD}",
        f"./view.php?ud={UD}",
        f"koreaherald.com/view.php?ud={UD}",
        f"www.koreaherald.com:80/view.php?ud={UD}",
        f"  HTTP://WWW.KOREAHERALD.COM/VIEW.PHP?UD={UD}\n",
        f"http://www.koreaherald.com/view.php?\r\n\tud={UD}",
        f"http://www.koreaherald.com/view.php%3Fud%3D{UD}",
        f"http://www.koreaherald.com/view.php%253Fud%253D{UD}",
        f"http://www.koreaherald.com/view.php?u%64=%32{UD[1:]}",
        f"http://www.koreaherald.com/view.php?ud={UD}#comments",
        f"http://www.koreaherald.com/view.php?ud={UD}%20",
        f"http://www.koreaherald.com//view.php?ud={UD}",
        f"http://www.koreaherald.com/national/Detail.jsp?newsMLId={UD}",
        f"http://user@www.koreaherald.com/view.php?ud={UD}",
    ],
)
def test_a_story_has_one_id_at_all_its_addresses(url: str) -> None:
    assert story_id(url) == UD


@pytest.mark.parametrize(
    ("url", "story"),
    [
        ("https://www.koreaherald.com/article/10000001", "10000001"),
        ("https://m.koreaherald.com/article/3000001?utm_source=feed#top", "3000001"),
        ("HTTPS://STG-WWW.KOREAHERALD.COM/ARTICLE/10000001/", "10000001"),
        ("/article/10000001", "10000001"),
        ("article/10000001", "10000001"),
    ],
)
def test_a_story_of_today_is_known_by_its_number(url: str, story: str) -> None:
    assert story_id(url) == story


@pytest.mark.parametrize(
    "url",
    [
        "",
        "#",
        "/",
        "https://www.koreaherald.com/",
        LIST,
        f"{LIST}&ud={UD}",
        f"javascript:open('/view.php?ud={UD}')",
        f"mailto:desk@koreaherald.com?ud={UD}",
        f"ftp://www.koreaherald.com/view.php?ud={UD}",
        f"http://www.koreaherald.com/view.php#?ud={UD}",
        f"http://www.koreaherald.com/view.php?ud={UD[1:]}",
        f"http://www.koreaherald.com/view.php?ud={UD}0",
        f"http://www.koreaherald.com/view.php?sud={UD}",
        f"http://www.koreaherald.com/login.php?to=http://www.koreaherald.com/view.php?ud={UD}",
        f"https://www.koreaherald.com/article/{UD}",
        "https://www.koreaherald.com/article/",
        "https://www.koreaherald.com/article/１２３４５６７",
        f"https://share.example/?u=http://www.koreaherald.com/view.php?ud={UD}",
        f"elsewhere.example/view.php?ud={UD}",
    ],
)
def test_what_is_no_storys_address_has_no_id(url: str) -> None:
    assert story_id(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://biz.heraldcorp.com/article/10000001",
        f"https://biz.heraldcorp.com/view.php?ud={UD}",
        "https://biz.heraldm.com/article/10000001",
    ],
)
def test_the_sister_papers_stories_are_not_the_heralds(url: str) -> None:
    assert story_id(url) is None


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.koreaherald.com@elsewhere.example/view.php?ud={UD}",
        f"https://www.koreaherald.com%2F@elsewhere.example/view.php?ud={UD}",
        f"https://www.koreaherald.com\\@elsewhere.example/view.php?ud={UD}",
        f"https://www.koreaherald.com.elsewhere.example/view.php?ud={UD}",
        f"https://notkoreaherald.com/view.php?ud={UD}",
        f"https://elsewhere.example#@www.koreaherald.com/view.php?ud={UD}",
        f"https://elsewhere.example?@www.koreaherald.com/view.php?ud={UD}",
        f"https://elsewhere。koreaherald.com/view.php?ud={UD}",
        "http://127.0.0.1/article/10000001",
        "http://[",
        "http://",
    ],
)
def test_no_other_host_passes_for_the_heralds(url: str) -> None:
    assert not is_herald(url)
    assert story_id(url) is None


@given(uds, st.sampled_from(PHP_HOSTS), other_parameters, other_parameters, st.booleans())
def test_no_host_and_no_other_parameter_changes_the_id(
    ud: str, host: str, before: list[str], after: list[str], secure: bool
) -> None:
    scheme = "https" if secure else "http"
    url = f"{scheme}://{host}/view.php?{'&'.join([*before, f'ud={ud}', *after])}"
    assert story_id(url) == ud
    assert is_herald(url)
    assert resource_key(url) == f"story:{ud}"


@given(numbers, st.sampled_from(ARTICLE_HOSTS), other_parameters)
def test_no_host_and_no_parameter_changes_the_number(
    number: str, host: str, parameters: list[str]
) -> None:
    assert story_id(f"https://{host}/article/{number}?{'&'.join(parameters)}") == number


@given(uds | numbers)
def test_the_canonical_address_leads_back_to_the_id(story: str) -> None:
    assert story_id(story_url(story)) == story


@given(st.text() | st.text("htps:/.wkoreaald?ud=&#%@\\[]0123 \t\n", max_size=80))
def test_no_text_makes_an_address_function_raise(text: str) -> None:
    story = story_id(text)
    assert story is None or story.isdigit()
    assert isinstance(is_herald(text), bool)
    assert isinstance(host_of(text), str)
    assert isinstance(resource_key(text), str)
    assert page_number(text) >= 1
    assert isinstance(list_url(text, 3), str)
    assert isinstance(at_site(text, "http://127.0.0.1:8080"), str)
    assert isinstance(at_herald(text, "http://127.0.0.1:8080"), str)


def test_an_address_longer_than_any_server_takes_is_no_story() -> None:
    assert story_id(f"https://www.koreaherald.com/view.php?ud={UD}&x=" + "x" * 9000) is None
    assert story_id("https://www.koreaherald.com/" + "view.php?ud=" * 400_000) is None


@pytest.mark.parametrize("story", ["", "x", "../1", "12 3", "１２３４５６７"])
def test_only_digits_make_a_storys_address(story: str) -> None:
    with pytest.raises(ValueError, match="not a story's id"):
        story_url(story)


@pytest.mark.parametrize(
    ("address", "number", "url"),
    [
        (LIST, 1, LIST),
        (LIST, 2, f"{LIST}&np=2&mp=1"),
        (LIST, 10, f"{LIST}&np=10&mp=1"),
        (LIST, 11, f"{LIST}&np=11&mp=2"),
        (f"{LIST}&ctv=0&np=5&mp=1#top", 6, f"{LIST}&ctv=0&np=6&mp=1"),
        (f"{LIST}&np=5&mp=1", 1, LIST),
        ("/list.php?ctv=12", 101, "/list.php?ctv=12&np=101&mp=11"),
        (
            "/search/list_reporter.php?byline=Han+Bit-na",
            2,
            "/search/list_reporter.php?byline=Han+Bit-na&np=2&mp=1",
        ),
        ("/National/Politics", 1, "/National/Politics"),
        ("/National/Politics", 3, "/National/Politics?page=3&pageTop=true"),
        ("/Kpop?page=2&pageTop=true", 3, "/Kpop?page=3&pageTop=true"),
        ("/series/340?page=2", 3, "/series/340?page=3&pageTop=true"),
        ("/reporter/77", 2, "/reporter/77?page=2&pageTop=true"),
        ("/search/detail?q=sea&stype=NEWS", 2, "/search/detail?q=sea&stype=NEWS&page=2"),
    ],
)
def test_a_page_of_a_list_is_addressed_in_the_lists_own_way(
    address: str, number: int, url: str
) -> None:
    assert list_url(address, number) == url
    assert page_number(url) == number


def test_pages_count_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        list_url(LIST, 0)


@pytest.mark.parametrize("url", [LIST, f"{LIST}&np=", f"{LIST}&np=x", f"{LIST}&np={'9' * 5000}"])
def test_a_page_number_that_is_none_is_the_first(url: str) -> None:
    assert page_number(url) == 1


@pytest.mark.parametrize(
    "site", ["http://127.0.0.1:8080", "http://127.0.0.1:8080/", "http://[::1]:9/kh"]
)
@pytest.mark.parametrize(
    "rest", ["/", "/list.php?ct=020104000000&np=2", "/National/Politics?page=2"]
)
def test_an_address_moves_to_another_site_and_back(site: str, rest: str) -> None:
    url = f"https://www.koreaherald.com{rest}"
    moved = at_site(url, site)
    assert moved == site.rstrip("/") + rest
    assert at_herald(moved, site) == url


def test_addresses_of_others_do_not_move() -> None:
    site = "http://127.0.0.1:8080/kh"
    for url in ("https://elsewhere.example/x", "mailto:x@koreaherald.com", "", "/view.php"):
        assert at_site(url, site) == url
    for url in ("http://127.0.0.1:80801/kh/x", "http://127.0.0.1:8080/khx", "/kh/x", ""):
        assert at_herald(url, site) == url
    assert at_site("http://m.koreaherald.com?x=1", site) == f"{site}/?x=1"


@pytest.mark.parametrize(
    "urls",
    [
        [
            LIST,
            f"{LIST}&ctv=0&np=1&mp=1",
            "http://nwww.koreaherald.com/list.php?mp=1&np=&ctv=0&ct=020104000000",
            "//koreaherald.com/list.php?ct=020104000000#list",
        ],
        [
            "https://www.koreaherald.com/list.php?ctv=21&np=2",
            "http://khnews.heraldcorp.com/list.php?np=2&ctv=21&mp=1",
        ],
        [
            "https://www.koreaherald.com/National/Politics",
            "https://koreaherald.com/national/politics/?page=1&pageTop=true",
        ],
        [
            "https://www.koreaherald.com/",
            "http://koreaherald.com",
            "http://www.koreaherald.com/index.php",
            "https://www.koreaherald.com/?utm_source=x",
            "HTTPS://WWW.KOREAHERALD.COM:443/",
        ],
        ["https://www.koreaherald.com/robots.txt", "http://nwww.koreaherald.com//robots.txt"],
        ["https://www.koreaherald.com/rss/newsAll", "http://koreaherald.com/rss/newsall"],
        [
            "http://www.koreaherald.com/search/list_reporter.php?byline=Han+Bit-na&mp=1&np=4",
            "http://www.koreaherald.com/search/list_reporter.php?np=4&byline=Han%20Bit-na",
        ],
        ["http://elsewhere.example/x?b=2&a=1", "http://ELSEWHERE.example:80/x?a=1&b=2#f"],
    ],
)
def test_all_addresses_of_one_resource_have_one_key(urls: list[str]) -> None:
    assert len({resource_key(url) for url in urls}) == 1


def test_different_resources_have_different_keys() -> None:
    urls = [
        LIST,
        f"{LIST}&np=2",
        "https://www.koreaherald.com/list.php?ct=020100000000",
        "https://www.koreaherald.com/list.php?ctv=12",
        "https://m.koreaherald.com/list.php?ct=020104000000",
        "https://www.koreaherald.com/National",
        "https://www.koreaherald.com/National?page=2",
        "https://www.koreaherald.com/National/Politics",
        "https://www.koreaherald.com/",
        "https://m.koreaherald.com/",
        "https://www.koreaherald.com/robots.txt",
        "https://www.koreaherald.com/common/rss_xml.php?ct=102",
        "https://www.koreaherald.com/common/rss_xml.php?ct=103",
        "https://biz.heraldcorp.com/article/10000001",
        story_url("10000001"),
        story_url(UD),
    ]
    assert len({resource_key(url) for url in urls}) == len(urls)
