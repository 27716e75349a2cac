"""A heartbeat in a thread, for leases that must be renewed while the model or a tool works."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from support_cli.errors import Busy, SupportError

_log = logging.getLogger(__name__)


class ThreadHeart:
    """Beats in a thread of its own until the block ends, or the lease is lost."""

    @contextmanager
    def beating(self, every: timedelta, beat: Callable[[], None]) -> Iterator[None]:
        """Call `beat` at this interval until the block ends."""
        over = threading.Event()
        thread = threading.Thread(target=_beat, args=(every, beat, over), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _beat(every: timedelta, beat: Callable[[], None], over: threading.Event) -> None:
    while not over.wait(every.total_seconds()):
        try:
            beat()
        except Busy:
            return
        except SupportError:
            # The store may be back before the lease ends; if not, the settle will say so.
            _log.warning("A lease could not be renewed", exc_info=True)
