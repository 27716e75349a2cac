from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from support_cli.domain.request import Choice, Kind, Request, Vote, fingerprint, fingerprinted
from support_cli.domain.verdict import Ruling, Verdict
from tests.domain.tickets import NOW

VERDICT = Verdict(
    Ruling.ASK, "over 10", "v1", "much", ("manager",), risk="high", facts={"total": "20.00"}
)
SHOWN = fingerprinted(
    "K7M2-9QXD",
    Request(
        "r1",
        Kind.APPROVAL,
        "Refund?",
        NOW,
        tool="refund_order",
        args={"amount": "20.00", "order": "ORD-1"},
        verdict=VERDICT,
        options=("yes", "no"),
    ),
    customer_messages=1,
)


@pytest.mark.parametrize(
    "other",
    [
        replace(SHOWN, id="r2"),
        replace(SHOWN, kind=Kind.OUTCOME),
        replace(SHOWN, tool="cancel_order"),
        replace(SHOWN, args={"amount": "20.01", "order": "ORD-1"}),
        replace(SHOWN, args={"amount": "20.00"}),
        replace(SHOWN, query="Refund it?"),
        replace(SHOWN, options=("no", "yes")),
        replace(SHOWN, verdict=replace(VERDICT, facts={"total": "20.01"})),
        replace(SHOWN, verdict=replace(VERDICT, levels=("manager", "director"))),
        replace(SHOWN, verdict=replace(VERDICT, policy_version="v2")),
        replace(SHOWN, verdict=None),
    ],
    ids=lambda each: "",
)
def test_another_thing_shown_has_another_fingerprint(other: Request) -> None:
    assert fingerprint("K7M2-9QXD", other, 1) != SHOWN.fingerprint


def test_another_ticket_has_another_fingerprint() -> None:
    assert fingerprint("K7M2-9QXE", SHOWN, 1) != SHOWN.fingerprint


def test_one_more_customer_message_makes_another_fingerprint() -> None:
    assert fingerprint("K7M2-9QXD", SHOWN, 2) != SHOWN.fingerprint


def test_the_order_of_arguments_and_the_time_do_not_count() -> None:
    args = {"order": "ORD-1", "amount": "20.00"}
    same = replace(SHOWN, args=args, created_at=NOW + timedelta(hours=1))
    assert fingerprint("K7M2-9QXD", same, 1) == SHOWN.fingerprint


def test_a_fingerprint_is_twenty_hexadecimal_digits() -> None:
    assert len(bytes.fromhex(SHOWN.fingerprint)) == 10


def test_votes_stay_under_their_own_fingerprint_and_go_under_another() -> None:
    voted = replace(SHOWN, votes=(Vote("amy", "manager", Choice.APPROVE, NOW),))
    assert fingerprinted("K7M2-9QXD", voted, 1).votes == voted.votes
    assert fingerprinted("K7M2-9QXD", voted, 2).votes == ()
