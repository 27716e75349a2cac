"""An effect: a tool call that changes the world outside the conversation, once.

(none) ──▶ started ──▶ done      the result is kept and returned to every repetition
             │  ▲ ▲──▶ failed    certainly did not happen
             ▼  │
           again                 a person says: it did not happen, act again
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from support_cli.domain.trail import canonical, digest


class DidNotHappen(Exception):
    """Raised by a tool that is certain that it did not act; its text is told to the agent.

    Any other exception out of an effect leaves it unknown whether it happened.
    """


class Overtaken(DidNotHappen):
    """What an effect was permitted on has changed, so it was not done; a person is asked anew."""


class EffectState(StrEnum):
    """How far an effect has come."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Effect:
    """The ledger's entry for one tool call; its id is the ticket's and the call's.

    `hash` covers tool and arguments: the same call with others is an error, not a repetition.
    `keyed`: the tool takes an idempotency key (the entry's id), so acting again is harmless.
    """

    id: str
    ticket: str
    call: str
    tool: str
    hash: str
    keyed: bool
    state: EffectState
    operation: str
    started_at: datetime
    ended_at: datetime | None = None
    result: str | None = None
    version: int = 0

    @property
    def unknown(self) -> bool:
        """Tell whether nobody can know if it happened, unless a process is at it now."""
        return self.state is EffectState.STARTED and not self.keyed


def effect_id(ticket_id: str, call: str) -> str:
    """Name the entry of a tool call; also the idempotency key of a tool that takes one."""
    return f"{ticket_id}:{call}"


def call_hash(tool: str, args: Mapping[str, Any]) -> str:
    """Hash what would be done: the tool and its arguments."""
    return digest(canonical([tool, args]))


def ended(effect: Effect, state: EffectState, result: str, at: datetime) -> Effect:
    """End an effect, for good or because it certainly did not happen."""
    return replace(effect, state=state, result=result, ended_at=at)


def restarted(effect: Effect, operation: str, at: datetime) -> Effect:
    """Start an effect once more."""
    return replace(
        effect,
        state=EffectState.STARTED,
        operation=operation,
        started_at=at,
        ended_at=None,
        result=None,
    )
