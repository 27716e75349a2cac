"""An office of real processes: batches are started, killed and looked at from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support_cli.domain.trail import Actor
from support_cli.settings import load
from support_cli.wiring import Desk, open_desk

JSON = dict[str, Any]
CUSTOMER = Actor("ann", "ann@home")
_SECONDS = 120
_SUPPORT = (sys.executable, "-m", "support_cli")


class Office:
    """Runs `support` on one store, with one model's server."""

    def __init__(self, store: Mapping[str, str], url: str, lease: str = "2s") -> None:
        own = {"OPENAI_BASE_URL": url, "SUPPORT_MODEL": "openai:clerk", "SUPPORT_LEASE": lease}
        self.environment = {**os.environ, **store, **own, "SUPPORT_ADMIN": "bob"}

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start a command; its output is read when it ends."""
        return subprocess.Popen(
            [*_SUPPORT, *args],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *args: str) -> tuple[int, list[JSON]]:
        """Run a command to its end; give its exit code and the JSON lines on stdout."""
        return ended(self.start(*args))

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Open a desk in this process."""
        with open_desk(load(self.environment, Path("no.env"))) as desk:
            yield desk

    def file_questions(self, texts: Sequence[str]) -> list[str]:
        """File questions, and return their tickets in order."""
        lines = [{"text": text, "key": text, "customer": "ann"} for text in texts]
        write("questions.jsonl", lines)
        code, filed = self.run("submit", "--batch", "questions.jsonl", "--jobs", "8")
        assert code == 0, filed
        return [each["ticket"] for each in sorted(filed, key=lambda each: int(each["line"]))]

    def exported(self) -> dict[str, JSON]:
        """Export, by ticket."""
        return {line["ticket"]: line for line in self.run("admin", "export")[1]}

    def batch(self, file: str, *options: str) -> tuple[int, list[JSON]]:
        """Run a batch to its end."""
        return self.run("admin", "batch", file, "--yes", "--jobs", "8", *options)

    def killed_batch(self, file: str, results: Path, after: int, jobs: int) -> None:
        """Start a batch, and kill it once it has given so many results, or has ended."""
        results.unlink(missing_ok=True)
        options = ("--yes", "--jobs", str(jobs), "--results", str(results))
        process = self.start("admin", "batch", file, *options)
        while process.poll() is None and count_lines(results) < after:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()


def ended(process: subprocess.Popen[str]) -> tuple[int, list[JSON]]:
    """Wait for a process; give its exit code and the JSON lines on its stdout."""
    out, err = process.communicate(timeout=_SECONDS)
    assert "Traceback" not in err, err
    return process.returncode, [json.loads(line) for line in out.splitlines()]


def count_lines(path: Path) -> int:
    """Count the lines of a file that may not be there yet."""
    return path.read_bytes().count(b"\n") if path.exists() else 0


def write(path: str, lines: Sequence[Mapping[str, Any] | bytes]) -> None:
    """Write lines to a file."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    Path(path).write_bytes(b"".join(line + b"\n" for line in raw))
