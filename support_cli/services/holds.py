"""Tickets that are kept from others while an effect may still be acting, until its end is known."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from support_cli.domain.deciding import outcome_found
from support_cli.domain.effect import Effect
from support_cli.domain.running import hold, release, release_held, renew
from support_cli.domain.ticket import Ticket
from support_cli.domain.trail import Actor
from support_cli.errors import Interrupted, SupportError
from support_cli.services.changes import Changes
from support_cli.services.effects import Ledger
from support_cli.services.ports import Call, Heart

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Holds:
    """Holds tickets in a runner's name, renews their leases, and gives them back."""

    changes: Changes
    ledger: Ledger
    heart: Heart
    lease: timedelta
    owner: Actor

    def hold(self, ticket: Ticket, until: datetime) -> Ticket:
        """Hold a ticket until a moment.

        Raises:
            Busy: another run has the ticket.
        """
        stamp = self.changes.stamp(self.owner)
        return self.changes.apply(
            ticket.id, lambda now: hold(now, ticket.fence, until, stamp), stamp.operation
        )

    def hold_while(self, ticket: Ticket, call: Call) -> Ticket:
        """Hold a ticket for as long as this process lives and a call of the run does not end."""
        held = self.hold(ticket, self.changes.clock.now() + self.lease)
        beating = ExitStack()
        beating.enter_context(self.heart.beating(self.lease / 3, lambda: self.renew(ticket)))

        def hand_back() -> None:
            beating.close()
            try:
                self._release(ticket)
            except SupportError:
                _log.warning("Ticket %s could not be handed back", ticket.id, exc_info=True)

        call.then(hand_back)
        return held

    def let_go(self, ticket: Ticket) -> None:
        """Hand the ticket back, or where an effect may still be acting, leave it held.

        Raises:
            Interrupted: it is held; the sentence says until when.
        """
        unknown = self.ledger.unknown(ticket.id)
        until = self.ledger.acting_until(unknown)
        if until is None:
            self._release(ticket)
            return
        self.hold(ticket, until)
        names = ", ".join(each.tool for each in unknown)
        how = "goes on without it" if any(map(self.ledger.goes_on, unknown)) else "was cut off"
        raise Interrupted(
            f"The run of ticket {ticket.id} was interrupted; {names} {how}. "
            f"The ticket is held until {until:%H:%M:%S} UTC at the latest.",
            hint=f"support wait {ticket.id}",
        )

    def renew(self, ticket: Ticket) -> None:
        """Lengthen the lease of a ticket.

        Raises:
            Busy: another run has the ticket.
        """
        until = self.changes.clock.now() + self.lease
        self.changes.apply(ticket.id, lambda now: renew(now, ticket.fence, until))

    def learn_ends(self) -> None:
        """Learn how actions ended on this host, and let the tickets that waited for it go on."""
        self.ledger.learn_ends(self._go_on)

    def _go_on(self, effect: Effect) -> None:
        stamp = self.changes.stamp(self.owner)
        others_act = any(each.at_work for each in self.ledger.of_ticket(effect.ticket))

        def move(ticket: Ticket) -> Ticket:
            ticket = outcome_found(ticket, effect.call, stamp)
            return ticket if others_act else release_held(ticket, stamp)

        self.changes.apply(effect.ticket, move, stamp.operation)

    def _release(self, ticket: Ticket) -> None:
        stamp = self.changes.stamp(self.owner)
        self.changes.apply(
            ticket.id, lambda now: release(now, ticket.fence, stamp), stamp.operation
        )
