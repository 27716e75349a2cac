"""A request: one thing that a person must decide, and the decision on it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from support_cli.domain.effect import Evidence
from support_cli.domain.names import same_person
from support_cli.domain.trail import canonical
from support_cli.domain.verdict import Choice as Choice
from support_cli.domain.verdict import Verdict


class Kind(StrEnum):
    """What is asked of the person."""

    QUESTION = "question"  # the agent's human_assistance tool: an answer, please
    APPROVAL = "approval"  # a tool call held back by policy
    OUTCOME = "outcome"  # an effect of which nobody knows whether it happened
    FAILURE = "failure"  # runs that could not finish: try again, or close


OWN = frozenset({Kind.OUTCOME, Kind.FAILURE})  # the desk's, with no interrupt behind them
# About an action: levels agree on these by votes, and its own customer has no say.
OF_ACTIONS = frozenset({Kind.APPROVAL, Kind.OUTCOME})
ALLOWED: Mapping[Kind, tuple[Choice, ...]] = {
    Kind.QUESTION: (Choice.RESPOND,),
    Kind.APPROVAL: tuple(Choice),
    Kind.OUTCOME: (Choice.RESPOND, Choice.APPROVE),  # it happened, with this result; act again
    Kind.FAILURE: (Choice.APPROVE,),  # to approve a failure is to try again
}


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's agreement, under the fingerprint that the request has.

    `level` is the one it stands for as it was last counted; None where the request names none, or
    where the vote does not count any more.
    """

    by: str
    level: str | None
    type: Choice
    at: datetime

    def is_of(self, person: str) -> bool:
        """Tell whether this is that person's vote."""
        return same_person(self.by, person)


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the arguments: who made it, and what they were before it."""

    by: str
    at: datetime
    before: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said.

    `args` are the changed arguments of an edit. `fingerprint` is the one the decision was accepted
    under; `seen` is how many customer messages there were then, so that later ones are not taken
    for answered. `verbatim`: the customer gets exactly these words.
    """

    type: Choice
    message: str | None
    by: str
    at: datetime
    fingerprint: str = ""
    seen: int = 0
    verbatim: bool = False
    args: Mapping[str, Any] | None = None

    def same_as(self, other: Decision) -> bool:
        """Tell whether the same person said the same thing."""
        return same_person(self.by, other.by) and (
            (self.type, self.message, self.verbatim, self.args)
            == (other.type, other.message, other.verbatim, other.args)
        )


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that a person must decide.

    `call` is the tool call's id and `interrupt` LangGraph's own id of the pause, empty for a
    request of the desk's own. `args` are the arguments that would be used: an edit changes them.
    `reason` says why a person is asked, `options` what they may choose among. `votes` are those
    under the present fingerprint, the oldest first, as are the `edits`. `evidence` is how
    the effect ended that an outcome is about.
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
    verdict: Verdict | None = None
    options: tuple[str, ...] = ()
    votes: tuple[Vote, ...] = ()
    edits: tuple[Edit, ...] = ()
    fingerprint: str = ""
    decision: Decision | None = None
    evidence: Evidence | None = None

    @property
    def allowed(self) -> tuple[Choice, ...]:
        """The decisions that may be given."""
        return self.verdict.allowed if self.verdict else ALLOWED[self.kind]

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that must agree, one person each; none: any one admin."""
        return self.verdict.levels if self.verdict else ()

    @property
    def in_order(self) -> bool:
        """Tell whether the levels agree one after the other."""
        return self.verdict is not None and self.verdict.in_order

    @property
    def missing(self) -> tuple[str, ...]:
        """The levels that no vote stands for, as the votes were last counted."""
        given = Counter(vote.level for vote in self.votes)
        missing: list[str] = []
        for level in self.levels:
            if given[level]:
                given[level] -= 1
            else:
                missing.append(level)
        return tuple(missing)

    def vote_of(self, person: str) -> Vote | None:
        """Find a person's vote, whether or not it counts now."""
        return next((vote for vote in self.votes if vote.is_of(person)), None)

    @property
    def complete(self) -> bool:
        """Tell whether votes stand for all its levels, so that it can be decided at once."""
        return bool(self.levels) and not self.missing


def in_words(tool: str, args: Mapping[str, Any]) -> str:
    """Write a tool call as what a person is asked to allow."""
    told = ", ".join(f"{name} {value}" for name, value in args.items())
    return f"{tool}: {told}" if told else tool


def fingerprint(ticket_id: str, request: Request, customer_messages: int) -> str:
    """Hash everything a person is shown before deciding (80 bits, hexadecimal)."""
    shown = [
        ticket_id,
        request.id,
        request.kind,
        request.tool,
        request.args,
        request.query,
        request.options,
        request.verdict.facts if request.verdict else None,
        request.levels,
        request.verdict.policy_version if request.verdict else None,
        customer_messages,
    ]
    if request.evidence is not None:
        shown.append(asdict(request.evidence))
    return hashlib.sha256(canonical(shown).encode()).hexdigest()[:20]


def fingerprinted(ticket_id: str, request: Request, customer_messages: int) -> Request:
    """Give a request the fingerprint of what it shows now; votes under another do not count."""
    new = fingerprint(ticket_id, request, customer_messages)
    votes = request.votes if new == request.fingerprint else ()
    return replace(request, fingerprint=new, votes=votes)
