"""Cells of a CSV that no spreadsheet runs, and that are read back as they were.

A spreadsheet may part a row otherwise than its writer did: a customer's `;=…` begins a cell where
rows are parted by semicolons, and a carriage return begins a row. So wherever a cell might begin,
what would make it a formula is led by an apostrophe, and a carriage return is written as its
picture.
"""

from __future__ import annotations

import re

_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
# Blanks and quotes may stand before it, but nothing that begins another cell: each place is for
# itself, so one apostrophe more or less is the whole difference.
_BEFORE = r"'*(?:[^\S\t\n]|\")*"
_LEAD = rf"(?:(?<=[;\t\n])(?={_BEFORE}[{_FORMULA}])|\A(?={_BEFORE}[{_FORMULA}\t\n]))"
_PLACE = re.compile(_LEAD)
_GUARDED = re.compile(rf"{_LEAD}'")
_RETURN, _QUOTED = "\u240d", "\u241b"  # pictures: of a carriage return; what is written before one
_PICTURE = re.compile(f"{_QUOTED}(.)|{_RETURN}", re.DOTALL)
_SPECIAL = re.compile(f"[{_RETURN}{_QUOTED}]")


def harmless(cell: str) -> str:
    """Write a text as a cell that no spreadsheet takes for a formula or a row."""
    quoted = _SPECIAL.sub(lambda found: _QUOTED + found[0], cell)
    return _PLACE.sub("'", quoted.replace("\r", _RETURN))


def as_it_was(cell: str) -> str:
    """Read a cell that was made harmless."""
    bare = _GUARDED.sub("", cell)
    return _PICTURE.sub(lambda found: found[1] or "\r", bare)
