"""Who kills: starts the people, kills and stops them at random, and takes the server away."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from random import Random

from tests.chaos.people import Life, decider, live, outlast, submitter, worker
from tests.chaos.world import World
from tests.databases import OwnMongo

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["tests.chaos.warm"])  # a start costs a fork, not the imports
PEOPLE: dict[str, Life] = {
    "submitter-0": submitter,
    "submitter-1": submitter,
    "decider-0": decider,
    "decider-1": decider,
    "worker-0": worker,
    "worker-1": worker,
}
LASTING = ("lasting-0", "lasting-1")  # workers that are never killed, nor started anew
_PATIENCE = 60.0
_STOPS = (1.2, 9.0)  # seconds: longer than the lease of all but an effect without a key
_QUIET = 3.0  # seconds between stops, so that no run is stopped twice in one effect
_SERVER_EVERY, _SERVER_AWAY = (6.0, 12.0), (0.2, 2.0)


@dataclass
class Counts:
    """What was done to the people and to the server."""

    kills: int = 0
    stops: int = 0
    restarts: int = 0


@dataclass
class Controller:
    """Keeps everybody alive, and kills them, until the time is over."""

    world: World
    server: OwnMongo | None
    chance: Random
    counts: Counts = field(default_factory=Counts)
    _alive: dict[str, ForkServerProcess] = field(default_factory=dict)
    _asleep: str | None = None
    _wake_at: float = 0.0
    _server_at: float = 0.0

    def run(self, seconds: float) -> None:
        """Let it rage for so long; afterwards nobody is alive."""
        try:
            for name in LASTING:
                self._begin(name, outlast, self.world, name)
            for name in PEOPLE:
                self._start(name)
            self._await_first_ticket()
            until = time.monotonic() + seconds
            self._server_at = time.monotonic() + min(self._draw(_SERVER_EVERY), seconds / 2)
            while time.monotonic() < until:
                time.sleep(self.chance.uniform(0.1, 0.6))
                self._disturb()
            for name in LASTING:
                self._check(name)
        finally:
            for process in self._alive.values():
                _end(process)

    def _await_first_ticket(self) -> None:
        # On a busy machine the imports of the process that all are forked from take a while.
        until = time.monotonic() + _PATIENCE
        while not any(self.world.told(name).read() for name in PEOPLE):
            assert time.monotonic() < until, f"nobody submitted anything in {_PATIENCE:g} s"
            time.sleep(0.1)

    def _disturb(self) -> None:
        now = time.monotonic()
        if self._asleep is not None and now >= self._wake_at:
            self._wake()
        if self._asleep is None and self.server is not None and now >= self._server_at:
            self._take_away(self.server)
        elif self._asleep is None and now >= self._wake_at + _QUIET and self.chance.random() < 0.5:
            self._stop(self.chance.choice(list(PEOPLE)))
        else:
            # Whoever sleeps is spared: the dead do not wake up as zombies.
            self._kill(self.chance.choice([name for name in PEOPLE if name != self._asleep]))

    def _start(self, name: str) -> None:
        self._begin(name, live, self.world, name, PEOPLE[name])

    def _begin(self, name: str, target: Callable[..., None], *arguments: object) -> None:
        process = FORKING.Process(target=target, args=arguments, name=name, daemon=True)
        process.start()
        self._alive[name] = process

    def _kill(self, name: str) -> None:
        self._check(name)
        _end(self._alive.pop(name))
        self.counts.kills += 1
        self._start(name)

    def _check(self, name: str) -> None:
        ended = self._alive[name].exitcode
        if ended is not None:
            self.world.bugs.add({"who": name, "trace": f"ended by itself: {ended}"})

    def _stop(self, name: str) -> None:
        self._signal(name, signal.SIGSTOP)
        self._asleep, self._wake_at = name, time.monotonic() + self._draw(_STOPS)
        self.counts.stops += 1

    def _wake(self) -> None:
        assert self._asleep is not None
        self._signal(self._asleep, signal.SIGCONT)
        self._asleep = None

    def _signal(self, name: str, number: signal.Signals) -> None:
        pid = self._alive[name].pid
        assert pid is not None
        os.kill(pid, number)

    def _take_away(self, server: OwnMongo) -> None:
        # The wire server loses the last milliseconds when it is killed; a mongod must not.
        (server.kill if server.real else server.stop)()
        time.sleep(self._draw(_SERVER_AWAY))
        server.start()
        self.counts.restarts += 1
        self._server_at = time.monotonic() + self._draw(_SERVER_EVERY)

    def _draw(self, span: tuple[float, float]) -> float:
        return self.chance.uniform(*span)


def _end(process: ForkServerProcess) -> None:
    if process.exitcode is None and process.pid is not None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    process.join(_PATIENCE)
    process.close()
