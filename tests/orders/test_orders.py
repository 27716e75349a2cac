"""An order pays back what was paid and no more, once per key, to its own customer only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from support_cli.domain.effect import DidNotHappen, Overtaken
from support_cli.domain.money import Money, parse_money
from support_cli.domain.order import (
    Account,
    Item,
    Method,
    Order,
    OrderStatus,
    Payback,
    Spending,
    Way,
)
from support_cli.domain.tool import Context
from support_cli.domain.verdict import Proposal
from support_cli.errors import ReplyLost
from support_cli.services.changes import Changes
from support_cli.services.clock import SystemClock
from support_cli.services.credits import Credits
from support_cli.services.orders import Act, Orders
from support_cli.services.ports import Documents

ADA = "ada"
NOW = datetime.now(UTC)


class Willing:
    """Permits everything, until it is told to object."""

    objects: str | None = None

    def objection(self, proposal: Proposal, spending: Spending) -> str | None:
        """Object, or not."""
        return self.objects


@pytest.fixture
def permit() -> Willing:
    """Give what permits."""
    return Willing()


def shop_over(documents: Documents, permit: Willing) -> Orders:
    return Orders(Changes(documents, SystemClock()), permit, Credits(documents, SystemClock()))


@pytest.fixture
def orders(documents: Documents, permit: Willing) -> Orders:
    """Give the orders over every store, with one of 100.00 EUR in it."""
    take(documents, "ORD-1")
    documents.insert(Account(ADA, "standard", NOW, phone="1"))
    return shop_over(documents, permit)


def take(documents: Documents, name: str, status: OrderStatus = OrderStatus.PLACED) -> None:
    paid = parse_money("100.00", "EUR")
    documents.insert(Order(name, ADA, status, NOW, paid, (Item("S", "Lamp", 1, paid),)))


def act(key: str = "T:1", customer: str = ADA) -> Act:
    return Act(Context("T", customer, key), "refund_order", {}, "broken")


def left(orders: Orders, name: str = "ORD-1") -> str:
    order = orders.get(name)
    assert order is not None
    return str(order.refundable)


def test_the_same_key_pays_once(orders: Orders) -> None:
    paid = [orders.refund(act(), "ORD-1", "40.00", "original") for _ in range(3)]
    assert {back.key for back in paid} == {"T:1"}
    assert left(orders) == "60.00 EUR"


def test_keys_pay_until_nothing_remains(orders: Orders) -> None:
    orders.refund(act("T:1"), "ORD-1", "60.00", "original")
    orders.adjust(act("T:2"), "ORD-1", "40.00")
    with pytest.raises(DidNotHappen, match=r"Only 0\.00 EUR"):
        orders.refund(act("T:3"), "ORD-1", "0.01", "original")


def test_what_was_not_paid_is_not_counted(orders: Orders, documents: Documents) -> None:
    orders.refund(act("T:1"), "ORD-1", "60.00", "original")
    with pytest.raises(DidNotHappen):
        orders.refund(act("T:2"), "ORD-1", "60.00", "original")
    spending = documents.get(Spending, ADA)
    assert spending is not None
    assert [each.key for each in spending.reservations] == ["T:1"]


def test_a_cancelled_order_is_paid_back_whole_and_stays_so(orders: Orders) -> None:
    orders.refund(act("T:1"), "ORD-1", "30.00", "original")
    assert str(orders.cancel(act("T:2"), "ORD-1").amount) == "70.00 EUR"
    assert str(orders.cancel(act("T:2"), "ORD-1").amount) == "70.00 EUR"
    with pytest.raises(DidNotHappen, match="cancelled"):
        orders.cancel(act("T:3"), "ORD-1")


@pytest.mark.parametrize("status", [OrderStatus.SHIPPED, OrderStatus.DELIVERED])
def test_what_is_on_its_way_cannot_be_cancelled(
    orders: Orders, documents: Documents, status: OrderStatus
) -> None:
    take(documents, "ORD-2", status)
    with pytest.raises(DidNotHappen, match=f"is {status}"):
        orders.cancel(act(), "ORD-2")
    assert left(orders, "ORD-2") == "100.00 EUR"


@pytest.mark.parametrize("effect", ["refund", "adjust", "cancel"])
def test_another_customers_order_does_not_exist(orders: Orders, effect: str) -> None:
    more: dict[str, tuple[Any, ...]] = {"refund": ("1.00", "original"), "adjust": ("1.00",)}
    with pytest.raises(DidNotHappen, match="no order ORD-1 of this customer"):
        getattr(orders, effect)(act(customer="eve"), "ORD-1", *more.get(effect, ()))
    assert orders.of_customer("eve", "ORD-1") is None


@pytest.mark.parametrize("amount", ["0", "-1", "1e2", "1,00", "sixty", "0.001", "60 USD", ""])
def test_what_is_no_amount_pays_nothing(orders: Orders, amount: str) -> None:
    with pytest.raises(DidNotHappen):
        orders.refund(act(), "ORD-1", amount, "original")
    assert left(orders) == "100.00 EUR"


def test_store_credit_becomes_a_credit_note_once(orders: Orders, documents: Documents) -> None:
    for _ in range(2):
        orders.refund(act(), "ORD-1", "40.00", "store_credit")
    notes = Credits(documents, SystemClock()).find(ADA, limit=10).rows
    assert [note["amount"] for note in notes] == [Money(4000, "EUR")]


def test_what_is_permitted_no_more_is_overtaken(orders: Orders, permit: Willing) -> None:
    permit.objects = "Over the limit."
    with pytest.raises(Overtaken, match="Over the limit"):
        orders.refund(act(), "ORD-1", "40.00", "original")
    assert left(orders) == "100.00 EUR"


def test_what_was_reserved_before_a_crash_goes_on(orders: Orders, permit: Willing) -> None:
    own = Payback("T:1", Money(4000, "EUR"), Way.REFUND, Method.ORIGINAL, "broken", "T", NOW)
    orders._reserve(act(), own)
    permit.objects = "Too late."
    orders.refund(act(), "ORD-1", "40.00", "original")
    assert left(orders) == "60.00 EUR"


class Losing:
    """A store whose answers to writes get lost, after they were done."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)

    def replace(self, record: Any) -> bool:
        """Write, and lose the answer."""
        self._documents.replace(record)
        raise ReplyLost


def test_lost_answers_pay_once(orders: Orders, documents: Documents, permit: Willing) -> None:
    losing = shop_over(Losing(documents), permit)
    losing.refund(act(), "ORD-1", "40.00", "original")
    losing.update_account(act("T:9"), "phone", "2")
    account = orders.account(ADA)
    assert left(orders) == "60.00 EUR"
    assert account is not None
    assert [change.after for change in account.changes] == ["2"]


@pytest.mark.parametrize("documents", ["sqlite", "mongo"], indirect=True)
def test_of_many_at_once_no_more_than_was_paid_goes_back(orders: Orders) -> None:
    def try_one(number: int) -> bool:
        try:
            orders.refund(act(f"T:{number}"), "ORD-1", "30.00", "original")
        except DidNotHappen:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_one, range(8))) == 3
    assert left(orders) == "10.00 EUR"


@pytest.mark.parametrize(
    ("field", "value"), [("tier", "vip"), ("id", "eve"), ("phone", ""), ("phone", "a\nb")]
)
def test_only_contact_details_of_one_line_can_be_changed(
    orders: Orders, field: str, value: str
) -> None:
    with pytest.raises(DidNotHappen):
        orders.update_account(act(), field, value)
    account = orders.account(ADA)
    assert account is not None
    assert (account.tier, account.changes) == ("standard", ())
