"""The sample site keeps its own promises, so that a test which fails on it means something."""

from __future__ import annotations

import gzip
import http.client
import io
import re
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.site.sample import ERAS, NORTH_KOREA, Fault, Site, serve, write_warc

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site.sample import Server

DRESSES = ("e1", "e2a", "e2b", "e3", "e4", "mobile")


# --- stories ----------------------------------------------------------------------------------


def test_the_same_seed_tells_the_same_stories_in_any_order() -> None:
    forwards = [Site().story(n) for n in range(1, 40)]
    site = Site()
    backwards = [site.story(n) for n in range(39, 0, -1)]
    assert forwards == backwards[::-1]


def test_another_seed_tells_other_stories() -> None:
    assert Site(seed=1).story(7).paragraphs != Site(seed=2).story(7).paragraphs


def test_a_large_site_begins_like_a_small_one() -> None:
    small, large = Site(stories=40), Site(stories=100_000)
    for n in range(1, 41):
        one, other = small.story(n), large.story(n)  # which differ in nothing but their dates
        assert (one.form, one.path, one.authors) == (other.form, other.path, other.authors)


def test_later_stories_appear_later_and_ids_are_unique() -> None:
    site = Site(stories=400)
    appeared = [site.world.appeared(n) for n in range(1, 401)]
    assert all(a < b for a, b in pairwise(appeared))
    assert appeared[-1] <= site.today
    assert len({site.story(n).ud for n in range(1, 401)}) == 400
    assert len({site.story(n).number for n in range(1, 401)}) == 400


@pytest.mark.parametrize("stories", [150, 60_000])
def test_both_kinds_of_address_lead_back_to_the_story(stories: int) -> None:
    world = Site(stories=stories).world
    for n in range(1, stories + 1, max(1, stories // 150)):
        assert world.find(world.ud(n), stories) == n
        assert world.find(str(world.number(n)), stories) == n


def test_two_in_five_stories_are_north_koreas() -> None:
    site = Site(stories=150)
    assert 55 <= sum(1 for _ in site.numbers(NORTH_KOREA)) <= 65


def test_counting_a_section_needs_no_walk_through_it() -> None:
    site = Site(stories=333)
    for path in ((), ("National",), NORTH_KOREA, ("Podcast",)):
        assert site.world.count(path, 333) == len(list(site.world.newest_first(path, 333)))


def test_different_stories_share_few_phrases_and_reposts_share_most() -> None:
    site = Site(stories=300)
    north = [site.story(n) for n in site.numbers(NORTH_KOREA)]
    texts = {s.n: s for s in north if s.language == "en" and len(s.paragraphs) > 3}
    phrases = {n: _phrases(" ".join(s.paragraphs)) for n, s in texts.items()}
    reposts = [s for s in texts.values() if s.repost_of in texts]
    assert {s.form for s in reposts} == {
        "same repost", "edited repost", "longer repost", "shorter repost",
    }  # fmt: skip
    for story in reposts:
        assert _likeness(phrases[story.n], phrases[story.repost_of or 0]) > 0.5
    families = {n: s.repost_of or n for n, s in texts.items()}
    for a in texts:
        for b in texts:
            if families[a] != families[b]:
                assert _likeness(phrases[a], phrases[b]) < 0.4


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("era", DRESSES)
def test_every_page_of_an_era_holds_its_story(era: str) -> None:
    site = Site(stories=150, era=era)
    for n in site.numbers():
        answer = site.get(site.story_address(n))
        assert answer.status == 200
        _assert_holds(answer.text, site, n)


def test_a_mixed_site_shows_every_form_in_every_dress() -> None:
    site = Site(stories=500)
    north = [*site.numbers(NORTH_KOREA)]
    forms = {site.world.form(n) for n in north}
    assert {(site.world.form(n), site.dress(n)) for n in north} >= {
        (form, dress) for form in forms for dress in DRESSES
    }
    for n in north:
        _assert_holds(site.get(site.story_address(n)).text, site, n)


def test_every_page_says_that_it_is_a_reconstruction() -> None:
    for era in DRESSES:
        site = Site(stories=30, era=era)
        for url in ("/", site.list_address(NORTH_KOREA), site.story_address(1)):
            assert "a reconstruction" in site.get(url).text


def test_surroundings_differ_from_page_to_page_but_not_from_fetch_to_fetch() -> None:
    site = Site(stories=60, era="e2b")
    first, second = (site.get(site.story_address(n)).text for n in (3, 9))
    tail = re.compile(r"MOST POPULAR.*", re.DOTALL)
    assert tail.findall(first) != tail.findall(second)
    assert site.get(site.story_address(3)).text == first


def test_restless_surroundings_change_with_every_fetch_and_the_story_does_not() -> None:
    site = Site(stories=60, era="e3", restless=True)
    first, second = (site.get(site.story_address(3)).text for _ in range(2))
    assert first != second
    _assert_holds(first, site, 3)
    _assert_holds(second, site, 3)


def test_a_swallowed_headline_is_in_the_source_and_not_in_the_text() -> None:
    site = Site(stories=400, era="e3")
    swallowed = [site.story(n) for n in site.numbers() if site.story(n).swallowed]
    assert {story.lost for story in swallowed} == {True, False}
    for story in swallowed:
        page = LexborHTMLParser(site.get(site.story_address(story.n)).text)
        assert not [h.text(strip=True) for h in page.css("h1") if h.text(strip=True)]
        printed = [m.attributes["content"] for m in page.css('meta[property="og:title"]')]
        assert printed == ["" if story.lost else story.headline]


# --- menu and lists ---------------------------------------------------------------------------


@pytest.mark.parametrize("era", ERAS)
def test_the_front_page_links_north_korea_in_its_menu(era: str) -> None:
    page = LexborHTMLParser(Site(stories=30, era=era).get("/").text)
    links = {a.attributes.get("href") for a in page.css("li a") if a.text() == "North Korea"}
    assert len(links) == 1


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("path", [NORTH_KOREA, ("National",), ("Opinion", "Editorial")])
def test_list_pages_add_up_to_all_stories_once(era: str, path: tuple[str, ...]) -> None:
    site = Site(stories=200, era=era)
    listed = []
    for page in range(1, site.last_page(path) + 1):
        text = site.get(site.list_address(path, page)).text
        entries = _entries(text, site)
        assert len(entries) == 15 or page == site.last_page(path)
        listed += entries
    assert listed == [site.world.ud(n) if site.dress(n) != "e4" else str(site.world.number(n))
                      for n in site.numbers(path)]  # fmt: skip


def test_a_page_past_the_end_of_a_list_is_empty_and_no_error() -> None:
    for era in ERAS:
        site = Site(stories=60, era=era)
        answer = site.get(site.list_address(NORTH_KOREA, site.last_page(NORTH_KOREA) + 1))
        assert answer.status == 200
        assert _entries(answer.text, site) == []


def test_a_section_list_tells_the_sub_section_and_a_leaf_list_does_not() -> None:
    site = Site(stories=150, era="e2b")
    for path, label in ((("National",), "North Korea"), (NORTH_KOREA, "")):
        page = LexborHTMLParser(site.get(site.list_address(path)).text)
        dates = [d.text() for d in page.css("div.main_l_t2")]
        assert any(re.match(rf"{label}[A-Z][a-z]+ \d+, \d{{4}}", d) for d in dates)


def test_a_menu_can_lack_a_section_and_a_list_can_be_dead_moved_or_strange() -> None:
    lacking = Site(stories=30, menu_without=[NORTH_KOREA])
    assert ">North Korea</a></li>" not in lacking.get("/").text
    dead = Site(stories=30, dead_lists=[NORTH_KOREA])
    assert dead.get(dead.list_address(NORTH_KOREA)).status == 404
    moved = Site(stories=30, era="today", moved={NORTH_KOREA: "/National/NK"})
    assert 'href="/National/NK"' in moved.get("/").text
    assert _entries(moved.get("/National/NK").text, moved)
    strange = Site(stories=30, strange_lists=[NORTH_KOREA])
    assert "<li>" not in strange.get(strange.list_address(NORTH_KOREA)).text


# --- the rest of the site ---------------------------------------------------------------------


def test_old_addresses_redirect_and_unknown_ones_do_not_exist() -> None:
    site = Site(stories=60, era="e2b")
    ud = site.world.ud(5)
    moved = site.get(f"http://khnews.heraldcorp.com/view.php?ud={ud}")
    assert moved.header("Location") == f"https://www.koreaherald.com/view.php?ud={ud}"
    assert site.get(f"/national/Detail.jsp?newsMLId={ud}").status == 301
    assert site.get("/view.php?ud=19990101000001").status == 200  # a soft 404
    assert site.get("/sitemap.xml").status == 404
    today = Site(stories=60, era="today")
    assert today.get(f"/view.php?ud={today.world.ud(5)}").header("Location") == (
        f"/article/{today.world.number(5)}"
    )


def test_robots_txt_closes_the_search_and_nothing_else() -> None:
    assert "Disallow: /search/" in Site(stories=1).get("/robots.txt").text


def test_feeds_have_the_faults_they_were_known_for() -> None:
    site = Site(stories=100)
    old = site.get("/common/rss_xml.php?ct=102").text
    assert "?ud=/view.php?ud=" in old
    assert old.count("<item>") == 50
    today = site.get("/rss/kh_National").text
    assert re.search(r"<pubDate>\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+09:00</pubDate>", today)
    assert "<item>" not in site.get("/rss/020000000000").text


def test_a_page_unchanged_since_the_last_fetch_is_answered_with_304() -> None:
    site = Site(stories=30)
    url = site.story_address(7)
    fresh = site.get(url)
    etag, modified = fresh.header("ETag"), fresh.header("Last-Modified")
    assert site.get(url, {"if-none-match": etag or ""}).status == 304
    assert site.get(url, {"if-modified-since": modified or ""}).status == 304
    site.edit(7)
    assert site.get(url, {"if-none-match": etag or ""}).status == 200
    assert site.get(url, {"if-modified-since": modified or ""}).status == 200


def test_pages_come_compressed_to_whom_asks() -> None:
    site = Site(stories=30)
    plain = site.get("/")
    packed = site.get("/", {"accept-encoding": "gzip, deflate"})
    assert packed.header("Content-Encoding") == "gzip"
    assert gzip.decompress(packed.body) == plain.body


# --- what can go wrong ------------------------------------------------------------------------


def test_new_stories_are_listed_first_and_withheld_ones_where_they_belong() -> None:
    site = Site(stories=60, withheld=[30])
    assert 30 not in site.numbers()
    new = site.publish(3, NORTH_KOREA)
    assert [*site.numbers(NORTH_KOREA)][:3] == new[::-1]
    site.release(30)
    assert 30 in site.numbers()


def test_an_edited_story_tells_a_new_truth_and_a_stirred_one_the_old() -> None:
    site = Site(stories=60, era="e2b")
    n = next(n for n in site.numbers() if len(site.story(n).paragraphs) > 2)
    before, page = site.truth(n), site.get(site.story_address(n)).text
    site.stir(n)
    assert site.truth(n) == before
    assert site.get(site.story_address(n)).text != page
    site.edit(n)
    assert site.truth(n)["article_body"] != before["article_body"]
    assert site.truth(n)["date_modified"] > before["date_modified"]
    _assert_holds(site.get(site.story_address(n)).text, site, n)


def test_withdrawn_stories_leave_the_lists_and_answer_404_or_410() -> None:
    site = Site(stories=60)
    site.withdraw(20, kind="410")
    assert 20 not in site.numbers()
    assert site.get(site.story_address(20)).status == 410


def test_faults_come_as_often_as_asked() -> None:
    site = Site(stories=30, faults={5: Fault("500", times=2), 6: Fault("challenge")})
    assert [site.get(site.story_address(5)).status for _ in range(3)] == [500, 500, 200]
    assert "Checking your browser" in site.get(site.story_address(6)).text
    site.block("429")
    assert site.get("/").header("Retry-After")
    assert site.get("/robots.txt").status == 200
    site.block(None)
    assert site.get("/").status == 200


def test_a_page_that_needs_a_browser_holds_no_readable_text() -> None:
    site = Site(stories=30, faults={8: Fault("javascript"), 9: Fault("json")})
    lead = site.story(8).paragraphs[0]
    assert lead not in site.get(site.story_address(8)).text
    page = LexborHTMLParser(site.get(site.story_address(9)).text)
    for script in page.css("script"):
        script.decompose()
    assert page.body is not None
    assert page.body.text(strip=True) == ""


def test_a_redesign_changes_every_page_and_keeps_the_text() -> None:
    site = Site(stories=60)
    site.redesign("strange")
    for n in site.numbers(NORTH_KOREA):
        page = site.get(site.story_address(n)).text
        assert "articleText" not in page
        _assert_holds(page, site, n)


def test_a_moved_story_has_a_new_address_and_the_old_one_leads_there_or_nowhere() -> None:
    for redirects, status in ((True, 301), (False, 404)):
        site = Site(stories=60, era="e2b", redirects=redirects)
        old = site.story_address(5)
        new = site.move(5)
        assert old.startswith("/view.php")
        assert new == f"/article/{site.story_id(5)}"
        assert site.get(old).status == status
        _assert_holds(site.get(new).text, site, 5)


def test_pages_can_be_huge_or_lead_astray() -> None:
    faults: dict[int | str, Fault]
    faults = {1: Fault("huge"), 2: Fault("off-site"), 3: Fault("loop"), "/robots.txt": Fault("500")}
    site = Site(stories=30, faults=faults)
    assert len(site.get(site.story_address(1)).body) > 20_000_000
    assert "koreaherald" not in (
        site.get(site.story_address(2)).header("Location") or "koreaherald"
    )
    assert site.get(site.story_address(3)).header("Location") == site.story_address(3)
    assert site.get("/robots.txt").status == 500


def test_trouble_spoils_about_the_share_asked_for() -> None:
    site = Site(stories=400, trouble=0.25)
    answers = [site.get(site.story_address(n)) for n in site.numbers()]
    spoilt = sum(a.status >= 500 or a.transport != "whole" for a in answers)
    assert 60 < spoilt < 140


# --- server, archive, command -----------------------------------------------------------------


def test_one_connection_serves_many_requests_and_the_log_knows_them() -> None:
    site = Site(stories=30)
    with serve(site) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        for n in (1, 2, 3):
            connection.request("GET", site.story_address(n), headers={"User-Agent": "reader"})
            answer = connection.getresponse()
            assert answer.read() == site.get(site.story_address(n)).body
        etag = answer.headers["ETag"]
        connection.request("GET", site.story_address(3), headers={"If-None-Match": etag})
        unchanged = connection.getresponse()
        assert (unchanged.status, unchanged.read()) == (304, b"")
        connection.request("HEAD", "/")
        assert connection.getresponse().read() == b""
        connection.request("GET", "/robots.txt")
        assert b"Disallow" in connection.getresponse().read()
        connection.close()
        assert server.connections == 1
        assert server.paths()[:3] == [site.story_address(n) for n in (1, 2, 3)]
        assert server.log[0].headers["user-agent"] == "reader"


def test_stories_can_appear_while_the_site_is_being_read() -> None:
    site = Site(stories=60)
    with serve(site) as server:
        server.on_request = lambda target: target == "/" and site.publish()
        before = site.last
        _fetch(server, "/")
        _fetch(server, "/robots.txt")
    assert site.last == before + 1


def test_the_server_resets_stalls_and_cuts_when_asked() -> None:
    faults: dict[int | str, Fault]
    faults = {1: Fault("reset"), 2: Fault("cut"), 3: Fault("stall")}
    site = Site(stories=30)
    site.faults.update(faults)
    with serve(site) as server:
        with pytest.raises(ConnectionResetError):
            _fetch(server, site.story_address(1))
        with pytest.raises(http.client.IncompleteRead):
            _fetch(server, site.story_address(2))
        with pytest.raises(TimeoutError):
            _fetch(server, site.story_address(3), timeout=0.2)
        assert _fetch(server, site.story_address(4)) == site.get(site.story_address(4)).body


def test_the_archive_is_valid_and_the_same_every_time(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.warc.gz", "two.warc.gz")]
    for file in files:
        with file.open("wb") as out:
            count = write_warc(Site(stories=60), out)
        assert count > 100
    assert files[0].read_bytes() == files[1].read_bytes()
    check = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", files[0]], capture_output=True, check=False
    )
    assert check.returncode == 0, check.stdout


def test_the_command_writes_an_archive_and_serves_a_site(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.site.sample"]
    file = tmp_path / "deep" / "sample.warc.gz"
    subprocess.run([*command, "warc", file, "--stories", "20"], check=True, capture_output=True)
    expected = io.BytesIO()
    write_warc(Site(stories=20), expected)
    assert file.read_bytes() == expected.getvalue()
    with subprocess.Popen(
        [*command, "serve", "--stories", "20", "--era", "today"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        root = process.stdout.readline().strip()
        connection = http.client.HTTPConnection(root.removeprefix("http://"), timeout=20)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        connection.close()
        process.terminate()


# --- helpers ----------------------------------------------------------------------------------


def _assert_holds(page: str, site: Site, n: int) -> None:
    """All of the story is on its page, in order, and the captions are as text or as alt."""
    tree = LexborHTMLParser(page)
    for element in tree.css("script, style"):
        element.decompose()
    assert tree.body is not None
    text = _letters(tree.body.text())
    place = 0
    for paragraph in site.story(n).paragraphs:
        place = text.find(_letters(paragraph), place)
        assert place >= 0, (n, paragraph)
    for picture in site.story(n).pictures:
        alts = [img.attributes.get("alt") for img in tree.css("img")]
        assert _letters(picture.printed) in text or picture.printed in alts


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def _entries(page: str, site: Site) -> list[str]:
    """Ids of the stories in the list itself."""
    tree = LexborHTMLParser(page)
    selector = {
        "e1": "ul.newsList > li",
        "e2a": "div.mainDiv01, ul.listDiv > li",
        "e2b": "ul.main_sec_li_only > li",
        "e3": "ul.category_detail_list > li",
        "e4": "article.recent_news ul.news_list > li",
        "mobile": "ul.list > li",
    }[site.lists]
    links = [li.css("a")[0].attributes["href"] or "" for li in tree.css(selector)]
    return [re.findall(r"(?:ud=|article/)(\d+)", link)[0] for link in links]


def _phrases(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def _likeness(a: set[tuple[str, ...]], b: set[tuple[str, ...]]) -> float:
    return len(a & b) / len(a | b)


def _fetch(server: Server, path: str, timeout: float = 20) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_a_picture_is_the_same_under_each_of_its_addresses_and_no_other_is() -> None:
    site = Site(stories=60)
    bodies = {}
    for n in site.numbers():
        for image in site.truth(n)["images"]:
            answer = site.get(image["url"])
            assert answer.header("Content-Type") == "image/jpeg"
            bodies[image["url"]] = answer.body
    numbers = {url: url.rpartition("/")[2].removeprefix("news-p.v1.")[:14] for url in bodies}
    assert len(set(bodies.values())) == len(set(numbers.values())) < len(bodies)
    assert site.get("/content/image/2021/08/05/none.jpg").status == 404


# --- stories that vanish, and pages that call themselves by other names ---------------------------


def test_a_withdrawn_story_leaves_no_page_and_comes_back_as_it_was() -> None:
    site = Site(stories=60, era="e3")
    n, *_ = site.numbers(NORTH_KOREA)
    address = site.story_address(n)
    before = site.get(address)
    ends = {"front": "/", "list": site.list_address(NORTH_KOREA)}
    for kind, end in ends.items():
        site.withdraw(n, kind=kind)  # type: ignore[arg-type]  # a literal's values
        assert site.get(address).header("Location") == end
        assert n not in site.numbers(NORTH_KOREA)
    site.restore(n)
    assert site.get(address) == before
    assert next(site.numbers(NORTH_KOREA)) == n


@pytest.mark.parametrize("era", ["e1", "e2a", "e2b", "e3", "today"])
def test_a_page_may_name_its_story_s_other_address_to_machines(era: str) -> None:
    site, plain = Site(stories=60, era=era, canonical="other"), Site(stories=60, era=era)
    for n in site.numbers(NORTH_KOREA):
        ud, number = site.world.ud(n), site.world.number(n)
        other = f"view.php?ud={ud}" if era == "today" else f"article/{number}"
        page = site.get(site.story_address(n)).text
        assert f'<link rel="canonical" href="https://www.koreaherald.com/{other}">' in page
        assert f'<meta property="og:url" content="https://www.koreaherald.com/{other}"' in page
        assert other not in plain.get(plain.story_address(n)).text


def test_a_page_may_lose_its_text() -> None:
    site = Site(stories=60, era="e2b")
    n = next(n for n in site.numbers(NORTH_KOREA) if len(site.story(n).paragraphs) > 1)
    site.faults[n] = Fault("textless")
    assert site.story(n).paragraphs[0] not in site.get(site.story_address(n)).text
    assert "A view of Seoul" in site.get(site.story_address(n)).text
