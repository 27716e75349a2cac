"""Doing things in several processes: a run is half computing, and Python computes on one core.

Each job has a pipe of its own, served by a thread of one of the processes. A process ends when its
pipes close, so none outlives the one that started it by more than what it is doing.
"""

from __future__ import annotations

import multiprocessing
import queue
import signal
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

I = TypeVar("I")  # noqa: E741 (an item)
R = TypeVar("R")
Pipe = Connection  # one end


class Crew(Generic[I, R]):
    """Processes that do items, so many at once.

    Args:
        processes: how many processes.
        jobs: how many items at once, in all of them.
        work: what each process runs, given its ends of the pipes; it must be picklable.
        lost: the result of an item whose process died.
    """

    def __init__(
        self,
        processes: int,
        jobs: int,
        work: Callable[[Sequence[Pipe]], None],
        lost: Callable[[I], R],
    ) -> None:
        self._spawn = multiprocessing.get_context("spawn")
        self._sizes = [len(range(first, jobs, processes)) for first in range(processes)]
        self._work = work
        self._lost = lost
        self._processes: list[SpawnProcess] = []
        self._pipes: list[Pipe] = []
        self._free: queue.SimpleQueue[Pipe] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        served = [self._start(size) for size in self._sizes]
        for number in range(max(self._sizes)):
            for pipes in served:
                for pipe in pipes[number : number + 1]:
                    self._free.put(pipe)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join()

    def do(self, item: I) -> R:
        """Have an item done; any number of threads may call at once."""
        pipe = self._free.get()
        try:
            pipe.send(item)
            done: R = pipe.recv()
        except (EOFError, OSError):
            return self._lost(item)
        finally:
            self._free.put(pipe)
        return done

    def _start(self, size: int) -> Sequence[Pipe]:
        both = [self._spawn.Pipe() for _ in range(size)]
        theirs = [their for _, their in both]
        process = self._spawn.Process(target=_at_work, args=(self._work, theirs), daemon=True)
        process.start()
        for pipe in theirs:
            pipe.close()
        self._processes.append(process)
        self._pipes += [our for our, _ in both]
        return [our for our, _ in both]


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
        pipe.close()


def _at_work(work: Callable[[Sequence[Pipe]], None], pipes: Sequence[Pipe]) -> None:
    # Ctrl-C reaches every process of the terminal. The first one decides what is still done.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    work(pipes)
