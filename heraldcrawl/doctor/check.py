"""What a look at one thing found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    name: str
    state: State
    said: str  # what was seen
    to_do: str = ""


def ok(name: str, said: str) -> Check:
    """All is well."""
    return Check(name, "ok", said)


def warning(name: str, said: str, to_do: str) -> Check:
    """A crawl would work, and something could be better."""
    return Check(name, "warning", said, to_do)


def wrong(name: str, said: str, to_do: str) -> Check:
    """A crawl would fail, or do what nobody wants."""
    return Check(name, "wrong", said, to_do)
