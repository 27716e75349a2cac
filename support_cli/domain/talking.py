"""The moves a conversation makes: open, add a message, close."""

from __future__ import annotations

from dataclasses import replace

from support_cli.domain.request import Kind, fingerprinted
from support_cli.domain.text import subject_of
from support_cli.domain.ticket import Role, Status, Ticket
from support_cli.domain.trail import Stamp, canonical, digest
from support_cli.errors import Busy, Conflict

REPLY_ROOM = 4 * 1024 * 1024  # bytes a ticket may have grown to and still take a reply
_EVENT_WEIGHT = 400  # bytes of a stored event, roughly


def open_ticket(ticket_id: str, customer: str, text: str, human: bool, stamp: Stamp) -> Ticket:
    """Make a new ticket of a customer's first message."""
    blank = Ticket(
        id=ticket_id,
        customer=customer,
        subject=subject_of(text),
        status=Status.READY,
        since=stamp.at,
        created_at=stamp.at,
        updated_at=stamp.at,
        messages=(),
    )
    return _heard(blank, text, human, stamp, "submitted")


def add_message(ticket: Ticket, text: str, human: bool, stamp: Stamp) -> Ticket:
    """Take the customer's next message. Open requests get a new fingerprint.

    Raises:
        Closed: the ticket is over.
        Conflict: the ticket has grown to 4 MiB.
    """
    ticket.require_not_closed()
    if weight(ticket) + len(text.encode()) > REPLY_ROOM:
        raise Conflict(f"Ticket {ticket.id} is full (4 MiB).", hint="support submit")
    told = _heard(ticket, text, human, stamp, "replied")
    seen = len(told.customer_messages)
    requests = tuple(
        each if each.decision else fingerprinted(told.id, each, seen) for each in told.requests
    )
    told = replace(told, requests=requests)
    return told.ready(stamp) if ticket.status is Status.ANSWERED else told


def close(ticket: Ticket, stamp: Stamp, last_word: str | None = None) -> Ticket:
    """End a ticket, with a last word to the customer or without; again changes nothing.

    Raises:
        Conflict: it runs, a decision was accepted and is not applied yet, or people have voted.
    """
    if ticket.status is Status.CLOSED and last_word is None:
        return ticket
    ticket.require_not_closed()
    if ticket.status is Status.RUNNING:
        raise Busy(f"The agent is working on ticket {ticket.id}.", hint=f"support wait {ticket.id}")
    if any(each.kind is Kind.OUTCOME for each in ticket.requests):
        raise unknown_effect(ticket)
    if any(each.decision for each in ticket.requests):
        raise Conflict(
            f"A decision on ticket {ticket.id} was accepted and is not applied yet.",
            hint="support worker --once",
        )
    if any(each.votes for each in ticket.requests):
        raise Conflict(
            f"People have agreed to a request of ticket {ticket.id} that others must still decide.",
            hint=f"support wait {ticket.id}",
        )
    told = ticket
    if last_word:
        told = told.say(told.message("w", Role.AGENT, last_word, stamp))
    return replace(
        told.record(stamp, "closed", text=digest(last_word) if last_word else None),
        status=Status.CLOSED,
        since=stamp.at,
        requests=(),
        decided=(*ticket.decided, *ticket.requests),
    )


def unknown_effect(ticket: Ticket) -> Conflict:
    """Build the refusal to close a ticket while an effect of it may or may not have happened."""
    return Conflict(
        f"Nobody knows yet whether an effect of ticket {ticket.id} happened.",
        hint=f"support admin show {ticket.id}",
    )


def weight(ticket: Ticket) -> int:
    """Estimate the bytes a ticket takes in the store."""
    texts = sum(len(message.text.encode()) for message in ticket.messages)
    requests = sum(
        len(canonical([each.query, each.args])) for each in (*ticket.requests, *ticket.decided)
    )
    return texts + requests + _EVENT_WEIGHT * len(ticket.trail)


def _heard(ticket: Ticket, text: str, human: bool, stamp: Stamp, event: str) -> Ticket:
    message = replace(ticket.message("c", Role.CUSTOMER, text, stamp), human=human)
    told = ticket.record(stamp, event, message=message.id, text=digest(text), human=human)
    return told.say(message)
