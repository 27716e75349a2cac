"""The JSON of batches: lines of work, their results, and the plan. Additions only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from support_cli.cli.schema import JSON, document, time
from support_cli.domain.work import Outcome, Target
from support_cli.services.batch import Result
from support_cli.services.exporting import Waiting

_TARGET = ("ticket", "request", "fingerprint")
_PLANNED = {
    "apply": Outcome.APPLIED,
    **{
        each.value: each
        for each in (
            Outcome.UNCHANGED,
            Outcome.STALE,
            Outcome.CONFLICT,
            Outcome.INVALID,
            Outcome.NOT_FOUND,
            Outcome.FAILED,
        )
    },
}


def work(each: Waiting) -> JSON:
    """Write a line of work, nobody's decision on it yet."""
    lone = each.targets[0] if len(each.targets) == 1 else None
    several = None if lone else [_target(target) for target in each.targets]
    return {
        **(_target(lone) if lone else dict.fromkeys(_TARGET)),
        "tickets": several,
        "custom_id": None,
        "kind": each.request.kind,
        "query": each.request.query,
        "tool": each.request.tool,
        "args": dict(each.request.args) if each.request.tool else None,
        "customer": each.customer,
        "created_at": time(each.created_at),
        "decision": None,
        "variants": each.queries if len(each.queries) > 1 else None,
    }


def result(each: Result) -> JSON:
    """Write what became of a line of work."""
    return document(
        line=each.line,
        custom_id=each.custom_id,
        ticket=each.ticket,
        request=each.request,
        outcome=each.outcome,
        status=each.status,
        reply=each.reply,
        error=each.error,
    )


def plan(counts: Mapping[Outcome, int], more: Mapping[str, int], remarks: Sequence[str]) -> JSON:
    """Write what a batch would come to, and what is to be said of its lines."""
    told = {name: counts.get(outcome, 0) for name, outcome in _PLANNED.items()}
    return document(plan={**told, **more, "remarks": list(remarks)})


def _target(each: Target) -> JSON:
    return {name: getattr(each, name) for name in _TARGET}
