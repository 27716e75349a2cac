from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from support_cli.domain.request import Choice, Kind
from support_cli.domain.run import Position
from support_cli.domain.running import claim, claimable, fail, release, renew, settle, suspend
from support_cli.domain.ticket import Lease, Status, Ticket
from support_cli.errors import Busy
from tests.domain.tickets import (
    answered,
    asking,
    at,
    claimed,
    closed,
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


def abandoned(times: int) -> Ticket:
    """Make a ticket whose runs died so many times, and which is running."""
    ticket = claimed(opened())
    for minutes in range(1, times + 1):
        ticket = claimed(ticket, minutes)
    return ticket


def test_a_claim_takes_a_ready_ticket_under_the_next_fence() -> None:
    ticket = claimed(opened(), 3)
    assert (ticket.status, ticket.fence, ticket.since) == (Status.RUNNING, 1, at(3))
    assert ticket.lease == Lease("worker", at(4))
    assert ticket.trail[-1].data == {"fence": 1, "abandoned": False}


@pytest.mark.parametrize(
    "ticket", [waiting(), answered(), closed(), failed(), uncertain(), claimed(opened())]
)
def test_what_is_not_ready_is_not_claimed(ticket: Ticket) -> None:
    assert claimed(ticket) is ticket


@pytest.mark.parametrize(("minutes", "lapsed"), [(0.99, False), (1, True), (60, True)])
def test_a_run_is_claimable_from_the_moment_its_lease_ends(minutes: float, lapsed: bool) -> None:
    ticket = claimed(opened())
    assert claimable(ticket.status, ticket.lease, at(minutes)) is lapsed
    assert (claimed(ticket, minutes) is not ticket) is lapsed


def test_an_abandoned_run_is_claimed_under_the_next_fence_and_counted() -> None:
    ticket = abandoned(1)
    assert (ticket.status, ticket.fence, ticket.failures) == (Status.RUNNING, 2, 1)
    assert ticket.trail[-1].data == {"fence": 2, "abandoned": True}


def test_the_third_abandoned_run_in_a_row_is_a_request_and_not_a_claim() -> None:
    ticket = abandoned(3)
    assert (ticket.status, ticket.fence, ticket.lease) == (Status.WAITING, 3, None)
    assert the_request(ticket).kind is Kind.FAILURE
    assert the_request(ticket).fingerprint
    assert "died" in (the_request(ticket).reason or "")


def test_a_ready_ticket_that_failed_twice_is_claimed_and_not_given_up() -> None:
    ready = release(abandoned(2), 3, stamp("worker", 3))
    assert claimed(ready).status is Status.RUNNING


@pytest.mark.parametrize(("minutes", "until"), [(5, 5), (0.5, 1), (1, 1)])
def test_a_lease_grows_and_never_shrinks(minutes: float, until: float) -> None:
    ticket = renew(claimed(opened()), 1, at(minutes))
    assert ticket.lease == Lease("worker", at(until))


MOVES: dict[str, Callable[[Ticket, int], Ticket]] = {
    "renew": lambda ticket, fence: renew(ticket, fence, at(9)),
    "release": lambda ticket, fence: release(ticket, fence, stamp()),
    "settle": lambda ticket, fence: settle(ticket, fence, standing(ticket), (), stamp()),
    "suspend": lambda ticket, fence: suspend(ticket, fence, (effect(),), stamp()),
    "fail": lambda ticket, fence: fail(ticket, fence, "no model", stamp()),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
@pytest.mark.parametrize(
    ("ticket", "fence"),
    [(abandoned(1), 1), (abandoned(1), 3), (waiting(), 1), (answered(), 1), (closed(), 1)],
    ids=["old fence", "coming fence", "waiting", "answered", "closed"],
)
def test_only_the_run_that_holds_the_lease_moves_its_ticket(
    move: Callable[[Ticket, int], Ticket], ticket: Ticket, fence: int
) -> None:
    with pytest.raises(Busy):
        move(ticket, fence)


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_the_run_with_the_fence_moves_its_ticket(move: Callable[[Ticket, int], Ticket]) -> None:
    assert move(abandoned(1), 2) != abandoned(1)


def test_a_released_ticket_is_ready_and_is_no_failure() -> None:
    ticket = release(claimed(opened()), 1, stamp("worker", 1))
    assert (ticket.status, ticket.lease, ticket.failures) == (Status.READY, None, 0)


def test_a_run_that_fails_is_tried_again_with_its_reason_kept() -> None:
    ticket = fail(claimed(opened()), 1, "no model", stamp("worker"))
    assert (ticket.status, ticket.failures, ticket.error) == (Status.READY, 1, "no model")
    assert ticket.requests == ()


def test_the_third_failure_in_a_row_asks_a_person() -> None:
    ticket = failed()
    assert (ticket.status, ticket.error, ticket.lease) == (Status.WAITING, "no model", None)
    assert (the_request(ticket).kind, the_request(ticket).reason) == (Kind.FAILURE, "no model")


def test_failures_and_deaths_count_together() -> None:
    ticket = fail(abandoned(1), 2, "no model", stamp("worker", 1))
    assert (ticket.status, ticket.failures) == (Status.READY, 2)
    ticket = fail(claimed(ticket), 3, "no model", stamp("worker", 1))
    assert ticket.status is Status.WAITING


@pytest.mark.parametrize("end", ["settle", "suspend"])
def test_a_run_that_comes_to_an_end_resets_the_count(end: str) -> None:
    ticket = MOVES[end](abandoned(2), 3)
    assert ticket.failures == 0


def test_a_run_that_settles_forgets_the_error() -> None:
    ticket = claimed(fail(claimed(opened()), 1, "no model", stamp("worker")))
    assert settled(ticket, standing(ticket, said=("Here.",))).error is None


def test_after_a_retry_three_more_failures_are_needed() -> None:
    ticket = claimed(decided(failed(), says(Choice.APPROVE)))
    ticket = fail(ticket, 4, "no model", stamp("worker"))
    assert (ticket.status, ticket.failures) == (Status.READY, 1)


def test_each_unknown_effect_is_one_request() -> None:
    ticket = uncertain("call-1", "call-2")
    assert [(each.kind, each.call) for each in ticket.requests] == [
        (Kind.OUTCOME, "call-1"),
        (Kind.OUTCOME, "call-2"),
    ]
    assert (ticket.status, ticket.lease) == (Status.WAITING, None)


def test_an_outcome_that_was_asked_for_is_not_asked_for_again() -> None:
    ready = decided(uncertain("call-1"), says(Choice.APPROVE))
    ticket = suspend(claimed(ready), 2, (effect("call-1"), effect("call-2")), stamp("worker"))
    assert [each.call for each in ticket.requests] == ["call-1", "call-2"]


def test_an_outcome_shows_what_was_to_be_done() -> None:
    ready = decided(waiting(asking(Kind.APPROVAL)), says(Choice.APPROVE))
    ticket = suspend(claimed(ready), 2, (effect("call-1"),), stamp("worker"))
    assert ticket.open_requests[0].args == {"amount": "20.00"}


def test_a_claim_refused_writes_nothing() -> None:
    ticket = claimed(opened())
    assert claim(ticket, Lease("other", at(9)), stamp("other")) is ticket
    assert types(ticket) == ["submitted", "claimed"]


def test_a_lease_that_was_lost_from_the_document_is_claimable() -> None:
    assert claimable(Status.RUNNING, None, at(0))
    assert claimed(replace(claimed(opened()), lease=None)).fence == 2


def test_the_head_is_the_point_the_run_ended_on() -> None:
    assert settled(claimed(opened()), Position("point-7")).head == "point-7"
