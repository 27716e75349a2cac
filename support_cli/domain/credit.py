"""A credit note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from support_cli.domain.money import Money


@dataclass(frozen=True, slots=True)
class Credit:
    """Money promised to a customer. Its id is the idempotency key, so it is issued once."""

    id: str
    customer: str
    amount: Money
    reason: str
    ticket: str
    at: datetime
    version: int = 0
