"""Passwords from files, for the environment is seen by more than the program that needs them.

``NAME_FILE`` names a file in place of ``NAME``, as systemd's and Docker's secrets come.
``python -m heraldcrawl.secret NAME`` prints what either gives, for a script.
"""

from __future__ import annotations

import os
import stat
import sys

from heraldcrawl.errors import SecretError

#: No password is longer; whatever is, is the wrong file.
_LONGEST = 4096


def secret(name: str) -> str:
    """The value of a variable of the environment, or of the file that its ``_FILE`` names.

    :raises SecretError: neither is set, or the file will not do
    """
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return read_secret(f"{name}_FILE", path)
    raise SecretError(f"{name} is not set, and {name}_FILE is not either")


def read_secret(name: str, path: str) -> str:
    """The one line of a file that is closed to others.

    To its group as well, unless it is root's: systemd lends a service root's credentials by an
    access list, which looks like the group's right to read. libpq asks the same of key files.

    :param name: the setting that names the file
    :raises SecretError: it cannot be read, others can read it, or it is not one line
    """
    where = f"{name}={path}"
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123  (its mode is asked of what is open)
            seen = os.fstat(file.fileno())
            text = file.read(_LONGEST + 1).removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise SecretError(f"{where} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SecretError(f"{where} is not text") from error
    if os.name == "posix":
        closed = stat.S_IRWXO | (stat.S_IWGRP if seen.st_uid == 0 else stat.S_IRWXG)
        if seen.st_mode & closed:
            mode = stat.S_IMODE(seen.st_mode)
            raise SecretError(f"{where} is open to others (mode {mode:04o}); chmod 600 it")
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise SecretError(f"{where} must hold one line, the secret itself, and nothing else")
    return text


def main(name: str) -> int:
    """Print a secret."""
    try:
        sys.stdout.write(f"{secret(name)}\n")
    except SecretError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
