"""Building the agent: model, tools and checkpointer."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from langchain_core.tools import StructuredTool

from support_cli.agent.assistance import human_assistance
from support_cli.agent.checkpoints import FencedSaver
from support_cli.agent.graph import LangGraphAgent
from support_cli.agent.models import build_model
from support_cli.agent.offline import OfflineModel
from support_cli.agent.sure import answer
from support_cli.services.knowledge import Knowledge
from support_cli.settings import Settings

_TRACING = (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGCHAIN_TRACING_V2",
)


def build_agent(
    settings: Settings,
    knowledge: Knowledge,
    tools: Sequence[Callable[..., str]],
    saver: FencedSaver,
) -> LangGraphAgent:
    """Build the agent.

    Args:
        settings: which model.
        knowledge: what the offline model answers from.
        tools: plain functions; a function's docstring is what the model reads.
        saver: where the agent's state rests.
    """
    silence_tracing(settings)
    offline = OfflineModel(answer=lambda asked: answer(asked, knowledge.passages(asked)))
    given = [human_assistance, *(StructuredTool.from_function(each) for each in tools)]
    return LangGraphAgent(build_model(settings, offline), given, saver)


def silence_tracing(settings: Settings) -> None:
    """Keep LangSmith from sending customers' texts away, whatever the environment says."""
    if not settings.tracing:
        os.environ.update(dict.fromkeys(_TRACING, "false"))
