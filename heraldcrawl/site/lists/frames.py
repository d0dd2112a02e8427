"""What is known of each year's list page, a row a year."""

from __future__ import annotations

from typing import Final, NamedTuple


class Frame(NamedTuple):
    """A list that stands in an element of its own.

    :param frame: that element; nothing but the list is in it
    :param within: the list in it, where that is marked as well
    :param headline: where an item has its headline; likewise the date and the summary
    """

    layout: str
    frame: str = ""
    within: str = ""
    headline: str = ""
    dated: str = ""
    description: str = ""


class Scope(NamedTuple):
    """A list that shares its element with others, and is found by its dates.

    :param scope: that element
    :param host: how the name of the site's host begins
    :param assets: parts of the addresses of pictures and style sheets
    :param has_lead: the newest story is set apart, above the list
    :param headlines: links of the list, which need no dates then
    """

    layout: str
    scope: str = "body"
    host: str = ""
    assets: tuple[str, ...] = ()
    has_lead: bool = False
    headlines: str = ""


FRAMES: Final = (
    Frame("e4", ".recent_news", ".news_list", ".news_title", ".date", ".news_text"),
    Frame("e3", ".category_detail_list", headline="strong", dated=".date"),
    Frame("e2b", ".main_sec_li_only", "", ".main_l_t1", ".main_l_t2", ".main_l_t3"),
)
UNKNOWN: Final = Frame("generic")

SCOPES: Final = (
    Scope("e2a", ".contentsWrap", has_lead=True),
    Scope("mobile", host="m."),
    Scope("e1", assets=("new_201209", "kh_201209"), headlines="a.fontTitle6, a.fontTitle3"),
)
ANYWHERE: Final = Scope(UNKNOWN.layout)

PAGERS: Final = ".paging, .pagination, .paginate, .pager, .page_num, .number"
CURRENT: Final = ".on, .active, .current, [aria-current]"
