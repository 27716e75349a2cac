from __future__ import annotations

import fcntl
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import pytest

from support_cli.domain.effect import ActionFailed
from support_cli.domain.tool import Context
from support_cli.errors import UsageError
from support_cli.runtime.commands import SupervisedCommands
from support_cli.services.actions import read_actions
from support_cli.tools.actions import action_tools
from support_cli.tools.api import DidNotHappen, as_tool

CONTEXT = Context(ticket="K7M2-9QXD", customer="ann", key="K7M2-9QXD:call_1")


def action_file(folder: Path, code: str, *, timeout: str = "20s", pattern: str = ".*") -> Path:
    """Allow one action, `act`, that runs Python code with one argument."""
    path = folder / "actions.toml"
    path.write_text(
        f"""
        [actions.act]
        description = "Do something."
        command = ['{sys.executable}', '-c', '''{code}''', "{{word}}"]
        timeout = "{timeout}"
        [actions.act.arguments.word]
        type = "string"
        pattern = '{pattern}'
        """
    )
    return path


def acting(folder: Path, code: str, **options: str) -> Callable[[str], str]:
    """Return a function that runs the action with a word."""
    (tool,) = action_tools(
        action_file(folder, code, **options), SupervisedCommands(folder / "ends")
    )
    return lambda word: tool("act", {"word": word}, replace(CONTEXT, attempt=token_hex(8)))


def test_an_action_returns_what_its_command_prints(tmp_path: Path) -> None:
    act = acting(tmp_path, "import sys; print('hello', sys.argv[1])")
    assert act("ann") == "hello ann"


def test_no_shell_reads_an_argument(tmp_path: Path) -> None:
    act = acting(tmp_path, "import sys; print(sys.argv[1:])")
    word = "a b; touch $HOME/x `id` {word} \"'"
    assert act(word) == str([word])


def test_an_argument_that_does_not_match_never_reaches_the_command(tmp_path: Path) -> None:
    act = acting(tmp_path, f"open({str(tmp_path / 'ran')!r}, 'w')", pattern="[a-z]+")
    with pytest.raises(DidNotHappen, match="does not match"):
        act("x\nrm")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("given", [{}, {"word": "x", "more": "y"}, {"word": 3}, {"word": "a\0b"}])
def test_arguments_must_be_exactly_those_declared(tmp_path: Path, given: dict[str, object]) -> None:
    (tool,) = action_tools(action_file(tmp_path, "pass"), SupervisedCommands(tmp_path / "ends"))
    with pytest.raises(DidNotHappen):
        tool("act", given, CONTEXT)


def test_exit_code_75_is_certain_that_nothing_happened(tmp_path: Path) -> None:
    act = acting(tmp_path, "import sys; print('locked'); sys.exit(75)")
    with pytest.raises(DidNotHappen, match="locked"):
        act("x")


def test_any_other_exit_code_leaves_it_unknown(tmp_path: Path) -> None:
    act = acting(tmp_path, "import sys; sys.exit(3)")
    with pytest.raises(ActionFailed, match="exit code 3"):
        act("x")


def test_a_command_is_killed_with_its_children_at_the_timeout(tmp_path: Path) -> None:
    # The child holds a lock on the file as long as it lives.
    child = tmp_path / "child.py"
    child.write_text(
        "import fcntl, sys, time\n"
        "file = open(sys.argv[1], 'w')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\n"
        "file.write('held'); file.flush(); time.sleep(60)\n"
    )
    code = f"import subprocess, sys; subprocess.run([sys.executable, '{child}', sys.argv[1]])"
    act = acting(tmp_path, code, timeout="5s")
    held = tmp_path / "held"
    held.touch()
    with pytest.raises(ActionFailed, match="killed when its time was over"):
        act(str(held))
    with held.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert file.read() == "held"


def test_a_command_gets_none_of_the_desks_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    act = acting(tmp_path, "import os; print(sorted(os.environ.items()))")
    told = act("x")
    assert "sk-secret" not in told
    assert "('SUPPORT_CUSTOMER', 'ann')" in told


def test_an_unknown_action_did_not_happen(tmp_path: Path) -> None:
    (tool,) = action_tools(action_file(tmp_path, "pass"), SupervisedCommands(tmp_path / "ends"))
    with pytest.raises(DidNotHappen, match="no action"):
        tool("other", {}, CONTEXT)


def test_an_action_is_an_effect_without_a_key(tmp_path: Path) -> None:
    (tool,) = action_tools(action_file(tmp_path, "pass"), SupervisedCommands(tmp_path / "ends"))
    marking = as_tool(tool).marking
    assert marking.effect
    assert not marking.keyed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[actions.a]\ncommand = ['x']", "lacks description"),
        ("[actions.a]\ndescription = 'd'\ncommand = 'x y'", "list of strings"),
        ("[actions.a]\ndescription = 'd'\ncommand = []", "list of strings"),
        ("[actions.a]\ndescription = 'd'\ncommand = ['{b}']", "do not agree on: b"),
        ("[actions.a]\ndescription = 'd'\ncommand = ['x']\nshell = true", "unknown key shell"),
        ("[actions.a]\ndescription = 'd'\ncommand = ['x']\ntimeout = 'soon'", "not a duration"),
        ("[other]", "may hold only"),
        ("[actions", "is not TOML"),
    ],
)
def test_a_file_that_says_what_it_may_not_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "actions.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=said):
        read_actions(path)
