"""The recovery table, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support_cli.domain.deciding import decide
from support_cli.domain.request import Choice, Kind
from support_cli.domain.run import (
    Deliver,
    Pause,
    Position,
    Proceed,
    Rest,
    Resume,
    next_step,
    request_for,
)
from support_cli.domain.talking import add_message
from support_cli.domain.ticket import Ticket
from tests.domain.tickets import (
    asking,
    decided,
    opened,
    says,
    stamp,
    standing,
    the_request,
    uncertain,
    waiting,
)

YES = says(Choice.RESPOND, message="Yes")
PAUSE = asking()


def also(ticket: Ticket, text: str = "And?") -> Ticket:
    return add_message(ticket, text, False, stamp("carl", 1))


def test_with_nothing_saved_the_run_starts_with_the_tickets_messages() -> None:
    ticket = also(opened())
    assert next_step(ticket, Position()) == Deliver(ticket.customer_messages)


@pytest.mark.parametrize("pauses", [(), (PAUSE,)])
def test_what_is_unfinished_goes_on_before_anything_else(pauses: tuple[Pause, ...]) -> None:
    ticket = decided(waiting(), YES)
    position = replace(standing(ticket), unfinished=True, pauses=pauses)
    assert next_step(ticket, position) == Proceed(())


def test_a_pause_with_a_decision_is_resumed_with_it() -> None:
    ticket = decided(waiting(), YES)
    step = next_step(ticket, standing(ticket, PAUSE))
    assert step == Resume(PAUSE, the_request(ticket), ())


def test_of_two_pauses_the_decided_one_is_resumed() -> None:
    other = asking(call="call-2")
    ticket = waiting(PAUSE, other)
    ticket = decide(ticket, "r2", YES, None, stamp(minutes=2))
    step = next_step(ticket, standing(ticket, PAUSE, other))
    assert isinstance(step, Resume)
    assert (step.pause, step.request.id) == (other, "r2")


def test_a_pause_without_a_decision_rests() -> None:
    assert next_step(waiting(), standing(waiting(), PAUSE)) == Rest()
    assert next_step(opened(), standing(opened(), PAUSE)) == Rest()


def test_a_message_does_not_break_into_a_pause() -> None:
    assert next_step(also(waiting()), standing(waiting(), PAUSE)) == Rest()


def test_with_no_pause_what_was_not_heard_is_delivered() -> None:
    ticket = also(opened())
    assert next_step(ticket, standing(opened())) == Deliver(ticket.customer_messages[1:])


def test_with_no_pause_and_all_heard_the_run_rests() -> None:
    assert next_step(also(opened()), standing(also(opened()))) == Rest()


def test_a_decision_brings_the_messages_its_maker_saw_and_no_later_one() -> None:
    ticket = also(decided(also(waiting(), "Before"), YES), "After")
    step = next_step(ticket, standing(opened(), PAUSE))
    assert isinstance(step, Resume)
    assert [message.text for message in step.messages] == ["Before"]


def test_what_the_agent_has_heard_is_not_brought_again() -> None:
    ticket = decided(also(waiting(), "Before"), YES)
    step = next_step(ticket, standing(ticket, PAUSE))
    assert step == Resume(PAUSE, the_request(ticket), ())


def test_after_a_crash_the_messages_of_the_decision_come_with_the_rest_of_the_step() -> None:
    ticket = also(decided(also(waiting(), "Before"), YES), "After")
    step = next_step(ticket, replace(standing(opened()), unfinished=True))
    assert isinstance(step, Proceed)
    assert [message.text for message in step.messages] == ["Before"]


def test_a_later_message_is_delivered_once_the_decision_is_applied() -> None:
    ticket = also(decided(waiting(), YES), "After")
    step = next_step(ticket, standing(opened()))
    assert isinstance(step, Deliver)
    assert [message.text for message in step.messages] == ["After"]


def test_an_outcome_of_the_same_call_is_not_the_pauses_request() -> None:
    ticket = decided(uncertain("call-1"), YES)
    pause = asking(Kind.APPROVAL, call="call-1")
    assert request_for(ticket, pause) is None
    assert next_step(ticket, standing(ticket, pause)) == Rest()
