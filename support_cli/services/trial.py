"""Trying a policy on what was judged before: which verdicts would change, on which tickets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from support_cli.domain.action import Action
from support_cli.domain.policy import Subject
from support_cli.domain.request import Kind, Request
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.verdict import Verdict
from support_cli.services.changes import Changes
from support_cli.services.history import History
from support_cli.services.paging import every_row
from support_cli.services.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Difference:
    """One verdict that would be another: `waiting` names the open request it holds up."""

    ticket: str
    tool: str
    before: Verdict
    after: Verdict
    waiting: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial found."""

    actions: int
    waiting: int
    differences: tuple[Difference, ...]


class Trial:
    """Tries policies on the history and on the tickets that wait."""

    def __init__(self, history: History, changes: Changes) -> None:
        self._history = history
        self._changes = changes

    def run(self, book: Rulebook) -> Outcome:
        """Judge all that was judged before, and all that waits, on the facts there were then."""
        actions = waiting = 0
        found: list[Difference] = []
        for action in self._history.all():
            actions += 1
            after = book.judge(_subject(action))
            if _differ(action.verdict, after):
                found.append(Difference(action.ticket, action.tool, action.verdict, after))
        for ticket, request, before in self._waiting():
            waiting += 1
            after = book.judge(self._subject_of(ticket, request, before))
            if _differ(before, after):
                tool = request.tool or ""
                found.append(Difference(ticket, tool, before, after, request.id))
        return Outcome(actions, waiting, tuple(found))

    def of_ticket(self, ticket: str) -> Iterator[Action]:
        """List what was judged on a ticket, the oldest first."""
        return self._history.all(ticket)

    def _waiting(self) -> Iterator[tuple[str, Request, Verdict]]:
        find = partial(
            self._changes.documents.find,
            Ticket,
            fields=("id", "requests"),
            where={"status": Status.WAITING, "kinds": Kind.APPROVAL},
        )
        for row in every_row(find):
            for request in row["requests"]:
                held = request.kind is Kind.APPROVAL and request.decision is None
                if held and request.verdict is not None:
                    yield row["id"], request, request.verdict

    def _subject_of(self, ticket: str, request: Request, verdict: Verdict) -> Subject:
        """Take a waiting call for what it was when it was judged; an edit was a person's."""
        action = self._history.get(f"{ticket}:{request.call}")
        sure = action.confidence if action is not None and action.args == request.args else 1.0
        return Subject(request.tool or "", False, sure, verdict.facts)


def _subject(action: Action) -> Subject:
    return Subject(action.tool, action.reads, action.confidence, action.verdict.facts)


def _differ(before: Verdict, after: Verdict) -> bool:
    asked = (before.ruling, before.levels, before.in_order)
    return asked != (after.ruling, after.levels, after.in_order)
