"""Tickets, as the domain's own moves make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from support_cli.domain.deciding import NOBODY_NAMED, Standing, decide
from support_cli.domain.effect import Effect, EffectState, effect_id
from support_cli.domain.request import Choice, Decision, Kind, Request
from support_cli.domain.run import Pause, Position, Saying
from support_cli.domain.running import claim, fail, settle, suspend
from support_cli.domain.staff import Audience, staff_of
from support_cli.domain.talking import open_ticket
from support_cli.domain.ticket import Lease, Status, Ticket
from support_cli.domain.trail import Actor, Stamp
from support_cli.domain.verdict import Ruling, Verdict

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LEASE = timedelta(minutes=1)
BOTH = ("manager", "director")


def at(minutes: float) -> datetime:
    """Tell the time so many minutes later."""
    return NOW + timedelta(minutes=minutes)


def stamp(by: str = "amy", minutes: float = 0) -> Stamp:
    """Give the stamp of what somebody does at a minute."""
    return Stamp(at(minutes), Actor(by, f"{by}@host"), f"op-{by}-{minutes}")


def opened(text: str = "Where is my parcel?") -> Ticket:
    """Open carl's ticket."""
    return open_ticket("K7M2-9QXD", "carl", text, False, stamp("carl"))


def claimed(ticket: Ticket, minutes: float = 0) -> Ticket:
    """Claim a ticket for a worker."""
    return claim(ticket, Lease("worker", at(minutes) + LEASE), stamp("worker", minutes))


def asking(kind: Kind = Kind.QUESTION, call: str = "call-1", levels: tuple[str, ...] = ()) -> Pause:
    """Make an agent's question, or its wish to refund 20."""
    if kind is Kind.QUESTION:
        return Pause(call, call, kind, "human_assistance", {}, "May I?", options=("yes", "no"))
    verdict = Verdict(Ruling.ASK, "over 10", "v1", levels=levels, facts={"total": "20.00"})
    return Pause(call, call, kind, "refund_order", {"amount": "20.00"}, "Refund?", verdict=verdict)


def standing(ticket: Ticket, *pauses: Pause, said: tuple[str, ...] = ()) -> Position:
    """Tell where an agent stands that has heard everything."""
    heard = frozenset(message.id for message in ticket.customer_messages)
    sayings = tuple(Saying(f"a{number}", text) for number, text in enumerate(said))
    return Position("point-1", pauses=pauses, delivered=heard, said=sayings)


def settled(ticket: Ticket, position: Position, minutes: float = 0) -> Ticket:
    """Settle a run."""
    return settle(ticket, ticket.fence, position, (), stamp("worker", minutes))


def answered(text: str = "It is on its way.") -> Ticket:
    """Make a ticket that the agent has answered."""
    ticket = claimed(opened())
    return settled(ticket, standing(ticket, said=(text,)))


def waiting(*pauses: Pause) -> Ticket:
    """Make a ticket that waits for a person, by default with one question."""
    ticket = claimed(opened())
    return settled(ticket, standing(ticket, *(pauses or (asking(),))))


def approving(*levels: str) -> Ticket:
    """Make a ticket that waits for an approval."""
    return waiting(asking(Kind.APPROVAL, levels=levels))


def uncertain(*calls: str) -> Ticket:
    """Make a ticket that waits because nobody knows whether an effect happened."""
    effects = tuple(effect(call) for call in calls or ("call-1",))
    return suspend(claimed(opened()), 1, effects, stamp("worker"))


def failed() -> Ticket:
    """Make a ticket that failed three times."""
    ticket = opened()
    for _ in range(3):
        ticket = claimed(ticket)
        ticket = fail(ticket, ticket.fence, "no model", stamp("worker"))
    return ticket


def closed() -> Ticket:
    """Make a ticket that is over."""
    return replace(answered(), status=Status.CLOSED)


def effect(call: str = "call-1", state: EffectState = EffectState.STARTED) -> Effect:
    """Make an entry of the ledger, of a tool without a key."""
    done = at(1) if state in (EffectState.DONE, EffectState.FAILED) else None
    key = effect_id("K7M2-9QXD", call)
    return Effect(key, "K7M2-9QXD", call, "wipe", "hash", False, state, "op", NOW, done, "wiped")


def says(
    type: Choice,
    by: str = "amy",
    message: str | None = None,
    args: Mapping[str, Any] | None = None,
) -> Decision:
    """Make what a person says."""
    return Decision(type, message, by, at(2), args=args)


def decided(ticket: Ticket, decision: Decision, standing: Standing = NOBODY_NAMED) -> Ticket:
    """Decide the one open request, on what it shows now."""
    shown = ticket.open_requests[0]
    by = stamp(decision.by, 2)
    return decide(ticket, shown.id, decision, shown.fingerprint, by, standing)


def among(edited: Verdict | None = None, /, **people: str) -> Standing:
    """Name people with their levels, as `amy="manager director"`, and give an edit a verdict."""
    levels = {name: held.split() for name, held in people.items()}
    return Standing(staff_of(levels, Audience.EVERYBODY), edited)


def the_request(ticket: Ticket) -> Request:
    """Return a ticket's only request that is open, or decided and not applied."""
    (request,) = ticket.requests
    return request


def types(ticket: Ticket) -> list[str]:
    """List the types of a ticket's events."""
    return [event.type for event in ticket.trail]
