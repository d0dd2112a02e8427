"""E3 "news_content", by August 2023 to the end of December 2024.

Known: ``div.news_content``, ``div.news_title_area`` with ``h1.news_title`` and, for the subtitle,
``h2.news_title``; ``p.news_date`` with Published alone; ``div.news_text_area > div.text_box >
p|h2|h3``; ``div.img_box img`` with ``.img_caption``; ``.news_btn_wrap`` with "Link copied";
``.news_journalist_area`` with "Articles by …"; lists as ``ul.category_detail_list > li`` whose
links lack the leading slash, after a Most Popular list of ten. Guessed: menu, frame, ``.number``'s
parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from tests.site.sample.eras import (
    RECONSTRUCTION,
    ap_date,
    blocks,
    canonical,
    clock,
    headline,
    menu_list,
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


def article(story: Story, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    subtitle = (
        f"<h2 {around.classes('news_title')}>{around.ink(story.subtitle)}</h2>"
        if story.subtitle
        else ""
    )
    byline = (
        f'<div class="news_byline"><a href="/search/list_reporter.php?byline='
        f'{quote_plus(story.byline)}">By {story.byline}</a></div>'
        if story.byline
        else ""
    )
    writers = story.authors[:1]
    articles_by = "".join(
        f'<div class="news_journalist_area"><p>Articles by {esc(w.name)}</p></div>' for w in writers
    )
    body = f"""<div class="news_text_area">{around.maybe(around.advert(), 0.3)}
<div {around.classes("text_box")}>
{_body(story, around)}
</div></div>"""
    main = f"""<div {around.classes("news_content")}>
<div class="news_title_area">
<h1 {around.classes("news_title")}>{headline(story, around)}</h1>
{subtitle}
{byline}
<p class="news_date">Published : {ap_date(story.published)} - {clock(story.published)}</p>
</div>
<div class="news_btn_wrap"><ul><li><a href="#">share</a></li><li>Link copied</li></ul></div>
{around.comment()}
{around.with_hidden_copy(body, story)}
{articles_by}
</div>
<div class="news_aside">{around.box("Most Popular", 10)}{around.advert()}{around.cards(2)}</div>"""
    return _page(
        title(story, " - The Korea Herald") + "\n" + social(story, canonical(story), "e3"),
        around.wrap(main),
        around,
        menu,
    )


def _body(story: Story, around: Surroundings) -> str:
    """Print the caption twice: as ``alt`` and below."""
    out = []
    heading = around.one_of("h2", "h3")
    for kind, block in blocks(story):
        if isinstance(block, Picture):
            out.append(
                f'<div class="img_box"><img src="{picture_url(story, block, "e3")}" '
                f'alt="{esc(block.printed)}">'
                f'<p class="img_caption">{around.ink(block.printed)}</p></div>'
            )
        elif kind == "heading":
            out.append(f"<{heading}>{around.ink(block)}</{heading}>")
        else:
            out.append(f"<p>{around.prose(block)}</p>{around.one_of('', '<p>&nbsp;</p>')}")
        if around.rng.random() < 0.1:
            out.append(around.script())
    return "\n".join(out)


def list_page(listing: Listing, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    items = "\n".join(_item(entry, around) for entry in listing.entries)
    numbers = "\n".join(
        f'<a href="{esc(url)}" class="number{" on" if i == listing.number else ""}">{i}</a>'
        for i, url in listing.pager()
    )
    return _page(
        "<title>The Korea Herald</title>",
        f"""{around.box("Most Popular", 10)}
<h2>{esc(listing.label)}</h2>
<ul class="category_detail_list">
{items}
</ul>
<div class="paging">{numbers}<a class="next" href="{esc(listing.next_block())}">next</a></div>""",
        around,
        menu,
    )


def _item(entry: Entry, around: Surroundings) -> str:
    story = entry.story
    image = f'<span class="img"><img src="{esc(entry.thumb)}" alt=""></span>' if entry.thumb else ""
    return f"""<li><a class="news_link" href="{esc(entry.url)}">{image}
<strong class="ellipsis">{headline(story, around)}</strong>
<span class="txt">{summary(story)}</span>
<p class="date">{esc(entry.category)}{ap_date(story.published)}</p></a></li>"""


def front(around: Surroundings, menu: Sequence[MenuItem]) -> str:
    return _page(
        "<title>The Korea Herald</title>",
        around.box("Most Popular", 10) + around.cards(6),
        around,
        menu,
    )


def _page(head: str, content: str, around: Surroundings, menu: Sequence[MenuItem]) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
{RECONSTRUCTION}
{head}
{around.script()}
</head>
<body>
<header><a href="/">The Korea Herald</a><nav><ul class="gnb">
{menu_list(menu)}
</ul></nav></header>
<p>{around.ad_word()}</p>
<div id="container">
{content}
</div>
<footer>The Korea Herald by Herald Corporation</footer>
{around.script()}
</body>
</html>
"""
