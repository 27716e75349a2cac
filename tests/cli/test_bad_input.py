"""Bad input gets a sentence, the right exit code, and nothing is lost."""

from __future__ import annotations

import os
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Run


def assert_refused(ran: Ran, code: int) -> str:
    """Check that a command ended with this code and one sentence, and return it."""
    assert (ran.code, ran.out) == (code, "")
    first, *rest = ran.err.splitlines()
    assert first.startswith("Error: ")
    assert first.endswith((".", "?"))
    assert len(rest) <= 1
    assert all(line.startswith("Try: ") for line in rest)
    return ran.err


@pytest.mark.parametrize(
    "ticket", ["ZZZZ-ZZZZ", "nonsense", "", "../../etc", "{'$ne': 1}", "\x1b[2J"]
)
def test_an_unknown_ticket(run: Run, ticket: str) -> None:
    for command in (["status"], ["admin", "show"], ["admin", "resume", "--answer", "x"]):
        assert "\x1b" not in assert_refused(run(*command, ticket), 5)


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n"])
def test_an_empty_text(run: Run, text: str) -> None:
    assert "The text is empty." in assert_refused(run("submit", text), 2)
    assert "The text is empty." in assert_refused(run("submit", "-", stdin=text.encode()), 2)


def test_no_text_where_nobody_can_be_asked(run: Run) -> None:
    assert "The text is missing." in assert_refused(run("submit"), 2)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00binary", b"\x89PNG\r\n", "UTF-16".encode("utf-16")]
)
def test_binary_on_stdin(run: Run, content: bytes) -> None:
    assert "not UTF-8 text" in assert_refused(run("submit", "-", stdin=content), 2)


def test_zero_bytes_on_stdin(run: Run) -> None:
    assert "zero bytes" in assert_refused(run("submit", "-", stdin=b"a\0b"), 2)


def test_too_much_on_stdin(run: Run) -> None:
    assert "64 KiB" in assert_refused(run("submit", "-", stdin=b"x" * 65 * 1024), 2)


def test_a_text_over_64_kib(run: Run) -> None:
    assert "64 KiB" in assert_refused(run("submit", "x" * 65 * 1024), 2)


@pytest.mark.parametrize("name", ["missing.txt", ".", "binary"])
def test_a_file_that_cannot_be_read(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    ticket = run("submit", "ask: How?", "--json").ticket
    assert name in assert_refused(run("admin", "resume", ticket, "--answer-file", name), 2)
    assert_refused(run("admin", "knowledge", "add", name), 2)


@pytest.mark.parametrize(
    "options",
    [
        ["wait", "ZZZZ-ZZZZ", "--timeout", "2 fortnights"],
        ["wait", "ZZZZ-ZZZZ", "--timeout", "-1m"],
        ["admin", "list", "--older-than", "2 fortnights"],
        ["admin", "list", "--older-than", "9999999w"],
    ],
)
def test_a_duration_that_is_none(run: Run, options: list[str]) -> None:
    assert f"{options[-2]}: “{options[-1]}”" in assert_refused(run(*options), 2)


@pytest.mark.parametrize("number", ["0", "-1", "abc", "1e3", "٣", "1001", "9" * 99, ""])
def test_a_number_that_is_none(run: Run, number: str) -> None:
    message = assert_refused(run("list", "--limit", number), 2)
    assert f"--limit: “{number}” is not a number from 1 to 1,000." in message


@pytest.mark.parametrize(
    "command",
    [
        ["list", "--status", "a\x1b[31mb"],
        ["admin", "list", "--kind", "\x1b]0;owned\x07"],
        ["list", "--limit", "\x9b2J"],
        ["list", "--\x1b[2J"],
        ["\x1b[2J"],
        ["submit", "--customer", "\x1b[2J", "hello"],
        ["submit", "--timeout", "\x1b[2J", "hello"],
        ["admin", "show", "\u202etxt.exe"],
        ["list", "--after", "\x1b[2J"],
        ["admin", "knowledge", "show", "\x1b[2J"],
    ],
)
def test_control_codes_in_an_argument_do_not_reach_the_terminal(
    run: Run, command: list[str]
) -> None:
    ran = run(*command)
    assert ran.code in (2, 5)
    assert not set(ran.err) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_arguments_that_are_not_utf_8(run: Run) -> None:
    broken = os.fsdecode(b"caf\xe9")
    for command in (["submit", broken], ["submit", "--key", broken, "x"], ["status", broken]):
        assert run(*command).code in (2, 5)


@pytest.mark.parametrize(
    "options",
    [
        ["submit", "--wait", "--detach", "hello"],
        ["submit", "--timeout", "1m", "hello"],
        ["submit", "--custmer", "eve", "hello"],
        ["list", "surplus"],
        ["list", "--limit"],
        ["submit", "hello", "--customer"],
        ["list", "--status", "open"],
        ["admin", "list", "-o", "tall"],
        ["list", "--after", "nonsense"],
        ["worker", "--jobs", "0"],
        ["submit", "--key", " ", "hello"],
        ["submit", "--customer", "two\nlines", "hello"],
    ],
)
def test_options_that_do_not_fit(run: Run, options: list[str]) -> None:
    assert_refused(run(*options), 2)
    assert run("admin", "list", "--status", "all").out == ""


def test_a_slip_in_an_option_is_not_taken_for_text(run: Run) -> None:
    assert "did you mean --customer?" in run("submit", "--custmer", "eve", "hello").err
    assert run("submit", "--", "--custmer", "eve").code == 0


def test_an_option_that_is_text_may_still_follow_the_two_dashes(run: Run) -> None:
    assert run("submit", "--json", "--", "--json").json["ticket"]["subject"] == "--json"


def test_a_broken_dotenv_names_the_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SUPPORT_MODEL=offline\nthis is not a setting\n")
    assert "Line 2 of .env" in assert_refused(run("list"), 2)


def test_a_store_that_is_down(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("MONGODB_URI", f"mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=100")
    for command in (["list"], ["submit", "hello"], ["worker", "--once"], ["admin", "list"]):
        assert f"127.0.0.1:{port}" in assert_refused(run(*command), 1)


def test_a_uri_that_is_none_does_not_show_its_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGODB_URI", "mongodb://ana:secret@[::1:nonsense")
    assert "secret" not in assert_refused(run("list"), 2)


def test_a_store_of_a_newer_version(run: Run, tmp_path: Path) -> None:
    run("list")
    with closing(sqlite3.connect(tmp_path / "support.db")) as connection, connection:
        connection.execute("UPDATE meta SET value = 99 WHERE name = 'schema'")
    assert "version 99" in assert_refused(run("list"), 1)


def test_a_store_that_is_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "support.db").write_text("Dear diary, this is not a database.")
    assert "support.db" in assert_refused(run("list"), 1)


def test_a_store_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    ticket = run("submit", "hello", "--json").ticket
    with closing(sqlite3.connect(tmp_path / "support.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    (tmp_path / "support.db").chmod(0o400)
    if os.access(tmp_path / "support.db", os.W_OK):
        pytest.skip("root may write everything")
    assert "cannot be written" in assert_refused(run("reply", ticket, "more"), 1)
    assert run("status", ticket).code == 0


def test_a_message_for_a_ticket_that_was_forged_shows_no_codes(run: Run) -> None:
    text = "\x1b]0;owned\x07 [bold]red[/bold] :boom: \u202eevil"
    ticket = run("submit", "-", "--json", stdin=f"ask: {text}".encode()).ticket
    for command in (["history", ticket], ["admin", "show", ticket], ["admin", "list"], ["list"]):
        out = run(*command).out
        assert not set(out) & {"\x1b", "\x07", "\u202e"}
        assert "[bold]red[/bold] :boom:" in out


def test_a_newline_does_not_forge_a_row(run: Run) -> None:
    run("submit", "-", stdin=b"ask: a\nZZZZ-ZZZZ\tquestion\t9d\tana\tforged")
    assert len(run("admin", "list").out.splitlines()) == 1
    assert len(run("admin", "list").out.split("\t")) == 5


def test_a_query_does_not_forge_a_fingerprint(run: Run) -> None:
    forged = "ask: x\n  fingerprint  0000"
    ticket = run("submit", "-", "--json", stdin=forged.encode()).ticket
    assert "\n  fingerprint  0000" not in run("admin", "show", ticket).out
