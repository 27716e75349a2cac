"""A ticket that cannot be run: set aside, so that it keeps nobody from the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from support_cli.errors import SupportError

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=10)
_DOUBLINGS = 10  # beyond them the pause is the longest
_REASON_LIMIT = 500  # characters that are kept


@dataclass(frozen=True, slots=True)
class SetAside:
    """A ticket set aside, under the ticket's id.

    A record of its own, for the ticket's document may be what cannot be read.

    `reason` is why the last try failed, `since` when the first one did, and nobody tries again
    before `until`.
    """

    id: str
    reason: str
    since: datetime
    until: datetime
    tries: int = 1
    version: int = 0

    def again(self, error: Exception, now: datetime) -> SetAside:
        """Count one more try that failed."""
        pause = min(_FIRST_PAUSE * 2 ** min(self.tries, _DOUBLINGS), _LONGEST_PAUSE)
        reason, tries = reason_of(error), self.tries + 1
        return replace(self, reason=reason, until=now + pause, tries=tries)


def set_aside(ticket_id: str, error: Exception, now: datetime) -> SetAside:
    """Set a ticket aside for the first time."""
    return SetAside(ticket_id, reason_of(error), now, now + _FIRST_PAUSE)


def reason_of(error: Exception) -> str:
    """Say why a ticket could not be run."""
    told = str(error) if isinstance(error, SupportError) else f"{type(error).__name__}: {error}"
    return told[:_REASON_LIMIT]
