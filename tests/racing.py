"""Many real processes at one moment."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TypeVar

from support_cli.store.mongo import MongoDocuments
from support_cli.store.sqlite import SqliteDocuments

RACERS = 8
_SECONDS = 60
_line: Barrier
T = TypeVar("T")


def race(work: Callable[..., T], *arguments: object) -> list[T]:
    """Run the work in eight processes side by side; they start where they call `line_up`.

    The work gets the number of its process, then the arguments; it must be a module's function.
    """
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload([work.__module__])  # eight imports would take seconds
    line = forking.Barrier(RACERS)
    with ProcessPoolExecutor(RACERS, forking, _keep, (line,)) as pool:
        running = [pool.submit(work, number, *arguments) for number in range(RACERS)]
        return [each.result() for each in running]


def line_up() -> None:
    """Wait until every racer is here."""
    _line.wait(_SECONDS)


def open_store(target: Mapping[str, str]) -> SqliteDocuments | MongoDocuments:
    """Open the store that these environment variables point to."""
    if "MONGODB_URI" in target:
        return MongoDocuments(target["MONGODB_URI"])
    return SqliteDocuments(Path(target["SUPPORT_HOME"]) / "support.db")


def _keep(line: Barrier) -> None:
    global _line
    _line = line
