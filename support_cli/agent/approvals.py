"""A verdict in the agent's state, and what the agent hears of a person's decision on a call.

What is in the state permits nothing: verdicts and decisions are taken from the desk's own records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from langchain_core.messages import ToolCall, ToolMessage
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from support_cli.agent.proposals import REJECTED
from support_cli.domain.permit import Mismatch
from support_cli.domain.request import Kind, Request
from support_cli.domain.verdict import Choice, Verdict

_VERDICT = TypeAdapter(Verdict)


class Outcome(TypedDict):
    """What a held call is resumed with: what the votes came to."""

    type: Choice
    args: dict[str, Any]
    message: str | None


def verdict_state(verdict: Verdict, reason: str | None) -> dict[str, Any]:
    """Write a verdict in plain values, as the state keeps it."""
    plain: dict[str, Any] = _VERDICT.dump_python(replace(verdict, reason=reason), mode="json")
    return plain


def reason_in(state: Mapping[str, Any], call: str) -> str | None:
    """Read why a call asks a person, as the state tells it."""
    kept = (state.get("verdicts") or {}).get(call) or {}
    return kept.get("reason")


def answer_of(call: ToolCall, question: Request | None) -> str:
    """Return what a person answered to a question, by the ticket's record.

    Raises:
        Mismatch: nobody has answered it; an answer was put into the state from outside.
    """
    if question is None or question.kind is not Kind.QUESTION or question.decision is None:
        raise Mismatch(call["name"], str(call["id"]))
    return question.decision.message or ""


def outcome_of(call: ToolCall, approval: Request | None) -> Outcome:
    """Return what the votes on a held call came to, by the ticket's record.

    Raises:
        Mismatch: nobody has decided on it; an answer was put into the state from outside.
    """
    if approval is None or approval.decision is None or approval.tool != call["name"]:
        raise Mismatch(call["name"], str(call["id"]))
    decision = approval.decision
    return {"type": decision.type, "args": dict(approval.args), "message": decision.message}


def turned_down(call: ToolCall, outcome: Outcome) -> ToolMessage | None:
    """Tell the agent that a call will not be made; None where it will."""
    if outcome["type"] == Choice.REJECT:
        text = (
            f"A person rejected this call. Reason: {outcome['message'] or 'none given'}. "
            "Do not propose it again; tell the customer."
        )
        marks = {REJECTED: True}
    elif outcome["type"] == Choice.RESPOND:
        text = f"The call was not made. A person answered instead: {outcome['message']}"
        marks = {}
    else:
        return None
    return ToolMessage(
        text, name=call["name"], tool_call_id=str(call["id"]), additional_kwargs=marks
    )


def heard(result: ToolMessage, call: ToolCall, outcome: Outcome) -> ToolMessage:
    """Tell the agent of an edit beside the result, so that it does not make its own call again."""
    if outcome["args"] == call["args"] or result.status == "error":
        return result
    changed = _changes(call["args"], outcome["args"])
    result.content = (
        f"A person changed this call ({changed}) and it was made so, instead of as you proposed. "
        f"Do not make it again. Result: {result.text}"
    )
    return result


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name}: {before.get(name)!r} became {value!r}"
        for name, value in after.items()
        if before.get(name) != value
    )
