"""What a customer's commands do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.fakes import ScriptedAgent


@pytest.fixture
def waiting(run: Run) -> str:
    """Give the id of a ticket that waits for a person."""
    return run("submit", "ask: How do I configure SSL?", "--json").ticket


def test_a_question_that_the_agent_answers_prints_the_reply_once(run: Run) -> None:
    ran = run("submit", "opening", "hours")
    assert (ran.code, ran.out) == (0, "About opening hours\n")
    assert ran.err.startswith("Ticket ")


def test_a_question_for_a_person_prints_the_ticket_and_what_happens_next(run: Run) -> None:
    ran = run("submit", "ask: Why?")
    ticket = ran.err.split()[1]
    assert ran.code == 0
    assert ran.out.startswith(f"Ticket {ticket} is waiting for a person")
    assert f"support wait {ticket}" in ran.out


def test_a_person_is_asked_for_by_option(run: Run) -> None:
    assert run("submit", "--human", "hello", "--json").json["ticket"]["status"] == "waiting"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["how", "do", "I", "--really", "do", "it"], "how do I --really do it"),
        (["-hello", "there"], "-hello there"),
        (["--", "--json", "is", "what?"], "--json is what?"),
        (["-5", "degrees"], "-5 degrees"),
        (["- a list item"], "- a list item"),
    ],
)
def test_a_text_may_be_several_words_and_begin_with_a_dash(
    run: Run, words: list[str], text: str
) -> None:
    ran = run("submit", "--detach", "--key", "k", *words)
    assert run("submit", "--detach", "--key", "k", "x", "--json").json["ticket"]["subject"] == text
    assert ran.code == 0


def test_a_text_is_read_from_stdin(run: Run) -> None:
    ran = run("submit", "-", "--json", stdin="Über\r\nuns\n".encode())
    assert ran.json["ticket"]["reply"] == "About Über\nuns"


def test_the_same_key_gives_the_same_ticket(run: Run) -> None:
    first = run("submit", "--key", "order-7", "hello", "--json")
    assert run("submit", "--key", "order-7", "hello", "--json").json == first.json


def test_a_detached_ticket_is_left_to_a_worker(run: Run, agent: ScriptedAgent) -> None:
    ran = run("submit", "--detach", "hello")
    assert "ready for the agent" in ran.out
    assert agent.states == {}


def test_a_reply_continues_the_conversation(run: Run) -> None:
    ticket = run("submit", "hello", "--json").ticket
    assert run("reply", ticket, "and", "again").out == "About and again\n"


def test_a_reply_to_a_waiting_ticket_is_kept_and_leaves_it_waiting(run: Run, waiting: str) -> None:
    ran = run("reply", waiting, "it is urgent")
    assert ran.err == f"Your message is kept on ticket {waiting}.\n"
    assert "is waiting for a person" in ran.out


def test_wait_runs_a_ticket_that_nobody_runs(run: Run) -> None:
    ticket = run("submit", "--detach", "hello", "--json").ticket
    assert run("wait", ticket).out == "About hello\n"


def test_wait_prints_the_reply_of_an_answered_ticket(run: Run) -> None:
    ticket = run("submit", "hello", "--json").ticket
    assert run("wait", ticket.lower().replace("-", "")).out == "About hello\n"


@pytest.mark.parametrize("command", [("wait",), ("submit", "--wait", "--key", "k", "x")])
def test_past_its_timeout_a_wait_ends_with_8(run: Run, command: tuple[str, ...]) -> None:
    ticket = run("submit", "--key", "k", "ask: How?", "--json").ticket
    target = [ticket] if command == ("wait",) else []
    ran = run(*command, *target, "--timeout", "0.05s")
    assert ran.code == 8
    assert f"Error: Ticket {ticket} is still waiting.\nTry: support wait {ticket}\n" in ran.err


def test_status_is_one_line(run: Run, waiting: str) -> None:
    ran = run("status", waiting)
    assert ran.out.split("\t")[:2] == [waiting, "waiting"]
    assert ran.out.count("\n") == 1


def test_history_tells_that_a_person_answered_but_not_their_words(run: Run, waiting: str) -> None:
    run("admin", "resume", waiting, "--answer", "internal words", "--by", "bob")
    ran = run("history", waiting)
    assert "You, 0s ago:\n  │ ask: How do I configure SSL?" in ran.out
    assert "A person answered the agent" in ran.out
    assert "bob" not in ran.out


def test_a_list_has_ones_own_tickets_the_newest_first(run: Run) -> None:
    old = run("submit", "old", "--json").ticket
    run("submit", "hers", "--customer", "eve")
    new = run("submit", "new", "--json").ticket
    assert [line.split("\t")[0] for line in run("list").out.splitlines()] == [new, old]


def test_a_list_goes_on_with_the_command_it_names(run: Run) -> None:
    for number in range(3):
        run("submit", f"question {number}")
    first = run("list", "--status", "answered", "--limit", "2")
    command = first.err.removeprefix("More: support ").split()
    assert command[:5] == ["list", "--status", "answered", "--limit", "2"]
    assert run(*command).out.endswith("question 0\n")


def test_an_empty_list_names_the_store_it_looked_in(run: Run, tmp_path: Path) -> None:
    ran = run("list")
    assert (ran.code, ran.out) == (0, "")
    assert str(tmp_path / "support.db") in ran.err


def test_a_closed_ticket_takes_no_more_messages(run: Run, waiting: str) -> None:
    assert run("close", waiting).out == f"Ticket {waiting} is closed.\n"
    ran = run("reply", waiting, "one more thing")
    assert (ran.code, ran.err) == (
        6,
        f"Error: Ticket {waiting} is closed.\nTry: support submit\n",
    )


@pytest.mark.parametrize("command", ["status", "history", "wait", "close", "reply"])
def test_anothers_ticket_is_as_unknown_as_none(run: Run, waiting: str, command: str) -> None:
    text = ["hello"] if command == "reply" else []
    anothers = run(command, waiting, *text, "--customer", "eve")
    unknown = run(command, "ZZZZ-ZZZZ", *text, "--customer", "eve")
    assert (anothers.code, anothers.out) == (5, "")
    assert anothers.err.replace(waiting, "ZZZZ-ZZZZ") == unknown.err


def test_a_run_that_cannot_be_made_says_that_the_ticket_is_kept(run: Run) -> None:
    ran = run("submit", "unplug: The disk failed.")
    ticket = ran.err.split()[1]
    assert ran.code == 1
    assert f"Ticket {ticket} is kept, but could not be run: The disk failed." in ran.err
    assert ran.err.endswith(f"Try: support wait {ticket}\n")


def test_an_agent_that_keeps_failing_leaves_the_ticket_to_a_person(run: Run) -> None:
    ran = run("submit", "crash: out of memory", "--json")
    ticket = ran.json["ticket"]
    assert ticket["status"] == "waiting"
    assert ticket["error"] is None, "what broke inside is not for customers"
    assert run("admin", "show", ticket["id"], "--json").json["ticket"]["error"] == (
        "RuntimeError: out of memory"
    )


def test_a_text_of_64_kib_is_kept_whole(run: Run) -> None:
    text = "x" * 64 * 1024
    ticket = run("submit", "-", "--detach", "--json", stdin=f"{text}\n".encode()).ticket
    (message,) = run("history", ticket, "--json").json["ticket"]["messages"]
    assert message["text"] == text
