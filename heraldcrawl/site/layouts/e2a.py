"""The design of July 2017 to autumn 2019.

http://www.koreaherald.com/view.php?ud=20180209000953

Headline, byline, subtitle and dates are bare paragraphs and list items: only their order tells
them apart. The section stands above them in capitals.
"""

from heraldcrawl.site.layouts.base import Layout

E2A = Layout(
    name="e2a",
    marks=("div.contentsWrap", "div.wrapDiv"),
    assets="/version01/www/css/",
    section_above=True,
    subtitle_by_place=True,
)
