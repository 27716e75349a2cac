"""Building the agent: model, tools and checkpointer."""

from __future__ import annotations

import os
from collections.abc import Sequence

from langchain_core.language_models import BaseChatModel

from support_cli.agent.assistance import ASSISTANCE
from support_cli.agent.checkpoints import Checkpoints
from support_cli.agent.gate import Gate
from support_cli.agent.graph import LangGraphAgent
from support_cli.agent.models import build_model
from support_cli.agent.offline import OfflineModel
from support_cli.agent.sure import answer
from support_cli.agent.toolbox import Toolbox
from support_cli.domain.tool import Tool
from support_cli.services.effects import Ledger
from support_cli.services.knowledge import Knowledge
from support_cli.services.ports import Calls, Policy
from support_cli.settings import Settings

_TRACING = (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGCHAIN_TRACING_V2",
    "LANGSMITH_GATEWAY",  # would lead the model's own requests, with its key, through LangSmith
)


def build_agent(
    settings: Settings,
    knowledge: Knowledge,
    tools: Toolbox,
    policy: Policy,
    ledger: Ledger,
    calls: Calls,
    checkpoints: Checkpoints,
    model: BaseChatModel | None = None,
) -> LangGraphAgent:
    """Build the agent.

    Args:
        settings: which model.
        knowledge: what the offline model answers from.
        tools: what the agent may call.
        policy: what needs a person.
        ledger: what keeps effects from happening twice.
        calls: what calls the tools.
        checkpoints: where the agent's state rests.
        model: what speaks, in the place of the one that the settings name.
    """
    silence_tracing(settings)
    offline = OfflineModel(answer=lambda asked: answer(asked, knowledge.passages(asked)))
    gate = Gate(tools, policy, ledger, calls)
    return LangGraphAgent(model or build_model(settings, offline), tools, gate, checkpoints)


def build_toolbox(tools: Sequence[Tool]) -> Toolbox:
    """Put the desk's tools together, with the one that asks a person."""
    return Toolbox([ASSISTANCE, *tools])


def silence_tracing(settings: Settings) -> None:
    """Keep LangSmith from sending customers' texts away, whatever the environment says."""
    if not settings.tracing:
        os.environ.update(dict.fromkeys(_TRACING, "false"))
