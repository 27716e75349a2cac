"""A batch does not hide that its lines contradict each other, and filed again it files nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.cli.conftest import Ran, Run

YES = {"type": "respond", "message": "Yes."}
NO = {"type": "respond", "message": "No."}


def batch(run: Run, lines: Sequence[dict[str, Any]], *options: str) -> Ran:
    Path("work.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return run("admin", "batch", "work.jsonl", *options)


def asked(run: Run, text: str = "Why?") -> str:
    return run("submit", f"ask: {text}", "--json").ticket


def test_lines_that_contradict_or_repeat_are_named_and_counted_apart(run: Run) -> None:
    one, other = asked(run), asked(run, "Who?")
    said = [(one, YES), (other, YES), (one, NO), (one.replace("-", "").lower(), YES)]
    lines = [{"ticket": ticket, "decision": decision} for ticket, decision in said]
    ran = batch(run, lines, "--dry-run")
    assert ran.code == 6
    assert "2 will apply, 1 repeat another line, 1 contradict another line" in ran.out
    assert "Line 3: contradicts line 1, which would be applied." in ran.err
    assert "Line 4: repeats line 1." in ran.err


def test_the_plan_in_json_counts_them_too(run: Run) -> None:
    lines = [{"ticket": asked(run), "decision": decision} for decision in (YES,)]
    lines += [lines[0], {**lines[0], "decision": NO}]
    plan = batch(run, lines, "--dry-run", "--json").json["plan"]
    assert (plan["apply"], plan["repeated"], plan["contradicting"]) == (1, 1, 1)
    assert len(plan["remarks"]) == 2


def test_a_group_that_names_a_ticket_twice_is_told(run: Run) -> None:
    ticket = asked(run)
    line = {"tickets": [{"ticket": ticket}, {"ticket": ticket, "request": "r1"}], "decision": YES}
    assert "1 will apply, 1 repeat another line" in batch(run, [line], "--dry-run").out


def test_questions_filed_again_for_workers_are_unchanged(run: Run) -> None:
    Path("q.jsonl").write_text('{"text": "hello", "key": "k", "customer": "ann"}\n')
    told = [run("submit", "--batch", "q.jsonl", "--detach").json["outcome"] for _ in range(2)]
    assert told == ["recorded", "unchanged"]


def test_decisions_left_to_workers_again_are_unchanged(run: Run) -> None:
    lines = [{"ticket": asked(run), "decision": YES}]
    told = [batch(run, lines, "--yes", "--detach").json["outcome"] for _ in range(2)]
    assert told == ["recorded", "unchanged"]
