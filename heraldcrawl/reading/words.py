"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_WORD = re.compile(r"\s+|\w+(?:[-'’.]\w+)*|[^\w\s]")
_PARAGRAPH = re.compile(r"(?:(?!\n\n).)+|\n\n", re.DOTALL)

#: Words of one stretch that are compared with each other; beyond, the time grows too much.
_LONGEST_STRETCH = 20_000
_MANY_WORDS = 2_000


class Piece(NamedTuple):
    """A piece of both texts, of the first alone, or of the second alone."""

    what: Literal["equal", "delete", "insert"]
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Take two texts apart into what stayed, went and came.

    >>> [text for what, text in compare("The ferry sails today.", "The ferry sails on Monday.")]
    ['The ferry sails ', 'today', 'on Monday', '.']

    :returns: all but the inserted pieces make up the first text, all but the deleted the second
    """
    old, new = _PARAGRAPH.findall(before), _PARAGRAPH.findall(after)
    pieces: list[Piece] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("equal", "".join(old[i1:i2])))
        else:
            pieces += _compare_words("".join(old[i1:i2]), "".join(new[j1:j2]))
    return _tidy(pieces)


def _compare_words(before: str, after: str) -> list[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    longest = max(len(old), len(new))
    if longest > _LONGEST_STRETCH:
        return [Piece("delete", before), Piece("insert", after)]
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=longest > _MANY_WORDS)
    pieces: list[Piece] = []
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            pieces.append(Piece("equal", "".join(old[i1:i2])))
        else:
            pieces.append(Piece("delete", "".join(old[i1:i2])))
            pieces.append(Piece("insert", "".join(new[j1:j2])))
    return pieces


def _tidy(pieces: list[Piece]) -> list[Piece]:
    """Join neighbours, and let changes that only blanks keep apart be one."""
    tidy: list[Piece] = []
    went = came = ""
    blank = ""  # stands behind a change, and may join it
    for piece in [*pieces, Piece("equal", "")]:
        if piece.what == "delete":
            went, came, blank = went + blank + piece.text, came + blank, ""
        elif piece.what == "insert":
            went, came, blank = went + blank, came + blank + piece.text, ""
        elif (went or came) and piece.text.isspace() and "\n" not in piece.text:
            blank += piece.text
        else:
            tidy += [Piece("delete", went)] if went else []
            tidy += [Piece("insert", came)] if came else []
            same = blank + piece.text
            if same and tidy and tidy[-1].what == "equal":
                same = tidy.pop().text + same
            tidy += [Piece("equal", same)] if same else []
            went = came = blank = ""
    return tidy
