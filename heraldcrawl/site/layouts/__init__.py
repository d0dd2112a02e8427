"""One module a design of the article page; which one a page has is seen by looking at it.

A redesign brings a new module, never an edit: old pages stay in archives as they were fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from heraldcrawl.site.layouts.base import Layout, read
from heraldcrawl.site.layouts.e1 import E1
from heraldcrawl.site.layouts.e2a import E2A
from heraldcrawl.site.layouts.e2b import E2B
from heraldcrawl.site.layouts.e3 import E3
from heraldcrawl.site.layouts.e4 import E4, E4_UNMARKED
from heraldcrawl.site.layouts.mobile import MOBILE
from heraldcrawl.site.layouts.reading import Reading

if TYPE_CHECKING:
    from heraldcrawl.site.page import Page

__all__ = ["LAYOUTS", "Layout", "Reading", "choose", "read"]

#: Newest first: later designs kept names of earlier ones beside their own.
LAYOUTS: Final[tuple[Layout, ...]] = (E4, E3, E2B, E2A, E4_UNMARKED, MOBILE, E1)


def choose(page: Page) -> Layout | None:
    """Find the layout whose mark the page bears."""
    return next((layout for layout in LAYOUTS if layout.recognises(page)), None)
