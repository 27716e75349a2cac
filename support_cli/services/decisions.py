"""What an admin decides."""

from __future__ import annotations

from dataclasses import dataclass

from support_cli.domain.deciding import decide, find_request
from support_cli.domain.request import Choice, Decision, Request
from support_cli.domain.text import checked_text
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.trail import Actor
from support_cli.services.changes import Changes
from support_cli.services.ports import Page
from support_cli.services.tickets import checked_name


@dataclass(frozen=True, slots=True)
class Answer:
    """What an admin wants to say. `if_match` is the fingerprint of what they were shown."""

    type: Choice
    message: str | None = None
    verbatim: bool = False
    request: str | None = None
    if_match: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A decision on record. `unchanged`: the same person had said the same before."""

    ticket: Ticket
    request: Request
    unchanged: bool


class Decisions:
    """The use cases around a request."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    def decide(self, ticket_id: str, admin: Actor, answer: Answer) -> Accepted:
        """Put a decision on record; from then on it will be applied, whoever runs the ticket.

        Raises:
            NotFound, Closed, Decided, Stale, UsageError: as their names say.
        """
        stamp = self._changes.stamp(admin)
        decision = Decision(
            type=answer.type,
            message=None if answer.message is None else checked_text(answer.message),
            by=checked_name(admin.name),
            at=stamp.at,
            fingerprint="",
            seen=0,
            verbatim=answer.verbatim,
        )
        before = self._changes.load(ticket_id)
        wanted = find_request(before, answer.request).id
        ticket = self._changes.apply(
            ticket_id,
            lambda now: decide(now, wanted, decision, answer.if_match, stamp),
            stamp.operation,
        )
        return Accepted(
            ticket=ticket,
            request=find_request(ticket, wanted),
            unchanged=not any(event.operation == stamp.operation for event in ticket.trail),
        )

    def oldest_waiting(self) -> str | None:
        """Name the ticket that has waited longest for a person."""
        page: Page = self._changes.settled(
            lambda: self._changes.documents.find(
                Ticket, fields=("id",), where={"status": Status.WAITING}, limit=1
            )
        )
        return str(page.rows[0]["id"]) if page.rows else None
