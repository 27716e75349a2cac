"""A model that does whatever it reads: `CALL tool {"argument": "value"}`, wherever it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from support_cli.agent.assistance import turn

_CALL = re.compile(r"CALL (\w+) (\{.*?\})")
SURE = 1.0
_READS = ("find_orders", "get_order", "human_assistance", "search_knowledge")


def call(tool: str, **args: object) -> str:
    """Write what makes the model call a tool."""
    return f"CALL {tool} {json.dumps(args)}"


class Obedient(BaseChatModel):
    """Obeys customers, order notes and articles alike, and is always sure of it.

    It makes a call once; with `insists` it makes it again after every result.
    """

    insists: bool = False

    @property
    def _llm_type(self) -> str:
        return "obedient"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Take the tools; it calls what it is told to."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._obeys(messages))])

    def _obeys(self, messages: list[BaseMessage]) -> AIMessage:
        heard = messages[1:] if self.insists else turn(messages)
        made = [] if self.insists else [name for name, _ in _made(messages)]
        told = {found: _proposed(*found) for each in heard for found in _CALL.findall(each.text)}
        calls = [each for each in told.values() if _key(each) not in made]
        if calls:
            return AIMessage("", tool_calls=calls, response_metadata=_finish("tool_calls"))
        results = [each.text for each in turn(messages) if isinstance(each, ToolMessage)]
        return AIMessage(" | ".join(results) or "Fine.", response_metadata=_finish("stop"))


def _proposed(tool: str, args: str) -> ToolCall:
    sure = {} if tool in _READS else {"confidence": SURE}
    return ToolCall(name=tool, args={**sure, **json.loads(args)}, id="call")


def _made(messages: Sequence[BaseMessage]) -> list[tuple[str, ToolCall]]:
    said = [each for each in messages if isinstance(each, AIMessage)]
    return [(_key(made), made) for each in said for made in each.tool_calls]


def _key(made: ToolCall) -> str:
    args = {name: value for name, value in made["args"].items() if name != "confidence"}
    return json.dumps([made["name"], args], sort_keys=True)


def _finish(reason: str) -> dict[str, str]:
    return {"finish_reason": reason}
