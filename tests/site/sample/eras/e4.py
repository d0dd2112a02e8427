"""E4 "article-body", from the end of December 2024.

Known: ``main.div_layout``, ``article.article-body#articleText`` with paragraphs as ``p`` and
pictures as ``div.article-photo-wrap > figure.article-img > img`` whose ``alt`` is the caption;
JSON-LD NewsArticle, og: and twitter: tags; ``ul.gnb`` and ``div.nav_area > a.category``; lists as
``section.section_list > article.recent_news > ul.news_list > li``. Guessed: everything visible of
headline, subtitle, byline and dates, and the menu's inside; so these change from page to page.

The JSON-LD comes in all the shapes that the web has: see :data:`SHAPES`.
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

from tests.site.sample.eras import (
    RECONSTRUCTION,
    ap_date,
    blocks,
    clock,
    headline,
    menu_list,
    social,
    title,
)
from tests.site.sample.stories import Picture, picture_url
from tests.site.sample.surroundings import esc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tests.site.sample.eras import Entry, Listing, MenuItem
    from tests.site.sample.stories import Story
    from tests.site.sample.surroundings import Surroundings

SHAPES = ("object", "list", "graph", "absent", "broken")
AUTHOR_SHAPES = ("string", "object", "list")
DATE_SHAPES = ("naive", "offset", "utc")
PUBLISHER = '{"@context": "https://schema.org", "@type": "Organization", "name": "Herald"}'
SUFFIX = " - The Korea Herald"


def article(story: Story, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    url = f"https://www.koreaherald.com/article/{story.number}"
    shape = around.one_of(*SHAPES)
    visible = shape in ("absent", "broken") or around.rng.random() < 0.5
    head = f"""{title(story, SUFFIX)}
{social(story, url, "e4", SUFFIX)}
<meta name="twitter:card" content="summary_large_image">
<link rel="canonical" href="{url}">
{_json_ld(story, url, shape, around)}"""
    byline = f"<p {around.classes(around.one_of('byline', 'reporter'))}>By {story.byline}</p>"
    if not story.byline or not visible or _tells_elsewhere(story, around):
        byline = ""
    dates = _dates(story, around) if visible else ""
    subtitle = (
        f"<h2 {around.classes('sub_title')}>{around.ink(story.subtitle)}</h2>"
        if story.subtitle
        else ""
    )
    tag = "div" if around.rng.random() < 0.2 else "h1"
    top = f"""<{tag} {around.classes(around.one_of("news_title", "article-tit", "tit"))}>\
{headline(story, around)}</{tag}>
{subtitle}
{byline}
<div {around.classes("date_area")}>{dates}</div>"""
    return _page(
        head,
        f"""<div class="nav_area"><a class="category" href="#">{esc(story.path[-1])}</a></div>
{around.wrap(top)}
<p class="copied">Link copied!</p>
<article {around.classes("article-body", "news_content", "article-view")} id="articleText">
{_body(story, around)}
</article>
{around.box("Most Read", 5)}{around.advert()}{around.cards(3)}""",
        around,
        menu,
        on=story.path[0],
    )


def _tells_elsewhere(story: Story, around: Surroundings) -> bool:
    """Leave the byline out here and there where the text itself tells who wrote it."""
    signed = ("wire", "foreign wire", "staff", "two authors", "contributors", "interview", "live")
    return story.form in signed and around.rng.random() < 0.3


def _dates(story: Story, around: Surroundings) -> str:
    """Print both dates in one of the forms that today's site has used on other pages."""
    form = around.one_of("ap", "ap seconds", "digits", "dots")
    printed = []
    for when in (story.published, story.modified):
        match form:
            case "ap":
                printed.append(f"{ap_date(when)} - {clock(when)}")
            case "ap seconds":
                printed.append(f"{ap_date(when)} - {when:%H:%M:%S}")
            case "digits":
                printed.append(f"{when:%Y-%m-%d %H:%M}")
            case _:
                printed.append(f"{when:%Y.%m.%d %H:%M}")
    return f"<p>Published : {printed[0]}</p>\n<p>Updated : {printed[1]}</p>"


def _json_ld(story: Story, url: str, shape: str, around: Surroundings) -> str:
    if shape == "absent":
        return ""
    when = around.one_of(*DATE_SHAPES)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": "" if story.lost else story.headline,
        "image": [picture_url(story, p, "e4") for p in story.pictures],
        "datePublished": _stamp(story.published, when),
        "dateModified": _stamp(story.modified, when),
        "publisher": {"@type": "NewsMediaOrganization", "name": "The Korea Herald"},
        "articleSection": story.path[-1],
    }
    if story.byline:
        data["author"] = _authors(story, around.one_of(*AUTHOR_SHAPES))
    crumbs = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": []}
    if shape == "list":
        text = json.dumps([crumbs, data], ensure_ascii=False)
    elif shape == "graph":
        graph = {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, data]}
        text = json.dumps(graph, indent=1)
    elif shape == "broken":
        text = json.dumps(data)[:-30]  # cut off by whatever wrote it
    else:
        text = json.dumps(data, indent=2, ensure_ascii=False)
    text = text.replace("</", "<\\/")
    before = around.maybe(f'<script type="application/ld+json">{PUBLISHER}</script>\n', 0.3)
    return f'{before}<script type="application/ld+json">\n{text}\n</script>'


def _authors(story: Story, shape: str) -> Any:
    """Write the byline as JSON-LD has it; wires and the desk stand there like persons."""
    names = [n for part in story.byline.split(" and ") for n in part.split(", ")]
    people = [{"@type": "Person", "name": name} for name in names]
    if shape == "string" and len(names) == 1:
        return names[0]
    return people[0] if shape == "object" and len(people) == 1 else people


def _stamp(when: datetime, shape: str) -> str:
    if shape == "utc":
        return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return when.isoformat() if shape == "offset" else f"{when:%Y-%m-%dT%H:%M:%S}"


def _body(story: Story, around: Surroundings) -> str:
    out = []
    size = around.one_of("size-l", "size-m")
    for kind, block in blocks(story):
        if isinstance(block, Picture):
            below = around.one_of("", f"<figcaption>{esc(block.printed)}</figcaption>")
            out.append(
                f'<div class="article-photo-wrap {size} align-c"> <figure class="article-img"> '
                f'<img src="{picture_url(story, block, "e4")}" alt="{esc(block.printed)}">'
                f"{below} </figure> </div>"
            )
        elif kind == "heading":
            out.append(f"<p><strong>{around.ink(block)}</strong></p>")
        else:
            text = f"<p>{around.prose(block)}</p>"
            quoted = "said" in block and around.rng.random() < 0.04
            out.append(f"<blockquote>{text}</blockquote>" if quoted else text)
        if around.rng.random() < 0.1:
            out.append(around.script())
    return "\n".join(out)


def list_page(listing: Listing, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    items = "\n".join(_item(entry, around) for entry in listing.entries)
    numbers = "\n".join(
        f'<a href="{esc(url)}"{" class=on" if i == listing.number else ""}>{i}</a>'
        for i, url in listing.pager()
    )
    return _page(
        f"<title>{esc(listing.label)}{SUFFIX}</title>",
        f"""{around.box("Latest News", 4)}
{around.cards(2)}
<section class="section_list">
<article class="recent_news">
<ul class="news_list">
{items}
</ul>
</article>
<div class="paging">{numbers}</div>
</section>""",
        around,
        menu,
        on="",
    )


def _item(entry: Entry, around: Surroundings) -> str:
    story = entry.story
    image = f'<div class="news_img"><img src="{esc(entry.thumb)}"></div>' if entry.thumb else ""
    return f"""<li><a href="{esc(entry.url)}">
<div class="news_txt">
<p class="news_title {around.one_of("", "ellipsis2")}">{headline(story, around)}</p>
<p class="news_text ellipsis4">{esc(story.summary())}</p>
<span class="date">{ap_date(story.published)}</span>
</div>
{image}</a></li>"""


def front(around: Surroundings, menu: Sequence[MenuItem]) -> str:
    return _page(
        "<title>The Korea Herald</title>",
        around.cards(6) + around.box("Most Read", 10),
        around,
        menu,
        on="",
    )


def _page(head: str, content: str, around: Surroundings, menu: Sequence[MenuItem], on: str) -> str:
    links = (
        menu_list(menu).replace(f">{esc(on)}</a>", f' class="on">{esc(on)}</a>', 1)
        if on
        else (menu_list(menu))
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{RECONSTRUCTION}
{head}
{around.script()}
</head>
<body>
<header class="header"><a href="/">The Korea Herald</a>
<nav><ul class="gnb">
{links}
</ul></nav></header>
<main class="div_layout">
{content}
</main>
<footer class="footer"><a href="/Korean">Korean</a> Copyright Herald Corporation.</footer>
{around.script()}
</body>
</html>
"""
