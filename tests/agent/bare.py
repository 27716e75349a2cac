"""The library as it comes: small graphs and agents without the desk around them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Annotated, Any

from langchain.agents import create_agent
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.types import Interrupt
from typing_extensions import TypedDict

THREAD: RunnableConfig = {"configurable": {"thread_id": "1"}}
Node = Any  # a function of the log; the graph's own overloads do not take a TypedDict's


class Log(TypedDict):
    """What the nodes wrote."""

    log: Annotated[list[Any], operator.add]


def graph(*nodes: Node, saver: BaseCheckpointSaver[Any] | None = None) -> Any:
    """Build a graph whose nodes run side by side."""
    builder: Any = StateGraph(Log)
    for node in nodes:
        builder.add_node(node.__name__, node)
        builder.add_edge(START, node.__name__)
    return builder.compile(checkpointer=saver or InMemorySaver())


def pending(built: Any) -> dict[Any, Interrupt]:
    """Return the open interrupts by what they ask."""
    return {each.value: each for each in built.get_state(THREAD).interrupts}


class Mindful(BaseChatModel):
    """A model that says what a function of the conversation says."""

    mind: Callable[[list[BaseMessage]], AIMessage]

    @property
    def _llm_type(self) -> str:
        return "mindful"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Take the tools."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.mind(messages))])


def agent(
    *tools: Callable[..., str], calls: list[Any], saver: BaseCheckpointSaver[Any] | None = None
) -> Any:
    """Build an agent that makes these calls for every customer message, then says `Done.`."""

    def think(messages: list[BaseMessage]) -> AIMessage:
        asked = messages[-1].type == "human"
        return AIMessage("", tool_calls=calls) if asked else AIMessage("Done.")

    return create_agent(Mindful(mind=think), list(tools), checkpointer=saver or InMemorySaver())
