"""What the offline model does about orders: only what was asked for plainly, after a look at it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from support_cli.agent.assistance import since_customer, turn
from support_cli.agent.plain_request import TOOLS, understood

_LOOK = "get_order"
_REFUNDABLE = re.compile(r"^refundable: (\S+) ([A-Z]{3})$", re.MULTILINE)
_REFUSED = re.compile(r"^Refused: (.*) Do not propose it again\.$", re.DOTALL)
_REJECTED = re.compile(r"^A person rejected this call\. Reason: (.*)\. Do not propose", re.DOTALL)
_ANSWERED = "The call was not made. A person answered instead: "
_RESULT = re.compile(r"^A person changed this call .* Result: (.*)$", re.DOTALL)


def next_turn(messages: Sequence[BaseMessage]) -> AIMessage | None:
    """Take the next step of an order request; None where this is none, or a person should go on."""
    heard = turn(messages)
    if heard and all(isinstance(message, HumanMessage) for message in heard):
        # What follows a first message, before anybody answered it, may take it back.
        request = understood(heard[0].text) if len(heard) == 1 else None
        return None if request is None else _call(_LOOK, {"order_id": request.order})
    if len(heard) != 1 or not isinstance(heard[0], ToolMessage):
        return None
    result = heard[0]
    return _effect(messages, result) if result.name == _LOOK else _told(result)


def _effect(messages: Sequence[BaseMessage], looked: ToolMessage) -> AIMessage | None:
    said = _last_said(messages)
    request = understood(said) if said else None
    refundable = _REFUNDABLE.search(looked.text)
    if request is None or refundable is None or looked.status == "error":
        return None
    if request.currency not in (None, refundable[2]):
        return None
    return _call(request.tool, request.args(refundable[1]))


def _told(result: ToolMessage) -> AIMessage | None:
    """Tell the customer what became of the request; None where a person should."""
    if result.name not in TOOLS:
        return None
    text = result.text
    if result.status != "error":
        rejected, changed = _REJECTED.match(text), _RESULT.match(text)
        if rejected:
            return _saying(f"We cannot do this. {_sentence(rejected[1])}")
        if text.startswith(_ANSWERED):
            return _saying(text.removeprefix(_ANSWERED))
        return _saying(f"Done. {changed[1] if changed else text}")
    refused = _REFUSED.match(text)
    return None if refused is None else _saying(f"We cannot do this. {refused[1]}")


def _last_said(messages: Sequence[BaseMessage]) -> str | None:
    """Return the one thing the customer said last, if nothing was done about it but to look."""
    done = [each for each in since_customer(messages) if isinstance(each, ToolMessage)]
    if any(each.name != _LOOK for each in done):
        return None
    ends = len(messages) - len(since_customer(messages))
    said: list[str] = []
    for message in reversed(messages[:ends]):
        if not isinstance(message, HumanMessage):
            break
        said.append(message.text)
    return said[0] if len(said) == 1 else None


def _sentence(reason: str) -> str:
    return "" if reason == "none given" else f"{reason.rstrip('.')}."


def _call(name: str, args: dict[str, Any]) -> AIMessage:
    calls = [{"name": name, "args": args, "id": "offline"}]
    return AIMessage("", tool_calls=calls, response_metadata={"finish_reason": "tool_calls"})


def _saying(text: str) -> AIMessage:
    return AIMessage(text.strip(), response_metadata={"finish_reason": "stop"})
