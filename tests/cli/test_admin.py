"""What an admin's commands do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def waiting(run: Run) -> str:
    """Give the id of a ticket with a question for a person."""
    return run("submit", "ask: How do I configure\nSSL?", "--customer", "ana", "--json").ticket


@pytest.fixture
def held(run: Run) -> str:
    """Give the id of a ticket with a refund to approve."""
    return run("submit", "approve: Refund 20 for ORD-1?", "--customer", "ana", "--json").ticket


@pytest.fixture
def failed(run: Run) -> str:
    """Give the id of a ticket whose runs have failed."""
    return run("submit", "crash: boom", "--customer", "ana", "--json").ticket


def fingerprint(run: Run, ticket: str) -> str:
    """Ask for the fingerprint of the one open request."""
    (request,) = run("admin", "show", ticket, "--json").json["ticket"]["requests"]
    return str(request["fingerprint"])


def test_the_list_has_what_waits_one_line_each(run: Run, waiting: str) -> None:
    run("submit", "hello")
    ran = run("admin", "list")
    assert ran.out == f"{waiting}\tquestion\t0s\tana\tHow do I configure SSL?\n"


def test_the_list_begins_with_what_waits_longest(run: Run) -> None:
    tickets = [run("submit", f"ask: {number}", "--json").ticket for number in range(3)]
    rows = run("admin", "list").out.splitlines()
    assert [row.split("\t")[0] for row in rows] == tickets


@pytest.mark.parametrize(
    ("options", "subjects"),
    [
        (["--status", "all"], {"ask: 1", "hello", "crash: x"}),
        (["--status", "answered"], {"hello"}),
        (["--kind", "failure"], {"crash: x"}),
        (["--customer", "eve"], {"ask: 1"}),
        (["--older-than", "1h"], set()),
        (["--limit", "1"], {"ask: 1"}),
    ],
)
def test_the_list_is_filtered(run: Run, options: list[str], subjects: set[str]) -> None:
    run("submit", "ask: 1", "--customer", "eve")
    run("submit", "hello")
    run("submit", "crash: x")
    rows = run("admin", "list", *options, "--json").json["tickets"]
    assert {row["subject"] for row in rows} == subjects


def test_a_wide_list_has_more_columns(run: Run, waiting: str) -> None:
    cells = run("admin", "list", "-o", "wide").out.rstrip("\n").split("\t")
    assert cells[0] == waiting
    assert {"question", "waiting", "1", "ana", "ask: How do I configure SSL?"} < set(cells)


def test_show_has_all_that_a_person_needs_to_decide(run: Run, waiting: str) -> None:
    run("reply", waiting, "It is urgent!", "--customer", "ana")
    out = run("admin", "show", waiting).out
    assert "customer ana, 0s ago:\n    │ ask: How do I configure\n    │ SSL?" in out
    assert "The customer has added since:\n    │ It is urgent!" in out
    assert "human_assistance" in out
    assert f"fingerprint  {fingerprint(run, waiting)}" in out
    assert f"support admin resume {waiting} --answer TEXT" in out
    assert "Trail (UTC): 5 events, intact" in out


def test_show_has_what_was_decided(run: Run, waiting: str) -> None:
    run("admin", "resume", waiting, "--answer", "Like this.", "--by", "bob")
    assert "r1 question: respond by bob, 0s ago: “Like this.”" in run("admin", "show", waiting).out


def test_an_answer_resumes_the_agent_and_prints_its_reply(run: Run, waiting: str) -> None:
    ran = run("admin", "resume", waiting, "--answer", "Like this.", "--by", "bob")
    assert (ran.code, ran.out) == (0, "Like this.\n")
    assert ran.err == f"Recorded: respond by bob on request r1 of {waiting}.\n"


@pytest.mark.parametrize("how", [["-"], ["--answer", "-"], ["--answer-file", "-"]])
def test_an_answer_is_read_from_stdin(run: Run, waiting: str, how: list[str]) -> None:
    assert run("admin", "resume", waiting, *how, stdin=b"From stdin.\n").out == "From stdin.\n"


def test_an_answer_is_read_from_a_file(run: Run, waiting: str, tmp_path: Path) -> None:
    (tmp_path / "answer.md").write_text("From a file.")
    ran = run("admin", "resume", waiting, "--answer-file", "answer.md")
    assert ran.out == "From a file.\n"


def test_a_detached_answer_is_recorded_and_applied_by_a_worker(run: Run, waiting: str) -> None:
    assert (
        "support worker --once" in run("admin", "resume", waiting, "--answer", "A", "--detach").out
    )
    assert run("worker", "--once").out.startswith(f"{waiting}\tanswered\t")
    assert run("wait", waiting, "--customer", "ana").out == "A\n"


def test_the_same_answer_again_is_unchanged(run: Run, waiting: str) -> None:
    run("admin", "resume", waiting, "--answer", "A", "--by", "bob")
    ran = run("admin", "resume", waiting, "--answer", "A", "--by", "bob")
    assert (ran.code, ran.out) == (0, "A\n")
    assert ran.err.startswith("Unchanged")


def test_another_answer_is_a_conflict_that_says_who_decided_and_what(
    run: Run, waiting: str
) -> None:
    run("admin", "resume", waiting, "--answer", "A", "--by", "bob")
    ran = run("admin", "resume", waiting, "--answer", "B", "--by", "eve")
    assert ran.code == 6
    assert "bob decided request r1" in ran.err
    assert "“A”" in ran.err


def test_an_answer_to_what_has_changed_is_stale(run: Run, waiting: str) -> None:
    shown = fingerprint(run, waiting)
    run("reply", waiting, "I meant something else.", "--customer", "ana")
    ran = run("admin", "resume", waiting, "--answer", "A", "--if-match", shown)
    assert ran.code == 6
    assert "has changed since" in ran.err


def test_a_decision_on_record_is_a_success_though_the_run_fails(run: Run, waiting: str) -> None:
    ran = run("admin", "resume", waiting, "--answer", "unplug: The disk failed.")
    assert ran.code == 0
    assert "The disk failed. The decision is on record; support worker --once" in ran.err


def test_without_a_terminal_a_missing_answer_is_named(run: Run, waiting: str) -> None:
    ran = run("admin", "resume", waiting)
    assert ran.code == 2
    assert "--answer TEXT" in ran.err


def test_without_a_terminal_a_ticket_must_be_named(run: Run, waiting: str) -> None:
    assert run("admin", "resume").code == 2


def test_an_approval_without_a_terminal_must_name_what_was_shown(run: Run, held: str) -> None:
    ran = run("admin", "resume", held, "--approve")
    assert ran.code == 2
    assert f"--if-match {fingerprint(run, held)}" in ran.err


def test_an_approval_of_what_was_shown_is_accepted(run: Run, held: str) -> None:
    ran = run("admin", "resume", held, "--approve", "--if-match", fingerprint(run, held))
    assert (ran.code, ran.out) == (0, "Done.\n")


def test_a_rejection_carries_its_reason(run: Run, held: str) -> None:
    shown = fingerprint(run, held)
    run("admin", "resume", held, "--reject", "Not broken.", "--if-match", shown)
    (decided,) = run("admin", "show", held, "--json").json["ticket"]["decided"]
    assert (decided["decision"]["type"], decided["decision"]["message"]) == (
        "reject",
        "Not broken.",
    )


def test_an_option_for_another_kind_is_refused_and_the_right_ones_are_named(
    run: Run, held: str
) -> None:
    ran = run("admin", "resume", held, "--answer", "Yes.")
    assert ran.code == 2
    assert "takes --approve, --edit, --reject, --respond, not --answer" in ran.err


def test_a_failure_is_tried_again(run: Run, failed: str) -> None:
    ran = run("admin", "resume", failed, "--retry", "--if-match", fingerprint(run, failed))
    assert ran.code == 0
    assert "waits for another decision" in ran.out


def test_a_ticket_is_closed_with_a_last_word(run: Run, failed: str) -> None:
    assert run("admin", "close", failed, "--message", "We call you.").code == 0
    assert run("wait", failed, "--customer", "ana").out.startswith("We call you.\n")


def test_several_open_requests_must_be_named(run: Run, waiting: str) -> None:
    ran = run("admin", "resume", waiting, "--request", "r9", "--answer", "A")
    assert (ran.code, "has no request r9" in ran.err) == (5, True)


@pytest.mark.parametrize(
    "options",
    [
        ["--answer", "a", "--answer-file", "f"],
        ["--answer", "a", "--retry"],
        ["-", "--answer", "a"],
        ["--approve", "--reject", "no"],
        ["--retry", "--verbatim"],
        ["surplus", "--answer", "a"],
        ["--edit", "not json"],
        ["--edit", "[1]"],
    ],
)
def test_options_that_do_not_fit_are_refused(run: Run, held: str, options: list[str]) -> None:
    ran = run("admin", "resume", held, *options)
    assert (ran.code, ran.out) == (2, "")
    assert run("admin", "show", held, "--json").json["ticket"]["decided"] == []
