"""What a person sees at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.terminal import Terminal

Start = Callable[..., Terminal]
ESCAPE = "\x1b"


@pytest.fixture
def waiting(support: Run) -> str:
    """Give the id of a ticket that waits for a person."""
    return support("submit", "How do I configure SSL?", "--json", SUPPORT_CUSTOMER="ana").ticket


def editor(folder: Path, script: str) -> str:
    """Write an editor that does this with the file it is given."""
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def test_a_list_has_a_head_and_fits_the_width(support: Run, at_terminal: Start) -> None:
    support("submit", "--detach", "日本語の質問 " * 40, SUPPORT_CUSTOMER="c" * 60)
    terminal = at_terminal("admin", "list", "--status", "all", NO_COLOR="1")
    assert terminal.end() == 0
    head, row = terminal.screen.splitlines()
    assert head.split() == ["ID", "KIND", "AGE", "CUSTOMER", "QUERY"]
    assert row.endswith("…")


def test_long_texts_are_broken_between_words_and_indented(support: Run, at_terminal: Start) -> None:
    ticket = support("submit", "--detach", "word " * 60, "--json").ticket
    terminal = at_terminal("history", ticket, NO_COLOR="1")
    terminal.end()
    lines = terminal.screen.splitlines()[3:]
    assert len(lines) > 3
    assert all(line.startswith("  │ word") and len(line) <= 80 for line in lines)
    assert not any("wor d" in line for line in lines)


def test_colours_are_for_terminals_that_have_them(waiting: str, at_terminal: Start) -> None:
    assert ESCAPE in _screen(at_terminal("admin", "show", waiting))
    assert ESCAPE not in _screen(at_terminal("admin", "show", waiting, NO_COLOR="1"))
    assert ESCAPE not in _screen(at_terminal("admin", "show", waiting, TERM="dumb"))


def test_a_customers_codes_do_not_reach_the_terminal(support: Run, at_terminal: Start) -> None:
    ticket = support("submit", "--detach", "\x1b[2J[red]x[/red] :smile:", "--json").ticket
    screen = _screen(at_terminal("history", ticket, NO_COLOR="1"))
    assert "␛[2J[red]x[/red] :smile:" in screen


def test_the_answer_is_asked_for(waiting: str, at_terminal: Start) -> None:
    terminal = at_terminal("admin", "resume", waiting, NO_COLOR="1")
    assert "How do I configure SSL?" in terminal.until("ends it")
    terminal.type("Use certbot.\nThen reload.\n\n")
    assert terminal.end() == 0
    assert terminal.screen.endswith("Use certbot.\nThen reload.\n")


def test_the_answer_ends_with_ctrl_d_too(waiting: str, at_terminal: Start) -> None:
    terminal = at_terminal("admin", "resume", waiting, NO_COLOR="1")
    terminal.until("ends it")
    terminal.type("Use certbot.\n\x04")
    assert terminal.end() == 0


def test_without_a_ticket_the_oldest_is_shown_and_asked(
    support: Run, waiting: str, at_terminal: Start
) -> None:
    support("submit", "Another question", SUPPORT_CUSTOMER="eve")
    terminal = at_terminal("admin", "resume", NO_COLOR="1")
    assert f"Ticket {waiting} of ana" in terminal.until("ends it")
    terminal.type("Like this.\n\n")
    assert terminal.end() == 0
    assert f"request r1 of {waiting}" in terminal.screen


def test_an_empty_answer_decides_nothing(waiting: str, at_terminal: Start) -> None:
    terminal = at_terminal("admin", "resume", waiting, NO_COLOR="1")
    terminal.until("ends it")
    terminal.type("\x04")
    assert terminal.end() == 2
    assert "The text is empty." in terminal.screen


def test_what_changed_while_the_admin_typed_is_shown_and_asked_again(
    support: Run, waiting: str, at_terminal: Start
) -> None:
    terminal = at_terminal("admin", "resume", waiting, NO_COLOR="1")
    terminal.until("ends it")
    support("reply", waiting, "It is for Apache!", SUPPORT_CUSTOMER="ana")
    terminal.type("Use certbot.\n\n")
    assert "It is for Apache!" in terminal.until("Decide the same? [y/N]")
    terminal.type("y\n")
    assert terminal.end() == 0


def test_nothing_waits(at_terminal: Start) -> None:
    terminal = at_terminal("admin", "resume", NO_COLOR="1")
    assert terminal.end() == 0
    assert "Nothing waits for a person" in terminal.screen


def test_a_question_is_written_in_the_editor(
    support: Run, at_terminal: Start, tmp_path: Path
) -> None:
    terminal = at_terminal(
        "submit", "--detach", EDITOR=editor(tmp_path, 'printf "From the editor.\\n" > "$1"')
    )
    assert terminal.end() == 0
    assert "From the editor." in support("list").out


@pytest.mark.parametrize(
    ("script", "code", "sentence"),
    [
        (":", 2, "The text is empty."),
        ("exit 3", 1, "The editor ended with code 3; nothing was sent."),
        ('printf "\\377" > "$1"', 2, "is not UTF-8 text."),
    ],
)
def test_an_editor_that_writes_nothing_sends_nothing(
    support: Run, at_terminal: Start, tmp_path: Path, script: str, code: int, sentence: str
) -> None:
    terminal = at_terminal("submit", EDITOR=editor(tmp_path, script), NO_COLOR="1")
    assert terminal.end() == code
    assert sentence in terminal.screen
    assert support("list").out == ""


def test_an_editor_that_is_missing_is_named(at_terminal: Start) -> None:
    terminal = at_terminal("submit", EDITOR="/no/such/editor --wait", NO_COLOR="1")
    assert terminal.end() == 2
    assert "“/no/such/editor --wait” cannot be started" in terminal.screen


def test_without_an_editor_the_question_is_typed(support: Run, at_terminal: Start) -> None:
    terminal = at_terminal("submit", "--detach", EDITOR="", VISUAL="")
    terminal.until("ends it")
    terminal.type("Typed here.\n\n")
    assert terminal.end() == 0
    assert "Typed here." in support("list").out


def test_the_editor_opens_from_the_prompt(waiting: str, at_terminal: Start, tmp_path: Path) -> None:
    terminal = at_terminal(
        "admin", "resume", waiting, EDITOR=editor(tmp_path, 'echo "Edited." > "$1"'), NO_COLOR="1"
    )
    terminal.until("e opens your editor")
    terminal.type("e\n")
    assert terminal.end() == 0
    assert terminal.screen.endswith("Edited.\n")


def test_what_was_written_is_kept_where_it_cannot_be_sent(
    at_terminal: Start, tmp_path: Path
) -> None:
    script = editor(tmp_path, 'printf "Much work." > "$1"; exit 1')
    terminal = at_terminal("submit", EDITOR=script, TMPDIR=str(tmp_path), NO_COLOR="1")
    assert terminal.end() == 1
    (kept,) = tmp_path.glob("support-*.md")
    assert f"Try: your text is kept in {kept}\n" in terminal.screen
    assert kept.read_text() == "Much work."


def test_no_file_of_the_editor_is_left_behind(at_terminal: Start, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    script = editor(tmp_path, 'echo "Secret." > "$1"')
    assert at_terminal("submit", "--detach", EDITOR=script, TMPDIR=str(kept)).end() == 0
    assert list(kept.iterdir()) == []


def _screen(terminal: Terminal) -> str:
    assert terminal.end() == 0
    return terminal.screen
