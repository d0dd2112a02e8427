"""The old mobile site, m.koreaherald.com, until the end of 2024.

Known, from page texts alone: "From", "Send to", the headline, the subtitle, then date and byline
on one line, ``Jan. 5, 2017 - 15:20 By Won Ho-jung``, then the body; lists with the headline, the
date as ``Oct 14, 2011`` and a summary that ends in three dots. All markup is a guess;
``#articleText`` because all other designs of the same system had it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.site.sample.eras import (
    RECONSTRUCTION,
    ap_date,
    blocks,
    canonical,
    clock,
    headline,
    menu_list,
    short_date,
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
    subtitle = f"<h3>{around.ink(story.subtitle)}</h3>" if story.subtitle else ""
    byline = f" By {story.byline}" if story.byline else ""
    return _page(
        title(story) + "\n" + social(story, canonical(story), "mobile"),
        f"""<div class="mail_layer" style="display:none"><label>From</label><input>
<label>Send to</label><input></div>
<div {around.classes("view")}>
<h2 {around.classes("view_title")}>{headline(story, around)}</h2>
{subtitle}
<p {around.classes("view_info")}>{ap_date(story.published)} - {clock(story.published)}{byline}</p>
<div id="articleText">
{_body(story, around)}
</div>
</div>
{around.advert()}
{around.box("MOST POPULAR")}""",
        around,
        menu,
    )


def _body(story: Story, around: Surroundings) -> str:
    out = []
    for kind, block in blocks(story):
        if isinstance(block, Picture):
            out.append(
                f'<table width="100%"><tr><td><img src="{picture_url(story, block, "mobile")}" '
                f'width="100%"></td></tr><tr><td class="caption">{around.ink(block.printed)}'
                "</td></tr></table>"
            )
        else:
            text = around.prose(block)
            out.append((f"<b>{text}</b>" if kind == "heading" else text) + "<br><br>")
    return "\n".join(out)


def list_page(listing: Listing, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    items = "\n".join(
        f"""<li><a href="{esc(entry.url)}"><strong>{headline(entry.story, around)}</strong>
<span class="date">{short_date(entry.story.published)}</span>
<p>{esc(entry.story.summary(300))}...</p></a></li>"""
        for entry in listing.entries
    )
    numbers = " ".join(f'<a href="{esc(url)}">{i}</a>' for i, url in listing.pager())
    return _page(
        "<title>The Korea Herald</title>",
        f"""<h2>{esc(listing.label)}</h2><ul class="list">
{items}
</ul><div class="paging">{numbers}</div>""",
        around,
        menu,
    )


def front(around: Surroundings, menu: Sequence[MenuItem]) -> str:
    return _page("<title>The Korea Herald</title>", around.cards(6), around, menu)


def _page(head: str, content: str, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, user-scalable=no">
{RECONSTRUCTION}
{head}
</head>
<body>
<div class="m_header"><a href="/">The Korea Herald</a><ul class="m_menu">
{menu_list(menu)}
</ul></div>
{content}
<div class="m_footer"><a href="/?cpv=1">PC Version</a></div>
{around.script()}
</body>
</html>
"""
