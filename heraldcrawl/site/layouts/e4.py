"""Today's design, since the end of December 2024.

https://www.koreaherald.com/article/10799523

Its visible byline and date are in elements that nobody has described: they are found by position.
"""

from dataclasses import replace

from heraldcrawl.site.layouts.base import Layout

E4 = Layout(
    name="e4",
    marks=(".article-body", ".article-photo-wrap", "#articleText.article-view"),
    section='ul.gnb [class~="on"], div.nav_area > a.category',
    head_first=True,
    headline="main h1, article h1",
    section_above=True,
    signed_below=True,
    subtitle='h2[class*="sub" i], h3[class*="sub" i], p[class*="subtitle" i]',
    body=(".article-body", "#articleText"),
)

#: The story's element alone is a mark of many designs, but its address is only today's.
E4_UNMARKED = replace(E4, marks=("#articleText",), address="/article/")
