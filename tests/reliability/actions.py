"""An operator's action that acts only when a test lets it, and the processes that run it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from support_cli import wiring
from support_cli.cli.main import main
from support_cli.domain.request import Choice
from support_cli.domain.ticket import Ticket
from support_cli.services.decisions import Answer
from support_cli.wiring import Desk
from tests.reliability.clerk import Clerk
from tests.reliability.desk import ClockAhead, Target, open_desk
from tests.reliability.processes import wait_until
from tests.reliability.trap import Trap

CODE = """
import os, sys, time
folder = sys.argv[1]
with open(f'{folder}/began', 'a') as file: file.write(f'{os.getppid()}\\n')
while not os.path.exists(f'{folder}/go'):
    time.sleep(0.01)
with open(f'{folder}/acted', 'a') as file: file.write('acted\\n')
"""
NEVER = "600s"


@dataclass(frozen=True)
class Action:
    """An action that has begun once `began` is there, and acts once `go` is."""

    folder: Path

    @property
    def acted(self) -> int:
        """Count how often it has acted."""
        path = self.folder / "acted"
        return len(path.read_text().splitlines()) if path.exists() else 0

    @property
    def supervisors(self) -> list[int]:
        """Name the processes that own it, each time that it began."""
        path = self.folder / "began"
        return list(map(int, path.read_text().split())) if path.exists() else []

    def go(self) -> None:
        """Let it act."""
        (self.folder / "go").touch()

    def await_end(self) -> None:
        """Wait until its last supervisor is gone, and whoever watches that one."""
        wait_until(lambda: not Path(f"/proc/{self.supervisors[-1]}").exists(), "the end")
        wait_until(lambda: not any(map(_is_locked, self.folder.rglob("*.begun"))), "the end")


def _is_locked(path: Path) -> bool:
    with suppress(FileNotFoundError), path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def set_up(target: Target, code: str = CODE, timeout: str = "30s") -> tuple[Target, Action]:
    """Allow an action `act` on a store's host; give the settings of a process there."""
    folder = Path(target["SUPPORT_HOME"])
    path = folder / "actions.toml"
    script = folder / "act.py"
    script.write_text(code)
    command = json.dumps([sys.executable, "-I", "-S", str(script), str(folder)])
    text = f'[actions.act]\ndescription = "Act."\ntimeout = "{timeout}"\ncommand = {command}\n'
    path.write_text(text)
    settings = {"SUPPORT_ACTIONS": str(path), "XDG_STATE_HOME": str(folder / "state")}
    return {**target, **settings}, Action(folder)


def other_host(target: Target) -> Target:
    """Give the settings of a process on another host that shares the store."""
    return {**target, "XDG_STATE_HOME": str(Path(target["SUPPORT_HOME"]) / "elsewhere")}


def approved(target: Target) -> str:
    """File a ticket whose action somebody has approved, and which nobody runs yet."""
    with open_desk(target) as desk:
        ticket = desk.tickets.submit(desk.customer("ann"), "do act", human=False)
        approve(desk, desk.runs.run(ticket.id))
    return ticket.id


def approve(desk: Desk, ticket: Ticket) -> None:
    """Approve what a ticket waits for."""
    (request,) = ticket.open_requests
    answer = Answer(Choice.APPROVE, if_match=request.fingerprint)
    desk.decisions.decide(ticket.id, desk.admin("ada"), answer)


def run(target: Target, ticket_id: str) -> None:
    """Be a process that runs a ticket."""
    with open_desk(target) as desk:
        desk.runs.run(ticket_id)


def trapped(target: Target, ticket_id: str, trap: Trap) -> None:
    """Be a process that runs a ticket with a trap at one of its writes."""
    trap.set()
    with open_desk(target, trap=trap) as desk:
        desk.runs.run(ticket_id)


def command(target: Target, said: Path, *words: str) -> None:
    """Be a process that runs a command of the command line, with what it says in a file."""
    os.environ.update(target)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    file = os.open(said, os.O_WRONLY | os.O_CREAT)
    os.dup2(file, 1)
    os.dup2(file, 2)
    agent = partial(wiring.make_agent, model=Clerk())
    sys.exit(main(words, partial(wiring.open_desk, agent=agent)))


def recovered(target: Target, ticket_id: str, hours: int = 1) -> Ticket:
    """Let a worker run what is due, so many hours later, and look at the ticket."""
    with open_desk(target, clock=ClockAhead(timedelta(hours=hours))) as desk:
        desk.worker(1, lambda ticket_id, ended: None).run(once=True)
        return desk.tickets.of_anyone(ticket_id)
