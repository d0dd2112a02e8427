"""The design of 2012 to the middle of 2017.

http://www.koreaherald.com/view.php?ud=20161220000356

Of its markup only the story's element is known, which every later design but one kept.
"""

from heraldcrawl.site.layouts.base import Layout

E1 = Layout(
    name="e1",
    marks=("#articleText",),
    section_above=True,
    subtitle_by_place=True,
)
