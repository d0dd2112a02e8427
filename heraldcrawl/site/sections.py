"""The menu as data: every section, its label path, and the addresses its list has had.

The order and the nesting are those of the 2021 menu. What other years called a section, or hung
it under, is kept beside it, because lists, feeds and article pages of every year are read.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT: Final = "https://www.koreaherald.com"


@dataclass(frozen=True)
class Section:
    """A section of the menu.

    :param path: labels from the top of the menu, as the 2021 menu writes them
    :param ct: code of its ``list.php?ct=`` list (2012 to 2024); None where nobody has seen it
    :param ctv: code of its ``list.php?ctv=`` list, which a few collections have instead
    :param older: codes that the same section had in other years
    :param paths: addresses since 2025 that have been seen to work, best first
    :param guesses: addresses since 2025 that follow the pattern and nobody has seen
    :param aliases: other names of the label
    :param places: other label paths under which some year's menu had it
    """

    path: tuple[str, ...]
    ct: str | None = None
    ctv: str | None = None
    older: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    places: tuple[tuple[str, ...], ...] = ()

    @property
    def label(self) -> str:
        """The last part of the path."""
        return self.path[-1]

    @property
    def slug(self) -> str:
        """The label's letters in lower case: the name of the section's spider."""
        return "".join(letter for letter in self.label.lower() if letter.isalpha())


SECTIONS: Final[tuple[Section, ...]] = (
    Section(("National",), "020100000000", paths=("/National",)),
    Section(("National", "Politics"), "020101000000", guesses=("/National/Politics",)),
    Section(("National", "Social Affairs"), "020102000000", guesses=("/National/SocialAffairs",)),
    Section(("National", "Foreign Affairs"), "020103000000", guesses=("/National/ForeignAffairs",)),
    Section(("National", "Defense"), "020106000000", guesses=("/National/Defense",)),
    Section(("National", "North Korea"), "020104000000", guesses=("/National/NorthKorea",)),
    Section(("National", "Science"), "020107000000", guesses=("/National/Science",)),
    Section(
        ("National", "Diplomatic Circuit"),
        "020112000000",
        older=("020103010000",),
        guesses=("/National/DiplomaticCircuit",),
    ),
    Section(("National", "Education"), "020109000000", guesses=("/National/Education",)),
    Section(("Business",), "020200000000", paths=("/Business",)),
    Section(("Business", "Industry"), "020203000000", guesses=("/Business/Industry",)),
    Section(("Business", "Technology"), "020206000000", paths=("/Business/Technology",)),
    Section(
        ("Business", "Transport"),
        "020205000000",
        guesses=("/Business/Mobility", "/Business/Transport"),
        aliases=("Automode", "Mobility"),
    ),
    Section(("Business", "Retail"), "020210000000", guesses=("/Business/Retail",)),
    Section(
        ("Finance",),
        "021900000000",
        older=("020202000000",),
        guesses=("/Business/Finance", "/Finance"),
        places=(("Business", "Finance"),),
    ),
    Section(
        ("Finance", "Economy"),
        "021901000000",
        older=("020201000000",),
        guesses=("/Business/Economy",),
        places=(("Business", "Economy"), ("Business", "Finance", "Economy")),
    ),
    Section(
        ("Finance", "Market"),
        "021902000000",
        paths=("/Business/Market",),
        places=(("Business", "Market"), ("Business", "Finance", "Market")),
    ),
    Section(
        ("Finance", "Money"),
        "021903000000",
        guesses=("/Business/Money",),
        places=(("Business", "Money"), ("Business", "Finance", "Money")),
    ),
    Section(
        ("Life&Style",),
        "020300000000",
        paths=("/LifenCulture",),
        aliases=("Life&Culture", "LifenCulture", "LifenStyle"),
    ),
    Section(("Life&Style", "Culture"), "020307000000", paths=("/LifenCulture/Culture",)),
    Section(("Life&Style", "Travel"), "020301000000", paths=("/LifenCulture/Travel",)),
    Section(("Life&Style", "Fashion"), "020302000000", guesses=("/LifenCulture/Fashion",)),
    Section(
        ("Life&Style", "Food & Beverage"),
        "020303000000",
        paths=("/LifenCulture/Food",),
        aliases=("Food",),
    ),
    Section(("Life&Style", "Books"), "020304000000", guesses=("/LifenCulture/Books",)),
    Section(("Life&Style", "People"), "020305000000", paths=("/LifenCulture/People",)),
    Section(("Life&Style", "Expat Living"), "020306000000", guesses=("/LifenCulture/ExpatLiving",)),
    Section(
        ("Life&Style", "Arts & Design"), "020308000000", guesses=("/LifenCulture/ArtsnDesign",)
    ),
    Section(("Life&Style", "Health"), "020309000000", guesses=("/LifenCulture/Health",)),
    Section(("Entertainment",), "020400000000", guesses=("/Entertainment",)),
    Section(
        ("Entertainment", "Film"),
        "020401000000",
        guesses=("/Entertainment/Film", "/LifenCulture/Film"),
        places=(("Life&Style", "Film"),),
    ),
    Section(
        ("Entertainment", "Television"),
        "020402000000",
        guesses=("/Entertainment/Television", "/LifenCulture/Television"),
        places=(("Life&Style", "Television"),),
    ),
    Section(("Entertainment", "Music"), "020403000000", guesses=("/Entertainment/Music",)),
    Section(("Entertainment", "Theater"), "020404000000", guesses=("/Entertainment/Theater",)),
    Section(
        ("Entertainment", "K-pop"),
        "020409000000",
        paths=("/Kpop",),
        places=(("K-pop",),),
    ),
    Section(("Sports",), "020500000000", paths=("/Sports",)),
    Section(("Sports", "Soccer"), "020501000000", guesses=("/Sports/Soccer",)),
    Section(("Sports", "Baseball"), "020502000000", guesses=("/Sports/Baseball",)),
    Section(("Sports", "Golf"), "020503000000", guesses=("/Sports/Golf",)),
    Section(("Sports", "More Sports"), "020504000000", guesses=("/Sports/MoreSports",)),
    Section(("World",), "021200000000", paths=("/World",)),
    Section(("World", "World News"), "021201000000", guesses=("/World/WorldNews",)),
    Section(("World", "World Business"), "021202000000", guesses=("/World/WorldBusiness",)),
    Section(("Opinion",), "020600000000", paths=("/Opinion",)),
    Section(("Opinion", "Editorial"), "020601000000", guesses=("/Opinion/Editorial",)),
    Section(("Opinion", "Viewpoints"), "020603000000", guesses=("/Opinion/Viewpoints",)),
    Section(("Opinion", "English Eye"), guesses=("/Opinion/EnglishEye",)),
    Section(
        # The whole of the old English Cafe, of which Podcast was a part.
        ("Podcast",),
        "021000000000",
        older=("021001000000",),
        guesses=("/Podcast",),
        places=(("English Cafe", "Podcast"),),
    ),
    Section(("Topics", "Weekender"), ctv="12", guesses=("/Weekender",), places=(("Weekender",),)),
    Section(("Topics", "PR Newswire"), guesses=("/PRNewswire",), places=(("PR Newswire",),)),
    Section(
        ("Topics", "Global Insight"), guesses=("/GlobalInsight",), places=(("Global Insight",),)
    ),
)

#: Labels of some year's menu that are no section of the 2021 menu, by the code of their list.
OTHER_LABELS: Final[dict[str, tuple[str, ...]]] = {
    "All": ("020000000000",),
    "Asia News Network": ("021204000000",),
    "English Cafe": ("021000000000",),
    "Powernote": ("021003000000",),
    "Hashtag Korea": ("022100000000",),
    "KH features": ("023300000000",),
    "Korean": ("140100000000",),
}

_WORDS = re.compile(r"[^\W_]+")
_HOME = "home"
_LONGEST_REMEMBERED: Final = 60


def label_key(text: str) -> str:
    """Reduce a printed label to what all its spellings have in common.

    >>> label_key("LIFE &amp; STYLE") == label_key("Life&Style") == label_key("Life and Style")
    True
    >>> label_key("Foreign  Affairs")
    'foreignaffairs'
    """
    return _key_of_label(text) if len(text) <= _LONGEST_REMEMBERED else _key(text)


def _key(text: str) -> str:
    words = _WORDS.findall(html.unescape(text).casefold())
    return "".join(word for word in words if word != "and")


#: Every page asks for the same few labels.
_key_of_label: Final = lru_cache(maxsize=1024)(_key)


def by_slug(slug: str) -> Section:
    """Look a section up by the name of its spider; KeyError where there is none."""
    return _BY_SLUG[slug]


def match_label(text: str) -> Section | None:
    """Find the section that a printed label names, whatever its case, spaces and year.

    >>> match_label("LIFE&STYLE").path
    ('Life&Style',)
    >>> match_label("Mobility").path
    ('Business', 'Transport')
    """
    return _BY_LABEL.get(label_key(text))


def match_path(path: Sequence[str]) -> Section | None:
    """Find the section that a whole label path names, in the nesting of any year's menu.

    >>> match_path(["BUSINESS", "Economy"]).path
    ('Finance', 'Economy')
    """
    return _BY_PATH.get(tuple(map(_written, path)))


def parent(section: Section) -> Section | None:
    """Find the section one level up; None at the top, and below Topics, which has no list."""
    return _BY_PATH.get(section.path[:-1])


def spellings(path: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """List the label paths, as :func:`label_key` has them, that mean the same section as a path.

    The path itself comes first, then other names of its labels, then other places.

    >>> spellings(("Business", "Transport"))[:2]
    (('business', 'transport'), ('business', 'automode'))
    """
    section = match_path(path)
    wanted = [tuple(path)]
    if section is not None:
        wanted += [section.path, *section.places]
    found: dict[tuple[str, ...], None] = {}
    for labels in wanted:
        variants: list[tuple[str, ...]] = [()]
        for label in labels:
            variants = [(*before, name) for before in variants for name in _names(label)]
        found.update(dict.fromkeys(variants))
    return tuple(found)


def addresses(section: Section) -> tuple[str, ...]:
    """List the addresses a section's list may be at: today's, guesses at it, then the old ones."""
    known = [*section.paths, *section.guesses]
    codes = (section.ct, *section.older) if section.ct else section.older
    known += [f"/list.php?ct={ct}" for ct in codes]
    if section.ctv:
        known.append(f"/list.php?ctv={section.ctv}")
    return tuple(ROOT + path for path in known)


def most_specific(page_labels: Sequence[str], list_path: Sequence[str] = ()) -> tuple[str, ...]:
    """Join what a page says of its section with the list on which the story was found.

    A page that names a branch of the menu and a list further down that branch give the list's
    path; a page that names another branch is right about itself. Labels are written as the menu
    writes them; a label that the menu lacks stays as printed.

    :param page_labels: labels the page prints, outermost first, in any case
    :param list_path: the menu path of the list; empty for a story fetched alone

    >>> most_specific(["NATIONAL"], ["National", "North Korea"])
    ('National', 'North Korea')
    >>> most_specific(["Foreign  Affairs"])
    ('National', 'Foreign Affairs')
    >>> most_specific(["Politics"], ["Topics", "Weekender"])
    ('National', 'Politics')
    """
    page = _menu_path(page_labels)
    found = _menu_path(list_path)
    if not page or _leads_to(page, found):
        return found
    return page


def _names(label: str) -> list[str]:
    section = match_label(label)
    names = [label_key(label)]
    if section is not None:
        names += [label_key(name) for name in (section.label, *section.aliases)]
    return list(dict.fromkeys(names))


def _written(label: str) -> str:
    """Write a label as the menu does, and one that the menu lacks as printed."""
    return _MENU_LABELS.get(label_key(label)) or " ".join(html.unescape(label).split())


def _menu_path(labels: Iterable[str]) -> tuple[str, ...]:
    """Write labels as the menu does, and complete a lone one to its path."""
    written: list[str] = []
    for label in labels:
        name = _written(label)
        if name and name not in written[-1:] and (written or label_key(name) != _HOME):
            written.append(name)
    section = match_label(written[0]) if len(written) == 1 else match_path(written)
    return section.path if section is not None else tuple(written)


def _leads_to(page: tuple[str, ...], found: tuple[str, ...]) -> bool:
    """Tell whether a menu of any year has the list's section at or below the page's."""
    section = match_path(found)
    places = (found,) if section is None else (section.path, *section.places)
    return any(place[: len(page)] == page for place in places)


_BY_SLUG: Final = {section.slug: section for section in SECTIONS}
_BY_LABEL: Final = {
    label_key(name): section for section in SECTIONS for name in (section.label, *section.aliases)
}
_BY_PATH: Final = {
    path: section for section in SECTIONS for path in (section.path, *section.places)
}
#: How the menu writes a label, by its key; the groups that have no list of their own included.
_MENU_LABELS: Final = {
    **{label_key(label): label for section in SECTIONS for label in section.path},
    **{label_key(label): label for label in OTHER_LABELS},
    **{label_key(name): section.label for section in SECTIONS for name in section.aliases},
}
#: Keys of all labels that any year's menu had, and of those that stood at its top.
LABEL_KEYS: Final = frozenset(_MENU_LABELS)
TOP_KEYS: Final = frozenset(
    label_key(name)
    for section in SECTIONS
    for path in (section.path, *section.places)
    for name in (path[0], *(section.aliases if len(path) == 1 else ()))
)
