"""Commands of Python code under supervision, and a runner of them that can be killed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from support_cli.domain.command import Command, CommandEnd
from support_cli.runtime.commands import SupervisedCommands

EFFECT, ATTEMPT = "K7M2-9QXD:call_1", "0123456789abcdef"
Act = Callable[..., CommandEnd]


def python(code: str, *words: str, timeout: float = 30) -> Command:
    """Make a command that runs Python code."""
    command = (sys.executable, "-I", "-S", "-c", code, *words)
    return Command(command, {"PATH": os.environ["PATH"]}, timedelta(seconds=timeout))


@pytest.fixture
def commands(tmp_path: Path) -> SupervisedCommands:
    """Give the commands of a host of the test's own."""
    return SupervisedCommands(tmp_path / "ends")


@pytest.fixture
def act(commands: SupervisedCommands) -> Act:
    """Give a way to run Python code under supervision."""

    def run(code: str, *words: str, timeout: float = 30) -> CommandEnd:
        return commands.run(python(code, *words, timeout=timeout), EFFECT, ATTEMPT)

    return run
