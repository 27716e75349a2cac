"""The move a person makes: to decide a request, once, on what was shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from support_cli.domain.request import (
    Choice,
    Decision,
    Kind,
    Request,
    Vote,
    fingerprinted,
    in_words,
)
from support_cli.domain.text import subject_of
from support_cli.domain.ticket import Role, Status, Ticket
from support_cli.domain.trail import Stamp, canonical, digest
from support_cli.domain.verdict import Ruling, Verdict
from support_cli.errors import Conflict, Decided, NotAllowed, NotFound, Stale, UsageError


@dataclass(frozen=True, slots=True)
class Standing:
    """What the decider may do, and what policy says of their edit.

    `levels` are those the person holds; None: all of them. `edited` is the verdict on the request
    with the edit's arguments, under the policy version that was frozen with it.
    """

    levels: frozenset[str] | None = None
    edited: Verdict | None = None


EVERY_LEVEL = Standing()


def decide(
    ticket: Ticket,
    request_id: str | None,
    decision: Decision,
    if_match: str | None,
    stamp: Stamp,
    standing: Standing = EVERY_LEVEL,
) -> Ticket:
    """Record a decision, or a vote for one. The same by the same person again changes nothing.

    Args:
        ticket: the ticket to decide on.
        request_id: which of its requests; None where one alone is open.
        decision: what was said; its `fingerprint` and `seen` are set here.
        if_match: the fingerprint of what the person was shown; a question may do without.
        stamp: when, by whom and under which operation id.
        standing: what the person may decide.

    Raises:
        Closed, Decided, NotAllowed, Stale, NotFound, UsageError: as their names say.
    """
    request = find_request(ticket, request_id)
    if request.decision is not None:
        if request.decision.same_as(decision):
            return ticket
        raise already_decided(ticket, request, request.decision)
    ticket.require_not_closed()
    if _has_voted(request, decision):
        return ticket
    _check(ticket, request, decision, if_match)
    if request.kind is Kind.APPROVAL:
        _check_standing(ticket, request, decision, standing)
    bound = replace(decision, fingerprint=request.fingerprint, seen=len(ticket.customer_messages))
    if request.kind is Kind.APPROVAL and bound.type is Choice.EDIT:
        return _edited(ticket, request, bound, stamp, standing)
    if request.kind is Kind.APPROVAL and bound.type is Choice.APPROVE:
        return _approved(ticket, request, bound, stamp, standing)
    return _decided(ticket, request, bound, stamp)


def outcome_known(ticket: Ticket, request_id: str, stamp: Stamp) -> Ticket:
    """Withdraw an outcome request: the effect was found to be over while the request was open."""
    found = [each for each in ticket.open_requests if each.id == request_id]
    if not found:
        return ticket
    rest = tuple(each for each in ticket.requests if each.id != request_id)
    told = ticket.record(stamp, "outcome known", request=request_id)
    told = replace(told, requests=rest, decided=(*ticket.decided, *found))
    return told.ready(stamp) if ticket.status is Status.WAITING and not told.blocked else told


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


def _has_voted(request: Request, decision: Decision) -> bool:
    return decision.type is Choice.APPROVE and any(vote.by == decision.by for vote in request.votes)


def _check(ticket: Ticket, request: Request, decision: Decision, if_match: str | None) -> None:
    if decision.type not in request.allowed:
        allowed = ", ".join(request.allowed)
        raise UsageError(
            f"This {request.kind} takes {allowed}, not {decision.type}.",
            hint=f"support admin show {ticket.id}",
        )
    if decision.type is Choice.RESPOND and not decision.message:
        raise UsageError("An answer needs a text.", hint="--answer TEXT")
    if if_match is None and request.kind is not Kind.QUESTION:
        raise UsageError(
            f"A decision on a request of kind {request.kind} must carry the fingerprint of what "
            "was shown.",
            hint=f"support admin show {ticket.id}, then --if-match {request.fingerprint}",
        )
    if if_match is not None and if_match != request.fingerprint:
        raise Stale(
            f"Request {request.id} of {ticket.id} has changed since {if_match} was shown.",
            hint=f"support admin show {ticket.id}",
        )


def _check_standing(
    ticket: Ticket, request: Request, decision: Decision, standing: Standing
) -> None:
    if decision.by == ticket.customer:
        raise NotAllowed(
            f"{decision.by} is the customer of ticket {ticket.id} and cannot decide on it."
        )
    if not request.levels or standing.levels is None:
        return
    if standing.levels.isdisjoint(request.levels):
        raise NotAllowed(
            f"Request {request.id} of {ticket.id} needs {' and '.join(request.levels)}; "
            f"{decision.by} holds {', '.join(sorted(standing.levels)) or 'no level'}.",
            hint="support admin policy show",
        )


def _approved(
    ticket: Ticket, request: Request, decision: Decision, stamp: Stamp, standing: Standing
) -> Ticket:
    missing = _missing(request)
    mine = [level for level in missing if standing.levels is None or level in standing.levels]
    if missing and not mine:
        raise NotAllowed(
            f"Request {request.id} of {ticket.id} still needs {' and '.join(missing)}.",
            hint="support admin policy show",
        )
    vote = Vote(decision.by, mine[0] if mine else None, decision.type, decision.at)
    voted = replace(request, votes=(*request.votes, vote))
    if not _missing(voted):
        return _decided(ticket, voted, decision, stamp)
    told = ticket.record(
        stamp,
        "voted",
        request=request.id,
        level=vote.level,
        fingerprint=request.fingerprint,
    )
    return replace(told, requests=_replaced(ticket, voted))


def _edited(
    ticket: Ticket, request: Request, decision: Decision, stamp: Stamp, standing: Standing
) -> Ticket:
    verdict = standing.edited
    if verdict is None or decision.args is None:
        raise UsageError(
            "An edit needs the changed arguments.", hint="""--edit '{"name": "value"}'"""
        )
    if verdict.ruling is Ruling.REFUSE:
        raise NotAllowed(f"Policy refuses this edit: {verdict.reason}")
    levels = verdict.levels if verdict.ruling is Ruling.ASK else ()
    enough = standing.levels is None or standing.levels.issuperset(levels)
    judged = replace(verdict, ruling=Ruling.ASK, levels=levels)
    query = in_words(request.tool or "", decision.args)
    changed = replace(request, args=decision.args, query=query, verdict=judged)
    if len(levels) <= 1 and enough:
        return _decided(ticket, changed, decision, stamp)
    open_again = fingerprinted(ticket.id, replace(changed, votes=()), len(ticket.customer_messages))
    told = ticket.record(
        stamp,
        "edited",
        request=request.id,
        args=digest(canonical(decision.args)),
        fingerprint=open_again.fingerprint,
    )
    return replace(told, requests=_replaced(ticket, open_again))


def _decided(ticket: Ticket, request: Request, decision: Decision, stamp: Stamp) -> Ticket:
    told = ticket.record(
        stamp,
        "decided",
        request=request.id,
        type=decision.type,
        fingerprint=decision.fingerprint,
        text=digest(decision.message) if decision.message else None,
        args=digest(canonical(decision.args)) if decision.args is not None else None,
        verbatim=decision.verbatim,
    )
    if decision.message and request.kind is not Kind.OUTCOME:
        told = told.say(told.message("p", Role.PERSON, decision.message, stamp))
    done = replace(request, decision=decision)
    if request.kind is Kind.FAILURE:
        rest = tuple(each for each in ticket.requests if each.id != request.id)
        told = replace(told, requests=rest, decided=(*told.decided, done), failures=0)
    else:
        told = replace(told, requests=_replaced(ticket, done))
    return told.ready(stamp) if ticket.status is Status.WAITING and not told.blocked else told


def _missing(request: Request) -> tuple[str, ...]:
    voted = {vote.level for vote in request.votes}
    return tuple(level for level in request.levels if level not in voted)


def _replaced(ticket: Ticket, new: Request) -> tuple[Request, ...]:
    return tuple(new if each.id == new.id else each for each in ticket.requests)
