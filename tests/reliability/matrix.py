"""One process for every write of a command: each is killed, or stopped, at its own."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from support_cli.domain.ticket import Status, Ticket
from support_cli.wiring import Desk
from tests.reliability import processes
from tests.reliability.checks import wrongs
from tests.reliability.desk import Target, open_desk, payments_of
from tests.reliability.scenarios import Scenario, command, ids_of, prepare
from tests.reliability.trap import Trap, When
from tests.reliability.victim import play, said, work_once

FIRST = Scenario("the store's first", submit="pay 5")
Summary = tuple[str, list[tuple[str, str]], list[str]]


@dataclass(frozen=True)
class Case:
    """One point at which one process of one scenario is caught."""

    scenario: Scenario
    at: int
    when: When
    write: str

    @property
    def customer(self) -> str:
        """A customer of the case's own."""
        return f"{self.scenario.name} {self.when} {self.at}"

    def __str__(self) -> str:
        return f"{self.scenario.name}, {self.when} write {self.at} ({self.write})"


def cases(target: Target, scenarios: Iterable[Scenario]) -> list[Case]:
    """Count the writes of every scenario in a dry run, and set one case on each side of each."""
    found = []
    for scenario in scenarios:
        names = dry_run(target, scenario)
        found += [
            Case(scenario, at, when, name) for at, name in enumerate(names, 1) for when in When
        ]
    return found


def dry_run(target: Target, scenario: Scenario) -> list[str]:
    """Play a scenario undisturbed, and name the writes it made."""
    trap = Trap()
    with open_desk(target) as desk:  # a store's very first run writes down the policy as well
        command(desk, FIRST, FIRST.name, payments_of(target), lambda _: None)
    with open_desk(target) as desk:
        prepare(desk, scenario, scenario.name)
    with open_desk(target, trap=trap) as desk:
        command(desk, scenario, scenario.name, payments_of(target, trap), lambda _: None)
    return trap.names


def prepared(target: Target, every: Sequence[Case]) -> None:
    """Bring every case's ticket to where its scenario begins."""
    with open_desk(target) as desk:
        for case in every:
            prepare(desk, case.scenario, case.customer)


def kill(target: Target, every: Sequence[Case]) -> list[int]:
    """Play every case until its process dies, and return the exit codes."""
    traps = [Trap(case.at, case.when) for case in every]
    arguments = [
        (target, case.scenario, case.customer, trap)
        for case, trap in zip(every, traps, strict=True)
    ]
    return processes.run_all(play, arguments)


@contextmanager
def stopped(target: Target, every: Sequence[Case]) -> Iterator[Callable[[], set[int]]]:
    """Play every case until its process stops; give a way to wake them all, to their exit codes."""
    with ExitStack() as alive:
        asleep = []
        for case in every:
            stopped = Path(target["SUPPORT_HOME"]) / f"stopped-{case.customer}"
            trap = Trap(case.at, case.when, signal.SIGSTOP, stopped)
            playing = processes.started(play, target, case.scenario, case.customer, trap)
            asleep.append(alive.enter_context(playing))
            processes.wait_until(stopped.exists, "the stop")

        def wake() -> set[int]:
            for process in asleep:
                processes.wake(process)
            return {processes.exit_code(process) for process in asleep}

        yield wake


def recover(target: Target) -> None:
    """Let a worker in a fresh process run whatever is due."""
    assert processes.run(work_once, target) == 0


def broken(target: Target, every: Sequence[Case]) -> Iterator[str]:
    """Name every invariant that does not hold after the recovery."""
    with open_desk(target) as desk:
        payments = payments_of(target)
        for case in every:
            tickets = [desk.tickets.of_anyone(each) for each in ids_of(desk, case.customer)]
            for wrong in (each for ticket in tickets for each in wrongs(desk, ticket, payments)):
                yield f"{case}: {wrong}"
            for word in lost(case, said(target, case.customer), tickets):
                yield f"{case}: “{word}” was acknowledged and is lost"


def lost(case: Case, words: Sequence[str], tickets: Sequence[Ticket]) -> Iterator[str]:
    """Name what was acknowledged and is not there."""
    requests = [each for t in tickets for each in (*t.requests, *t.decided)]
    there = [each.text for ticket in tickets for each in ticket.messages]
    there += ["decided" for each in requests if each.decision is not None]
    there += ["closed" for ticket in tickets if ticket.status is Status.CLOSED]
    if case.scenario.outcome is not None:
        there.remove("decided")  # the approval that was given before the case began
    yield from (Counter(words) - Counter(there)).elements()


def unfinished(target: Target, every: Sequence[Case]) -> Iterator[str]:
    """Let people try again, and name every case that then ends otherwise than undisturbed."""
    with open_desk(target) as desk:
        payments = payments_of(target)
        for case in every:
            command(desk, case.scenario, case.customer, payments, lambda _: None)
            expected, found = (
                summary(desk, target, customer) for customer in (case.scenario.name, case.customer)
            )
            if expected != found:
                yield f"{case}: {found} instead of {expected}"


def summary(desk: Desk, target: Target, customer: str) -> Summary:
    """Say where a customer's ticket stands, what was said on it and what was paid."""
    (ticket_id,) = ids_of(desk, customer)
    ticket = desk.tickets.of_anyone(ticket_id)
    texts = [(str(each.role), each.text) for each in ticket.messages]
    paid = [each.amount for each in payments_of(target).all() if each.key.startswith(ticket_id)]
    return ticket.status, texts, sorted(paid)
