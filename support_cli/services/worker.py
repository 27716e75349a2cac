"""A worker: runs whatever is due, several tickets side by side."""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from itertools import islice

from support_cli.domain.ticket import Ticket
from support_cli.services.ports import Clock
from support_cli.services.runs import Runs

_POLL = 1.0  # seconds between looks for new work
_PAGE = 200  # due tickets that are listed at a time
_WINDOW = 4  # so many tickets for each job are taken in any order
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
        self._due: deque[str] = deque()
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
            running: dict[Future[Ticket | None], str] = {}
            try:
                while not self._stop.is_set():
                    self._fill(pool, running)
                    if once and not running and not self._awaited(lapses):
                        return
                    self._rest(running)
            finally:
                self._collect(running, everything=True)

    def _fill(self, pool: ThreadPoolExecutor, running: dict[Future[Ticket | None], str]) -> None:
        if not self._due and len(running) < self._jobs:
            self._due.extend(self._listed())
        while self._due and len(running) < self._jobs:
            ticket_id = self._due.popleft()
            # Listed while it ran here: it may be due again, and the next list will say so.
            if ticket_id not in running.values():
                running[pool.submit(self._runs.run_claimed, ticket_id)] = ticket_id

    def _listed(self) -> list[str]:
        """List what is due, to be worked off before the next look.

        Roughly the oldest first: workers that share a store would otherwise all reach for the
        same ticket, and all but one in vain.
        """
        window = self._jobs * _WINDOW
        due = enumerate(islice(self._runs.due(), _PAGE))
        mixed = sorted((n // window, random.random(), each) for n, each in due)  # noqa: S311
        return [each for _, _, each in mixed]

    def _rest(self, running: dict[Future[Ticket | None], str]) -> None:
        if running:
            wait(running, timeout=_BREATH, return_when=FIRST_COMPLETED)
            self._collect(running, everything=False)
        else:
            self._stop.wait(_POLL)

    def _collect(self, running: dict[Future[Ticket | None], str], *, everything: bool) -> None:
        for future in [each for each in running if everything or each.done()]:
            ticket_id = running.pop(future)
            error = future.exception()
            if isinstance(error, Exception):
                self._done(ticket_id, error)
            elif error is None and (ran := future.result()) is not None:
                self._done(ticket_id, ran)

    def _awaited(self, lapses: dict[str, datetime]) -> bool:
        now = self._clock.now()
        held = self._runs.leases()
        return any(ticket in held and until > now for ticket, until in lapses.items())
