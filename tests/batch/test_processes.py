"""Batches as real processes, on every database: killed, doubled, interrupted."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from support_cli.services.tickets import Filter
from tests.batch.clerk_model import clerk
from tests.batch.mixed import GOOD, mixed
from tests.batch.office import JSON, Office, count_lines, ended, write

KILLS = int(os.environ.get("SUPPORT_TEST_KILLS", "3"))
YES = {"type": "respond", "message": "Yes."}


@pytest.fixture
def office(store_target: Mapping[str, str]) -> Iterator[Office]:
    """Give an office with a model that answers at once."""
    with clerk() as url:
        yield Office(store_target, url)


@pytest.fixture
def slow_office(tmp_path: Path) -> Iterator[Office]:
    """Give an office on SQLite with a model that takes its time."""
    with clerk(0.3) as url:
        yield Office({"SUPPORT_HOME": str(tmp_path)}, url)


def until_over(office: Office, file: str) -> list[JSON]:
    """Run a batch again until no run of it is left to another process, such as a killed one."""
    for _ in range(20):
        _, results = office.batch(file)
        if not any(result["outcome"] == "recorded" for result in results):
            return results
        time.sleep(1)
    raise AssertionError("it never ends")


def test_killed_again_and_again_it_ends_as_one_that_was_not(office: Office) -> None:
    case = mixed(office, 164, 36)
    write("work.jsonl", case.lines)
    chance = random.Random(os.urandom(8))
    for number in range(KILLS):
        jobs = (8, 16)[number % 2]  # in one process, and in several
        office.killed_batch("work.jsonl", Path("killed.jsonl"), chance.randrange(40), jobs)
    case.check(until_over(office, "work.jsonl"))
    with office.desk() as desk:
        case.check_ends(desk)


def test_of_two_batches_of_one_file_each_line_is_applied_once(office: Office) -> None:
    tickets = office.file_questions([f"Why {number}?" for number in range(40)])
    write("work.jsonl", [{"ticket": ticket, "decision": YES} for ticket in tickets])
    both = [
        office.start("admin", "batch", "work.jsonl", "--yes", "--jobs", "8", "--by", name)
        for name in ("bob", "alice")
    ]
    results = [ended(process)[1] for process in both]
    for number in range(1, len(tickets) + 1):
        found = sorted(r["outcome"] for each in results for r in each if r["line"] == number)
        assert found == ["applied", "conflict"]
    with office.desk() as desk:
        for ticket in tickets:
            trail = Counter(event.type for event in desk.tickets.of_anyone(ticket).trail)
            assert (trail["decided"], trail["said"]) == (1, 1)


def test_the_same_person_twice_at_once_is_no_conflict(slow_office: Office) -> None:
    tickets = slow_office.file_questions([f"Why {number}?" for number in range(20)])
    write("work.jsonl", [{"ticket": ticket, "decision": YES} for ticket in tickets])
    both = [slow_office.start("admin", "batch", "work.jsonl", "--yes") for _ in range(2)]
    results = [ended(process) for process in both]
    assert [code for code, _ in results] == [0, 0]
    applied = [r["line"] for _, each in results for r in each if r["outcome"] == "applied"]
    assert sorted(applied) == list(range(1, len(tickets) + 1))


@pytest.mark.parametrize(
    ("number", "code", "jobs"),
    [(signal.SIGINT, 130, 2), (signal.SIGTERM, 143, 16)],
    ids=["SIGINT", "SIGTERM, in several processes"],
)
def test_interrupted_it_finishes_what_runs_and_tells_the_rest(
    slow_office: Office, number: signal.Signals, code: int, jobs: int
) -> None:
    tickets = slow_office.file_questions([f"Why {each}?" for each in range(40)])
    write("work.jsonl", [{"ticket": ticket, "decision": YES} for ticket in tickets])
    options = ("--yes", "--jobs", str(jobs), "--results", "out.jsonl")
    process = slow_office.start("admin", "batch", "work.jsonl", *options)
    while process.poll() is None and count_lines(Path("out.jsonl")) < 2:
        time.sleep(0.01)
    process.send_signal(number)
    assert ended(process)[0] == code
    _, again = slow_office.batch("work.jsonl")
    before = Counter(_outcome(line) for line in Path("out.jsonl").read_text().splitlines())
    assert before.keys() == {"applied", "not_done"}
    assert before.total() == len(tickets)
    after = Counter(result["outcome"] for result in again)
    assert after == {"unchanged": before["applied"], "applied": before["not_done"]}


def test_questions_filed_by_a_killed_batch_are_filed_once(office: Office) -> None:
    lines = [{"text": f"Why {number}?", "key": f"k{number}"} for number in range(30)]
    write("questions.jsonl", lines)
    out = Path("out.jsonl")
    command = ("submit", "--batch", "questions.jsonl", "--jobs", "4", "--results", str(out))
    for after in (1, 8):
        out.unlink(missing_ok=True)
        process = office.start(*command)
        while process.poll() is None and count_lines(out) < after:
            time.sleep(0.002)
        process.kill()
        process.communicate()
    code, results = office.run("submit", "--batch", "questions.jsonl", "--jobs", "4")
    assert (code, len(results)) == (0, len(lines))
    assert {result["outcome"] for result in results} <= GOOD | {"recorded"}
    with office.desk() as desk:
        page = desk.tickets.find(Filter(), limit=1000)
    assert {row["id"] for row in page.rows} == {result["ticket"] for result in results}


def _outcome(line: str) -> str:
    return str(json.loads(line)["outcome"])
