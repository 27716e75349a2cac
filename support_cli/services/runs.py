"""Running tickets: claim, execute, settle. Recovery after a crash is the same code."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from support_cli.domain.effect import Effect
from support_cli.domain.permit import Mismatch
from support_cli.domain.request import Kind
from support_cli.domain.run import Position, Rest, next_step
from support_cli.domain.running import (
    claim,
    claimable,
    claimed_under,
    fail,
    keep_unfinished,
    outcomes_applied,
    refuse,
    settle,
    suspend,
)
from support_cli.domain.ticket import Lease, Status, Ticket
from support_cli.domain.trail import Actor, Stamp, has_operation
from support_cli.errors import Busy, Interrupted, StateDamaged, StoreError, SupportError
from support_cli.services.changes import Changes
from support_cli.services.effects import Ledger
from support_cli.services.heard import Heard
from support_cli.services.holds import Holds
from support_cli.services.paging import every_row, overlook
from support_cli.services.permits import vetted
from support_cli.services.ports import Agent, Heart, Late, Report, Session

_log = logging.getLogger(__name__)
_REASON_LIMIT = 500  # characters of an error kept on the ticket


@dataclass(frozen=True, slots=True)
class Claim:
    """A run's claim on a ticket."""

    lease: Lease
    stamp: Stamp

    def take(self, ticket: Ticket) -> Ticket:
        """Take the ticket, if it is claimable."""
        return claim(ticket, self.lease, self.stamp)

    def holds(self, ticket: Ticket) -> bool:
        """Tell whether the ticket, as it was stored, is this run's and no later one's."""
        return claimed_under(ticket, self.stamp.operation)


class Runs:
    """Runs tickets under a lease, one stretch of agent execution after the other."""

    def __init__(
        self,
        changes: Changes,
        ledger: Ledger,
        agent: Agent,
        heart: Heart,
        lease: timedelta,
        owner: Actor,
    ) -> None:
        self._changes = changes
        self._ledger = ledger
        self._agent = agent
        self._heart = heart
        self._lease = lease
        self._owner = owner
        self._holds = Holds(changes, ledger, heart, lease, owner)

    def claim(self) -> Claim:
        """Make a claim that another use case may take along in its own swap."""
        stamp = self._changes.stamp(self._owner)
        return Claim(Lease(self._owner.via, stamp.at + self._lease), stamp)

    def run(
        self,
        ticket_id: str,
        report: Report | None = None,
        claimed: tuple[Claim, Ticket] | None = None,
    ) -> Ticket:
        """Run a ticket until there is nothing more to run, or somebody else runs it.

        Args:
            ticket_id: the ticket.
            report: hears the agent's text as it comes.
            claimed: a claim that was taken along, and the ticket as it was stored then.
        """
        while True:
            claim, ticket = claimed or self._claimed(ticket_id)
            if not claim.holds(ticket):
                return ticket
            claimed = None
            try:
                ticket = self._execute(ticket, report)
            except Busy:
                return self._changes.load(ticket_id)
            if ticket.status is not Status.READY:
                return ticket

    def run_claimed(self, ticket_id: str) -> Ticket | None:
        """Claim a ticket and run it; None where there was nothing to claim, or others did."""
        claim, ticket = self._claimed(ticket_id)
        if claim.holds(ticket):
            return self.run(ticket_id, claimed=(claim, ticket))
        # The claim of a run that was abandoned too often asks a person instead.
        return ticket if has_operation(ticket.trail, claim.stamp.operation) else None

    def due(self) -> Iterator[str]:
        """Name the tickets that a run may claim now: abandoned ones, then ready ones.

        So that new tickets, however many come, keep no abandoned one waiting. At the end come
        those that cannot be read: nobody else would find out.
        """
        self._holds.learn_ends()
        damaged: list[str] = []
        for status in (Status.RUNNING, Status.READY):
            for row in self._rows(status, damaged.append):
                if claimable(status, row["lease"], self._changes.clock.now()):
                    yield row["id"]
        yield from damaged

    def leases(self) -> dict[str, Lease]:
        """Tell the lease of every running ticket, by ticket id."""
        rows = self._rows(Status.RUNNING, overlook)
        return {row["id"]: row["lease"] for row in rows if row["lease"]}

    def _rows(self, status: Status, damaged: Callable[[str], None]) -> Iterator[Mapping[str, Any]]:
        find = self._changes.documents.find
        which = partial(find, Ticket, fields=("id", "lease"), where={"status": status})
        return every_row(which, damaged)

    def _claimed(self, ticket_id: str) -> tuple[Claim, Ticket]:
        claim = self.claim()
        ticket = self._changes.apply(ticket_id, claim.take, claim.stamp.operation)
        if ticket.lease is not None and ticket.lease.held:
            self._holds.learn_ends()
            ticket = self._changes.apply(ticket_id, claim.take, claim.stamp.operation)
        return claim, ticket

    def _execute(self, ticket: Ticket, report: Report | None) -> Ticket:
        heard = Heard(report)
        try:
            ticket = self._apply_outcomes(ticket)
            # Before the first run there were none.
            effects = () if ticket.fence == 1 else self._ledger.of_ticket(ticket.id)
            unknown = tuple(effect for effect in effects if effect.unknown)
            if unknown:
                return self._suspend(ticket, unknown)
            session = self._agent.session(ticket.id, ticket.fence, heard.report)
            with self._heart.beating(self._lease / 3, lambda: self._holds.renew(ticket)):
                position = self._listened(session, ticket, heard)
            return self._settle(session, ticket, position, effects)
        except (Busy, StoreError):
            raise
        except Late as late:
            return self._holds.hold_while(ticket, late.call)
        except Interrupted:
            self._holds.let_go(ticket)
            raise
        except Exception as error:  # noqa: BLE001 (whatever it was, the customer is not lost)
            _log.exception("A run of ticket %s failed", ticket.id)
            return self._end_badly(ticket, error)
        except BaseException:
            self._holds.let_go(ticket)
            raise

    def _end_badly(self, ticket: Ticket, error: Exception) -> Ticket:
        unknown = self._ledger.unknown(ticket.id)
        if unknown:
            return self._suspend(ticket, unknown)
        if isinstance(error, Mismatch):
            return self._refuse(ticket, error.message, error.call)
        if isinstance(error, StateDamaged):  # which no other try would mend
            return self._refuse(ticket, f"{error.message} Try: {error.hint}")
        return self._fail(ticket, error)

    def _listened(self, session: Session, ticket: Ticket, heard: Heard) -> Position:
        """Advance; what was read of an answer that did not come to its end is kept in any case."""
        try:
            position = self._advance(session, ticket)
        except (Busy, StoreError):
            raise
        except BaseException:
            with suppress(Exception):
                self._keep_unfinished(ticket, heard.unfinished(ticket, session.position()))
            raise
        return replace(position, unfinished_text=heard.unfinished(ticket, position))

    def _keep_unfinished(self, ticket: Ticket, text: str) -> None:
        if text:
            stamp = self._changes.stamp(self._owner)
            self._changes.apply(
                ticket.id,
                lambda now: keep_unfinished(now, ticket.fence, text, stamp),
                stamp.operation,
            )

    def _advance(self, session: Session, ticket: Ticket) -> Position:
        # The first run finds nothing saved, so it need not look.
        position = Position() if ticket.fence == 1 else session.position()
        step = next_step(ticket, position)
        while not isinstance(step, Rest):
            before = position
            position = session.take(step, ticket)
            if position == before:
                raise SupportError("The agent's state did not move.")
            step = next_step(ticket, position)
            if not isinstance(step, Rest):
                ticket = self._still_ours(ticket)
                step = next_step(ticket, position)
        return position

    def _apply_outcomes(self, ticket: Ticket) -> Ticket:
        if not any(each.kind is Kind.OUTCOME and each.decision for each in ticket.requests):
            return ticket
        # Another host asked too early about what lives here: the answer waits for its end.
        if any(map(self._ledger.goes_on, self._ledger.unknown(ticket.id))):
            return ticket
        self._ledger.apply(ticket)
        stamp = self._changes.stamp(self._owner)
        return self._changes.apply(
            ticket.id, lambda now: outcomes_applied(now, ticket.fence, stamp), stamp.operation
        )

    def _suspend(self, ticket: Ticket, unknown: tuple[Effect, ...]) -> Ticket:
        """Ask a person about effects, once none of them can still be acting."""
        until = self._ledger.acting_until(unknown)
        if until is not None:
            return self._holds.hold(ticket, until)
        stamp = self._changes.stamp(self._owner)
        return self._changes.apply(
            ticket.id, lambda now: suspend(now, ticket.fence, unknown, stamp), stamp.operation
        )

    def _still_ours(self, ticket: Ticket) -> Ticket:
        now = self._changes.load(ticket.id)
        now.require_lease(ticket.fence)
        return now

    def _settle(
        self,
        session: Session,
        ticket: Ticket,
        position: Position,
        before: tuple[Effect, ...],
    ) -> Ticket:
        stamp = self._changes.stamp(self._owner)
        effects = self._ledger.after(ticket.id, before)
        position = vetted(self._ledger, ticket, position)
        settled = self._changes.apply(
            ticket.id,
            lambda now: settle(now, ticket.fence, position, effects, stamp),
            stamp.operation,
            ticket,
        )
        self._prune(session, position)
        return settled

    def _prune(self, session: Session, position: Position) -> None:
        if position.checkpoint is None:
            return
        try:
            session.prune(position.checkpoint)
        except StoreError:
            # The run is settled; what is left behind goes with the next one.
            _log.warning("Old states could not be pruned", exc_info=True)

    def _fail(self, ticket: Ticket, error: Exception) -> Ticket:
        stamp = self._changes.stamp(self._owner)
        reason = f"{type(error).__name__}: {error}"[:_REASON_LIMIT]
        return self._changes.apply(
            ticket.id, lambda now: fail(now, ticket.fence, reason, stamp), stamp.operation
        )

    def _refuse(self, ticket: Ticket, reason: str, call: str = "") -> Ticket:
        stamp = self._changes.stamp(self._owner)
        return self._changes.apply(
            ticket.id, lambda now: refuse(now, ticket.fence, call, reason, stamp), stamp.operation
        )
