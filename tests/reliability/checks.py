"""What must be true of every ticket, whatever was killed, stopped or cut off before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from support_cli.domain.effect import Effect, EffectState
from support_cli.domain.integrity import faults
from support_cli.domain.request import OWN, Choice, Decision, Kind, Request
from support_cli.domain.ticket import Status, Ticket
from support_cli.wiring import Desk
from tests.reliability.payments import Payment, Payments

_ENDED = (EffectState.DONE, EffectState.FAILED)
AT_REST = (Status.WAITING, Status.ANSWERED, Status.CLOSED)


def wrongs(desk: Desk, ticket: Ticket, payments: Payments) -> list[str]:
    """Name every invariant that this ticket, with nothing left to run, breaks."""
    effects = desk.ledger.of_ticket(ticket.id)
    paid = [each for each in payments.all() if each.key.startswith(f"{ticket.id}:")]
    found = [
        *faults(ticket),
        *_of_status(ticket),
        *_of_decisions(ticket),
        *_of_effects(ticket, effects, paid),
        *_of_payments(ticket, paid),
        *_of_projection(desk, ticket),
    ]
    return [f"{ticket.id}: {each}" for each in found]


def _of_status(ticket: Ticket) -> Iterator[str]:
    if ticket.status not in AT_REST:
        yield f"it is {ticket.status}"
    if (ticket.status is Status.WAITING) != bool(ticket.open_requests):
        yield f"it is {ticket.status} with {len(ticket.open_requests)} open requests"
    if ticket.lease is not None:
        yield "it holds a lease"


def _of_decisions(ticket: Ticket) -> Iterator[str]:
    told = Counter(e.data["request"] for e in ticket.trail if e.type == "decided")
    for request, times in told.items():
        if times > 1:
            yield f"request {request} was decided {times} times"
    names = Counter(each.id for each in (*ticket.requests, *ticket.decided))
    for name, times in names.items():
        if times > 1:
            yield f"there are {times} requests {name}"


def _of_effects(ticket: Ticket, effects: tuple[Effect, ...], paid: list[Payment]) -> Iterator[str]:
    asked = {each.call for each in ticket.open_requests if each.kind is Kind.OUTCOME}
    for effect in effects:
        if effect.unknown and effect.call not in asked:
            yield f"nobody is asked whether {effect.id} happened"
        if effect.state is EffectState.FAILED and any(each.key == effect.id for each in paid):
            yield f"{effect.id} was paid and is said to have failed"
    ended = {each.call for each in effects if each.state in _ENDED}
    for request in _approved(ticket):
        if request.call not in ended | asked:
            yield f"{request.call} was approved and not done"


def _of_payments(ticket: Ticket, paid: list[Payment]) -> Iterator[str]:
    for key, times in Counter(each.key for each in paid).items():
        if times > 1:
            yield f"{key} was paid {times} times"
    approved = {f"{ticket.id}:{each.call}": each.args["amount"] for each in _approved(ticket)}
    for payment in paid:
        if approved.get(payment.key) != payment.amount:
            yield f"{payment} was made, {approved.get(payment.key)} was approved"


def _approved(ticket: Ticket) -> list[Request]:
    return [
        each
        for each in (*ticket.requests, *ticket.decided)
        if each.kind is Kind.APPROVAL and each.decision and _may_act(each.decision)
    ]


def _may_act(decision: Decision) -> bool:
    return decision.type in (Choice.APPROVE, Choice.EDIT)


def _of_projection(desk: Desk, ticket: Ticket) -> Iterator[str]:
    if ticket.status is Status.CLOSED:
        return
    # As the next run would find it.
    position = desk.runs._agent.session(ticket.id, ticket.fence + 1, None).position()
    paused = {each.call for each in position.pauses}
    asked = {each.call for each in ticket.requests if each.kind not in OWN}
    if paused != asked:
        yield f"the agent waits for {paused}, the ticket for {asked}"
    missing = {each.id for each in ticket.customer_messages} - position.delivered
    if missing and ticket.status is Status.ANSWERED:
        yield f"messages {missing} never reached the agent"
    said = {each.id for each in position.said} - {each.id for each in ticket.messages}
    if said:
        yield f"the customer never got {said}"
