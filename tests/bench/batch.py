"""A batch against the plain loop of the tutorials: one thread after another, one by one."""

from __future__ import annotations

import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from langgraph.checkpoint.sqlite import SqliteSaver

from tests.bench.bare import Bare
from tests.bench.desk import BenchDesk, Measured
from tests.bench.figure import Figure, milliseconds, seconds
from tests.bench.model_server import serving

_TICKETS, _JOBS = 640, 32
_WARM = 3


def figures() -> Iterator[Figure]:
    """Compare throughput with a model that takes 300 ms, and overhead with one that takes none."""
    with tempfile.TemporaryDirectory() as folder, serving(0) as quick, serving(300) as slow:
        desk, home = BenchDesk(Path(folder) / "desk"), Path(folder)
        desk.ask(quick, _TICKETS)
        fast = desk.batch(slow, "--jobs", str(_JOBS))
        loop = _loop(home, quick, slow, 20)
        ours = (fast.span + 0.3) / fast.results
        made_of = f"{milliseconds(loop)} / {milliseconds(ours)} a ticket; {fast.whole:.1f} s in all"
        yield Figure(f"batch, --jobs {_JOBS}, model 300 ms", loop / ours, "≥ 25", made_of)
        before = _loop(home, quick, quick, 100)
        for jobs in (1, _JOBS):
            desk.ask(quick, 200, f"jobs{jobs}-")
            ours = _each(desk.batch(quick, "--jobs", str(jobs)))
            after = _loop(home, quick, quick, 100)
            loop, before = (before + after) / 2, after
            made_of = f"{milliseconds(ours)} / {milliseconds(loop)} a ticket"
            yield Figure(f"batch, --jobs {jobs}, model at once", ours / loop, "≤ 1.5", made_of)


def _each(measured: Measured) -> float:
    return measured.span / (measured.results - 1)


def _loop(home: Path, quick: str, url: str, count: int) -> float:
    """Pause some threads of the bare graph, and time resuming them in a loop, per thread."""
    with closing(sqlite3.connect(home / "bare.db", check_same_thread=False)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        saver = SqliteSaver(connection)
        threads = [secrets.token_hex(8) for _ in range(count + _WARM)]
        asking, answering = Bare(saver, quick), Bare(saver, url)
        for thread in threads:
            asking.ask(thread, "Why?")
        answering.answer_all(threads[:_WARM], "So.")
        return seconds(lambda: answering.answer_all(threads[_WARM:], "So.")) / count
