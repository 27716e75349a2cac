"""Asking a person: the tool that interrupts, and the turn that is taken without any model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired
from uuid import uuid4

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langgraph.types import interrupt
from typing_extensions import TypedDict

from support_cli.agent.context import WANTS_PERSON
from support_cli.domain.tool import Marking, Tool

NAME = "human_assistance"
OURS = ("desk-", "verbatim-")  # begin the ids of messages that the desk wrote, and no model


class Answer(TypedDict):
    """What a question is resumed with."""

    data: str


class Question(TypedDict):
    """What a question interrupts with."""

    query: str
    options: NotRequired[list[str]]


def human_assistance(query: str, options: list[str] | None = None) -> str:
    """Ask a person of the support team, and wait for the answer.

    Use it when you are unsure, when the customer asks for a person, after three failed attempts,
    and for anything you have no tool for. Write the query so that the person can answer it without
    reading the conversation. Where more than two actions are reasonable, give them as options.
    """
    question: Question = {"query": query}
    if options:
        question["options"] = options
    answer: Answer = interrupt(question, response_schema=Answer)
    return answer["data"]


ASSISTANCE = Tool(NAME, human_assistance, Marking(effect=False))


def turn(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Return what came after the agent's last message: tool results and the customer's words."""
    spoken = [message for message in messages if not isinstance(message, SystemMessage)]
    for index in range(len(spoken) - 1, -1, -1):
        if isinstance(spoken[index], AIMessage):
            return spoken[index + 1 :]
    return spoken


def since_customer(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Return what was said and done since the customer's last message."""
    for index in range(len(messages) - 1, -1, -1):
        if isinstance(messages[index], HumanMessage):
            return list(messages[index + 1 :])
    return list(messages)


def person_wanted(messages: Sequence[BaseMessage]) -> bool:
    """Tell whether the customer asked for a person in this turn or in the one it goes on from."""
    for message in reversed(messages):
        if isinstance(message, AIMessage) and not message.tool_calls:
            return False
        if isinstance(message, HumanMessage) and message.additional_kwargs.get(WANTS_PERSON):
            return True
    return False


def without_model(
    messages: Sequence[BaseMessage], words: Mapping[str, str] | None = None
) -> AIMessage:
    """Take a turn that needs no model: pass a person's answer on, else ask one.

    `words` are passed on already, as they are.
    """
    answers = [each for each in _results(messages) if _is_answer(each)]
    texts = [each.text for each in answers if each.tool_call_id not in (words or {})]
    if texts:
        finish = {"finish_reason": "stop"}
        return AIMessage("\n\n".join(texts), id=our_id(), response_metadata=finish)
    return asking(customer_words(messages))


def verbatim(messages: Sequence[BaseMessage], words: Mapping[str, str]) -> list[AIMessage]:
    """Pass on the words, by tool call id, that the customer must get as they are."""
    return [
        AIMessage(words[each.tool_call_id], id=f"verbatim-{each.tool_call_id}")
        for each in _results(messages)
        if each.tool_call_id in words
    ]


def all_said(messages: Sequence[BaseMessage], words: Mapping[str, str]) -> bool:
    """Tell whether such words are all that people answered in this turn."""
    results = _results(messages)
    said = any(each.tool_call_id in words for each in results)
    return said and all(each.tool_call_id in words for each in results if _is_answer(each))


def _results(messages: Sequence[BaseMessage]) -> list[ToolMessage]:
    return [message for message in turn(messages) if isinstance(message, ToolMessage)]


def _is_answer(result: ToolMessage) -> bool:
    return result.name == NAME and result.status != "error"


def asking(query: str) -> AIMessage:
    """Make the message that asks a person."""
    call: dict[str, Any] = {"name": NAME, "args": {"query": query}, "id": "ask"}
    finish = {"finish_reason": "tool_calls"}
    return AIMessage("", id=our_id(), tool_calls=[call], response_metadata=finish)


def our_id() -> str:
    """Name a message that the desk writes in the model's place."""
    return f"{OURS[0]}{uuid4().hex}"


def customer_words(messages: Sequence[BaseMessage]) -> str:
    """Return what the customer said in this turn, or last."""
    said = [message.text for message in turn(messages) if isinstance(message, HumanMessage)]
    if not said:
        said = [message.text for message in messages if isinstance(message, HumanMessage)][-1:]
    return "\n\n".join(said)
