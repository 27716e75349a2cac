"""A limit means the same in every currency: no exchange, sum or rounding goes below it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support_cli.domain.facts import Plain
from support_cli.domain.money import Money
from support_cli.domain.order import Reservation, Spending
from support_cli.domain.policy import CannotTell
from support_cli.domain.ticket import Status
from support_cli.domain.verdict import Ruling
from support_cli.errors import UsageError
from support_cli.policy.cel import CelExpressions
from support_cli.services.policy_file import Known, read_policy
from tests.policy.shop import ADA, Shop, opened, policy_with

RATES = """
[currencies]
date = 2026-11-20
USD = "0.9215"
JPY = "0.0061"
KWD = "2.987654"
VND = "0.0000358"
"""


def rated(path: Path, rates: str = RATES) -> Path:
    return policy_with(path, people=f"{rates}[people]\n")


@pytest.fixture
def abroad(tmp_path: Path) -> Iterator[Shop]:
    """Give a shop whose policy knows rates."""
    policy = rated(tmp_path / "rated.toml")
    with opened({"SUPPORT_HOME": str(tmp_path)}, SUPPORT_POLICY=str(policy)) as shop:
        shop.account()
        yield shop


def held(condition: str, rates: str = RATES, **facts: Plain) -> bool:
    text = f'currency = "EUR"\n{rates}'
    policy = read_policy("p.toml", text, Known(), CelExpressions())
    named = {name.replace("_", ".", 1): fact for name, fact in facts.items()}
    conditions = CelExpressions().compile([condition], policy.rates, {})
    return conditions.over(named)(condition)


@pytest.mark.parametrize(
    ("amount", "over"),
    [
        ("100.00 EUR", False),
        ("100.01 EUR", True),
        ("108.51 USD", False),  # 99.991965
        ("108.52 USD", True),  # 100.00118
        ("16393 JPY", False),  # 99.9973
        ("16394 JPY", True),  # 100.0034
        ("33.471 KWD", False),  # 99.9997...
        ("33.472 KWD", True),  # 100.0027...
        ("2793296 VND", False),  # 99.9999968
        ("2793297 VND", True),  # 100.0000326
    ],
)
def test_an_amount_just_over_a_limit_is_over_it_in_every_currency(amount: str, over: bool) -> None:
    assert held("action.amount > money('100.00')", action_amount=amount) is over


def test_a_refund_over_the_limit_in_another_currency_asks(abroad: Shop) -> None:
    abroad.order(paid="150.00", currency="USD")
    told = abroad.judge("refund_order", {"order_id": "ORD-1", "amount": "108.52", "reason": "x"})
    assert (told.ruling, told.rule) == (Ruling.ASK, "over 100")
    assert told.facts["action.amount"] == "108.52 USD"


def test_a_routine_refund_in_another_currency_is_paid_in_it(abroad: Shop) -> None:
    abroad.order(paid="60.00", currency="USD")
    assert abroad.wants("60.00").status is Status.ANSWERED
    assert str(abroad.refunded()) == "60.00 USD"


def test_what_remains_of_an_order_is_a_limit_in_its_own_currency(abroad: Shop) -> None:
    abroad.order(paid="60.00", currency="USD")
    told = abroad.judge("refund_order", {"order_id": "ORD-1", "amount": "60.01", "reason": "x"})
    assert (told.ruling, told.rule) == (Ruling.REFUSE, "more than was paid")


def test_refunds_in_several_currencies_are_one_sum(abroad: Shop) -> None:
    now = abroad.desk.clock.now()
    paid = (("a", Money(9000, "USD")), ("b", Money(9000, "EUR")))
    lines = tuple(Reservation(key, amount, now) for key, amount in paid)
    abroad.desk.documents.insert(Spending(ADA, lines))
    abroad.order(paid="60.00")
    told = abroad.judge("refund_order", {"order_id": "ORD-1", "amount": "30.00", "reason": "x"})
    assert (told.ruling, told.rule) == (Ruling.ASK, "over 200 in 24 hours")
    assert told.facts["customer.refunds_24h"] == "90.00 EUR + 90.00 USD"


def test_a_credit_in_a_dear_currency_is_not_taken_for_the_policys(abroad: Shop) -> None:
    limit = "action.amount > money('100.00')"
    assert held(limit, action_amount="99.000 KWD")
    with pytest.raises(CannotTell, match="amounts in CHF"):
        held(limit, action_amount="99.00 CHF")


@pytest.mark.parametrize("sum_", ["90.00 EUR + 1.00 CHF", "1.00 CHF"])
def test_a_sum_with_a_currency_that_has_no_rate_asks(sum_: str) -> None:
    limit = "customer.refunds_24h + action.amount > money('200.00')"
    with pytest.raises(CannotTell, match=r"refunds_24h \(.*CHF\) cannot be compared"):
        held(limit, action_amount="1.00 EUR", customer_refunds_24h=sum_)


def test_without_rates_another_currency_asks_and_its_own_limit_holds(shop: Shop) -> None:
    shop.order(paid="60.00", currency="USD")
    args = {"order_id": "ORD-1", "reason": "x"}
    assert shop.judge("refund_order", {**args, "amount": "5.00"}).ruling is Ruling.ASK
    assert shop.judge("refund_order", {**args, "amount": "61.00"}).ruling is Ruling.REFUSE


def test_a_sum_too_large_to_count_asks() -> None:
    with pytest.raises(CannotTell, match="cannot be compared"):
        held("action.amount > money('100.00')", action_amount="999999999999.000 KWD")


def test_new_rates_do_not_change_what_waits(abroad: Shop, tmp_path: Path) -> None:
    abroad.order(paid="150.00", currency="USD")
    ticket = abroad.wants("108.52")
    abroad.applies(rated(tmp_path / "p.toml", RATES.replace("0.9215", "0.5")))
    (request,) = abroad.runs(ticket).open_requests
    assert request.verdict is not None
    assert (request.verdict.rule, request.verdict.levels) == ("over 100", ("manager",))


def test_rates_that_are_old_are_noted(abroad: Shop, tmp_path: Path) -> None:
    abroad.applies(rated(tmp_path / "p.toml", RATES.replace("2026-11-20", "2020-01-31")))
    (check,) = [each for each in abroad.desk.policies.checks() if each.name == "currencies"]
    assert "2020-01-31: JPY, KWD, USD, VND" in check.detail
    assert "write today's rates" in (check.remedy or "")


@pytest.mark.parametrize(
    ("rates", "problem"),
    [
        ('USD = "0.92"', "date must say"),
        ('date = "2026-11-20"\nUSD = "0.92"', "date must say"),
        ("date = 2026-11-20\nUSD = 0.92", "USD must be a decimal in quotation marks"),
        ('date = 2026-11-20\nUSD = "0"', "USD must be a decimal"),
        ('date = 2026-11-20\nUSD = "0.00"', "USD must be a decimal"),
        ('date = 2026-11-20\nUSD = "-1"', "USD must be a decimal"),
        ('date = 2026-11-20\nUSD = "1e3"', "USD must be a decimal"),
        ('date = 2026-11-20\nUSD = "NaN"', "USD must be a decimal"),
        ('date = 2026-11-20\nUSD = "0.123456789"', "USD must be a decimal"),
        ('date = 2026-11-20\nusd = "0.92"', "“usd” is not a currency code"),
        ('date = 2026-11-20\nEUR = "0.92"', "EUR is the policy's own currency"),
    ],
)
def test_a_rate_that_cannot_be_counted_with_is_a_slip(
    shop: Shop, tmp_path: Path, rates: str, problem: str
) -> None:
    with pytest.raises(UsageError, match=f"line .*{problem}"):
        shop.applies(rated(tmp_path / "p.toml", f"[currencies]\n{rates}\n"))
