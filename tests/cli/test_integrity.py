"""What was changed behind the desk's back is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support_cli.domain.integrity import faults
from support_cli.domain.ticket import Ticket
from support_cli.settings import load
from support_cli.wiring import open_documents
from tests.cli.conftest import Run


@pytest.fixture
def ticket(run: Run) -> Ticket:
    """Give a ticket with a question, a decision on it and a reply."""
    name = run("submit", "ask: How?", "--json").ticket
    run("admin", "resume", name, "--answer", "Like this.")
    documents = open_documents(load())
    found = documents.get(Ticket, name)
    documents.close()
    assert found is not None
    return found


def test_an_honest_ticket_has_no_faults(ticket: Ticket) -> None:
    assert faults(ticket) == ()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_changed_text_is_found(ticket: Ticket, number: int) -> None:
    messages = list(ticket.messages)
    messages[number] = replace(messages[number], text="Something else.")
    assert faults(replace(ticket, messages=tuple(messages)))


def test_a_removed_message_is_found(ticket: Ticket) -> None:
    (fault,) = faults(replace(ticket, messages=ticket.messages[1:]))
    assert fault.endswith("is missing")


def test_a_changed_decision_is_found(ticket: Ticket) -> None:
    decided = ticket.decided[0]
    assert decided.decision is not None
    forged = replace(decided, decision=replace(decided.decision, by="mallory"))
    (fault,) = faults(replace(ticket, decided=(forged,)))
    assert fault == "the decision on request r1 is not the one the trail has"


def test_a_dropped_event_is_found(ticket: Ticket) -> None:
    (fault,) = faults(replace(ticket, trail=ticket.trail[:-1]))
    assert fault.startswith(f"event {len(ticket.trail)} ")
