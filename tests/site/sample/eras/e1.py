"""E1 "new_201209", about 2012 to mid 2017.

Known: ``#articleText``; list links of the classes ``fontTitle6`` and ``fontTitle3``; asset paths
``res.heraldm.com/new_201209``; dates like ``2016-12-20 09:34``. All the rest is a guess in the
manner of the time: XHTML, tables, ``<br>`` between paragraphs, the paper's name in capitals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.site.sample.eras import (
    RECONSTRUCTION,
    blocks,
    canonical,
    headline,
    menu_list,
    social,
    title,
)
from tests.site.sample.stories import Picture, picture_url
from tests.site.sample.surroundings import esc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.site.sample.eras import Listing, MenuItem
    from tests.site.sample.stories import Story
    from tests.site.sample.surroundings import Surroundings


def article(story: Story, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    subtitle = f'<p class="subTitle">{around.ink(story.subtitle)}</p>' if story.subtitle else ""
    byline = f"<p>By {story.byline}</p>" if story.byline else ""
    body = f'<div id="articleText">\n{_body(story, around)}\n</div>'
    return _page(
        title(story) + "\n" + social(story, canonical(story), "e1"),
        f"""<div class="leftArea">
<p class="fontTitle">{headline(story, around)}</p>
{subtitle}
{byline}
<p class="date">Published : {story.published:%Y-%m-%d %H:%M}</p>
{around.comment()}
{around.with_hidden_copy(body, story)}
{around.maybe(around.related("relationDiv"))}
</div>
<div class="rightArea">{around.box("MOST POPULAR")}{around.advert()}</div>""",
        around,
        menu,
    )


def _body(story: Story, around: Surroundings) -> str:
    out = []
    for kind, block in blocks(story):
        if isinstance(block, Picture):
            url = picture_url(story, block, "e1")
            out.append(
                f'<table align="center" cellpadding="0"><tr><td><img src="{url}" alt="" /></td>'
                f'</tr><tr><td><font size="1">{around.ink(block.printed)}</font></td></tr></table>'
            )
        else:
            text = around.prose(block)
            text = f"<b>{text}</b>" if kind == "heading" else text
            out.append(text + around.one_of("<br /><br />", "<br />\n<br />\n", "<BR><BR>"))
    return "\n".join(out)


def list_page(listing: Listing, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    items = "\n".join(
        f"""<li><a href="{esc(entry.url)}" class="{"fontTitle3" if i == 0 else "fontTitle6"}">\
{headline(entry.story, around)}</a>
<p>{esc(entry.story.summary(200))}</p>
<p class="date">{esc(entry.category)} {entry.story.published:%Y-%m-%d %H:%M}</p></li>"""
        for i, entry in enumerate(listing.entries)
    )
    numbers = " ".join(
        f"<strong>{i}</strong>" if i == listing.number else f'<a href="{esc(url)}">{i}</a>'
        for i, url in listing.pager()
    )
    return _page(
        "<title>The Korea Herald</title>",
        f"""<div class="leftArea"><h2>{esc(listing.label)}</h2>
<ul class="newsList">
{items}
</ul>
<div class="paging">{numbers} <a href="{esc(listing.next_block())}">next</a></div>
</div>
<div class="rightArea">{around.box("MOST POPULAR")}</div>""",
        around,
        menu,
    )


def front(around: Surroundings, menu: Sequence[MenuItem]) -> str:
    return _page(
        "<title>The Korea Herald</title>",
        f'<div class="leftArea">{around.cards(6)}</div>{around.box("LATEST NEWS")}',
        around,
        menu,
    )


def _page(head: str, content: str, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
{RECONSTRUCTION}
{head}
<link rel="stylesheet" type="text/css" href="http://res.heraldm.com/new_201209/css/kh.css" />
{around.script()}
</head>
<body>
<div id="wrap">
<div id="header"><a href="/">THE KOREA HERALD</a><ul id="menu">
{menu_list(menu)}
</ul></div>
{around.maybe(around.advert())}
<div id="content">
{around.wrap(content)}
</div>
<div id="footer">The Korea Herald by Herald Corporation. {around.ad_word()}</div>
</div>
</body>
</html>
"""
