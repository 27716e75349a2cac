"""Runners and supervisors die at any moment of an action: it acts once, and its end is found."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support_cli.domain.request import Kind
from support_cli.domain.ticket import Status
from tests.reliability import actions, processes
from tests.reliability.actions import Action
from tests.reliability.desk import Target
from tests.reliability.processes import exit_code, started, wait_until
from tests.reliability.trap import Trap, When

pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")


@pytest.fixture(autouse=True)
def let_go(tmp_path: Path) -> Iterator[None]:
    """Let every action come to its end, whatever became of its test."""
    yield
    (tmp_path / "go").touch()


@contextmanager
def runner_killed(target: Target, action: Action, ticket: str) -> Iterator[None]:
    """Kill the process that runs a ticket while its action goes on."""
    with started(actions.run, target, ticket) as runner:
        wait_until(lambda: action.supervisors, "the action")
        assert runner.pid
        os.kill(runner.pid, signal.SIGKILL)
        exit_code(runner)
        yield


def test_an_action_outlives_its_runner_and_happens_once(store_target: Target) -> None:
    target, action = actions.set_up(store_target)
    ticket = actions.approved(target)
    with runner_killed(target, action, ticket):
        action.go()
        action.await_end()
    after = actions.recovered(target, ticket)
    assert (after.status, action.acted) == (Status.ANSWERED, 1)
    assert all(each.kind is not Kind.OUTCOME for each in after.decided)


def test_nobody_is_asked_while_the_action_lives(store_target: Target) -> None:
    target, action = actions.set_up(store_target, timeout=actions.NEVER)
    ticket = actions.approved(target)
    with runner_killed(target, action, ticket):
        held = actions.recovered(target, ticket)
    assert (held.status, held.open_requests, action.acted) == (Status.RUNNING, (), 0)
    action.go()
    action.await_end()
    after = actions.recovered(target, ticket, hours=2)
    assert (after.status, action.acted) == (Status.ANSWERED, 1)


def test_the_end_that_comes_in_withdraws_what_another_host_asked(store_target: Target) -> None:
    target, action = actions.set_up(store_target, timeout=actions.NEVER)
    ticket = actions.approved(target)
    with runner_killed(target, action, ticket):
        asked = actions.recovered(actions.other_host(target), ticket)
    assert [each.kind for each in asked.open_requests] == [Kind.OUTCOME]
    action.go()
    action.await_end()
    after = actions.recovered(target, ticket)
    assert (after.status, action.acted) == (Status.ANSWERED, 1)
    assert "outcome known" in [event.type for event in after.trail]
    assert list((action.folder / "state").rglob("*.json")) == []


def test_a_supervisor_that_dies_takes_its_action_along_and_a_person_is_asked(
    store_target: Target,
) -> None:
    target, action = actions.set_up(store_target)
    ticket = actions.approved(target)
    with runner_killed(target, action, ticket):
        os.kill(action.supervisors[-1], signal.SIGKILL)
        action.await_end()
    action.go()
    after = actions.recovered(target, ticket)
    assert [each.kind for each in after.open_requests] == [Kind.OUTCOME]
    assert action.acted == 0


def test_a_supervisor_that_dies_under_its_runner_is_told_of(store_target: Target) -> None:
    target, action = actions.set_up(store_target)
    ticket = actions.approved(target)
    with started(actions.run, target, ticket) as runner:
        wait_until(lambda: action.supervisors, "the action")
        os.kill(action.supervisors[-1], signal.SIGKILL)
        assert exit_code(runner) == 0
    (request,) = actions.recovered(target, ticket).open_requests
    assert request.evidence
    assert "Its supervisor died" in str(request.evidence.output)


@pytest.mark.parametrize("words", [("wait", "{ticket}", "--customer", "ann"), ("worker",)])
def test_ctrl_c_says_that_the_action_goes_on_and_until_when(
    store_target: Target, tmp_path: Path, words: tuple[str, ...]
) -> None:
    target, action = actions.set_up(store_target)
    ticket, said = actions.approved(target), tmp_path / "said"
    given = [word.format(ticket=ticket) for word in words]
    with started(actions.command, target, said, *given) as runner:
        wait_until(lambda: action.supervisors, "the action")
        assert runner.pid
        os.kill(runner.pid, signal.SIGINT)
        assert exit_code(runner) == 130
    assert "run_action goes on without it" in said.read_text()
    assert "UTC at the latest" in said.read_text()
    action.go()
    action.await_end()
    assert actions.recovered(target, ticket).status is Status.ANSWERED
    assert action.acted == 1


def test_signals_do_not_cut_an_action_in_half(store_target: Target) -> None:
    target, action = actions.set_up(store_target)
    ticket = actions.approved(target)
    with started(actions.run, target, ticket) as runner:
        wait_until(lambda: action.supervisors, "the action")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(action.supervisors[-1], number)
        action.go()
        assert processes.exit_code(runner) == 0
    assert action.acted == 1


@pytest.mark.parametrize("when", When)
def test_a_runner_may_die_at_any_write_around_its_action(store_target: Target, when: When) -> None:
    target, action = actions.set_up(store_target)
    action.go()
    trap = Trap()
    actions.trapped(target, actions.approved(target), trap)
    tickets = [actions.approved(target) for _ in trap.names]
    for at, ticket in enumerate(tickets, 1):
        process = (actions.trapped, target, ticket, Trap(at, when))
        assert processes.run(*process) == -signal.SIGKILL
    action.await_end()
    after = [actions.recovered(target, ticket) for ticket in tickets]
    lost = [each for each in after if each.status is not Status.ANSWERED]
    # Started in the ledger, and killed before its supervisor was asked for: nobody can know.
    assert all(each.kind is Kind.OUTCOME for ticket in lost for each in ticket.open_requests)
    assert len(lost) <= 1
    assert action.acted == 1 + len(tickets) - len(lost)
