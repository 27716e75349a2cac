"""A limit holds for what is about to act, whatever was allowed or approved before."""

from __future__ import annotations

from pathlib import Path

import pytest

from support_cli.domain.ticket import Status
from tests.policy.shop import PEOPLE, Shop, policy_with, refund

REASONS = (
    "More than 100 would be paid back.",
    "More than 200 would go back to this customer within 24 hours.",
    "More than 1,000 would be paid back.",
)
ORDERS = ("ORD-1", "ORD-2")


@pytest.fixture
def unreasoned(shop: Shop, tmp_path: Path) -> Shop:
    """Give a shop whose limits ask a person and give no reason for it."""
    changes = [(f'reason = "{reason}"\n', "") for reason in REASONS]
    shop.applies(policy_with(tmp_path / "p.toml", *changes, people=PEOPLE))
    return shop


BY_SPELLING = (
    "customer.refunds_24h",
    "customer .refunds_24h",
    "customer.  refunds_24h",
    ".customer.refunds_24h",
    "customer // in a day\n .refunds_24h",
)


def paid(shop: Shop) -> list[str]:
    return [str(shop.refunded(order)) for order in ORDERS]


def test_two_refunds_at_once_do_not_pass_a_limit_that_gives_no_reason(unreasoned: Shop) -> None:
    three = (*ORDERS, "ORD-3")
    for order in three:
        unreasoned.order(order, paid="100.00")
    ticket = unreasoned.says("\n".join(refund("100.00", order) for order in three))
    assert ticket.status is Status.WAITING
    assert sum(unreasoned.refunded(order).minor for order in three) == 200_00


def test_an_approval_does_not_outlive_a_limit_that_gives_no_reason(unreasoned: Shop) -> None:
    for order in ORDERS:
        unreasoned.order(order, paid="150.00")
    first, second = (unreasoned.wants("150.00", order) for order in ORDERS)
    unreasoned.decides(first)
    assert unreasoned.decides(second).status is Status.WAITING
    assert paid(unreasoned) == ["150.00 EUR", "0.00 EUR"]


@pytest.mark.parametrize("fact", BY_SPELLING)
def test_a_sum_that_has_grown_is_not_overlooked_by_how_the_rule_writes_it(
    shop: Shop, tmp_path: Path, fact: str
) -> None:
    """The rule asks about both refunds; who approved the second saw none of the first in it."""
    rule = f"{fact} < money('9999.00') && action.amount > money('100.00')"
    changes = (
        ("\"action.amount > money('100.00')\"", f'"""{rule}"""'),
        ("'200.00'", "'9999.00'"),
    )
    shop.applies(policy_with(tmp_path / "p.toml", *changes, people=PEOPLE))
    for order in ORDERS:
        shop.order(order, paid="150.00")
    first, second = (shop.wants("150.00", order) for order in ORDERS)
    shop.decides(first)
    assert shop.decides(second).status is Status.WAITING
    assert paid(shop) == ["150.00 EUR", "0.00 EUR"]
