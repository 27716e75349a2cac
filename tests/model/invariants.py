"""What must hold after every step, whatever the steps are."""

from __future__ import annotations

from collections import Counter

from support_cli.domain.integrity import faults
from support_cli.domain.request import Choice, Decision, Kind, fingerprint
from support_cli.domain.ticket import Status, Ticket
from tests.model.agent import TOOLS
from tests.model.desk import Desk


class History:
    """What was seen so far of every ticket, to hold the next sight of it against."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._messages: dict[str, list[str]] = {}
        self._seen: dict[str, Ticket] = {}

    def acknowledged(self, ticket_id: str, text: str) -> None:
        """Remember a message that a customer was told is kept."""
        self._messages.setdefault(ticket_id, []).append(text)

    def known(self) -> list[str]:
        """Name the tickets that customers know of."""
        return list(self._messages)

    def check(self) -> None:
        """Check every ticket that has changed since the last time, and what it did."""
        for ticket_id in self._messages:
            ticket = self._desk.stored(ticket_id)
            before = self._seen.get(ticket_id)
            if before is None or ticket != before:
                check_status(ticket)
                check_requests(ticket)
                assert faults(ticket) == ()
                self._check_messages(ticket)
                check_growth(before or ticket, ticket)
            self._check_effects(ticket)
            self._check_nothing_is_left_unknown(ticket)
            self._seen[ticket_id] = ticket

    def _check_messages(self, ticket: Ticket) -> None:
        kept = Counter(message.text for message in ticket.customer_messages)
        assert Counter(self._messages[ticket.id]) <= kept
        ids = [message.id for message in ticket.messages]
        assert len(set(ids)) == len(ids)
        if ticket.status is Status.ANSWERED:
            memory = self._desk.agent.memories[ticket.id]
            assert memory.heard == {message.id for message in ticket.customer_messages}
            assert {saying.id for saying in memory.said} <= set(ids)

    def _check_nothing_is_left_unknown(self, ticket: Ticket) -> None:
        if ticket.status in (Status.ANSWERED, Status.CLOSED):
            assert not self._desk.ledger.unknown(ticket.id)

    def _check_effects(self, ticket: Ticket) -> None:
        provider = self._desk.provider
        for key, times in provider.times.items():
            ticket_id, _, call = key.partition(":")
            if ticket_id == ticket.id:
                allowed = 1 if key in provider.keyed else 1 + said_again(ticket, call)
                assert times <= allowed, f"{key} was done {times} times, {allowed} allowed"
                assert len(provider.args[key]) == 1
        for call, decision in applied_approvals(ticket).items():
            done = provider.times[f"{ticket.id}:{call}"]
            if decision.type in (Choice.APPROVE, Choice.EDIT):
                assert done or said_happened(ticket, call), f"{call} was approved and never done"
            else:
                assert not done, f"{call} was not approved and was done"


def check_status(ticket: Ticket) -> None:
    """Check that a status and the requests under it say the same."""
    assert (ticket.lease is not None) == (ticket.status is Status.RUNNING)
    if ticket.status is Status.WAITING:
        assert ticket.open_requests
        assert ticket.blocked or not any(each.decision for each in ticket.requests)
    if ticket.status is Status.READY:
        assert not ticket.blocked
    if ticket.status in (Status.ANSWERED, Status.CLOSED):
        assert ticket.requests == ()


def check_requests(ticket: Ticket) -> None:
    """Check that ids are unique, fingerprints current, and nobody voted twice."""
    every = [*ticket.decided, *ticket.requests]
    assert len({each.id for each in every}) == len(every)
    for request in ticket.open_requests:
        shown = fingerprint(ticket.id, request, len(ticket.customer_messages))
        assert request.fingerprint == shown
    for request in every:
        assert len({vote.by for vote in request.votes}) == len(request.votes)
        agreed = Counter(vote.level for vote in request.votes if vote.level is not None)
        assert agreed <= Counter(request.levels)
        told = [e for e in ticket.trail if e.type == "decided" and e.data["request"] == request.id]
        assert len(told) == (request.decision is not None)
        if request.decision is not None and request.decision.type is Choice.APPROVE:
            assert agreed == Counter(request.levels)


def check_growth(before: Ticket, after: Ticket) -> None:
    """Check that versions, fences, trails and transcripts only grow, and decisions stay."""
    assert after.version >= before.version
    assert after.fence >= before.fence
    assert after.trail[: len(before.trail)] == before.trail
    assert after.messages[: len(before.messages)] == before.messages
    assert decisions(before).items() <= decisions(after).items()
    assert before.status is not Status.CLOSED or after == before


def decisions(ticket: Ticket) -> dict[str, str]:
    """Tell the decision on each request, whole."""
    every = (*ticket.decided, *ticket.requests)
    return {each.id: repr(each.decision) for each in every if each.decision is not None}


def applied_approvals(ticket: Ticket) -> dict[str, Decision]:
    """Tell the decisions on tool calls that the agent has gone on with."""
    return {
        each.call: each.decision
        for each in ticket.decided
        if each.kind is Kind.APPROVAL and each.decision is not None and each.tool in TOOLS
    }


def said_again(ticket: Ticket, call: str) -> int:
    """Count how often a person said that a call is to be made again."""
    return _outcomes(ticket, call)[Choice.APPROVE]


def said_happened(ticket: Ticket, call: str) -> int:
    """Count how often a person said that a call had happened."""
    return _outcomes(ticket, call)[Choice.RESPOND]


def _outcomes(ticket: Ticket, call: str) -> Counter[Choice]:
    return Counter(
        each.decision.type
        for each in (*ticket.decided, *ticket.requests)
        if each.kind is Kind.OUTCOME and each.call == call and each.decision is not None
    )
