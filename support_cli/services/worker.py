"""A worker: runs whatever is due, several tickets side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

from support_cli.domain.ticket import Ticket
from support_cli.services.ports import Clock
from support_cli.services.runs import Runs

_POLL = 1.0  # seconds between looks for new work
_BREATH = 0.05  # seconds between looks while something runs here


class Worker:
    """Claims ready and abandoned tickets until it is told to stop."""

    def __init__(
        self, runs: Runs, clock: Clock, jobs: int, done: Callable[[str, Ticket | Exception], None]
    ) -> None:
        self._runs = runs
        self._clock = clock
        self._jobs = jobs
        self._done = done
        self._stop = threading.Event()

    def stop(self) -> None:
        """Claim nothing more; what runs is finished."""
        self._stop.set()

    def run(self, *, once: bool) -> None:
        """Run what is due until stopped, or once: until nothing is left to run.

        Once also waits for the leases that other processes hold now, no longer than those last as
        they stand: a process that died leaves one behind, a living one renews it.
        """
        lapses = {ticket: lease.until for ticket, lease in self._runs.leases().items()}
        with ThreadPoolExecutor(self._jobs) as pool:
            running: dict[Future[Ticket], str] = {}
            try:
                while not self._stop.is_set():
                    self._fill(pool, running)
                    if once and not running and not self._awaited(lapses):
                        return
                    self._rest(running)
            finally:
                self._collect(running, everything=True)

    def _fill(self, pool: ThreadPoolExecutor, running: dict[Future[Ticket], str]) -> None:
        if len(running) >= self._jobs:
            return
        for ticket_id in self._runs.due():
            if ticket_id not in running.values():
                running[pool.submit(self._runs.run, ticket_id)] = ticket_id
            if len(running) >= self._jobs:
                return

    def _rest(self, running: dict[Future[Ticket], str]) -> None:
        if running:
            wait(running, timeout=_BREATH, return_when=FIRST_COMPLETED)
            self._collect(running, everything=False)
        else:
            self._stop.wait(_POLL)

    def _collect(self, running: dict[Future[Ticket], str], *, everything: bool) -> None:
        for future in [each for each in running if everything or each.done()]:
            ticket_id = running.pop(future)
            error = future.exception()
            if isinstance(error, Exception):
                self._done(ticket_id, error)
            elif error is None:
                self._done(ticket_id, future.result())

    def _awaited(self, lapses: dict[str, datetime]) -> bool:
        now = self._clock.now()
        held = self._runs.leases()
        return any(ticket in held and until > now for ticket, until in lapses.items())
