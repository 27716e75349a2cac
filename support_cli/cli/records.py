"""The JSON of orders, policies and what was judged: a public interface, as schema.py's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from support_cli.cli.schema import JSON, time
from support_cli.domain.action import Action
from support_cli.domain.money import Money
from support_cli.domain.order import Order, Payback
from support_cli.domain.policy import KeptPolicy
from support_cli.domain.policy_review import Note
from support_cli.domain.verdict import Verdict
from support_cli.services.policy_change import Change
from support_cli.services.trial import Difference, Kinds, Outcome


def money(amount: Money) -> JSON:
    """Write money: a decimal as a text, and its currency."""
    return {"amount": str(amount.amount), "currency": amount.currency}


def order_row(row: Mapping[str, Any]) -> JSON:
    """Write a row of a list of orders; a list does not load notes."""
    order = Order(**row)
    return order_document(order) | {"note": None}


def order_document(order: Order) -> JSON:
    """Write an order."""
    return {
        "id": order.id,
        "customer": order.customer,
        "status": order.status,
        "placed_at": time(order.placed_at),
        "paid": money(order.paid),
        "refunded": money(order.refunded),
        "refundable": money(order.refundable),
        "items": [
            {"sku": each.sku, "name": each.name, "quantity": each.quantity}
            | {"price": money(each.price)}
            for each in order.items
        ],
        "note": order.note or None,
        "paybacks": [_payback(each) for each in order.paybacks],
    }


def policy(kept: KeptPolicy, *, active: bool) -> JSON:
    """Write a version of the policy."""
    return {
        "version": kept.id,
        "active": active,
        "at": time(kept.at),
        "by": kept.by,
        "text": kept.text,
    }


def agreement(change: Change) -> JSON:
    """Write who agrees to a version, and how many of its owners are missing."""
    return {
        "agreed": [{"by": each.by, "via": each.via, "at": time(each.at)} for each in change.agreed],
        "missing": change.missing,
    }


def change(each: Change) -> JSON:
    """Write a change of the policy, made or proposed."""
    return {
        "version": each.policy,
        "before": each.before or None,
        **agreement(each),
        "difference": each.difference,
    }


def action(judged: Action) -> JSON:
    """Write an action that was judged."""
    return {
        "id": judged.id,
        "ticket": judged.ticket,
        "tool": judged.tool,
        "args": dict(judged.args),
        "confidence": judged.confidence,
        "facts": dict(judged.verdict.facts),
        "policy_version": judged.verdict.policy_version,
        "at": time(judged.at),
        "verdict": verdict(judged.verdict),
    }


def verdict(each: Verdict) -> JSON:
    """Write a verdict."""
    return {
        "verdict": each.ruling,
        "rule": each.rule,
        "levels": list(each.levels),
        "reason": each.reason,
        "risk": each.risk,
    }


def outcome(tried: Outcome) -> JSON:
    """Write what a trial of a policy found."""
    return {
        "actions": tried.actions,
        "waiting": tried.waiting,
        "stuck": list(tried.stuck),
        "counts": [_kinds(each) for each in tried.by_kind()],
        "changes": [_difference(each) for each in tried.differences],
        "notes": notes(tried.notes),
    }


def notes(found: Iterable[Note]) -> list[JSON]:
    """Write what cannot work in a policy."""
    return [{"rule": each.rule, "problem": each.problem} for each in found]


def _kinds(each: Kinds) -> JSON:
    return {
        "before": verdict(each.before),
        "after": verdict(each.after),
        "count": each.count,
        "money": [money(amount) for amount in each.money],
    }


def _difference(each: Difference) -> JSON:
    return {
        "ticket": each.ticket,
        "request": None,
        "tool": each.tool,
        "amount": money(each.amount[0]) if each.amount else None,
        "before": verdict(each.before),
        "after": verdict(each.after),
    }


def _payback(each: Payback) -> JSON:
    return {
        "amount": money(each.amount),
        "way": each.way,
        "method": each.method,
        "reason": each.reason,
        "ticket": each.ticket,
        "at": time(each.at),
    }
