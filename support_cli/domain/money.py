"""Money: whole minor units of a currency, never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from support_cli.errors import UsageError

# ISO 4217's currencies whose minor unit is not a hundredth.
_DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "VND": 0, "ISK": 0, "KWD": 3, "BHD": 3, "TND": 3, "OMR": 3}
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,3})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents of EUR) and its ISO 4217 currency."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """The amount in the currency's own unit."""
        digits = _digits(self.currency)
        return Decimal(self.minor).scaleb(-digits).quantize(Decimal(1).scaleb(-digits))

    @property
    def thousandths(self) -> int:
        """The amount in thousandths of the currency's unit, the finest minor unit there is."""
        return self.minor * int(10 ** (3 - _digits(self.currency)))

    @classmethod
    def of(cls, amount: str, currency: str) -> Money:
        """Read what `str` wrote, nothing included."""
        return cls(int(Decimal(amount).scaleb(_digits(currency))), currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def parse_money(amount: str, currency: str) -> Money:
    """Read a decimal amount, such as `60.00`, of a currency.

    Raises:
        UsageError: not a positive decimal, a fraction the currency does not have, no currency.
    """
    code = currency.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise UsageError(f"“{currency}” is not a currency code such as EUR.")
    if not _AMOUNT.fullmatch(amount.strip()):
        raise UsageError(f"“{amount}” is not an amount such as 60.00.")
    minor = Decimal(amount.strip()).scaleb(_digits(code))
    if minor != minor.to_integral_value() or minor == 0:
        raise UsageError(f"“{amount}” is not an amount of {code}.")
    return Money(int(minor), code)


def _digits(currency: str) -> int:
    return _DIGITS.get(currency, 2)
