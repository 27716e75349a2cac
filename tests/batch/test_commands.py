"""Export, batch and submit --batch, through the door that people use."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Run
from tests.cli.terminal import Terminal

JSON = dict[str, Any]
YES: JSON = {"type": "respond", "message": "Yes."}


def lines_of(text: str) -> list[JSON]:
    return [json.loads(line) for line in text.splitlines()]


def results(ran: Ran) -> list[JSON]:
    return sorted(lines_of(ran.out), key=lambda result: (result["line"], result["ticket"] or ""))


def outcomes(ran: Ran) -> list[str]:
    return [result["outcome"] for result in results(ran)]


def written(path: str, *lines: Mapping[str, Any] | str | bytes) -> str:
    with Path(path).open("wb") as file:
        for line in lines:
            raw = json.dumps(line) if isinstance(line, Mapping) else line
            file.write((raw if isinstance(raw, bytes) else raw.encode()) + b"\n")
    return path


@pytest.fixture
def ask(run: Run) -> Callable[..., str]:
    """Give a way to ask a question that waits for a person."""

    def submit(text: str, customer: str = "ann", kind: str = "ask") -> str:
        return run("submit", f"{kind}: {text}", "--customer", customer, "--json").ticket

    return submit


@pytest.fixture
def exported(run: Run) -> Callable[..., list[JSON]]:
    """Give a way to export."""
    return lambda *options: lines_of(run("admin", "export", *options).out)


def batch(run: Run, *lines: Mapping[str, Any] | str | bytes, options: str = "--yes") -> Ran:
    return run("admin", "batch", written("work.jsonl", *lines), *options.split())


def test_a_line_of_work_has_every_field(ask: Any, exported: Any) -> None:
    ticket = ask("Refund?", "ann", "approve")
    (line,) = exported()
    assert line.pop("created_at").endswith("Z")
    assert len(line.pop("fingerprint")) == 20
    assert line == {
        "ticket": ticket,
        "request": "r1",
        "tickets": None,
        "custom_id": None,
        "kind": "approval",
        "query": "Refund?",
        "tool": "refund_order",
        "args": {"order": "ORD-1", "amount": "20.00"},
        "customer": "ann",
        "decision": None,
        "variants": None,
    }


def test_what_is_exported_can_be_chosen(ask: Any, exported: Any) -> None:
    asked, approval = ask("Why?", "ann"), ask("Refund?", "ben", "approve")
    assert [line["ticket"] for line in exported()] == [asked, approval]
    assert [line["ticket"] for line in exported("--kind", "approval")] == [approval]
    assert [line["ticket"] for line in exported("--customer", "ann")] == [asked]
    assert exported("--older-than", "1h") == []


def test_questions_that_ask_the_same_come_as_one_line_for_one_answer(
    run: Run, ask: Any, exported: Any
) -> None:
    run("admin", "orders", "import", "--sample")
    tickets = {ask("Where is ORD-1042?", "ada"), ask("Where  is ord-1003?", "uma")}
    ask("Something else?")
    group, alone = exported("--group")
    assert (group["ticket"], group["customer"], alone["tickets"]) == (None, None, None)
    assert {each["ticket"] for each in group["tickets"]} == tickets
    done = batch(run, group | {"decision": YES, "custom_id": "outage"})
    assert {result["ticket"] for result in results(done)} == tickets
    assert {(r["line"], r["custom_id"], r["outcome"]) for r in results(done)} == {
        (1, "outage", "applied")
    }


def test_csv_goes_through_a_spreadsheet_and_back(run: Run, ask: Any, exported: Any) -> None:
    hostile = '=HYPERLINK("http://evil")'
    tickets = [ask(hostile), ask('Two\nlines, and “quotes"?', "=cmd"), ask("Not this.")]
    rows = list(csv.DictReader(io.StringIO(run("admin", "export", "--csv").out)))
    assert rows[0]["query"] == f"'{hostile}"
    assert not [cell for row in rows for cell in row.values() if cell.startswith("=")]
    for row in rows[:2]:
        row |= {"decision": "respond", "message": "Yes."}
    with Path("work.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    done = run("admin", "batch", "work.csv", "--yes")
    assert (done.code, outcomes(done)) == (0, ["applied", "applied"])
    assert [line["ticket"] for line in exported()] == [tickets[2]]


def test_every_kind_of_line_has_its_outcome(run: Run, ask: Any, exported: Any) -> None:
    fresh, closed, refund, edited = ask("a"), ask("b"), ask("c", "x", "approve"), ask("d")
    work = {line["ticket"]: line for line in exported()}
    run("admin", "close", closed)
    run("reply", edited, "ask: And now?", "--customer", "ann")
    lines: list[tuple[Mapping[str, Any] | str | bytes, str]] = [
        (work[fresh] | {"decision": YES}, "applied"),
        (work[closed] | {"decision": YES}, "conflict"),
        ({"ticket": refund, "decision": {"type": "approve"}}, "invalid"),
        (work[refund] | {"decision": YES | {"message": "No."}}, "applied"),
        (work[edited] | {"decision": YES}, "stale"),
        ({"ticket": "ZZZZ-ZZZZ", "decision": YES}, "not_found"),
        ({"ticket": edited, "request": "r9", "decision": YES}, "not_found"),
        ({"ticket": edited, "decision": {"type": "reject"}}, "invalid"),
        ({"ticket": edited, "decision": YES, "colour": "red"}, "invalid"),
        ("nope", "invalid"),
        (b"\xff", "invalid"),
    ]
    done = batch(run, *(line for line, _ in lines))
    assert outcomes(done) == [outcome for _, outcome in lines]
    assert done.code == 1
    assert all((each["error"] is None) == (each["outcome"] == "applied") for each in results(done))


def test_a_result_has_every_field(run: Run, ask: Any) -> None:
    ticket = ask("Why?")
    (result,) = results(batch(run, {"ticket": ticket, "custom_id": "c-1", "decision": YES}))
    assert result == {
        "schema_version": 1,
        "line": 1,
        "custom_id": "c-1",
        "ticket": ticket,
        "request": "r1",
        "outcome": "applied",
        "status": "answered",
        "reply": "Yes.",
        "error": None,
    }


def test_the_plan_changes_nothing_and_counts_everything(run: Run, ask: Any, exported: Any) -> None:
    tickets = [ask("a"), ask("b"), ask("c")]
    batch(run, {"ticket": tickets[1], "decision": YES})
    stale, *_ = exported()
    run("reply", tickets[0], "ask: More.", "--customer", "ann")
    before = exported()
    lines: list[JSON | str] = [
        stale | {"decision": YES},
        {"ticket": tickets[1], "decision": YES},
        {"ticket": tickets[1], "decision": YES | {"message": "No."}},
        {"ticket": tickets[2], "decision": YES},
        {"ticket": tickets[2]},
        "nope",
    ]
    planned = batch(run, *lines, options="--dry-run --json")
    assert planned.json["plan"] == {
        "apply": 1,
        "unchanged": 1,
        "stale": 1,
        "conflict": 1,
        "invalid": 1,
        "not_found": 0,
        "failed": 0,
        "repeated": 0,
        "contradicting": 0,
        "skipped": 1,
        "remarks": [],
    }
    assert planned.code == 1
    told = batch(run, *lines, options="--dry-run")
    assert "1 will apply, 1 already decided the same, 1 already decided otherwise" in told.out
    assert "Line 6: invalid: The line is not JSON" in told.err
    assert exported() == before


@pytest.mark.parametrize(
    ("said", "code"), [("Yes.", 0), ("No.", 6)], ids=["the same", "something else"]
)
def test_again_is_unchanged_and_otherwise_is_a_conflict(
    run: Run, ask: Any, said: str, code: int
) -> None:
    ticket = ask("Why?")
    batch(run, {"ticket": ticket, "decision": YES})
    again = batch(run, {"ticket": ticket, "decision": YES | {"message": said}})
    assert (again.code, outcomes(again)) == (code, ["conflict" if code else "unchanged"])


def test_two_lines_of_one_ticket_are_done_one_after_the_other(run: Run, ask: Any) -> None:
    ticket = ask("Why?")
    lines = [{"ticket": ticket, "decision": YES}] * 5
    done = batch(run, *lines, options="--yes --jobs 5")
    assert (done.code, outcomes(done)) == (0, ["applied", *["unchanged"] * 4])


def test_detached_the_decisions_are_recorded_and_a_worker_applies_them(run: Run, ask: Any) -> None:
    lines = [{"ticket": ask(f"{number}"), "decision": YES} for number in range(4)]
    done = batch(run, *lines, options="--yes --detach")
    assert (done.code, outcomes(done)) == (0, ["recorded"] * 4)
    assert run("worker", "--once").out.count("answered") == 4
    assert outcomes(batch(run, *lines)) == ["unchanged"] * 4


def test_a_run_that_fails_leaves_its_decision_on_record(run: Run, ask: Any) -> None:
    ticket = ask("Why?")
    done = batch(run, {"ticket": ticket, "decision": YES | {"message": "unplug: cable"}})
    (result,) = results(done)
    assert (done.code, result["outcome"]) == (0, "recorded")
    assert "cable" in result["error"]


def test_the_first_failure_can_end_it(run: Run, ask: Any) -> None:
    lines: list[JSON | str] = ["nope", *({"ticket": ask("a"), "decision": YES} for _ in range(3))]
    done = batch(run, *lines, options="--yes --jobs 1 --fail-fast")
    assert done.code == 1
    assert set(outcomes(done)[2:]) == {"not_done"}


def test_the_results_can_go_to_a_file_that_only_its_owner_reads(run: Run, ask: Any) -> None:
    done = batch(run, {"ticket": ask("a"), "decision": YES}, options="--yes --results out.jsonl")
    assert done.out == ""
    assert lines_of(Path("out.jsonl").read_text())[0]["outcome"] == "applied"
    assert Path("out.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ([], "Nobody is at a terminal"),
        (["--yes", "--dry-run"], "exclude each other"),
        (["--yes", "--results", "work.jsonl"], "would overwrite"),
        (["--yes", "--results", "no/such/folder"], "cannot be written"),
        (["--yes", "--jobs", "0"], "not a number from 1"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is(
    run: Run, ask: Any, exported: Any, options: list[str], problem: str
) -> None:
    written("work.jsonl", {"ticket": ask("a"), "decision": YES})
    ran = run("admin", "batch", "work.jsonl", *options)
    assert (ran.code, problem in ran.err) == (2, True)
    assert len(exported()) == 1


def test_the_lines_may_come_through_a_pipe(run: Run, ask: Any) -> None:
    stdin = json.dumps({"ticket": ask("a"), "decision": YES}).encode()
    assert outcomes(run("admin", "batch", "-", "--yes", stdin=stdin)) == ["applied"]
    refused = run("admin", "batch", "-", stdin=stdin)
    assert (refused.code, "--yes, or --dry-run" in refused.err) == (2, True)


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_said(run: Run, name: str) -> None:
    ran = run("admin", "batch", name, "--yes")
    assert (ran.code, "cannot be read" in ran.err) == (2, True)


def test_questions_are_filed_and_may_be_filed_again(run: Run) -> None:
    lines = [
        {"text": "hello", "key": "k1", "customer": "ann", "custom_id": "x"},
        {"text": "ask: Why?", "key": "k2"},
        {"text": ""},
    ]
    file = written("questions.jsonl", *lines)
    first = run("submit", "--batch", file, "--customer", "ben")
    assert (first.code, outcomes(first)) == (1, ["applied", "applied", "invalid"])
    one, two, _ = results(first)
    assert (one["custom_id"], one["status"], one["reply"]) == ("x", "answered", "About hello")
    assert two["status"] == "waiting"
    assert run("status", two["ticket"], "--customer", "ben").code == 0
    again = run("submit", "--batch", file, "--customer", "ben")
    assert outcomes(again) == ["unchanged", "unchanged", "invalid"]
    assert [each["ticket"] for each in results(again)] == [
        each["ticket"] for each in results(first)
    ]


def test_a_key_is_not_used_for_two_questions(run: Run) -> None:
    lines = [{"text": "hello", "key": "k"}, {"text": "another", "key": "k"}]
    done = run("submit", "--batch", written("q.jsonl", *lines))
    assert (done.code, outcomes(done)) == (6, ["applied", "conflict"])


def test_questions_can_be_left_to_a_worker(run: Run) -> None:
    done = run("submit", "--batch", written("q.jsonl", {"text": "hello"}), "--detach")
    assert (done.code, outcomes(done)) == (0, ["recorded"])
    assert "answered" in run("worker", "--once").out


def test_what_failed_inside_is_not_for_customers(run: Run) -> None:
    done = run("submit", "--batch", written("q.jsonl", {"text": "unplug: the secret cable"}))
    assert outcomes(done) == ["recorded"]
    assert "secret" not in done.out + done.err


def test_at_a_terminal_the_plan_is_shown_and_asked_about(
    support: Run, at_terminal: Callable[..., Terminal]
) -> None:
    ticket = support("submit", "How?", "--json").ticket
    written("work.jsonl", {"ticket": ticket, "decision": YES})
    command = ("admin", "batch", "work.jsonl", "--results", "out.jsonl")
    for answer, code in (("n", 1), ("y", 0)):
        terminal = at_terminal(*command)
        terminal.until("1 will apply")
        terminal.until("Apply?")
        terminal.type(f"{answer}\n")
        assert terminal.end() == code
    assert lines_of(Path("out.jsonl").read_text())[0]["outcome"] == "applied"
