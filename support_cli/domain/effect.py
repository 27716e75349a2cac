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

RESULT_LIMIT = 64 * 1024  # characters of a result that are kept; the agent is told no more


class DidNotHappen(Exception):
    """Raised by a tool that is certain that it did not act; its text is told to the agent.

    Any other exception out of an effect leaves it unknown whether it happened.
    """


class Overtaken(DidNotHappen):
    """What an effect was permitted on has changed, so it was not done; a person is asked anew."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of an effect that ended, and of which nobody knows whether it happened.

    `exit_code` is a command's, negative where a signal ended it. `output` is the end of what it
    printed, or the error that a function raised. `timed_out`: it was killed when its time was over.
    """

    exit_code: int | None = None
    output: str | None = None
    timed_out: bool = False

    def in_words(self) -> str:
        """Say how it ended, as the end of a sentence that begins with what ended."""
        if self.timed_out:
            return "was killed when its time was over"
        if self.exit_code is None:
            return "ended with an error"
        if self.exit_code < 0:
            return f"was ended by signal {-self.exit_code}"
        return f"ended with exit code {self.exit_code}"


class ActionFailed(Exception):
    """An action ended badly; nobody knows how far it came. Carries what is known."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(f"It {evidence.in_words()}: {evidence.output or 'it printed nothing'}")
        self.evidence = evidence


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
    `until` is when the time that it was granted is over. `evidence` is how it ended, where that
    does not say whether it happened.
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
    until: datetime | None = None
    evidence: Evidence | None = None
    version: int = 0

    @property
    def unknown(self) -> bool:
        """Tell whether nobody can know if it happened, unless a process is at it now."""
        return self.state is EffectState.STARTED and not self.keyed

    @property
    def at_work(self) -> bool:
        """Tell whether it was started, and nothing is known of its end."""
        return self.state is EffectState.STARTED and self.evidence is None

    def may_act(self, now: datetime) -> bool:
        """Tell whether it may still be acting: its end was not seen, and its time is not over."""
        return self.at_work and self.until is not None and now < self.until


def in_words(tool: str, result: object) -> str:
    """Say what a tool returned, as a text that every store takes and that says where it is cut."""
    text = f"{tool} returned nothing." if result is None else str(result)
    if len(text) > RESULT_LIMIT:
        end = f"… (cut off here, of {len(text):,} characters)"
        text = text[: RESULT_LIMIT - len(end)] + end
    return text.encode("utf-8", "replace").decode()


def effect_id(ticket_id: str, call: str) -> str:
    """Name the entry of a tool call; also the idempotency key of a tool that takes one."""
    return f"{ticket_id}:{call}"


def call_hash(tool: str, args: Mapping[str, Any]) -> str:
    """Hash what would be done: the tool and its arguments."""
    return digest(canonical([tool, args]))


def ended(effect: Effect, state: EffectState, result: str, at: datetime) -> Effect:
    """End an effect, for good or because it certainly did not happen."""
    return replace(effect, state=state, result=result, ended_at=at)


def restarted(effect: Effect, operation: str, at: datetime, until: datetime) -> Effect:
    """Start an effect once more, for a time."""
    return replace(
        effect,
        state=EffectState.STARTED,
        operation=operation,
        started_at=at,
        ended_at=None,
        result=None,
        until=until,
        evidence=None,
    )
