"""Whether a ticket says what its trail says."""

from __future__ import annotations

from collections.abc import Iterator

from support_cli.domain.ticket import Ticket
from support_cli.domain.trail import digest, first_broken


def faults(ticket: Ticket) -> tuple[str, ...]:
    """Name what does not fit the trail: its own chain, the messages' texts, the decisions."""
    return (*_of_chain(ticket), *_of_messages(ticket), *_of_decisions(ticket))


def _of_chain(ticket: Ticket) -> Iterator[str]:
    broken = first_broken(ticket.trail, ticket.seal)
    if broken is not None:
        yield f"event {broken} of the trail was changed, dropped or moved"


def _of_messages(ticket: Ticket) -> Iterator[str]:
    by_id = {e.data["message"]: e.data["text"] for e in ticket.trail if "message" in e.data}
    others = {e.data.get("text") for e in ticket.trail if "message" not in e.data}
    for message in ticket.messages:
        hashed = digest(message.text)
        if by_id.get(message.id, hashed if hashed in others else None) != hashed:
            yield f"the text of message {message.id} is not the one the trail has"
    for missing in by_id.keys() - {message.id for message in ticket.messages}:
        yield f"message {missing} is missing"


def _of_decisions(ticket: Ticket) -> Iterator[str]:
    told = {
        e.data["request"]: (e.by, e.data["type"], e.data["text"])
        for e in ticket.trail
        if e.type == "decided"
    }
    for request in (*ticket.decided, *ticket.requests):
        given = request.decision
        if given is None:
            continue
        hashed = digest(given.message) if given.message else None
        if told.get(request.id) != (given.by, given.type, hashed):
            yield f"the decision on request {request.id} is not the one the trail has"
