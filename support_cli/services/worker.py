"""A worker: runs whatever is due, several tickets side by side."""

from __future__ import annotations

import random
import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from itertools import islice

from support_cli.domain.ticket import Ticket
from support_cli.errors import Busy, StoreError, StoreTooNew, SupportError
from support_cli.services.asides import Asides
from support_cli.services.outage import PASSING, Outage, Tell
from support_cli.services.ports import Clock
from support_cli.services.runs import Runs

_POLL = 1.0  # seconds between looks for new work
_PAGE = 200  # due tickets that are listed at a time
_WINDOW = 4  # so many tickets for each job are taken in any order
_BREATH = 0.05  # seconds between looks while something runs here
_SUSPECT = 3  # outages that began with one ticket: then it is the ticket's fault
Done = Callable[[str, Ticket | Exception], None]
Ran = tuple[Ticket | None, bool]  # and whether the store was known to be away as the run ended
Running = dict[Future[Ran], str]


class Worker:
    """Claims ready and abandoned tickets until it is told to stop.

    A ticket that cannot be run is set aside, and keeps nobody from the others. A store that is
    away is waited for.

    Args:
        runs: runs the tickets.
        clock: the time.
        jobs: how many at once.
        done: hears of each ticket that was run here, and of each that could not be.
        asides: keeps what cannot be run.
        away: hears once that the store is away, and once that it is back.
    """

    def __init__(
        self, runs: Runs, clock: Clock, jobs: int, done: Done, asides: Asides, away: Tell
    ) -> None:
        self._runs = runs
        self._clock = clock
        self._jobs = jobs
        self._done = done
        self._asides = asides
        self._outage = Outage(clock, away)
        self._due: deque[str] = deque()
        self._lapses: dict[str, datetime] | None = None
        self._broken: set[str] = set()  # tickets whose run here ended with the store
        self._began: Counter[str] = Counter()  # outages that began with a ticket
        self._ended_before: dict[str, int] = {}  # outages that were over as a run began
        self._stop = threading.Event()

    def stop(self) -> None:
        """Claim nothing more; what runs is finished."""
        self._stop.set()

    def run(self, *, once: bool) -> None:
        """Run what is due until stopped, or once: until nothing is left to run.

        Once also waits for the leases that other processes hold now, no longer than those last as
        they stand: a process that died leaves one behind, a living one renews it. And it looks at
        once at what others have set aside.

        Raises:
            StoreError: once, and the store stays away; or a newer program has taken it over.
        """
        with ThreadPoolExecutor(self._jobs) as pool:
            running: Running = {}
            try:
                while not self._stop.is_set() and not self._is_over(pool, running, once=once):
                    self._rest(running)
            finally:
                self._collect(running, everything=True)

    def _is_over(self, pool: ThreadPoolExecutor, running: Running, *, once: bool) -> bool:
        """Begin what is due, and tell whether there is nothing left to do."""
        if once:
            self._outage.require_patience()
        if self._outage.pauses:
            return False
        try:
            self._fill(pool, running, once=once)
            return once and not running and not self._outage.lasts and not self._awaited()
        except StoreTooNew:
            raise
        except StoreError as error:
            self._outage.met(error, in_write=False)
            return False

    def _fill(self, pool: ThreadPoolExecutor, running: Running, *, once: bool) -> None:
        if self._lapses is None:
            leases = self._runs.leases() if once else {}
            self._lapses = {ticket: lease.until for ticket, lease in leases.items()}
        # While the store is away, one ticket finds out whether it is back.
        jobs = 1 if self._outage.lasts else self._jobs
        if not self._due and len(running) < jobs:
            self._due.extend(self._listed(impatient=once))
            self._outage.over(wrote=not self._due)
        while self._due and len(running) < jobs:
            ticket_id = self._due.popleft()
            # Listed while it ran here: it may be due again, and the next list will say so.
            if ticket_id not in running.values():
                self._ended_before[ticket_id] = self._outage.ended
                running[pool.submit(self._run, ticket_id)] = ticket_id

    def _listed(self, *, impatient: bool) -> list[str]:
        """List what is due, to be worked off before the next look; last what was set aside.

        Roughly the oldest first: workers that share a store would otherwise all reach for the
        same ticket, and all but one in vain.
        """
        self._asides.refresh()
        waits, window = self._asides.waits, self._jobs * _WINDOW
        due = (each for each in self._runs.due() if not waits(each, impatient=impatient))
        numbered = enumerate(islice(due, _PAGE))
        mixed = sorted((n // window, random.random(), each) for n, each in numbered)  # noqa: S311
        first = [each for _, _, each in mixed]
        return [*dict.fromkeys([*first, *self._asides.due(impatient=impatient)])]

    def _rest(self, running: Running) -> None:
        if running:
            wait(running, timeout=_BREATH, return_when=FIRST_COMPLETED)
            self._collect(running, everything=False)
        elif self._outage.lasts:
            self._clock.sleep(timedelta(seconds=_BREATH))
        else:
            self._stop.wait(_POLL)

    def _collect(self, running: Running, *, everything: bool) -> None:
        for future in [each for each in running if everything or each.done()]:
            ticket_id = running.pop(future)
            late = self._is_late(self._ended_before.pop(ticket_id))
            error = future.exception()
            if error is None:
                self._ended(ticket_id, *future.result())
            elif late and isinstance(error, PASSING):
                self._broken.add(ticket_id)
            elif isinstance(error, Exception):
                self._failed(ticket_id, error)
            else:  # a tool that ends its thread is to end nothing else
                self._failed(ticket_id, SupportError(f"The run ended with {error!r}."))

    def _run(self, ticket_id: str) -> Ran:
        return self._runs.run_claimed(ticket_id), self._outage.lasts

    def _ended(self, ticket_id: str, ran: Ticket | None, amid_outage: bool) -> None:
        # What ended before the store went away, and is only heard of now, says nothing of it.
        if amid_outage:
            self._outage.over(wrote=ran is not None)
        self._broken.discard(ticket_id)
        self._began.pop(ticket_id, None)
        self._asides.forget(ticket_id)
        if ran is not None:
            self._done(ticket_id, ran)

    def _failed(self, ticket_id: str, error: Exception) -> None:
        if isinstance(error, PASSING) and self._is_outage(ticket_id):
            self._outage.met(error, in_write=True)
            self._broken.add(ticket_id)
            self._due.clear()
            return
        if not isinstance(error, Busy):
            self._asides.put(ticket_id, error)
        self._done(ticket_id, error)

    def _is_late(self, ended_before: int) -> bool:
        """Tell whether a run may have met an outage that is over: it has a patience of its own."""
        return not self._outage.lasts and ended_before < self._outage.ended

    def _is_outage(self, ticket_id: str) -> bool:
        if not self._outage.lasts:
            self._began[ticket_id] += 1
        return self._began[ticket_id] < _SUSPECT

    def _awaited(self) -> bool:
        now, held = self._clock.now(), self._runs.leases()
        lapses = self._lapses or {}
        for ticket in self._broken & held.keys():
            lapses[ticket] = held[ticket].until
            self._broken.discard(ticket)
        return any(ticket in held and until > now for ticket, until in lapses.items())
