"""Heartbeats, for leases that must be renewed while the model or a tool works."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from time import monotonic

from support_cli.errors import Busy

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Pulse:
    every: float
    beat: Callable[[], None]
    due: float


class ThreadHeart:
    """Beats for every run of the process, in one thread; a run is too short to start its own."""

    def __init__(self) -> None:
        self._pulses: list[_Pulse] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._wakes = inf  # when the thread looks again

    @contextmanager
    def beating(self, every: timedelta, beat: Callable[[], None]) -> Iterator[None]:
        """Call `beat` at this interval until the block ends, or the lease is lost."""
        seconds = every.total_seconds()
        pulse = _Pulse(seconds, beat, monotonic() + seconds)
        with self._changed:
            self._pulses.append(pulse)
            self._ensure_thread()
            if pulse.due < self._wakes:
                self._changed.notify()
        try:
            yield
        finally:
            self._forget(pulse)

    def _ensure_thread(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._beat_on, daemon=True)
            self._thread.start()

    def _beat_on(self) -> None:
        while True:
            pulse = self._next()
            try:
                pulse.beat()
            except Busy:
                self._forget(pulse)
            except Exception:  # noqa: BLE001 (one beat that fails is not to stop those of other runs)
                # The store may be back before the lease ends; if not, the settle will say so.
                _log.warning("A lease could not be renewed", exc_info=True)

    def _next(self) -> _Pulse:
        """Wait for the pulse that is due first, and set its next time."""
        with self._changed:
            while True:
                first = min(self._pulses, key=lambda pulse: pulse.due, default=None)
                left = None if first is None else first.due - monotonic()
                if first is not None and left is not None and left <= 0:
                    first.due = monotonic() + first.every
                    return first
                self._wakes = inf if first is None else first.due
                self._changed.wait(left)

    def _forget(self, pulse: _Pulse) -> None:
        with self._changed:
            if pulse in self._pulses:
                self._pulses.remove(pulse)
