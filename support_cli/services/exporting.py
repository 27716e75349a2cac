"""Listing what waits for decisions as lines of work, one by one or by what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from support_cli.domain.request import Kind, Request
from support_cli.domain.work import Target, normalised
from support_cli.services.paging import every_row
from support_cli.services.tickets import Filter, Tickets


@dataclass(slots=True)
class Waiting:
    """An open request, and the targets that one decision on it serves; of a group, the oldest."""

    request: Request
    customer: str | None
    created_at: datetime
    targets: list[Target]


def waiting_requests(tickets: Tickets, which: Filter) -> Iterator[Waiting]:
    """List the open requests of the tickets that the filter lets through, the oldest first."""
    for row in every_row(partial(tickets.find, which)):
        for each in row["requests"]:
            if each.decision is None and which.kind in (None, each.kind):
                target = Target(row["id"], each.id, each.fingerprint)
                yield Waiting(each, row["customer"], each.created_at, [target])


def grouped(found: Iterator[Waiting]) -> list[Waiting]:
    """Put the questions together that ask the same thing; everything else stays alone."""
    groups: list[Waiting] = []
    by_question: dict[str, Waiting] = {}
    for each in found:
        asked = normalised(each.request.query) if each.request.kind is Kind.QUESTION else None
        group = by_question.get(asked) if asked is not None else None
        if group is None:
            groups.append(each)
            if asked is not None:
                by_question[asked] = each
            continue
        group.targets += each.targets
        if group.customer != each.customer:
            group.customer = None
    return groups
