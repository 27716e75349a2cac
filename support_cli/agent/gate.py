"""The gate between the model and everything it may do, as middleware.

What a model says is checked before anything of it is saved: tool call ids become unique, calls that
are not complete and valid are refused (the model is told, nobody is asked), silence and failure
become a question to a person, and policy gives its verdict on every call. As a call starts, the
gate holds it for a person where the recorded verdict says so, and leads an effect through the
ledger. The state only says which calls there are: what they may do is in the desk's own records.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, NotRequired, cast

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ExtendedModelResponse, ToolCallRequest
from langchain_core.messages import AIMessage, ToolCall, ToolMessage
from langgraph.types import Command, interrupt

from support_cli.agent.approvals import (
    Outcome,
    answer_of,
    heard,
    outcome_of,
    turned_down,
    verdict_state,
)
from support_cli.agent.assistance import (
    NAME,
    all_said,
    human_assistance,
    person_wanted,
    verbatim,
    without_model,
)
from support_cli.agent.context import RunContext
from support_cli.agent.model_failures import reason_for
from support_cli.agent.proposals import (
    Proposed,
    failed_attempts,
    fault,
    finished,
    is_silent,
    overtaken,
    proposed,
    proposed_again,
    was_rejected,
)
from support_cli.agent.toolbox import Toolbox
from support_cli.domain.effect import (
    RESULT_LIMIT,
    DidNotHappen,
    Effect,
    Overtaken,
    call_hash,
    effect_id,
    in_words,
)
from support_cli.domain.permit import Mismatch, permits, verdict_on
from support_cli.domain.request import Request
from support_cli.domain.tool import Context, Tool
from support_cli.domain.verdict import Proposal, Ruling, Verdict
from support_cli.errors import SupportError
from support_cli.services.effects import Act, Ledger
from support_cli.services.ports import Calls, Late, Policy

MODEL_CALLS = 20  # in one run; then a person is asked
FAILED_ATTEMPTS = 3  # more of them since the customer's last message: a person is asked
STATE_LIMIT = 8 * 1024 * 1024  # bytes of a conversation that still takes an effect
PATIENCE = timedelta(seconds=30)  # for an effect past its time; then others may use the thread
GIVEN_UP = "The call was not made: it did not fit the desk's records. Tell the customer."
Handler = Callable[[ModelRequest[RunContext]], ModelResponse[Any]]


def merged(before: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two updates of the verdicts."""
    return {**(before or {}), **new}


class GateState(AgentState[Any]):
    """The agent's state with the verdict on each call, frozen, by tool call id."""

    verdicts: NotRequired[Annotated[dict[str, Any], merged]]


class Gate(AgentMiddleware[GateState, RunContext, Any]):
    """Stands between the model and the tools."""

    state_schema = GateState

    def __init__(self, tools: Toolbox, policy: Policy, ledger: Ledger, calls: Calls) -> None:
        super().__init__()
        self._tools = tools
        self._policy = policy
        self._ledger = ledger
        self._calls = calls

    def wrap_model_call(
        self, request: ModelRequest[RunContext], handler: Handler
    ) -> ExtendedModelResponse[Any]:
        """Call the model, or speak in its place, and check what came.

        The customer's new messages are saved in the same step as what the agent makes of them.
        """
        context = request.runtime.context
        known = {message.id for message in request.messages}
        new = [message for message in context.messages if message.id not in known]
        words = verbatim(request.messages, context.verbatim)
        if all_said(request.messages, context.verbatim):
            return ExtendedModelResponse(model_response=ModelResponse(result=[*new, *words]))
        request = request.override(messages=[*request.messages, *new], tools=[*self._tools.told])
        said, reason = self._said(request, handler)
        calls, refusals, verdicts = [], [], {}
        for each in proposed(said, self._tools):
            call = ToolCall(name=each.name or "?", args=each.args or {}, id=_new_id())
            calls.append(call)
            problem, verdict = self._judged(each, call, said, request)
            if problem is not None:
                refusals.append(_result(call, problem, failed=True))
            elif verdict is not None:
                context.judged[_judged_call(call)] = verdict
                why = reason if each.name == NAME else verdict.reason
                verdicts[call["id"]] = verdict_state(verdict, why)
        return ExtendedModelResponse(
            model_response=ModelResponse(result=[*new, *words, _rebuilt(said, calls), *refusals]),
            command=Command(update={"verdicts": verdicts}) if verdicts else None,
        )

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[..., Any]
    ) -> ToolMessage | Command[Any]:
        """Hold a call for a person where the verdict says so, then make it."""
        call = request.tool_call
        context = cast("RunContext", request.runtime.context)
        name, tool = str(call["id"]), self._tools.get(call["name"])
        if name in context.given_up:
            return _result(call, GIVEN_UP, failed=True)
        if tool is None:
            raise Mismatch(call["name"], name)
        if tool.name == NAME:
            return self._ask(call, context)
        approval = context.decided.get(name)
        if approval is None and self._verdict(call, context).ruling is Ruling.ALLOW:
            return self._make(request, tool, call["args"])
        interrupt({"tool": call["name"], "args": call["args"]}, response_schema=Outcome)
        outcome = outcome_of(call, approval)
        told = turned_down(call, outcome)
        if told is not None:
            return told
        if not tool.marking.effect:
            self._require_permitted(call, context, approval)
        return heard(self._make(request, tool, outcome["args"]), call, outcome)

    def _ask(self, call: ToolCall, context: RunContext) -> ToolMessage:
        """Ask a person; called here, not as the other tools, for its interrupt is the run's."""
        human_assistance(**call["args"])
        return _result(call, answer_of(call, context.decided.get(str(call["id"]))))

    def _verdict(self, call: ToolCall, context: RunContext) -> Verdict:
        """Return what the desk recorded on a call: the state's own word counts for nothing.

        Raises:
            Mismatch: nothing is recorded that fits it.
        """
        known = context.judged.get(_judged_call(call))
        if known is not None:
            return known
        action = self._ledger.action_of(context.ticket, str(call["id"]))
        verdict = verdict_on(action, call["name"], call["args"])
        if verdict is None:
            raise Mismatch(call["name"], str(call["id"]))
        return verdict

    def _require_permitted(
        self, call: ToolCall, context: RunContext, approval: Request | None
    ) -> None:
        """Check that people permitted a read that asks; an effect's permission the ledger checks.

        Raises:
            Mismatch: they did not.
        """
        action = self._ledger.action_of(context.ticket, str(call["id"]))
        args = approval.args if approval is not None else {}
        if not permits(action, approval, call["name"], call["args"], args):
            raise Mismatch(call["name"], str(call["id"]))

    def _said(
        self, request: ModelRequest[RunContext], handler: Handler
    ) -> tuple[AIMessage, str | None]:
        """Let the model speak, or speak in its place; with the reason why a person is asked."""
        context, messages = request.runtime.context, request.messages
        instead = without_model(messages, context.verbatim)
        if person_wanted(messages):
            return instead, "The customer asked for a person."
        if context.model_calls >= MODEL_CALLS:
            return instead, f"The agent found no answer in {MODEL_CALLS} steps."
        if failed_attempts(messages) > FAILED_ATTEMPTS:
            return instead, f"More than {FAILED_ATTEMPTS} attempts failed."
        again = proposed_again(messages)
        if again is not None:
            return again, None
        context.model_calls += 1
        try:
            said = finished(handler(request).result)
        except Exception as error:  # noqa: BLE001 (however a model fails, the customer is not lost)
            return instead, reason_for(error)
        if is_silent(said):
            return instead, "The model gave an empty answer."
        return said, None

    def _judged(
        self,
        each: Proposed,
        call: ToolCall,
        said: AIMessage,
        request: ModelRequest[RunContext],
    ) -> tuple[str | None, Verdict | None]:
        """Say what is wrong with a call, else policy's verdict on it."""
        problem = fault(each, said, self._tools)
        if problem is not None:
            return problem, None
        if was_rejected(each.name, request.messages):
            return "A person has rejected this. Do not propose it again.", None
        if each.name == NAME:
            # No policy can keep a customer from a person.
            return None, Verdict(Ruling.ALLOW)
        context = request.runtime.context
        verdict = self._policy.judge(
            Proposal(
                ticket=context.ticket,
                customer=context.customer,
                call=str(call["id"]),
                tool=each.name,
                args=each.args or {},
                confidence=each.confidence,
                overtaken=each.overtaken,
            )
        )
        if verdict.ruling is Ruling.REFUSE:
            return f"Refused: {verdict.reason} Do not propose it again.", None
        return None, verdict

    def _make(self, request: ToolCallRequest, tool: Tool, args: Mapping[str, Any]) -> ToolMessage:
        context = cast("RunContext", request.runtime.context)
        call = request.tool_call
        key = effect_id(context.ticket, str(call["id"]))
        given = Context(context.ticket, context.customer, key)
        try:
            if not tool.marking.effect:
                return _result(call, self._read(tool, args, given))
            if _weight(request.state) > STATE_LIMIT:
                return _result(call, "The conversation is too long for an action.", failed=True)
            act = Act(context.ticket, str(call["id"]), tool, call["args"], args, context.fence)
            return _result(call, self._act(act, given))
        except Overtaken as error:
            result = _result(call, f"It did not happen: {error}", failed=True)
            return overtaken(result, args, str(error))
        except DidNotHappen as error:
            return _result(call, f"It did not happen: {error}", failed=True)
        except SupportError:
            raise
        except Exception as error:
            if tool.marking.effect:
                raise
            return _result(call, f"The tool failed ({_why(error, tool)}).", failed=True)

    def _read(self, tool: Tool, args: Mapping[str, Any], given: Context) -> str:
        read = self._calls.run(lambda: self._tools.call(tool, args, given), tool.marking.timeout)
        return in_words(tool.name, read)

    def _act(self, act: Act, given: Context) -> str:
        """Do an effect in a thread that writes down its end, however late that comes."""

        def do(entry: Effect) -> str:
            return self._tools.call(act.tool, act.args, replace(given, attempt=entry.operation))

        patience = act.tool.marking.timeout + PATIENCE
        return self._calls.run(lambda: self._ledger.perform(act, do), patience)


def _why(error: Exception, tool: Tool) -> str:
    if isinstance(error, Late):
        return f"it took longer than {tool.marking.timeout.total_seconds():g} seconds"
    return type(error).__name__


def _result(call: ToolCall, text: str, *, failed: bool = False) -> ToolMessage:
    return ToolMessage(
        text[:RESULT_LIMIT],
        name=call["name"],
        tool_call_id=str(call["id"]),
        status="error" if failed else "success",
    )


def _rebuilt(said: AIMessage, calls: list[ToolCall]) -> AIMessage:
    finish = said.response_metadata.get("finish_reason")
    return AIMessage(
        content=said.text if calls else said.content,
        id=said.id,
        tool_calls=calls,
        response_metadata={"finish_reason": finish},
        usage_metadata=said.usage_metadata,
    )


def _judged_call(call: ToolCall) -> tuple[str, str]:
    return str(call["id"]), call_hash(call["name"], call["args"])


def _new_id() -> str:
    # Servers repeat ids such as call_0, and two calls with one id would become one.
    return f"call_{secrets.token_hex(12)}"


def _weight(state: Mapping[str, Any]) -> int:
    return sum(len(message.text.encode()) for message in state["messages"])
