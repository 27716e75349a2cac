"""The README's recipe for batches, word for word."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
QUESTIONS = 3


def commands() -> list[str]:
    """Return the commands of the section, in order."""
    text = README.read_text(encoding="utf-8")
    found = re.findall(r"<!-- batches: \w+ -->\n```console\n(.*?)```", text, re.DOTALL)
    return [line[2:] for block in found for line in block.splitlines() if line.startswith("$ ")]


@pytest.mark.skipif(not commands(), reason="the README has no section on batches yet")
@pytest.mark.skipif(shutil.which("jq") is None, reason="there is no jq here")
def test_the_recipe_works_word_for_word(store_target: Mapping[str, str], tmp_path: Path) -> None:
    script = tmp_path / "bin" / "support"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m support_cli "$@"\n')
    script.chmod(0o755)
    env = {**os.environ, **store_target, "PATH": f"{script.parent}:{os.environ['PATH']}"}
    for number in range(QUESTIONS):
        _run(f"support submit --customer ann 'How do I turn it on, all {number} of them?'", env)
    told = {command: _run(command, env) for command in commands()}
    first = [command for command in told if "--results" in command]
    for command, outcome in zip(first, ("applied", "unchanged"), strict=True):
        lines = Path(command.split("--results ")[1].split()[0]).read_text().splitlines()
        assert [json.loads(line)["outcome"] for line in lines] == [outcome] * QUESTIONS
    assert sum('"recorded"' in line for out in told.values() for line in out.splitlines()) == 2
    assert sum("answered" in line for out in told.values() for line in out.splitlines()) >= 2
    assert sum('"waiting"' in line for out in told.values() for line in out.splitlines()) == 1


def _run(command: str, env: Mapping[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout
