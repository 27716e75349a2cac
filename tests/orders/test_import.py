"""Orders come from JSON Lines, each line for itself, as often as one likes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from support_cli.domain.money import Money
from support_cli.domain.order import (
    Account,
    Change,
    Method,
    Order,
    OrderStatus,
    Payback,
    Way,
    changed,
    paid_back,
)
from support_cli.domain.staff import Staff
from support_cli.services.changes import Changes
from support_cli.services.clock import SystemClock
from support_cli.services.order_import import SAMPLE, Line, OrderImport
from support_cli.services.ports import Documents

ITEM = {"sku": "S", "name": "Lamp", "quantity": 2, "price": "48.00"}
ORDER = {"order": "ord-1", "customer": "ada", "status": "placed", "placed": "2026-11-02"} | {
    "currency": "EUR",
    "items": [ITEM],
}
ACCOUNT = {"customer": "ada", "since": "2021-03-04", "phone": "1"}
NOW = datetime.now(UTC)


def load(documents: Documents, *told: object) -> list[Line]:
    lines = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in told]
    return list(OrderImport(Changes(documents, SystemClock()), Staff).load(lines, "root"))


def order(documents: Documents) -> Order:
    found = documents.get(Order, "ORD-1")
    assert found is not None
    return found


def test_an_order_is_what_its_line_says(documents: Documents) -> None:
    assert load(documents, ORDER) == [Line(1, "ORD-1", "added")]
    assert (order(documents).paid, order(documents).count) == (Money(9600, "EUR"), 2)


def test_the_same_lines_again_change_nothing(documents: Documents) -> None:
    load(documents, ORDER, ACCOUNT)
    assert [line.outcome for line in load(documents, ORDER, ACCOUNT)] == ["unchanged"] * 2


def test_what_the_desk_paid_back_and_cancelled_stays(documents: Documents) -> None:
    load(documents, ORDER)
    back = Payback("k", Money(9600, "EUR"), Way.CANCELLATION, Method.ORIGINAL, "x", "T", NOW)
    documents.replace(paid_back(order(documents), back))
    assert load(documents, {**ORDER, "note": "new"})[0].outcome == "updated"
    assert (order(documents).paybacks, order(documents).note) == ((back,), "new")
    assert order(documents).status is OrderStatus.CANCELLED


def test_what_the_desk_changed_in_an_account_stays(documents: Documents) -> None:
    load(documents, ACCOUNT)
    account = documents.get(Account, "ada")
    assert account is not None
    documents.replace(changed(account, Change("k", "phone", "1", "2", "x", "T", NOW)))
    load(documents, {**ACCOUNT, "phone": "3", "email": "a@b.example"})
    account = documents.get(Account, "ada")
    assert account is not None
    assert (account.phone, account.email) == ("2", "a@b.example")


def test_what_the_shop_paid_back_itself_cannot_be_paid_again(documents: Documents) -> None:
    load(documents, {**ORDER, "refunded": "90.00"})
    assert order(documents).refundable == Money(600, "EUR")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"not json", "not JSON"),
        (b"\xff\xfe", "not UTF-8 text"),
        (b"[" * 100_000, "more than 65,536 bytes"),
        (b"[" * 60_000, "not JSON"),
        ([], "not a JSON object"),
        ({"order": "ORD-1"}, "customer is missing"),
        ({**ORDER, "order": "../etc"}, "is not an order number"),
        ({**ORDER, "custmer": "x"}, "no key custmer"),
        ({**ORDER, "status": "lost"}, "status must be one of"),
        ({**ORDER, "placed": "yesterday"}, "placed must be a date"),
        ({**ORDER, "items": []}, "items must be a list"),
        ({**ORDER, "items": [{**ITEM, "price": 48.0}]}, "price must be a text"),
        ({**ORDER, "items": [{**ITEM, "quantity": 0}]}, "quantity must be a whole number"),
        ({**ORDER, "items": [{**ITEM, "quantity": True}]}, "quantity must be a whole number"),
        ({**ORDER, "currency": "euro"}, "not a currency code"),
        ({**ORDER, "customer": "a\nb"}, "printable"),
        ({**ORDER, "note": "\ud800"}, "cannot be kept"),
        ({**ACCOUNT, "tier": "gold"}, "tier must be one of"),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_loaded(
    documents: Documents, line: object, problem: str
) -> None:
    bad, good = load(documents, line, ORDER | {"order": "ORD-2"})
    assert (bad.number, bad.outcome, good.outcome) == (1, "invalid", "added")
    assert problem in (bad.problem or "")


def test_the_sample_is_a_shop() -> None:
    told = [json.loads(line) for line in SAMPLE.read_bytes().splitlines()]
    placed = [each for each in told if "order" in each]
    customers = {each["customer"]: each for each in told if "order" not in each}
    assert len(placed) >= 200
    assert len(customers) >= 60
    assert {each["customer"] for each in placed} <= customers.keys()
    assert any(each["tier"] == "vip" for each in customers.values())
    assert len({each["currency"] for each in placed}) >= 4


@pytest.mark.parametrize("documents", ["sqlite"], indirect=True)
def test_the_sample_is_loaded_without_a_fault(documents: Documents) -> None:
    lines = SAMPLE.read_bytes().splitlines()
    told = list(OrderImport(Changes(documents, SystemClock()), Staff).load(lines, "root"))
    assert {line.outcome for line in told} == {"added"}
