"""A model that does what the customer's message says, so that a test knows what comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from support_cli.agent.assistance import turn


def _nothing() -> None:
    return


class Clerk(BaseChatModel):
    """Reads commands: `pay 5`, `wire 5`, `both 5` (two payments at once), `ask WHAT`, `do ACTION`.

    Anything else it answers with “About …”; what tools returned it passes on. `thinks` is called
    before it speaks.
    """

    thinks: Callable[[], None] = _nothing

    @property
    def _llm_type(self) -> str:
        return "clerk"

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
        self.thinks()
        return ChatResult(generations=[ChatGeneration(message=said(turn(messages)))])


def said(heard: Sequence[BaseMessage]) -> AIMessage:
    """Answer what was heard since the clerk last spoke."""
    results = [each.text for each in heard if isinstance(each, ToolMessage)]
    asked = [each.text for each in heard if isinstance(each, HumanMessage)]
    calls = [] if results else [call for text in asked for call in _calls(text)]
    if calls:
        return AIMessage("", tool_calls=calls, response_metadata={"finish_reason": "tool_calls"})
    words = [*results, *(f"About {text}." for text in asked)]
    return AIMessage(" ".join(words), response_metadata={"finish_reason": "stop"})


def _calls(text: str) -> list[ToolCall]:
    command, _, rest = text.partition(" ")
    if command == "ask":
        return [ToolCall(name="human_assistance", args={"query": rest}, id="call_0")]
    if command == "do":
        args = {"name": rest, "arguments": {}}
        return [ToolCall(name="run_action", args=args, id="call_0")]
    tools = {"pay": ["pay"], "wire": ["wire"], "both": ["pay", "wire"]}.get(command, [])
    # One id for all, as some servers have it: the gate must tell them apart.
    return [ToolCall(name=name, args={"amount": rest}, id="call_0") for name in tools]
