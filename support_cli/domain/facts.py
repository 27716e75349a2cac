"""The facts that policy may read: what each is called, what it holds, and how it is kept.

All of them come from the store. A fact that cannot be computed is absent, and a rule that reads it
asks a person.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from support_cli.domain.money import Money
from support_cli.domain.order import FIELDS, TIERS, Method, OrderStatus

Plain = str | int | float | bool
Facts = Mapping[str, Plain]
OWN = "own"  # the namespace of the facts that come with a company's own tools
_MONEY = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]{3})", re.ASCII)
_PLUS = " + "
_BOUND = 2**63  # what a condition can count up to


class Holds(StrEnum):
    """What a fact holds."""

    MONEY = "money"
    NUMBER = "number"
    FRACTION = "number with a fraction"
    TEXT = "text"
    FLAG = "true or false"


_TYPES: Mapping[Holds, tuple[type, ...]] = {
    Holds.MONEY: (Money,),
    Holds.NUMBER: (int,),
    Holds.FRACTION: (int, float),
    Holds.TEXT: (str,),
    Holds.FLAG: (bool,),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `grows`: a sum over time, which an approval covers only as far as it was shown.

    `values`: the only texts it takes, where there are only so many.
    """

    holds: Holds
    says: str
    grows: bool = False
    values: tuple[str, ...] = ()


FACTS: Mapping[str, Fact] = {
    "tool.name": Fact(Holds.TEXT, "the tool"),
    "tool.reads": Fact(Holds.FLAG, "it is marked as changing nothing"),
    "tool.keyed": Fact(Holds.FLAG, "it is marked as taking an idempotency key"),
    "action.amount": Fact(Holds.MONEY, "what the action would pay to the customer"),
    "action.method": Fact(Holds.TEXT, "original or store_credit", values=tuple(Method)),
    "action.field": Fact(Holds.TEXT, "the field of the account that would change", values=FIELDS),
    "order.exists": Fact(Holds.FLAG, "this customer has such an order"),
    "order.status": Fact(
        Holds.TEXT, "placed, shipped, delivered or cancelled", values=tuple(OrderStatus)
    ),
    "order.currency": Fact(Holds.TEXT, "the order's currency"),
    "order.items": Fact(Holds.NUMBER, "how many things were ordered"),
    "order.age_days": Fact(Holds.NUMBER, "whole days since it was placed"),
    "order.paid": Fact(Holds.MONEY, "what was paid for it"),
    "order.refunded": Fact(Holds.MONEY, "what was paid back, in money or store credit"),
    "order.refundable": Fact(Holds.MONEY, "what remains: paid less refunded"),
    "customer.tier": Fact(Holds.TEXT, "standard or vip", values=TIERS),
    "customer.account_days": Fact(Holds.NUMBER, "whole days since the account was opened"),
    "customer.refunds_24h": Fact(Holds.MONEY, "paid back in the last 24 hours", grows=True),
    "customer.refunds_30d": Fact(Holds.MONEY, "paid back in the last 30 days", grows=True),
    "customer.refund_count_30d": Fact(
        Holds.NUMBER, "how many times in the last 30 days", grows=True
    ),
}


def plain(value: Plain | Money) -> Plain:
    """Write a fact as it is kept and shown: money as `60.00 EUR`, a word of an enum as a text."""
    return str(value) if isinstance(value, Money | str) else value


def total(amounts: Iterable[Money]) -> str:
    """Write a sum as it is kept and shown, each currency for itself: `20.00 EUR + 5.00 USD`."""
    sums = Counter[str]()
    for each in amounts:
        sums[each.currency] += each.minor
    return _PLUS.join(str(Money(sums[currency], currency)) for currency in sorted(sums))


def amounts_of(value: Plain) -> tuple[Money, ...]:
    """Read a kept fact as money: one amount, a sum's several, or none where it is no money."""
    parts = value.split(_PLUS) if isinstance(value, str) else []
    written = [_MONEY.fullmatch(part) for part in parts]
    return tuple(Money.of(each[1], each[2]) for each in written if each) if all(written) else ()


def fits(value: object, holds: Holds) -> bool:
    """Tell whether a value is what a fact declares to hold: `True` is no number, nor is NaN."""
    if isinstance(value, str):
        return holds is Holds.TEXT
    if type(value) not in _TYPES[holds]:
        return False
    if isinstance(value, int | float):
        return math.isfinite(value) and -_BOUND <= value < _BOUND
    return True


def own_name(name: str) -> str:
    """Name a fact of a company's own tool as policy reads it."""
    return f"{OWN}.{name}"
