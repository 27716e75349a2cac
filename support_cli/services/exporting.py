"""Listing what waits for decisions as lines of work, one by one or by what is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from support_cli.domain.request import Kind, Request
from support_cli.domain.work import Target, without_orders
from support_cli.services.paging import every_row
from support_cli.services.tickets import Filter, Tickets

# Of one line, which must not be longer than what is read back, whatever is escaped in it.
_MOST_TARGETS = 2000
_MOST_TEXT = 128 * 1024  # of its texts' JSON, where there are several


@dataclass(slots=True)
class Waiting:
    """An open request, and the targets that one decision on it serves; of a group, the oldest.

    `queries` are the texts of a group that differ, and `size` how long they are as JSON.
    """

    request: Request
    customer: str | None
    created_at: datetime
    targets: list[Target]
    queries: list[str]
    size: int = 0

    def takes(self, other: Waiting) -> bool:
        """Tell whether the group with another request is still a line that can be read back."""
        larger = 0 if other.request.query in self.queries else other.size
        return len(self.targets) < _MOST_TARGETS and self.size + larger <= _MOST_TEXT

    def add(self, other: Waiting) -> None:
        """Put another request that asks the same into the group."""
        self.targets += other.targets
        if other.request.query not in self.queries:
            self.queries += other.queries
            self.size += other.size
        if self.customer != other.customer:
            self.customer = None


def waiting_requests(
    tickets: Tickets, which: Filter, damaged: Callable[[str], None]
) -> Iterator[Waiting]:
    """List the open requests of the tickets that the filter lets through, the oldest first.

    `damaged` hears of the tickets that cannot be read.
    """
    for row in every_row(partial(tickets.find, which), damaged):
        for each in row["requests"]:
            if each.decision is None and which.kind in (None, each.kind):
                target = Target(row["id"], each.id, each.fingerprint)
                size = len(json.dumps(each.query))
                yield Waiting(each, row["customer"], each.created_at, [target], [each.query], size)


def grouped(found: Iterator[Waiting], owner: Callable[[str], str | None]) -> list[Waiting]:
    """Put the questions together that ask the same thing; everything else stays alone.

    Args:
        found: the open requests.
        owner: names the customer of an order; None where there is no such order.
    """
    owner_of = cache(owner)
    groups: list[Waiting] = []
    by_question: dict[str, Waiting] = {}
    for each in found:
        asked = _asked(each, owner_of) if each.request.kind is Kind.QUESTION else None
        group = by_question.get(asked) if asked is not None else None
        if group is not None and group.takes(each):
            group.add(each)
            continue
        groups.append(each)
        if asked is not None:
            by_question[asked] = each
    return groups


def _asked(each: Waiting, owner: Callable[[str], str | None]) -> str:
    customer = each.customer
    return without_orders(each.request.query, lambda name: owner(name.upper()) == customer)
