"""What the arguments of a tool call may hold: what the agent's state and every store can keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite

DEPTH = 32  # lists and objects inside each other; the state's own limit is near 250
_BEYOND = 2**63  # the first integer that does not fit 64 bits with a sign


def flaw_of(arguments: Mapping[str, object]) -> str | None:
    """Say what of some arguments cannot be kept, as a part of a sentence; None where all can.

    Level by level: what is nested too deeply for a recursion is found as well.
    """
    level: list[object] = [arguments]
    for _ in range(DEPTH):
        flaw = next(filter(None, map(_flaw, level)), None)
        if flaw is not None:
            return flaw
        level = [part for value in level for part in _parts(value)]
        if not level:
            return None
    return f"they are nested deeper than {DEPTH} levels"


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list | tuple):
        yield from value


def _flaw(value: object) -> str | None:
    if isinstance(value, str):
        return None if _is_text(value) else "half of a character is missing"
    if isinstance(value, int):
        return None if -_BEYOND <= value < _BEYOND else "an integer does not fit 64 bits"
    if isinstance(value, float):
        return None if isfinite(value) else "NaN and Infinity are no numbers"
    return None


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
