"""Who may agree, on which levels; and what an edit changes about that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support_cli.domain.deciding import NOBODY_NAMED, Standing, decide
from support_cli.domain.request import Choice, Decision
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.verdict import Ruling, Verdict
from support_cli.errors import NotAllowed, Stale, UsageError
from tests.domain.tickets import (
    BOTH,
    among,
    approving,
    decided,
    says,
    stamp,
    the_request,
    types,
)

LESS = {"amount": "10.00"}
STAFF = among(amy="manager", mia="manager", dan="director")


def editing(verdict: Verdict | None) -> Standing:
    return replace(STAFF, edited=verdict)


def edit(by: str = "amy") -> Decision:
    return says(Choice.EDIT, by, args=LESS)


def asks(*levels: str) -> Verdict:
    return Verdict(Ruling.ASK, "over 10", "v1", levels=levels)


def voted() -> Ticket:
    return decided(approving(*BOTH), says(Choice.APPROVE, "amy"), STAFF)


def test_one_level_is_decided_by_one_who_holds_it() -> None:
    ticket = decided(approving("manager"), says(Choice.APPROVE), among(amy="manager clerk"))
    assert ticket.status is Status.READY
    assert [vote.level for vote in the_request(ticket).votes] == ["manager"]


def test_where_nobody_is_named_anybody_decides() -> None:
    assert decided(approving("manager"), says(Choice.APPROVE)).status is Status.READY


@pytest.mark.parametrize("choice", [Choice.APPROVE, Choice.REJECT, Choice.RESPOND])
@pytest.mark.parametrize("held", ["", "clerk"])
def test_without_a_level_of_the_request_nothing_is_decided(choice: Choice, held: str) -> None:
    with pytest.raises(NotAllowed, match="needs manager and director; amy holds"):
        decided(approving(*BOTH), says(choice, message="No"), among(amy=held))


def test_the_first_of_two_levels_is_a_vote_and_the_ticket_waits_on() -> None:
    ticket = voted()
    assert (ticket.status, the_request(ticket).decision) == (Status.WAITING, None)
    assert [(vote.by, vote.level) for vote in the_request(ticket).votes] == [("amy", "manager")]
    assert types(ticket)[-1] == "voted"


def test_the_last_of_two_levels_decides() -> None:
    ticket = decided(voted(), says(Choice.APPROVE, "dan"), STAFF)
    assert ticket.status is Status.READY
    assert [vote.level for vote in the_request(ticket).votes] == ["manager", "director"]
    assert (decision := the_request(ticket).decision) is not None
    assert decision.by == "dan"


def test_who_holds_every_level_gives_the_first_one_missing() -> None:
    staff = among(amy="manager director", dan="manager director")
    ticket = decided(approving(*BOTH), says(Choice.APPROVE, "amy"), staff)
    assert [vote.level for vote in the_request(ticket).votes] == ["manager"]
    both = decided(ticket, says(Choice.APPROVE, "dan"), staff)
    assert [vote.level for vote in the_request(both).votes] == ["manager", "director"]


@pytest.mark.parametrize("levels", [STAFF, NOBODY_NAMED], ids=["named", "nobody named"])
def test_nobody_votes_twice(levels: Standing) -> None:
    ticket = voted()
    assert decided(ticket, says(Choice.APPROVE, "amy"), levels) is ticket


def test_a_level_is_given_once() -> None:
    with pytest.raises(NotAllowed, match="still needs director"):
        decided(voted(), says(Choice.APPROVE, "mia"), STAFF)


def test_a_vote_leaves_the_fingerprint_as_it_was() -> None:
    assert the_request(voted()).fingerprint == the_request(approving(*BOTH)).fingerprint


def test_one_rejection_ends_it_whoever_has_voted() -> None:
    ticket = decided(voted(), says(Choice.REJECT, "dan", "Too much"), STAFF)
    assert ticket.status is Status.READY
    assert (decision := the_request(ticket).decision) is not None
    assert (decision.type, decision.by) == (Choice.REJECT, "dan")


def test_who_has_voted_may_still_reject() -> None:
    ticket = decided(voted(), says(Choice.REJECT, "amy"), STAFF)
    assert ticket.status is Status.READY


@pytest.mark.parametrize(
    "verdict",
    [Verdict(Ruling.ALLOW), asks(), asks("manager")],
    ids=["allowed", "anyone", "own level"],
)
def test_an_edit_that_the_person_may_allow_is_decided(verdict: Verdict) -> None:
    ticket = decided(approving("manager"), edit(), editing(verdict))
    assert ticket.status is Status.READY
    assert the_request(ticket).args == LESS
    assert (decision := the_request(ticket).decision) is not None
    assert decision.args == LESS


@pytest.mark.parametrize(
    ("verdict", "agreed"),
    [(asks("director"), []), (asks(*BOTH), ["manager"])],
    ids=["higher", "two"],
)
def test_an_edit_that_needs_more_stays_open_with_the_editors_own_agreement(
    verdict: Verdict, agreed: list[str]
) -> None:
    ticket = decided(voted(), edit(), editing(verdict))
    request = the_request(ticket)
    assert (ticket.status, request.decision) == (Status.WAITING, None)
    assert (request.args, request.levels) == (LESS, verdict.levels)
    assert [vote.level for vote in request.votes] == agreed
    assert request.fingerprint != the_request(voted()).fingerprint
    assert types(ticket)[-1] == "edited"


def test_an_approval_of_what_was_shown_before_an_edit_is_stale() -> None:
    shown = the_request(approving("manager")).fingerprint
    ticket = decided(approving("manager"), edit(), editing(asks("director")))
    with pytest.raises(Stale):
        decide(ticket, "r1", says(Choice.APPROVE, "dan"), shown, stamp("dan", 3))


def test_an_edit_that_policy_refuses_changes_nothing() -> None:
    refused = Verdict(Ruling.REFUSE, reason="More than was paid.")
    with pytest.raises(NotAllowed, match="More than was paid"):
        decided(approving("manager"), edit(), editing(refused))


@pytest.mark.parametrize(
    ("decision", "verdict"), [(edit(), None), (says(Choice.EDIT), asks("manager"))]
)
def test_an_edit_needs_arguments_and_a_verdict(decision: Decision, verdict: Verdict | None) -> None:
    with pytest.raises(UsageError, match="changed arguments"):
        decided(approving("manager"), decision, editing(verdict))


def test_the_same_edit_again_by_the_same_person_changes_nothing() -> None:
    levels = editing(asks("manager"))
    ticket = decided(approving("manager"), edit(), levels)
    assert decide(ticket, "r1", edit(), None, stamp(minutes=3), levels) is ticket
