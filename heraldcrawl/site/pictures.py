"""Which images are photos of the story, and where their originals are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urljoin, urlsplit

from heraldcrawl.site.addresses import HOST, host_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_URL: Final = 4096
#: Where the thumbnails' script takes its originals from.
_PHOTO_ROOT: Final = "http://res.heraldm.com/"
#: Narrower is an icon or a counter.
_NARROWEST: Final = 50

# Where the Herald keeps photos; everything else on these hosts is the page's furniture.
_HERALD_HOSTS = re.compile(r"(?:^|\.)(?:heraldm|heraldcorp|kheraldm|koreaherald)\.com$")
_HERALD_PHOTO = re.compile(r"/content/|/news/cms/|/photo|/upload|/article/", re.IGNORECASE)
# Nearly all addresses: nothing in them that needs a parser.
_PLAIN = re.compile(
    r"https?://(?P<host>[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,9})(?P<path>(?:/[A-Za-z0-9_][\w.-]*)+)",
    re.ASCII,
).fullmatch
_FURNITURE = re.compile(
    r"/(?:icons?|btns?|buttons?|sns|logos?|banners?|ads?|adimg|emoticons?)/"
    r"|(?:^|[/_-])(?:icon|ico|btn|blank|spacer|pixel|bullet|logo|banner|loading|transparent|counter)"
    r"[^/]{0,40}$|img_snsLogo|1x1\.",
    re.IGNORECASE,
)
_FURNITURE_HOSTS = re.compile(
    r"^(?:ads?|adserver|adimg|track\w*|pixel|beacon|stats?|counter|log|cnt|s0)\."
    r"|doubleclick|googlesyndication|google-analytics|netinsight|criteo|taboola|outbrain|dable"
    r"|facebook\.com$|scorecardresearch",
    re.IGNORECASE,
)


def is_photo(url: str, attributes: Mapping[str, str | None]) -> bool:
    """Tell a photo from a counter, an icon or an advert.

    >>> is_photo("//res.heraldm.com/content/image/2021/08/05/20210805000001_0.jpg", {})
    True
    >>> is_photo("http://res.heraldm.com/koreaherald/version01/www/images/img_snsLogo.png", {})
    False
    """
    if not url or len(url) > _LONGEST_URL or url[:5].lower() in ("data:", "about", "javas"):
        return False
    for side in ("width", "height"):
        given = (attributes.get(side) or "").strip().removesuffix("px")
        if given.isascii() and given.isdigit() and int(given[:6]) < _NARROWEST:
            return False
    if plain := _PLAIN(url):
        host, path, query = plain["host"], plain["path"], ""
    else:
        try:
            parts = urlsplit(url.strip())
            host, path, query = (parts.hostname or "").lower(), parts.path, parts.query
        except ValueError:
            return False
    if _HERALD_HOSTS.search(host):
        if "simg=" in query:
            return True
        return bool(_HERALD_PHOTO.search(path)) and not _FURNITURE.search(path)
    return not (_FURNITURE_HOSTS.search(host) or _FURNITURE.search(path))


def is_herald_picture(url: str) -> bool:
    """Tell whether a picture is on one of the Herald's hosts, and may be asked for.

    >>> is_herald_picture("https://wimg.heraldcorp.com/news/cms/2026/01/31/news-p.v1.1_P1.jpg")
    True
    >>> is_herald_picture("https://wimg.heraldcorp.com@img.example/1.jpg")
    False
    """
    return url[:4].lower() == "http" and _HERALD_HOSTS.search(host_of(url)) is not None


def picture_at(url: str, site_url: str) -> str:
    """Move a picture's address to another root, keeping path and query; the Herald's own is none.

    >>> picture_at("http://res.heraldm.com/content/image/2021/08/05/1_0.jpg", "http://127.0.0.1:80")
    'http://127.0.0.1:80/content/image/2021/08/05/1_0.jpg'
    """
    if not is_herald_picture(url) or host_of(site_url) == HOST:
        return url
    parts = urlsplit(url)
    return site_url.rstrip("/") + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def original(url: str, page_url: str) -> str:
    """Make a photo's address absolute; a thumbnail's script tells where the original is.

    >>> original("/phpwas/restmb_idxmake.php?idx=601&simg=/content/image/2019/03/01/1_0.jpg",
    ...          "http://www.koreaherald.com/view.php?ud=20190301000001")
    'http://res.heraldm.com/content/image/2019/03/01/1_0.jpg'
    """
    if _PLAIN(url):
        return url
    try:
        url = urljoin(page_url, "".join(url.split()))
        parts = urlsplit(url)
        inner = parse_qs(parts.query, max_num_fields=50).get("simg") if "simg=" in url else None
        return urljoin(_PHOTO_ROOT, inner[0]) if inner else url
    except ValueError:
        return ""
