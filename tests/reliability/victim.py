"""A process that does one command of a scenario, and dies or stops at one of its writes."""

from __future__ import annotations

from pathlib import Path

from support_cli.domain.ticket import Ticket
from support_cli.errors import SupportError
from tests.reliability.desk import LATER, Target, open_desk, payments_of
from tests.reliability.scenarios import Scenario, command
from tests.reliability.trap import Trap


def words_of(target: Target, customer: str) -> Path:
    """Name the file where a victim says what it has acknowledged."""
    return Path(target["SUPPORT_HOME"]) / f"said-{customer}"


def said(target: Target, customer: str) -> list[str]:
    """Read what a victim has acknowledged."""
    path = words_of(target, customer)
    return path.read_text().splitlines() if path.exists() else []


def play(target: Target, scenario: Scenario, customer: str, trap: Trap) -> None:
    """Do the scenario's command with a trap in it; what the desk refuses is the exit code."""
    trap.set()
    with words_of(target, customer).open("a", buffering=1) as words:
        payments = payments_of(target, trap)
        with open_desk(target, trap=trap, payments=payments) as desk:
            try:
                command(desk, scenario, customer, payments, lambda word: print(word, file=words))
            except SupportError as error:
                raise SystemExit(error.exit_code) from error


def work_once(target: Target) -> None:
    """Be a worker that runs whatever is due, and finds every lease expired."""
    with open_desk(target, clock=LATER) as desk:
        desk.worker(2, _raise).run(once=True)


def _raise(ticket_id: str, ended: Ticket | Exception) -> None:
    if isinstance(ended, Exception):
        raise ended
