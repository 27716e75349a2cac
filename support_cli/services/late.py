"""Effects that act for longer than they said, each of which holds its ticket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from support_cli.domain.effect import Effect, EffectState
from support_cli.domain.ticket import Status, Ticket
from support_cli.errors import Damaged
from support_cli.services.changes import Changes
from support_cli.services.paging import every_row, overlook

_FIELDS = ("ticket", "tool", "started_at", "until", "evidence")


@dataclass(frozen=True, slots=True)
class LateEffect:
    """An effect past its time, of which the process still lives."""

    ticket: str
    tool: str
    acting: timedelta


def late_effects(changes: Changes) -> Iterator[LateEffect]:
    """Find the effects that are past their time, and whose ticket a process still holds."""
    now = changes.clock.now()
    find = partial(
        changes.documents.find, Effect, fields=_FIELDS, where={"state": EffectState.STARTED}
    )
    for row in every_row(lambda **page: changes.settled(partial(find, **page)), overlook):
        past = row["until"] is not None and row["until"] < now and row["evidence"] is None
        if past and _is_held(changes, row["ticket"]):
            yield LateEffect(row["ticket"], row["tool"], now - row["started_at"])


def _is_held(changes: Changes, ticket_id: str) -> bool:
    try:
        ticket = changes.settled(lambda: changes.documents.get(Ticket, ticket_id))
    except Damaged:
        return False
    if ticket is None or ticket.status is not Status.RUNNING or ticket.lease is None:
        return False
    return ticket.lease.until > changes.clock.now()
