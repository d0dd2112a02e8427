"""What stands on pages and belongs to no story: boxes, buttons, the newspaper's own lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from heraldcrawl.site.text import Line

#: Classes and ids that stood inside stories, in some year, and were no part of them.
NOISE: Final = frozenset(
    {
        "relationDiv", "view_tit_icon", "main_r_tit", "view_main_c_li", "spot_li", "khadv_bg",
        "main_r", "thumimage", "news_btn_wrap", "news_journalist_area",
    }
)  # fmt: skip

#: Lines that pages print inside the story's element and no reader takes for the story.
_FURNITURE: Final = frozenset(
    {
        "link copied", "most popular", "latest news", "most read", "advertisement", "back to top",
        "go to mobile version", "related stories", "related articles", "related news", "from",
        "send to", "the korea herald", "korea herald youtube", "padcast", "leadersclub",
        "소아쌤", "피터빈트", "지나쌤",
    }
)  # fmt: skip
_ARTICLES_BY = re.compile(r"Articles by .{2,80}")
_COPYRIGHT = re.compile(
    r"(?:copyrights?|ⓒ|©|<?저작권자).{0,20}(?:herald|헤럴드).{0,80}"
    r"|the korea herald by herald corporation",
    re.IGNORECASE,
)
_LONGEST: Final = 200


def is_furniture(text: str) -> bool:
    """Tell whether a line is one of those that pages print everywhere.

    >>> is_furniture("Link copied!"), is_furniture("Links copied from nature")
    (True, False)
    """
    return text.casefold().strip(" !:•·-▶") in _FURNITURE


def is_stray(line: Line) -> bool:
    """Tell whether a line inside a story is none of it: a link, a credit of the page, furniture."""
    text = line.text
    if line.linked:
        return True
    if len(text) > _LONGEST:
        return False
    return (
        is_furniture(text)
        or _ARTICLES_BY.fullmatch(text) is not None
        or _COPYRIGHT.fullmatch(text) is not None
    )
