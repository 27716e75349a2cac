"""Functions that may never come back, each in a daemon thread: no command waits for it at its end.

Python cannot stop a thread. A pool's threads are joined as the process ends; these are not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from support_cli.errors import Interrupted
from support_cli.services.ports import Late

T = TypeVar("T")


class DaemonCalls:
    """Calls each function in a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = False
        self._waiting: set[_DaemonCall] = set()

    def run(self, do: Callable[[], T], patience: timedelta) -> T:
        """Call a function, and return or raise what it does.

        Raises:
            Late: it is not over in this time. Interrupted: nobody waits any longer.
        """
        call = _DaemonCall(do)
        with self._lock:
            if self._left:
                raise Interrupted
            self._waiting.add(call)
        threading.Thread(target=call.work, daemon=True).start()
        try:
            call.woken.wait(patience.total_seconds())
        finally:
            with self._lock:
                self._waiting.discard(call)
        if call.over:
            result: T = call.outcome()
            return result
        raise Interrupted if self._left else Late(call)

    def leave(self) -> None:
        """Wait for no call any longer: whoever waits for one now or later raises Interrupted."""
        with self._lock:
            self._left = True
            for call in self._waiting:
                call.woken.set()


class _DaemonCall:
    def __init__(self, do: Callable[[], Any]) -> None:
        self._do = do
        self._lock = threading.Lock()
        self._after: list[Callable[[], None]] = []
        self._result: Any = None
        self._error: Exception | None = None
        self.over = False
        self.woken = threading.Event()  # it is over, or nobody waits any longer

    def work(self) -> None:
        try:
            self._result = self._do()
        except Exception as error:  # noqa: BLE001 (it belongs to whoever waits)
            self._error = error
        except BaseException as error:  # noqa: BLE001 (such as SystemExit: it ends the call alone)
            self._error = RuntimeError(f"It raised {type(error).__name__}: {error}")
        with self._lock:
            self.over = True
        self.woken.set()
        for do in self._after:
            do()

    def outcome(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._result

    def then(self, do: Callable[[], None]) -> None:
        with self._lock:
            if not self.over:
                self._after.append(do)
                return
        do()
