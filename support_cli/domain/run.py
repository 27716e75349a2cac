"""What a run does next: the recovery table as one pure function.

A run that begins and one that goes on after a crash are the same: look at where the agent's state
stands (`Position`), do the next thing (`Step`), look again, until there is nothing to do but rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from support_cli.domain.request import Kind, Request
from support_cli.domain.ticket import Message, Ticket
from support_cli.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Pause:
    """One open interrupt of the agent: what its request is made of."""

    interrupt: str
    call: str
    kind: Kind
    tool: str
    args: Mapping[str, Any]
    query: str
    reason: str | None = None
    verdict: Verdict | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saying:
    """One text of the agent's for the customer, with the message's id in the agent's state."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Position:
    """Where the agent's saved state stands.

    `checkpoint` is None where nothing was saved yet. `unfinished`: a task has neither a result nor
    an interrupt, or the step was not closed. `delivered` are the ids of the customer messages in
    the state, `said` the agent's texts in order. `unfit` are the pauses that do not fit what the
    desk recorded of their calls. `unfinished_text` is what was read of an answer that broke off.
    """

    checkpoint: str | None = None
    unfinished: bool = False
    pauses: tuple[Pause, ...] = ()
    delivered: frozenset[str] = frozenset()
    said: tuple[Saying, ...] = ()
    unfit: tuple[Pause, ...] = ()
    unfinished_text: str = ""


@dataclass(frozen=True, slots=True)
class Deliver:
    """Give the agent these messages."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Proceed:
    """Run what was left unfinished, and hand over what was written before a decision on it."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Resume:
    """Resume one interrupt with its recorded decision, and hand over what was written meanwhile."""

    pause: Pause
    request: Request
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to run: settle."""


Step = Deliver | Proceed | Resume | Rest


def next_step(ticket: Ticket, position: Position) -> Step:
    """Say what a run of this ticket does next. Rows as in the README's recovery table."""
    if position.unfinished:
        return Proceed(_decided_upon(ticket, position))
    over = given_up(ticket)
    for pause in position.pauses:
        request = over.get(pause.call) or request_for(ticket, pause)
        if request is not None and request.decision is not None:
            return Resume(pause, request, _decided_upon(ticket, position))
    if position.pauses:
        return Rest()
    undelivered = _undelivered(ticket, position)
    return Deliver(undelivered) if undelivered else Rest()


def request_for(ticket: Ticket, pause: Pause) -> Request | None:
    """Find the request that stands for an open interrupt, by its tool call."""
    return next(
        (each for each in ticket.requests if each.call == pause.call and each.kind is pause.kind),
        None,
    )


def given_up(ticket: Ticket) -> dict[str, Request]:
    """Return the decided failures over calls that did not fit their records, by call.

    Such a call is not made, whatever the agent's state says later.
    """
    return {each.call: each for each in ticket.decided if each.kind is Kind.FAILURE and each.call}


def _undelivered(ticket: Ticket, position: Position) -> tuple[Message, ...]:
    return tuple(m for m in ticket.customer_messages if m.id not in position.delivered)


def _decided_upon(ticket: Ticket, position: Position) -> tuple[Message, ...]:
    """Return the undelivered messages that were there when a decision was made.

    They reach the agent together with it. Later ones were not seen by who decided, so they are
    delivered on their own, to be answered on their own.
    """
    seen = max((each.decision.seen for each in ticket.requests if each.decision), default=0)
    known = ticket.customer_messages[:seen]
    return tuple(message for message in known if message.id not in position.delivered)
