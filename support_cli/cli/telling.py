"""Running a ticket for somebody who watches, and telling them where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Protocol

from support_cli.cli import schema
from support_cli.cli.output import Reply, data, line, note, say
from support_cli.domain.running import claimable
from support_cli.domain.ticket import Status, Ticket
from support_cli.errors import Interrupted, SupportError, UsageError
from support_cli.services.ports import Report
from support_cli.services.waiting import wait_for_reply
from support_cli.wiring import Desk

Sentences = Mapping[Status, tuple[str, tuple[str, ...]]]
TO_CUSTOMER: Sentences = {
    Status.WAITING: (
        "Ticket {id} is waiting for a person, who will answer.",
        ("support wait {id}      wait for the reply", "support history {id}   read it later"),
    ),
    Status.READY: (
        "Ticket {id} is kept, and ready for the agent.",
        (
            "support wait {id}      run it here",
            "support worker --once        run all that is ready",
        ),
    ),
    Status.RUNNING: (
        "Another process is running ticket {id}.",
        ("support wait {id}      wait for the reply",),
    ),
    Status.CLOSED: ("Ticket {id} is closed.", ()),
}
TO_ADMIN: Sentences = {
    Status.WAITING: (
        "Ticket {id} waits for another decision.",
        ("support admin show {id}",),
    ),
    Status.READY: (
        "Ticket {id} is ready for the agent.",
        ("support worker --once",),
    ),
    Status.RUNNING: (
        "Another process is running ticket {id}.",
        ("support admin show {id}",),
    ),
    Status.CLOSED: ("Ticket {id} is closed.", ()),
}


class Telling(Protocol):
    """How somebody hears what becomes of a ticket."""

    @property
    def report(self) -> Report | None:
        """What hears the agent's words as they come."""
        ...

    def kept(self, sentence: str) -> None:
        """Say that something is stored, before anything else can go wrong."""
        ...

    def stands(self, ticket: Ticket) -> None:
        """Say where the ticket stands in the end."""
        ...


class InWords:
    """Tells a person: the reply as it comes, or what happens next."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._reply = Reply()

    @property
    def report(self) -> Report:
        """What prints the agent's words as they come."""
        return self._reply.hear

    def kept(self, sentence: str) -> None:
        """Say it on stderr."""
        note(sentence)

    def stands(self, ticket: Ticket) -> None:
        """Print the reply, or what happens next."""
        self._reply.end(ticket.reply)
        if any(each.unfinished and self._reply.heard(each.text) for each in ticket.messages):
            say("The answer ended early: what you have read of it is not finished.")
        if ticket.lease is not None and ticket.lease.held:
            say(f"Ticket {ticket.id} is held: what the agent began there may still be acting.")
            line("  support worker        run it once that has ended")
            return
        if ticket.status not in self._sentences:
            return
        sentence, commands = self._sentences[ticket.status]
        say(sentence.format(id=ticket.id))
        for each in commands:
            line("  " + each.format(id=ticket.id))


class InJson:
    """Tells a script: one document, at the end."""

    report: Report | None = None

    def __init__(self, view: Callable[[Ticket], schema.JSON]) -> None:
        self._view = view

    def kept(self, sentence: str) -> None:
        """Say nothing: stderr is for an error's JSON."""

    def stands(self, ticket: Ticket) -> None:
        """Print the ticket."""
        data(schema.document(ticket=self._view(ticket)))


def to_customer(as_json: bool) -> Telling:
    """Choose how a customer hears of a ticket."""
    return InJson(schema.for_customer) if as_json else InWords(TO_CUSTOMER)


def to_admin(as_json: bool) -> Telling:
    """Choose how an admin hears of a ticket."""
    return InJson(schema.for_admin) if as_json else InWords(TO_ADMIN)


def advanced(desk: Desk, ticket: Ticket, report: Report | None) -> Ticket:
    """Run a stored ticket, where it is for a run to claim.

    Raises:
        SupportError: the run failed; the sentence says that the ticket is kept.
    """
    if not claimable(ticket.status, ticket.lease, desk.clock.now()):
        return ticket
    try:
        return desk.runs.run(ticket.id, report)
    except Interrupted:
        raise
    except SupportError as error:
        # What is wrong with a setting has to be put right first.
        hint = error.hint if isinstance(error, UsageError) else None
        raise type(error)(
            f"Ticket {ticket.id} is kept, but could not be run: {error.message}",
            hint=hint or f"support wait {ticket.id}",
        ) from error


def awaited(
    desk: Desk, ticket_id: str, customer: str, timeout: timedelta | None, tell: Telling
) -> Ticket:
    """Wait for the reply to a customer's ticket.

    Raises:
        NotFound: it is not this customer's. StillWaiting: the time is over.
    """
    ticket = desk.tickets.of_customer(ticket_id, customer)
    if ticket.status is Status.WAITING:
        tell.kept(f"Waiting for a person to answer ticket {ticket.id}. Ctrl-C leaves it waiting.")
    return wait_for_reply(
        lambda: desk.tickets.of_customer(ticket.id, customer),
        lambda: desk.runs.run(ticket.id, tell.report),
        desk.clock,
        timeout,
    )
