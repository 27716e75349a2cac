"""Where a thread stands, read from LangGraph's snapshot of its head.

By its `tasks`, never by its `next`: after a kill between the last task's writes and the checkpoint,
`next` is empty though the run is not finished.
"""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall
from langgraph.types import PregelTask, StateSnapshot

from support_cli.agent.approvals import reason_in
from support_cli.agent.assistance import NAME
from support_cli.domain.request import Kind, in_words
from support_cli.domain.run import Pause, Position, Saying


def position_of(snapshot: StateSnapshot) -> Position:
    """Turn a snapshot into the desk's own words."""
    checkpoint = snapshot.config["configurable"].get("checkpoint_id")
    if checkpoint is None:
        return Position()
    messages: list[AnyMessage] = snapshot.values.get("messages", [])
    paused = [task for task in snapshot.tasks if task.interrupts]
    unpaused = [task for task in snapshot.tasks if not task.interrupts]
    return Position(
        checkpoint=checkpoint,
        unfinished=any(task.result is None for task in unpaused) or (bool(unpaused) and not paused),
        pauses=tuple(_pause(task, messages, snapshot.values) for task in paused),
        delivered=frozenset(
            str(message.id) for message in messages if isinstance(message, HumanMessage)
        ),
        said=tuple(
            Saying(str(message.id), message.text)
            for message in messages
            if isinstance(message, AIMessage) and message.text.strip()
        ),
    )


def _pause(task: PregelTask, messages: list[AnyMessage], values: dict[str, Any]) -> Pause:
    call = _made_calls(messages, values)[_index(task)]
    interrupt = task.interrupts[0]
    question = call["name"] == NAME
    asked = interrupt.value if question and isinstance(interrupt.value, dict) else {}
    return Pause(
        interrupt=interrupt.id,
        call=str(call["id"]),
        kind=Kind.QUESTION if question else Kind.APPROVAL,
        tool=call["name"],
        args=call["args"],
        query=str(asked.get("query", "")) if question else in_words(call["name"], call["args"]),
        reason=reason_in(values, str(call["id"])),
        options=tuple(asked.get("options") or ()),
    )


def _index(task: PregelTask) -> int:
    """Return the task's place among those sent out together; the graph sends calls in order."""
    return int(task.path[1])  # type: ignore[arg-type]


def _made_calls(messages: list[AnyMessage], values: dict[str, Any]) -> list[ToolCall]:
    """Return the calls of the agent's last message that were sent out: those with a verdict.

    Not those without a result: a snapshot shows the results of finished siblings already.
    """
    judged = values.get("verdicts") or {}
    for message in reversed(messages):
        if isinstance(message, AIMessage):
            return [call for call in message.tool_calls if call["id"] in judged]
    return []
