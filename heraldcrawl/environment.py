"""Settings as an operator writes them, in the environment or by ``-s``: as text alone."""

from __future__ import annotations

import logging
import math
import os
import sys
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from heraldcrawl.errors import ArgumentError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

_ON: Final = ("1", "true", "yes", "on")
_OFF: Final = ("", "0", "false", "no", "off")
_SWITCHES: Final = ("ARCHIVE_ENABLED", "LOG_JSON", "PICTURES")
#: How many: stories, pages, bytes, days.
_WHOLE_NUMBERS: Final = (
    *("ALARM_DISK_FREE", "ARCHIVE_FILE_BYTES", "BLOCK_LIMIT", "BROWSER_PAGES", "DEEP_WALK_PAGES"),
    *("DOWNLOAD_MAXSIZE", "PICTURES_MAXSIZE", "RUN_STATS_DAYS", "STORY_ATTEMPTS"),
)
#: How long.
_NUMBERS: Final = (
    *("ALARM_SECONDS", "DATABASE_PATIENCE_SECONDS", "DATABASE_SILENCE_SECONDS", "DEEP_WALK_DAYS"),
    *("DOWNLOAD_DELAY", "LEASE_SECONDS"),
)
#: The others may be 0.
_FROM_ONE_ON: Final = ("LEASE_SECONDS",)


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


def check_written(settings: BaseSettings) -> None:
    """Find the switches, numbers and levels over which something would stumble half way.

    :raises ArgumentError: one is none; the sentence to print
    """
    for name in _SWITCHES:
        try:
            settings.getbool(name)
        except ValueError as error:
            raise ArgumentError(f"{name}={settings[name]} is neither 1 nor 0") from error
    for name in (*_WHOLE_NUMBERS, *_NUMBERS):
        try:
            number = settings.getint(name) if name in _WHOLE_NUMBERS else settings.getfloat(name)
        except ValueError:
            number = -1
        least = int(name in _FROM_ONE_ON)
        if not least <= number < math.inf:
            what = "whole number" if name in _WHOLE_NUMBERS else "number"
            raise ArgumentError(f"{name}={settings[name]} is no {what} from {least} on")
    level = settings["LOG_LEVEL"]
    if not isinstance(level, int) and level not in logging.getLevelNamesMapping():
        raise ArgumentError(f"LOG_LEVEL={level} is no level; write DEBUG or INFO")


def check_root(site_url: str) -> None:
    """Find out whether every request can go there.

    >>> check_root("http://127.0.0.1:8000")
    >>> check_root("www.koreaherald.com")
    Traceback (most recent call last):
    heraldcrawl.errors.ArgumentError: SITE_URL=www.koreaherald.com is no http:// or https:// address

    :raises ArgumentError: it cannot; the sentence to print
    """
    try:
        parts = urlsplit(site_url)
        is_root = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # such as a port that is no number
        is_root = False
    if not is_root:
        raise ArgumentError(f"SITE_URL={site_url} is no http:// or https:// address")
