"""Text from pages for terminals and pipes: no page may steer a terminal."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

#: Control characters except line feeds, and those that turn the direction of writing.
_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

BOLD, STRUCK, RED, GREEN, YELLOW = "1", "9", "31", "32", "33"


def harmless(text: str) -> str:
    """Take out what would steer a terminal.

    >>> harmless("Ferry\\x1b[2J sails")
    'Ferry [2J sails'
    """
    return _STEERING.sub(" ", text)


def styled(text: str, *styles: str) -> str:
    """Style a text, each of its lines alone."""
    start = f"\x1b[{';'.join(styles)}m"
    return "\n".join(f"{start}{line}\x1b[0m" if line else "" for line in text.split("\n"))


def add_color_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="[auto: on a terminal, unless NO_COLOR is set]",
    )


def is_coloured(choice: str) -> bool:
    """Tell whether standard output is to be coloured."""
    if choice == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return choice == "always"
