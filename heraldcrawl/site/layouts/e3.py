"""The design of August 2023 to December 2024.

https://www.koreaherald.com/view.php?ud=20241211050055

It prints no section and no "Updated".
"""

from heraldcrawl.site.layouts.base import Layout

E3 = Layout(
    name="e3",
    marks=("h1.news_title", "div.news_text_area", "p.news_date"),
    headline="h1.news_title",
    subtitle="h2.news_title",
    dates="p.news_date",
    body=("div.news_text_area div.text_box", "div.text_box", "div.news_text_area", "#articleText"),
)
