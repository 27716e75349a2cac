from __future__ import annotations

from dataclasses import replace

import pytest

from support_cli.domain.deciding import decide, find_request, outcome_known
from support_cli.domain.request import Choice, Decision, Kind
from support_cli.domain.talking import add_message, close
from support_cli.domain.ticket import Role, Status, Ticket
from support_cli.domain.verdict import Ruling, Verdict
from support_cli.errors import Closed, Conflict, Decided, NotAllowed, NotFound, Stale, UsageError
from tests.domain.tickets import (
    answered,
    approving,
    asking,
    claimed,
    closed,
    decided,
    failed,
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


def two_open() -> Ticket:
    return waiting(asking(call="call-1"), asking(call="call-2"))


def test_a_decision_is_kept_with_what_it_was_made_on_and_makes_the_ticket_ready() -> None:
    ticket = decided(waiting(), YES)
    shown = the_request(waiting())
    assert ticket.status is Status.READY
    assert the_request(ticket).decision == replace(YES, fingerprint=shown.fingerprint, seen=1)
    assert types(ticket)[-1] == "decided"


def test_a_persons_words_are_in_the_transcript() -> None:
    said = decided(waiting(), YES).messages[-1]
    assert (said.role, said.text, said.by) == (Role.PERSON, "Yes", "amy")


def test_the_result_of_an_effect_is_not_in_the_transcript() -> None:
    ticket = decided(uncertain(), says(Choice.RESPOND, message="wiped"))
    assert [each.role for each in ticket.messages] == [Role.CUSTOMER]


def test_ones_own_identical_decision_again_changes_nothing() -> None:
    ticket = decided(waiting(), YES)
    assert decide(ticket, "r1", YES, None, stamp(minutes=3)) is ticket
    assert decide(ticket, None, YES, "an old one", stamp(minutes=3)) is ticket


@pytest.mark.parametrize(
    "other",
    [
        says(Choice.RESPOND, message="No"),
        says(Choice.RESPOND, by="bob", message="Yes"),
        replace(YES, verbatim=True),
    ],
    ids=["another text", "another person", "verbatim"],
)
def test_the_conflict_names_who_decided_when_and_what(other: Decision) -> None:
    with pytest.raises(Decided) as refused:
        decide(decided(waiting(), YES), "r1", other, None, stamp(other.by, 3))
    for part in ("amy", "2026-05-04 12:02:00 UTC", "respond", "Yes", "r1"):
        assert part in refused.value.message


@pytest.mark.parametrize(
    ("ticket", "decision"),
    [
        *((waiting(), says(choice)) for choice in Choice if choice is not Choice.RESPOND),
        (uncertain(), says(Choice.REJECT)),
        (uncertain(), says(Choice.EDIT, args={})),
        *((failed(), says(choice)) for choice in Choice if choice is not Choice.APPROVE),
    ],
)
def test_a_kind_of_request_takes_only_its_own_decisions(ticket: Ticket, decision: Decision) -> None:
    with pytest.raises(UsageError, match=f"takes .*, not {decision.type}"):
        decided(ticket, decision)


def test_a_verdict_can_allow_fewer_decisions() -> None:
    verdict = Verdict(Ruling.ASK, allowed=(Choice.APPROVE, Choice.REJECT))
    ticket = waiting(replace(asking(Kind.APPROVAL), verdict=verdict))
    with pytest.raises(UsageError, match="takes approve, reject, not respond"):
        decided(ticket, YES)


def test_an_answer_needs_a_text() -> None:
    with pytest.raises(UsageError, match="needs a text"):
        decided(waiting(), says(Choice.RESPOND))


def test_a_question_may_be_answered_without_its_fingerprint() -> None:
    assert decide(waiting(), "r1", YES, None, stamp()).status is Status.READY


@pytest.mark.parametrize("ticket", [approving(), uncertain(), failed()])
def test_everything_else_needs_the_fingerprint_and_says_which(ticket: Ticket) -> None:
    with pytest.raises(UsageError) as refused:
        decide(ticket, "r1", says(Choice.APPROVE), None, stamp())
    assert f"--if-match {the_request(ticket).fingerprint}" in str(refused.value.hint)


@pytest.mark.parametrize("ticket", [waiting(), approving(), uncertain()])
def test_a_decision_on_what_was_shown_before_a_reply_is_stale(ticket: Ticket) -> None:
    shown = the_request(ticket).fingerprint
    told = add_message(ticket, "Wait!", False, stamp("carl", 1))
    with pytest.raises(Stale, match=shown):
        decide(told, "r1", says(Choice.RESPOND, message="Yes"), shown, stamp(minutes=2))


def test_with_several_open_the_request_must_be_named() -> None:
    with pytest.raises(UsageError, match="r1, r2") as refused:
        decide(two_open(), None, YES, None, stamp())
    assert refused.value.hint == "support admin resume K7M2-9QXD --request r1"


def test_one_of_several_decided_keeps_the_other_open() -> None:
    ticket = decide(two_open(), "R2", YES, None, stamp())
    assert [each.id for each in ticket.open_requests] == ["r1"]
    assert ticket.status is Status.READY


def test_an_unknown_request_is_not_found() -> None:
    with pytest.raises(NotFound, match="r7"):
        decide(waiting(), "r7", YES, None, stamp())


def test_where_nothing_is_open_the_last_decision_is_meant() -> None:
    first = decide(two_open(), "r2", YES, None, stamp())
    both = decide(first, "r1", replace(YES, at=YES.at.replace(minute=1)), None, stamp())
    assert find_request(both, None).id == "r2"


def test_where_nothing_was_ever_asked_there_is_nothing_to_decide() -> None:
    with pytest.raises(Conflict, match="answered"):
        decide(answered(), None, YES, None, stamp())
    with pytest.raises(Closed):
        decide(closed(), None, YES, None, stamp())


def test_an_open_request_of_a_closed_ticket_is_not_decided() -> None:
    over = close(waiting(), stamp(minutes=1))
    with pytest.raises(Closed):
        decide(over, "r1", YES, None, stamp(minutes=2))


def test_the_customer_cannot_decide_on_an_approval_of_their_own() -> None:
    for choice in (Choice.APPROVE, Choice.REJECT):
        with pytest.raises(NotAllowed, match="carl is the customer"):
            decided(approving(), says(choice, by="carl"))


def test_a_decision_while_the_ticket_runs_leaves_it_running() -> None:
    ticket = claimed(decide(two_open(), "r1", YES, None, stamp()))
    both = decide(ticket, "r2", YES, None, stamp(minutes=3))
    assert (both.status, both.open_requests) == (Status.RUNNING, ())


def test_a_retried_failure_is_done_at_once_and_counts_from_zero() -> None:
    ticket = decided(failed(), says(Choice.APPROVE))
    assert (ticket.status, ticket.failures, ticket.requests) == (Status.READY, 0, ())
    assert [each.id for each in ticket.decided] == ["r1"]


def test_a_decision_beside_an_unknown_outcome_waits_for_the_outcome() -> None:
    asked = the_request(approving())
    ticket = uncertain("call-2")
    ticket = replace(ticket, requests=(*ticket.requests, replace(asked, id="r2")))
    rejected = decide(ticket, "r2", says(Choice.REJECT), asked.fingerprint, stamp(minutes=3))
    assert rejected.status is Status.WAITING


def test_an_outcome_that_became_known_is_withdrawn() -> None:
    ticket = outcome_known(uncertain(), "r1", stamp(minutes=3))
    assert (ticket.status, ticket.requests) == (Status.READY, ())
    assert [each.decision for each in ticket.decided] == [None]


def test_one_of_two_outcomes_known_leaves_the_ticket_waiting() -> None:
    ticket = outcome_known(uncertain("call-1", "call-2"), "r1", stamp(minutes=3))
    assert ticket.status is Status.WAITING


def test_an_outcome_that_is_not_open_is_not_withdrawn() -> None:
    ticket = decided(uncertain(), says(Choice.APPROVE))
    assert outcome_known(ticket, "r1", stamp(minutes=3)) is ticket


def test_what_was_decided_stays_decided_after_the_run() -> None:
    ticket = claimed(decided(waiting(), YES))
    ticket = settled(ticket, standing(ticket, said=("Yes.",)))
    assert (ticket.status, ticket.requests) == (Status.ANSWERED, ())
    with pytest.raises(Decided):
        decide(ticket, None, says(Choice.RESPOND, by="bob", message="No"), None, stamp("bob", 4))
