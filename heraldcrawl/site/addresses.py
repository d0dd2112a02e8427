"""Addresses: a story's id from any host, year and feed fault, and the other way round.

A story has one id, the ``ud`` digits (2009 to 2024) or the number of ``/article/`` (since
December 2024), and one canonical address. Nothing here raises on any text that a page may hold.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, unquote_plus

HOST: Final = "www.koreaherald.com"
ROOT: Final = f"https://{HOST}"

#: Every name under koreaherald.com is the Herald's; outside it, only these hosts are.
#: biz.heraldcorp.com is the Korean sister paper, whose articles are numbered in the same series
#: (``/article/<8 digits>``) and are other stories: never the Herald's.
HOSTS: Final = frozenset(
    {
        "koreaherald.com",
        HOST,
        "m.koreaherald.com",
        "news.koreaherald.com",
        "nwww.koreaherald.com",
        "www01.koreaherald.com",
        "stg-www.koreaherald.com",
        "view.koreaherald.com",
        "kpopherald.koreaherald.com",
        "khnews.heraldcorp.com",
        "khnews.heraldm.com",
        "khnews.kheraldm.com",
        "khview.heraldcorp.com",
        "khview.heraldm.com",
        "khview.kheraldm.com",
        "biz.heraldm.com",
    }
)

#: Hosts whose every page is the page of the same address on www.koreaherald.com. The mobile site
#: is none: its lists are cut into pages of another size.
MIRRORS: Final = frozenset(HOSTS) - {
    "m.koreaherald.com",
    "view.koreaherald.com",
    "kpopherald.koreaherald.com",
    "biz.heraldm.com",
}

LONGEST: Final = 8192  # characters; servers refuse longer request lines

_COMMON = re.compile(
    r"https?://(?:www\.|m\.)?koreaherald\.com/"
    r"(?:view\.php\?ud=([0-9]{14})|article/([0-9]{1,10}))",
).fullmatch
_UD_DIGITS = 14
_UD = re.compile(r"[0-9]{14}(?![0-9])").match
_ARTICLE = re.compile(r"(?:/kh)?/article/([0-9]{1,10})(?![0-9])").match
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:").match
_STORY_PAGES = ("view.php", "detail.jsp")
_STORY_PARAMETERS = ("ud", "newsmlid")
_PAGING = frozenset({"np", "mp", "page", "pagetop"})
_WITHOUT_MEANING = frozenset({"ace_search", "cpv", "fbclid", "gclid", "md", "kr"})
_WHITE = dict.fromkeys(map(ord, "\t\r\n"))
_ENDS = "".join(map(chr, range(33))) + "\x7f\xa0\u200b\u3000\ufeff"
_FRONT = frozenset({"", "/", "/index.php", "/index.html"})
_LARGEST_PAGE_DIGITS = 9


def is_herald(url: str) -> bool:
    """Tell whether an address with a host is one of The Korea Herald's.

    >>> is_herald("http://khnews.kheraldm.com/view.php?ud=20190102000003")
    True
    >>> is_herald("https://www.koreaherald.com@elsewhere.example/")
    False
    """
    return _is_herald_host(_split(url)[1])


def host_of(url: str) -> str:
    """Read the host of an address, in lower case; empty where there is none to rely on."""
    return _split(url)[1]


def story_id(url: str) -> str | None:
    """Read the story's id from its address on any of the Herald's hosts, or from a bare path.

    >>> story_id("http://khview.heraldm.com/view.php?np=4&mp=1&ud=20190102000003&ACE_SEARCH=1")
    '20190102000003'
    >>> story_id("http://www.koreaherald.com/view.php?ud=/view.php?ud=20230102000003")
    '20230102000003'
    >>> story_id("https://m.koreaherald.com/article/10000001?utm_source=x")
    '10000001'
    >>> story_id("https://biz.heraldcorp.com/article/10000001") is None
    True
    """
    if match := _COMMON(url):
        return match[1] or match[2]
    scheme, host, rest = _split(url)
    if host:
        if not _is_herald_host(host):
            return None
    elif scheme or not _is_bare(rest):
        return None
    path, _, query = _decode(rest.partition("#")[0]).lower().partition("?")
    path = "/" + path.lstrip("./")
    if (match := _ARTICLE(path)) and host != "biz.heraldm.com":
        return match[1]
    if path.rstrip("/").rpartition("/")[2] not in _STORY_PAGES:
        return None
    found = None
    for part in query.replace("?", "&").replace(";", "&").split("&"):
        name, _, value = part.partition("=")
        if name.strip() in _STORY_PARAMETERS and (match := _UD(value.strip())):
            found = match[0]  # the last one counts, as it does for PHP
    return found


def story_url(story: str) -> str:
    """Write the canonical address of a story.

    >>> story_url("20190102000003")
    'https://www.koreaherald.com/view.php?ud=20190102000003'
    >>> story_url("10000001")
    'https://www.koreaherald.com/article/10000001'

    :raises ValueError: if that is no story's id
    """
    if not (story.isascii() and story.isdigit()):
        raise ValueError(f"not a story's id: {story!r}")
    return f"{ROOT}/view.php?ud={story}" if len(story) == _UD_DIGITS else f"{ROOT}/article/{story}"


def canonical_url(url: str) -> str:
    """Write a story's address as its canonical one, and any other as it is.

    >>> canonical_url("http://khnews.kheraldm.com/view.php?ud=20190102000003&kr=1")
    'https://www.koreaherald.com/view.php?ud=20190102000003'
    """
    id_ = story_id(url)
    return story_url(id_) if id_ else url


def are_of_one_kind(one: str, other: str) -> bool:
    """Tell whether two ids are both ``ud`` digits, or both numbers of ``/article/``.

    >>> are_of_one_kind("20190102000003", "10000001")
    False
    """
    return (len(one) == _UD_DIGITS) == (len(other) == _UD_DIGITS)


def ud_day(story: str) -> date | None:
    """Read the day on which a story was begun from its ``ud``; an article's number has none.

    >>> ud_day("20190102000003")
    datetime.date(2019, 1, 2)
    """
    if len(story) != _UD_DIGITS:
        return None
    try:
        return date(int(story[:4]), int(story[4:6]), int(story[6:8]))
    except ValueError:
        return None


def list_url(address: str, number: int) -> str:
    """Write the address of one page of a list, in the paging of the list's own kind.

    The first page is the list's plain address, the one that the menu links to.

    >>> list_url("https://www.koreaherald.com/list.php?ct=020104000000", 21)
    'https://www.koreaherald.com/list.php?ct=020104000000&np=21&mp=3'
    >>> list_url("https://www.koreaherald.com/National/NorthKorea?page=9&pageTop=true", 2)
    'https://www.koreaherald.com/National/NorthKorea?page=2&pageTop=true'

    :raises ValueError: for a number below 1
    """
    if number < 1:
        raise ValueError(f"pages of a list count from 1, not {number}")
    address, _, query = address.strip(_ENDS).partition("#")[0].partition("?")
    parts = [
        part for part in query.split("&") if part and part.partition("=")[0].lower() not in _PAGING
    ]
    if number > 1:
        if address.lower().endswith(".php"):
            parts += [f"np={number}", f"mp={(number + 9) // 10}"]
        else:
            parts.append(f"page={number}")
            if "/search/" not in address:
                parts.append("pageTop=true")
    return f"{address}?{'&'.join(parts)}" if parts else address


def page_number(url: str) -> int:
    """Read which page of its list an address shows; 1 where it does not say.

    >>> page_number("/list.php?ct=020104000000&mp=3&np=21")
    21
    """
    for part in url.partition("#")[0].partition("?")[2].split("&"):
        name, _, value = part.partition("=")
        if name.removeprefix("amp;").lower() in ("np", "page"):
            return _count(value)
    return 1


def at_site(url: str, site_url: str) -> str:
    """Move an address of the Herald to another root, keeping path and query.

    >>> at_site("https://m.koreaherald.com/list.php?ct=020104000000", "http://127.0.0.1:8080")
    'http://127.0.0.1:8080/list.php?ct=020104000000'
    """
    if not is_herald(url):
        return url
    return site_url.rstrip("/") + _rooted(_split(url)[2])


def at_herald(url: str, site_url: str) -> str:
    """Move an address under another root to www.koreaherald.com: the inverse of :func:`at_site`.

    >>> at_herald("http://127.0.0.1:8080/list.php?ct=020104000000", "http://127.0.0.1:8080/")
    'https://www.koreaherald.com/list.php?ct=020104000000'
    """
    scheme, host, rest = _split(url)
    site_scheme, site_host, base = _split(site_url)
    if not host or (scheme, host) != (site_scheme, site_host):
        return url
    base = base.rstrip("/")
    if not rest.startswith(base) or rest[len(base) : len(base) + 1] not in ("", "/", "?", "#"):
        return url
    return ROOT + _rooted(rest[len(base) :])


@lru_cache(maxsize=512)  # the pagers of a list's pages link the same pages
def resource_key(url: str) -> str:
    """Name the resource at an address, alike for all addresses of the same resource.

    A story is named by its id, a list by what it lists and its page, whatever else the address
    holds; any other page by its address with the host's mirrors, the order of parameters and
    parameters without meaning evened out.

    >>> resource_key("http://nwww.koreaherald.com/list.php?mp=1&np=2&ctv=0&ct=020104000000")
    'list:ct=020104000000:2'
    >>> resource_key("https://koreaherald.com/national/politics?page=1&pageTop=true")
    'page:/national/politics:1'
    >>> resource_key("http://koreaherald.com")
    'page:/:1'
    """
    if story := story_id(url):
        return f"story:{story}"
    scheme, host, rest = _split(url)
    rest = rest.partition("#")[0]
    path, _, query = rest.partition("?")
    parts = sorted(part for part in query.split("&") if part)
    if not _is_herald_host(host):
        return f"{scheme or 'https'}://{host}{_rooted(path)}?{'&'.join(parts)}" if host else rest
    where = "" if host in MIRRORS else host
    path = re.sub("//+", "/", _decode(path)) if "%" in path or "//" in path else path
    path = path.rstrip("/").lower() or "/"
    fields: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition("=")
        name = name.removeprefix("amp;").lower()
        if value and name not in _WITHOUT_MEANING and not name.startswith("utm_"):
            fields.setdefault(name, unquote_plus(value))
    number = _count(fields.pop("np", "") or fields.pop("page", "1"))
    if path.endswith("/list.php"):
        for code in ("ct", "ctv"):
            if code in fields:
                return f"list:{where}{code}={fields[code]}:{number}"
    kept = "&".join(f"{name}={value}" for name, value in fields.items() if name not in _PAGING)
    path = "/" if path in _FRONT else path
    return f"page:{where}{path}{'?' if kept else ''}{kept}:{number}"


def _split(url: str) -> tuple[str, str, str]:
    """Split into scheme, host with port, and the rest, as a browser would.

    The host is empty where there is none, or none that every reader would agree on.
    """
    url = url[: LONGEST + 1].strip(_ENDS)
    return _split_short(url) if len(url) <= LONGEST else ("", "", "")


@lru_cache(maxsize=512)  # a page's own address is asked about time and again
def _split_short(url: str) -> tuple[str, str, str]:
    url = url.translate(_WHITE)
    scheme = ""
    if match := _SCHEME(url):
        scheme = match[0][:-1].lower()
        after = url[match.end() :]
        if scheme not in ("http", "https"):
            # "www.koreaherald.com:443/view.php" has a host before its colon, not a scheme.
            if not (_is_herald_host(scheme) and after[:1].isdigit()):
                return scheme, "", ""
            scheme, after = "", "//" + url
        if not after.startswith("//"):
            return scheme, "", ""
    elif url.startswith("//"):
        after = url
    else:
        first = re.split("[/?#]", url, maxsplit=1)[0]
        if not _is_herald_host(first.lower()):
            return "", "", url
        after = "//" + url
    end = len(after)
    for mark in "/?#":
        at = after.find(mark, 2, end)
        end = at if at >= 0 else end
    authority = after[2:end]
    if "\\" in authority or "%" in authority:
        return scheme, "", ""
    host = authority.rpartition("@")[2].lower()
    name, _, port = host.partition(":")
    name = name.rstrip(".")
    standard = {"http": "80", "https": "443"}.get(scheme)
    host = name if port in ("", standard) or _is_herald_host(name) else f"{name}:{port}"
    return scheme, host, after[end:]


def _is_herald_host(host: str) -> bool:
    if host in HOSTS:
        return True
    name = host.removesuffix(".koreaherald.com")
    return name != host and name.isascii() and re.sub("[.-]", "", name).isalnum()


def _is_bare(path: str) -> bool:
    """Tell whether a path without a host reads as one of the site's own, not as a host's name."""
    first = path.partition("?")[0].partition("/")[0]
    return "." not in first.strip(".") or first.lower() in _STORY_PAGES


def _decode(text: str) -> str:
    """Undo percent-encoding, twice encoded included, and the entity of the ampersand."""
    for _ in range(2):
        if "%" not in text:
            break
        text = unquote(text)
    return text.replace("&amp;", "&")


def _rooted(path: str) -> str:
    return path if path.startswith("/") else f"/{path}"


def _count(digits: str) -> int:
    if digits.isascii() and digits.isdigit() and len(digits) <= _LARGEST_PAGE_DIGITS:
        return int(digits) or 1
    return 1
