"""The gate between the model and everything it may do, as middleware.

What a model says is checked before anything of it is saved: tool call ids become unique, calls that
are not complete and valid are refused (the model is told, nobody is asked), silence and failure
become a question to a person.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NotRequired

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ExtendedModelResponse, hook_config
from langchain_core.messages import AIMessage, AnyMessage, ToolCall, ToolMessage
from langchain_core.tools import BaseTool
from langgraph.runtime import Runtime
from langgraph.types import Command
from pydantic import ValidationError

from support_cli.agent.assistance import NAME, asking, customer_words, person_wanted, without_model
from support_cli.agent.context import RunContext
from support_cli.agent.models import RAW_CALLS, AnswerCutOff, reason_for

MODEL_CALLS = 20  # in one run; then a person is asked
_FINISHED = frozenset({"stop", "tool_calls"})
Handler = Callable[[ModelRequest[RunContext]], ModelResponse[Any]]


def merged(before: Mapping[str, str] | None, new: Mapping[str, str]) -> dict[str, str]:
    """Merge two updates of the reasons."""
    return {**(before or {}), **new}


class GateState(AgentState[Any]):
    """The agent's state with why a person is asked, by tool call id."""

    reasons: NotRequired[Annotated[dict[str, str], merged]]


class Gate(AgentMiddleware[GateState, RunContext, Any]):
    """Stands between the model and the tools."""

    state_schema = GateState

    def __init__(self, tools: Mapping[str, BaseTool]) -> None:
        super().__init__()
        self._tools = tools

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: GateState, runtime: Runtime[RunContext]) -> dict[str, Any] | None:
        """Add the customer's new messages, and a person's words that are passed on as they are."""
        known = {message.id for message in state["messages"]}
        added: list[AnyMessage] = [
            message for message in runtime.context.messages if message.id not in known
        ]
        calls = _answered_calls(state["messages"])
        words = [
            AIMessage(runtime.context.verbatim[call], id=f"verbatim-{call}")
            for call in calls
            if call in runtime.context.verbatim
        ]
        update: dict[str, Any] = {"messages": [*added, *words]}
        if words and len(words) == len(calls):
            update["jump_to"] = "end"
        return update if update["messages"] else None

    def wrap_model_call(
        self, request: ModelRequest[RunContext], handler: Handler
    ) -> ExtendedModelResponse[Any]:
        """Call the model, or ask a person in its place, and check what came."""
        context: RunContext = request.runtime.context
        if person_wanted(request.messages):
            said = without_model(request.messages)
            return self._checked(said, "The customer asked for a person.")
        if context.model_calls >= MODEL_CALLS:
            said = asking(customer_words(request.messages))
            return self._checked(said, f"The agent found no answer in {MODEL_CALLS} steps.")
        context.model_calls += 1
        try:
            response = handler(request)
            said = _finished(response.result)
        except Exception as error:  # noqa: BLE001 (however a model fails, the customer is not lost)
            return self._checked(without_model(request.messages), reason_for(error))
        if not said.text.strip() and not said.tool_calls and not said.invalid_tool_calls:
            said = asking(customer_words(request.messages))
            return self._checked(said, "The model gave an empty answer.")
        return self._checked(said, None)

    def _checked(self, said: AIMessage, reason: str | None) -> ExtendedModelResponse[Any]:
        calls, refusals, reasons = [], [], {}
        for name, args in _proposed(said):
            call = ToolCall(name=name or "?", args=args or {}, id=_new_id(), type="tool_call")
            calls.append(call)
            problem = self._problem(name, args, said)
            if problem is not None:
                refusals.append(_refusal(call, problem))
            elif reason is not None and name == NAME:
                reasons[str(call["id"])] = reason
        return ExtendedModelResponse(
            model_response=ModelResponse(result=[_rebuilt(said, calls), *refusals]),
            command=Command(update={"reasons": reasons}) if reasons else None,
        )

    def _problem(self, name: str, args: dict[str, Any] | None, said: AIMessage) -> str | None:
        if said.response_metadata.get("finish_reason") not in _FINISHED:
            return "The message was cut off, so the call was not made. Make it again."
        if args is None:
            return "The arguments are not one complete JSON object, so the call was not made."
        if name not in self._tools:
            names = ", ".join(sorted(self._tools))
            return f"There is no such tool. The tools are: {names}."
        schema: Any = self._tools[name].get_input_schema()
        try:
            schema.model_validate(args)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:5]
            )
            return f"The arguments do not fit, so the call was not made: {faults}"
        return None


def _finished(result: list[Any]) -> AIMessage:
    said = result[-1]
    finish = said.response_metadata.get("finish_reason")
    if finish is None and said.response_metadata.get("status") == "completed":
        # OpenAI's Responses API has a status where Chat Completions has a finish reason.
        said.response_metadata["finish_reason"] = "stop"
    elif finish is None:
        raise AnswerCutOff
    return said  # type: ignore[no-any-return]


def _proposed(said: AIMessage) -> list[tuple[str, dict[str, Any] | None]]:
    """Return the name and arguments of each call; None for arguments that are not complete."""
    raw = said.response_metadata.get(RAW_CALLS)
    if raw is not None:
        return [(name or "", _object(text)) for name, text in raw]
    return [(call["name"], call["args"]) for call in said.tool_calls] + [
        (call["name"] or "", None) for call in said.invalid_tool_calls
    ]


def _object(text: str | None) -> dict[str, Any] | None:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _rebuilt(said: AIMessage, calls: list[ToolCall]) -> AIMessage:
    metadata = {k: v for k, v in said.response_metadata.items() if k != RAW_CALLS}
    return AIMessage(
        content=said.content if not calls else said.text,
        id=said.id,
        tool_calls=calls,
        response_metadata=metadata,
        usage_metadata=said.usage_metadata,
    )


def _refusal(call: ToolCall, problem: str) -> ToolMessage:
    return ToolMessage(problem, name=call["name"], tool_call_id=call["id"], status="error")


def _new_id() -> str:
    # Servers repeat ids such as call_0, and two calls with one id would become one.
    return f"call_{secrets.token_hex(12)}"


def _answered_calls(messages: list[AnyMessage]) -> list[str]:
    results: list[str] = []
    for message in reversed(messages):
        if isinstance(message, AIMessage):
            return results
        if isinstance(message, ToolMessage):
            results.append(message.tool_call_id)
    return results
