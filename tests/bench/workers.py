"""Two workers against one, on a MongoDB that they share, with a model that takes 300 ms."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from support_cli.domain.ticket import Status
from tests.bench.desk import BenchDesk
from tests.bench.figure import Figure
from tests.bench.model_server import serving
from tests.databases import Mongo, NoMongo, best_mongo

_TICKETS, _WARM, _JOBS = 320, 16, 8


def figures() -> Iterator[Figure]:
    """Let one worker, then two, run the same number of answered questions."""
    with tempfile.TemporaryDirectory() as folder, serving(0) as quick, serving(300) as slow:
        home = Path(folder)
        (home / "mongo").mkdir()
        try:
            mongo = best_mongo(home / "mongo")
        except NoMongo:
            return
        with ExitStack() as stack:
            stack.callback(mongo.stop)
            one, two = (_rate(home, mongo, count, quick, slow) for count in (1, 2))
        name = "MongoDB" if mongo.real else "MongoDB wire server"
        made_of = f"{two:.1f} / {one:.1f} tickets a second, --jobs {_JOBS} each"
        yield Figure(f"two workers, {name}, model 300 ms", two / one, "≥ 1.8", made_of)


def _rate(home: Path, mongo: Mongo, workers: int, quick: str, slow: str) -> float:
    """Give the tickets a second of so many workers, from their first claim to their last settle."""
    desk = BenchDesk(home / str(workers), MONGODB_URI=mongo.uri(f"workers{workers}"))
    desk.ask(quick, _WARM)
    with _working(desk, workers, slow) as processes:
        assert desk.start(quick, "admin", "batch", "work.jsonl", "--yes", "--detach").wait() == 0
        desk.wait_for(Status.ANSWERED, _WARM)
        # They wait while the work is laid out, so that they begin together.
        for process in processes:
            process.send_signal(signal.SIGSTOP)
        desk.ask(quick, _TICKETS, "timed-")
        assert desk.start(quick, "admin", "batch", "work.jsonl", "--yes", "--detach").wait() == 0
        for process in processes:
            process.send_signal(signal.SIGCONT)
        desk.wait_for(Status.ANSWERED, _WARM + _TICKETS)
    return _TICKETS / desk.run_span()


@contextmanager
def _working(desk: BenchDesk, count: int, url: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    started = [desk.start(url, "worker", "--jobs", str(_JOBS)) for _ in range(count)]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
            process.wait()
