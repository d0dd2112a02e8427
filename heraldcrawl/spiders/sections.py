"""A spider for every section of the menu: its name is the section's slug."""

from __future__ import annotations

from heraldcrawl.site.sections import SECTIONS
from heraldcrawl.spiders.section import SectionSpider

for _section in SECTIONS:
    _name = f"{_section.slug.title()}Spider"
    globals()[_name] = type(
        _name,
        (SectionSpider,),
        {"__module__": __name__, "name": _section.slug, "section": _section},
    )
