"""What needs a person."""

from __future__ import annotations

from collections.abc import Mapping

from support_cli.domain.tool import Tool
from support_cli.domain.verdict import Proposal, Ruling, Verdict


class Policies:
    """Judges proposed actions: what changes nothing is allowed, everything else asks."""

    def __init__(self, tools: Mapping[str, Tool]) -> None:
        self._tools = tools

    def judge(self, proposal: Proposal, version: str | None = None) -> Verdict:
        """Judge a proposal under the active policy, or under the version named."""
        tool = self._tools.get(proposal.tool)
        if tool is not None and not tool.marking.effect:
            return Verdict(Ruling.ALLOW, rule="reads", policy_version=version)
        return Verdict(Ruling.ASK, rule="everything else asks", policy_version=version)

    def levels_of(self, person: str) -> frozenset[str] | None:
        """Tell the levels a person holds; None where no people are named: all of them."""
        return None
