"""The move a person makes: to decide a request, once, on what was shown."""

from __future__ import annotations

from dataclasses import replace

from support_cli.domain.request import Decision, Kind, Request
from support_cli.domain.text import subject_of
from support_cli.domain.ticket import Role, Status, Ticket
from support_cli.domain.trail import Stamp, digest
from support_cli.errors import Conflict, Decided, NotFound, Stale, UsageError


def decide(
    ticket: Ticket,
    request_id: str | None,
    decision: Decision,
    if_match: str | None,
    stamp: Stamp,
) -> Ticket:
    """Record a decision. The same decision by the same person again changes nothing.

    Args:
        ticket: the ticket to decide on.
        request_id: which of its requests; None where one alone is open.
        decision: what was said; its `fingerprint` and `seen` are set here.
        if_match: the fingerprint of what the person was shown; a question may do without.
        stamp: when, by whom and under which operation id.

    Raises:
        Closed, Decided, Stale, NotFound, UsageError: as their names say.
    """
    request = find_request(ticket, request_id)
    if request.decision is not None:
        if request.decision.same_as(decision):
            return ticket
        raise already_decided(ticket, request, request.decision)
    ticket.require_not_closed()
    _check(ticket, request, decision, if_match)
    seen = len(ticket.customer_messages)
    bound = replace(decision, fingerprint=request.fingerprint, seen=seen)
    return _recorded(ticket, replace(request, decision=bound), bound, stamp)


def find_request(ticket: Ticket, request_id: str | None) -> Request:
    """Find the request a decision is about: the one named, else the only one open.

    Where nothing is open it is the last one decided, so that saying it again is recognised.

    Raises:
        NotFound: there is no such request. Conflict: nothing waits. UsageError: several are open.
    """
    if request_id is not None:
        return _named(ticket, request_id)
    if len(ticket.open_requests) > 1:
        names = ", ".join(each.id for each in ticket.open_requests)
        raise UsageError(
            f"Ticket {ticket.id} has several open requests: {names}.",
            hint=f"support admin resume {ticket.id} --request {ticket.open_requests[0].id}",
        )
    if ticket.open_requests:
        return ticket.open_requests[0]
    return _last_decided(ticket)


def already_decided(ticket: Ticket, request: Request, decision: Decision) -> Decided:
    """Build the conflict that says who decided, when and what."""
    said = f": “{subject_of(decision.message)}”" if decision.message else ""
    return Decided(
        f"{decision.by} decided request {request.id} of {ticket.id} at "
        f"{decision.at:%Y-%m-%d %H:%M:%S} UTC ({decision.type}){said}.",
        hint=f"support admin show {ticket.id}",
    )


def _named(ticket: Ticket, request_id: str) -> Request:
    for each in (*ticket.requests, *ticket.decided):
        if each.id == request_id.lower():
            return each
    raise NotFound(
        f"Ticket {ticket.id} has no request {request_id}.", hint=f"support admin show {ticket.id}"
    )


def _last_decided(ticket: Ticket) -> Request:
    decided = [
        (each.decision.at, index, each)
        for index, each in enumerate((*ticket.decided, *ticket.requests))
        if each.decision is not None
    ]
    if decided:
        return max(decided)[2]
    ticket.require_not_closed()
    raise Conflict(
        f"Nothing waits for a decision: ticket {ticket.id} is {ticket.status}.",
        hint="support admin list",
    )


def _check(ticket: Ticket, request: Request, decision: Decision, if_match: str | None) -> None:
    if decision.type not in request.allowed:
        allowed = ", ".join(request.allowed)
        raise UsageError(
            f"A {request.kind} takes {allowed}, not {decision.type}.",
            hint=f"support admin show {ticket.id}",
        )
    if if_match is None and request.kind is not Kind.QUESTION:
        raise UsageError(
            f"A decision on a {request.kind} must carry the fingerprint of what was shown.",
            hint=f"support admin show {ticket.id}, then --if-match {request.fingerprint}",
        )
    if if_match is not None and if_match != request.fingerprint:
        raise Stale(
            f"Request {request.id} of {ticket.id} has changed since {if_match} was shown.",
            hint=f"support admin show {ticket.id}",
        )


def _recorded(ticket: Ticket, request: Request, decision: Decision, stamp: Stamp) -> Ticket:
    told = ticket.record(
        stamp,
        "decided",
        request=request.id,
        type=decision.type,
        fingerprint=request.fingerprint,
        text=digest(decision.message) if decision.message else None,
        verbatim=decision.verbatim,
    )
    if decision.message:
        told = told.say(told.message("p", Role.PERSON, decision.message, stamp))
    if request.kind is Kind.FAILURE:
        rest = tuple(each for each in ticket.requests if each.id != request.id)
        told = replace(told, requests=rest, decided=(*told.decided, request), failures=0)
    else:
        same = tuple(request if each.id == request.id else each for each in ticket.requests)
        told = replace(told, requests=same)
    return told.ready(stamp) if ticket.status is Status.WAITING else told
