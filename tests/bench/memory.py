"""The peak memory of a batch of 100,000 lines against one of 1,000, over as many tickets."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from tests.bench.desk import BenchDesk
from tests.bench.figure import Figure
from tests.bench.model_server import serving

_FEW, _MANY, _TICKETS = 1_000, 100_000, 250


def figures() -> Iterator[Figure]:
    """Compare the two peaks."""
    with tempfile.TemporaryDirectory() as folder, serving(0) as url:
        few, many = (_peak(Path(folder) / str(lines), lines, url) for lines in (_FEW, _MANY))
        made_of = f"{many / 2**20:.0f} / {few / 2**20:.0f} MiB"
        yield Figure(f"batch, peak memory, {_MANY:,} lines", many / few, "≤ 1.3", made_of)


def _peak(folder: Path, lines: int, url: str) -> int:
    """Decide each ticket once, say the same again in every other line, and give the bytes."""
    desk = BenchDesk(folder)
    desk.ask(url, _TICKETS)
    work = folder / "work.jsonl"
    work.write_text("".join(islice(cycle(work.read_text().splitlines(keepends=True)), lines)))
    out = str(folder / "results.jsonl")
    process = desk.start(url, "admin", "batch", "work.jsonl", "--yes", "--results", out)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss * 1024
