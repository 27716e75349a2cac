"""A process of a batch that is killed takes no line with it."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from support_cli.domain.ticket import Status
from tests.batch.clerk_model import clerk
from tests.batch.office import Office, count_lines, ended, write
from tests.reliability.processes import wait_until

YES = {"type": "respond", "message": "Yes."}
RESULTS = Path("results.jsonl")
LINES = 60
several_processes = pytest.mark.skipif(
    (os.cpu_count() or 1) < 2 or not Path("/proc").exists(),
    reason="one process does the whole batch here, or cannot be found",
)


def _processes_of(parent: int) -> list[int]:
    """Name the processes that do a batch's items, by their parent."""
    children = Path(f"/proc/{parent}/task").glob("*/children")
    named = [int(each) for path in children for each in path.read_text().split()]
    return [each for each in named if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]


@several_processes
def test_a_killed_process_of_a_batch_fails_no_line(tmp_path: Path) -> None:
    """What it held is done again, another takes its place, and each line is applied once."""
    with clerk(0.1) as url:
        office = Office({"SUPPORT_HOME": str(tmp_path)}, url)
        tickets = office.file_questions([f"Why {number}?" for number in range(LINES)])
        write("work.jsonl", [{"ticket": ticket, "decision": YES} for ticket in tickets])
        options = ("--yes", "--jobs", "16", "--results", str(RESULTS))
        batch = office.start("admin", "batch", "work.jsonl", *options)
        wait_until(lambda: count_lines(RESULTS) >= 5, "the first results")
        os.kill(_processes_of(batch.pid)[0], signal.SIGKILL)
        assert ended(batch)[0] == 0
        told = Counter(json.loads(line)["outcome"] for line in RESULTS.read_text().splitlines())
        assert told.total() == LINES
        assert told.keys() <= {"applied", "recorded", "unchanged"}
        office.run("worker", "--once")
        _check_decided_once(office, tickets)


def _check_decided_once(office: Office, tickets: Sequence[str]) -> None:
    with office.desk() as desk:
        for ticket in tickets:
            found = desk.tickets.of_anyone(ticket)
            trail = Counter(event.type for event in found.trail)
            assert (trail["decided"], trail["said"], found.status) == (1, 1, Status.ANSWERED)
