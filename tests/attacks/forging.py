"""What somebody does who can write the agent's saved states, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from langchain_core.messages import AIMessage
from langgraph.checkpoint.base import Checkpoint, CheckpointTuple
from langgraph.checkpoint.base.id import uuid6
from langgraph.pregel._algo import task_path_str

from support_cli.domain.ticket import Ticket
from tests.agent.saved import opened

Forgery = Callable[[Checkpoint], None]
_LAST = 1000  # the fence of a run after all others
_TASKS = "__pregel_tasks"  # the library's name for the calls that are sent out


def forge(target: Mapping[str, str], ticket: Ticket, forgery: Forgery) -> None:
    """Change the state that a ticket rests on."""
    with ExitStack() as closing:
        checkpoints = opened(dict(target), closing)
        head = _head(checkpoints.of_run(ticket.id, _LAST))
        forgery(head.checkpoint)
        named = {"thread_id": ticket.id, "checkpoint_ns": ""}
        checkpoints.inner.put({"configurable": named}, head.checkpoint, head.metadata, {})


def plant_answers(target: Mapping[str, str], ticket: Ticket, answer: Any) -> None:
    """Put an answer beside every pause of the state that a ticket rests on."""
    with ExitStack() as closing:
        checkpoints = opened(dict(target), closing)
        head = _head(checkpoints.of_run(ticket.id, _LAST))
        where: Any = {"configurable": {**head.config["configurable"], "checkpoint_ns": ""}}
        written = head.pending_writes or []
        paused = [task for task, channel, _ in written if channel == "__interrupt__"]
        for number, task in enumerate(paused):
            path = task_path_str(("__pregel_push", number, False))
            checkpoints.inner.put_writes(where, [("__resume__", [answer])], task, path)


def verdict(**fields: Any) -> Forgery:
    """Change every verdict in the state."""

    def change(state: Checkpoint) -> None:
        for each in state["channel_values"]["verdicts"].values():
            each.update(fields)

    return change


def call(**fields: Any) -> Forgery:
    """Change every call that waits, wherever the state has it."""

    def change(state: Checkpoint) -> None:
        for each in _calls(state):
            if "id" in fields:
                verdicts = state["channel_values"]["verdicts"]
                verdicts[fields["id"]] = verdicts.get(each["id"], {})
            each.update(fields)

    return change


def without_pauses(state: Checkpoint) -> None:
    """Make a new state of it, of which nothing is known that waits: every call is made again."""
    state["id"] = str(uuid6(clock_seq=-1))


def all_of(*forgeries: Forgery) -> Forgery:
    """Make several changes."""

    def change(state: Checkpoint) -> None:
        for each in forgeries:
            each(state)

    return change


def _calls(state: Checkpoint) -> Iterator[Any]:
    values = state["channel_values"]
    for message in values["messages"]:
        yield from message.tool_calls if isinstance(message, AIMessage) else ()
    for sent in values.get(_TASKS, ()):
        yield from sent.arg


def _head(run: Any) -> CheckpointTuple:
    head: CheckpointTuple | None = run.get_tuple(run.config)
    assert head is not None
    return head
