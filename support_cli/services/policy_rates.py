"""The table [currencies] of a policy: what one of each is worth in the policy's own, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from support_cli.domain.rates import Rates
from support_cli.services.policy_table import File, Table

_DATE = "date"
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
# Eight decimals and no float: what a rate makes of an amount is exact.
_RATE = re.compile(r"\d{1,8}(\.\d{1,8})?", re.ASCII)


def read_rates(file: File, currency: str, told: Mapping[str, Any]) -> Rates:
    """Read the rates of other currencies; without the table there are none.

    Raises:
        UsageError: a rate is no positive decimal in quotes, of no currency, or the date is missing.
    """
    if not told:
        return Rates(currency)
    table = Table(file, told, file.lines.table("currencies"), ", currencies")
    day = told.get(_DATE)
    if not isinstance(day, date) or isinstance(day, datetime):
        table.wrong("date must say of which day the rates are, such as date = 2026-11-20", _DATE)
    worth = {code: _rate(table, code) for code in told if code != _DATE}
    if currency in worth:
        table.wrong(f"{currency} is the policy's own currency, and has no rate", currency)
    return Rates(currency, worth, day)


def _rate(table: Table, code: str) -> Decimal:
    if not _CURRENCY.fullmatch(code):
        table.wrong(f"“{code}” is not a currency code such as USD", code)
    rate = table.values[code]
    if not isinstance(rate, str) or not _RATE.fullmatch(rate) or not Decimal(rate):
        table.wrong(f'{code} must be a decimal in quotation marks, such as {code} = "0.92"', code)
    return Decimal(rate)
