"""Conditions in CEL, the Common Expression Language, through cel-expr-python.

Chosen over cel-python (pure Python): it is the CEL project's own binding of the implementation that
policy engines run on, it checks names and types before anything is judged, needs no other package,
imports in 10 ms (180 ms) and judges in 2 µs. Its price: wheels only, for CPython 3.11 to 3.14 on
Linux with glibc 2.28, macOS and Windows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from cel_expr_python import cel

from support_cli.domain.facts import FACTS, OWN, Facts, Holds, Plain, money_of
from support_cli.domain.money import parse_money
from support_cli.domain.policy import CannotTell
from support_cli.errors import UsageError
from support_cli.services.ports import BadCondition

# Money is an unsigned number of thousandths: exact, and never comparable with a plain number.
_TYPES: Mapping[Holds, Any] = {
    Holds.MONEY: cel.Type.UINT,
    Holds.NUMBER: cel.Type.INT,
    Holds.TEXT: cel.Type.STRING,
    Holds.FLAG: cel.Type.BOOL,
}
_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")
_UNKNOWN = re.compile(r"undeclared reference to '([\w.]+)'")
_AMOUNT = re.compile(r"""\bmoney\(\s*(?:'([^']*)'|"([^"]*)")\s*\)""")
_BARE_AMOUNT = re.compile(r"\b\d+[uU]\b")
_MISSING = re.compile(r'No value with name "([\w.]+)"|Key not found in map : "(\w+)"')
_ANOTHER = "amounts in {} cannot be compared with the policy's"


class CelExpressions:
    """Compiles conditions."""

    def compile(self, conditions: Iterable[str], currency: str) -> CelConditions:
        """Compile conditions whose `money('…')` is of this currency.

        Raises:
            BadCondition: one is no expression over the facts that is true or false.
        """
        return CelConditions(list(conditions), currency)


class CelConditions:
    """Conditions, compiled once for money in the policy's currency and once for any other."""

    def __init__(self, conditions: list[str], currency: str) -> None:
        self._currency = currency
        exact, refusing = _environment(currency), _environment(None)
        self._same = {text: _compiled(exact, text, currency) for text in conditions}
        self._other = {text: _compiled(refusing, text, currency) for text in conditions}

    def over(self, facts: Facts) -> Callable[[str], bool]:
        """Give what tells whether a condition holds on these facts; it raises CannotTell."""
        foreign = facts.get("order.currency", self._currency) != self._currency
        compiled = self._other if foreign else self._same
        values: dict[str, Any] = {
            name: _value(name, fact) for name, fact in facts.items() if name in FACTS
        }
        values[OWN] = self._own(facts)

        def holds(condition: str) -> bool:
            told = compiled[condition].eval(data=values)
            answer = told.value()
            if told.type() == cel.Type.BOOL and isinstance(answer, bool):
                return answer
            if foreign and "currency" in str(answer):
                raise CannotTell(_ANOTHER.format(facts["order.currency"]) + ".")
            raise CannotTell(_problem(str(answer)))

        return holds

    def _own(self, facts: Facts) -> dict[str, Any]:
        own = {
            name.removeprefix(f"{OWN}."): money_of(fact) or fact
            for name, fact in facts.items()
            if name.startswith(f"{OWN}.")
        }
        return {
            name: getattr(fact, "thousandths", fact)
            for name, fact in own.items()
            if getattr(fact, "currency", self._currency) == self._currency
        }


@cache
def _environment(currency: str | None) -> Any:
    """Make what compiles conditions; without a currency, where no amount can be compared."""
    money = _refused if currency is None else _exact(currency)
    variables = {name: _TYPES[fact.holds] for name, fact in FACTS.items()}
    variables[OWN] = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
    overload = cel.Overload("money_string", cel.Type.UINT, [cel.Type.STRING], impl=money)
    return cel.NewEnv(variables=variables, functions=[cel.FunctionDecl("money", [overload])])


def _exact(currency: str) -> Callable[[str], int]:
    return lambda amount: parse_money(amount, currency).thousandths


def _refused(amount: str) -> int:
    raise ValueError("another currency")


def _compiled(environment: Any, text: str, currency: str) -> Any:
    _check_amounts(text, currency)
    try:
        compiled = environment.compile(text)
    except Exception as error:
        raise _bad(text, str(error)) from error
    if compiled.return_type() not in (cel.Type.BOOL, cel.Type.DYN):
        raise BadCondition(f"it comes to {compiled.return_type().name()}, not to true or false")
    return compiled


def _check_amounts(text: str, currency: str) -> None:
    bare = _BARE_AMOUNT.search(text)
    if bare is not None:
        raise BadCondition(f"write money('…') instead of {bare[0]}")
    for single, double in _AMOUNT.findall(text):
        try:
            parse_money(single or double, currency)
        except UsageError as error:
            raise BadCondition(error.message.rstrip(".")) from error


def _bad(text: str, told: str) -> BadCondition:
    place = _PLACE.search(told)
    unknown = _UNKNOWN.search(told)
    line = int(place[1]) if place else 1
    if unknown is not None:
        return BadCondition("there is no fact", line=line, unknown=unknown[1])
    problem = place[3] if place else told.splitlines()[0]
    if "uint" in problem:
        return BadCondition(f"an amount in “{text}” must be written money('…')", line=line)
    return BadCondition(f"{problem} (column {place[2] if place else 1} of “{text}”)", line=line)


def _value(name: str, fact: Plain) -> Plain:
    money = money_of(fact) if FACTS[name].holds is Holds.MONEY else None
    return fact if money is None else money.thousandths


def _problem(told: str) -> str:
    missing = _MISSING.search(told)
    if missing is not None:
        return f"the fact {missing[1] or f'{OWN}.{missing[2]}'} could not be computed."
    return f"its condition failed ({told.partition(': ')[2] or told})."
