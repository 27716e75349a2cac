"""What a model proposes, read from what really came, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ToolCall, ToolMessage

from support_cli.agent.assistance import NAME, our_id, since_customer, turn
from support_cli.agent.candid import RAW_CALLS, finish_of
from support_cli.agent.model_failures import (
    ANSWER_LIMIT,
    AnswerCutOff,
    AnswerFiltered,
    AnswerTooLong,
)
from support_cli.agent.toolbox import CONFIDENCE, Toolbox
from support_cli.domain.arguments import flaw_of

REJECTED = "rejected"  # marks the result of a call that a person rejected
_WHY = "why"
OVERTAKEN = "overtaken"  # marks the result of a call whose permission no longer held, as it acted
CALLS_LIMIT = 20  # calls in one message
_FINISHED = frozenset({"stop", "tool_calls"})


@dataclass(frozen=True, slots=True)
class Proposed:
    """A call as it came. `args` is None where they cannot be used; `flaw` says why.

    `overtaken` says what had changed when the same call, already permitted, was about to act.
    """

    name: str
    args: dict[str, Any] | None
    confidence: float | None = None
    flaw: str = "they are not one complete JSON object"
    overtaken: str | None = None


def finished(result: Sequence[BaseMessage]) -> AIMessage:
    """Return the model's message, if it came to its end and can be kept.

    Raises:
        AnswerCutOff: it has no finish reason that we know, or is half a text.
        AnswerFiltered: its provider withheld it.
        AnswerTooLong: its texts or its calls are too many for the ticket's records.
        ValueError: it has something that the state cannot keep.
    """
    said = result[-1]
    if not isinstance(said, AIMessage):
        raise AnswerCutOff
    finish = finish_of(said.response_metadata)
    said.response_metadata["finish_reason"] = finish
    said.response_metadata.pop(OVERTAKEN, None)  # which is for the desk to say, not for a server
    called = said.tool_calls or said.invalid_tool_calls
    if finish == "content_filter" and not called:
        raise AnswerFiltered
    if finish not in _FINISHED and not (called and finish):
        raise AnswerCutOff
    calls = [*said.tool_calls, *said.invalid_tool_calls]
    length = len(said.text) + sum(len(f"{call['name']}{call['args']}") for call in calls)
    if length > ANSWER_LIMIT or len(calls) > CALLS_LIMIT:
        raise AnswerTooLong
    _require_keepable(said)
    return said


def _require_keepable(said: AIMessage) -> None:
    beside = said.content if isinstance(said.content, list) else []
    finish = said.response_metadata.get("finish_reason")
    flaw = flaw_of({"finish": finish, "content": beside, "usage": said.usage_metadata})
    if flaw is not None:
        raise ValueError(flaw)


def is_silent(said: AIMessage) -> bool:
    """Tell whether a message has neither text nor a call."""
    return not said.text.strip() and not said.tool_calls and not said.invalid_tool_calls


def proposed(said: AIMessage, tools: Toolbox) -> list[Proposed]:
    """Return the calls of a message in order."""
    raw = said.response_metadata.get(RAW_CALLS)
    came: list[tuple[str, dict[str, Any] | None]]
    if raw is None:
        came = [
            *((call["name"], call["args"]) for call in said.tool_calls),
            *((call["name"] or "", None) for call in said.invalid_tool_calls),
        ]
    else:
        came = [(name or "", _object(text)) for name, text in raw]
    proposals = [_proposed(name, args, tools) for name, args in came]
    why = said.response_metadata.get(OVERTAKEN)
    if why is None:
        return proposals
    return [
        replace(each, confidence=1.0, overtaken=reason)
        for each, reason in zip(proposals, why, strict=True)
    ]


def fault(call: Proposed, said: AIMessage, tools: Toolbox) -> str | None:
    """Tell why a call cannot be made, in words for the model; None where it can."""
    if said.response_metadata.get("finish_reason") not in _FINISHED:
        return "The message was cut off, so the call was not made. Make it again."
    if call.args is None:
        return f"The call was not made, for its arguments cannot be used: {call.flaw}."
    problem = tools.fit(call.name, call.args)
    return None if problem is None else f"The call was not made. {problem}"


def was_rejected(name: str, messages: Sequence[BaseMessage]) -> bool:
    """Tell whether a person rejected a call of this tool since the customer's last message."""
    return any(
        isinstance(message, ToolMessage)
        and message.name == name
        and message.additional_kwargs.get(REJECTED)
        for message in since_customer(messages)
    )


def overtaken(result: ToolMessage, args: Mapping[str, Any], why: str) -> ToolMessage:
    """Mark the result of a call that was permitted, but no longer as it was about to act."""
    result.additional_kwargs = {OVERTAKEN: dict(args), _WHY: why}
    return result


def proposed_again(messages: Sequence[BaseMessage]) -> AIMessage | None:
    """Propose once more what was overtaken: judged anew, a person is asked with the new facts.

    Not left to the model, which would have to say the very same again.
    """
    over = [
        message
        for message in turn(messages)
        if isinstance(message, ToolMessage) and OVERTAKEN in message.additional_kwargs
    ]
    if not over:
        return None
    calls = [
        ToolCall(name=each.name or "", args=each.additional_kwargs[OVERTAKEN], id="again")
        for each in over
    ]
    why = [str(each.additional_kwargs.get(_WHY)) for each in over]
    marks = {"finish_reason": "tool_calls", OVERTAKEN: why}
    return AIMessage("", id=our_id(), tool_calls=calls, response_metadata=marks)


def failed_attempts(messages: Sequence[BaseMessage]) -> int:
    """Count the calls that came to nothing since the customer, or a person asked, last spoke."""
    failed = 0
    for message in reversed(since_customer(messages)):
        if isinstance(message, ToolMessage):
            if message.status == "error":
                failed += 1
            elif message.name == NAME:
                break
    return failed


def _proposed(name: str, args: dict[str, Any] | None, tools: Toolbox) -> Proposed:
    flaw = None if args is None else flaw_of(args)
    if flaw is not None:
        return Proposed(name, None, flaw=flaw)
    tool = tools.get(name)
    if args is None or tool is None or not tool.marking.effect:
        return Proposed(name, args)
    rest = {key: value for key, value in args.items() if key != CONFIDENCE}
    return Proposed(name, rest, _confidence(args.get(CONFIDENCE)))


def _confidence(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None


def _object(text: str | None) -> dict[str, Any] | None:
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
