"""A trap at one write of a process: it dies or stops there, right before or right after it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

# The graph writes from several threads. One that were stopped in the middle of a transaction would
# keep a SQLite file locked for everybody.
_ONE_AT_A_TIME = threading.RLock()
_WAKES = {signal.SIGCONT}


class When(StrEnum):
    """On which side of the write."""

    BEFORE = "before"
    AFTER = "after"


@dataclass
class Trap:
    """Counts writes by name, and springs at one of them.

    `at` counts from 1; 0: never. `sprung` is a file that is there once it has sprung.
    """

    at: int = 0
    when: When = When.BEFORE
    signal: signal.Signals = signal.SIGKILL
    sprung: Path | None = None
    names: list[str] = field(default_factory=list)

    def set(self) -> None:
        """Make ready, before any thread is started: none of them may swallow the signal to wake."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _WAKES)

    @contextmanager
    def around(self, name: str) -> Iterator[None]:
        """Spring before or after the block, if this is the write."""
        with _ONE_AT_A_TIME:
            self.names.append(name)
            here = len(self.names) == self.at
            if here and self.when is When.BEFORE:
                self._spring()
            yield
            if here and self.when is When.AFTER:
                self._spring()

    def _spring(self) -> None:
        if self.sprung is not None:
            self.sprung.touch()
        os.kill(os.getpid(), self.signal)
        # Another thread may be the one that takes the signal; this one must not go on meanwhile.
        signal.sigwait(_WAKES)


class Trapped:
    """Stands for another object; every call that is not one of its reads goes through the trap.

    So a write that is new to a port is counted without anyone listing it.
    """

    def __init__(self, inner: Any, trap: Trap, reads: frozenset[str]) -> None:
        self._inner = inner
        self._trap = trap
        self._reads = reads

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name in self._reads or not callable(found):
            return found
        return self._through(f"{type(self._inner).__name__}.{name}", found)

    def _through(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def trapped(*args: Any, **options: Any) -> Any:
            with self._trap.around(name):
                return call(*args, **options)

        return trapped
