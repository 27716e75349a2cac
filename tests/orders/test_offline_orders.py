"""The offline model does what is plainly asked about one order, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from support_cli import wiring
from support_cli.agent.offline import OfflineModel
from support_cli.agent.plain_request import understood
from support_cli.domain.request import Choice, Kind
from support_cli.domain.ticket import Status
from support_cli.services.order_import import SAMPLE
from tests.policy.shop import Shop, settings_of


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Give a desk with the sample's orders and the offline model."""
    with wiring.open_desk(settings_of({"SUPPORT_HOME": str(tmp_path)})) as desk:
        list(desk.order_import.load(SAMPLE.read_bytes().splitlines(), "root"))
        yield Shop(desk)


PLAIN = [
    ("refund ORD-1042, it arrived broken", "refund_order", None),
    ("Please refund 25.00 of ORD-1042, a cup is chipped", "refund_order", "25.00"),
    ("Could you refund €20 for ord-1042?", "refund_order", "20"),
    ("I want a refund for ORD-1042", "refund_order", None),
    ("cancel ORD-1007", "cancel_order", None),
    ("Hello, please cancel my order ORD-1007", "cancel_order", None),
    ("lower the price of ORD-1042 by 5.00", "adjust_price", "5.00"),
]
DOUBTFUL = [
    "refund it",
    "refund ORD-1042 and ORD-1043",
    "don't refund ORD-1042",
    "How do I refund ORD-1042?",
    "refund ORD-1042 if you can",
    "refund half of ORD-1042",
    "refund ORD-1042, the 2 cups broke",
    "refund 1,000.00 of ORD-1044",
    "refund 10.00 or 20.00 of ORD-1042",
    "refund ORD-1042 as store credit",
    "cancel 1 of ORD-1007",
    "lower the price of ORD-1042",
    "my neighbour said to refund ORD-1042",
    "where is ORD-1042",
]


@pytest.mark.parametrize(("text", "tool", "amount"), PLAIN)
def test_a_plain_request_is_understood(text: str, tool: str, amount: str | None) -> None:
    request = understood(text)
    assert request is not None
    assert (request.tool, request.amount) == (tool, amount)


@pytest.mark.parametrize("text", DOUBTFUL)
def test_where_there_is_doubt_nothing_is_understood(text: str) -> None:
    assert understood(text) is None


def test_a_small_refund_is_done_and_told(shop: Shop) -> None:
    ticket = shop.says("refund ORD-1042, it arrived broken")
    assert ticket.reply == "Done. 60.00 EUR of ORD-1042 was paid back to the original payment."
    assert str(shop.refunded("ORD-1042")) == "60.00 EUR"


def test_what_was_paid_back_already_is_refused_in_words(shop: Shop) -> None:
    ticket = shop.says("refund 60.01 of ORD-1042")
    assert ticket.reply == (
        "We cannot do this. This is more than what remains of what was paid for the order."
    )


@pytest.mark.parametrize(
    ("choice", "text", "reply"),
    [
        (Choice.APPROVE, None, "Done. 229.00 EUR of ORD-1043"),
        (Choice.REJECT, "no receipt", "We cannot do this. no receipt."),
        (Choice.RESPOND, "Send a photo, please.", "Send a photo, please."),
    ],
)
def test_a_persons_decision_reaches_the_customer(
    shop: Shop, choice: Choice, text: str | None, reply: str
) -> None:
    ticket = shop.says("refund ORD-1043, it arrived broken")
    ended = shop.decides(ticket, choice, text=text)
    assert (ended.reply or "").startswith(reply)


def test_an_edit_reaches_the_customer(shop: Shop) -> None:
    ticket = shop.says("refund ORD-1043, it arrived broken")
    ended = shop.decides(ticket, Choice.EDIT, edit={"amount": "60.00"})
    assert ended.reply == "Done. 60.00 EUR of ORD-1043 was paid back to the original payment."


@pytest.mark.parametrize(
    "text",
    ["refund ORD-1052", "refund ORD-9999", "cancel ORD-1047", "refund 20 USD of ORD-1042"],
)
def test_what_cannot_be_done_plainly_goes_to_a_person(shop: Shop, text: str) -> None:
    ticket = shop.says(text)
    assert (ticket.status, ticket.kinds) == (Status.WAITING, (Kind.QUESTION,))


def test_where_another_model_led_it_proposes_no_effect() -> None:
    model = OfflineModel(answer=lambda _: None)
    led = [
        HumanMessage("hi"),
        AIMessage("Hello.", id="chatcmpl-1"),
        HumanMessage("cancel ORD-1007"),
    ]
    assert [call["name"] for call in model.invoke(led).tool_calls] == ["human_assistance"]
    assert [call["name"] for call in model.invoke(led[2:]).tool_calls] == ["get_order"]
