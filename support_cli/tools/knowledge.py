"""Searching the knowledge base, for the agent."""

from __future__ import annotations

from collections.abc import Callable

from support_cli.services.knowledge import Knowledge
from support_cli.tools.api import read

_LIMIT = 6000  # characters of all passages together


def search_knowledge(knowledge: Knowledge) -> Callable[[str], str]:
    """Make the tool over a knowledge base."""

    @read
    def search_knowledge(query: str) -> str:
        """Search the company's help articles. Use the customer's own words."""
        passages = knowledge.passages(query)
        if not passages:
            return "No article speaks of this."
        told = [f"[{each.article}] {each.title}: {each.heading}\n{each.text}" for each in passages]
        return "Quoted from help articles:\n\n" + "\n\n".join(told)[:_LIMIT]

    return search_knowledge
