"""What policy says about a proposed action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Ruling(StrEnum):
    """What becomes of a proposed action."""

    ALLOW = "allow"
    ASK = "ask"
    REFUSE = "refuse"


class Choice(StrEnum):
    """What a person may say, in LangChain's own words."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    RESPOND = "respond"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What policy says about one proposed action, frozen with the facts it was said on.

    `rule` and `policy_version` say where it comes from; `reason` is for the approver, or for the
    customer where the action is refused; `levels` must all agree, one person each, and where
    `in_order` says so one after the other; `due` is how many seconds a person may take.
    """

    ruling: Ruling
    rule: str | None = None
    policy_version: str | None = None
    reason: str | None = None
    levels: tuple[str, ...] = ()
    in_order: bool = False
    allowed: tuple[Choice, ...] = tuple(Choice)
    risk: str | None = None
    due: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An action that somebody proposes: a tool call of the model's, or an edit of a person's.

    `confidence` is the model's own, 0 to 1; it may only make a verdict stricter.
    `overtaken` says why it is proposed again: it had been permitted, and was no longer as it acted.
    """

    ticket: str
    customer: str
    call: str
    tool: str
    args: Mapping[str, Any]
    confidence: float | None = None
    overtaken: str | None = None
