"""A model that may also propose a credit note, an effect that the desk's own store keeps."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall
from langchain_core.outputs import ChatGeneration, ChatResult

from support_cli.agent.assistance import turn
from tests.reliability.clerk import Clerk

CREDIT = "credit"


class Creditor(Clerk):
    """Reads `credit 5` beside what the clerk reads."""

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        last = turn(messages)[-1]
        command, _, amount = last.text.partition(" ")
        if command != CREDIT or not isinstance(last, HumanMessage):
            return super()._generate(messages, stop, run_manager, **kwargs)
        args = {"amount": amount, "currency": "EUR", "reason": "late"}
        calls = [ToolCall(name="issue_credit", args=args, id="call_0")]
        said = AIMessage("", tool_calls=calls, response_metadata={"finish_reason": "tool_calls"})
        return ChatResult(generations=[ChatGeneration(message=said)])
