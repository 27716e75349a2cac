"""The commands around the desk: worker, doctor, knowledge, help."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from support_cli import __version__
from support_cli.domain.money import Money
from support_cli.settings import load
from support_cli.wiring import open_desk
from tests.cli.conftest import Run
from tests.fakes import ToldClock

COMMANDS = [
    [],
    ["submit"],
    ["reply"],
    ["wait"],
    ["status"],
    ["history"],
    ["list"],
    ["close"],
    ["worker"],
    ["config"],
    ["config", "trust"],
    ["admin"],
    ["admin", "list"],
    ["admin", "show"],
    ["admin", "resume"],
    ["admin", "close"],
    ["admin", "policy"],
    ["admin", "policy", "show"],
    ["admin", "policy", "check"],
    ["admin", "policy", "test"],
    ["admin", "policy", "apply"],
    ["admin", "policy", "history"],
    ["admin", "policy", "explain"],
    ["admin", "orders"],
    ["admin", "orders", "import"],
    ["admin", "orders", "list"],
    ["admin", "orders", "show"],
    ["admin", "export"],
    ["admin", "batch"],
    ["admin", "credits"],
    ["admin", "doctor"],
    ["admin", "knowledge"],
    ["admin", "knowledge", "add"],
    ["admin", "knowledge", "list"],
    ["admin", "knowledge", "show"],
    ["admin", "knowledge", "remove"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_is_everywhere_and_fits_80_columns(run: Run, command: list[str], option: str) -> None:
    ran = run(*command, option)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: {' '.join(['support', *command])} ")
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_that_does_something_has_json(run: Run, command: list[str]) -> None:
    out = run(*command, "--help").out
    assert "--json" in out or "Commands:" in out


def test_every_command_is_tested_here(run: Run) -> None:
    groups = [command for command in COMMANDS if "Commands:" in run(*command, "--help").out]
    for group in groups:
        listed = run(*group, "--help").out.split("Commands:\n")[1].splitlines()
        assert {line.split()[0] for line in listed} == {
            command[-1] for command in COMMANDS if command and command[:-1] == group
        }


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version").out == f"support {__version__}\n"


def test_without_a_command_the_help_is_shown_and_it_is_an_error(run: Run) -> None:
    ran = run()
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: support" in ran.err


def test_a_worker_runs_what_is_ready_and_ends(run: Run) -> None:
    for text in ("hello", "ask: How?"):
        run("submit", "--detach", text)
    ran = run("worker", "--once", "--jobs", "2")
    assert ran.code == 0
    assert sorted(row.split("\t")[1] for row in ran.out.splitlines()) == ["answered", "waiting"]


def test_a_worker_goes_on_where_one_ticket_breaks_the_store(run: Run) -> None:
    broken = run("submit", "--detach", "unplug: The disk failed.", "--json").ticket
    ran = run("worker", "--once", "--json", "--jobs", "1")
    assert ran.json["error"]["message"] == f"{broken}: The disk failed."


def test_articles_are_added_listed_shown_and_removed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hours.md").write_text("# Opening hours\n\nNine to five.\n")
    assert run("admin", "knowledge", "add", "hours.md").out == "Added hours: Opening hours\n"
    assert run("admin", "knowledge", "list").out == "hours\tOpening hours\n"
    assert "Nine to five." in run("admin", "knowledge", "show", "hours").out
    assert run("admin", "knowledge", "remove", "hours").out == "Removed hours.\n"
    assert run("admin", "knowledge", "show", "hours").code == 5


@pytest.fixture
def credited() -> None:
    """Issue a credit note."""
    with open_desk(load()) as desk:
        desk.credits.issue("k", "ana", Money(1250, "EUR"), "late parcel", "AAAA-AAAA")


@pytest.mark.usefixtures("credited")
def test_credit_notes_are_listed(run: Run) -> None:
    assert run("admin", "credits").out == "AAAA-AAAA\t0s\tana\t12.50 EUR\tlate parcel\n"
    assert run("admin", "credits", "--customer", "eve").out == ""


@pytest.mark.usefixtures("credited")
def test_credit_notes_are_told_as_json(run: Run) -> None:
    told = run("admin", "credits", "--json").json
    assert told.keys() == {"schema_version", "credits", "next"}
    assert (told["credits"][0]["amount"], told["credits"][0]["currency"]) == ("12.50", "EUR")


def test_a_healthy_desk_has_a_line_for_each_check(run: Run) -> None:
    ran = run("admin", "doctor")
    assert ran.code == 0
    words = {line.split()[0] for line in ran.out.splitlines() if not line.startswith(" ")}
    assert words == {"ok", "note"}
    assert "claims, not logins" in ran.out


def test_the_doctor_tells_of_a_store_that_cannot_be_opened(run: Run, tmp_path: Path) -> None:
    (tmp_path / "support.db").write_text("This is not a database at all.")
    ran = run("admin", "doctor")
    assert ran.code == 1
    assert "bad   store" in ran.out


def test_the_doctor_tells_of_clocks_that_are_apart(run: Run) -> None:
    with open_desk(load(), clock=ToldClock(datetime(2999, 1, 1, tzinfo=UTC))) as desk:
        desk.tickets.submit(desk.customer("ana"), "From the future", human=False)
    ran = run("admin", "doctor")
    assert ran.code == 1
    assert "but a ticket says 2999-01-01" in ran.out


def test_the_doctor_tells_of_settings_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("what is this")
    ran = run("admin", "doctor")
    assert ran.code == 1
    assert "bad   settings     Line 1 of .env is not NAME=value." in ran.out


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({}, "ok    model        offline"),
        (
            {"OPENAI_API_KEY": "sk-real", "SUPPORT_MODEL": "openai:gpt-5"},
            "ok    model        openai:gpt-5 at its own address, a key is set",
        ),
        (
            {"SUPPORT_MODEL": "openai:gpt-5"},
            "bad   model        SUPPORT_MODEL=openai:gpt-5 needs OPENAI_API_KEY",
        ),
        (
            {"OPENAI_BASE_URL": "http://u:secret@box:8000/v1", "SUPPORT_MODEL": "openai:llama"},
            "ok    model        openai:llama at box, no key is set",
        ),
        (
            {"OPENAI_API_KEY": "sk", "SUPPORT_MODEL": "offline"},
            "OPENAI_API_KEY is set and not used",
        ),
        ({"OPENAI_BASE_URL": "box"}, "bad   model        openai:gpt-5-mini at None"),
    ],
)
def test_the_doctor_tells_the_model_and_no_secret(
    run: Run, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], line: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = run("admin", "doctor").out
    assert line in out
    assert "sk-real" not in out
    assert "secret" not in out
