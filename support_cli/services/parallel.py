"""Doing many things side by side, one per key at a time, in bounded memory."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Generic, TypeVar

_WINDOW = 8  # items looked ahead for each job, where those before them share a key
I = TypeVar("I")  # noqa: E741 (an item)
R = TypeVar("R")


class SideBySide(Generic[I, R]):
    """Does items of a stream in threads and gives each with its result, as it is done.

    Two items with one key are never done at once, and stay in order. Told to stop, it finishes
    what it does and gives the rest with None.
    """

    def __init__(
        self, jobs: int, do: Callable[[I], R], key: Callable[[I], str | None] = lambda _: None
    ) -> None:
        self._jobs = jobs
        self._do = do
        self._key = key
        self._stopped = False

    def stop(self) -> None:
        """Begin nothing more. Takes no lock, so a signal handler may call it."""
        self._stopped = True

    def over(self, items: Iterable[I]) -> Iterator[tuple[I, R | None]]:
        """Do every item. Raises what reading the items raises, once the running ones are done."""
        if self._jobs == 1:
            # Nothing to share out: a second thread would only take turns with this one.
            yield from ((item, None if self._stopped else self._do(item)) for item in items)
            return
        waiting = _Waiting(items, self._key, self._jobs * _WINDOW)
        done: queue.Queue[tuple[I, R] | BaseException | None] = queue.Queue(self._jobs * 2)
        threads = [
            threading.Thread(target=self._work, args=(waiting, done), daemon=True)
            for _ in range(self._jobs)
        ]
        for thread in threads:
            thread.start()
        try:
            yield from self._collected(done)
            yield from ((item, None) for item in waiting.rest())
        finally:
            self.stop()
            _drain(threads, done)

    def _collected(
        self, done: queue.Queue[tuple[I, R] | BaseException | None]
    ) -> Iterator[tuple[I, R]]:
        working = self._jobs
        broken: BaseException | None = None
        while working:
            match done.get():
                case None:
                    working -= 1
                case BaseException() as error:
                    self.stop()
                    broken = error
                case ended:
                    yield ended
        if broken is not None:
            raise broken

    def _work(
        self, waiting: _Waiting[I], done: queue.Queue[tuple[I, R] | BaseException | None]
    ) -> None:
        try:
            while taken := waiting.take(lambda: self._stopped):
                (item,) = taken
                try:
                    done.put((item, self._do(item)))
                finally:
                    waiting.release(item)
        except BaseException as error:  # noqa: BLE001 (raised again where the results are read)
            done.put(error)
        finally:
            done.put(None)


class _Waiting(Generic[I]):
    """The items not begun: the rest of the stream, and those parked behind one with their key."""

    def __init__(self, items: Iterable[I], key: Callable[[I], str | None], room: int) -> None:
        self._items = iter(items)
        self._key = key
        self._room = room
        self._parked: deque[I] = deque()
        self._busy: set[str] = set()
        self._changed = threading.Condition()

    def take(self, stopped: Callable[[], bool]) -> tuple[I] | None:
        """Take the next item whose key is free; None where there are no more, or at a stop."""
        with self._changed:
            while not stopped():
                item = self._free()
                if item is not None or not self._parked:
                    return item
                self._changed.wait()
        return None

    def release(self, item: I) -> None:
        """Say that an item is done."""
        key = self._key(item)
        if key is not None:
            with self._changed:
                self._busy.discard(key)
                self._changed.notify_all()

    def rest(self) -> Iterator[I]:
        """Give the items that nobody took."""
        while self._parked:
            yield self._parked.popleft()
        yield from self._items

    def _free(self) -> tuple[I] | None:
        for index, item in enumerate(self._parked):
            if self._key(item) not in self._busy:
                del self._parked[index]
                return self._began(item)
        while len(self._parked) < self._room:
            read = list(islice(self._items, 1))
            if not read:
                return None
            if self._key(read[0]) not in self._busy:
                return self._began(read[0])
            self._parked += read
        return None

    def _began(self, item: I) -> tuple[I]:
        key = self._key(item)
        if key is not None:
            self._busy.add(key)
        return (item,)


def _drain(threads: list[threading.Thread], done: queue.Queue[Any]) -> None:
    """Let the threads end, also where nobody reads their results any more."""
    for thread in threads:
        while thread.is_alive():
            try:
                done.get_nowait()
            except queue.Empty:
                thread.join(0.01)
