"""What stands under a story's pictures: captions and credits, told from the story's lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from heraldcrawl.items import Image
from heraldcrawl.site.credits import split_credit
from heraldcrawl.site.pictures import original
from heraldcrawl.site.text import Line, clean, loose, same

if TYPE_CHECKING:
    from heraldcrawl.site.flow import Flow, Picture

#: The longest caption known has some 700 characters: longer is the story beside the photo.
_LONGEST_CAPTION: Final = 1500
#: A caption of more lines than this is the story, too.
_MOST_LINES: Final = 3
#: No page shows more; a page that does is broken.
_MOST_PICTURES: Final = 300
_FILE_NAME = re.compile(r"[^ ]*\.(?:jpe?g|png|gif|webp|avif)|[^ (]{0,40}", re.IGNORECASE)


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
                frame.characters <= _LONGEST_CAPTION * frame.pictures
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
    for picture, printed in zip(pictures[:_MOST_PICTURES], captions, strict=False):
        url = original(picture.url, page_url)
        if not url.startswith(("http://", "https://")):
            continue
        caption, credit = split_credit(caption_of(printed, picture.alt, headline) or "")
        image = found.setdefault(url, Image(url))
        image.caption = image.caption or clean(caption or "") or None
        image.credit = image.credit or credit
    return list(found.values())
