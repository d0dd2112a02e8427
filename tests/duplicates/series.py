"""Stories that share words and are different stories all the same."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from tests.duplicates.language import Writer

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    Series = Callable[[random.Random], list[str]]


def one_event(rng: random.Random) -> list[str]:
    """Six reports on one event: each has its own news, all have the quote and the background."""
    writer = Writer(rng)
    shared = [writer.paragraph(3), writer.paragraph(3), writer.fill("“{sentence}” {name} said.")]
    stories = []
    for _ in range(6):
        own = [writer.paragraph(rng.randint(1, 3)) for _ in range(rng.randint(4, 9))]
        for paragraph in rng.sample(shared, rng.randint(2, 3)):
            own.insert(rng.randint(1, len(own)), paragraph)
        stories.append(_body(*own))
    return stories


def flash_and_report(rng: random.Random) -> list[str]:
    """The first lines of a piece of news, and the full report that has them too."""
    writer = Writer(rng)
    flash = [writer.sentence() for _ in range(rng.randint(4, 7))]
    more = [writer.paragraph(2) for _ in range(rng.randint(8, 12))]
    return [_body(*flash), _body(*flash, *more)]


def listings(rng: random.Random) -> list[str]:
    """What is on, each week: the same words on top, and half of what was on a week before."""
    top = "What is on in and around the capital this week, from concerts to exhibitions and fairs."
    how = "To have an event listed here, send date, place and prices to the desk a week before."
    entries = [Writer(rng).paragraph(2) for _ in range(28)]
    return [_body(top, how, *entries[week * 4 : week * 4 + 8]) for week in range(6)]


def captions(rng: random.Random) -> list[str]:
    """Texts that only say who took the pictures."""
    return [rng.choice(("(Yonhap)", "Yonhap", "By Korea Herald", "(AP-Yonhap)")) for _ in range(6)]


def unlike(rng: random.Random) -> list[str]:
    """Stories on different things."""
    return [
        _body(*(writer.paragraph(2) for _ in range(rng.randint(3, 12))))
        for writer in (Writer(rng) for _ in range(20))
    ]


def reports(template: str, count: int, rng: random.Random) -> list[str]:
    """The same report again and again, with the news of another day.

    ``{background}`` is the same in all of them.
    """
    background = _body(Writer(rng).paragraph(3), Writer(rng).paragraph(3))
    korean = Writer(rng, korean=True).paragraph(3)
    fixed = {"{background}": background, "{배경}": korean}
    parts = re.split(r"(\{background\}|\{배경\})", template.strip())
    writers = [Writer(rng) for _ in range(count)]
    return ["".join(fixed.get(part) or each.fill(part) for part in parts) for each in writers]


_LAUNCH = """
North Korea fired {a|two|three|several} {short-range|cruise|ballistic|unidentified} missiles
toward the East Sea on {day}, South Korea's military said, the {second|third|fourth|fifth|sixth}
launch this year.

The Joint Chiefs of Staff said it detected the launch from the {common place} area at around
{1..11}:{10..59} a.m. and that the missiles flew about {200..990} kilometers at a top altitude of
{20..600} km.

“While strengthening our monitoring and vigilance, our military is maintaining a full readiness
posture in close cooperation with the United States,” the JCS said in a text message to reporters.

{sentence}

{background}
"""
_WEATHER = """
The country will have {clear skies|clouds|showers|snow|dense fog|strong winds} on {day}, with
morning lows ranging from {-14..9} to {10..19} degrees Celsius and daytime highs from {2..19} to
{20..34} degrees, the weather agency said.

Seoul's temperature stood at {-9..26} degrees at 5 a.m., while that of {common place} was {-9..26}
degrees and that of {common place} {-9..26} degrees.

Fine dust levels are expected to be {good|bad|normal|very bad} in most parts of the country.

Waves of {0.5..2.0} to {2.1..5.0} meters are forecast for the East Sea and of {0.5..4.0} meters
for the West Sea.

{Rain|Snow|Clear weather|A cold spell} is expected for {day}, the agency said, asking people to
watch out for {icy roads|strong gusts|sudden showers|dry air|fog}.
"""
_MARKET = """
South Korean stocks {rose|fell|closed higher|slipped|gained|lost} {day} on {noun} concerns. The
local currency {rose|fell|closed higher|slipped|gained|lost} against the US dollar.

The benchmark Korea Composite Stock Price Index {added|lost|shed} {1.00..60.00} points, or
{0.10..3.00} percent, to close at {1..3},{100..999}.{10..99}.

Trading volume was {light|moderate|heavy} at {300.0..900.0} million shares worth {4.0..15.0}
trillion won, with gainers outnumbering losers {401..700} to {100..400}.

Foreigners bought a net {20..900} billion won and institutions sold a net {20..900} billion won,
while individuals purchased {20..900} billion won.

{sentence}

Market bellwether {name} climbed {0.20..5.00} percent to {40..99},{1..9}00 won, and {name} advanced
{0.20..5.00} percent to {100..300},000 won. {name} shed {0.20..5.00} percent.

The local currency closed at 1,{100..400}.{1..9} won against the US dollar, {up|down} {0.3..9.0} won
from the previous session's close.
"""
_PRICES = """
{1..12}월 {흔한 말} 지역의 소비자물가가 지난해 같은 달보다 {0.3..6.0}% 올랐다고
통계청이 {1..28}일 밝혔다.

품목별로는 농축수산물이 {0.3..9.0}%, 공업제품이 {0.3..9.0}%,
전기·가스·수도가 {0.3..9.0}% 각각 올랐다.

생활물가지수는 {100.00..120.00}로 전달보다 {0.1..2.0}% 상승했다.

통계청 관계자는 “{문장}”라고 설명했다.

{배경}
"""

SERIES: dict[str, Series] = {
    "one event": one_event,
    "flash and report": flash_and_report,
    "listings": listings,
    "captions": captions,
    "launches": functools.partial(reports, _LAUNCH, 8),
    "weather": functools.partial(reports, _WEATHER, 10),
    "markets": functools.partial(reports, _MARKET, 10),
    "Korean prices": functools.partial(reports, _PRICES, 8),
    "unlike": unlike,
}


def _body(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)
