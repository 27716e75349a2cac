"""Requests as the desk recorded what they are about, not as the agent's state has it."""

from __future__ import annotations

from dataclasses import replace

from support_cli.domain.permit import as_recorded
from support_cli.domain.run import Pause, Position, request_for
from support_cli.domain.ticket import Ticket
from support_cli.services.effects import Ledger


def vetted(ledger: Ledger, ticket: Ticket, position: Position) -> Position:
    """Fill the pauses that are new to a ticket from the record of their calls, one read each.

    Those that do not fit it are set apart: a person is told, and nothing is done.
    """
    pauses: list[Pause] = []
    unfit: list[Pause] = []
    for pause in position.pauses:
        if request_for(ticket, pause) is not None:
            pauses.append(pause)
            continue
        recorded = as_recorded(pause, ledger.action_of(ticket.id, pause.call))
        (unfit if recorded is None else pauses).append(recorded or pause)
    return replace(position, pauses=tuple(pauses), unfit=tuple(unfit))
