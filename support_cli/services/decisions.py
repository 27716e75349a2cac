"""What an admin decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from support_cli.domain.arguments import flaw_of
from support_cli.domain.deciding import Standing, decide, find_request, outcome_known
from support_cli.domain.names import checked_name
from support_cli.domain.permission import require_permitted
from support_cli.domain.request import Choice, Decision, Kind, Request
from support_cli.domain.staff import Staff
from support_cli.domain.text import checked_text
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.trail import Actor, Stamp, canonical, has_operation
from support_cli.domain.verdict import Proposal, Verdict
from support_cli.errors import Conflict, UsageError
from support_cli.services.changes import Changes, Move, unmoved
from support_cli.services.effects import Ledger
from support_cli.services.ports import Page, Policy

# Tells what is wrong with a tool's arguments, in a sentence; None where they fit.
Fit = Callable[[str, Mapping[str, Any]], str | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an admin wants to say.

    `args` are the arguments that an edit changes. `if_match` is the fingerprint of what the admin
    was shown, and `shown` the arguments that the decision itself repeats; None: it does not.
    """

    type: Choice
    message: str | None = None
    verbatim: bool = False
    args: Mapping[str, Any] | None = None
    request: str | None = None
    if_match: str | None = None
    shown: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A decision on record. `unchanged`: the same person had said the same before.

    `type` is what was said: of an approval, it may be a vote, or an edit that others must agree to.
    """

    ticket: Ticket
    request: Request
    type: Choice
    unchanged: bool


@dataclass(frozen=True, slots=True)
class _Edit:
    """An edit that was judged, and is not accepted yet."""

    proposal: Proposal
    verdict: Verdict


class Decisions:
    """The use cases around a request."""

    def __init__(self, changes: Changes, ledger: Ledger, policy: Policy, fit: Fit) -> None:
        self._changes = changes
        self._ledger = ledger
        self._policy = policy
        self._fit = fit

    def decide(
        self, ticket_id: str, admin: Actor, answer: Answer, then: Move = unmoved
    ) -> Accepted:
        """Put a decision on record; from then on it will be applied, whoever runs the ticket.

        Args:
            ticket_id: the ticket.
            admin: who decides.
            answer: what they say, to which request.
            then: a move to make in the same swap, such as to claim the ticket.

        Raises:
            NotFound, NotAllowed, Closed, Decided, Stale, UsageError: as their names say.
        """
        stamp = self._changes.stamp(admin)
        before = self._changes.load(ticket_id)
        request, move, edit = self._prepared(before, admin, answer, stamp)
        if request.kind is Kind.OUTCOME and request.decision is None:
            self._require_unknown(before, request, admin)
        if edit is not None and move(before) is not before:
            # Written down before it holds, and only where it is not refused.
            self._policy.record_edit(edit.proposal, edit.verdict)
        ticket = self._changes.apply(
            ticket_id, lambda now: then(move(now)), stamp.operation, before
        )
        unchanged = not has_operation(ticket.trail, stamp.operation)
        if unchanged:
            self._changes.keep(ticket)
        return Accepted(ticket, find_request(ticket, request.id), answer.type, unchanged)

    def foresee(self, ticket_id: str, admin: Actor, answer: Answer) -> Accepted:
        """Say what a decision would come to as things stand, and put nothing on record.

        Raises:
            As `decide`.
        """
        before = self._changes.load(ticket_id)
        request, move, _ = self._prepared(before, admin, answer, self._changes.stamp(admin))
        after = move(before)
        if request.kind is Kind.OUTCOME and request.decision is None:
            self._check_unknown(before, request)
        told = find_request(after, request.id)
        return Accepted(after, told, answer.type, unchanged=after is before)

    def _prepared(
        self, ticket: Ticket, admin: Actor, answer: Answer, stamp: Stamp
    ) -> tuple[Request, Move, _Edit | None]:
        request = find_request(ticket, answer.request)
        _check_shown(request, answer)
        decision = Decision(
            type=answer.type,
            message=None if answer.message is None else checked_text(answer.message),
            by=checked_name(admin.name),
            at=stamp.at,
            verbatim=answer.verbatim,
            args=self._edited(request, answer),
        )
        staff = self._policy.staff()
        edit = self._judged(ticket, request, decision, staff)
        standing = Standing(staff, edit.verdict if edit else None)

        def move(now: Ticket) -> Ticket:
            return decide(now, request.id, decision, answer.if_match, stamp, standing)

        return request, move, edit

    def _edited(self, request: Request, answer: Answer) -> Mapping[str, Any] | None:
        if answer.type is not Choice.EDIT:
            return None
        args = {**request.args, **(answer.args or {})}
        flaw = flaw_of(args)
        if flaw is not None:
            raise UsageError(f"The edit cannot be kept: {flaw}.")
        problem = self._fit(request.tool or "", args)
        if problem is not None:
            raise UsageError(f"The edit does not fit {request.tool}: {problem}")
        return args

    def _judged(
        self, ticket: Ticket, request: Request, decision: Decision, staff: Staff
    ) -> _Edit | None:
        if decision.args is None or request.kind is not Kind.APPROVAL or request.decision:
            return None
        require_permitted(ticket, request, decision.by, staff)
        proposal = Proposal(
            ticket=ticket.id,
            customer=ticket.customer,
            call=request.call,
            tool=request.tool or "",
            args=decision.args,
            confidence=1.0,
        )
        version = request.verdict.policy_version if request.verdict else None
        return _Edit(proposal, self._policy.judge_edit(proposal, version))

    def _require_unknown(self, ticket: Ticket, request: Request, admin: Actor) -> None:
        try:
            self._check_unknown(ticket, request)
        except Conflict:
            stamp = self._changes.stamp(admin)
            self._changes.apply(
                ticket.id, lambda now: outcome_known(now, request.id, stamp), stamp.operation
            )
            raise

    def _check_unknown(self, ticket: Ticket, request: Request) -> None:
        if not self._ledger.is_unknown(ticket.id, request.call):
            raise Conflict(
                f"{request.tool} has come to its end meanwhile, or is at work on this host; "
                "there is nothing to decide now.",
                hint="support worker --once",
            )

    def oldest_waiting(self) -> str | None:
        """Name the ticket that has waited longest for a person."""
        page: Page = self._changes.settled(
            lambda: self._changes.documents.find(
                Ticket, fields=("id",), where={"status": Status.WAITING}, limit=1
            )
        )
        return str(page.rows[0]["id"]) if page.rows else None


def _check_shown(request: Request, answer: Answer) -> None:
    """Refuse a decision beside which the arguments were changed: it would be about the old ones."""
    if answer.shown is None or request.decision is not None or request.kind is Kind.QUESTION:
        return
    if answer.if_match not in (None, request.fingerprint):
        return  # stale, which is told elsewhere
    if canonical(answer.shown) != canonical(request.args):
        raise UsageError(
            f"The arguments are not those of request {request.id}: to change them, decide “edit” "
            "with the changed ones."
        )
