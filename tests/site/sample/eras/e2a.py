"""E2a "version01", July 2017 to about autumn 2019.

Known: the head, the banner, the header with its two menus and the cards (a stored front page of
2018); the places of section, headline, list entries (by the paths that a scraper of 2017 walked:
``body/div[1]/div[3]/div[2]/div/div[1]/p`` is the section in capitals, ``…/div[3]/p[1]`` the
headline, ``…/div/ul[1]/li`` a list's entries); both dates as ``li``; ``#articleText`` with its text
right inside, ``<br>`` between, sometimes ``p``, ``div``, nested ``span`` and ``font``; captions in
tables or in ``center/div/p``. Guessed: the classes between, and how the list's lead looks.
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
    short_date,
    social,
    summary,
)
from tests.site.sample.stories import Picture, picture_url
from tests.site.sample.surroundings import esc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.site.sample.eras import Entry, Listing, MenuItem
    from tests.site.sample.stories import Story
    from tests.site.sample.surroundings import Surroundings

#: How a paragraph of the body is marked up; "" is text right inside #articleText.
PARAGRAPHS = ("", "", "p", "p span", "div", "p font", "p span font font")


def article(story: Story, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    byline = (
        f'<p><a href="/search/list_name.php?byline={quote_plus(story.byline)}">By {story.byline}'
        "</a></p>"
        if story.byline
        else ""
    )
    subtitle = f"<p>{around.ink(story.subtitle)}</p>" if story.subtitle else ""
    published, updated = story.published, story.modified
    body = f'<div id="articleText">\n{_body(story, around)}\n</div>'
    return _page(
        social(story, canonical(story), "e2a"),
        f"""<div>
<p>{esc(story.path[0].upper())}</p>
<div class="sns">{around.maybe('<a href="#">facebook</a>')}</div>
<div class="latest">{around.box("LATEST NEWS")}</div>
<div class="view">
<p {around.classes("pt18")}>{headline(story, around)}</p>
{byline}
{subtitle}
<ul>
<li>Published : {short_date(published)} - {clock(published)}</li>
<li>Updated : {short_date(updated)} - {clock(updated)}</li>
</ul>
{around.comment()}
{around.with_hidden_copy(body, story)}
{around.related("relationDiv")}
</div>
</div>
<div class="right">{around.box("MOST POPULAR")}{around.advert()}</div>""",
        around,
        menu,
    )


def _body(story: Story, around: Surroundings) -> str:
    style = around.one_of(*PARAGRAPHS)
    out = []
    for kind, block in blocks(story):
        if isinstance(block, Picture):
            out.append(_picture(story, block, around))
            continue
        text = around.prose(block)
        if kind == "heading":
            text = f"<b>{text}</b>"
        if not style:
            out.append(text + around.one_of("<br><br>", "<br />\n<br />", "<br>\n&nbsp;<br>"))
        else:
            for tag in reversed(style.split()):
                text = f"<{tag}>{text}</{tag}>"
            out.append(text)
    return "\n".join(out)


def _picture(story: Story, picture: Picture, around: Surroundings) -> str:
    url = picture_url(story, picture, "e2a")
    caption = around.ink(picture.printed)
    return around.one_of(
        f"""<table align="center"><tbody><tr><td><img src="{url}" border="0" /></td></tr>
<tr><td><font size="2">{caption}</font></td></tr></tbody></table>""",
        f"""<table><tbody><tr><td><img src="{url}" alt="{esc(picture.printed)}" />
<font>{caption}</font></td></tr></tbody></table>""",
        f'<center><div><img src="{url}" /><p>{caption}</p></div></center>',
    )


def list_page(listing: Listing, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    lead = "".join(_lead(entry, around) for entry in listing.entries[:1])
    items = "\n".join(_item(entry, around) for entry in listing.entries[1:])
    numbers = "\n".join(
        f'<li><a href="{esc(url)}"{" class=on" if i == listing.number else ""}>{i}</a></li>'
        for i, url in listing.pager()
    )
    return _page(
        "",
        f"""{lead}
<ul {around.classes("listDiv", "l2")}>
{items}
</ul>
<ul class="paging">
{numbers}
<li><a href="{esc(listing.next_block())}"><img src="/images/btn_next.gif" alt="next" /></a></li>
</ul>
{around.box("MOST POPULAR")}""",
        around,
        menu,
    )


def _lead(entry: Entry, around: Surroundings) -> str:
    story = entry.story
    return f"""<div class="mainDiv01">
<div class="imgArea"><a href="{esc(entry.url)}"><img src="{esc(entry.thumb or "")}" /></a></div>
<div class="infoArea"><p class="pb14"><a href="{esc(entry.url)}" class="fontTitle">\
{headline(story, around)}</a></p>
<p><a href="{esc(entry.url)}" class="fontDesc2">{summary(story)}</a></p>
<p>{esc(entry.category)}{short_date(story.published)}</p></div>
</div>"""


def _item(entry: Entry, around: Surroundings) -> str:
    story = entry.story
    image = f'<img src="{esc(entry.thumb)}" />' if entry.thumb else ""
    return f"""<li><div><a href="{esc(entry.url)}">{image}</a></div>
<div><p><a href="{esc(entry.url)}" class="fontTitle3">{headline(story, around)}</a></p>
<p><a href="{esc(entry.url)}" class="fontDesc2">{summary(story)}</a></p></div>
<div><p>{esc(entry.category)}{short_date(story.published)}</p></div></li>"""


def front(around: Surroundings, menu: Sequence[MenuItem]) -> str:
    return _page(
        "",
        f"""{around.cards(6)}
{around.related("relationDiv")}
{around.box("MOST POPULAR")}""",
        around,
        menu,
    )


def _all_menu(menu: Sequence[MenuItem]) -> str:
    """Print the pull-down with all sections, as it was in 2018: ampersands not escaped."""
    return "\n".join(
        f'<li><a href="{item.url}" class="tt">{item.label}</a>\n'
        + "\n".join(f'<a href="{c.url}">{c.label}</a>' for c in item.children)
        + "\n</li>"
        for item in menu
    )


def _page(og: str, content: str, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    tops = "\n".join(f'<li><a href="{m.url}">{m.label}</a></li>' for m in menu)
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html lang="en">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
{RECONSTRUCTION}
<title>The Korea Herald</title>
<LINK rel="alternate" TYPE="application/rss+xml" TITLE="The Korea Herald" HREF="/rss_xml.php" />
{og}
<link rel="stylesheet" href="http://res.heraldm.com/koreaherald/version01/www/css/common.css" />
{around.script()}
</head>
<body >
<div class="wrapDiv">
<div class="banner1Div">{around.advert()}</div>
<div class="header">
<div class="topDiv"><a href="/" class="logo"><img src="/images/img_topLogo.jpg" /></a></div>
<div class="menuArea">
<a href="#" class="menu"></a>
<div class="sub"><ul>
<li><a href="/index.php">Home</a></li>
{tops}
</ul></div>
<div class="allMenuDiv"><ul>
{_all_menu(menu)}
</ul>
<div><a href="http://m.koreaherald.com/?cpv=1" class="mobileVersion">Go to Mobile Version</a></div>
</div>
</div>
</div>
<div class="contentsWrap">
<div class="location"></div>
<div class="contents"><div>
{content}
</div></div>
</div>
<div class="footer">{around.ad_word()}
<p>The Korea Herald by Herald Corporation</p><p>Copyright Herald Corporation.</p></div>
</div>
{around.script()}
</body>
</html>
"""
