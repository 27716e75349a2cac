"""The one way to change a ticket: load, compute, swap; again when somebody else was faster."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from support_cli.domain.ids import parse_ticket_id, unknown_ticket
from support_cli.domain.ticket import Ticket
from support_cli.domain.trail import Actor, Stamp, has_operation
from support_cli.errors import Busy, ReplyLost
from support_cli.services.ports import Clock, Documents

_SWAPS = 200  # a swap is lost only to one that succeeded: many writers, not a fault
_LOST_REPLIES = 5  # connections in a row that broke before the store answered
T = TypeVar("T")


Move = Callable[[Ticket], Ticket]


def unmoved(ticket: Ticket) -> Ticket:
    """Leave a ticket as it is."""
    return ticket


class Changes:
    """Changes tickets, each by one compare-and-swap."""

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self.documents = documents
        self.clock = clock

    def stamp(self, actor: Actor) -> Stamp:
        """Begin an operation: the time, who does it, and a new operation id."""
        return Stamp(self.clock.now(), actor, secrets.token_hex(8))

    def load(self, ticket_id: str) -> Ticket:
        """Load a ticket by its id as people type it.

        Raises:
            NotFound: there is none.
        """
        ticket = self.settled(lambda: self.documents.get(Ticket, parse_ticket_id(ticket_id)))
        if ticket is None:
            raise unknown_ticket(ticket_id)
        return ticket

    def keep(self, ticket: Ticket) -> Ticket:
        """Return a ticket that was read, once it is sure that nothing of it can be lost."""
        self.documents.keep(Ticket, ticket.id)
        return ticket

    def apply(
        self,
        ticket_id: str,
        move: Move,
        operation: str | None = None,
        known: Ticket | None = None,
    ) -> Ticket:
        """Apply a move to the ticket as it is now, and return it as it was stored.

        Args:
            ticket_id: the ticket.
            move: computes the next ticket, or returns the same one to change nothing, or refuses.
            operation: the id the move writes to the trail. A write whose answer got lost is looked
                up by it. A move without one is made again, so it must be harmless twice.
            known: the ticket as this use case has just read it, to save reading it again. Where
                it has changed since, the swap fails, and is made again on what is stored.

        Raises:
            NotFound, Busy, StoreError, and whatever the move refuses with.
        """
        lost = 0
        for _ in range(_SWAPS):
            ticket, known = known or self.load(ticket_id), None
            if operation is not None and has_operation(ticket.trail, operation):
                return ticket
            changed = move(ticket)
            if changed is ticket:
                return ticket
            try:
                if self.documents.replace(changed):
                    return replace(changed, version=changed.version + 1)
            except ReplyLost:
                lost += 1
                if lost == _LOST_REPLIES:
                    raise
            self.clock.sleep(timedelta(seconds=random.uniform(0, 0.02)))  # noqa: S311 (jitter)
        raise Busy(f"Ticket {ticket_id} changes too fast.", hint="try again")

    def settled(self, read: Callable[[], T]) -> T:
        """Read again while the connection breaks before the store answers.

        Raises:
            ReplyLost: it broke too often.
        """
        for _ in range(_LOST_REPLIES - 1):
            try:
                return read()
            except ReplyLost:
                self.clock.sleep(timedelta(milliseconds=50))
        return read()
