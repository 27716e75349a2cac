"""The packaged policy, line by line: at its limits, just under and just over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from support_cli.domain.money import Money
from support_cli.domain.order import OrderStatus, Reservation, Spending
from support_cli.domain.verdict import Ruling
from tests.policy.shop import ADA, NOW, Shop

MANAGER, BOTH = ("manager",), ("manager", "director")
OVER_PAID, SPLIT = "more than was paid", "over 200 in 24 hours"
REFUND = {"order_id": "ORD-1", "amount": "60.00", "reason": "x"}
ALLOW, ASK, REFUSE = Ruling.ALLOW, Ruling.ASK, Ruling.REFUSE


@dataclass(frozen=True)
class Case:
    """One call of Ada's, and what is said of it."""

    id: str
    ruling: Ruling
    rule: str
    levels: tuple[str, ...] = ()
    tool: str = "refund_order"
    amount: str | None = "60.00"
    paid: str = "5000.00"
    earlier: str | None = None
    hours: float = 1
    tier: str = "standard"
    order: dict[str, Any] = field(default_factory=dict)
    args: dict[str, str] = field(default_factory=dict)


PAYING = ("refund_order", "adjust_price")
CASES = [
    *(
        case
        for tool in PAYING
        for case in (
            Case(f"{tool} 99.99", ALLOW, "routine", tool=tool, amount="99.99"),
            Case(f"{tool} 100.00", ALLOW, "routine", tool=tool, amount="100.00"),
            Case(f"{tool} 100.01", ASK, "over 100", MANAGER, tool=tool, amount="100.01"),
            Case(f"{tool} 1000.00", ASK, "over 100", MANAGER, tool=tool, amount="1000.00"),
            Case(f"{tool} 1000.01", ASK, "over 1,000", BOTH, tool=tool, amount="1000.01"),
            Case(f"{tool} all", ALLOW, "routine", tool=tool, amount="60.00", paid="60.00"),
            Case(f"{tool} +1c", REFUSE, OVER_PAID, tool=tool, amount="60.01", paid="60.00"),
        )
    ),
    Case("cancel 100.00", ALLOW, "routine", tool="cancel_order", amount=None, paid="100.00"),
    Case(
        "cancel 100.01", ASK, "over 100", MANAGER, tool="cancel_order", amount=None, paid="100.01"
    ),
    Case(
        "cancel 1000.01", ASK, "over 1,000", BOTH, tool="cancel_order", amount=None, paid="1000.01"
    ),
    Case("to 200.00 in 24h", ALLOW, "routine", amount="50.00", earlier="150.00"),
    Case("to 200.01 in 24h", ASK, SPLIT, MANAGER, amount="50.01", earlier="150.00"),
    Case("just in 24h", ASK, SPLIT, MANAGER, earlier="150.00", hours=23.9),
    Case("out of 24h", ALLOW, "routine", earlier="150.00", hours=24.1),
    Case("a VIP", ASK, "a VIP's order", MANAGER, amount="0.01", tier="vip"),
    Case("one thing", ALLOW, "routine", order={"quantity": 1}),
    Case("two things", ASK, "several items", MANAGER, order={"quantity": 2}),
    Case("somebody else's", REFUSE, "not this customer's order", order={"customer": "eve"}),
    Case("no such order", REFUSE, "not this customer's order", args={"order_id": "ORD-999"}),
    Case("no amount", ASK, OVER_PAID, BOTH, amount="sixty"),
    Case("another currency", ASK, "over 1,000", BOTH, amount="5.00", order={"currency": "USD"}),
    Case("over it, elsewhere", REFUSE, OVER_PAID, amount="99.00", paid="60.00"),
]
OTHERS = [
    ("update_account", {"field": "email", "value": "eve@evil.example"}, "a change of the account"),
    ("issue_credit", {"amount": "0.01", "currency": "EUR"}, "a credit note"),
    ("run_action", {"name": "reboot", "arguments": {}}, "an operator's action"),
    ("resend_parcel", {"number": "1"}, "everything else"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_line_of_the_packaged_policy(shop: Shop, case: Case) -> None:
    shop.desk.documents.delete(type(shop.desk.orders.account(ADA)), ADA)
    shop.account(tier=case.tier)
    status = OrderStatus.PLACED if case.tool == "cancel_order" else OrderStatus.DELIVERED
    shop.order(paid=case.paid, **{"status": status, **case.order})
    if case.earlier is not None:
        paid = Reservation(
            "earlier", Money.of(case.earlier, "EUR"), NOW - timedelta(hours=case.hours)
        )
        shop.desk.documents.insert(Spending(ADA, (paid,)))
    amount = {} if case.amount is None else {"amount": case.amount}
    verdict = shop.judge(case.tool, {"order_id": "ORD-1", "reason": "x", **amount, **case.args})
    assert (verdict.ruling, verdict.rule, verdict.levels) == (case.ruling, case.rule, case.levels)


@pytest.mark.parametrize(("tool", "args", "rule"), OTHERS, ids=[each[2] for each in OTHERS])
def test_whatever_else_changes_the_world_asks(
    shop: Shop, tool: str, args: dict[str, Any], rule: str
) -> None:
    verdict = shop.judge(tool, args)
    assert (verdict.ruling, verdict.rule) == (Ruling.ASK, rule)


@pytest.mark.parametrize("tool", ["find_orders", "get_order", "search_knowledge"])
def test_reads_are_allowed_however_unsure_the_agent_is(shop: Shop, tool: str) -> None:
    verdict = shop.judge(tool, {}, sure=None)
    assert (verdict.ruling, verdict.rule) == (Ruling.ALLOW, "reads")


@pytest.mark.parametrize(
    ("sure", "ruling"),
    [(None, ASK), (0.0, ASK), (0.69, ASK), (0.7, ALLOW), (1.0, ALLOW)],
)
def test_the_agents_own_doubt_asks_for_guidance(
    shop: Shop, sure: float | None, ruling: Ruling
) -> None:
    shop.order()
    verdict = shop.judge("refund_order", REFUND, sure)
    assert verdict.ruling is ruling
    assert ("guidance" in (verdict.reason or "")) is (ruling is ASK)


def test_doubt_never_loosens(shop: Shop) -> None:
    shop.order(paid="5000.00")
    held = shop.judge("refund_order", {**REFUND, "amount": "1000.01"}, 0.1)
    refused = shop.judge("refund_order", {**REFUND, "order_id": "ORD-9"}, 0.1)
    assert (held.levels, refused.ruling) == (BOTH, REFUSE)


def test_a_customer_without_an_account_is_looked_at(shop: Shop) -> None:
    shop.desk.documents.delete(type(shop.desk.orders.account(ADA)), ADA)
    shop.order()
    verdict = shop.judge("refund_order", REFUND)
    assert (verdict.ruling, verdict.levels) == (ASK, MANAGER)
    assert "customer.tier could not be computed" in (verdict.reason or "")
