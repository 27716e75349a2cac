from __future__ import annotations

from dataclasses import replace

import pytest

from support_cli.domain.request import Choice, Kind
from support_cli.domain.talking import REPLY_ROOM, add_message, close, weight
from support_cli.domain.text import MESSAGE_LIMIT
from support_cli.domain.ticket import Role, Status, Ticket
from support_cli.domain.trail import digest
from support_cli.errors import Busy, Closed, Conflict
from tests.domain.tickets import (
    BOTH,
    among,
    answered,
    approving,
    claimed,
    closed,
    decided,
    failed,
    opened,
    says,
    stamp,
    the_request,
    types,
    uncertain,
    waiting,
)


def replied(ticket: Ticket, text: str = "Hello?") -> Ticket:
    return add_message(ticket, text, False, stamp("carl", 5))


def test_a_new_ticket_is_ready_with_the_customers_words() -> None:
    ticket = opened("Where is\nmy parcel?")
    assert (ticket.status, ticket.subject) == (Status.READY, "Where is my parcel?")
    assert [(each.role, each.text) for each in ticket.messages] == [
        (Role.CUSTOMER, "Where is\nmy parcel?")
    ]


def test_the_trail_holds_the_hash_of_a_message_and_not_its_text() -> None:
    (event,) = opened("My secret").trail
    assert event.data["text"] == digest("My secret")
    assert "secret" not in str(event)


@pytest.mark.parametrize(
    ("ticket", "status"),
    [
        (opened(), Status.READY),
        (claimed(opened()), Status.RUNNING),
        (waiting(), Status.WAITING),
        (answered(), Status.READY),
        (uncertain(), Status.WAITING),
        (failed(), Status.WAITING),
    ],
    ids=["ready", "running", "waiting", "answered", "uncertain", "failed"],
)
def test_a_reply_is_taken_wherever_a_ticket_is_not_closed(ticket: Ticket, status: Status) -> None:
    told = replied(ticket)
    assert told.status is status
    assert told.customer_messages[-1].text == "Hello?"
    assert types(told)[-1] == "replied"


def test_a_closed_ticket_takes_no_reply() -> None:
    with pytest.raises(Closed):
        replied(closed())


@pytest.mark.parametrize("ticket", [waiting(), approving("manager"), uncertain(), failed()])
def test_a_reply_gives_an_open_request_another_fingerprint(ticket: Ticket) -> None:
    assert the_request(replied(ticket)).fingerprint != the_request(ticket).fingerprint


def test_a_reply_drops_the_votes_that_were_given_before_it() -> None:
    voted = decided(approving(*BOTH), says(Choice.APPROVE), among(amy="manager"))
    assert len(the_request(voted).votes) == 1
    assert the_request(replied(voted)).votes == ()


def test_a_reply_leaves_a_decided_request_as_it_was_decided() -> None:
    ticket = decided(waiting(), says(Choice.RESPOND, message="Yes"))
    assert the_request(replied(ticket)) == the_request(ticket)


def test_a_ticket_takes_replies_up_to_four_mebibytes() -> None:
    ticket = opened()
    while weight(ticket) + MESSAGE_LIMIT + 400 <= REPLY_ROOM:
        ticket = replied(ticket, "a" * MESSAGE_LIMIT)
    room = "a" * (REPLY_ROOM - weight(ticket))
    assert replied(ticket, room).customer_messages[-1].text == room
    with pytest.raises(Conflict, match="full"):
        replied(ticket, room + "a")


def test_a_full_ticket_is_measured_in_bytes_and_not_in_letters() -> None:
    with pytest.raises(Conflict, match="full"):
        replied(opened(), "é" * (REPLY_ROOM // 2))


def test_what_people_are_asked_counts_as_weight() -> None:
    ticket = approving()
    longer = replace(the_request(ticket), query="Refund?" + "!" * 1000)
    assert weight(replace(ticket, requests=(longer,))) == weight(ticket) + 1000
    assert weight(replace(ticket, requests=(), decided=(longer,))) == weight(ticket) + 1000


@pytest.mark.parametrize(
    "ticket", [opened(), answered(), waiting(), approving("manager"), failed()]
)
def test_a_ticket_with_nothing_accepted_can_be_closed(ticket: Ticket) -> None:
    over = close(ticket, stamp(minutes=5))
    assert (over.status, over.requests) == (Status.CLOSED, ())
    assert over.decided == ticket.requests


def test_to_close_again_changes_nothing() -> None:
    over = closed()
    assert close(over, stamp(minutes=5)) is over


def test_a_closed_ticket_takes_no_last_word() -> None:
    with pytest.raises(Closed):
        close(closed(), stamp(minutes=5), "Goodbye")


def test_a_last_word_is_the_reply_of_the_closed_ticket() -> None:
    assert close(waiting(), stamp(minutes=5), "Goodbye").reply == "Goodbye"


def test_a_ticket_that_runs_is_not_closed() -> None:
    with pytest.raises(Busy):
        close(claimed(opened()), stamp(minutes=5))


@pytest.mark.parametrize("decide_first", [False, True])
def test_a_ticket_with_an_unknown_outcome_is_not_closed(decide_first: bool) -> None:
    ticket = uncertain()
    if decide_first:
        ticket = decided(ticket, says(Choice.APPROVE))
    with pytest.raises(Conflict, match="whether an effect"):
        close(ticket, stamp(minutes=5))


@pytest.mark.parametrize(
    "ticket",
    [
        decided(waiting(), says(Choice.RESPOND, message="Yes")),
        decided(approving(*BOTH), says(Choice.APPROVE), among(amy="manager")),
    ],
    ids=["decision", "vote"],
)
def test_a_ticket_with_an_accepted_decision_or_vote_is_not_closed(ticket: Ticket) -> None:
    with pytest.raises(Conflict, match=r"accepted and is not applied|have agreed to a request"):
        close(ticket, stamp(minutes=5))


def test_a_customer_can_ask_for_a_person() -> None:
    told = add_message(opened(), "A person, please", True, stamp("carl", 5))
    assert [each.human for each in told.customer_messages] == [False, True]
    assert told.trail[-1].data["human"] is True


def test_a_failure_request_is_closed_with_its_ticket() -> None:
    over = close(failed(), stamp(minutes=5))
    assert [each.kind for each in over.decided] == [Kind.FAILURE]
