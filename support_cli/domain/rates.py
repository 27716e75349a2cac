"""Comparing money of several currencies: each is worth so much of the policy's own.

An amount becomes a whole number of units so small that every rate comes out exactly, so nothing is
rounded, and a limit means the same in every currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from support_cli.domain.money import Money

_LARGEST = 2**64 - 1  # what a condition can count


@dataclass(frozen=True, slots=True)
class Rates:
    """What one of each currency is worth in the policy's own, and on which day it was."""

    currency: str
    worth: Mapping[str, Decimal] = field(default_factory=dict)
    day: date | None = None

    def knows(self, currency: str) -> bool:
        """Tell whether amounts of a currency can be compared with the policy's."""
        return currency == self.currency or currency in self.worth

    def units(self, amounts: Iterable[Money]) -> int | None:
        """Count amounts together in the unit of comparison; None where that cannot be done."""
        total = 0
        for each in amounts:
            if not self.knows(each.currency):
                return None
            rate = self.worth.get(each.currency, Decimal(1))
            total += each.thousandths * int(rate * self.scale)
        return total if total <= _LARGEST else None

    @property
    def scale(self) -> int:
        """How many units a thousandth of the policy's currency has: the finest rate's decimals."""
        exponents = (rate.as_tuple().exponent for rate in self.worth.values())
        digits = max((-each for each in exponents if isinstance(each, int)), default=0)
        return int(10 ** max(digits, 0))
