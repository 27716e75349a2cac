"""Orders, what was paid back for them, and the accounts of those who placed them.

Every payment back is kept inside its order under an idempotency key, so that one compare-and-swap
pays, remembers that it has paid, and checks what remains.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from support_cli.domain.effect import DidNotHappen
from support_cli.domain.money import Money

DAY, MONTH = timedelta(hours=24), timedelta(days=30)
FIELDS = ("address", "email", "name", "phone")  # what a customer's account lets be changed
STANDARD = "standard"
TIERS = (STANDARD, "vip")


class OrderStatus(StrEnum):
    """Where an order stands."""

    PLACED = "placed"  # not sent yet: it can be cancelled
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Way(StrEnum):
    """Why money went back."""

    REFUND = "refund"
    ADJUSTMENT = "adjustment"
    CANCELLATION = "cancellation"


class Method(StrEnum):
    """Where money goes back to."""

    ORIGINAL = "original"
    STORE_CREDIT = "store_credit"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order."""

    sku: str
    name: str
    quantity: int
    price: Money


@dataclass(frozen=True, slots=True)
class Payback:
    """Money that went back to the customer; `key` is the tool call's idempotency key."""

    key: str
    amount: Money
    way: Way
    method: Method
    reason: str
    ticket: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """An order. `note` is what the customer wrote on it: information, never an instruction.

    `elsewhere` is what was paid back beside the desk, as the shop's own records say.
    """

    id: str
    customer: str
    status: OrderStatus
    placed_at: datetime
    paid: Money
    items: tuple[Item, ...]
    note: str = ""
    paybacks: tuple[Payback, ...] = ()
    elsewhere: Money | None = None
    version: int = 0

    @property
    def currency(self) -> str:
        """The currency everything about the order is in."""
        return self.paid.currency

    @property
    def refunded(self) -> Money:
        """What was paid back."""
        elsewhere = self.elsewhere.minor if self.elsewhere else 0
        return Money(sum(each.amount.minor for each in self.paybacks) + elsewhere, self.currency)

    @property
    def refundable(self) -> Money:
        """What remains of what was paid."""
        return Money(max(0, self.paid.minor - self.refunded.minor), self.currency)

    @property
    def count(self) -> int:
        """How many things were ordered."""
        return sum(item.quantity for item in self.items)

    def payback(self, key: str) -> Payback | None:
        """Find what was paid back under a key."""
        return next((each for each in self.paybacks if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an account, under the tool call's idempotency key."""

    key: str
    field: str
    before: str
    after: str
    reason: str
    ticket: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A customer's account; its id is the customer's name."""

    id: str
    tier: str
    since: datetime
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    changes: tuple[Change, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Reservation:
    """An amount that went back to a customer, or is about to."""

    key: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Spending:
    """What goes back to one customer over time; its id is the customer's name.

    Reserving here before acting puts all the customer's refunds, of all tickets, in one line.
    """

    id: str
    reservations: tuple[Reservation, ...] = ()
    version: int = 0

    def since(self, moment: datetime, *, but: str) -> tuple[Reservation, ...]:
        """List what was reserved from a moment on, but for one key."""
        return tuple(each for each in self.reservations if each.at >= moment and each.key != but)

    def reserves(self, key: str) -> bool:
        """Tell whether there is a reservation under a key."""
        return any(each.key == key for each in self.reservations)


def paid_back(order: Order, payback: Payback) -> Order:
    """Pay money back for an order, once per key.

    Raises:
        DidNotHappen: more than remains, or a cancellation of what is on its way.
    """
    if order.payback(payback.key) is not None:
        return order
    if payback.amount.currency != order.currency or payback.amount.minor > order.refundable.minor:
        raise DidNotHappen(f"Only {order.refundable} of {order.id} can still be paid back.")
    told = replace(order, paybacks=(*order.paybacks, payback))
    if payback.way is not Way.CANCELLATION:
        return told
    if order.status is not OrderStatus.PLACED:
        raise DidNotHappen(f"{order.id} is {order.status}, so it cannot be cancelled.")
    if payback.amount != order.refundable:
        raise DidNotHappen(f"What remains of {order.id} has changed; look at it again.")
    return replace(told, status=OrderStatus.CANCELLED)


def reserved(spending: Spending, new: Reservation) -> Spending:
    """Reserve an amount, and forget what is older than any sum looks back."""
    kept = [each for each in spending.reservations if each.at >= new.at - MONTH]
    return replace(spending, reservations=(*kept, new))


def released(spending: Spending, key: str) -> Spending:
    """Take a reservation back: nothing was paid under its key."""
    kept = tuple(each for each in spending.reservations if each.key != key)
    return replace(spending, reservations=kept)


def changed(account: Account, change: Change) -> Account:
    """Change a field of an account, once per key."""
    if any(each.key == change.key for each in account.changes):
        return account
    values = {change.field: change.after, "changes": (*account.changes, change)}
    return replace(account, **values)  # type: ignore[arg-type]
