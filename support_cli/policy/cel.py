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

from support_cli.domain.facts import FACTS, Facts, Holds, Plain, amounts_of, fits
from support_cli.domain.money import Money, parse_money
from support_cli.domain.policy import CannotTell
from support_cli.domain.rates import Rates
from support_cli.errors import UsageError
from support_cli.policy.checked import mixes_kinds, names_read
from support_cli.policy.comparison import compared_texts, implies
from support_cli.policy.faults import fault_of, name_kind
from support_cli.policy.words import check_words
from support_cli.services.ports import BadCondition, Compared

# Money is an unsigned number: exact, and never comparable with a plain number.
_TYPES: Mapping[Holds, Any] = {
    Holds.MONEY: cel.Type.UINT,
    Holds.NUMBER: cel.Type.INT,
    Holds.FRACTION: cel.Type.DOUBLE,
    Holds.TEXT: cel.Type.STRING,
    Holds.FLAG: cel.Type.BOOL,
}
# What would make money a plain number, or a number money: conversions, and arithmetic of money
# beyond sums and differences.
_LANGUAGE = cel.NewEnvConfigFromYaml("""
stdlib:
  exclude_functions:
  - name: bool
  - name: bytes
  - name: double
  - name: dyn
  - name: int
  - name: string
  - name: type
  - name: uint
  - name: "_*_"
    overloads: [{id: multiply_uint64}]
  - name: "_/_"
    overloads: [{id: divide_uint64}]
  - name: "_%_"
    overloads: [{id: modulo_uint64}]
""")
_AMOUNT = re.compile(r"""\bmoney\(\s*(?:'([^']*)'|"([^"]*)")\s*\)""")
_MISSING = re.compile(r'No value with name "([\w.]+)"')
_ANOTHER = "amounts in {} cannot be compared with the policy's."
_LARGEST = 2**64 - 1
Own = Mapping[str, Holds]


class CelExpressions:
    """The language of conditions."""

    def check(self, condition: str, rates: Rates, own: Own) -> None:
        """Check a condition that may read these facts beside the desk's.

        Raises:
            BadCondition: it is no expression over the facts that is true or false.
        """
        check_words(condition)
        for found in _AMOUNT.finditer(condition):
            _check_amount(found[1] or found[2] or "", rates, found.start())
        _compiled(_environment(rates.currency, rates.scale, _key(own)), condition)

    def compared_texts(self, condition: str) -> Iterable[Compared]:
        """List the texts that a condition compares with facts."""
        return compared_texts(condition)

    def implies(self, later: str, earlier: str) -> bool:
        """Tell whether, wherever the later condition holds, the earlier certainly does."""
        return implies(later, earlier)

    def compile(self, conditions: Iterable[str], rates: Rates, own: Own) -> CelConditions:
        """Compile conditions; one that is none of these facts' cannot be told."""
        return CelConditions(list(conditions), rates, own)


class CelConditions:
    """Conditions, compiled once for money that has a rate and once for any other."""

    def __init__(self, conditions: list[str], rates: Rates, own: Own) -> None:
        self._rates = rates
        self._holds = {**{name: fact.holds for name, fact in FACTS.items()}, **own}
        exact = _environment(rates.currency, rates.scale, _key(own))
        refusing = _environment(None, 1, _key(own))
        self._same = {text: _compiled_or_fault(exact, text) for text in conditions}
        self._other = {text: _compiled_or_fault(refusing, text) for text in conditions}

    def over(self, facts: Facts) -> Callable[[str], bool]:
        """Give what tells whether a condition holds on these facts; it raises CannotTell."""
        foreign = self._foreign(facts)
        compiled = self._same if foreign is None else self._other
        found = {name: self._value(name, fact, foreign) for name, fact in facts.items()}
        values = {name: value for name, value in found.items() if value is not None}

        def holds(condition: str) -> bool:
            expression = compiled[condition]
            if isinstance(expression, BadCondition):
                raise CannotTell(f"{expression} {expression.unknown or ''}".rstrip() + ".")
            told, answer = _evaluated(expression, values)
            if told == cel.Type.BOOL and isinstance(answer, bool):
                return answer
            if foreign is not None and "currency" in str(answer):
                raise CannotTell(_ANOTHER.format(foreign))
            raise CannotTell(_problem(str(answer), facts))

        return holds

    def facts_read(self, condition: str) -> list[str]:
        """List the facts that a condition reads; every one where it cannot be compiled."""
        expression = self._same[condition]
        if isinstance(expression, BadCondition):
            return list(self._holds)
        return names_read(expression.serialize())

    def _foreign(self, facts: Facts) -> str | None:
        """Name the currency of the action where the policy has no rate for it."""
        amounts = amounts_of(facts.get("action.amount", ""))
        currency = facts.get("order.currency") or (amounts[0].currency if amounts else None)
        return currency if isinstance(currency, str) and not self._rates.knows(currency) else None

    def _value(self, name: str, fact: Plain, foreign: str | None) -> Plain | None:
        """Give a fact as a condition reads it; None where it is not what it is declared to be."""
        holds = self._holds.get(name)
        if holds is Holds.MONEY:
            return self._units(amounts_of(fact), foreign)
        if holds is None or not fits(fact, holds):
            return None
        return float(fact) if holds is Holds.FRACTION else fact

    def _units(self, amounts: tuple[Money, ...], foreign: str | None) -> int | None:
        if not amounts:
            return None
        if foreign is None:
            return self._rates.units(amounts)
        same = all(each.currency == foreign for each in amounts)
        total = sum(each.thousandths for each in amounts)
        return total if same and total <= _LARGEST else None


def _evaluated(expression: Any, values: Mapping[str, Any]) -> tuple[Any, object]:
    try:
        told = expression.eval(data=dict(values))
        return told.type(), told.value()
    except Exception as error:
        raise CannotTell(f"its condition failed ({error}).") from error


def _key(own: Own) -> tuple[tuple[str, Holds], ...]:
    return tuple(sorted(own.items()))


@cache
def _environment(currency: str | None, scale: int, own: tuple[tuple[str, Holds], ...]) -> Any:
    """Make what compiles conditions; without a currency, where no amount can be compared."""
    money = _refused if currency is None else _exact(currency, scale)
    variables = {name: _TYPES[fact.holds] for name, fact in FACTS.items()}
    variables |= {name: _TYPES[holds] for name, holds in own}
    overload = cel.Overload("money_string", cel.Type.UINT, [cel.Type.STRING], impl=money)
    functions = [cel.FunctionDecl("money", [overload])]
    return cel.NewEnv(config=_LANGUAGE, variables=variables, functions=functions)


def _exact(currency: str, scale: int) -> Callable[[str], int]:
    return lambda amount: parse_money(amount, currency).thousandths * scale


def _refused(amount: str) -> int:
    raise ValueError("another currency")


def _compiled(environment: Any, text: str) -> Any:
    try:
        compiled = environment.compile(text)
    except Exception as error:
        raise fault_of(text, str(error)) from error
    if compiled.return_type() != cel.Type.BOOL:
        kind = compiled.return_type().name().lower()
        raise BadCondition(f"it comes to {name_kind(kind)}, not to true or false")
    if mixes_kinds(compiled.serialize()):
        raise BadCondition("a list in it holds things of several kinds, which cannot be compared")
    return compiled


def _compiled_or_fault(environment: Any, text: str) -> Any:
    try:
        return _compiled(environment, text)
    except BadCondition as bad:
        return bad


def _check_amount(amount: str, rates: Rates, at: int) -> None:
    try:
        money = parse_money(amount, rates.currency)
    except UsageError as error:
        raise BadCondition(error.message.rstrip("."), at=at) from error
    if rates.units([money]) is None:
        raise BadCondition(f"{money} is too much to be compared at these rates", at=at)


def _problem(told: str, facts: Facts) -> str:
    missing = _MISSING.search(told)
    if missing is None:
        return f"its condition failed ({told.partition(': ')[2] or told})."
    if missing[1] in facts:
        return f"the fact {missing[1]} ({facts[missing[1]]}) cannot be compared."
    return f"the fact {missing[1]} could not be computed."
