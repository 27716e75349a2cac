"""What a run hands to the graph beside its state; never saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from langchain_core.messages import HumanMessage

from support_cli.domain.request import Request
from support_cli.domain.ticket import Message
from support_cli.domain.verdict import Verdict

WANTS_PERSON = "wants_person"  # marks a customer's message in the state


@dataclass
class RunContext:
    """The run's part in a step: whose ticket, under which fence.

    `messages` are customer messages to add before the model is called next. `verbatim` maps tool
    call ids to words that the customer must get as they are. `model_calls` counts, over the steps
    of one run.
    """

    ticket: str
    customer: str
    fence: int
    messages: tuple[HumanMessage, ...] = ()
    verbatim: Mapping[str, str] = field(default_factory=dict)
    model_calls: int = 0
    decided: Mapping[str, Request] = field(default_factory=dict)
    given_up: frozenset[str] = frozenset()
    judged: dict[tuple[str, str], Verdict] = field(default_factory=dict)


def human_message(message: Message) -> HumanMessage:
    """Turn a customer's message into the state's, with its id, so that it is added once."""
    marks = {WANTS_PERSON: True} if message.human else {}
    return HumanMessage(message.text, id=message.id, additional_kwargs=marks)
