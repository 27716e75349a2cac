"""What the desk is measured against: the graph that the field's tutorials show, run as they do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from langchain_core.messages import AnyMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode, tools_condition
from langgraph.types import Command, interrupt
from typing_extensions import TypedDict


@tool
def human_assistance(query: str) -> str:
    """Request assistance from a human."""
    answer: dict[str, str] = interrupt({"query": query})
    return answer["data"]


class State(TypedDict):
    """A conversation."""

    messages: Annotated[list[AnyMessage], add_messages]


class Bare:
    """The tutorial's agent: a chatbot node, a tool node, and a checkpointer."""

    def __init__(self, saver: BaseCheckpointSaver[Any], url: str) -> None:
        model = ChatOpenAI(model="bench", api_key=lambda: "none", base_url=url)
        bound = model.bind_tools([human_assistance])
        graph = StateGraph(State)
        graph.add_node("chatbot", lambda state: {"messages": [bound.invoke(state["messages"])]})
        graph.add_node("tools", ToolNode([human_assistance]))
        graph.add_conditional_edges("chatbot", tools_condition)
        graph.add_edge("tools", "chatbot")
        graph.add_edge(START, "chatbot")
        self._graph = graph.compile(checkpointer=saver)

    def ask(self, thread: str, text: str) -> None:
        """Ask a question; it pauses."""
        self._run(thread, {"messages": [HumanMessage(text)]})

    def answer(self, thread: str, text: str) -> str:
        """Resume a paused question, and return the reply."""
        said = self._run(thread, Command(resume={"data": text}))
        return str(said["messages"][-1].content)

    def answer_all(self, threads: Iterable[str], text: str) -> None:
        """Resume one after another, in a plain loop."""
        for thread in threads:
            self.answer(thread, text)

    def _run(self, thread: str, given: Any) -> Any:
        config: RunnableConfig = {"configurable": {"thread_id": thread}}
        return self._graph.invoke(given, config, durability="sync")
