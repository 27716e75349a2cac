from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_cli.domain.money import Money, parse_money
from support_cli.errors import UsageError


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("60.00", "EUR", 6000),
        ("60", "eur", 6000),
        (" 0.1 ", " usd ", 10),
        ("60", "JPY", 60),
        ("1.234", "KWD", 1234),
    ],
)
def test_an_amount_is_kept_in_the_minor_units_of_its_currency(
    amount: str, currency: str, minor: int
) -> None:
    assert parse_money(amount, currency) == Money(minor, currency.strip().upper())


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        *(("0", "EUR"), ("0.00", "EUR"), ("-1", "EUR"), ("1.001", "EUR"), ("0.5", "JPY")),
        *(("", "EUR"), ("1,50", "EUR"), ("1e3", "EUR"), ("NaN", "EUR"), ("Infinity", "EUR")),
        *(("1234567890123", "EUR"), ("\u0661", "EUR"), ("1", "EURO"), ("1", ""), ("1", "€")),
    ],
)
def test_what_is_no_amount_of_a_currency_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(UsageError):
        parse_money(amount, currency)


@given(st.integers(0, 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_what_is_written_is_read_back_to_the_last_unit(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(*str(money).split()) == money


@pytest.mark.parametrize(
    ("money", "text", "thousandths"),
    [
        (Money(6000, "EUR"), "60.00 EUR", 60000),
        (Money(60, "JPY"), "60 JPY", 60000),
        (Money(60000, "KWD"), "60.000 KWD", 60000),
    ],
)
def test_amounts_of_all_currencies_compare_in_thousandths(
    money: Money, text: str, thousandths: int
) -> None:
    assert str(money) == text
    assert money.thousandths == thousandths
