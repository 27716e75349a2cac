"""An action that policy has judged: one line of the history that a new policy is tried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from support_cli.domain.effect import effect_id
from support_cli.domain.trail import canonical, digest
from support_cli.domain.verdict import Proposal, Verdict


@dataclass(frozen=True, slots=True)
class Action:
    """A proposal with its verdict; the verdict holds the facts and the policy's version.

    `edit`: a person's changed arguments for a call, which were judged and perhaps not accepted.
    """

    id: str
    ticket: str
    customer: str
    tool: str
    reads: bool
    args: Mapping[str, Any]
    confidence: float | None
    verdict: Verdict
    at: datetime
    edit: bool = False
    version: int = 0


def action_id(proposal: Proposal, *, edit: bool) -> str:
    """Name the entry of a proposal: its ticket and call, and for an edit also its arguments."""
    own = effect_id(proposal.ticket, proposal.call)
    return f"{own}:{digest(canonical(proposal.args))[:12]}" if edit else own
