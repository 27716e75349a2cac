"""A request: one thing that a person must decide, and the decision on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from support_cli.domain.trail import canonical


class Kind(StrEnum):
    """What is asked of the person."""

    QUESTION = "question"  # the agent's human_assistance tool: an answer, please
    FAILURE = "failure"  # runs that could not finish: try again, or close


class Choice(StrEnum):
    """What a person may say, in LangChain's own words."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    RESPOND = "respond"


ALLOWED: Mapping[Kind, tuple[Choice, ...]] = {
    Kind.QUESTION: (Choice.RESPOND,),
    Kind.FAILURE: (Choice.APPROVE,),  # to approve a failure is to try again
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said.

    `fingerprint` is the one the decision was accepted under; `seen` is how many customer messages
    there were then, so that later ones are not taken for answered. `verbatim`: the customer gets
    exactly these words.
    """

    type: Choice
    message: str | None
    by: str
    at: datetime
    fingerprint: str
    seen: int
    verbatim: bool = False

    def same_as(self, other: Decision) -> bool:
        """Tell whether the same person said the same thing."""
        return (self.type, self.message, self.by, self.verbatim) == (
            other.type,
            other.message,
            other.by,
            other.verbatim,
        )


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that a person must decide.

    `call` is the tool call's id and `interrupt` LangGraph's own id of the pause; both are empty for
    a request of the desk's own. `reason` says why a person is asked.
    """

    id: str
    kind: Kind
    query: str
    created_at: datetime
    tool: str | None = None
    args: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    call: str = ""
    interrupt: str = ""
    fingerprint: str = ""
    decision: Decision | None = None

    @property
    def allowed(self) -> tuple[Choice, ...]:
        """The decisions that may be given."""
        return ALLOWED[self.kind]


def fingerprint(ticket_id: str, request: Request, customer_messages: int) -> str:
    """Hash everything a person is shown before deciding (80 bits, hexadecimal)."""
    shown = [
        ticket_id,
        request.id,
        request.kind,
        request.tool,
        request.args,
        request.query,
        customer_messages,
    ]
    return hashlib.sha256(canonical(shown).encode()).hexdigest()[:20]


def fingerprinted(ticket_id: str, request: Request, customer_messages: int) -> Request:
    """Give a request the fingerprint of what it shows now."""
    return replace(request, fingerprint=fingerprint(ticket_id, request, customer_messages))
