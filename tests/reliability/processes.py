"""Real processes, forked from one that has imported everything, and ended by their id."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.context import ForkServerProcess
from typing import Any

FORKING = multiprocessing.get_context("forkserver")
SIDE_BY_SIDE = 8
PATIENCE = 60.0  # seconds until a condition that must come true is given up


@contextmanager
def started(work: Callable[..., object], *arguments: object) -> Iterator[ForkServerProcess]:
    """Run a module's function in a process of its own; killed at the end if it still lives."""
    process = FORKING.Process(target=work, args=arguments, daemon=True)
    process.start()
    try:
        yield process
    finally:
        end(process)


def run(work: Callable[..., object], *arguments: object) -> int:
    """Run a module's function in a process of its own, and return the exit code."""
    with started(work, *arguments) as process:
        return exit_code(process)


def run_all(work: Callable[..., object], every: Sequence[Sequence[object]]) -> list[int]:
    """Run a module's function in a process per arguments, some side by side; return exit codes."""
    codes = []
    for start in range(0, len(every), SIDE_BY_SIDE):
        with ExitStack() as alive:
            some = [
                alive.enter_context(started(work, *arguments))
                for arguments in every[start : start + SIDE_BY_SIDE]
            ]
            codes += [exit_code(process) for process in some]
    return codes


def exit_code(process: ForkServerProcess) -> int:
    """Wait for a process to end; negative: the signal that ended it."""
    process.join(PATIENCE)
    assert process.exitcode is not None, f"a process did not end in {PATIENCE} s"
    return process.exitcode


def end(process: ForkServerProcess) -> None:
    """Kill a process that still lives, be it stopped or not."""
    if process.exitcode is None and process.pid is not None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    process.join(PATIENCE)
    process.close()


def wake(process: ForkServerProcess) -> None:
    """Let a stopped process go on."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGCONT)


def wait_until(true: Callable[[], Any], what: str, every: float = 0.01) -> None:
    """Wait for a condition.

    Raises:
        AssertionError: it did not come true.
    """
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, f"{what} did not come in {PATIENCE} s"
        time.sleep(every)
