"""What an action printed and how it ended reaches the person who is asked about it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from support_cli.cli import schema, showing
from support_cli.domain.effect import Evidence
from support_cli.domain.request import Kind, Request, fingerprint
from support_cli.domain.ticket import Ticket
from tests.reliability import actions
from tests.reliability.desk import Target, open_desk

LOST = "ERROR: database test_ann does not exist"
FAILING = f"print('{LOST}'); raise SystemExit(3)"
only_sqlite = pytest.mark.parametrize("store_target", ["sqlite"], indirect=True)


def asked(target: Target, code: str, **options: str) -> tuple[Target, Ticket, Request]:
    """Run an action that fails, and give what a person is asked about it."""
    target, _ = actions.set_up(target, code, **options)
    ticket_id = actions.approved(target)
    with open_desk(target) as desk:
        ticket = desk.runs.run(ticket_id)
    (request,) = ticket.open_requests
    assert request.kind is Kind.OUTCOME
    return target, ticket, request


def test_what_a_failed_action_printed_is_not_thrown_away(store_target: Target) -> None:
    target, ticket, request = asked(store_target, FAILING)
    assert request.evidence == Evidence(exit_code=3, output=LOST)
    assert "ended with exit code 3" in request.query
    with open_desk(target) as desk:
        (entry,) = desk.ledger.of_ticket(ticket.id)
    assert entry.evidence == request.evidence


@only_sqlite
def test_show_and_json_tell_how_it_ended(
    store_target: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    _, ticket, request = asked(store_target, FAILING)
    showing.to_admin(ticket, ticket.updated_at)
    assert LOST in capsys.readouterr().out
    told = json.loads(json.dumps(schema.request(request)))["evidence"]
    assert told == {"exit_code": 3, "output": LOST, "timed_out": False}


@only_sqlite
def test_a_customer_learns_nothing_of_it(store_target: Target) -> None:
    _, ticket, _ = asked(store_target, FAILING)
    assert LOST not in json.dumps(schema.for_customer_with_messages(ticket))


@only_sqlite
def test_a_decision_is_bound_to_what_was_printed(store_target: Target) -> None:
    _, ticket, request = asked(store_target, FAILING)
    other = replace(request, evidence=Evidence(3, "All is well."))
    assert fingerprint(ticket.id, request, 1) == request.fingerprint
    assert fingerprint(ticket.id, other, 1) != request.fingerprint


@only_sqlite
@pytest.mark.parametrize(
    ("code", "evidence"),
    [
        ("import os; os.kill(os.getpid(), 9)", Evidence(exit_code=-9)),
        ("import time; time.sleep(600)", Evidence(exit_code=-9, timed_out=True)),
    ],
)
def test_an_action_that_was_killed_says_so(
    store_target: Target, code: str, evidence: Evidence
) -> None:
    _, _, request = asked(store_target, code, timeout="1s")
    assert request.evidence == evidence
    assert "killed" in request.query or "signal 9" in request.query


@only_sqlite
def test_what_a_broken_function_raised_is_not_thrown_away(store_target: Target) -> None:
    with open_desk(store_target) as desk:
        ticket = desk.tickets.submit(desk.customer("ann"), "wire 13", human=False)
        actions.approve(desk, desk.runs.run(ticket.id))
        (request,) = desk.runs.run(ticket.id).open_requests
    assert request.evidence == Evidence(output="RuntimeError: the line to the bank broke")
