"""The design of November 2019 to summer 2023, which served the menu of 2021.

https://www.koreaherald.com/view.php?ud=20210805000861

Its markup is broken in known ways (stray ``</td>`` and ``<center>``). The section stands on a line
of its own above the headline. The host www01 served the same without section, byline and dates.
"""

from heraldcrawl.site.layouts.base import Layout

E2B = Layout(
    name="e2b",
    marks=("h1.view_tit", "div.view_con_t"),
    headline="h1.view_tit",
    subtitle="h2.view_tit_sub",
    byline="div.view_tit_byline_l",
    dates="div.view_tit_byline_r",
    section_above=True,
    # A broken page ends #articleText early; the parts of the story still bear their class.
    body=("#articleText, div.view_con_t", "div.view_con"),
)
