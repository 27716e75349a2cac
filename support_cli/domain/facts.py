"""The facts that policy may read: what each is called, what it holds, and how it is kept.

All of them come from the store. A fact that cannot be computed is absent, and a rule that reads it
asks a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from support_cli.domain.money import Money

Plain = str | int | float | bool
Facts = Mapping[str, Plain]
OWN = "own"  # the namespace of the facts that come with a company's own tools
_MONEY = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]{3})", re.ASCII)


class Holds(StrEnum):
    """What a fact holds."""

    MONEY = "money"
    NUMBER = "number"
    TEXT = "text"
    FLAG = "true or false"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `grows`: a sum over time, which an approval covers only as far as it was shown."""

    holds: Holds
    says: str
    grows: bool = False


FACTS: Mapping[str, Fact] = {
    "tool.name": Fact(Holds.TEXT, "the tool"),
    "tool.reads": Fact(Holds.FLAG, "it is marked as changing nothing"),
    "tool.keyed": Fact(Holds.FLAG, "it is marked as taking an idempotency key"),
    "action.amount": Fact(Holds.MONEY, "what the action would pay to the customer"),
    "action.method": Fact(Holds.TEXT, "original or store_credit"),
    "action.field": Fact(Holds.TEXT, "the field of the account that would change"),
    "order.exists": Fact(Holds.FLAG, "this customer has such an order"),
    "order.status": Fact(Holds.TEXT, "placed, shipped, delivered or cancelled"),
    "order.currency": Fact(Holds.TEXT, "the order's currency"),
    "order.items": Fact(Holds.NUMBER, "how many things were ordered"),
    "order.age_days": Fact(Holds.NUMBER, "whole days since it was placed"),
    "order.paid": Fact(Holds.MONEY, "what was paid for it"),
    "order.refunded": Fact(Holds.MONEY, "what was paid back, in money or store credit"),
    "order.refundable": Fact(Holds.MONEY, "what remains: paid less refunded"),
    "customer.tier": Fact(Holds.TEXT, "standard or vip"),
    "customer.account_days": Fact(Holds.NUMBER, "whole days since the account was opened"),
    "customer.refunds_24h": Fact(Holds.MONEY, "paid back in the last 24 hours", grows=True),
    "customer.refunds_30d": Fact(Holds.MONEY, "paid back in the last 30 days", grows=True),
    "customer.refund_count_30d": Fact(
        Holds.NUMBER, "how many times in the last 30 days", grows=True
    ),
}


def plain(value: Plain | Money) -> Plain:
    """Write a fact as it is kept and shown: money as `60.00 EUR`."""
    return str(value) if isinstance(value, Money) else value


def money_of(value: Plain) -> Money | None:
    """Read a kept fact as money; None where it is something else."""
    written = _MONEY.fullmatch(value) if isinstance(value, str) else None
    return None if written is None else Money.of(written[1], written[2])


def own_name(name: str) -> str:
    """Name a fact of a company's own tool as policy reads it."""
    return f"{OWN}.{name}"
