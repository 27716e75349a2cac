"""What each of the racing processes does."""

from __future__ import annotations

import time
from dataclasses import dataclass

from support_cli.domain.request import Choice
from support_cli.domain.ticket import Ticket
from support_cli.errors import Conflict, Decided
from support_cli.services.decisions import Answer
from support_cli.wiring import Desk
from tests.racing import line_up
from tests.reliability.desk import Target, open_desk

MINE = 8  # tickets that each writer files
Shown = tuple[str, str, str]  # a request as an admin saw it: ticket, request, fingerprint


@dataclass(frozen=True)
class Told:
    """How a racer's wish ended; `words` are the conflict's, None where it came true."""

    who: str
    ticket: str
    wish: str
    words: str | None


def decide_all(number: int, target: Target, shown: list[Shown]) -> list[Told]:
    """Answer every question; where somebody was faster, keep what was said about it."""
    with open_desk(target) as desk:
        line_up()
        return [_answered(desk, f"admin{number}", each, Choice.RESPOND) for each in shown]


def work(number: int, target: Target) -> list[str]:
    """Run what is due, until nothing is; name what was run."""
    ran: list[str] = []
    with open_desk(target) as desk:
        worker = desk.worker(2, lambda ticket, outcome: ran.append(_checked(ticket, outcome)))
        line_up()
        worker.run(once=True)
    return ran


def meddle(number: int, target: Target, shown: list[Shown]) -> list[Told]:
    """Reply, close or decide, two processes each, while the other two run what is due."""
    with open_desk(target) as desk:
        return [_meddled(number, desk, each) for each in shown]


def write(number: int, homes: list[str]) -> float:
    """File and run tickets in each new store; return the longest wait for one write, in seconds."""
    waits = []
    for home in homes:
        line_up()
        with open_desk({"SUPPORT_HOME": home}) as desk:
            for count in range(MINE):
                start = time.monotonic()
                ticket = desk.tickets.submit(desk.customer(f"c{number}"), f"n{count}", human=False)
                waits.append(time.monotonic() - start)
                desk.runs.run(ticket.id)
    return max(waits)


def _meddled(number: int, desk: Desk, shown: Shown) -> Told:
    ticket_id, name = shown[0], f"admin{number}"
    customer = desk.customer(desk.tickets.of_anyone(ticket_id).customer)
    line_up()
    wish = ("reply", "close", "decide", "run")[number % 4]
    try:
        match wish:
            case "reply":
                desk.tickets.reply(ticket_id, customer, f"more from {number}", human=False)
            case "close":
                desk.tickets.close_as_customer(ticket_id, customer)
            case "decide":
                return _answered(desk, name, shown, Choice.APPROVE)
            case "run":
                desk.runs.run(ticket_id)
    except Conflict as conflict:
        return Told(name, ticket_id, wish, conflict.message)
    return Told(name, ticket_id, wish, None)


def _answered(desk: Desk, name: str, shown: Shown, type: Choice) -> Told:
    ticket_id, request, fingerprint = shown
    message = f"words of {name}" if type is Choice.RESPOND else None
    answer = Answer(type, message, request=request, if_match=fingerprint)
    try:
        accepted = desk.decisions.decide(ticket_id, desk.admin(name), answer)
    except Decided as conflict:
        return Told(name, ticket_id, "decide", conflict.message)
    assert not accepted.unchanged
    return Told(name, ticket_id, "decide", None)


def _checked(ticket_id: str, outcome: Ticket | Exception) -> str:
    assert isinstance(outcome, Ticket), outcome
    return ticket_id


def filed(target: Target, texts: list[str], *, human: bool = False) -> list[str]:
    """File tickets, one customer each, and return their ids."""
    with open_desk(target) as desk:
        desk.policies.require_readable()
        return [
            desk.tickets.submit(desk.customer(f"c{n}"), text, human=human).id
            for n, text in enumerate(texts)
        ]
