"""The words of a condition, and the slips of those who write other languages or in word processors.

CEL's own parser tells these by the names of its grammar; a manager is told what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from support_cli.services.ports import BadCondition
from support_cli.services.toml_lines import CURLY_QUOTES

_WORD = re.compile(
    r"""
    (?P<blank>\s+|//[^\n]*)
  | (?P<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")
  | (?P<number>0[xX][0-9a-fA-F]+[uU]?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[uU]?)
  | (?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
  | (?P<sign>&&|\|\||==|!=|<=|>=|=>|=<|<>|[-+*/%!<>?:,.()\[\]{}=&|])
  | (?P<odd>.)
    """,
    re.VERBOSE | re.ASCII,
)
_INSTEAD = {
    "=": "==",
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "&": "&&",
    "|": "||",
    "and": "&&",
    "or": "||",
    "not": "!",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "\u2013": "-",  # an en dash
    "\u2212": "-",  # a minus sign
    "True": "true",
    "TRUE": "true",
    "False": "false",
    "FALSE": "false",
}
_CURRENCY_SIGNS = "€$£¥"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a condition: what kind it is, as it is written, and where it begins, from 0."""

    kind: str
    written: str
    at: int


def words(condition: str) -> Iterator[Word]:
    """Read the words of a condition, without blanks and comments."""
    for found in _WORD.finditer(condition):
        kind = found.lastgroup or "odd"
        if kind != "blank":
            yield Word(kind, found[0], found.start())


def check_words(condition: str) -> None:
    """Find what no condition may hold.

    Raises:
        BadCondition: the first slip; it says what to write instead.
    """
    if not condition.strip():
        raise BadCondition("the condition is empty; leave `when` out where the rule always applies")
    for word in words(condition):
        problem = _slip(word)
        if problem is not None:
            raise BadCondition(problem, at=word.at)


def _slip(word: Word) -> str | None:
    plain = word.written.lower() if word.written.isupper() else word.written
    instead = _INSTEAD.get(word.written) or _INSTEAD.get(plain)
    if instead is not None and word.kind != "text":
        return f"“{word.written}” has no meaning here; write {instead}"
    if word.kind == "number" and word.written[-1] in "uU":
        return f"write money('…') instead of {word.written}"
    return _odd(word.written) if word.kind == "odd" else None


def _odd(sign: str) -> str:
    if sign in CURLY_QUOTES:
        return f"{sign} is a quotation mark of a word processor; write '"
    if sign in _CURRENCY_SIGNS:
        return f"{sign} has no meaning here; write an amount as money('100.00')"
    if sign in "'\"":
        return f"the quotation mark {sign} is not closed"
    if sign.isprintable() and not sign.isspace():
        return f"“{sign}” has no meaning here"
    return f"the character U+{ord(sign):04X} ({unicodedata.name(sign, 'unnamed').lower()}) is in it"
