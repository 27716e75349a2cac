"""Breaking a text between words while it is still coming."""

from __future__ import annotations

import re

from support_cli.cli.text import visible
from support_cli.cli.width import cells

_BLANK = re.compile(r"(\r\n|\s)")


class Wrapping:
    """Breaks a stream of text at a width; a word is held back until it is complete."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._column = 0
        self._gap = ""  # blanks that are written only if a word follows on the same line
        self._held = ""

    def feed(self, text: str) -> str:
        """Take more of the text, and return what is ready to be written."""
        *pieces, self._held = _BLANK.split(self._held + text)
        return "".join(self._placed(visible(piece)) for piece in pieces)

    def rest(self) -> str:
        """Return what was held back, and the end of the line."""
        held, self._held = self._held, ""
        placed = self._placed(visible(held))
        return placed + ("\n" if self._column else "")

    def _placed(self, piece: str) -> str:
        if piece == "\n":
            self._column, self._gap = 0, ""
            return piece
        if not piece.strip():
            self._gap += piece
            return ""
        gap, self._gap = self._gap, ""
        width = cells(gap) + cells(piece)
        if self._column and self._column + width > self._width:
            self._column = cells(piece)
            return f"\n{piece}"
        self._column += width
        return gap + piece
