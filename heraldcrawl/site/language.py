"""Which language a story is written in."""

from __future__ import annotations

import re
from typing import Literal

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]+")
_NO_LETTERS = bytes(byte for byte in range(128) if not chr(byte).isalpha())

#: A story's first pages tell as much as all of them.
LONGEST_LOOK = 20_000


def language(text: str) -> Literal["en", "ko"]:
    """Tell Korean from English by the letters; a text without letters counts as English.

    One Hangul syllable says about as much as two or three Latin letters, so that a story printed
    in both languages has a third of its letters in Hangul. Only more than that is Korean.

    >>> language("The K-pop idol 방탄소년단 landed in Seoul on Friday")
    'en'
    >>> language("삼성전자는 3일 AI 반도체 공장을 공개했다")
    'ko'
    """
    text = text[:LONGEST_LOOK]
    ascii_text = text.encode("ascii", "ignore")
    latin = len(ascii_text.translate(None, delete=_NO_LETTERS))
    if (len(text) - len(ascii_text)) * 2 <= latin:  # even if all the others were Hangul
        return "en"
    return "ko" if sum(map(len, _HANGUL.findall(text))) * 2 > latin else "en"
