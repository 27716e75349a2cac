"""Money is compared with money: a plain number, a text or an unchecked value permits nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support_cli.domain.money import Money
from support_cli.domain.tool import Tool
from support_cli.domain.verdict import Proposal, Ruling, Verdict
from support_cli.errors import UsageError
from support_cli.tools.api import as_tool, effect
from support_cli.tools.own import BrokenTool, by_name
from tests.policy.shop import ADA, Shop, opened

LIMIT = "own.value > money('50.00')"
Fact = Callable[..., Any]


def policy(when: str) -> str:
    return (
        f'currency = "EUR"\n[[rules]]\nname = "dear"\ntools = ["send_parcel"]\n'
        f'when = "{when}"\nverdict = "ask"\n'
        '[[rules]]\nname = "others"\ntools = ["send_parcel"]\nverdict = "allow"\n'
    )


def parcels(fact: Fact) -> Tool:
    @effect(keyed=True, facts={"value": fact})
    def send_parcel(number: str) -> str:
        """Send a parcel."""
        return number

    return as_tool(send_parcel)


def as_money(value: Any) -> Fact:
    def compute(args: Any, context: Any) -> Money:
        return value  # type: ignore[no-any-return]

    return compute


def as_fraction(value: Any) -> Fact:
    def compute(args: Any, context: Any) -> float:
        return value  # type: ignore[no-any-return]

    return compute


def as_text(value: Any) -> Fact:
    def compute(args: Any, context: Any) -> str:
        return value  # type: ignore[no-any-return]

    return compute


def judge(home: Path, fact: Fact, when: str = LIMIT) -> Verdict:
    with opened({"SUPPORT_HOME": str(home)}, tools=[parcels(fact)]) as shop:
        file = home / "p.toml"
        file.write_text(policy(when))
        shop.applies(file)
        return shop.judge("send_parcel", {"number": "1"})


@pytest.mark.parametrize("value", [5000, 5000.0, "5000", "20.00 EUR", True, None, Money(-5, "EUR")])
def test_a_fact_that_is_not_the_money_it_declares_does_not_allow(
    tmp_path: Path, value: object
) -> None:
    told = judge(tmp_path, as_money(value))
    assert told.ruling is Ruling.ASK
    assert "own.value could not be computed" in (told.reason or "") or value == Money(-5, "EUR")


@pytest.mark.parametrize(("minor", "ruling"), [(5000, Ruling.ALLOW), (5001, Ruling.ASK)])
def test_a_fact_that_is_money_is_compared_as_money(
    tmp_path: Path, minor: int, ruling: Ruling
) -> None:
    assert judge(tmp_path, as_money(Money(minor, "EUR"))).ruling is ruling


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**70, "9.0", True])
def test_a_number_that_nothing_is_greater_than_does_not_allow(
    tmp_path: Path, value: object
) -> None:
    assert judge(tmp_path, as_fraction(value), "own.value > 5.0").ruling is Ruling.ASK


def test_a_text_that_reads_like_money_is_no_money(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="an amount of money"):
        judge(tmp_path, as_text("1.00 EUR"))


@pytest.mark.parametrize(
    "when",
    [
        "own.value > 50",
        "own.value > 50.0",
        "own.value == order.items",
        "order.items > money('5.00')",
        "order.paid > 100",
        "order.paid in [100]",
        "order.paid == order.items",
        "order.status > 5",
        "order.status == money('5.00')",
        "(order.exists ? order.paid : order.items) > money('5.00')",
        "order.paid + order.items > money('5.00')",
        "order.paid * order.paid > money('5.00')",
        "order.paid / money('0.01') > money('5.00')",
        "int(order.paid) > 5",
        "uint(order.items) > order.paid",
        "double(order.paid) > 5.0",
        "dyn(order.paid) > 5",
        "string(order.paid) > '5'",
        "type(order.paid) == type(own.value)",
        "[order.paid, order.items].exists(x, x > 5)",
        "order.paid in [money('5.00'), 5]",
        "{'a': order.paid, 'b': 5}['a'] > 5",
        "order.paid > 0x10u",
    ],
)
def test_money_and_numbers_are_not_mixed(tmp_path: Path, when: str) -> None:
    with pytest.raises(UsageError, match="line 5"):
        judge(tmp_path, as_money(Money(1, "EUR")), when)


def test_a_fact_that_changed_its_type_since_the_policy_was_applied_asks(tmp_path: Path) -> None:
    judge(tmp_path, as_money(Money(1, "EUR")))
    with opened({"SUPPORT_HOME": str(tmp_path)}, tools=[parcels(as_fraction(1.0))]) as shop:
        assert shop.judge("send_parcel", {"number": "1"}).ruling is Ruling.ASK


def test_a_fact_whose_tool_is_gone_asks(tmp_path: Path) -> None:
    judge(tmp_path, as_money(Money(1, "EUR")))
    with opened({"SUPPORT_HOME": str(tmp_path)}) as shop:
        book = shop.desk.rulebooks.active()
        told = shop.desk.policies.judge(Proposal("T", ADA, "c", "send_parcel", {}, 1.0))
        assert (told.ruling, told.policy_version) == (Ruling.ASK, book.name)


def test_a_fact_that_does_not_say_what_it_is_is_refused() -> None:
    with pytest.raises(TypeError, match="the fact value must say what it is"):
        parcels(lambda args, context: 5)


def test_one_name_for_two_kinds_of_facts_is_refused() -> None:
    other = Tool("other", str, parcels(as_text("x")).marking, parcels(as_text("x")).facts)
    with pytest.raises(BrokenTool, match="the fact value: money and text"):
        by_name([parcels(as_money(1)), other])


def test_a_fact_kept_before_it_was_money_changes_no_trial_to_allow(shop: Shop) -> None:
    book = shop.desk.rulebooks.active()
    holds = book.conditions().over({"action.amount": "5000", "customer.tier": "vip"})
    with pytest.raises(Exception, match=r"action\.amount \(5000\) cannot be compared"):
        holds("action.amount > money('100.00')")
