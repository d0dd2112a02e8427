"""What is told, in words: one message for all that a run has to tell."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from heraldcrawl.reading.terminal import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heraldcrawl.monitoring.alarms import News, Standing

_PREFIX: Final = {"new": "", "still": "still: ", "worse": "worse: ", "over": "over: "}
_LONGEST: Final = 500
_SPACE: Final = re.compile(r"\s+")
#: Sections named in a headline.
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Message:
    """One message, for whatever way it goes."""

    subject: str
    text: str
    alarms: tuple[dict[str, Any], ...] = ()  # the same for programs


def compose(news: Sequence[News]) -> Message:
    """Write down all there is to tell; the same trouble of several sections once."""
    groups: defaultdict[tuple[str, str], list[Standing]] = defaultdict(list)
    for each in news:
        groups[each.kind, each.standing.alarm.what].append(each.standing)
    parts = [_part(kind, standings) for (kind, _), standings in groups.items()]
    titles = [part.partition("\n")[0] for part in parts]
    more = f" (and {len(parts) - 1} more)" if len(parts) > 1 else ""
    return Message(
        subject=f"heraldcrawl: {titles[0]}{more}",
        text="\n\n".join(parts),
        alarms=tuple(_record(each) for each in news),
    )


def line(standing: Standing) -> str:
    """Write an alarm on one line, for the log."""
    alarm = standing.alarm
    return plain(f"{alarm.key}: {alarm.seen}. Usual: {alarm.usual}. To do: {alarm.advice}")


def plain(text: str) -> str:
    """Make any text one line of bounded length that steers nothing.

    >>> plain("Ferry\\r\\nBcc: all@example.org")
    'Ferry Bcc: all@example.org'
    """
    return _SPACE.sub(" ", harmless(text)).strip()[:_LONGEST]


def _part(kind: str, standings: Sequence[Standing]) -> str:
    alarm = standings[0].alarm
    title = plain(f"{_PREFIX[kind]}{alarm.what}{_where(standings)}")
    if kind == "over":
        return f"{title}\nIt had begun on {standings[0].opened_at:%Y-%m-%d %H:%M} UTC."
    seen = [f"Seen: {plain(each.alarm.seen)}" for each in standings[:_NAMED]]
    if len(standings) > 1:
        seen = [
            f"Seen in {each.alarm.spider or 'all'}: {plain(each.alarm.seen)}"
            for each in standings[:_NAMED]
        ]
    rest = [f"Usual: {plain(alarm.usual)}", f"To do: {plain(alarm.advice)}"]
    return "\n".join([title, *seen, *rest])


def _where(standings: Sequence[Standing]) -> str:
    names = [each.alarm.spider for each in standings if each.alarm.spider]
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more sections" if len(names) > _NAMED else ""
    return f", {', '.join(names[:_NAMED])}{more}"


def _record(news: News) -> dict[str, Any]:
    return {"state": news.kind, **record(news.standing)}


def record(standing: Standing) -> dict[str, Any]:
    """Write an alarm as programs take it."""
    alarm = standing.alarm
    times = ("opened_at", "last_seen_at", "told_at", "accepted_at", "closed_at")
    return {
        "key": alarm.key,
        "spider": alarm.spider,
        "what": alarm.what,
        "seen": plain(alarm.seen),
        "usual": plain(alarm.usual),
        "advice": plain(alarm.advice),
        **{name: (at := getattr(standing, name)) and at.isoformat() for name in times},
    }
