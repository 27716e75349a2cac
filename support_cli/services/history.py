"""The history of judged actions, on which a new policy is tried before it holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from support_cli.domain.action import Action, action_id
from support_cli.domain.effect import effect_id
from support_cli.domain.verdict import Proposal, Verdict
from support_cli.errors import ReplyLost, StoreError
from support_cli.services.changes import Changes
from support_cli.services.paging import every_row, overlook

_TRIES = 5
_FIELDS = (
    *("id", "ticket", "customer", "tool", "reads"),
    *("args", "confidence", "verdict", "at", "edit"),
)


class History:
    """Keeps every action that policy has judged."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    def record(
        self, proposal: Proposal, verdict: Verdict, *, reads: bool, edit: bool, at: datetime
    ) -> None:
        """Write an action down; again changes nothing.

        Raises:
            StoreError: it could not be written.
        """
        action = Action(
            id=action_id(proposal, edit=edit),
            ticket=proposal.ticket,
            customer=proposal.customer,
            tool=proposal.tool,
            reads=reads,
            args=proposal.args,
            confidence=proposal.confidence,
            verdict=verdict,
            at=at,
            edit=edit,
        )
        for _ in range(_TRIES):
            try:
                self._changes.documents.insert(action)
            except ReplyLost:
                continue
            return
        raise StoreError("The action could not be written down, so it was not judged.")

    def get(self, id: str) -> Action | None:
        """Load one action."""
        return self._changes.settled(lambda: self._changes.documents.get(Action, id))

    def of_call(self, ticket: str, call: str) -> Action | None:
        """Load what was written down of a tool call."""
        return self.get(effect_id(ticket, call))

    def newest(self, limit: int) -> list[Action]:
        """List the newest actions."""
        find = self._changes.documents.find
        page = find(Action, fields=_FIELDS, descending=True, limit=limit)
        return [Action(**row) for row in page.rows]

    def all(self, ticket: str | None = None) -> Iterator[Action]:
        """List the actions, of one ticket or of all, the oldest first, page by page."""
        where = {} if ticket is None else {"ticket": ticket}
        find = partial(self._changes.documents.find, Action, fields=_FIELDS, where=where)
        return (Action(**row) for row in every_row(find, overlook))
