"""Orders and accounts: looking, and the effects on them, each once per idempotency key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from support_cli.domain.effect import DidNotHappen, Overtaken
from support_cli.domain.money import Money, parse_money
from support_cli.domain.order import (
    FIELDS,
    Account,
    Change,
    Method,
    Order,
    Payback,
    Reservation,
    Spending,
    Way,
    changed,
    paid_back,
    released,
    reserved,
)
from support_cli.domain.tool import Context
from support_cli.domain.verdict import Proposal
from support_cli.errors import ReplyLost, StoreError, UsageError
from support_cli.services.changes import Changes
from support_cli.services.credits import Credits
from support_cli.services.ports import Page, Permit, Record

_SWAPS = 200
_NO_ORDER = "There is no order {} of this customer."
# Left out by name: a field that a list forgot would count as empty, and change what is refundable.
_LISTED = tuple(each.name for each in fields(Order) if each.name not in ("note", "version"))
R = TypeVar("R", bound=Record)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Act:
    """One tool call at work: what it is, for whom, and under which key."""

    context: Context
    tool: str
    args: Mapping[str, Any]
    reason: str

    @property
    def proposal(self) -> Proposal:
        """The same as policy judges it."""
        call = self.context.key.removeprefix(f"{self.context.ticket}:")
        return Proposal(self.context.ticket, self.context.customer, call, self.tool, self.args)


class Orders:
    """The use cases around orders and accounts."""

    def __init__(self, changes: Changes, permit: Permit, credits_: Credits) -> None:
        self._changes = changes
        self._documents = changes.documents
        self._permit = permit
        self._credits = credits_

    def of_customer(self, customer: str, order_id: str) -> Order | None:
        """Load an order of this customer; another customer's is none."""
        order = self.get(order_id)
        return order if order is not None and order.customer == customer else None

    def get(self, order_id: str) -> Order | None:
        """Load an order, whoever placed it."""
        return self._get(Order, order_id.strip().upper())

    def account(self, customer: str) -> Account | None:
        """Load a customer's account."""
        return self._get(Account, customer)

    def find(self, customer: str | None, *, limit: int, after: str | None = None) -> Page:
        """List orders, the newest first, with everything but what their customers noted."""
        return self._documents.find(
            Order,
            fields=_LISTED,
            where={"customer": customer} if customer else {},
            descending=True,
            limit=limit,
            after=after,
        )

    def refund(self, act: Act, order_id: str, amount: str, method: str) -> Payback:
        """Pay back a part of an order, or all of it.

        Raises:
            DidNotHappen: nothing was paid; the text says why.
        """
        back = self._paid(act, order_id, Way.REFUND, method, lambda order: _money(amount, order))
        if back.method is Method.STORE_CREDIT:
            context = act.context
            self._credits.issue(
                context.key, context.customer, back.amount, act.reason, context.ticket
            )
        return back

    def adjust(self, act: Act, order_id: str, amount: str) -> Payback:
        """Lower an order's price by an amount, and pay that back.

        Raises:
            DidNotHappen: nothing was changed; the text says why.
        """
        return self._paid(
            act, order_id, Way.ADJUSTMENT, Method.ORIGINAL, lambda order: _money(amount, order)
        )

    def cancel(self, act: Act, order_id: str) -> Payback:
        """Cancel an order that is not on its way, and pay back what remains of it.

        Raises:
            DidNotHappen: it was not cancelled; the text says why.
        """
        return self._paid(
            act, order_id, Way.CANCELLATION, Method.ORIGINAL, lambda order: order.refundable
        )

    def update_account(self, act: Act, field: str, value: str) -> Account:
        """Change a field of the customer's own account.

        Raises:
            DidNotHappen: it was not changed; the text says why.
        """
        if field not in FIELDS:
            raise DidNotHappen(f"{field} cannot be changed; {', '.join(FIELDS)} can.")
        if not value.strip() or not value.isprintable() or len(value) > 500:
            raise DidNotHappen("The new value must be one line of at most 500 characters.")
        for account in self._until_swapped(lambda: self.account(act.context.customer)):
            if account is None:
                raise DidNotHappen("This customer has no account here.")
            change = Change(
                key=act.context.key,
                field=field,
                before=getattr(account, field),
                after=value.strip(),
                reason=act.reason,
                ticket=act.context.ticket,
                at=self._changes.clock.now(),
            )
            new = changed(account, change)
            if new is account or self._replaced(new):
                return new
        raise StoreError("The account changes too fast.")

    def _paid(
        self,
        act: Act,
        order_id: str,
        way: Way,
        method: str,
        amount_of: Callable[[Order], Money],
    ) -> Payback:
        order = self._own(act, order_id)
        known = order.payback(act.context.key)
        if known is not None:
            return known
        payback = Payback(
            key=act.context.key,
            amount=amount_of(order),
            way=way,
            method=_method(method),
            reason=act.reason,
            ticket=act.context.ticket,
            at=self._changes.clock.now(),
        )
        try:
            paid_back(order, payback)  # what the order itself forbids needs no reservation
            self._reserve(act, payback)
            return self._pay(act, order_id, payback)
        except DidNotHappen:
            self._release(act)
            raise

    def _pay(self, act: Act, order_id: str, payback: Payback) -> Payback:
        for order in self._until_swapped(lambda: self._own(act, order_id)):
            new = paid_back(order, payback)
            if new is order or self._replaced(new):
                return new.payback(payback.key) or payback
        raise StoreError(f"The order {order_id} changes too fast.")

    def _reserve(self, act: Act, payback: Payback) -> None:
        """Put an amount into the customer's line, if what was permitted still is.

        The very record that policy looks at is the one that is swapped, so that of two refunds at
        once the second one sees the first.
        """
        for spending in self._until_swapped(lambda: self._spending(act.context.customer)):
            if spending.reserves(payback.key):
                return
            objection = self._permit.objection(act.proposal, spending)
            if objection is not None:
                raise Overtaken(objection)
            new = Reservation(payback.key, payback.amount, payback.at)
            if self._replaced(reserved(spending, new)):
                return
        raise StoreError("The customer's refunds change too fast.")

    def _release(self, act: Act) -> None:
        for spending in self._until_swapped(lambda: self._spending(act.context.customer)):
            reserves = spending.reserves(act.context.key)
            if not reserves or self._replaced(released(spending, act.context.key)):
                return

    def _spending(self, customer: str) -> Spending:
        kept = self._get(Spending, customer)
        if kept is not None:
            return kept
        self._changes.settled(lambda: self._documents.insert(Spending(customer)))
        return self._get(Spending, customer) or Spending(customer)

    def _own(self, act: Act, order_id: str) -> Order:
        order = self.of_customer(act.context.customer, order_id)
        if order is None:
            raise DidNotHappen(_NO_ORDER.format(order_id))
        return order

    def _until_swapped(self, load: Callable[[], T]) -> Iterator[T]:
        """Give the record as it is now, again and again: a swap may be lost to another."""
        for _ in range(_SWAPS):
            yield load()

    def _replaced(self, record: Record) -> bool:
        try:
            return self._documents.replace(record)
        except ReplyLost:
            return False  # the next look at the record finds the key, if it was written

    def _get(self, kind: type[R], id: str) -> R | None:
        return self._changes.settled(lambda: self._documents.get(kind, id))


def _money(amount: str, order: Order) -> Money:
    try:
        return parse_money(amount, order.currency)
    except UsageError as error:
        raise DidNotHappen(error.message) from error


def _method(method: str) -> Method:
    try:
        return Method(method)
    except ValueError as error:
        raise DidNotHappen(f"Money goes back by {' or '.join(Method)}, not {method}.") from error
