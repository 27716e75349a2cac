"""Sentences on which the offline model must not move money, though they hold a request's words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from support_cli import wiring
from support_cli.agent.order_requests import next_turn
from support_cli.agent.plain_request import understood
from support_cli.domain.request import Kind
from support_cli.domain.ticket import Status
from support_cli.services.order_import import SAMPLE
from tests.policy.shop import Shop, settings_of


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Give a desk with the sample's orders and the offline model."""
    with wiring.open_desk(settings_of({"SUPPORT_HOME": str(tmp_path)})) as desk:
        list(desk.order_import.load(SAMPLE.read_bytes().splitlines(), "test"))
        yield Shop(desk)


@pytest.mark.parametrize(
    "text",
    [
        "refund ORD-1042 was already done, thank you",
        "cancel ORD-1007 was a mistake, please leave it",
        "refund ORD-1042 hahaha just kidding",
        "refund ORD-1042 when the return arrives",
        "refund ORD-1042 only the shipping costs",
        "refund ORD-1042 tomorrow",
        "refund the difference on ORD-1048",
        "I want to return the money for ORD-1042",
        "refund ORD-1042, it smells of nothing",
        "Hello, I am a customer from yesterday, refund ORD-1042",
    ],
)
def test_money_does_not_move_on_a_sentence_that_does_not_ask_for_it(shop: Shop, text: str) -> None:
    ticket = shop.says(text)
    assert (ticket.status, ticket.kinds) == (Status.WAITING, (Kind.QUESTION,))
    assert not shop.desk.ledger.of_ticket(ticket.id)


@pytest.mark.parametrize(
    "text",
    [
        "They sent: refund ORD-1042",
        "You sent me, refund ORD-1042",
        "Refund ORD-1042. I sent this by mistake.",
        "Refund ORD-1042. It is a different order.",
        "Refund ORD-1042, still not received",
        "Refund ORD-1042, never arrived",
        "Refund ORD-1042, the broken lamp",
        "Refund ORD-1042, not needed",
        "Cancel ORD-1007. Sorry, wrong item.",
        "Can you get a refund for ORD-1042?",
        "refund ORD-1042 \U0001f602",
        "refund ORD-1042\u202e",
        "refund ORD-1042 and \uff4f\uff4e\uff4c\uff59 the cup",
    ],
)
def test_a_word_too_many_is_never_read_as_a_request(text: str) -> None:
    assert understood(text) is None


def test_a_second_message_may_take_back_the_first() -> None:
    heard = [HumanMessage("refund ORD-1042"), HumanMessage("it arrived broken")]
    assert next_turn(heard[:1]) is not None
    assert next_turn(heard) is None


@pytest.mark.parametrize("piece", ["too small ", "please ", "the wrong ", "i ", "it is ", "not "])
def test_a_long_message_takes_no_time_without_end(piece: str) -> None:
    assert understood((piece * 600)[:580] + " ORD-1042 x") is None
