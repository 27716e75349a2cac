"""Levels, votes and edits in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from support_cli.domain.request import Choice, Request

if TYPE_CHECKING:
    from support_cli.services.decisions import Accepted

SAME = "the arguments as they were"
_NOT_COUNTED = "Your own agreement does not count here"


def in_words(levels: Sequence[str], in_order: bool) -> str:
    """Name the levels that must agree, and the order where it counts."""
    return (", then " if in_order else ", ").join(levels)


def needed(request: Request) -> str:
    """Name what must still be agreed to."""
    # A voter has gained the level that was missing: whoever agrees now decides it.
    return "one more vote" if request.complete else in_words(request.missing, request.in_order)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Write each argument that an edit changes, before and after."""
    for name, value in after.items():
        if name not in before or before[name] != value:
            yield f"{name}: {_json(before.get(name))} -> {_json(value)}"


def recorded(made: Accepted) -> str:
    """Say what is on record now, and whose agreement is missing."""
    request, where = made.request, f"{made.request.id} of {made.ticket.id}"
    if made.unchanged:
        return f"Unchanged: you had decided request {where} so before."
    if request.decision is not None:
        return f"Recorded: {request.decision.type} by {request.decision.by} on request {where}."
    missing = f"still missing: {in_words(request.missing, request.in_order)}."
    if made.type is Choice.EDIT:
        return f"{_edit(request, where)}; {missing}"
    return f"Your vote on {where} is recorded as {request.votes[-1].level}; {missing}"


def _edit(request: Request, where: str) -> str:
    what = ", ".join(changes(request.edits[-1].before, request.args)) or SAME
    rule = f"rule “{request.verdict.rule}”" if request.verdict else "policy"
    why = f": {request.reason.rstrip('.')}" if request.reason else ""
    mine = request.vote_of(request.edits[-1].by)
    agreed = f"You agree as {mine.level}" if mine and mine.level else _NOT_COUNTED
    return f"Your edit of {where} is recorded, {what}. It needs more ({rule}{why}). {agreed}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
