"""Where something stands in a TOML text.

The standard library's parser gives no positions, and neither does tomlkit; the line is for a
person's eyes only, so it is looked for where tables and keys are written as people write them.
"""

from __future__ import annotations

import re

_LONG_STRING = re.compile(r'"{3}.*?"{3}|\'{3}.*?\'{3}', re.DOTALL)
_HEADER = re.compile(r"\s*\[")


class Lines:
    """The lines of one TOML text."""

    def __init__(self, text: str) -> None:
        # What stands inside a long string is no table; its line breaks still count.
        self._lines = _LONG_STRING.sub(lambda found: "\n" * found[0].count("\n"), text).split("\n")
        self._whole = text.split("\n")

    def table(self, name: str, number: int = 0) -> int:
        """Find the line of a table, of several of that name the one with this number."""
        header = re.compile(rf"\s*\[+\s*[\"']?{re.escape(name)}[\"']?\s*\]+")
        found = [line for line, text in enumerate(self._lines, 1) if header.match(text)]
        return found[number] if number < len(found) else 1

    def key(self, key: str, within: int = 0) -> int:
        """Find the line of a key in the table that begins at a line; 0: before all tables."""
        written = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]")
        for line, text in enumerate(self._lines[within:], within + 1):
            if written.match(text):
                return line
            if _HEADER.match(text) and "=" not in text:
                break
        return within or self.table(key)

    def value(self, text: str, within: int) -> int:
        """Find the line of a quoted text at or after a line."""
        for line in range(within, len(self._whole) + 1):
            if re.search(rf"[\"']{re.escape(text)}[\"']", self._whole[line - 1]):
                return line
        return within
