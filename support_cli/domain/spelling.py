"""One slip of the keyboard, put right where only one known word can be meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable

_SHORTEST = 5  # below, too many words are one letter apart


def corrected(words: Iterable[str], known: Collection[str]) -> list[str]:
    """Replace each unknown word by the one known word that is a slip away, if there is just one."""
    return [word if word in known else _nearest(word, known) for word in words]


def _nearest(word: str, known: Iterable[str]) -> str:
    if len(word) < _SHORTEST or not word.isalpha():
        return word
    near = [other for other in known if other[0] == word[0] and _one_slip(word, other)]
    return near[0] if len(near) == 1 else word


def _one_slip(a: str, b: str) -> bool:
    """Tell whether one letter left out, added or changed, or two swapped, make a into b."""
    if abs(len(a) - len(b)) > 1:
        return False
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[2:] == b[2:] and a[:2] == b[1::-1])
