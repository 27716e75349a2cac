"""Loading orders and accounts from JSON Lines: each line for itself, again and again.

{"customer": "ada", "tier": "vip", "since": "2021-03-04", "email": "ada@x.example"}
{"order": "ORD-1042", "customer": "ada", "status": "delivered", "placed": "2026-11-02",
 "currency": "EUR", "items": [{"sku": "MUG-1", "name": "Mug", "quantity": 1, "price": "12.00"}]}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from support_cli.domain.money import Money, parse_money
from support_cli.domain.names import checked_name
from support_cli.domain.order import (
    STANDARD,
    TIERS,
    Account,
    Item,
    Order,
    OrderStatus,
)
from support_cli.domain.permission import require_named
from support_cli.domain.staff import Staff
from support_cli.errors import ReplyLost, StoreError, UsageError
from support_cli.services.changes import Changes
from support_cli.services.json_text import read_json
from support_cli.services.ports import Record

LINE_LIMIT = 64 * 1024  # bytes
_ORDER_NEEDS = ("customer", "status", "placed", "currency", "items")
_ORDER_KEYS = {"order", *_ORDER_NEEDS, "paid", "refunded", "note"}
_CONTACT = ("name", "email", "phone", "address")
_ACCOUNT_KEYS = {"customer", "tier", "since", *_CONTACT}
_ITEM_KEYS = {"sku", "name", "quantity", "price"}
_ORDER_ID = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}", re.ASCII)
_SWAPS = 50
SAMPLE = Path(__file__).parent.parent / "data" / "orders.jsonl"
_MOST_ITEMS, _MOST_PIECES = 500, 10_000
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one line: added, updated, unchanged, or why it was not taken."""

    number: int
    id: str | None
    outcome: str
    problem: str | None = None


class OrderImport:
    """Loads orders and accounts."""

    def __init__(self, changes: Changes, staff: Callable[[], Staff]) -> None:
        self._changes = changes
        self._staff = staff

    def load(self, lines: Iterable[bytes], by: str) -> Iterator[Line]:
        """Load line after line. What the desk itself paid back or changed stays as it is.

        Raises:
            NotAllowed: the policy names people, and not this one.
        """
        # Facts that policy judges by come from orders and accounts.
        require_named(self._staff(), by, "import orders")
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = _record(line)
            except UsageError as error:
                yield Line(number, None, "invalid", error.message)
            else:
                yield Line(number, record.id, self._stored(record))

    def _stored(self, new: Order | Account) -> str:
        if isinstance(new, Order):
            order = new
            return self._put(Order, order, lambda kept: _order_over(kept, order))
        account = new
        return self._put(Account, account, lambda kept: _account_over(kept, account))

    def _put(self, kind: type[R], new: R, over: Callable[[R], R]) -> str:
        documents = self._changes.documents
        for _ in range(_SWAPS):
            kept = self._changes.settled(lambda: documents.get(kind, new.id))
            try:
                if kept is None:
                    if documents.insert(new):
                        return "added"
                    continue
                merged = over(kept)
                if merged == kept:
                    return "unchanged"
                if documents.replace(merged):
                    return "updated"
            except ReplyLost:
                continue
        raise StoreError(f"{new.id} changes too fast.", hint="try again")


def _order_over(kept: Order, new: Order) -> Order:
    """Take an order as its shop has it now, with what the desk has paid back and cancelled."""
    cancelled = kept.status is OrderStatus.CANCELLED and kept.paybacks
    status = kept.status if cancelled else new.status
    return replace(new, status=status, paybacks=kept.paybacks, version=kept.version)


def _account_over(kept: Account, new: Account) -> Account:
    """Take an account as its shop has it now, but for the fields that the desk has changed."""
    ours: dict[str, Any] = {change.field: getattr(kept, change.field) for change in kept.changes}
    return replace(new, changes=kept.changes, version=kept.version, **ours)


def _record(line: bytes) -> Order | Account:
    if len(line) > LINE_LIMIT:
        raise UsageError(f"The line has more than {LINE_LIMIT:,} bytes.")
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise UsageError("The line is not UTF-8 text.") from exc
    told = read_json(text, "The line")
    if not isinstance(told, dict):
        raise UsageError("The line is not a JSON object.")
    return _order(told) if "order" in told else _account(told)


def _order(told: Mapping[str, Any]) -> Order:
    _check_keys(told, _ORDER_KEYS, _ORDER_NEEDS)
    name = _text(told, "order").upper()
    if not _ORDER_ID.fullmatch(name):
        raise UsageError(f"“{name}” is not an order number: letters, digits and dashes.")
    currency = _text(told, "currency")
    items = _items(told["items"], currency)
    total = sum(item.price.minor * item.quantity for item in items)
    paid = (
        _money(told, "paid", currency) if "paid" in told else Money(total, items[0].price.currency)
    )
    status = _one_of(told, "status", tuple(OrderStatus))
    return Order(
        id=name,
        customer=checked_name(_text(told, "customer")),
        status=OrderStatus(status),
        placed_at=_moment(told, "placed"),
        paid=paid,
        items=items,
        note=_text(told, "note") if "note" in told else "",
        elsewhere=_money(told, "refunded", currency) if "refunded" in told else None,
    )


def _items(told: Any, currency: str) -> tuple[Item, ...]:
    if not isinstance(told, list) or not 1 <= len(told) <= _MOST_ITEMS:
        raise UsageError(f"items must be a list of 1 to {_MOST_ITEMS}.")
    return tuple(_item(each, currency) for each in told)


def _item(told: Any, currency: str) -> Item:
    if not isinstance(told, dict):
        raise UsageError("An item must be an object.")
    _check_keys(told, _ITEM_KEYS, ("sku", "name", "quantity", "price"))
    quantity = told["quantity"]
    if type(quantity) is not int or not 1 <= quantity <= _MOST_PIECES:
        raise UsageError(f"quantity must be a whole number from 1 to {_MOST_PIECES:,}.")
    price = _money(told, "price", currency)
    return Item(_text(told, "sku"), _text(told, "name"), quantity, price)


def _account(told: Mapping[str, Any]) -> Account:
    _check_keys(told, _ACCOUNT_KEYS, ("customer", "since"))
    own: dict[str, Any] = {key: _text(told, key) for key in _CONTACT if key in told}
    tier = _one_of(told, "tier", TIERS) if "tier" in told else STANDARD
    name = checked_name(_text(told, "customer"))
    return Account(id=name, tier=tier, since=_moment(told, "since"), **own)


def _check_keys(told: Mapping[str, Any], known: set[str], needed: Iterable[str]) -> None:
    for odd in sorted(told.keys() - known):
        raise UsageError(f"There is no key {odd}.")
    for missing in needed:
        if missing not in told:
            raise UsageError(f"{missing} is missing.")


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told[key]
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{key} must be a text.")
    return value.strip()


def _one_of(told: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
    value = _text(told, key)
    if value not in known:
        raise UsageError(f"{key} must be one of {', '.join(known)}, not {value}.")
    return value


def _money(told: Mapping[str, Any], key: str, currency: str) -> Money:
    value = told[key]
    if not isinstance(value, str):
        raise UsageError(f'{key} must be a text such as "12.50", so that it is exact.')
    return parse_money(value, currency)


def _moment(told: Mapping[str, Any], key: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(told, key))
        # At both ends of the calendar another zone's moment is before its first day, or after its
        # last one, in UTC.
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise UsageError(f"{key} must be a date such as 2026-11-02.") from exc
