"""What conditions compare: texts that a fact never is, and a condition that holds in another.

Read from the words, since the library gives no tree; what is not understood is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from support_cli.policy.words import Word, words
from support_cli.services.ports import Compared

_EQUAL = ("==", "!=")
_OPENING, _CLOSING = "([{", ")]}"
Atom = tuple[str, ...]


def compared_texts(condition: str) -> Iterator[Compared]:
    """List the texts that facts are compared with: `fact == 'text'`, `fact in ['text', …]`."""
    found = list(words(condition))
    for at, word in enumerate(found):
        if word.written in _EQUAL and 0 < at < len(found) - 1:
            yield from _pair(found[at - 1], found[at + 1])
            yield from _pair(found[at + 1], found[at - 1])
        elif word.written == "in" and at:
            yield from _members(found[at - 1], found[at + 1 :])


def implies(later: str, earlier: str) -> bool:
    """Tell whether, wherever the later condition holds, the earlier certainly does."""
    cases = [_split(case, "&&") for case in _split(_atom(earlier), "||")]
    return all(
        any(_holds_in(_split(case, "&&"), parts) for parts in cases)
        for case in _split(_atom(later), "||")
    )


def _pair(fact: Word, text: Word) -> Iterator[Compared]:
    if fact.kind == "name" and text.kind == "text":
        yield Compared(fact.written, text.written[1:-1], text.at)


def _members(fact: Word, rest: Sequence[Word]) -> Iterator[Compared]:
    if not rest or rest[0].written != "[":
        return
    for word in rest:
        if word.written == "]":
            return
        yield from _pair(fact, word)


def _atom(condition: str) -> Atom:
    return tuple(word.written for word in words(condition))


def _split(atom: Atom, sign: str) -> list[Atom]:
    """Part at a sign outside of all brackets; `||` binds less than `&&`."""
    atom = _bare(atom)
    parts: list[list[str]] = [[]]
    depth = 0
    for word in atom:
        depth += (word in _OPENING) - (word in _CLOSING)
        if word == sign and not depth:
            parts.append([])
        else:
            parts[-1].append(word)
    return [_bare(tuple(part)) for part in parts]


def _bare(atom: Atom) -> Atom:
    """Take away brackets around all of it."""
    while len(atom) > 1 and atom[0] == "(" and _closes(atom) == len(atom) - 1:
        atom = atom[1:-1]
    return atom


def _closes(atom: Atom) -> int:
    depth = 0
    for at, word in enumerate(atom):
        depth += (word in _OPENING) - (word in _CLOSING)
        if not depth:
            return at
    return -1


def _holds_in(case: Sequence[Atom], parts: Sequence[Atom]) -> bool:
    return all(part == ("true",) or any(_forces(each, part) for each in case) for part in parts)


def _forces(given: Atom, wanted: Atom) -> bool:
    if given == wanted:
        return True
    one, other = _bound(given), _bound(wanted)
    if one is None or other is None or one.left != other.left or other.sign == "==":
        return False
    if other.sign in (">", ">="):
        inside = one.value > other.value
        return one.sign in (">", ">=", "==") and (inside or _meets(one, other))
    inside = one.value < other.value
    return one.sign in ("<", "<=", "==") and (inside or _meets(one, other))


@dataclass(frozen=True, slots=True)
class _Bound:
    """A comparison with an amount or a number: `left sign value`."""

    left: Atom
    sign: str
    value: Decimal


def _meets(one: _Bound, other: _Bound) -> bool:
    return one.value == other.value and (one.sign == other.sign or other.sign in (">=", "<="))


def _bound(atom: Atom) -> _Bound | None:
    if len(atom) >= 6 and atom[-4:-2] == ("money", "(") and atom[-1] == ")":
        left, sign, value = atom[:-5], atom[-5], atom[-2][1:-1]
    elif len(atom) >= 3:
        left, sign, value = atom[:-2], atom[-2], atom[-1]
    else:
        return None
    number = value.replace(".", "", 1)
    known = sign in (">", ">=", "<", "<=", "==") and number.isascii() and number.isdigit()
    # What binds less than a comparison makes the left side something else.
    simple = not {"&&", "||", "?", ":", "!", "<", ">", "<=", ">=", "==", "!="} & set(left)
    return _Bound(left, sign, Decimal(value)) if known and simple else None
