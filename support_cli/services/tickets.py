"""What a customer does with tickets, and how both sides look at them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from support_cli.domain.effect import Effect, EffectState
from support_cli.domain.ids import new_ticket_id, unknown_ticket
from support_cli.domain.levels import recounted
from support_cli.domain.names import checked_name
from support_cli.domain.permission import require_named, require_permitted
from support_cli.domain.request import Kind, Request
from support_cli.domain.staff import Audience, Staff
from support_cli.domain.talking import add_message, close, open_ticket, unknown_effect
from support_cli.domain.text import checked_text
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.trail import Actor, has_operation
from support_cli.errors import UsageError
from support_cli.services.changes import Changes, Move, unmoved
from support_cli.services.ports import Key, Page

SUMMARY = ("id", "status", "customer", "subject", "since", "created_at", "updated_at")
LISTED = (*SUMMARY, "requests", "error")
_KEY_LIMIT = 500  # characters of an idempotency key


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets to list. None: any."""

    status: Status | None = None
    kind: Kind | None = None
    customer: str | None = None
    older_than: timedelta | None = None


class Tickets:
    """The use cases around a ticket that need no agent."""

    def __init__(self, changes: Changes, staff: Callable[[], Staff]) -> None:
        self._changes = changes
        self._staff = staff
        self._documents = changes.documents

    def submit(
        self,
        customer: Actor,
        text: str,
        *,
        human: bool,
        key: str | None = None,
        then: Move = unmoved,
    ) -> Ticket:
        """File a question; with a key already used by this customer, return that ticket.

        Args:
            customer: who asks.
            text: what they ask.
            human: they ask for a person.
            key: makes the submission safe to repeat.
            then: a move to make of the new ticket as it is stored, such as to claim it.

        Raises:
            UsageError: the text, the name or the key may not be kept.
        """
        said = checked_text(text)
        name = checked_name(customer.name)
        stamp = self._changes.stamp(customer)
        if key is not None:
            ticket_id = self._ticket_for_key(name, key)
            known = self._changes.settled(lambda: self._documents.get(Ticket, ticket_id))
            if known is not None:
                return self._changes.keep(known)
            return self._stored(then(open_ticket(ticket_id, name, said, human, stamp)))
        while True:
            opened = open_ticket(new_ticket_id(), name, said, human, stamp)
            stored = self._stored(then(opened))
            # Else the id had been drawn before, for another ticket.
            if has_operation(stored.trail, stamp.operation):
                return stored

    def reply(self, ticket_id: str, customer: Actor, text: str, *, human: bool) -> Ticket:
        """Add the customer's next message.

        Raises:
            NotFound: not this customer's. Closed, Conflict, UsageError: as their names say.
        """
        said = checked_text(text)
        self.of_customer(ticket_id, customer.name)
        stamp = self._changes.stamp(customer)
        return self._changes.apply(
            ticket_id, lambda ticket: add_message(ticket, said, human, stamp), stamp.operation
        )

    def of_customer(self, ticket_id: str, customer: str) -> Ticket:
        """Load a ticket for its own customer; another's is as unknown as none.

        Raises:
            NotFound: there is none, or it is another's.
        """
        ticket = self._changes.load(ticket_id)
        if ticket.customer != customer:
            raise unknown_ticket(ticket_id)
        return ticket

    def of_anyone(self, ticket_id: str) -> Ticket:
        """Load a ticket for an admin, its votes as they count now.

        Raises:
            NotFound: there is none.
        """
        ticket = self._changes.load(ticket_id)
        return replace(ticket, requests=self.counted(ticket.requests))

    def counted(self, requests: tuple[Request, ...]) -> tuple[Request, ...]:
        """Say of the votes on requests which level each stands for, by who holds it now.

        Raises:
            PolicyUnreadable: there are votes, and the policy cannot be read.
        """
        if not any(each.votes and each.decision is None for each in requests):
            return requests
        staff = self._staff()
        return tuple(recounted(each, staff) for each in requests)

    def close_as_customer(self, ticket_id: str, customer: Actor) -> Ticket:
        """Close a ticket for its own customer."""
        self.of_customer(ticket_id, customer.name)
        return self._close(ticket_id, customer, None)

    def close_as_admin(self, ticket_id: str, admin: Actor, last_word: str | None) -> Ticket:
        """Close a ticket for an admin, with a last word to the customer or without.

        Raises:
            NotAllowed: a request is open that this admin may not decide, or only people whom the
                policy names may speak to customers.
        """

        def permit(ticket: Ticket) -> None:
            staff = self._staff()
            if staff.questions is Audience.PEOPLE:
                require_named(staff, admin.name, f"close ticket {ticket.id}")
            for request in ticket.open_requests:
                require_permitted(ticket, request, admin.name, staff)

        return self._close(ticket_id, admin, last_word and checked_text(last_word), permit)

    def find(
        self, which: Filter, *, limit: int, after: str | None = None, newest_first: bool = False
    ) -> Page:
        """List tickets: the oldest first, or the newest; only what a list shows is loaded."""
        where: Mapping[str, str | None] = {
            "status": which.status,
            "kinds": which.kind,
            "customer": which.customer,
        }
        until = self._now() - which.older_than if which.older_than is not None else None
        return self._changes.settled(
            lambda: self._documents.find(
                Ticket,
                fields=LISTED,
                where={name: value for name, value in where.items() if value is not None},
                until=until,
                descending=newest_first,
                limit=limit,
                after=after,
            )
        )

    def find_counted(self, which: Filter, *, limit: int, after: str | None = None) -> Page:
        """List tickets for an admin: as `find` does, their votes as they count now.

        Raises:
            PolicyUnreadable: there are votes, and the policy cannot be read.
        """
        page = self.find(which, limit=limit, after=after)
        rows = [{**row, "requests": self.counted(row["requests"])} for row in page.rows]
        return replace(page, rows=rows)

    def _stored(self, ticket: Ticket) -> Ticket:
        """Store a new ticket; return what is stored under its id, this one or an earlier one."""
        if self._changes.settled(lambda: self._documents.insert(ticket)):
            return replace(ticket, version=1)
        return self._changes.load(ticket.id)

    def _ticket_for_key(self, customer: str, key: str) -> str:
        if not key.strip() or len(key) > _KEY_LIMIT:
            raise UsageError(f"A key has 1 to {_KEY_LIMIT} characters.")
        name = hashlib.sha256(f"{len(customer)}:{customer}{key}".encode()).hexdigest()
        claimed = Key(name, new_ticket_id())
        self._changes.settled(lambda: self._documents.insert(claimed))
        kept = self._changes.settled(lambda: self._documents.get(Key, name))
        return kept.ticket if kept else claimed.ticket

    def _close(
        self,
        ticket_id: str,
        actor: Actor,
        last_word: str | None,
        permit: Callable[[Ticket], None] = lambda _: None,
    ) -> Ticket:
        stamp = self._changes.stamp(actor)

        def move(ticket: Ticket) -> Ticket:
            closed = close(ticket, stamp, last_word)
            if closed is not ticket:
                permit(ticket)
                # An effect starts only under a claim, and a claim after this look fails the swap.
                self._require_no_effect_started(ticket)
            return closed

        return self._changes.apply(ticket_id, move, stamp.operation)

    def _require_no_effect_started(self, ticket: Ticket) -> None:
        where = {"ticket": ticket.id, "state": EffectState.STARTED}
        started: Page = self._changes.settled(
            lambda: self._documents.find(Effect, fields=("id",), where=where, limit=1)
        )
        if started.rows or started.damaged:
            raise unknown_effect(ticket)

    def _now(self) -> datetime:
        return self._changes.clock.now()
