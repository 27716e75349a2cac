"""What permits an action: the desk's own record of how it was judged, and what people decided.

The agent's state says the same where all is well. It may also be lost, old or forged, so nothing
but which call waits is taken from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from support_cli.domain.action import Action
from support_cli.domain.effect import call_hash
from support_cli.domain.request import Choice, Kind, Request
from support_cli.domain.run import Pause
from support_cli.domain.ticket import Ticket
from support_cli.domain.verdict import Ruling, Verdict
from support_cli.errors import SupportError

_MAY_ACT = (Choice.APPROVE, Choice.EDIT)


class Mismatch(SupportError):
    """The agent's saved state does not fit what the desk has recorded."""

    code = "mismatch"

    def __init__(self, tool: str, call: str) -> None:
        super().__init__(
            f"The agent's saved state does not fit the desk's record of {tool}, so the call was "
            "not made. To try again tells the agent so."
        )
        self.call = call


def verdict_on(action: Action | None, tool: str, args: Mapping[str, Any]) -> Verdict | None:
    """Return the recorded verdict on a call, if the entry is of this very tool and arguments.

    The entry of an edit is none of a call: it says what policy would make of the edit, and permits
    nothing without the decision.
    """
    if action is None or action.edit:
        return None
    same = call_hash(action.tool, action.args) == call_hash(tool, args)
    return action.verdict if same else None


def permits(
    action: Action | None,
    approval: Request | None,
    tool: str,
    proposed: Mapping[str, Any],
    args: Mapping[str, Any],
) -> bool:
    """Tell whether a call may be made.

    Args:
        action: the desk's entry of the call.
        approval: the decided request on it; None where there is none.
        tool: the tool that would be called.
        proposed: the arguments it was proposed with.
        args: the arguments it would be made with.
    """
    verdict = verdict_on(action, tool, proposed)
    if verdict is None:
        return False
    made = call_hash(tool, args)
    if verdict.ruling is Ruling.ALLOW:
        return made == call_hash(tool, proposed)
    if verdict.ruling is not Ruling.ASK or approval is None or approval.decision is None:
        return False
    shown = call_hash(approval.tool or "", approval.args)
    return approval.decision.type in _MAY_ACT and made == shown


def decided_on(ticket: Ticket, call: str, kind: Kind) -> Request | None:
    """Find the decided request of a kind on a call."""
    every = (*ticket.requests, *ticket.decided)
    found = (each for each in every if each.call == call and each.kind is kind)
    return next((each for each in found if each.decision is not None), None)


def as_recorded(pause: Pause, action: Action | None) -> Pause | None:
    """Return a pause with all that the desk recorded of its call; None where the two do not fit.

    A question is no action, so nothing is recorded of it. The words of an approval are made of the
    arguments, which are the recorded ones, in the order the model gave them.
    """
    if pause.kind is Kind.QUESTION:
        return pause if action is None else None
    verdict = verdict_on(action, pause.tool, pause.args)
    if action is None or verdict is None or verdict.ruling is not Ruling.ASK:
        return None
    return replace(
        pause,
        tool=action.tool,
        args=action.args,
        reason=verdict.reason,
        verdict=verdict,
    )
