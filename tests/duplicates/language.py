"""Invented prose with the statistics of news: a few words everywhere, very many rare ones.

The sample site's sentences come from a few dozen patterns, so that two of its stories have more in
common than two real ones. Here a grammar puts sentences together: the n-th noun is about n times as
rare as the first, and names, places and what it is about belong to one story. Two stories on
different things have two pairs of words in a hundred in common and four runs of three words in a
thousand; with real stories of the newspaper it is one in a hundred, and one or two in a thousand.
"""

from __future__ import annotations

import re
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: What a symbol may stand for; what is there twice is twice as likely. ``{1..9}`` is a number, with
#: the decimals of its bounds, and ``{a|b}`` one or the other.
GRAMMAR = {
    "sentence": (
        "{clause}.", "{clause}.", "{clause} {and} {clause}.", "{clause}, {and} {clause}.",
        "{clause} {when}.", "{clause} {and} {clause} {when}.", "{clause}, {says}.",
    ),
    "clause": (
        "{agent} {verb} {thing}", "{agent} {verb} {thing}", "{agent} {verb} {thing}",
        "{agent} {verb} that {thing} would be {adjective}", "{thing} was {verb} by {agent}",
        "{thing} in {place} has been {verb}", "{agent} has {verb} {amount} of {thing}",
    ),
    "agent": ("{name}", "{name} of the {noun}", "{the} {noun}", "{the} {adjective} {noun}"),
    "thing": (
        "{the} {noun} {of} {noun}", "{the} {adjective} {noun}", "{noun} {of} {the} {noun}",
        "{adjective} {noun} {noun}",
    ),
    "when": (
        "on {day}", "in {place}", "in {place}", "{of} {the} {noun}", "{of} {the} {noun}",
        "at a {noun} in {place}", "for {2..20} years", "from {amount} a year earlier",
    ),
    "amount": (
        "{1.0..99.0} percent", "about {11..999}", "more than {1..99},{100..999}",
        "{2..99} billion won",
    ),
    "says": (
        "officials said", "residents said", "the spokesman added", "experts say", "data showed",
        "according to a statement", "the report showed", "critics say", "he said", "she said",
    ),
    "the": ("the",) * 6 + ("a", "its", "their", "this", "every", "another", "some", "no", "one"),
    "of": (
        "of", "in", "for", "on", "with", "from", "at", "by", "under", "over", "near", "behind",
        "across", "against", "beyond",
    ),
    "and": ("and", "and", "but", "while", "after", "because", "as"),
    "noun": ("{common noun}", "{common noun}", "{own noun}"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    # Korean has fewer and longer words, each with its particle.
    "문장": (
        "{주어} {목적어} {목적어} {끝}.", "{주어} {주어} {목적어} {목적어} {끝}.",
        "{주어} {수} {목적어} {목적어} {끝}.",
        "{이어} {주어} {목적어} {목적어} {목적어} {끝}.",
    ),
    "주어": ("{말}은", "{말}이", "{말}가", "{말}의", "{말}도"),
    "목적어": ("{말}을", "{말}를", "{말}에", "{말}에서", "{말}으로", "{말}과"),
    "수": ("{1..31}일", "{1.0..99.0}%", "{2..990}억원", "{2..99}명"),
    "이어": ("이어", "한편", "다만", "또", "그러나", "{이름} 위원은"),
    "말": ("{흔한 말}", "{흔한 말}", "{제 말}"),
    "끝": (
        "밝혔다", "말했다", "전했다", "설명했다", "덧붙였다", "나타났다", "집계됐다",
        "예상된다", "알려졌다", "강조했다", "지적했다", "시작했다", "마쳤다", "결정했다",
        "논의했다", "줄었다", "늘었다", "열었다", "올랐다",
    ),
}  # fmt: skip

_SYLLABLES = (
    "an", "ba", "cho", "dan", "eun", "go", "ha", "in", "jin", "ko", "lim", "min",
    "na", "ok", "pa", "ra", "seo", "tae", "ul", "won", "yu",
)  # fmt: skip
_HANGUL = (
    "강경고공관교구국군금기남노농단대도동로류만명문미민박반발방배백변보부북비사산상서"
    "선성세소수시신심안양여연영오용우운원위유은의이인일임자장재전정제조종주중지진차창"
    "천철청총최추충치태통평표하한해현형호화환회효"
)


class _Lexicon:
    """Words from the most frequent to the rarest: a list, and invented ones after it."""

    def __init__(self, name: str, count: int, invent: Callable[[Random], str]) -> None:
        listed = (Path(__file__).parent / "lexicon" / f"{name}.txt").read_text("utf-8").split()
        rng = Random(name)
        self._words = [*listed, *(invent(rng) for _ in range(count))]
        self._weights = list(accumulate(1 / (rank + 15) for rank in range(len(self._words))))

    def word(self, rng: Random) -> str:
        return rng.choices(self._words, cum_weights=self._weights)[0]


def _latin(endings: str) -> Callable[[Random], str]:
    return lambda rng: (
        "".join(rng.choices(_SYLLABLES, k=rng.randint(1, 3))) + rng.choice(endings.split())
    )


def _hangul(rng: Random) -> str:
    return "".join(rng.choices(_HANGUL, k=rng.randint(2, 4)))


_LEXICONS = {
    "common noun": _Lexicon("nouns", 8000, _latin("ment tion ness er ity age ship ist ure")),
    "verb": _Lexicon("verbs", 3000, _latin("ed ated ized ened")),
    "adjective": _Lexicon("adjectives", 3000, _latin("al ive ous less ful ic")),
    "common place": _Lexicon("places", 300, _latin("san gu do cheon po")),
    "흔한 말": _Lexicon("korean", 6000, _hangul),
}


class Writer:
    """Writes one story; all chance comes from one generator.

    :param korean: in Korean
    """

    def __init__(self, rng: Random, *, korean: bool = False) -> None:
        self.rng = rng
        self._sentence = "{문장}" if korean else "{sentence}"
        # What the story is about and who acts comes up again and again.
        self._own: dict[str, Sequence[str]] = {
            "name": [f"{_name(rng)} {_name(rng)}-{rng.choice(_SYLLABLES)}" for _ in range(4)],
            "place": [self.fill("{common place}") for _ in range(3)],
            "own noun": [self.fill("{common noun}") for _ in range(6)],
            "이름": [_hangul(rng)],
            "제 말": [self.fill("{흔한 말}") for _ in range(6)],
        }

    def fill(self, template: str) -> str:
        """Put words into the slots of a template."""
        return re.sub(r"\{([^{}]+)\}", lambda slot: self._word(slot[1]), template)

    def sentence(self) -> str:
        text = self.fill(self._sentence)
        return text[:1].upper() + text[1:]

    def paragraph(self, sentences: int = 2) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def word(self) -> str:
        """Any word, as often as it is in the language."""
        return self.rng.choice(self.sentence().rstrip(".").split())

    def _word(self, slot: str) -> str:
        if slot in _LEXICONS:
            return _LEXICONS[slot].word(self.rng)
        if ".." in slot:
            low, high = slot.split("..", 1)
            decimals = len(low.partition(".")[2])
            return f"{self.rng.uniform(float(low), float(high)):.{decimals}f}"
        choices = slot.split("|") if "|" in slot else self._own.get(slot) or GRAMMAR[slot]
        return self.fill(self.rng.choice(choices))


def _name(rng: Random) -> str:
    return rng.choice(_SYLLABLES).title()
