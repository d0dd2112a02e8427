"""E2b "view_tit", about November 2019 to summer 2023: the 2021 menu.

Known: ``h1.view_tit``, ``h2.view_tit_sub``, ``div.view_tit_byline_l > a``, both dates in one text
node of ``div.view_tit_byline_r`` with six no-break spaces, ``#articleText.view_con.article``
over ``div.view_con_t`` (text and ``<br>``, or ``<p>``), ``table td > img`` with
``div.view_con_caption``; lists as ``ul.main_sec_li.main_sec_li_only > li``. Its HTML was broken in
known ways: a stray ``</td>``, an unclosed ``<center>``, pictures between the text's elements.
Guessed: the classes of the section's line, of the menu and of the frame's edges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from tests.site.sample.eras import (
    RECONSTRUCTION,
    blocks,
    canonical,
    clock,
    headline,
    menu_list,
    short_date,
    social,
    summary,
    title,
)
from tests.site.sample.stories import Picture, picture_url
from tests.site.sample.surroundings import esc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.site.sample.eras import Entry, Listing, MenuItem
    from tests.site.sample.stories import Story
    from tests.site.sample.surroundings import Surroundings

GAP = "&nbsp;" * 6


def article(story: Story, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    subtitle = (
        f'<h2 class="view_tit_sub">{around.ink(story.subtitle)}</h2>' if story.subtitle else ""
    )
    byline = (
        f'<a href="/search/list_name.php?byline={quote_plus(story.byline)}">By {story.byline}</a>'
        if story.byline
        else ""
    )
    published, updated = story.published, story.modified
    body = f"""<div id="articleText" {around.classes("view_con", "article")}>
{_body(story, around)}
</div>"""
    main = f"""
{around.comment()}
<p {around.classes(around.one_of("view_cate", "view_section", "location"))}>{esc(story.path[0])}</p>
<h1 {around.classes("view_tit")}>{headline(story, around)}</h1>
{subtitle}
<div class="view_tit_byline">
<div class="view_tit_byline_l">{byline}</div>
<div class="view_tit_byline_r">Published : {short_date(published)} - {clock(published)} {GAP}\
Updated : {short_date(updated)} - {clock(updated)}</div>
</div>
<div class="view_tit_icon"><a href="#">facebook</a><a href="#">twitter</a></div>
{around.maybe(around.advert())}
{around.with_hidden_copy(body, story)}
{around.maybe(around.related("view_main_c_li"))}"""
    return _page(
        title(story) + "\n" + social(story, canonical(story), "e2b"),
        f"""<div class="main"><div class="view"><div class="view_bg">{around.wrap(main)}</div>
<div class="main_r">{around.box("MOST POPULAR")}{around.advert()}{around.box("LATEST NEWS")}
<ul class="spot_li"><li><a href="/podcast">padcast</a></li></ul></div>
</div></div>""",
        around,
        menu,
    )


def _body(story: Story, around: Surroundings) -> str:
    """One to three ``view_con_t``, whose text has paragraphs as ``<br>`` runs or as ``<p>``."""
    style = around.one_of("br", "br", "p")
    broken = around.one_of("", "", "stray td", "center")
    opening = '<div class="view_con_t">' + ("</td>" if broken == "stray td" else "")
    out = [opening]
    if around.rng.random() < 0.1:
        out.append('<div id="thumimage" style="display:none"><img src="/images/thumb.gif"></div>')
    if broken == "center":
        out.append("<center>")
    for kind, block in blocks(story):
        if isinstance(block, Picture):
            out.append(_picture(story, block, around))
        elif style == "p":
            text = around.prose(block)
            out.append(f"<p><b>{text}</b></p>" if kind == "heading" else f"<p>{text}</p>")
        else:
            text = around.prose(block)
            text = f"<strong>{text}</strong>" if kind == "heading" else text
            out.append(text + around.one_of("<br><br>", "<br />\n<br />", "<br>&nbsp;<br><br>"))
        if around.rng.random() < 0.12:
            out.append("</div>\n" + opening)
        if around.rng.random() < 0.08:
            out.append('<div class="khadv_bg">Story continues below<iframe></iframe></div>')
    return "\n".join(out) + "\n</div>"


def _picture(story: Story, picture: Picture, around: Surroundings) -> str:
    """Print the caption twice: as ``alt`` and below."""
    url = picture_url(story, picture, "e2b")
    caption = f'<div class="view_con_caption">{around.ink(picture.printed)}</div>'
    image = f'<img src="{url}" alt="{esc(picture.printed)}">'
    table = f'<table width="600"><tr><td align="center">{image}{caption}</td></tr></table>'
    if around.rng.random() < 0.25:
        # The picture between two of the text's elements, with an empty alt.
        return f'</div><img alt="" src="{url}">{caption}<div class="view_con_t">'
    return around.one_of(table, f"<center>{table}</center>", f"<div>{table}</div>")


def list_page(listing: Listing, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    items = "\n".join(_item(entry, around) for entry in listing.entries)
    numbers = "\n".join(
        f'<li><a href="{esc(url)}"{" class=on" if i == listing.number else ""}>{i}</a></li>'
        for i, url in listing.pager()
    )
    return _page(
        "<title>The Korea Herald</title>",
        f"""<div class="main"><div class="main_sec">
<div class="main_sec_tit">{esc(listing.label)}</div>
{around.maybe(around.cards(2))}
<ul class="main_sec_li main_sec_li_only">
{items}
</ul>
<ul class="paging">
{numbers}
<li><a href="{esc(listing.next_block())}">&gt;</a></li>
</ul>
</div>
<div class="main_r">{around.box("MOST POPULAR")}{around.advert()}</div></div>""",
        around,
        menu,
    )


def _item(entry: Entry, around: Surroundings) -> str:
    story = entry.story
    thumb = (
        f'<div class="main_l_img"><img src="{esc(entry.thumb)}" alt=""></div>'
        if entry.thumb
        else ""
    )
    css = "main_l_t1" if thumb else "main_l_t1 main_l_t1_bg"
    return f"""<li><a href="{esc(entry.url)}">{thumb}
<div class="{css}">{headline(story, around)}</div>
<div class="main_l_t2">{esc(entry.category)}<span>{short_date(story.published)}</span></div>
<div class="main_l_t3 ellipsis5">{summary(story)}</div></a></li>"""


def front(around: Surroundings, menu: Sequence[MenuItem]) -> str:
    return _page(
        "<title>The Korea Herald</title>",
        f"""<div class="main"><div class="main_l">{around.cards(6)}</div>
<div class="main_r">{around.box("MOST POPULAR")}{around.box("LATEST NEWS")}</div></div>""",
        around,
        menu,
    )


def _page(head: str, content: str, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    links = menu_list(menu)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
{RECONSTRUCTION}
{head}
<link rel="alternate" type="application/rss+xml" title="The Korea Herald" href="/rss_xml.php">
{around.script()}
</head>
<body>
{around.maybe(around.advert())}
<a href="#top">Back To Top</a>
<div class="header"><h2 class="logo"><a href="/">The Korea Herald</a></h2>
<ul class="gnb">
{links}
</ul></div>
{content}
<div class="footer"><ul class="footer_menu">
{links}
</ul>
<p>{around.ad_word()}</p>
<p>The Korea Herald by Herald Corporation<br>Copyright Herald Corporation. All Rights Reserved.</p>
</div>
{around.script()}
</body>
</html>
"""
