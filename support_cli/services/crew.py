"""Doing things in several processes: a run is half computing, and Python computes on one core.

Each job has a pipe of its own, served by a thread of one of the processes. A process ends when its
pipes close, so none outlives the one that started it by more than what it is doing.

A process that dies is replaced. What it held is done again, if that is harmless, in one process
kept for that, an item at a time: an item that kills its process takes no other along twice.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

_DEATHS = 8  # in a row, with nothing done in between: then no process is started any more
I = TypeVar("I")  # noqa: E741 (an item)
R = TypeVar("R")
Pipe = Connection  # one end
Work = Callable[[Sequence[Pipe]], None]


@dataclass(frozen=True)
class Loss(Generic[I, R]):
    """What becomes of an item whose process died.

    `repeatable` tells whether the item may be done again, `lost` gives its result where it may
    not, or where it killed the next process too, and `left` where it was never begun.
    """

    repeatable: Callable[[I], bool]
    lost: Callable[[I], R]
    left: Callable[[I], R]


class Crew(Generic[I, R]):
    """Processes that do items, so many at once.

    Args:
        processes: how many processes.
        jobs: how many items at once, in all of them.
        work: what each process runs, given its ends of the pipes; it must be picklable.
        loss: what becomes of an item whose process died.
    """

    def __init__(self, processes: int, jobs: int, work: Work, loss: Loss[I, R]) -> None:
        self._sizes = [len(range(first, jobs, processes)) for first in range(processes)]
        self._work = work
        self._loss = loss
        self._members: list[_Member] = []
        self._free: queue.SimpleQueue[tuple[_Member, int]] = queue.SimpleQueue()
        self._deaths = 0

    def __enter__(self) -> Self:
        # A process begins as `python -c`, which would import what the folder it stands in brings.
        os.environ["PYTHONSAFEPATH"] = "1"
        self._members = [_Member(self._work, size) for size in self._sizes]
        for number in range(max(self._sizes)):
            for member, size in zip(self._members, self._sizes, strict=True):
                if number < size:
                    self._free.put((member, number))
        self._repeater = _Member(self._work, 1)
        self._repeating = threading.Lock()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for member in (*self._members, self._repeater):
            member.end()

    def do(self, item: I) -> R:
        """Have an item done; any number of threads may call at once."""
        place = self._free.get()
        try:
            done = self._done(*place, item)
        finally:
            self._free.put(place)
        return done[0] if done else self._repeated(item)

    def _repeated(self, item: I) -> R:
        if self._loss.repeatable(item):
            with self._repeating:
                done = self._done(self._repeater, 0, item)
            if done:
                return done[0]
        return self._loss.lost(item)

    def _done(self, member: _Member, number: int, item: I) -> tuple[R] | None:
        """Have an item done there; None where its process died of it, or of another."""
        if self._deaths >= _DEATHS:
            return (self._loss.left(item),)
        done: tuple[R] | None = member.do(number, item)
        self._deaths = 0 if done else self._deaths + 1
        return done


class _Member:
    """One process with its pipes; started when it is first needed, and again when it died."""

    def __init__(self, work: Work, size: int) -> None:
        self._work = work
        self._size = size
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipes: list[Pipe] = []

    def do(self, number: int, item: Any) -> tuple[Any] | None:
        """Have an item done through one of its pipes; None where the process died meanwhile."""
        pipe = None
        try:
            pipe = self._pipe(number)
            pipe.send(item)
            return (pipe.recv(),)
        except (EOFError, OSError):
            self._lose(pipe)
            return None

    def end(self) -> None:
        """Let it finish what it does, and wait for its end."""
        with self._lock:
            for pipe in self._pipes:
                pipe.close()
            if self._process is not None:
                self._process.join()

    def _pipe(self, number: int) -> Pipe:
        with self._lock:
            if self._process is None:
                self._start()
            return self._pipes[number]

    def _lose(self, pipe: Pipe | None) -> None:
        with self._lock:
            # Whoever shared the process finds a broken pipe too, and must not end the next one.
            if pipe in self._pipes and self._process is not None:
                self._process.kill()
                self._process.join()
                self._process, self._pipes = None, []

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        both = [spawn.Pipe() for _ in range(self._size)]
        theirs = [their for _, their in both]
        process = spawn.Process(target=_at_work, args=(self._work, theirs), daemon=True)
        process.start()
        for pipe in theirs:
            pipe.close()
        self._process, self._pipes = process, [our for our, _ in both]


def serve(pipes: Sequence[Pipe], do: Callable[[Any], Any]) -> None:
    """Do what comes through the pipes, a thread for each, until they close."""
    threads = [threading.Thread(target=_serve, args=(pipe, do)) for pipe in pipes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _serve(pipe: Pipe, do: Callable[[Any], Any]) -> None:
    try:
        while True:
            pipe.send(do(pipe.recv()))
    except (EOFError, OSError):
        pass
    finally:
        pipe.close()  # also where the thread ends otherwise: nobody is to wait for it for ever


def _at_work(work: Callable[[Sequence[Pipe]], None], pipes: Sequence[Pipe]) -> None:
    # Ctrl-C reaches every process of the terminal. The first one decides what is still done.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    work(pipes)
