"""From a page to an article: which evidence counts, and what is no story."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from heraldcrawl.items import Author
from heraldcrawl.loaders import load_article
from heraldcrawl.site.lists import ListEntry
from heraldcrawl.site.page import REASONS, NotAStory, Page

ARTICLE = "https://www.koreaherald.com/article/10764331"
VIEW = "https://www.koreaherald.com/view.php?ud=20210805000861"
TITLE = "Coastal village opens hotel for oxen"
BODY = (
    "<p>A village has opened a hotel for oxen, with 12 stalls.</p><p>It has a view of the sea.</p>"
)


def page(html: str | bytes, url: str = ARTICLE, **more: Any) -> Page:
    body = html if isinstance(html, bytes) else html.encode()
    return Page(url, body, datetime(2026, 10, 5, 3, tzinfo=UTC), **more)


def today(
    body: str = BODY, told: Any = None, title: str | None = TITLE, above: str = "", head: str = ""
) -> str:
    """Write a page of today's design; ``told`` is its JSON-LD, or the text of a broken one."""
    script = told if isinstance(told, str) else json.dumps(told)
    json_ld = f'<script type="application/ld+json">{script}</script>' if told else ""
    og = "" if title is None else f'<meta property="og:title" content="{title}">'
    return f"""<html><head>{og}{head}{json_ld}</head><body><main><p>{title or ""}</p>{above}
    <article class="article-body" id="articleText">{body}</article></main></body></html>"""


def told(**more: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": TITLE} | more


def of_2021(body: str, title: str = "Seoul agrees to talks", above: str = "") -> str:
    return f"""<html><head><meta property="og:title" content="{title}"></head><body>{above}
    <h1 class="view_tit">{title}</h1>
    <div id="articleText" class="view_con">{body}</div></body></html>"""


def reason(html: str | bytes, url: str = ARTICLE, **more: Any) -> str:
    with pytest.raises(NotAStory) as refused:
        load_article(page(html, url, **more))
    assert refused.value.reason in REASONS
    return refused.value.reason


# --- evidence --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "author",
    [
        "Goh So-ra",
        "By Goh So-ra",
        {"@type": "Person", "name": "Goh So-ra"},
        ["Goh So-ra"],
        [{"@type": "Person", "name": "Goh So-ra"}, {"@type": "Person", "name": "Goh So-ra"}],
        {"@type": "Person", "name": ["Goh So-ra"]},
    ],
)
def test_json_ld_names_the_author_in_any_shape(author: Any) -> None:
    article = load_article(page(today(told=told(author=author))))
    assert article.authors == [Author("Goh So-ra")]
    assert article.sources["authors"] == "json-ld"


@pytest.mark.parametrize(
    "author", ["The Korea Herald", {"name": "Korea Herald"}, "", None, 7, [[]]]
)
def test_the_newspaper_is_no_author(author: Any) -> None:
    article = load_article(page(today(told=told(author=author))))
    assert article.authors == []
    assert "authors" in article.issues


def test_an_agency_in_json_ld_is_an_organization_and_no_person() -> None:
    article = load_article(page(today(told=told(author={"name": "Yonhap News Agency"}))))
    assert (article.authors, article.source_organization) == ([], "Yonhap")


def test_the_email_of_the_closing_line_finds_the_author_of_json_ld() -> None:
    body = BODY + "<p>By Goh So-ra (sora.goh@heraldcorp.com)</p>"
    article = load_article(page(today(body, told(author="Goh So-ra"))))
    assert article.authors == [Author("Goh So-ra", "sora.goh@heraldcorp.com")]


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2025-06-08T10:20:00", "2025-06-08T10:20:00+09:00"),
        ("2025-06-08 10:20", "2025-06-08T10:20:00+09:00"),
        ("2025-06-08T10:20:00+09:00", "2025-06-08T10:20:00+09:00"),
        ("2025-06-08T10:20:00+0900", "2025-06-08T10:20:00+09:00"),
        ("2025-06-08T01:20:00Z", "2025-06-08T10:20:00+09:00"),
        ("2025-06-08T01:20:00.000Z", "2025-06-08T10:20:00+09:00"),
        ("2025-06-08", "2025-06-08"),
        ("soon", None),
        ("2025-13-40T10:20:00", None),
    ],
)
def test_a_stamp_without_zone_is_korea_time(stamp: str, expected: str | None) -> None:
    article = load_article(page(today(told=told(datePublished=stamp))))
    assert article.date_published == expected
    if expected is None:
        assert "date_published" in article.issues


@pytest.mark.parametrize(
    "wrap",
    [
        lambda story: story,
        lambda story: [{"@type": "WebSite"}, story],
        lambda story: {"@graph": [{"@type": "Organization"}, story]},
        lambda story: [[story]],
        lambda story: {"@type": "WebPage", "mainEntity": story},
        lambda story: story | {"@type": ["ReportageNewsArticle", "Thing"]},
        lambda story: story | {"@type": "http://schema.org/NewsArticle"},
    ],
)
def test_json_ld_is_found_in_any_shape(wrap: Any) -> None:
    story = told(datePublished="2025-06-08T10:20:00", url=ARTICLE)
    article = load_article(page(today(told=wrap(story), title=None)))
    assert article.headline == TITLE
    assert article.date_published == "2025-06-08T10:20:00+09:00"


def test_json_ld_about_another_story_is_not_believed() -> None:
    other = told(
        headline="Ferry runs again",
        datePublished="2020-01-01T00:00:00",
        url="https://www.koreaherald.com/article/10700001",
    )
    article = load_article(page(today(told=other)))
    assert (article.headline, article.date_published) == (TITLE, None)


def test_a_cut_headline_in_json_ld_gives_way_to_the_whole_one() -> None:
    article = load_article(page(today(told=told(headline="Coastal village opens…"))))
    assert article.headline == TITLE


def test_the_name_of_the_site_is_taken_off_the_headline() -> None:
    article = load_article(page(today(title=f"{TITLE} - The Korea Herald")))
    assert article.headline == TITLE
    assert article.sources["headline"] == "meta"


def test_comments_commas_and_line_ends_do_not_break_json_ld() -> None:
    text = '<!-- {"@type": "Article", "headline": "Oxen\n rest", "dateModified": "2025-06-08",} -->'
    article = load_article(page(today(told=text, title=None)))
    assert (article.headline, article.date_modified) == ("Oxen rest", "2025-06-08")
    assert "date_modified:day-only" in article.issues


def test_broken_json_ld_is_noted_and_its_date_used() -> None:
    text = '{"@type": "NewsArticle", "headline": "Say "no"", "datePublished": "2025-06-08T10:20:00"'
    article = load_article(page(today(told=text)))
    assert article.headline == TITLE
    assert article.date_published == "2025-06-08T10:20:00+09:00"
    assert "json-ld" in article.issues


@pytest.mark.parametrize(
    "above",
    [
        "<div>By Goh So-ra</div><div>Published : June 8, 2025 - 10:20</div>",
        "<ul><li>June 8, 2025 - 10:20</li><li>By Goh So-ra</li></ul>",
        "<p><span>By Goh So-ra</span> <span>Published : June 8, 2025 - 10:20</span></p>",
        "<dl><dt>By Goh So-ra</dt><dd>2025.06.08 10:20</dd></dl>",
        '<div class="btn_wrap"><p>Published : June 8, 2025 - 10:20</p></div><em>By Goh So-ra</em>',
        "<div><div><div>By Goh So-ra</div></div></div><time>2025-06-08 10:20</time>",
    ],
)
def test_byline_and_date_are_found_by_their_place(above: str) -> None:
    article = load_article(page(today(above=above)))
    assert article.authors == [Author("Goh So-ra")]
    assert article.date_published == "2025-06-08T10:20:00+09:00"
    assert article.sources["date_published"] == "css"


def test_a_printed_time_counts_where_json_ld_contradicts_it() -> None:
    above = "<p>Published : June 8, 2025 - 10:20</p>"
    article = load_article(
        page(today(told=told(datePublished="2025-06-08T10:20:00Z"), above=above))
    )
    assert article.date_published == "2025-06-08T10:20:00+09:00"
    assert "date_published:disagree" in article.issues


def test_json_ld_adds_the_seconds_to_a_printed_minute() -> None:
    above = "<p>Published : June 8, 2025 - 10:20</p>"
    article = load_article(page(today(told=told(datePublished="2025-06-08T10:20:37"), above=above)))
    assert article.date_published == "2025-06-08T10:20:37+09:00"
    assert not [issue for issue in article.issues if issue.startswith("date")]


def test_dates_inside_the_story_are_not_its_date() -> None:
    body = "<p>On June 1, 2020 - 10:00 the first ox arrived, the village said on Sunday.</p>" + BODY
    article = load_article(page(today(body)))
    assert article.date_published is None


def test_the_list_gives_what_the_page_lacks() -> None:
    entry = ListEntry(
        id="10764331", url=ARTICLE, headline="<Theater>", date_published=date(2025, 6, 8)
    )
    article = load_article(page(today(title=None)), entry, ("National", "North Korea"))
    assert article.headline == "<Theater>"
    assert article.date_published == "2025-06-08"
    assert article.breadcrumbs == ["National", "North Korea"]
    assert {article.sources[name] for name in ("headline", "date_published", "section")} == {"list"}
    assert "date_published:day-only" in article.issues


def test_a_page_filed_under_national_found_under_north_korea_is_of_north_korea() -> None:
    html = of_2021(BODY, above="<p>National</p>")
    assert load_article(page(html, VIEW)).breadcrumbs == ["National"]
    article = load_article(page(html, VIEW), section=("National", "North Korea"))
    assert article.breadcrumbs == ["National", "North Korea"]


def test_a_menu_above_the_headline_is_no_section() -> None:
    menu = "".join(f"<li>{label}</li>" for label in ("National", "Business", "Sports", "World"))
    article = load_article(page(of_2021(BODY, above=f"<ul>{menu}</ul>"), VIEW))
    assert (article.breadcrumbs, article.section) == ([], None)


@pytest.mark.parametrize(
    "url",
    [
        "http://www.koreaherald.com/view.php?ud=20210805000861",
        "https://m.koreaherald.com/view.php?mp=3&np=21&ud=20210805000861",
        "http://khnews.heraldcorp.com/view.php?ud=20210805000861&ACE_SEARCH=1",
    ],
)
def test_every_host_leads_to_one_address(url: str) -> None:
    article = load_article(page(of_2021(BODY), url))
    assert (article.id, article.url) == ("20210805000861", VIEW)


def test_the_canonical_link_tells_the_story_where_the_address_does_not() -> None:
    html = today(head=f'<link rel="canonical" href="{ARTICLE}">')
    article = load_article(page(html, "https://www.koreaherald.com/print"))
    assert (article.id, article.url) == ("10764331", ARTICLE)


def test_description_and_keywords_of_the_house_are_not_the_storys() -> None:
    head = """<meta name="description" content="Re-imagine! Life beyond Media, KoreaHeald National">
    <meta name="keywords" content="news, Korea Herald, English newspaper">"""
    article = load_article(page(today(head=head, title=f"[Photo News] {TITLE}")))
    assert article.description is None
    assert article.keywords == ["Photo News"]


def test_a_clean_page_has_no_issues() -> None:
    told_all = told(datePublished="2025-06-08T10:20:00", author="Goh So-ra", articleSection="Film")
    article = load_article(page(today(told=told_all)))
    assert article.issues == []
    assert article.breadcrumbs == ["Entertainment", "Film"]
    assert article.fetched_at == datetime(2026, 10, 5, 3, tzinfo=UTC)


# --- the same story ----------------------------------------------------------------------------


def test_the_hash_does_not_see_white_space_design_and_dates() -> None:
    one = load_article(page(today()))
    other = load_article(
        page(today(BODY.replace(" ", "&nbsp; "), told(datePublished="2025-06-08T10:20:00")))
    )
    assert one.content_hash == other.content_hash


@pytest.mark.parametrize(
    "changed",
    [
        today(title=f"{TITLE} again"),
        today(BODY.replace("12", "14")),
        today(told=told(author="Goh So-ra")),
        today(f'<figure><img src="/content/image/a.jpg" alt="An ox rests."></figure>{BODY}'),
    ],
)
def test_the_hash_sees_every_change_of_the_text(changed: str) -> None:
    assert load_article(page(changed)).content_hash != load_article(page(today())).content_hash


# --- no story -----------------------------------------------------------------------------------


def test_pages_of_other_sites_are_foreign() -> None:
    assert reason(today(), "https://biz.heraldcorp.com/article/10764331") == "foreign"
    assert reason(today(), "https://en.yna.co.kr/view/AEN20190820002300325") == "foreign"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "  \n ",
        "<html></html>",
        today(body=""),
        today(body="<script>load()</script> &nbsp;"),
        today(body='<img src="/images/blank.gif" width="1">'),
        "<html><body><div id='app'></div><script src='/app.js'></script></body></html>",
    ],
)
def test_a_page_without_text_is_empty(html: str) -> None:
    assert reason(html) == "empty"


LINKS = "".join(
    f'<li><a href="/article/1070000{n}">Headline of story number {n} of this list</a>'
    f"<p>What the story is about, in a line or two, so that one wants to read it.</p></li>"
    for n in range(9)
)


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (f"<html><body><ul>{LINKS}</ul></body></html>", ARTICLE),
        (f"<html><body><ul>{LINKS}</ul></body></html>", "https://www.koreaherald.com/National"),
        (today(), "https://www.koreaherald.com/"),
        (
            today(title="North Korea - The Korea Herald"),
            "https://www.koreaherald.com/National?page=2",
        ),
        (today(f"<ul>{LINKS}</ul>", title="National - The Korea Herald"), ARTICLE),
    ],
)
def test_lists_and_front_pages_are_lists(html: str, url: str) -> None:
    assert reason(html, url) == "list"


MENU = "".join(f'<li><a href="/list.php?ct=0201{n}">Section {n}</a></li>' for n in range(60))


@pytest.mark.parametrize(
    "html",
    [
        "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>",
        "<script>alert('존재하지 않는 기사입니다.');history.back();</script>",
        "<html><body><script>location.href='/';</script></body></html>",
        '<html><head><meta http-equiv="refresh" content="0;url=/"></head><body></body></html>',
        f"<html><body>{MENU}<p>The article you requested does not exist.</p></body></html>",
        today(body="<p>삭제된 기사입니다.</p>"),
        today(body="<p>Sorry, this page could not be found.</p>", title=None),
        of_2021("This article has been deleted."),
        "<html><body><p>Sorry, the page you are looking for cannot be found.</p></body></html>",
    ],
)
def test_a_page_that_regrets_is_not_found(html: str) -> None:
    assert reason(html) == "not_found"


@pytest.mark.parametrize(
    "html",
    [
        "<html><head><title>Just a moment...</title></head><body>Checking</body></html>",
        "<html><head><title>Access Denied</title></head><body>Reference #18.2f</body></html>",
        "<html><body><div class='g-recaptcha'></div><p>Prove it.</p></body></html>",
        "<html><body><h1>403 Forbidden</h1></body></html>",
        "<html><body><p>비정상적인 접근이 감지되었습니다.</p></body></html>",
        "<html><body>Request blocked. We can't connect to the server.</body></html>",
    ],
)
def test_a_challenge_is_no_story(html: str) -> None:
    assert reason(html) == "challenge"


def test_a_consent_page_is_no_story() -> None:
    html = """<html><head><title>Before you continue</title></head><body><h1>We value your privacy
    </h1><p>We and our partners use cookies.</p><button>Accept all</button></body></html>"""
    assert reason(html) == "consent"


def test_a_page_of_prose_that_is_no_news_is_unreadable() -> None:
    prose = (
        "<p>The company keeps its promises to readers, advertisers and the public alike.</p>" * 40
    )
    assert reason(f"<html><head><title>About us</title></head><body>{prose}</body></html>") == (
        "unreadable"
    )


def test_a_story_about_captchas_is_a_story() -> None:
    body = "<p>A captcha asked the minister whether he was not a robot. Access denied, it said.</p>"
    assert load_article(page(today(body))).article_body.startswith("A captcha")


def test_a_story_of_one_picture_is_a_story() -> None:
    body = '<figure><img src="/content/image/2025/a_0.jpg" alt="An ox rests. (Yonhap)"></figure>'
    article = load_article(page(today(body)))
    assert article.article_body == ""
    assert [(image.caption, image.credit) for image in article.images] == [
        ("An ox rests.", "Yonhap")
    ]
    assert "article_body" in article.issues


def test_thumbnails_of_other_stories_are_no_picture_story() -> None:
    cards = "".join(
        f'<a href="/article/1070000{n}"><img src="/content/image/{n}.jpg" alt="Another story"></a>'
        for n in range(9)
    )
    assert reason(today(cards)) in ("empty", "list")
