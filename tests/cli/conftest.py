"""Running commands: in this process, in one of their own, and at a terminal."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from support_cli import wiring
from support_cli.cli.main import main
from tests.cli.terminal import Terminal
from tests.fakes import ScriptedAgent


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error of the one JSON document on stderr."""
        return json.loads(self.err)["error"]

    @property
    def ticket(self) -> str:
        """The id of the ticket that a JSON document is about."""
        return str(self.json["ticket"]["id"])


Run = Callable[..., Ran]


@pytest.fixture
def agent() -> ScriptedAgent:
    """Give the agent that the commands of one test share."""
    return ScriptedAgent()


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, agent: ScriptedAgent
) -> Run:
    """Give a way to run a command in this process: `run("list", "--json", stdin=b"")`."""
    open_desk = partial(wiring.open_desk, agent=lambda desk, _: agent.at(desk.documents))

    def run_in_process(*args: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = main(args, open_desk)
        return Ran(code, *capfd.readouterr())

    return run_in_process


@pytest.fixture
def support() -> Run:
    """Give a way to run a command in a process of its own."""

    def run_process(*args: str, stdin: bytes = b"", **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "support_cli", *args],
            input=stdin,
            capture_output=True,
            env=os.environ | environment,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run_process


@pytest.fixture
def at_terminal() -> Iterator[Callable[..., Terminal]]:
    """Give a way to start a command at a terminal."""
    started: list[Terminal] = []

    def start(*args: str, columns: int = 80, **environment: str) -> Terminal:
        command = [sys.executable, "-m", "support_cli", *args]
        started.append(Terminal(command, columns, environment))
        return started[-1]

    yield start
    for terminal in started:
        terminal.close()
