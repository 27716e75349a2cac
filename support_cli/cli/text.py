"""Making outside text safe for a terminal: what is hidden or commands the terminal is shown."""

from __future__ import annotations

import re

# Emoji presentation (U+FE0F) alone stays as it is: ordinary emoji carry it.
# Source of the invisible ones: Default_Ignorable_Code_Point in DerivedCoreProperties.txt, Unicode.
_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f"  # C0 without tab and newline, and DEL
    "\x80-\x9f"  # C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, separators, bidirectional
    "\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff"  # lone surrogates: no terminal can be sent one
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # tags, and more variation selectors
    "]"
)


def visible(text: str) -> str:
    """Show every control, invisible and direction-changing character as a sign or as `<U+202E>`.

    Newlines and tabs stay.
    """
    return _HIDDEN.sub(_shown, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Make a text visible, on one line: runs of blanks and newlines become one space."""
    return " ".join(visible(text).split())


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode has a picture of each control character: ␛
    return "␡" if code == 0x7F else f"<U+{code:04X}>"
