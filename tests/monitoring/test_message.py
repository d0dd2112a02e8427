"""What is told reads well, and nothing in it steers whatever shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from heraldcrawl.monitoring.alarms import Alarm, News, Standing
from heraldcrawl.monitoring.message import compose, line, plain, record

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def standing(spider: str | None = "kpop", seen: str = "0 entries", what: str = "list") -> Standing:
    alarm = Alarm(what, seen, "15 on a page", "open the section", spider=spider)
    return Standing(alarm, NOON, NOON, id=1)


def test_one_message_says_what_was_seen_what_is_usual_and_what_to_do() -> None:
    message = compose([News("new", standing()), News("over", standing(what="slow"))])
    assert message.subject == "heraldcrawl: list, kpop (and 1 more)"
    assert message.text == (
        "list, kpop\nSeen: 0 entries\nUsual: 15 on a page\nTo do: open the section\n\n"
        "over: slow, kpop\nIt had begun on 2026-03-02 12:00 UTC."
    )
    assert [alarm["state"] for alarm in message.alarms] == ["new", "over"]


def test_the_same_in_many_sections_is_written_once() -> None:
    sections = [News("still", standing(f"section{n}", f"{n} entries")) for n in range(5)]
    message = compose(sections)
    assert message.subject == (
        "heraldcrawl: still: list, section0, section1, section2 and 2 more sections"
    )
    assert message.text.count("To do: ") == 1
    assert "Seen in section1: 1 entries" in message.text


def test_the_installation_has_no_section() -> None:
    message = compose([News("new", standing(None, what="disk/here"))])
    assert message.subject == "heraldcrawl: disk/here"


@given(st.text())
def test_no_text_breaks_out_of_its_line(text: str) -> None:
    bad = f"{text}\r\nBcc: all@example.org\x1b[2J\u202e"
    message = compose([News("new", standing(bad, bad, bad))])
    mail = EmailMessage()
    mail["Subject"] = message.subject  # raises on a line break
    assert len(line(standing(bad, bad)).splitlines()) <= 1
    assert "\x1b" not in message.text
    assert "\u202e" not in message.text
    lines = message.text.splitlines()[1:]
    assert all(each.startswith(("Seen: ", "Usual: ", "To do: ")) for each in lines)
    assert "\n" not in record(standing(bad, bad))["seen"]
    assert len(plain(bad * 100)) <= 500
