"""A desk of real processes to measure: tickets that wait, and the time between two results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from support_cli.domain.ticket import Status
from support_cli.services.tickets import Filter
from support_cli.settings import load
from support_cli.wiring import Desk, open_desk

_SUPPORT = (sys.executable, "-m", "support_cli")
_LOOK = 0.002  # seconds between two looks at a file of results
_POLL = 0.5  # seconds between two looks at the store


@dataclass(frozen=True)
class Measured:
    """What a command took from its first result to its last, in seconds, and in all."""

    results: int
    span: float
    whole: float


class BenchDesk:
    """Runs `support` on one store in a folder of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        mine = {"SUPPORT_HOME": str(folder), "SUPPORT_ADMIN": "bob", "SUPPORT_CUSTOMER": "ann"}
        self._environment = {**os.environ, "SUPPORT_MODEL": "openai:bench", **mine, **environment}

    def start(self, url: str, *args: str) -> subprocess.Popen[bytes]:
        """Start a command with the model at this URL."""
        return subprocess.Popen(
            [*_SUPPORT, *args],
            env=self._environment | {"OPENAI_BASE_URL": url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
        )

    def ask(self, url: str, count: int, prefix: str = "") -> None:
        """File questions that pause, and write the lines that answer them."""
        questions = [
            {"text": f"Why {number}?", "key": f"{prefix}{number}"} for number in range(count)
        ]
        _write(self.folder / "questions.jsonl", questions)
        out = self.folder / "filed.jsonl"
        options = ("--jobs", "16", "--results", str(out))
        assert self.start(url, "submit", "--batch", "questions.jsonl", *options).wait() == 0
        said = {"type": "respond", "message": "So."}
        filed = [json.loads(line)["ticket"] for line in out.read_text().splitlines()]
        _write(self.folder / "work.jsonl", [{"ticket": each, "decision": said} for each in filed])

    def batch(self, url: str, *options: str) -> Measured:
        """Run a batch over the lines, and time its results as they are written."""
        out = self.folder / "results.jsonl"
        out.unlink(missing_ok=True)
        began = time.perf_counter()
        process = self.start(
            url, "admin", "batch", "work.jsonl", "--yes", "--results", str(out), *options
        )
        first = _when_filled(out, process)
        assert process.wait() == 0
        whole = time.perf_counter() - began
        # The file's own time: the process takes a while to end after its last result.
        span = out.stat().st_mtime - first
        lines = out.read_text().splitlines()
        assert all(json.loads(line)["outcome"] == "applied" for line in lines)
        return Measured(len(lines), span, whole)

    def wait_for(self, status: Status, count: int) -> None:
        """Wait until so many tickets have this status."""
        with self._open() as desk:
            while len(desk.tickets.find(Filter(status=status), limit=1000).rows) < count:
                time.sleep(_POLL)

    def run_span(self) -> float:
        """Give the seconds from the first claim to the last settle of the tickets of the lines."""
        lines = (self.folder / "work.jsonl").read_text().splitlines()
        with self._open() as desk:
            trails = [desk.tickets.of_anyone(json.loads(line)["ticket"]).trail for line in lines]
        claims = [[event.at for event in trail if event.type == "claimed"][-1] for trail in trails]
        settles = [trail[-1].at for trail in trails]
        return (max(settles) - min(claims)).total_seconds()

    def _open(self) -> AbstractContextManager[Desk]:
        return open_desk(load(self._environment, Path("no.env")))


def _when_filled(path: Path, process: subprocess.Popen[bytes]) -> float:
    while process.poll() is None and not (path.exists() and path.stat().st_size):
        time.sleep(_LOOK)
    return time.time()


def _write(path: Path, lines: Sequence[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
