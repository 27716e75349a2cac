"""Every error a user can meet, as one tree.

    SupportError            1  something failed
    ├── UsageError          2  the command was given wrongly
    ├── NotAllowed          4  this person may not do this
    ├── NotFound            5  no such thing (or not yours)
    ├── Conflict            6  the state does not permit it
    │   ├── Closed             the ticket is over
    │   ├── Decided            somebody decided before
    │   ├── Stale              what was shown has changed since
    │   └── Busy               somebody else runs it
    ├── StillWaiting        8  no answer in the time given
    ├── Interrupted       130  it was interrupted, and something goes on or is unknown
    ├── StateDamaged        1  what the agent knew of a ticket cannot be read
    └── StoreError          1  the database
        ├── StoreUnavailable   it cannot be reached
        ├── ReplyLost          the connection broke; the write may have happened
        ├── Unsettled          the same, and nobody answers who could tell
        ├── StoreReadOnly      it refuses to be written
        ├── DiskFailed         its disk is full, or failed
        ├── Damaged            what is stored there cannot be read
        └── StoreTooNew        a newer version of this program wrote it

A class's docstring is its default message. Exit codes follow the README's table.
"""

from __future__ import annotations


class SupportError(Exception):
    """Something failed."""

    exit_code = 1
    code = "failed"

    def __init__(
        self, message: str | None = None, *, hint: str | None = None, excerpt: str | None = None
    ) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.hint = hint
        self.excerpt = excerpt  # the lines of a file that it is about, for a person's eyes
        super().__init__(self.message)


class UsageError(SupportError):
    """The command was given wrongly."""

    exit_code = 2
    code = "usage"


class NotAllowed(SupportError):
    """You may not do this."""

    exit_code = 4
    code = "not_allowed"


class NotFound(SupportError):
    """There is no such thing."""

    exit_code = 5
    code = "not_found"


class Conflict(SupportError):
    """The ticket's state does not permit this."""

    exit_code = 6
    code = "conflict"


class Closed(Conflict):
    """This ticket is closed."""

    code = "closed"


class Decided(Conflict):
    """This request has been decided already."""

    code = "decided"


class Stale(Conflict):
    """What you were shown has changed since."""

    code = "stale"


class Busy(Conflict):
    """Another process is running this ticket."""

    code = "busy"


class StillWaiting(SupportError):
    """The ticket is still waiting."""

    exit_code = 8
    code = "still_waiting"


class Interrupted(SupportError):
    """It was interrupted."""

    exit_code = 130
    code = "interrupted"


class StateDamaged(SupportError):
    """The agent's saved state is damaged: it cannot be read."""

    code = "state_damaged"


class StoreError(SupportError):
    """The store failed."""

    code = "store"


class StoreUnavailable(StoreError):
    """The store cannot be reached."""

    code = "store_unavailable"


class ReplyLost(StoreError):
    """The connection to the store broke before it answered."""

    code = "reply_lost"


class Unsettled(StoreError):
    """The store went away, and what was asked may have happened."""

    code = "unsettled"


class StoreReadOnly(StoreError):
    """The store cannot be written."""

    code = "store_read_only"


class DiskFailed(StoreError):
    """The disk of the store is full, or failed."""

    code = "disk_failed"


class Damaged(StoreError):
    """What is stored there cannot be read."""

    code = "damaged"


class StoreTooNew(StoreError):
    """A newer version of support wrote this store."""

    code = "store_too_new"
