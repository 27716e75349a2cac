"""The moves a run makes: claim, renew, release, settle, fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from support_cli.domain.effect import Effect
from support_cli.domain.permit import Mismatch
from support_cli.domain.request import ALLOWED, OWN, Kind, Request, fingerprinted
from support_cli.domain.run import Pause, Position, request_for
from support_cli.domain.ticket import Lease, Message, Role, Status, Ticket
from support_cli.domain.trail import Stamp, digest
from support_cli.domain.verdict import Verdict

FAILURES_IN_A_ROW = 3
_UNFINISHED_LIMIT = 64 * 1024  # characters of an unfinished answer that are kept


def claimable(status: Status, lease: Lease | None, now: datetime) -> bool:
    """Tell whether a run may take a ticket: it is ready, or its run's lease has expired."""
    if status is Status.RUNNING:
        return lease is None or lease.until <= now
    return status is Status.READY


def claim(ticket: Ticket, lease: Lease, stamp: Stamp) -> Ticket:
    """Take the ticket for a run, under the next fence, if it is claimable.

    An abandoned run counts as a failure; the third in a row becomes a request instead of a claim.
    """
    if not claimable(ticket.status, ticket.lease, stamp.at):
        return ticket
    abandoned = ticket.status is Status.RUNNING and not (ticket.lease and ticket.lease.held)
    failures = ticket.failures + abandoned
    if abandoned and failures >= FAILURES_IN_A_ROW:
        return _give_up(ticket, "The process that ran it died, three times in a row.", stamp)
    told = ticket.record(stamp, "claimed", fence=ticket.fence + 1, abandoned=abandoned)
    return replace(
        told,
        status=Status.RUNNING,
        since=stamp.at,
        lease=lease,
        fence=ticket.fence + 1,
        failures=failures,
    )


def claimed_under(ticket: Ticket, operation: str) -> bool:
    """Tell whether the ticket runs under the claim with this operation id, and no later one."""
    claims = [event.operation for event in ticket.trail if event.type == "claimed"]
    return ticket.status is Status.RUNNING and claims[-1:] == [operation]


def renew(ticket: Ticket, fence: int, until: datetime) -> Ticket:
    """Lengthen the lease of the run with this fence.

    Raises:
        Busy: another run has the ticket.
    """
    lease = ticket.require_lease(fence)
    # Never shorter: an effect may have asked for more than the heartbeat gives.
    return replace(ticket, lease=replace(lease, until=max(lease.until, until)))


def hold(ticket: Ticket, fence: int, until: datetime, stamp: Stamp) -> Ticket:
    """End a run, and keep the ticket from others while an effect of it may still be acting.

    Raises:
        Busy: another run has the ticket.
    """
    lease = ticket.require_lease(fence)
    held = replace(lease, until=until, held=True)
    return replace(ticket.record(stamp, "held", fence=fence), lease=held)


def release(ticket: Ticket, fence: int, stamp: Stamp) -> Ticket:
    """Hand the ticket back before its run is over; somebody else will finish it.

    Raises:
        Busy: another run has the ticket.
    """
    ticket.require_lease(fence)
    return ticket.record(stamp, "released", fence=fence).ready(stamp)


def release_held(ticket: Ticket, stamp: Stamp) -> Ticket:
    """Hand back a ticket that was held for an effect, whose end is known now."""
    if ticket.status is not Status.RUNNING or ticket.lease is None or not ticket.lease.held:
        return ticket
    return release(ticket, ticket.fence, stamp)


def settle(
    ticket: Ticket, fence: int, position: Position, effects: tuple[Effect, ...], stamp: Stamp
) -> Ticket:
    """End a run: make the ticket say what the agent's state and the ledger say.

    Raises:
        Busy: the lease is lost; another run settles.
    """
    ticket.require_lease(fence)
    told = _with_sayings(_with_effects(ticket, effects, stamp), position, stamp)
    told = _with_requests(told, position, stamp)
    status = _status_after(told, position)
    waiting = [each.created_at for each in told.open_requests]
    return replace(
        told.record(stamp, "settled", fence=fence, status=status),
        status=status,
        since=min(waiting) if status is Status.WAITING else stamp.at,
        lease=None,
        failures=0,
        error=None,
        head=position.checkpoint,
    )


def suspend(ticket: Ticket, fence: int, effects: tuple[Effect, ...], stamp: Stamp) -> Ticket:
    """End a run over effects of which nobody knows whether they happened: a person must say.

    Raises:
        Busy: the lease is lost.
    """
    ticket.require_lease(fence)
    told = ticket
    asked = {each.call for each in ticket.requests if each.kind is Kind.OUTCOME}
    for effect in effects:
        if effect.call not in asked:
            told = _with_outcome(told, effect, stamp)
    waiting = [each.created_at for each in told.open_requests]
    return replace(
        told.record(stamp, "suspended", fence=fence),
        status=Status.WAITING,
        since=min(waiting, default=stamp.at),
        lease=None,
        failures=0,
    )


def outcomes_applied(ticket: Ticket, fence: int, stamp: Stamp) -> Ticket:
    """Put the decided outcome requests behind us, once the ledger has them.

    Raises:
        Busy: the lease is lost.
    """
    ticket.require_lease(fence)
    applied = tuple(each for each in ticket.requests if each.kind is Kind.OUTCOME and each.decision)
    if not applied:
        return ticket
    rest = tuple(each for each in ticket.requests if each not in applied)
    told = ticket.record(stamp, "outcomes applied", count=len(applied))
    return replace(told, requests=rest, decided=(*ticket.decided, *applied))


def fail(ticket: Ticket, fence: int, reason: str, stamp: Stamp) -> Ticket:
    """End a run that raised: to be tried again, or after three in a row for a person.

    Raises:
        Busy: the lease is lost.
    """
    ticket.require_lease(fence)
    failures = ticket.failures + 1
    if failures >= FAILURES_IN_A_ROW:
        return _give_up(ticket, reason, stamp)
    failed = ticket.record(stamp, "failed", fence=fence, reason=reason).ready(stamp)
    return replace(failed, failures=failures, error=reason)


def keep_unfinished(ticket: Ticket, fence: int, text: str, stamp: Stamp) -> Ticket:
    """Keep what was read of an answer that never came to its end.

    Raises:
        Busy: the lease is lost.
    """
    ticket.require_lease(fence)
    return _with_unfinished(ticket, text, stamp)


def refuse(ticket: Ticket, fence: int, call: str, reason: str, stamp: Stamp) -> Ticket:
    """End a run that no other try would mend: a person looks at once.

    So where a call does not fit its record, or the agent's state cannot be read.

    Raises:
        Busy: the lease is lost.
    """
    ticket.require_lease(fence)
    return _give_up(ticket, reason, stamp, call)


def _give_up(ticket: Ticket, reason: str, stamp: Stamp, call: str = "") -> Ticket:
    told = _given_up(ticket, reason, stamp, call)
    return replace(
        told,
        status=Status.WAITING,
        since=min(each.created_at for each in told.requests),
        lease=None,
        error=reason,
    )


def _given_up(ticket: Ticket, reason: str, stamp: Stamp, call: str) -> Ticket:
    request = Request(
        id=ticket.next_request_id(),
        kind=Kind.FAILURE,
        query="The agent could not finish. Try again, or close the ticket with a last word?",
        reason=reason,
        created_at=stamp.at,
        call=call,
    )
    request = fingerprinted(ticket.id, request, len(ticket.customer_messages))
    told = ticket.record(stamp, "gave up", request=request.id, reason=reason)
    return replace(told, requests=(*ticket.requests, request))


def _with_outcome(ticket: Ticket, effect: Effect, stamp: Stamp) -> Ticket:
    approval = _approval_of(ticket, effect)
    request = Request(
        id=ticket.next_request_id(),
        kind=Kind.OUTCOME,
        query=f"Did {effect.tool} happen? It was started and {_how_it_ended(effect)}.",
        created_at=stamp.at,
        tool=effect.tool,
        args=approval.args if approval else {},
        reason="The process died, or the tool failed, between the start of the effect and its end.",
        call=effect.call,
        verdict=_for_outcome(approval),
        evidence=effect.evidence,
    )
    request = fingerprinted(ticket.id, request, len(ticket.customer_messages))
    asked = ticket.record(stamp, "asked", request=request.id, kind=request.kind, tool=request.tool)
    return replace(asked, requests=(*ticket.requests, request))


def _approval_of(ticket: Ticket, effect: Effect) -> Request | None:
    """Find the approval that an effect acted on; None where policy allowed it."""
    return next(
        (
            each
            for each in (*ticket.requests, *ticket.decided)
            if each.call == effect.call and each.kind is Kind.APPROVAL
        ),
        None,
    )


def _for_outcome(approval: Request | None) -> Verdict | None:
    """Make what was said on an approval hold for its outcome: the same levels agree."""
    if approval is None or approval.verdict is None:
        return None
    return replace(approval.verdict, allowed=ALLOWED[Kind.OUTCOME], due=None)


def _how_it_ended(effect: Effect) -> str:
    return effect.evidence.in_words() if effect.evidence else "never reported back"


def _status_after(ticket: Ticket, position: Position) -> Status:
    if ticket.blocked:
        return Status.WAITING
    if any(each.decision for each in ticket.requests):
        return Status.READY
    if ticket.open_requests:
        return Status.WAITING
    undelivered = {each.id for each in ticket.customer_messages} - position.delivered
    return Status.READY if undelivered else Status.ANSWERED


def _with_sayings(ticket: Ticket, position: Position, stamp: Stamp) -> Ticket:
    ticket = _with_unfinished(ticket, position.unfinished_text, stamp)
    known = {message.id for message in ticket.messages}
    for saying in position.said:
        if saying.id not in known:
            ticket = ticket.record(stamp, "said", message=saying.id, text=digest(saying.text))
            message = Message(saying.id, Role.AGENT, saying.text, stamp.at, "agent")
            ticket = ticket.say(message)
    return ticket


def _with_unfinished(ticket: Ticket, text: str, stamp: Stamp) -> Ticket:
    if not text:
        return ticket
    made = ticket.message("u", Role.AGENT, text[:_UNFINISHED_LIMIT], stamp)
    message = replace(made, by="agent", unfinished=True)
    told = ticket.record(
        stamp, "said", message=message.id, text=digest(message.text), unfinished=True
    )
    return told.say(message)


def _with_effects(ticket: Ticket, effects: tuple[Effect, ...], stamp: Stamp) -> Ticket:
    told = {event.data.get("entry") for event in ticket.trail if event.type == "effect"}
    for effect in effects:
        entry = f"{effect.call}:{effect.state}:{effect.operation}"
        if effect.ended_at is not None and entry not in told:
            ticket = ticket.record(
                stamp,
                "effect",
                entry=entry,
                tool=effect.tool,
                state=effect.state,
                hash=effect.hash,
                result=digest(effect.result or ""),
            )
    return ticket


def _with_requests(ticket: Ticket, position: Position, stamp: Stamp) -> Ticket:
    paused = {pause.call for pause in (*position.pauses, *position.unfit)}
    kept = tuple(each for each in ticket.requests if each.kind in OWN or each.call in paused)
    gone = tuple(each for each in ticket.requests if each not in kept)
    ticket = replace(ticket, requests=kept, decided=(*ticket.decided, *gone))
    for pause in position.pauses:
        if request_for(ticket, pause) is None:
            ticket = _with_request(ticket, pause, stamp)
    for pause in position.unfit:
        ticket = _given_up(ticket, Mismatch(pause.tool, pause.call).message, stamp, pause.call)
    return ticket


def _with_request(ticket: Ticket, pause: Pause, stamp: Stamp) -> Ticket:
    request = Request(
        id=ticket.next_request_id(),
        kind=pause.kind,
        query=pause.query,
        created_at=stamp.at,
        tool=pause.tool,
        args=pause.args,
        reason=pause.reason,
        call=pause.call,
        interrupt=pause.interrupt,
        verdict=pause.verdict,
        options=pause.options,
    )
    request = fingerprinted(ticket.id, request, len(ticket.customer_messages))
    asked = ticket.record(stamp, "asked", request=request.id, kind=request.kind, tool=request.tool)
    return replace(asked, requests=(*ticket.requests, request))
