"""People's names: what one may be, and when two of them are one person's.

Names are claims that people type, so two that look alike are taken for one person's (UTS 39): with
a capital, in fullwidth letters, composed or not, or with a Cyrillic letter in them. Nobody is
refused for the script that they write in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from support_cli.errors import UsageError

NAME_LIMIT = 200  # characters
# Printable to Python, and yet nothing to see: the rest of Default_Ignorable_Code_Point (UAX 44),
# and the blank braille pattern.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0000-\U000e0fff]"
)
# A dot above a letter that has one is not seen; the small letter of the Turkish İ has two.
_SECOND_DOT = re.compile("(?<=[ij])\u0307")


def checked_name(name: str) -> str:
    """Return a person's name, if it may be kept.

    Raises:
        UsageError: it is empty, too long, or has a character in it that nobody sees.
    """
    if not name.strip() or len(name) > NAME_LIMIT or not name.isprintable():
        raise UsageError(f"A name has 1 to {NAME_LIMIT} printable characters.")
    if _INVISIBLE.search(name):
        raise UsageError(f"A name has 1 to {NAME_LIMIT} characters that can be seen.")
    return name.strip()


def same_person(one: str, other: str) -> bool:
    """Tell whether two names count as one person's."""
    return skeleton(one) == skeleton(other)


def skeleton(name: str) -> str:
    """Reduce a name to what it looks like: NFKC, casefold, NFKC, trim, then UTS 39's skeleton."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    decomposed = unicodedata.normalize("NFD", " ".join(folded.split()))
    prototypes = _prototypes()
    shapes = "".join(prototypes.get(each, each) for each in decomposed)
    # Folded once more, since a zero looks like a capital O.
    return _SECOND_DOT.sub("", unicodedata.normalize("NFD", shapes.casefold()))


@cache
def _prototypes() -> Mapping[str, str]:
    from support_cli.domain.confusables import TABLE

    found: dict[str, str] = {}
    for word in TABLE.split():
        shape, _, alike = word.partition("=")
        prototype = "".join(chr(int(each, 16)) for each in shape.split("+"))
        found.update((chr(int(each, 16)), prototype) for each in alike.split(","))
    return found
