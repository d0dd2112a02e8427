"""What can go wrong in a way that the operator can mend. Each message is one clear sentence."""

from __future__ import annotations


class HeraldError(Exception):
    """The base of all; commands print it as one line and exit with a status of their own."""


class ArgumentError(HeraldError):
    """A spider's argument is wrong; raised before any request, exit status 2."""


class StoreError(HeraldError):
    """The database cannot be used as it is: wrong URL, out of reach, no rights, newer schema."""


class ReplayError(HeraldError):
    """REPLAY names no readable WARC file."""
