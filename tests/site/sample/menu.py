"""The sections of the sample site and their addresses, as the site's menus had them.

Kept apart from the package's own table on purpose: a wrong code there must show in a test.
"""

from __future__ import annotations

from typing import NamedTuple

NORTH_KOREA = ("National", "North Korea")


class Section(NamedTuple):
    """One entry of the menu.

    :param path: labels from the top of the menu, as the 2021 menu wrote them
    :param old: query of ``list.php``; None where no address is known
    :param today: path of today's list; a guess wherever it is not marked as seen
    """

    path: tuple[str, ...]
    old: str | None
    today: str | None

    @property
    def label(self) -> str:
        return self.path[-1]


def _section(path: str, old: str | None, today: str | None) -> Section:
    return Section(tuple(path.split(" > ")), old, today)


#: The menu of 2021, top to bottom.
SECTIONS = (
    _section("National", "ct=020100000000", "/National"),  # seen
    _section("National > Politics", "ct=020101000000", "/National/Politics"),
    _section("National > Social Affairs", "ct=020102000000", "/National/SocialAffairs"),
    _section("National > Foreign Affairs", "ct=020103000000", "/National/ForeignAffairs"),
    _section("National > Defense", "ct=020106000000", "/National/Defense"),
    _section("National > North Korea", "ct=020104000000", "/National/NorthKorea"),
    _section("National > Science", "ct=020107000000", "/National/Science"),
    _section("National > Diplomatic Circuit", "ct=020112000000", "/National/DiplomaticCircuit"),
    _section("National > Education", "ct=020109000000", "/National/Education"),
    _section("Business", "ct=020200000000", "/Business"),  # seen
    _section("Business > Industry", "ct=020203000000", "/Business/Industry"),
    _section("Business > Technology", "ct=020206000000", "/Business/Technology"),  # seen
    _section("Business > Transport", "ct=020205000000", "/Business/Mobility"),
    _section("Business > Retail", "ct=020210000000", "/Business/Retail"),
    _section("Finance", "ct=021900000000", "/Business/Finance"),
    _section("Finance > Economy", "ct=021901000000", "/Business/Economy"),
    _section("Finance > Market", "ct=021902000000", "/Business/Market"),  # seen
    _section("Finance > Money", "ct=021903000000", "/Business/Money"),
    _section("Life&Style", "ct=020300000000", "/LifenCulture"),  # seen
    _section("Life&Style > Culture", "ct=020307000000", "/LifenCulture/Culture"),  # seen
    _section("Life&Style > Travel", "ct=020301000000", "/LifenCulture/Travel"),  # seen
    _section("Life&Style > Fashion", "ct=020302000000", "/LifenCulture/Fashion"),
    _section("Life&Style > Food & Beverage", "ct=020303000000", "/LifenCulture/Food"),  # seen
    _section("Life&Style > Books", "ct=020304000000", "/LifenCulture/Books"),
    _section("Life&Style > People", "ct=020305000000", "/LifenCulture/People"),  # seen
    _section("Life&Style > Expat Living", "ct=020306000000", "/LifenCulture/ExpatLiving"),
    _section("Life&Style > Arts & Design", "ct=020308000000", "/LifenCulture/ArtsnDesign"),
    _section("Life&Style > Health", "ct=020309000000", "/LifenCulture/Health"),
    _section("Entertainment", "ct=020400000000", "/Entertainment"),
    _section("Entertainment > Film", "ct=020401000000", "/Entertainment/Film"),
    _section("Entertainment > Television", "ct=020402000000", "/Entertainment/Television"),
    _section("Entertainment > Music", "ct=020403000000", "/Entertainment/Music"),
    _section("Entertainment > Theater", "ct=020404000000", "/Entertainment/Theater"),
    _section("Entertainment > K-pop", "ct=020409000000", "/Kpop"),  # seen
    _section("Sports", "ct=020500000000", "/Sports"),  # seen
    _section("Sports > Soccer", "ct=020501000000", "/Sports/Soccer"),
    _section("Sports > Baseball", "ct=020502000000", "/Sports/Baseball"),
    _section("Sports > Golf", "ct=020503000000", "/Sports/Golf"),
    _section("Sports > More Sports", "ct=020504000000", "/Sports/MoreSports"),
    _section("World", "ct=021200000000", "/World"),  # seen
    _section("World > World News", "ct=021201000000", "/World/WorldNews"),
    _section("World > World Business", "ct=021202000000", "/World/WorldBusiness"),
    _section("Opinion", "ct=020600000000", "/Opinion"),  # seen
    _section("Opinion > Editorial", "ct=020601000000", "/Opinion/Editorial"),
    _section("Opinion > Viewpoints", "ct=020603000000", "/Opinion/Viewpoints"),
    _section("Opinion > English Eye", None, None),  # code not known
    _section("Podcast", "ct=021001000000", "/Podcast"),
    _section("Topics", None, None),
    _section("Topics > Weekender", "ctv=12", "/Weekender"),
    _section("Topics > PR Newswire", None, None),  # code not known
    _section("Topics > Global Insight", None, None),  # code not known
)

BY_PATH = {section.path: section for section in SECTIONS}

#: What the menu of 2018 called by another name, and what only it had.
LABELS_2018: dict[tuple[str, ...], str] = {
    ("Business", "Transport"): "Automode",
    ("Podcast",): "English Cafe",
}
CODES_2018: dict[tuple[str, ...], str] = {("Podcast",): "ct=021000000000"}
ONLY_2018 = {
    "Business": (("Economy", "ct=020201000000"), ("Finance", "ct=020202000000")),
    "World": (("Asia News Network", "ct=021204000000"),),
    "English Cafe": (("Podcast", "ct=021001000000"), ("Powernote", "ct=021003000000")),
}
GONE_2018 = {("Business", "Retail"), ("Entertainment", "K-pop"), ("Opinion", "English Eye")}

#: Feeds of both generations: the section that each carries; () is all sections.
FEEDS: dict[str, tuple[str, ...]] = {
    "/rss_xml.php": (),
    "/common/rss_xml.php?ct=102": ("National",),
    "/common/rss_xml.php?ct=103": ("Business",),
    "/common/rss_xml.php?ct=305": ("Finance",),
    "/common/rss_xml.php?ct=104": ("Life&Style",),
    "/common/rss_xml.php?ct=105": ("Entertainment",),
    "/common/rss_xml.php?ct=106": ("Sports",),
    "/common/rss_xml.php?ct=107": ("World",),
    "/common/rss_xml.php?ct=108": ("Opinion",),
    "/rss/newsAll": (),
    "/rss/kh_National": ("National",),
    "/rss/kh_Business": ("Business",),
    "/rss/kh_LifenCulture": ("Life&Style",),
    "/rss/kh_Sports": ("Sports",),
    "/rss/kh_World": ("World",),
    "/rss/kh_Opinion": ("Opinion",),
    "/rss/kh_Kpop": ("Entertainment", "K-pop"),
}


def children(top: str) -> list[Section]:
    """List the sections directly under a top-level label, in menu order."""
    return [s for s in SECTIONS if len(s.path) > 1 and s.path[0] == top]


def tops() -> list[Section]:
    """List the top-level sections, in menu order."""
    return [s for s in SECTIONS if len(s.path) == 1]
