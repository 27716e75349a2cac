"""What must be true when everybody is dead and all that was begun has been finished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from support_cli.domain.effect import Effect, EffectState
from support_cli.domain.integrity import faults
from support_cli.domain.request import Kind, Request
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.verdict import Choice
from support_cli.services.tickets import Filter
from support_cli.wiring import Desk
from tests.chaos.controller import PEOPLE
from tests.chaos.people import decide, heard, watched
from tests.chaos.provider import ACTION, BROKE, KEYED, REFUSED, UNKEYED, Payment
from tests.chaos.world import LaterClock, World

HAND = "hand"  # who finishes what the dead have left
_ROUNDS = 20
_AT_REST = (Status.ANSWERED, Status.CLOSED)
_MAY_ACT = (Choice.APPROVE, Choice.EDIT)
# What a run may fail of: what the chaos does to it, and nothing else.
_EXPECTED = (f"RuntimeError: {BROKE}", "The process that ran it died", "OutcomeUnknown:")


@dataclass
class Findings:
    """What was found; `broken` names every invariant that does not hold, and where."""

    tickets: int = 0
    messages: int = 0
    decisions: int = 0
    keyed: int = 0
    unkeyed: int = 0
    actions: int = 0
    repeated: int = 0  # calls of the provider with a key that it had been called with
    unknown: int = 0  # outcomes that people were asked about
    abandoned: int = 0  # runs that were taken over from the dead, or from zombies
    failures: int = 0  # runs that gave up, and were tried again by a person
    doubles: int = 0
    lost: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Acknowledged:
    """Everything that the people were told."""

    lines: list[dict[str, Any]]

    def of(self, what: str) -> list[dict[str, Any]]:
        """List what was told of one kind."""
        return [line for line in self.lines if line["what"] == what]


def finish(world: World) -> Findings:
    """Let a worker and an admin finish everything, then look at all of it."""
    chance = Random(f"{world.seed} {HAND}")
    world.await_actions()
    with world.desk(chance, LaterClock()) as desk:
        drained = any(_is_drained(world, desk, chance) for _ in range(_ROUNDS))
        tickets = [desk.tickets.of_anyone(name) for name in _names(desk)]
        effects = {each.id: desk.ledger.of_ticket(each.id) for each in tickets}
    found = Findings(tickets=len(tickets))
    if not drained:
        found.broken.append(f"something is left to do after {_ROUNDS} rounds")
    found.broken += [f"a bug: {each['who']}: {each['trace']}" for each in world.bugs.read()]
    told = [line for name in [*PEOPLE, HAND] for line in world.told(name).read()]
    _look_at_acknowledged(found, tickets, _Acknowledged(told))
    for ticket in tickets:
        found.broken += [f"{ticket.id}: {each}" for each in _of_ticket(ticket)]
        found.abandoned += sum(bool(each.data.get("abandoned")) for each in ticket.trail)
    provider = world.provider(chance)
    calls = Counter(provider.calls())
    found.repeated = sum(calls.values()) - len(calls)
    _look_at_effects(found, tickets, effects, provider.paid())
    found.broken = list(dict.fromkeys(found.broken))
    return found


def _is_drained(world: World, desk: Desk, chance: Random) -> bool:
    desk.worker(4, lambda _, ended: heard(world, HAND, ended)).run(once=True)
    waiting = [
        (row["id"], request)
        for row in desk.tickets.find(Filter(status=Status.WAITING), limit=1000).rows
        for request in row["requests"]
        if request.decision is None
    ]
    for ticket, request in waiting:
        with watched(world, HAND):
            decide(world, HAND, desk, chance, ticket, request)
    return not waiting and next(iter(desk.runs.due()), None) is None


def _names(desk: Desk) -> Iterator[str]:
    after = None
    while True:
        page = desk.tickets.find(Filter(), limit=500, after=after)
        yield from (row["id"] for row in page.rows)
        after = page.next
        if after is None:
            return


def _look_at_acknowledged(
    found: Findings, tickets: Iterable[Ticket], acknowledged: _Acknowledged
) -> None:
    by_name = {ticket.id: ticket for ticket in tickets}
    lost = []
    for line in acknowledged.of("submitted") + acknowledged.of("replied"):
        texts = [each.text for each in _messages(by_name.get(line["ticket"]))]
        if texts.count(line["text"]) != 1:
            lost.append(f"{line['ticket']}: “{line['text']}” is there {texts.count(line['text'])}x")
    for line in acknowledged.of("closed"):
        ticket = by_name.get(line["ticket"])
        if ticket is None or ticket.status is not Status.CLOSED:
            lost.append(f"{line['ticket']}: it was closed")
    lost += [
        f"{line['ticket']}: accepted and not on record: {line}"
        for line in acknowledged.of("decided")
        if not _is_on_record(by_name.get(line["ticket"]), line)
    ]
    found.messages = len(acknowledged.of("submitted")) + len(acknowledged.of("replied"))
    found.decisions = len(acknowledged.of("decided"))
    found.lost = len(lost)
    found.broken += lost
    asked = Counter(each.messages[0].text for each in by_name.values())
    found.broken += [f"“{text}” is {n} tickets" for text, n in asked.items() if n > 1]


def _messages(ticket: Ticket | None) -> tuple[Any, ...]:
    return () if ticket is None else ticket.messages


def _is_on_record(ticket: Ticket | None, line: dict[str, Any]) -> bool:
    return ticket is not None and any(
        each.id == line["request"]
        and each.decision is not None
        and (each.decision.type, each.decision.message, each.decision.by)
        == (line["type"], line["message"], line["by"])
        for each in _requests(ticket)
    )


def _of_ticket(ticket: Ticket) -> Iterator[str]:
    yield from faults(ticket)
    if ticket.status not in _AT_REST or ticket.lease is not None:
        yield f"it is {ticket.status}, with {ticket.open_requests}"
    decided = Counter(each.data["request"] for each in ticket.trail if each.type == "decided")
    yield from (f"{name} was decided {n} times" for name, n in decided.items() if n > 1)
    for event in ticket.trail:
        reason = str(event.data.get("reason") or "")
        if event.type in ("failed", "gave up") and not reason.startswith(_EXPECTED):
            yield f"a run failed: {reason}"


def _look_at_effects(
    found: Findings,
    tickets: Iterable[Ticket],
    effects: dict[str, tuple[Effect, ...]],
    paid: list[Payment],
) -> None:
    approved: dict[str, Request] = {}
    for ticket in tickets:
        requests = _requests(ticket)
        found.unknown += sum(each.kind is Kind.OUTCOME for each in requests)
        found.failures += sum(each.kind is Kind.FAILURE for each in requests)
        approved |= {f"{ticket.id}:{r.call}": r for r in requests if _may_act(r)}
    ledger = {each.id: each for some in effects.values() for each in some}
    times = Counter(each.key for each in paid)
    for key, n in times.items():
        if n > 1:
            found.doubles += n - 1
            found.broken.append(f"{key} was paid {n} times")
    found.keyed = sum(each.tool == KEYED for each in paid)
    found.unkeyed = sum(each.tool == UNKEYED for each in paid)
    found.actions = sum(each.tool == ACTION for each in paid)
    for key in approved.keys() | ledger.keys() | times.keys():
        problem = _problem(approved.get(key), ledger.get(key), [p for p in paid if p.key == key])
        if problem is not None:
            found.broken.append(f"{key}: {problem}")


def _problem(request: Request | None, entry: Effect | None, paid: list[Payment]) -> str | None:
    """Tell how approval, ledger and provider do not agree on one call."""
    if request is None:
        return f"nobody approved it; the ledger has {entry}, the provider {paid}"
    refused = request.args["amount"] == REFUSED
    wanted = EffectState.FAILED if refused else EffectState.DONE
    if entry is None or entry.state is not wanted:
        return f"it was approved, and the ledger has {entry}"
    amounts = {each.amount for each in paid}
    if amounts != (set() if refused else {request.args["amount"]}):
        return f"{request.args} was approved, and the provider paid {paid}"
    return None


def _requests(ticket: Ticket) -> tuple[Request, ...]:
    return (*ticket.requests, *ticket.decided)


def _may_act(request: Request) -> bool:
    decision = request.decision
    return request.kind is Kind.APPROVAL and decision is not None and decision.type in _MAY_ACT
