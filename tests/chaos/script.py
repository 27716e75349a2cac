"""A model that does what the customer's message says, sometimes slowly."""

from __future__ import annotations

import time
from collections.abc import Sequence
from random import Random
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from support_cli.agent.assistance import NAME, turn
from tests.chaos.provider import ACTION, KEYED, REFUSED, UNKEYED

_TOOLS = {
    "keyed": [KEYED],
    "unkeyed": [UNKEYED],
    "both": [KEYED, UNKEYED],
    "act": [ACTION],
    "ask": [NAME],
}
_COMMANDS, _WEIGHTS = ("keyed", "unkeyed", "both", "act", "ask", "plain"), (4, 3, 1, 2, 2, 2)
_SLOW, _SECONDS = 0.05, 1.5  # how often it thinks for longer than a lease, and how long
_REFUSALS = 0.06


class Script(BaseChatModel):
    """Reads `keyed AMOUNT …`, `unkeyed AMOUNT …`, `both AMOUNT …`, `act AMOUNT …`, `ask …`."""

    chance: Any

    @property
    def _llm_type(self) -> str:
        return "script"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Take the tools; it knows those it calls."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        if self.chance.random() < _SLOW:
            time.sleep(_SECONDS)
        return ChatResult(generations=[ChatGeneration(message=_said(turn(messages)))])


def wish(chance: Random, mark: str) -> str:
    """Write a customer's message."""
    amount = REFUSED if chance.random() < _REFUSALS else an_amount(chance)
    return f"{chance.choices(_COMMANDS, _WEIGHTS)[0]} {amount} {mark}"


def an_amount(chance: Random) -> str:
    """Draw an amount of money."""
    return f"{chance.uniform(1, 99):.2f}"


def _said(heard: Sequence[BaseMessage]) -> AIMessage:
    asked = [each.text for each in heard if isinstance(each, HumanMessage)]
    calls = [call for text in asked for call in _calls(text)]
    if calls:
        return AIMessage("", tool_calls=calls, response_metadata={"finish_reason": "tool_calls"})
    words = [each.text for each in heard if isinstance(each, ToolMessage | HumanMessage)]
    return AIMessage(f"About {'; '.join(words)}", response_metadata={"finish_reason": "stop"})


def _calls(text: str) -> list[ToolCall]:
    command, amount, _ = text.split(" ", 2)
    return [
        ToolCall(name=name, args={"query": text} if name == NAME else {"amount": amount}, id="0")
        for name in _TOOLS.get(command, [])
    ]
