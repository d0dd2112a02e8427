"""Invented English prose with the statistics of news: few words that are everywhere, many rare ones.

The sample site's sentences come from a few dozen patterns, so that two of its stories have more in
common than two real ones. Here sentences are put together from phrases: common words between
them, nouns and verbs as rare as in a language (the n-th one n times as rare as the first), names
that belong to one story. Of two stories on different things about one pair of words in a hundred is
the same, and one run of three words in five hundred, as in real newspaper texts.
"""

from __future__ import annotations

import itertools
import random

_NOUNS = """
    government ministry plan company market report court law price project court official meeting
    group city country price year policy talks bill committee industry budget share region program
    investment bank leader deal issue measure agency system water school worker union student farmer
    hospital doctor patient vaccine road bridge port ship train airport airline passenger fare ticket
    stadium player coach match season league goal fan crowd concert album singer song stage audience
    film director actor scene novel writer reader library museum painting temple monk festival food
    restaurant chef recipe fish rice cabbage fruit harvest drought flood storm typhoon snow heat river
    mountain forest fire smoke rescue victim police suspect arrest warrant prosecutor judge verdict
    appeal lawyer prison witness evidence phone message account password server network device chip
    display battery car engine factory plant supplier order export import tariff quota treaty summit
    envoy embassy visa border soldier drill base missile radar satellite launch orbit engineer
    laboratory experiment study survey respondent household income wage pension tax rent apartment
    loan debt interest rate fund investor stock bond currency dollar profit loss revenue quarter
    forecast analyst economist professor university exam teacher parent child birth marriage funeral
    grandmother veteran memorial ceremony statue flag anthem election candidate ballot voter party
    campaign speech slogan rally protest banner petition complaint hotline volunteer charity donation
    shelter refugee island village fisherman net lighthouse coast tide beach sand tourist guide hotel
    booking luggage passport customs officer dog cat crane whale bee flower garden seed soil tractor
    barn fence wall gate roof window kitchen stove kettle bowl spoon table chair lamp clock mirror coat
    glove hat shoe thread loom needle pattern color brush ink paper letter stamp parcel truck driver
    lane signal accident injury ambulance surgery recovery diet exercise sleep stress smoking alcohol
    sugar salt oil gas coal wind panel reactor waste plastic bottle can recycling landfill dust filter
""".split()  # fmt: skip
_VERBS = """
    said announced reported confirmed denied rejected approved passed delayed opened closed launched
    raised cut reduced expanded built sold bought signed ended began joined left visited met urged
    warned criticized praised welcomed ordered banned allowed investigated questioned released
    collected counted measured tested repaired replaced moved carried delivered lost found won missed
    drew led followed backed opposed suspended resumed canceled postponed drafted revised published
    leaked copied translated taught trained hired dismissed paid owed borrowed saved spent wasted
    planted cut harvested cooked served tasted painted carved restored displayed recorded played
    broadcast watched filmed staged rehearsed crossed climbed rescued treated cured infected vaccinated
    protected guarded searched seized destroyed burned flooded buried washed cleaned swept sealed
""".split()  # fmt: skip
_ADJECTIVES = """
    new last first national local public private foreign major large small high low early late recent
    former senior young old old-fashioned strong weak heavy light rapid slow steady sharp mild deep
    narrow wide rural urban coastal northern southern eastern western annual monthly weekly daily
    regular special joint separate common rare typical unusual likely unlikely possible certain
    uncertain difficult easy safe dangerous clean dirty dry wet cold warm hot bitter sweet sour quiet
    loud bright dark empty full open secret official independent traditional modern digital electric
    nuclear military financial legal medical criminal political economic social cultural historic
""".split()  # fmt: skip
_PLACES = """
    Seoul Busan Incheon Daegu Gwangju Daejeon Ulsan Suwon Jeju Jeonju Pohang Mokpo Gangneung Sokcho
    Andong Yeosu Tongyeong Gunsan Paju Cheorwon Hongcheon Damyang Boseong Namhae Geoje Ulleungdo
    Hwaseong Pyeongtaek Asan Seosan Boryeong Iksan Namwon Gurye Hadong Miryang Yeongju Bonghwa
""".split()  # fmt: skip
_SYLLABLES = "an ba cho dan eun go ha in jin ko lim min na ok pa ra seo tae ul won yu".split()
_PEOPLE = (
    "officials said", "residents said", "the spokesman added", "a person close to the matter said",
    "experts say", "according to a statement", "the report showed", "critics say", "he said",
    "she said", "it was not immediately clear why", "data showed", "the paper said",
)  # fmt: skip

_PREPOSITIONS = "of in for on with from at by under over near behind across against beyond".split()
_DETERMINERS = "the a its their this that every another some no one".split()


def _invented(endings: str, count: int, seed: int) -> list[str]:
    """Rare words, for no list of real ones is as long as a language's."""
    rng = random.Random(seed)
    return [
        "".join(rng.choices(_SYLLABLES, k=rng.randint(1, 3))) + rng.choice(endings.split())
        for _ in range(count)
    ]


class _Lexicon:
    """Words from the most frequent to the rarest."""

    def __init__(self, listed: list[str], endings: str, count: int) -> None:
        self.words = [*listed, *_invented(endings, count, len(listed))]
        self.weights = list(itertools.accumulate(1 / (rank + 15) for rank in range(len(self.words))))


NOUNS = _Lexicon(_NOUNS, "ment tion ness er ity age ship ist ure", 8000)
VERBS = _Lexicon(_VERBS, "ed ated ized ened", 3000)
ADJECTIVES = _Lexicon(_ADJECTIVES, "al ive ous less ful ic", 3000)


class Prose:
    """Writes sentences; all chance comes from one generator."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.names = [self._name() for _ in range(4)]  # of the story's people and firms
        self.places = rng.sample(_PLACES, 3)
        # What the story is about comes up again and again.
        self.matter = [self._of(NOUNS) for _ in range(6)]

    def sentence(self) -> str:
        rng = self.rng
        parts = [self._clause()]
        if rng.random() < 0.5:
            parts.append(
                rng.choice(("and", "but", "while", "after", "because", "as")) + " " + self._clause()
            )
        if rng.random() < 0.4:
            parts.append(self._circumstance())
        if rng.random() < 0.15:
            parts.append(rng.choice(_PEOPLE))
        text = ", ".join(parts) if rng.random() < 0.5 else " ".join(parts)
        return text[:1].upper() + text[1:] + "."

    def paragraph(self, sentences: int = 2) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def word(self) -> str:
        """Any word, as often as it is in the language."""
        return self.rng.choice(self.sentence().rstrip(".").split())

    def _clause(self) -> str:
        rng = self.rng
        verb = self._of(VERBS)
        match rng.choices(range(6), (5, 2, 2, 2, 1, 1))[0]:
            case 0:
                return f"{self._agent()} {verb} {self._thing()}"
            case 1:
                return f"{self._agent()} {verb} that {self._thing()} would be {self._of(ADJECTIVES)}"
            case 2:
                return f"{self._thing()} was {verb} by {self._agent()}"
            case 3:
                return f"{self._thing()} in {rng.choice(self.places)} has been {verb}"
            case 4:
                return f"{self._agent()} has {verb} {self._amount()} of {self._thing()}"
            case _:
                return f"{self._amount()} of {self._thing()} were {verb} {self._circumstance()}"

    def _agent(self) -> str:
        rng = self.rng
        match rng.randrange(4):
            case 0:
                return rng.choice(self.names)
            case 1:
                return f"{rng.choice(self.names)} of the {self._noun()}"
            case 2:
                return f"{self._the()} {self._noun()}"
            case _:
                return f"{self._the()} {self._of(ADJECTIVES)} {self._noun()}"

    def _thing(self) -> str:
        rng = self.rng
        match rng.randrange(4):
            case 0:
                return f"{self._the()} {self._noun()} {rng.choice(_PREPOSITIONS)} {self._noun()}"
            case 1:
                return f"{self._the()} {self._of(ADJECTIVES)} {self._noun()}"
            case 2:
                return f"{self._noun()} {rng.choice(_PREPOSITIONS)} {self._the()} {self._noun()}"
            case _:
                return f"{self._of(ADJECTIVES)} {self._noun()} {self._noun()}"

    def _circumstance(self) -> str:
        rng = self.rng
        match rng.choices(range(6), (4, 5, 1, 1, 3, 8))[0]:
            case 0:
                return f"on {rng.choice(DAYS)}"
            case 1:
                return f"in {rng.choice(self.places)}"
            case 2:
                return f"for the {rng.choice(('first', 'second', 'third'))} time in {rng.randint(2, 20)} years"
            case 3:
                return f"from {self._amount()} a year earlier"
            case 4:
                return f"at a {self._noun()} in {rng.choice(self.places)} on {rng.choice(DAYS)}"
            case _:
                return f"{rng.choice(_PREPOSITIONS)} {self._the()} {self._noun()}"

    def _amount(self) -> str:
        rng = self.rng
        match rng.choices(range(4), (2, 1, 3, 3))[0]:
            case 0:
                return f"{rng.uniform(1, 99):.1f} percent"
            case 1:
                return f"{rng.randint(2, 99)} billion won"
            case 2:
                return f"about {rng.randint(11, 999)}"
            case _:
                return f"more than {rng.randint(1, 99)},{rng.randint(0, 999):03}"

    def _the(self) -> str:
        return self.rng.choice(_DETERMINERS) if self.rng.random() < 0.6 else "the"

    def _noun(self) -> str:
        return self.rng.choice(self.matter) if self.rng.random() < 0.4 else self._of(NOUNS)

    def _of(self, lexicon: _Lexicon) -> str:
        return self.rng.choices(lexicon.words, cum_weights=lexicon.weights)[0]

    def _name(self) -> str:
        family, first, second = self.rng.choices(_SYLLABLES, k=3)
        return f"{family.title()} {first.title()}-{second}"


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Korean:
    """Writes Korean sentences: fewer and longer words, each with its particle."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._name = "".join(rng.choices(_HANGUL, k=3))
        self._matter = [self._of(_HANGUL_NOUNS) for _ in range(6)]

    def sentence(self) -> str:
        rng = self.rng
        parts = [
            f"{self._noun()}{rng.choice(('은', '이', '가', '의', '도'))}" for _ in range(rng.randint(1, 2))
        ]
        parts += [
            f"{self._noun()}{rng.choice(('을', '를', '에', '에서', '으로', '과'))}"
            for _ in range(rng.randint(2, 4))
        ]
        if rng.random() < 0.4:
            parts.insert(rng.randrange(len(parts)), self._amount())
        if rng.random() < 0.3:
            parts.insert(0, rng.choice(("이어", "한편", "다만", "또", "그러나", f"{self._name} 위원은")))
        parts.append(rng.choice(_HANGUL_ENDS))
        return " ".join(parts) + "."

    def paragraph(self, sentences: int = 2) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def word(self) -> str:
        """Any word, as often as it is in the language."""
        return self.rng.choice(self.sentence().rstrip(".").split())

    def _noun(self) -> str:
        return self.rng.choice(self._matter) if self.rng.random() < 0.3 else self._of(_HANGUL_NOUNS)

    def _of(self, lexicon: _Lexicon) -> str:
        return self.rng.choices(lexicon.words, cum_weights=lexicon.weights)[0]

    def _amount(self) -> str:
        rng = self.rng
        return rng.choice(
            (f"{rng.randint(1, 31)}일", f"{rng.uniform(1, 99):.1f}%", f"{rng.randint(2, 990)}억원", f"{rng.randint(2, 99)}명")
        )  # fmt: skip


_HANGUL = tuple("강경고공관교구국군금기남노농단대도동로류만명문미민박반발방배백변보부북비사산상서선성세소수시신심안양여연영오용우운원위유은의이인일임자장재전정제조종주중지진차창천철청총최추충치태통평표하한해현형호화환회효")
_HANGUL_NOUNS = _Lexicon(
    ["정부", "경제", "시장", "회의", "대통령", "서울", "기업", "정책", "사업", "국회", "예산", "기술", "가격"], "", 0
)
_HANGUL_NOUNS.words += [
    "".join(random.Random(n).choices(_HANGUL, k=2 + n % 3)) for n in range(6000)
]
_HANGUL_NOUNS.weights = list(
    itertools.accumulate(1 / (rank + 15) for rank in range(len(_HANGUL_NOUNS.words)))
)
_HANGUL_ENDS = (
    "밝혔다", "말했다", "전했다", "설명했다", "덧붙였다", "나타났다", "집계됐다", "예상된다", "알려졌다", "보인다",
    "강조했다", "지적했다", "시작했다", "마쳤다", "결정했다", "논의했다", "줄었다", "늘었다", "열었다", "올랐다",
)  # fmt: skip
