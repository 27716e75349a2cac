"""The move a person makes: to decide a request, once, on what was shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from support_cli.domain.levels import fillable, recounted, with_vote
from support_cli.domain.names import same_person
from support_cli.domain.permission import require_permitted
from support_cli.domain.request import (
    OF_ACTIONS,
    Choice,
    Decision,
    Edit,
    Kind,
    Request,
    Vote,
    fingerprint,
    in_words,
)
from support_cli.domain.staff import Staff
from support_cli.domain.text import subject_of
from support_cli.domain.ticket import Role, Status, Ticket
from support_cli.domain.trail import Stamp, canonical, digest
from support_cli.domain.verdict import Ruling, Verdict
from support_cli.errors import Conflict, Decided, NotAllowed, NotFound, Stale, UsageError


@dataclass(frozen=True, slots=True)
class Standing:
    """Who may decide now, and what policy says of the decider's edit.

    `edited` is the verdict on the request with the edit's arguments, under the policy version that
    was frozen with it.
    """

    staff: Staff = field(default_factory=Staff)
    edited: Verdict | None = None


NOBODY_NAMED = Standing()


def decide(
    ticket: Ticket,
    request_id: str | None,
    decision: Decision,
    if_match: str | None,
    stamp: Stamp,
    standing: Standing = NOBODY_NAMED,
) -> Ticket:
    """Record a decision, or a vote for one. The same by the same person again changes nothing.

    Args:
        ticket: the ticket to decide on.
        request_id: which of its requests; None where one alone is open.
        decision: what was said; its `fingerprint` and `seen` are set here.
        if_match: the fingerprint of what the person was shown; a question may do without.
        stamp: when, by whom and under which operation id.
        standing: who may decide, and what policy says of an edit.

    Raises:
        Closed, Decided, NotAllowed, Stale, NotFound, UsageError: as their names say.
    """
    request = find_request(ticket, request_id)
    if request.decision is not None:
        if request.decision.same_as(decision):
            return ticket
        raise already_decided(ticket, request, request.decision)
    ticket.require_not_closed()
    request = recounted(request, standing.staff)
    if _has_voted(request, decision) or _has_edited(request, decision, if_match):
        return ticket
    _check(ticket, request, decision, if_match)
    require_permitted(ticket, request, decision.by, standing.staff)
    bound = replace(decision, fingerprint=request.fingerprint, seen=len(ticket.customer_messages))
    if bound.type is Choice.EDIT:
        return _edited(ticket, request, bound, stamp, standing)
    if bound.type is Choice.APPROVE and request.kind in OF_ACTIONS:
        return _approved(ticket, request, bound, stamp, standing.staff)
    return _decided(ticket, request, bound, stamp)


def outcome_found(ticket: Ticket, call: str, stamp: Stamp) -> Ticket:
    """Withdraw the outcome request on a call, if it is open: its end has come in."""
    for each in ticket.open_requests:
        if each.kind is Kind.OUTCOME and each.call == call:
            return outcome_known(ticket, each.id, stamp)
    return ticket


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
    if decision.type is not Choice.APPROVE or request.complete:
        return False
    mine = request.vote_of(decision.by)
    return mine is not None and mine.level is not None


def _has_edited(request: Request, decision: Decision, if_match: str | None) -> bool:
    """Tell whether it is this person's own edit again, and not their agreement to what is shown."""
    mine = any(same_person(edit.by, decision.by) for edit in request.edits[-1:])
    agrees = if_match == request.fingerprint and request.vote_of(decision.by) is None
    same = decision.type is Choice.EDIT and decision.args == request.args
    return same and mine and not agrees


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


def _approved(
    ticket: Ticket, request: Request, decision: Decision, stamp: Stamp, staff: Staff
) -> Ticket:
    if request.complete:
        # Somebody who had voted has gained the level that was missing since.
        return _decided(ticket, request, decision, stamp)
    voted = with_vote(request, _vote(decision), staff)
    _require_counted(ticket, request, voted, staff)
    if not voted.missing:
        return _decided(ticket, voted, decision, stamp)
    told = ticket.record(
        stamp,
        "voted",
        request=request.id,
        level=voted.votes[-1].level,
        fingerprint=request.fingerprint,
    )
    return replace(told, requests=_replaced(ticket, voted))


def _require_counted(ticket: Ticket, request: Request, voted: Request, staff: Staff) -> None:
    """Refuse the newest vote where it stands for no level, or where nobody could complete it."""
    name, (*_, vote) = f"Request {request.id} of {ticket.id}", voted.votes
    if request.levels and vote.level is None:
        needs = f"is for {request.missing[0]} now" if request.in_order else None
        needs = needs or f"still needs {' and '.join(request.missing)}"
        raise NotAllowed(f"{name} {needs}.", hint="support admin policy show")
    if not _completable(ticket, voted, staff):
        raise NotAllowed(
            f"{name} would be left without anybody else to agree as "
            f"{' and '.join(voted.missing)} if {vote.by} agrees as {vote.level}.",
            hint="support admin policy show",
        )


def _completable(ticket: Ticket, voted: Request, staff: Staff) -> bool:
    """Tell whether others can still give what is missing; in any order, matching sees to it."""
    if not (voted.in_order and staff.named):
        return True
    voters = [vote.by for vote in voted.votes if vote.level is not None]
    return fillable(voted.missing, staff.others(but=(ticket.customer, *voters)))


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
    changed = _changed(request, decision, verdict)
    shown = fingerprint(ticket.id, changed, len(ticket.customer_messages))
    if shown != request.fingerprint:
        changed = replace(changed, votes=())
    changed = _agreed(ticket, changed, decision, standing.staff)
    if not changed.missing:
        return _decided(ticket, changed, decision, stamp)
    mine = changed.vote_of(decision.by)
    told = ticket.record(
        stamp,
        "edited",
        request=request.id,
        args=digest(canonical(decision.args)),
        level=mine.level if mine else None,
        fingerprint=shown,
    )
    return replace(told, requests=_replaced(ticket, replace(changed, fingerprint=shown)))


def _changed(request: Request, decision: Decision, verdict: Verdict) -> Request:
    """Make the request what the edit asks for, under its own verdict."""
    args = decision.args or {}
    levels = verdict.levels if verdict.ruling is Ruling.ASK else ()
    # The same arguments keep their order in the words, which a store may not keep in the arguments.
    query = request.query if args == request.args else in_words(request.tool or "", args)
    return replace(
        request,
        args=args,
        query=query,
        reason=verdict.reason,
        verdict=replace(verdict, ruling=Ruling.ASK, levels=levels),
        edits=(*request.edits, Edit(decision.by, decision.at, request.args)),
    )


def _agreed(ticket: Ticket, request: Request, decision: Decision, staff: Staff) -> Request:
    """Count the editor's own agreement, where it stands for a level."""
    voted = with_vote(request, _vote(decision), staff)
    counts = voted.votes[-1].level is not None and _completable(ticket, voted, staff)
    return voted if counts or not request.levels else request


def _vote(decision: Decision) -> Vote:
    return Vote(decision.by, None, decision.type, decision.at)


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


def _replaced(ticket: Ticket, new: Request) -> tuple[Request, ...]:
    return tuple(new if each.id == new.id else each for each in ticket.requests)
