"""A ticket: one conversation with one customer, and everything decided about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from support_cli.domain.request import OWN, Kind, Request
from support_cli.domain.trail import Datum, Event, Stamp, extend
from support_cli.errors import Busy, Closed


class Status(StrEnum):
    """Where a ticket stands."""

    READY = "ready"  # there is something to run: a question, a reply, a decision
    RUNNING = "running"  # a run holds the lease
    WAITING = "waiting"  # one or more open requests
    ANSWERED = "answered"  # the agent has replied
    CLOSED = "closed"  # over, read-only


class Role(StrEnum):
    """Who speaks in the transcript."""

    CUSTOMER = "customer"
    AGENT = "agent"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the transcript. `human`: the customer asks for a person, not the agent.

    `unfinished`: the agent's answer broke off, but so much of it had been read.
    """

    id: str
    role: Role
    text: str
    at: datetime
    by: str
    human: bool = False
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Lease:
    """A run's hold on a ticket, until a moment; only the ticket's highest fence may settle.

    `held`: no run is at it, but an effect that one began may still be acting.
    """

    owner: str
    until: datetime
    held: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """One conversation with one customer; its id is also the LangGraph thread's.

    `since` orders lists: when the oldest open request was made, else when the status was reached.
    `requests` are those open or decided but not yet applied; `decided` are the applied ones.
    `fence` counts claims. `failures` counts runs in a row that did not finish. `head` is the
    checkpoint the last settled run ended on. `seal` is the hash of the trail's last event.
    `version` is the store's, for compare-and-swap.
    """

    id: str
    customer: str
    subject: str
    status: Status
    since: datetime
    created_at: datetime
    updated_at: datetime
    messages: tuple[Message, ...]
    requests: tuple[Request, ...] = ()
    decided: tuple[Request, ...] = ()
    lease: Lease | None = None
    fence: int = 0
    failures: int = 0
    error: str | None = None
    head: str | None = None
    trail: tuple[Event, ...] = ()
    seal: str = ""
    version: int = 0

    @property
    def open_requests(self) -> tuple[Request, ...]:
        """The requests that nobody has decided."""
        return tuple(request for request in self.requests if request.decision is None)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of the open requests, each once."""
        return tuple(dict.fromkeys(request.kind for request in self.open_requests))

    @property
    def blocked(self) -> bool:
        """Tell whether nothing may run before a person has decided a request of the desk's own."""
        return any(request.kind in OWN for request in self.open_requests)

    @property
    def customer_messages(self) -> tuple[Message, ...]:
        """What the customer said, in order."""
        return tuple(message for message in self.messages if message.role is Role.CUSTOMER)

    @property
    def reply(self) -> str | None:
        """The agent's latest words, once it has answered."""
        if self.status not in (Status.ANSWERED, Status.CLOSED):
            return None
        said = [message for message in self.messages if message.role is Role.AGENT]
        finished = [message.text for message in said if not message.unfinished]
        return finished[-1] if finished else None

    def record(self, stamp: Stamp, type: str, /, **data: Datum) -> Ticket:
        """Add an event to the trail."""
        trail = extend(self.trail, stamp, type, **data)
        return replace(self, trail=trail, seal=trail[-1].hash, updated_at=stamp.at)

    def say(self, message: Message) -> Ticket:
        """Add a message to the transcript."""
        return replace(self, messages=(*self.messages, message))

    def message(self, prefix: str, role: Role, text: str, stamp: Stamp) -> Message:
        """Make the transcript's next message; the prefix keeps its id from meeting another's."""
        number = len(self.messages) + 1
        return Message(f"{self.id}-{prefix}{number}", role, text, stamp.at, stamp.actor.name)

    def ready(self, stamp: Stamp) -> Ticket:
        """Put the ticket where a run may claim it."""
        return replace(self, status=Status.READY, since=stamp.at, lease=None)

    def require_not_closed(self) -> None:
        """Refuse what only a ticket that goes on can take.

        Raises:
            Closed: the ticket is over.
        """
        if self.status is Status.CLOSED:
            raise Closed(f"Ticket {self.id} is closed.", hint="support submit")

    def require_lease(self, fence: int) -> Lease:
        """Return the lease, if the run with this fence still holds it.

        Raises:
            Busy: another run has the ticket.
        """
        if self.status is not Status.RUNNING or self.fence != fence or self.lease is None:
            raise Busy(f"Another process runs ticket {self.id}.", hint=f"support wait {self.id}")
        return self.lease

    def next_request_id(self) -> str:
        """Name the next request of this ticket: `r1`, `r2` and so on."""
        return f"r{len(self.requests) + len(self.decided) + 1}"
