"""An action and a person's word about it meet in any order: it acts once, and no word is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support_cli.domain.request import Choice, Kind
from support_cli.domain.ticket import Status, Ticket
from support_cli.errors import Conflict
from support_cli.services.decisions import Answer
from tests.reliability import actions
from tests.reliability.actions import Action
from tests.reliability.desk import Target, open_desk
from tests.reliability.processes import exit_code, started, wait_until

pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")


@pytest.fixture(autouse=True)
def let_go(tmp_path: Path) -> Iterator[None]:
    """Let every action come to its end, whatever became of its test."""
    yield
    (tmp_path / "go").touch()


@contextmanager
def asked_early(store_target: Target) -> Iterator[tuple[Target, Action, Ticket]]:
    """Give an action that lives here, and its ticket, of which another host has asked already."""
    target, action = actions.set_up(store_target, timeout=actions.NEVER)
    ticket = actions.approved(target)
    with started(actions.run, target, ticket) as runner:
        wait_until(lambda: action.supervisors, "the action")
        assert runner.pid
        os.kill(runner.pid, signal.SIGKILL)
        exit_code(runner)
    yield target, action, actions.recovered(actions.other_host(target), ticket)


def say_again(target: Target, ticket: Ticket) -> None:
    """Say that it did not happen, and is to act again."""
    (request,) = ticket.open_requests
    assert request.kind is Kind.OUTCOME
    with open_desk(target) as desk:
        answer = Answer(Choice.APPROVE, if_match=request.fingerprint)
        desk.decisions.decide(ticket.id, desk.admin("ada"), answer)


def end(action: Action) -> None:
    """Let it act, and come to its end."""
    action.go()
    action.await_end()


def test_nobody_says_on_its_host_what_became_of_an_action_that_lives(store_target: Target) -> None:
    with asked_early(store_target) as (target, action, asked):
        with pytest.raises(Conflict, match="is at work on this host"):
            say_again(target, asked)
        end(action)
        after = actions.recovered(target, asked.id)
    assert (after.status, action.acted) == (Status.ANSWERED, 1)


def test_an_answer_from_elsewhere_waits_for_the_action_that_lives_here(
    store_target: Target,
) -> None:
    with asked_early(store_target) as (target, action, asked):
        say_again(actions.other_host(target), asked)
        held = actions.recovered(target, asked.id)
        assert (held.status, held.requests[0].decision is None) == (Status.RUNNING, False)
        end(action)
        after = actions.recovered(target, asked.id, hours=2)
    assert (after.status, action.acted, len(action.supervisors)) == (Status.ANSWERED, 1, 1)
    assert any(each.kind is Kind.OUTCOME and each.decision for each in after.decided)


def test_an_end_that_comes_after_the_answer_counts_all_the_same(store_target: Target) -> None:
    with asked_early(store_target) as (target, action, asked):
        say_again(actions.other_host(target), asked)
        end(action)
        actions.run(target, asked.id)  # at once, with no worker that looks for ends before
        after = actions.recovered(target, asked.id)
    assert (after.status, action.acted, len(action.supervisors)) == (Status.ANSWERED, 1, 1)


def test_an_end_of_an_attempt_that_another_followed_does_not_stay(store_target: Target) -> None:
    with asked_early(store_target) as (target, action, asked):
        elsewhere = actions.other_host(target)
        say_again(elsewhere, asked)
        end(action)
        assert actions.recovered(elsewhere, asked.id).status is Status.ANSWERED
        assert list(action.folder.glob("state/**/*.json")) != []
        actions.recovered(target, asked.id)
    assert list(action.folder.glob("state/**/*.json")) == []


@pytest.mark.parametrize("words", [("worker", "--once"), ("wait", "{ticket}", "--customer", "ann")])
def test_what_was_held_for_an_action_goes_on_as_soon_as_it_has_ended(
    store_target: Target, tmp_path: Path, words: tuple[str, ...]
) -> None:
    target, action = actions.set_up(store_target, timeout=actions.NEVER)
    ticket, said = actions.approved(target), tmp_path / "said"
    with started(actions.command, target, said, "worker") as runner:
        wait_until(lambda: action.supervisors, "the action")
        assert runner.pid
        os.kill(runner.pid, signal.SIGINT)
        assert exit_code(runner) == 130
    end(action)
    given = [word.format(ticket=ticket) for word in words]
    with started(actions.command, target, said, *given) as runner:
        assert exit_code(runner) == 0
    with open_desk(target) as desk:
        assert desk.tickets.of_anyone(ticket).status is Status.ANSWERED
    assert action.acted == 1
