"""Settings as an operator writes them, in the environment or by ``-s``: as text alone."""

from __future__ import annotations

import os
import sys
from typing import Final
from urllib.parse import urlsplit

from heraldcrawl.errors import ArgumentError

_ON: Final = ("1", "true", "yes", "on")
_OFF: Final = ("", "0", "false", "no", "off")


def switch(name: str) -> bool:
    """Read a switch that is off where it is not set.

    Settings are read before there is a command that could tell of them: nonsense ends the program
    here, with the exit status of wrong usage.
    """
    try:
        return parse_switch(name, os.environ.get(name, ""))
    except ArgumentError as error:
        sys.stderr.write(f"scrapy: {error}\n")
        sys.exit(2)


def parse_switch(name: str, text: str) -> bool:
    """Read what somebody has written for yes or no.

    >>> parse_switch("PICTURES", "Yes"), parse_switch("PICTURES", "OFF")
    (True, False)

    :raises ArgumentError: it is neither
    """
    word = text.strip().lower()
    if word in _ON or word in _OFF:
        return word in _ON
    raise ArgumentError(f"{name}={text} is neither on nor off; write 1 or 0")


def is_root(url: str) -> bool:
    """Whether every request can go there, as to SITE_URL.

    >>> is_root("http://127.0.0.1:8000"), is_root("www.koreaherald.com")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # such as a port that is no number
        return False
