"""RSS as both generations of the site wrote it, their known faults included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.site.sample.surroundings import esc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tests.site.sample.stories import Story

LENGTH = 50

_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def pub_date(when: datetime) -> str:
    """``Mon, 17 Nov 2025 21:44:23 +09:00``: the colon is the site's own."""
    day = f"{_DAYS[when.weekday()]}, {when.day:02d} {_MONTHS[when.month - 1]} {when.year}"
    return f"{day} {when:%H:%M:%S} +09:00"


def feed(title: str, stories: Iterable[tuple[Story, str]], *, faulty: bool) -> str:
    """Make a feed of stories with their addresses.

    :param faulty: every third link doubled its address, as those of August 2023 did
    """
    items = "\n".join(
        _item(story, url, faulty and i % 3 == 0) for i, (story, url) in enumerate(stories)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0">
<channel>
<title>{esc(title)}</title>
<link>https://www.koreaherald.com</link>
<description>{esc(title)}</description>
{items}
</channel>
</rss>
"""


def _item(story: Story, url: str, doubled: bool) -> str:
    if doubled and "?ud=" in url:
        url = url.replace("?ud=", "?ud=/view.php?ud=")
    return f"""<item>
<title><![CDATA[{story.headline}]]></title>
<link>{esc(url)}</link>
<description><![CDATA[{story.summary(300)}]]></description>
<pubDate>{pub_date(story.published)}</pubDate>
<author>{esc(story.byline)}</author>
<category>{esc(story.path[-1])}</category>
</item>"""
