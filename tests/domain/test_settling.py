"""What a ticket says after a run: what the agent's state and the ledger say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support_cli.domain.effect import Effect, EffectState, restarted
from support_cli.domain.request import Choice, Kind
from support_cli.domain.run import Position
from support_cli.domain.running import outcomes_applied, settle
from support_cli.domain.talking import add_message
from support_cli.domain.ticket import Role, Status, Ticket
from support_cli.errors import Busy
from tests.domain.tickets import (
    asking,
    at,
    claimed,
    decided,
    effect,
    failed,
    opened,
    says,
    settled,
    stamp,
    standing,
    the_request,
    types,
    uncertain,
    waiting,
)

YES = says(Choice.RESPOND, message="Yes")
HEARD = standing(opened())
PAUSED = standing(opened(), asking())


def also(ticket: Ticket) -> Ticket:
    """Let the customer say one thing more, unheard by the agent."""
    return add_message(ticket, "And?", False, stamp("carl", 1))


@pytest.mark.parametrize(
    ("ticket", "position", "status"),
    [
        (claimed(opened()), HEARD, Status.ANSWERED),
        (also(claimed(opened())), HEARD, Status.READY),
        (claimed(opened()), PAUSED, Status.WAITING),
        (also(claimed(opened())), PAUSED, Status.WAITING),
        (claimed(decided(waiting(), YES)), PAUSED, Status.READY),
        (claimed(decided(waiting(), YES)), HEARD, Status.ANSWERED),
        (also(claimed(decided(waiting(), YES))), HEARD, Status.READY),
        (replace(claimed(opened()), requests=uncertain().requests), HEARD, Status.WAITING),
        (replace(claimed(opened()), requests=failed().requests), HEARD, Status.WAITING),
    ],
    ids=[
        *("nothing open", "a message unheard", "a pause", "a pause and a message unheard"),
        *("a decision unapplied", "a decision applied", "applied, and a message unheard"),
        *("an outcome open", "a failure open"),
    ],
)
def test_the_status_after_a_run_says_what_is_left_to_do(
    ticket: Ticket, position: Position, status: Status
) -> None:
    after = settled(ticket, position, 2)
    assert (after.status, after.lease) == (status, None)
    assert after.trail[-1].data["status"] == status


def test_an_unknown_outcome_holds_back_a_decision() -> None:
    ticket = claimed(decided(waiting(), YES))
    blocked = replace(ticket, requests=(*ticket.requests, *uncertain("call-9").requests))
    assert settled(blocked, PAUSED).status is Status.WAITING


def test_a_pause_becomes_a_request_with_all_that_it_showed() -> None:
    pause = asking(Kind.APPROVAL, levels=("manager",))
    request = the_request(waiting(pause))
    assert (request.id, request.kind, request.tool) == ("r1", pause.kind, pause.tool)
    assert (request.args, request.query, request.verdict) == (pause.args, "Refund?", pause.verdict)
    assert (request.call, request.interrupt, request.levels) == ("call-1", "call-1", ("manager",))
    assert request.fingerprint


def test_a_pause_that_is_still_there_keeps_its_request() -> None:
    ticket = claimed(decided(waiting(asking(), asking(call="call-2")), YES))
    after = settled(ticket, standing(ticket, asking(call="call-2")))
    assert [each.id for each in after.requests] == ["r2"]
    assert [each.id for each in after.decided] == ["r1"]


def test_a_ticket_waits_since_its_oldest_request() -> None:
    ticket = claimed(decided(waiting(asking(), asking(call="call-2")), YES), 5)
    pauses = (asking(call="call-2"), asking(call="call-3"))
    after = settled(ticket, standing(ticket, *pauses), 6)
    assert after.since == at(0)


def test_what_the_agent_said_is_told_once() -> None:
    first = claimed(opened())
    once = settled(first, standing(first, said=("One.",)))
    again = claimed(add_message(once, "And?", False, stamp("carl")))
    twice = settled(again, standing(again, said=("One.", "Two.")))
    assert [m.text for m in twice.messages if m.role is Role.AGENT] == ["One.", "Two."]
    assert twice.reply == "Two."


def test_an_effect_that_ended_is_told_once_by_the_next_write() -> None:
    done = effect(state=EffectState.DONE)
    once = settle(claimed(opened()), 1, PAUSED, (done,), stamp("worker"))
    again = claimed(decided(once, YES))
    twice = settle(again, 2, HEARD, (done,), stamp("worker"))
    assert types(twice).count("effect") == 1
    event = next(each for each in twice.trail if each.type == "effect")
    assert (event.data["state"], event.data["tool"]) == ("done", "wipe")
    assert "wiped" not in str(event)


def test_an_effect_that_did_not_end_is_not_told() -> None:
    after = settle(claimed(opened()), 1, HEARD, (effect(),), stamp("worker"))
    assert "effect" not in types(after)


def test_an_effect_done_after_a_failure_is_told_as_another() -> None:
    lost = effect(state=EffectState.AGAIN)
    lost = replace(lost, ended_at=at(1))
    done: Effect = replace(
        restarted(lost, "op-2", at(2), at(9)), state=EffectState.DONE, ended_at=at(3)
    )
    once = settle(claimed(opened()), 1, PAUSED, (lost,), stamp("worker"))
    twice = settle(claimed(decided(once, YES)), 2, HEARD, (done,), stamp("worker"))
    assert [e.data["state"] for e in twice.trail if e.type == "effect"] == ["again", "done"]


def test_decided_outcomes_are_put_behind_and_open_ones_stay() -> None:
    ticket = uncertain("call-1", "call-2")
    ticket = decided(decided(ticket, says(Choice.APPROVE)), says(Choice.APPROVE))
    ticket = claimed(ticket)
    applied = outcomes_applied(ticket, 2, stamp("worker"))
    assert applied.requests == ()
    assert [each.id for each in applied.decided] == ["r1", "r2"]


def test_where_no_outcome_is_decided_nothing_is_applied() -> None:
    ticket = claimed(decided(waiting(), YES))
    assert outcomes_applied(ticket, 2, stamp("worker")) is ticket
    with pytest.raises(Busy):
        outcomes_applied(ticket, 1, stamp("worker"))


def test_request_ids_are_never_used_again() -> None:
    ticket = claimed(decided(waiting(), YES))
    after = settled(ticket, standing(ticket, asking(call="call-2")))
    assert [each.id for each in (*after.decided, *after.requests)] == ["r1", "r2"]
