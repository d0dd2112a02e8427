"""Stories that share words and are different stories all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.duplicates.language import DAYS, Korean, Prose
from tests.site.sample import words

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_MONTHS = words.WORDS["month"]
_TOWNS = words.WORDS["town"]
_CITIES = words.WORDS["city"]
_COMPANIES = words.WORDS["company"]


def one_event(rng: random.Random) -> list[str]:
    """Six reports on one event: each has its own news, all have the quote and the background."""
    prose = Prose(rng)
    shared = [prose.paragraph(3), prose.paragraph(3), f"“{prose.sentence()}” {prose.names[0]} said."]
    stories = []
    for _ in range(6):
        own = [prose.paragraph(rng.randint(1, 3)) for _ in range(rng.randint(4, 9))]
        for paragraph in rng.sample(shared, rng.randint(2, 3)):
            own.insert(rng.randint(1, len(own)), paragraph)
        stories.append("\n\n".join(own))
    return stories


def flash_and_report(rng: random.Random) -> list[str]:
    """The first lines of a piece of news, and the full report that has them too."""
    prose = Prose(rng)
    flash = [prose.sentence() for _ in range(rng.randint(3, 5))]
    report = [*flash, *(prose.paragraph(2) for _ in range(rng.randint(8, 12)))]
    return ["\n\n".join(flash), "\n\n".join(report)]


def launches(rng: random.Random) -> list[str]:
    """A missile was launched: always the same sentences, another place, day, range and weapon."""
    background = [Prose(rng).paragraph(3) for _ in range(2)]
    stories = []
    for _ in range(8):
        weapon, day = rng.choice(words.WORDS["weapon"]), rng.choice(DAYS)
        text = [
            f"North Korea fired {rng.choice(('a', 'two', 'three'))} {weapon} toward the East Sea on"
            f" {day}, South Korea's military said, the {rng.choice(words.WORDS['ordinal'])} launch"
            " this year.",
            "The Joint Chiefs of Staff said it detected the launch from the"
            f" {rng.choice(_TOWNS)} area at around {rng.randint(1, 11)}:{rng.randint(10, 59)} a.m. and"
            f" that the projectile flew about {rng.randint(200, 990)} kilometers at a top altitude of"
            f" {rng.randint(20, 600)} km.",
            "“While strengthening our monitoring and vigilance, our military is maintaining a full"
            " readiness posture in close cooperation with the United States,” the JCS said in a text"
            " message sent to reporters.",
            Prose(rng).sentence(),
            *background,
        ]
        stories.append("\n\n".join(text))
    return stories


def weather(rng: random.Random) -> list[str]:
    """The forecast of each day."""
    stories = []
    for _ in range(10):
        day, next_day = rng.sample(DAYS, 2)
        sky = rng.choice(("clear skies", "clouds", "showers", "snow", "dense fog", "strong winds"))
        lows = rng.sample(range(-14, 20), 4)
        text = [
            f"The country will have {sky} on {day}, with morning lows ranging from {lows[0]} to"
            f" {lows[1]} degrees Celsius and daytime highs from {lows[2] + 12} to {lows[3] + 15}"
            " degrees, the weather agency said.",
            f"Seoul's temperature stood at {rng.randint(-9, 26)} degrees at 5 a.m., while that of"
            f" {rng.choice(_CITIES)} was {rng.randint(-9, 26)} degrees and that of"
            f" {rng.choice(_CITIES)} {rng.randint(-9, 26)} degrees.",
            f"Fine dust levels are expected to be {rng.choice(('good', 'bad', 'normal', 'very bad'))}"
            " in most parts of the country.",
            f"Waves of {rng.uniform(0.5, 4):.1f} to {rng.uniform(1, 5):.1f} meters are forecast for"
            f" the East Sea and of {rng.uniform(0.5, 4):.1f} meters for the West Sea.",
            f"{rng.choice(('Rain', 'Snow', 'Clear weather', 'A cold spell'))} is expected for"
            f" {next_day}, the agency said, asking people to watch out for"
            f" {rng.choice(('icy roads', 'strong gusts', 'sudden showers', 'dry air', 'fog'))}.",
        ]
        stories.append("\n\n".join(text))
    return stories


def markets(rng: random.Random) -> list[str]:
    """The stock market's close of each day."""
    stories = []
    for _ in range(10):
        verb, other = rng.sample(("rose", "fell", "closed higher", "slipped", "gained", "lost"), 2)
        names = rng.sample(_COMPANIES, 4)
        text = [
            f"South Korean stocks {verb} {rng.choice(DAYS)} on {Prose(rng).word()} concerns. The local"
            f" currency {other} against the US dollar.",
            f"The benchmark Korea Composite Stock Price Index added {rng.uniform(1, 60):.2f} points,"
            f" or {rng.uniform(0.1, 3):.2f} percent, to close at {rng.randint(1800, 3200):,}."
            f"{rng.randint(10, 99)}.",
            f"Trading volume was {rng.choice(('light', 'moderate', 'heavy'))} at"
            f" {rng.randint(300, 900)}.{rng.randint(1, 9)} million shares worth"
            f" {rng.uniform(4, 15):.1f} trillion won, with gainers outnumbering losers"
            f" {rng.randint(401, 700)} to {rng.randint(100, 400)}.",
            f"Foreigners bought a net {rng.randint(20, 900)} billion won and institutions sold a net"
            f" {rng.randint(20, 900)} billion won, while individuals purchased"
            f" {rng.randint(20, 900)} billion won.",
            Prose(rng).sentence(),
            f"Market bellwether {names[0]} climbed {rng.uniform(0.2, 5):.2f} percent to"
            f" {rng.randint(40, 99)},{rng.randint(1, 9)}00 won, and {names[1]} advanced"
            f" {rng.uniform(0.2, 5):.2f} percent to {rng.randint(100, 300)},000 won. {names[2]} shed"
            f" {rng.uniform(0.2, 5):.2f} percent and {names[3]} {rng.uniform(0.2, 5):.2f} percent.",
            f"The local currency closed at {rng.randint(1050, 1400):,}.{rng.randint(1, 9)} won against"
            f" the US dollar, {rng.choice(('up', 'down'))} {rng.uniform(0.3, 9):.1f} won from the"
            " previous session's close.",
        ]
        stories.append("\n\n".join(text))
    return stories


def listings(rng: random.Random) -> list[str]:
    """What is on, each week: the same words on top, and half of what was on a week before."""
    top = "What is on in and around the capital this week, from concerts to exhibitions and fairs."
    how = "To have an event listed here, send date, place and prices to the desk a week before it opens."
    entries = [Prose(rng).paragraph(2) for _ in range(28)]
    return ["\n\n".join((top, how, *entries[week * 4 : week * 4 + 8])) for week in range(6)]


def unlike(rng: random.Random) -> list[str]:
    """Stories on different things."""
    stories = []
    for _ in range(20):
        prose = Prose(rng)
        stories.append("\n\n".join(prose.paragraph(2) for _ in range(rng.randint(3, 12))))
    return stories


def captions(rng: random.Random) -> list[str]:
    """A text that only credits its pictures, and one that says next to nothing."""
    return [rng.choice(("(Yonhap)", "Yonhap", "By Korea Herald")) for _ in range(6)]


def korean_reports(rng: random.Random) -> list[str]:
    """The monthly figures in Korean."""
    background = Korean(rng).paragraph(3)
    stories = []
    for _ in range(8):
        month, city = rng.randint(1, 12), rng.choice(words.KOREAN_WORDS["city_ko"])
        text = [
            f"{month}월 {city} 지역의 소비자물가가 지난해 같은 달보다 {rng.uniform(0.3, 6):.1f}% 올랐다고"
            f" 통계청이 {rng.randint(1, 28)}일 밝혔다.",
            f"품목별로는 농축수산물이 {rng.uniform(0.3, 9):.1f}%, 공업제품이 {rng.uniform(0.3, 9):.1f}%,"
            f" 전기·가스·수도가 {rng.uniform(0.3, 9):.1f}% 각각 올랐다.",
            f"생활물가지수는 {rng.uniform(100, 120):.2f}로 전달보다 {rng.uniform(0.1, 2):.1f}% 상승했다.",
            f"통계청 관계자는 “{Korean(rng).sentence()}”라고 설명했다.",
            background,
        ]
        stories.append("\n\n".join(text))
    return stories


SERIES: dict[str, Callable[[random.Random], list[str]]] = {
    "one event": one_event,
    "flash and report": flash_and_report,
    "launches": launches,
    "weather": weather,
    "markets": markets,
    "listings": listings,
    "captions": captions,
    "Korean reports": korean_reports,
    "unlike": unlike,
}
