"""Which images are photos of the story, where their originals are, and what stands under them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urljoin, urlsplit

from heraldcrawl.items import Image
from heraldcrawl.site.addresses import HOST, host_of
from heraldcrawl.site.credits import split_credit
from heraldcrawl.site.text import Line, clean, loose, same

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heraldcrawl.site.flow import Flow, Picture

#: The longest caption known has some 700 characters: longer is the story beside the photo.
LONGEST_CAPTION: Final = 1500
#: A caption of more lines than this is the story, too.
_MOST_LINES: Final = 3
#: No page shows more; a page that does is broken.
MOST_PICTURES: Final = 300
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
_FILE_NAME = re.compile(r"[^ ]*\.(?:jpe?g|png|gif|webp|avif)|[^ (]{0,40}", re.IGNORECASE)


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


def tell_apart(shown: Flow, page_url: str, headline: str = "") -> tuple[list[Image], list[Line]]:
    """Divide what a page shows into pictures with their captions, and the lines of the story.

    A line is a caption if the page calls it one, if it repeats the text inside the picture, or if
    it is short and stands in a frame with a picture.
    """
    pictures: list[Picture] = []
    captions: list[list[str]] = []
    lines: list[Line] = []
    waiting: list[tuple[int, str]] = []  # captions above their picture
    since = _MOST_LINES  # caption lines since the last picture
    items = shown.items
    for place, item in enumerate(items):
        if not isinstance(item, Line):
            pictures.append(item)
            captions.append([text for frame, text in waiting if frame == item.frame])
            waiting.clear()
            since = 0
            continue
        alts = [pictures[-1].alt] if since < _MOST_LINES else []
        following = items[place + 1] if place + 1 < len(items) else item
        if not isinstance(following, Line):
            alts.append(following.alt)
        if item.caption or _repeats(item.text, alts) or _is_framed(shown, item, since):
            since += 1
            if pictures and (since <= _MOST_LINES or pictures[-1].frame == item.frame):
                captions[-1].append(item.text)
            else:
                waiting.append((item.frame, item.text))
            continue
        since = _MOST_LINES
        lines.append(item)
    return _images(pictures, captions, page_url, headline), lines


def caption_of(printed: list[str], alt: str, headline: str = "") -> str | None:
    """Choose a picture's caption from what is printed at it and what it says inside.

    >>> caption_of(["A flag. (AP) A flag. (AP)"], "A flag. (AP)")
    'A flag. (AP)'
    >>> caption_of([], "Spring flowers in Gwanghwamun on Monday (Yonhap)")
    'Spring flowers in Gwanghwamun on Monday (Yonhap)'
    >>> caption_of([], "20210805000001_0.jpg") is None
    True
    """
    text = " ".join(dict.fromkeys(_halved(line) for line in printed))
    if text:
        return text
    if not alt or _FILE_NAME.fullmatch(alt) or same(alt, headline):
        return None
    return _halved(alt)


def _halved(text: str) -> str:
    middle = len(text) // 2
    first, second = text[:middle].rstrip(), text[middle:].lstrip()
    return first if first == second and len(first) > 1 else text


def _repeats(text: str, alts: list[str]) -> bool:
    return any(alt and loose(alt) == loose(_halved(text)) for alt in alts)


def _is_framed(shown: Flow, line: Line, since: int) -> bool:
    """Tell whether the closest frame with a picture in it makes this line a caption.

    A frame that is small enough is caption as a whole. In centred text, which broken pages forget
    to end, only the first line after the picture is, and if the frame is large, only with a credit.
    """
    number = line.frame
    while number:
        frame = shown.frames[number]
        if frame.pictures:
            small = (
                frame.characters <= LONGEST_CAPTION * frame.pictures
                and frame.lines <= _MOST_LINES * frame.pictures
            )
            if frame.loose:
                return not since and (small or split_credit(line.text)[1] is not None)
            return small
        number = frame.outer
    return False


def _images(
    pictures: list[Picture], captions: list[list[str]], page_url: str, headline: str
) -> list[Image]:
    found: dict[str, Image] = {}
    for picture, printed in zip(pictures[:MOST_PICTURES], captions, strict=False):
        url = original(picture.url, page_url)
        if not url.startswith(("http://", "https://")):
            continue
        caption, credit = split_credit(caption_of(printed, picture.alt, headline) or "")
        image = found.setdefault(url, Image(url))
        image.caption = image.caption or clean(caption or "") or None
        image.credit = image.credit or credit
    return list(found.values())
