"""Facts about a proposed action, from the store; what the model says is checked against it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from support_cli.domain.effect import effect_id
from support_cli.domain.facts import Facts, Plain, fits, own_name, plain, total
from support_cli.domain.money import Money, parse_money
from support_cli.domain.order import DAY, FIELDS, MONTH, Account, Method, Order, Spending
from support_cli.domain.tool import Context, Tool
from support_cli.domain.verdict import Proposal
from support_cli.errors import Interrupted, UsageError
from support_cli.services.changes import Changes
from support_cli.services.ports import Calls, Record

_log = logging.getLogger(__name__)
_OWN_TIME = timedelta(seconds=10)  # for a fact of an own tool; then it is missing
_PAYING = ("refund_order", "adjust_price")
_CANCELLING, _CREDITING = "cancel_order", "issue_credit"
R = TypeVar("R", bound=Record)
Found = Iterator[tuple[str, Plain | Money]]


class FactFinder:
    """Finds the facts about an action. What cannot be computed is left out."""

    def __init__(self, changes: Changes, calls: Calls) -> None:
        self._changes = changes
        self._calls = calls

    def about(
        self, proposal: Proposal, tool: Tool | None, spending: Spending | None = None
    ) -> Facts:
        """Find the facts about a proposal.

        Args:
            proposal: what would be done.
            tool: its tool, if there is one of that name.
            spending: what goes back to the customer, where the caller holds the record already.
        """
        order = self._order(proposal)
        amount = _amount(proposal, order)
        found = {
            **dict(_of_tool(proposal, tool)),
            **dict(_of_action(proposal, amount)),
            **dict(self._of_order(proposal, order)),
            **dict(self._of_customer(proposal, order, amount, spending)),
            **dict(self._of_own(proposal, tool)),
        }
        return {name: plain(value) for name, value in found.items()}

    def _order(self, proposal: Proposal) -> Order | None:
        """Load the order an action is about: one of another customer's is no order at all."""
        name = proposal.args.get("order_id")
        order = self._get(Order, name.strip().upper()) if isinstance(name, str) else None
        return order if order is not None and order.customer == proposal.customer else None

    def _of_order(self, proposal: Proposal, order: Order | None) -> Found:
        if "order_id" in proposal.args:
            yield "order.exists", order is not None
        if order is not None:
            yield "order.status", str(order.status)
            yield "order.currency", order.currency
            yield "order.items", order.count
            yield "order.age_days", _days(order.placed_at, self._changes.clock.now())
            yield "order.paid", order.paid
            yield "order.refunded", order.refunded
            yield "order.refundable", order.refundable

    def _of_customer(
        self,
        proposal: Proposal,
        order: Order | None,
        amount: Money | None,
        spending: Spending | None,
    ) -> Found:
        now = self._changes.clock.now()
        account = self._get(Account, proposal.customer)
        if account is not None:
            yield "customer.tier", account.tier
            yield "customer.account_days", _days(account.since, now)
        kept = spending or self._get(Spending, proposal.customer) or Spending(proposal.customer)
        key = effect_id(proposal.ticket, proposal.call)
        yield "customer.refund_count_30d", len(kept.since(now - MONTH, but=key))
        currency = order.currency if order else amount.currency if amount else None
        for name, span in (("customer.refunds_24h", DAY), ("customer.refunds_30d", MONTH)):
            paid = [each.amount for each in kept.since(now - span, but=key)]
            if paid:
                yield name, total(paid)
            elif currency is not None:
                yield name, Money(0, currency)

    def _of_own(self, proposal: Proposal, tool: Tool | None) -> Found:
        key = effect_id(proposal.ticket, proposal.call)
        context = Context(proposal.ticket, proposal.customer, key)
        for name, fact in (tool.facts if tool else {}).items():
            try:
                # In a thread, outside the run's context, like the tool itself.
                compute = partial(fact.compute, proposal.args, context)
                value = self._calls.run(compute, _OWN_TIME)
            except Interrupted:
                raise
            except Exception:  # noqa: BLE001 (without the fact, a rule that reads it asks a person)
                _log.warning("The fact %s could not be computed", own_name(name), exc_info=True)
                continue
            if fits(value, fact.holds):
                yield own_name(name), value
            else:
                kind = type(value).__name__
                _log.warning("The fact %s is declared %s, but is a %s", name, fact.holds, kind)

    def _get(self, kind: type[R], id: str) -> R | None:
        return self._changes.settled(lambda: self._changes.documents.get(kind, id))


def _of_tool(proposal: Proposal, tool: Tool | None) -> Found:
    yield "tool.name", proposal.tool
    yield "tool.reads", tool is not None and not tool.marking.effect
    yield "tool.keyed", tool is not None and tool.marking.keyed


def _of_action(proposal: Proposal, amount: Money | None) -> Found:
    if amount is not None:
        yield "action.amount", amount
    args = proposal.args
    if proposal.tool in (*_PAYING, _CANCELLING):
        method = args.get("method", Method.ORIGINAL)
        if method in list(Method):
            yield "action.method", str(method)
    if args.get("field") in FIELDS:
        yield "action.field", str(args["field"])


def _amount(proposal: Proposal, order: Order | None) -> Money | None:
    """Read what the action would pay; None where that cannot be told."""
    args: Mapping[str, object] = proposal.args
    if proposal.tool == _CANCELLING:
        return order.refundable if order else None
    if proposal.tool == _CREDITING:
        return _parsed(args.get("amount"), args.get("currency"))
    if proposal.tool in _PAYING and order is not None:
        return _parsed(args.get("amount"), order.currency)
    return None


def _parsed(amount: object, currency: object) -> Money | None:
    if not isinstance(amount, str) or not isinstance(currency, str):
        return None
    try:
        return parse_money(amount, currency)
    except UsageError:
        return None


def _days(since: datetime, now: datetime) -> int:
    return max(0, (now - since).days)
