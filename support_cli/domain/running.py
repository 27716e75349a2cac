"""The moves a run makes: claim, renew, release, settle, fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from support_cli.domain.request import Kind, Request, fingerprinted
from support_cli.domain.run import Pause, Position
from support_cli.domain.ticket import Lease, Message, Role, Status, Ticket
from support_cli.domain.trail import Stamp, digest

FAILURES_IN_A_ROW = 3


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
    abandoned = ticket.status is Status.RUNNING
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


def renew(ticket: Ticket, fence: int, until: datetime) -> Ticket:
    """Lengthen the lease of the run with this fence.

    Raises:
        Busy: another run has the ticket.
    """
    return replace(ticket, lease=replace(ticket.require_lease(fence), until=until))


def release(ticket: Ticket, fence: int, stamp: Stamp) -> Ticket:
    """Hand the ticket back before its run is over; somebody else will finish it.

    Raises:
        Busy: another run has the ticket.
    """
    ticket.require_lease(fence)
    return ticket.record(stamp, "released", fence=fence).ready(stamp)


def settle(ticket: Ticket, fence: int, position: Position, stamp: Stamp) -> Ticket:
    """End a run: make the ticket say what the agent's state says.

    Raises:
        Busy: the lease is lost; another run settles.
    """
    ticket.require_lease(fence)
    told = _with_sayings(ticket, position, stamp)
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


def _give_up(ticket: Ticket, reason: str, stamp: Stamp) -> Ticket:
    request = Request(
        id=ticket.next_request_id(),
        kind=Kind.FAILURE,
        query="The agent could not finish. Try again, or close the ticket with a last word?",
        reason=reason,
        created_at=stamp.at,
    )
    request = fingerprinted(ticket.id, request, len(ticket.customer_messages))
    requests = (*ticket.requests, request)
    return replace(
        ticket.record(stamp, "gave up", request=request.id, reason=reason),
        status=Status.WAITING,
        since=min(each.created_at for each in requests),
        lease=None,
        error=reason,
        requests=requests,
    )


def _status_after(ticket: Ticket, position: Position) -> Status:
    if any(each.decision for each in ticket.requests):
        return Status.READY
    if ticket.open_requests:
        return Status.WAITING
    undelivered = {each.id for each in ticket.customer_messages} - position.delivered
    return Status.READY if undelivered else Status.ANSWERED


def _with_sayings(ticket: Ticket, position: Position, stamp: Stamp) -> Ticket:
    known = {message.id for message in ticket.messages}
    for saying in position.said:
        if saying.id not in known:
            ticket = ticket.record(stamp, "said", message=saying.id, text=digest(saying.text))
            message = Message(saying.id, Role.AGENT, saying.text, stamp.at, "agent")
            ticket = ticket.say(message)
    return ticket


def _with_requests(ticket: Ticket, position: Position, stamp: Stamp) -> Ticket:
    paused = {pause.call for pause in position.pauses}
    kept = tuple(each for each in ticket.requests if not each.call or each.call in paused)
    gone = tuple(each for each in ticket.requests if each.call and each.call not in paused)
    ticket = replace(ticket, requests=kept, decided=(*ticket.decided, *gone))
    known = {each.call for each in kept}
    for pause in position.pauses:
        if pause.call not in known:
            ticket = _with_request(ticket, pause, stamp)
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
    )
    request = fingerprinted(ticket.id, request, len(ticket.customer_messages))
    asked = ticket.record(stamp, "asked", request=request.id, kind=request.kind, tool=request.tool)
    return replace(asked, requests=(*ticket.requests, request))
