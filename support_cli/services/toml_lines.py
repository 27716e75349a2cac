"""Where something stands in a TOML text.

The standard library's parser gives no positions, and neither does tomlkit; the line is for a
person's eyes only, so it is looked for where tables and keys are written as people write them.
"""

from __future__ import annotations

import re

# Quotation marks that a word processor writes, single and double, and primes.
CURLY_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u201b\u2032\u2033\u00b4`"
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

    def within(self, value: str, at: int | None, line: int) -> tuple[int, int | None]:
        """Find the line and column of a character of the value whose key is on a line.

        The column is None where the value is not written as it reads, with escapes.
        """
        if at is None:
            return line, None
        before = value[:at].split("\n")
        # A long string begins on the line after its quotation marks, where these end theirs.
        begins = line if self._whole[line - 1].rstrip().endswith(('"""', "'''")) else line - 1
        number = begins + len(before) - 1
        written = value.split("\n")[len(before) - 1]
        column = self._whole[number].find(written) if number < len(self._whole) else -1
        return number + 1, column + len(before[-1]) + 1 if column >= 0 else None

    def excerpt(self, line: int, column: int | None) -> str | None:
        """Give a line with a sign below one of its characters; None without a column."""
        if column is None or not 0 < line <= len(self._whole):
            return None
        text = self._whole[line - 1].rstrip("\r")
        lead = "".join("\t" if each == "\t" else " " for each in text[: column - 1])
        return f"{text}\n{lead}^"
