"""How many columns a text may take on a terminal, and breaking and cutting it to fit.

Terminals disagree about flags, skin tones and new emoji: one draws a flag in two columns, another
in four. A text that comes out wider than it was counted goes on at the left edge, where it can pass
for a line of the program's own. So what is counted here is the most that any terminal takes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_WORDS = re.compile(r"( *)([^ ]+)")
_EMOJI_PRESENTATION = "\ufe0f"  # makes a narrow sign before it wide
_PICTURES = 0x1F000  # from here on: emoji, flags' letters, and what will become emoji
_TAB = 4


def cells(text: str) -> int:
    """Count the columns that a text of one line takes at the most."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def cut(text: str, width: int) -> str:
    """Shorten a line to a width, with an ellipsis where something is left out."""
    if cells(text) <= width:
        return text
    return next(_chop(text, width - 1), "") + "…"


def fold(text: str, width: int) -> list[str]:
    """Break a text into lines of at most this width, between words where that can be done."""
    return [row for line in text.expandtabs(_TAB).split("\n") for row in _fold_line(line, width)]


def _fold_line(line: str, width: int) -> Iterator[str]:
    row = ""
    for gap, word in _WORDS.findall(line):
        joined = row + gap + word
        if cells(joined) <= width:
            row = joined
            continue
        if row:
            yield row
        *full, row = _chop(word, width)
        yield from full
    yield row


def _chop(word: str, width: int) -> Iterator[str]:
    """Cut a word that is wider than a line into pieces that are not."""
    piece, used = "", 0
    for char in word:
        wide = _cells_of(char)
        if piece and used + wide > width:
            yield piece
            piece, used = "", 0
        piece, used = piece + char, used + wide
    yield piece


@lru_cache(maxsize=4096)
def _cells_of(char: str) -> int:
    if char == _EMOJI_PRESENTATION:
        return 1
    category = unicodedata.category(char)
    if category in ("Mn", "Me"):
        return 0
    wide = unicodedata.east_asian_width(char) in ("W", "F")
    # What this Python's Unicode does not know yet, a newer terminal may draw wide.
    return 2 if wide or ord(char) >= _PICTURES or category in ("Cn", "Co") else 1
