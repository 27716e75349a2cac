"""The JSON that scripts read is exactly what the README promises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.cli.conftest import Ran, Run

TICKET = {
    "id",
    "status",
    "customer",
    "subject",
    "created_at",
    "updated_at",
    "reply",
    "error",
    "requests",
}
REQUEST = {
    "evidence",
    "id",
    "kind",
    "query",
    "tool",
    "args",
    "facts",
    "rule",
    "policy_version",
    "reason",
    "risk",
    "levels",
    "votes",
    "missing",
    "in_order",
    "edits",
    "options",
    "allowed_decisions",
    "fingerprint",
    "created_at",
    "due_at",
    "decision",
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
def waiting(run: Run) -> str:
    """Give the id of a ticket that waits for a person."""
    return run("submit", "ask: How?", "--customer", "ana", "--json").ticket


def ticket_of(ran: Ran, *more: str) -> Mapping[str, Any]:
    """Check a document about one ticket, and return the ticket."""
    assert (ran.code, ran.err) == (0, "")
    assert ran.json.keys() == {"schema_version", "ticket"}
    assert ran.json["schema_version"] == 1
    ticket: Mapping[str, Any] = ran.json["ticket"]
    assert ticket.keys() == TICKET | set(more)
    assert TIME.fullmatch(ticket["created_at"])
    return ticket


def test_submit_tells_the_ticket(run: Run) -> None:
    ticket = ticket_of(run("submit", "hello", "--json"))
    assert (ticket["status"], ticket["reply"]) == ("answered", "About hello")


@pytest.mark.parametrize(
    "command",
    [["status"], ["close"], ["reply", "more"], ["wait", "--timeout", "1m"]],
)
def test_each_command_on_a_ticket_tells_it(run: Run, command: list[str]) -> None:
    ticket = run("submit", "hello", "--json").ticket
    ticket_of(run(command[0], ticket, *command[1:], "--json"))


def test_history_adds_the_messages(run: Run, waiting: str) -> None:
    run("admin", "resume", waiting, "--answer", "A", "--by", "bob")
    told = ticket_of(run("history", waiting, "--customer", "ana", "--json"), "messages")
    assert [(each["role"], each["text"], each["by"]) for each in told["messages"]] == [
        ("customer", "ask: How?", "ana"),
        ("person", None, None),
        ("agent", "A", "agent"),
    ]


def test_a_customer_learns_of_a_request_only_that_it_is_there(run: Run, waiting: str) -> None:
    (request,) = ticket_of(run("status", waiting, "--customer", "ana", "--json"))["requests"]
    assert request.keys() == REQUEST
    known = {name: value for name, value in request.items() if value is not None}
    assert known.keys() == {"id", "kind", "query", "created_at"}


def test_admin_show_tells_everything(run: Run, waiting: str) -> None:
    told = ticket_of(run("admin", "show", waiting, "--json"), "messages", "decided", "trail")
    (request,) = told["requests"]
    assert request.keys() == REQUEST
    assert request["args"] == {"query": "How?"}
    assert request["allowed_decisions"] == ["respond"]
    assert [event["type"] for event in told["trail"]] == [
        "submitted",
        "claimed",
        "asked",
        "settled",
    ]


def test_admin_resume_tells_the_ticket(run: Run, waiting: str) -> None:
    ticket = ticket_of(run("admin", "resume", waiting, "--answer", "A", "--json"))
    assert ticket["reply"] == "A"
    decided = run("admin", "show", waiting, "--json").json["ticket"]["decided"]
    assert decided[0]["decision"].keys() == {"type", "message", "args", "by", "at"}


def test_lists_are_arrays_with_a_cursor(run: Run, waiting: str) -> None:
    run("submit", "ask: And?", "--customer", "ana")
    for command in (["admin", "list"], ["list", "--customer", "ana"]):
        page = run(*command, "--limit", "1", "--json").json
        assert page.keys() - {"set_aside"} == {"schema_version", "tickets", "next", "damaged"}
        assert page["tickets"][0].keys() == TICKET
        rest = run(*command, "--after", page["next"], "--json").json
        assert (len(rest["tickets"]), rest["next"]) == (1, None)


def test_a_worker_tells_a_line_for_each_ticket(run: Run) -> None:
    run("submit", "--detach", "hello")
    ticket_of(run("worker", "--once", "--json"))


def test_articles_are_told(run: Run, tmp_path: Any) -> None:
    (tmp_path / "a.md").write_text("# Hours\n\nNine to five.")
    added = run("admin", "knowledge", "add", "a.md", "--json").json
    assert added.keys() == {"schema_version", "articles", "skipped", "next"}
    assert run("admin", "knowledge", "list", "--json").json["articles"][0]["title"] == "Hours"
    assert run("admin", "knowledge", "show", "a", "--json").json["article"]["id"] == "a"
    assert run("admin", "knowledge", "remove", "a", "--json").json["article"]["id"] == "a"


def test_the_doctor_tells_its_checks(run: Run) -> None:
    checks = run("admin", "doctor", "--json").json["doctor"]["checks"]
    assert {"name", "ok", "detail", "remedy"} == checks[0].keys()
    assert {"python", "packages", "settings", "model", "store", "clock"} <= {
        check["name"] for check in checks
    }


@pytest.mark.parametrize(
    ("command", "code", "kind"),
    [
        (["status", "ZZZZ-ZZZZ"], 5, "not_found"),
        (["submit", "  "], 2, "usage"),
        (["list", "--limit", "0"], 2, "usage"),
        (["list", "--nonsense"], 2, "usage"),
        (["nonsense"], 2, "usage"),
        (["admin"], 2, "usage"),
    ],
)
def test_errors_are_json_too(run: Run, command: list[str], code: int, kind: str) -> None:
    ran = run(*command, "--json")
    assert (ran.code, ran.out) == (code, "")
    assert ran.error.keys() == {"code", "message", "hint"}
    assert ran.error["code"] == kind


def test_control_characters_are_escaped_and_not_altered(run: Run) -> None:
    ran = run("submit", "-", "--json", stdin="a\x1b[2J\u202e".encode())
    assert "\x1b" not in ran.out
    assert ran.json["ticket"]["reply"] == "About a\x1b[2J\u202e"
