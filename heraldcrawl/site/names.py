"""Who is a person, who is an agency, and who is the newspaper itself.

Bylines, closing lines, datelines and photo credits are all made of these. The tables are open:
an agency that is missing here is one line more.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Agencies, partners and newspapers: the name we keep, and how else it is printed.
#: Case, a leading "The" and white space do not matter.
ORGANIZATIONS: dict[str, tuple[str, ...]] = {
    "Yonhap": ("Yonhap News", "Yonhap News Agency", "Yonhap News TV", "YNA", "연합뉴스", "연합"),
    "AP": ("Associated Press", "AP News", "AP통신"),
    "AFP": ("Agence France-Presse", "Agence France Presse", "AFP News", "AFP통신"),
    "Reuters": ("Thomson Reuters", "Reuters News", "로이터", "로이터통신"),
    "Bloomberg": ("Bloomberg News", "Bloomberg Opinion", "Bloomberg View", "블룸버그"),
    "Tribune News Service": ("TNS",),
    "Tribune Content Agency": ("TCA",),
    "McClatchy-Tribune": (
        "MCT",
        "MCT Information Services",
        "McClatchy-Tribune Information Services",
        "McClatchy Tribune Information Services",
        "McClatchy-Tribune News Service",
    ),
    "Project Syndicate": (),
    "Asia News Network": ("ANN",),
    "PR Newswire": ("PRNewswire", "PRNewswire-AsiaNet", "PRNewswire-FirstCall"),
    "Business Wire": ("BusinessWire",),
    "GlobeNewswire": ("GLOBE NEWSWIRE",),
    "Xinhua": ("Xinhua News", "Xinhua News Agency", "신화통신"),
    "Kyodo": ("Kyodo News", "교도통신"),
    "Jiji": ("Jiji Press",),
    "dpa": ("Deutsche Presse-Agentur",),
    "EPA": ("European Pressphoto Agency",),
    "UPI": ("United Press International",),
    "TASS": ("Itar-Tass", "Tass News Agency"),
    "KCNA": ("Korean Central News Agency", "조선중앙통신"),
    "Newsis": ("뉴시스",),
    "News1": ("뉴스1",),
    "Getty Images": ("Getty",),
    "The New York Times": ("New York Times", "New York Times News Service", "NYT"),
    "The Washington Post": ("Washington Post", "Washington Post Writers Group"),
    "Los Angeles Times": ("LA Times", "L.A. Times"),
    "Chicago Tribune": (),
    "The Philadelphia Inquirer": ("Philadelphia Inquirer",),
    "Global Viewpoint": ("Global Viewpoint Network",),
    "The Japan News": ("Japan News", "Yomiuri Shimbun", "The Yomiuri Shimbun"),
    "The Straits Times": ("Straits Times",),
    "The Jakarta Post": ("Jakarta Post",),
    "China Daily": (),
    "Philippine Daily Inquirer": (),
    "Viet Nam News": (),
    "The Nation": (),
    "The Star": (),
    "The Daily Star": ("Daily Star",),
    "The Statesman": ("Statesman",),
    "Herald Business": ("Herald Biz", "헤럴드경제", "헤럴드 경제"),
    "The Investor": ("Investor",),
    "Korea.net": (),
    "CNN": (),
    "BBC": ("BBC News",),
    "Agencies": ("News agencies", "Wire services", "News services"),
}

#: The newspaper itself and its desks: neither a person nor a source from outside.
HOUSE = (
    "Korea Herald", "KoreaHerald", "Herald", "Korea Herald staff", "Korea Herald staffs",
    "Korea Herald Online", "Korea Herald Online Desk", "Korea Herald editorial board",
    "Korea Herald Corp", "Herald Corp", "Herald Corporation", "Herald staff", "KH", "KH staff",
    "K-pop Herald", "Kpop Herald", "koreaherald.com", "heraldcorp.com", "heraldcorp",
    "Herald Media", "news reports", "wire reports", "news report", "staff reports",
    "staff report", "staff", "staff and news reports", "staff and wire reports", "editorial",
    "editorial board", "editorial staff", "editor", "editors", "Ed", "online", "online desk",
    "web desk", "web team", "digital desk", "digital team", "newsroom", "admin", "webmaster",
    "khnews", "reporter", "END", "코리아헤럴드", "코리아 헤럴드", "헤럴드", "온라인뉴스팀",
    "디지털뉴스팀", "디지털팀", "뉴스팀", "편집국", "편집부", "사회부", "정치부", "경제부",
    "국제부", "문화부", "산업부",
)  # fmt: skip


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Mail boxes that belong to no person.
DESK_MAILBOXES = _words(
    "khnews khdigital khonline kh news info editor editors editorial opinion letters webmaster "
    "admin online contact help desk koreaherald herald khcopy voice"
)

# Words that only the name of an institution ends in or contains. Surnames ("Post", "Press",
# "Service") must not stand here: whole names of newspapers stand in the table above.
_INSTITUTION = _words(
    "news newswire agency agencies services network times tribune journal magazine "
    "ministry institute university college foundation association corporation corp corp. inc "
    "inc. ltd ltd. co. embassy council committee syndicate herald desk team staff office bureau "
    "organization center centre group club company entertainment media studio studios"
)

# What a byline says of a person besides the name.
_ROLES = _words(
    "reporter reporters writer writers correspondent correspondents columnist columnists "
    "contributor contributors editor editors photographer photographers intern interns staff "
    "editor-in-chief journalist journalists translator researcher critic"
)
# Words that belong to a role only beside one: "senior writer", "Special to The Korea Herald".
_ROLE_COMPANY = _words(
    "senior chief special contributing guest freelance associate assistant deputy managing "
    "executive editorial news political business culture sports foreign art food music film copy "
    "online former student the to for of at korea herald"
)
_KOREAN_ROLES = (
    "인턴기자", "선임기자", "전문기자", "객원기자", "수습기자", "기자", "특파원", "논설위원",
    "에디터", "칼럼니스트", "인턴", "선임", "통신원", "PD",
)  # fmt: skip

_PARTICLES = _words(
    "de da di do dos das del della der den des du la le las los van von ven vom zu ter ten bin "
    "ibn bint al el y e af av"
)
_NOT_A_FIRST_NAME = _words(
    "the a at to for from by of and or this that these those it its they but if when while after "
    "before since news photo photos all more"
)
_PLACES = _words(
    "seoul busan sejong daegu daejeon incheon gwangju ulsan suwon jeju pyongyang washington tokyo "
    "beijing shanghai london paris berlin moscow geneva brussels singapore bangkok hanoi manila "
    "jakarta delhi sydney pyeongchang panmunjom gangneung korea japan china"
) | {"new york", "hong kong", "los angeles", "south korea", "north korea", "new delhi",
     "서울", "부산", "세종", "대구", "대전", "인천", "광주", "울산", "수원", "제주", "평양",
     "워싱턴", "도쿄", "베이징", "뉴욕"}  # fmt: skip
_SURNAMES = _words(
    "ahn bae baek bang byun cha chae cheon cho choe choi chun chung do eom eun gang gong gu ha "
    "hahm ham han heo hong hur hwang hwangbo im jang jeon jeong ji jin jo joo ju jun jung kang ki "
    "kil kim ko koh koo kwak kwon lee lim ma maeng min moon nam no noh oh ok park pyo ra ryu seo "
    "seok seol seong shim shin sim sin so sohn son song suh sung tak um won woo yang yeo yeom yi "
    "yim yoo yoon yu yun"
)
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))

_KOREAN_NAME = re.compile(r"[가-힣]{2,5}")
_LONGEST_NAME = 60
_MOST_WORDS_OF_A_NAME = 6
_DESKS = (" desk", " team", " newsroom", " staff")
_HOUSE_ACCOUNT = re.compile(r"kh ?디지털 ?[0-9]{0,2}|kh ?digital ?[0-9]{0,2}", re.IGNORECASE)


def _key(text: str) -> str:
    key = " ".join(text.casefold().split()).strip(" .,:;-–—―·")
    return key.removeprefix("the ")


_BY_KEY = {
    _key(spelling): name
    for name, spellings in ORGANIZATIONS.items()
    for spelling in (name, *spellings)
}
_HOUSE_KEYS = frozenset(map(_key, HOUSE))


#: Reporters, desks and agencies sign every day; few lines hold a name that was never seen.
_remembered = lru_cache(maxsize=4096)


@_remembered
def organization(text: str) -> str | None:
    """Give the normal form of a known agency, or of several joined by hyphens.

    >>> organization("the Yonhap news agency"), organization("AFP-Jiji"), organization("Yonhap/AP")
    ('Yonhap', 'AFP-Jiji', 'Yonhap-AP')
    >>> organization("Ock Hyun-ju") is None
    True
    """
    if len(text) > _LONGEST_NAME:
        return None
    whole = _BY_KEY.get(_key(text))
    if whole:
        return whole
    parts = [_BY_KEY.get(_key(part)) for part in re.split("[-–/]", text)]
    return "-".join(filter(None, parts)) if len(parts) > 1 and all(parts) else None


@_remembered
def is_house(text: str) -> bool:
    """Say whether this is the newspaper or one of its desks.

    >>> is_house("The Korea Herald"), is_house("news reports"), is_house("Yonhap")
    (True, True, False)
    """
    key = _key(text)
    if key in _HOUSE_KEYS or key.endswith(_DESKS):
        return True
    return bool(_HOUSE_ACCOUNT.fullmatch(text.strip()))


def is_institution(text: str) -> bool:
    """Say whether a name that is in no table is an institution's all the same.

    >>> is_institution("Korea Development Institute"), is_institution("Eyal Press")
    (True, False)
    """
    words = text.split()
    if _INSTITUTION.isdisjoint(text.casefold().split()):
        return False
    return all(
        word[0].isupper() or word in ("of", "and", "for", "the", "&", "in") for word in words
    )


@_remembered
def is_role(text: str) -> bool:
    """Say whether this tells what somebody is, and not who.

    >>> is_role("Korea Herald correspondent"), is_role("Intern reporter Han Sol")
    (True, False)
    """
    words = text.split()
    return bool(words) and not _without_roles(words)


def is_place(text: str) -> bool:
    return text.casefold().strip(" .") in _PLACES


@_remembered
def person(text: str) -> str | None:
    """Give the name of a person, without what else the byline says of her; ``None`` if it is none.

    >>> person("Kim So-hyun Intern reporter"), person("BY KIM SO-HYUN".removeprefix("BY "))
    ('Kim So-hyun', 'Kim So-hyun')
    >>> person("Ana María O'Neil Jr."), person("코리아헤럴드 김아린 기자")
    ("Ana María O'Neil Jr.", '김아린')
    >>> person("the North's leader") is None
    True
    """
    words = _without_roles(text.split()) if len(text) <= 2 * _LONGEST_NAME else []
    name = " ".join(words)
    if not words or len(words) > _MOST_WORDS_OF_A_NAME or len(name) > _LONGEST_NAME:
        return None
    if is_house(name) or is_institution(name) or is_place(name) or organization(name):
        return None
    if _is_hangul(name):
        return name if _KOREAN_NAME.fullmatch(name.replace(" ", "")) else None
    if words[0].casefold() in _NOT_A_FIRST_NAME or not all(map(_is_name_word, words)):
        return None
    if not any(len(word) > 1 and word[0].isupper() for word in words):
        return None
    return _recased(words) if name.isupper() and len(words) > 1 else name


def is_suffix(text: str) -> bool:
    """Say whether this belongs to the name before the comma: "Martin Luther King, Jr."."""
    return text.casefold() in _SUFFIXES


def _without_roles(words: list[str]) -> list[str]:
    words = _without_korean_roles(words)
    for end in (-1, 0):
        held: list[str] = list(words)
        role = False
        while held:
            word = held[end].casefold().strip(".,")
            if word not in _ROLES and word not in _ROLE_COMPANY:
                break
            role = role or word in _ROLES or word == "herald"
            del held[end]
        if role:
            words = held
    # "writer Kim Tong-hyung in Washington"
    for place, word in enumerate(words):
        if place and word in ("in", "from"):
            return words[:place]
    return words


def _without_korean_roles(words: list[str]) -> list[str]:
    if not any(_is_hangul(word) for word in words):
        return words
    words = [word for word in words if word not in _KOREAN_ROLES and not is_house(word)]
    if words:
        for role in _KOREAN_ROLES:
            # "김아린기자"; a name of two syllables or more must remain
            if words[-1].endswith(role) and len(words[-1]) >= len(role) + 2:
                words[-1] = words[-1].removesuffix(role)
                break
    return words


def _is_hangul(text: str) -> bool:
    letters = text.replace(" ", "")
    return bool(letters) and all("가" <= letter <= "힣" for letter in letters)


def _is_name_word(word: str) -> bool:
    if word.casefold() in _PARTICLES:
        return True
    return (
        word[0].isupper()
        and not any("가" <= letter <= "힣" for letter in word)
        and not re.search(r"\.[a-z]", word)
        and all(letter.isalpha() or letter in "-'’‘`.‐‑" for letter in word)
    )


def _recased(words: list[str]) -> str:
    """KIM SO-HYUN -> Kim So-hyun, JEAN-PIERRE O'NEIL -> Jean-Pierre O'Neil."""
    done = []
    for place, word in enumerate(words):
        if is_suffix(word) and not word.casefold().startswith(("jr", "sr")):
            done.append(word)
        elif place == 1 and words[0].casefold() in _SURNAMES:
            done.append(word.capitalize())
        elif word.startswith("MC") and len(word) > len("MC") + 1:
            done.append("Mc" + word[2:].capitalize())
        else:
            done.append(re.sub(r"[^\W_]+", lambda part: part.group().capitalize(), word))
    return " ".join(done)
