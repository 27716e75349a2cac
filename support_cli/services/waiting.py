"""Waiting for a ticket's reply, and running the ticket where nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from support_cli.domain.running import claimable
from support_cli.domain.ticket import Status, Ticket
from support_cli.errors import StillWaiting
from support_cli.services.ports import Clock

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(milliseconds=200), timedelta(seconds=2)
_OVER = (Status.ANSWERED, Status.CLOSED)


def wait_for_reply(
    load: Callable[[], Ticket],
    run: Callable[[], Ticket],
    clock: Clock,
    timeout: timedelta | None = None,
) -> Ticket:
    """Wait until the ticket is answered or closed; run it whenever a run may claim it.

    Args:
        load: loads the ticket as it is now.
        run: runs it; called for a ticket that is ready, or whose run was abandoned.
        clock: how time passes.
        timeout: how long to wait; None for ever. A run that has begun is not cut short.

    Raises:
        StillWaiting: the time is over.
    """
    until = None if timeout is None else clock.now() + timeout
    pause = _FIRST_PAUSE
    while (ticket := load()).status not in _OVER:
        now = clock.now()
        if _may_run(ticket, now) and run().status in _OVER:
            continue
        if until is not None and now >= until:
            raise _still_waiting(ticket)
        clock.sleep(pause if until is None else min(pause, until - now))
        pause = min(pause * 2, _LONGEST_PAUSE)
    return ticket


def _may_run(ticket: Ticket, now: datetime) -> bool:
    # What a ticket is held for may have come to its end; running it finds out.
    held = ticket.lease is not None and ticket.lease.held
    return held or claimable(ticket.status, ticket.lease, now)


def _still_waiting(ticket: Ticket) -> StillWaiting:
    return StillWaiting(
        f"Ticket {ticket.id} is still {ticket.status}.", hint=f"support wait {ticket.id}"
    )
