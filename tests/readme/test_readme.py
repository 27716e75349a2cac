from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

from support_cli.cli.main import app
from support_cli.config.declared import ENV_FILE, NAMES
from tests.reference import README, written

TEXT = README.read_text(encoding="utf-8")
ROOT = README.parent
SAMPLE_ID = "K7M2-9QXD"
SAMPLE_FINGERPRINT = "b861e77dff7211d13fb7"
ARTICLES = "support_cli/data/articles"


def blocks(mark: str) -> list[list[str]]:
    """Return the console blocks behind `<!-- mark: … -->`, each as its commands."""
    found = re.findall(rf"<!-- {mark}: \w+ -->\n```console\n(.*?)```", TEXT, re.DOTALL)
    return [[line[2:] for line in block.splitlines() if line.startswith("$ ")] for block in found]


def run(command: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    words = [word.replace(ARTICLES, str(ROOT / ARTICLES)) for word in shlex.split(command)]
    if words[0] == "support":
        words[:1] = [sys.executable, "-m", "support_cli"]
    return subprocess.run(words, env=dict(env), capture_output=True, text=True, timeout=60)


def shown(env: Mapping[str, str], *words: str) -> Any:
    return json.loads(run(shlex.join(["support", *words, "--json"]), env).stdout)


def filled(command: str, env: Mapping[str, str]) -> str:
    """Put the customer's newest ticket, and what is asked of it, in place of the samples."""
    if SAMPLE_ID not in command:
        return command
    ticket = shown(env, "list")["tickets"][0]["id"]
    requests = shown(env, "admin", "show", ticket)["ticket"]["requests"]
    asked = requests[0]["fingerprint"] if requests else ""
    return command.replace(SAMPLE_ID, ticket).replace(SAMPLE_FINGERPRINT, asked)


def followed(mark: str, env: dict[str, str]) -> list[str]:
    """Follow a section word for word, and return what each command printed."""
    told = []
    for command in (command for block in blocks(mark) for command in block):
        name, _, value = command.removeprefix("export ").partition("=")
        if command.startswith("export "):
            env[name] = value
        elif not command.startswith("source "):
            done = run(filled(command, env), env)
            assert done.returncode == 0, f"{command}: {done.stderr}"
            told.append(done.stdout)
    return told


def test_the_command_reference_is_what_the_commands_say() -> None:
    assert written(TEXT) == TEXT, "run: python -m tests.reference"


def test_the_quickstart_works_word_for_word(store_target: Mapping[str, str]) -> None:
    told = followed("quickstart", {**os.environ, **store_target, "SUPPORT_CUSTOMER": "ann"})
    assert len(told) == 9
    assert "Point ssl_certificate at your files and reload." in told[4]
    assert "password" in told[-1].lower()


def test_the_order_scenario_works_word_for_word(store_target: Mapping[str, str]) -> None:
    told = followed("orders", {**os.environ, **store_target, "SUPPORT_CUSTOMER": "ada"})
    assert "60.00 EUR of ORD-1042 was paid back" in told[1]
    assert "waiting for a person" in told[2]
    assert "100.00 EUR of ORD-1043 was paid back" in told[5]
    assert "over 100" in told[6]
    assert "paid back" not in told[-2]
    assert "1299.00 EUR of ORD-1044 was paid back" in told[-1]


def test_a_limit_is_changed_with_three_commands(store_target: Mapping[str, str]) -> None:
    env = {**os.environ, **store_target}
    policy, *others = (command for block in blocks("policy") for command in block)
    given = run(policy.partition(" > ")[0], env).stdout
    Path("policy.toml").write_text(given.replace("money('100.00')", "money('50.00')"))
    assert [run(command, env).returncode for command in others] == [0, 0]
    assert "money('50.00')" in run("support admin policy show", env).stdout


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`(support [^`]+)`", TEXT))))
def test_every_command_the_readme_names_exists(command: str) -> None:
    known = typer.main.get_command(app)
    words = shlex.split(command)[1:]
    while words and words[0] in getattr(known, "commands", {}):
        known = known.commands[words.pop(0)]  # type: ignore[attr-defined]
    options = {name for each in known.params for name in each.opts} | {"-h", "--help"}
    assert {word for word in words if word.startswith("--")} <= options
    unknown = [word for word in words if not word.startswith("-")]
    assert not (unknown and hasattr(known, "commands")), f"no such command: {unknown[0]}"


def test_the_sample_settings_are_those_that_are_read() -> None:
    sample = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?([A-Z_]+)=", sample, re.MULTILINE))
    assert named == set(NAMES) - {ENV_FILE}
