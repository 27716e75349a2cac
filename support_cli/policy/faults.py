"""What CEL's compiler says, as sentences for those who write policies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from support_cli.services.ports import BadCondition

_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")
_UNKNOWN = re.compile(r"undeclared reference to '([\w.]+)'")
_NO_MATCH = re.compile(r"found no matching overload for '([^']+)' applied to '\((.*)\)'")
_EXPECTED_END = re.compile(r"(?:mismatched|extraneous) input .* expecting <EOF>")
_KINDS = {
    "uint": "an amount of money",
    "int": "a number",
    "double": "a number with a fraction",
    "string": "a text",
    "bool": "true or false",
}
_MONEY, _WHOLE, _FRACTION = _KINDS["uint"], _KINDS["int"], _KINDS["double"]


def name_kind(kind: str) -> str:
    """Name a type of CEL's in plain words."""
    family = kind.lower().partition("(")[0]
    return _KINDS.get(family, f"a {family}")


def fault_of(condition: str, told: str) -> BadCondition:
    """Say in a sentence what the compiler told of a condition."""
    place = _PLACE.search(told)
    if place is None:
        deep = "recursion" in told
        return BadCondition("it is nested too deep" if deep else told.splitlines()[0])
    at = _offset(condition, int(place[1]), int(place[2]))
    unknown = _UNKNOWN.search(place[3])
    if unknown is not None:
        return _unknown(condition, unknown[1], at)
    return BadCondition(_sentence(place[3]), at=at)


def _unknown(condition: str, name: str, at: int) -> BadCondition:
    if condition[at:].lstrip().startswith("("):
        return BadCondition(f"there is no function {name} for this", at=at)
    # The place told is that of the last dot.
    begins = re.search(rf"(?<![\w.]){re.escape(name)}\b", condition)
    return BadCondition("there is no fact", at=begins.start() if begins else at, unknown=name)


def _sentence(problem: str) -> str:
    unmatched = _NO_MATCH.search(problem)
    if unmatched is not None:
        return _mismatch(unmatched[1], [name_kind(each) for each in unmatched[2].split(", ")])
    if "<EOF>'" in problem:
        return "something is missing at its end"
    if _EXPECTED_END.search(problem):
        return "a sign such as && is missing before this"
    if problem.startswith("Syntax error"):
        return "this cannot stand here"
    return problem.rstrip(".")


def _mismatch(operator: str, kinds: Sequence[str]) -> str:
    if operator == "money":
        return "an amount must be written money('100.00'), with its quotation marks"
    sign = operator.strip("_@")
    if _MONEY in kinds and (_WHOLE in kinds or _FRACTION in kinds):
        return f"“{sign}” has money on one side only; an amount must be written money('100.00')"
    if set(kinds) == {_WHOLE, _FRACTION}:
        return f"“{sign}” has a fraction on one side only; write 2.0 for 2"
    return f"“{sign}” cannot be used with {' and '.join(kinds)}"


def _offset(condition: str, line: int, column: int) -> int:
    before = condition.split("\n")[: line - 1]
    return sum(len(each) + 1 for each in before) + column - 1
