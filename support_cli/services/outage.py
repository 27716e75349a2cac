"""A store that is away: told once, asked again with growing pauses, told once when it is back."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from support_cli.errors import (
    DiskFailed,
    ReplyLost,
    StoreError,
    StoreReadOnly,
    StoreUnavailable,
    Unsettled,
)
from support_cli.services.ports import Clock

# What is over when the store is: everything else that fails, fails for its own reason.
PASSING = (StoreUnavailable, ReplyLost, Unsettled, StoreReadOnly, DiskFailed)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=0.25), timedelta(seconds=15)
_PATIENCE = timedelta(seconds=60)  # of who does not wait for ever
Tell = Callable[[StoreError | None], None]  # None: it is back


class Outage:
    """Knows whether the store is away, and when to ask it again.

    A disk that is full can still be read: an outage that was met in a write is over after one.
    """

    def __init__(self, clock: Clock, tell: Tell) -> None:
        self._clock = clock
        self._tell = tell
        self._error: StoreError | None = None
        self._in_write = False
        self._since = self._until = datetime.min
        self._pause = _FIRST_PAUSE
        self.ended = 0  # how many outages are over

    @property
    def lasts(self) -> bool:
        """Tell whether the store was away when it was last asked."""
        return self._error is not None

    @property
    def pauses(self) -> bool:
        """Tell whether it is too early to ask again."""
        return self.lasts and self._clock.now() < self._until

    def met(self, error: StoreError, *, in_write: bool) -> None:
        """Take note that the store failed."""
        now = self._clock.now()
        if self._error is None:
            self._since = now
            self._tell(error)
        self._error = error
        self._in_write |= in_write
        self._until = now + self._pause * random.uniform(0.5, 1)  # noqa: S311 (jitter)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    def over(self, *, wrote: bool) -> None:
        """Take note that the store answered."""
        if self._error is None or (self._in_write and not wrote):
            return
        self._error, self._in_write, self._pause = None, False, _FIRST_PAUSE
        self.ended += 1
        self._tell(None)

    def require_patience(self) -> None:
        """Give up a store that has been away for too long.

        Raises:
            StoreError: it has; as it was met last.
        """
        if self._error is not None and self._clock.now() - self._since >= _PATIENCE:
            raise self._error
