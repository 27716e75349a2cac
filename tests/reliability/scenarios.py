"""What people do with the desk: the commands that every matrix kills, stops and cuts off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from support_cli.domain.request import Choice, Kind, Request
from support_cli.domain.ticket import Status, Ticket
from support_cli.services.decisions import Answer
from support_cli.wiring import Desk
from tests.reliability.payments import Payments, told

ADMIN = "ada"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Verb:
    """What an admin says to a request."""

    type: Choice
    message: str | None = None
    args: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Scenario:
    """What was said before, and what people do then.

    `before` are the customer's messages before; then comes what is not None, in this order: a new
    ticket, a reply, answers to each of the agent's requests (`outcome`: to the first question
    whether an effect happened), closing.
    """

    name: str
    before: tuple[str, ...] = ()
    submit: str | None = None
    human: bool = False
    key: str | None = None
    reply: str | None = None
    answer: Verb | None = None
    outcome: Verb | None = None
    closes: bool = False


APPROVE = Verb(Choice.APPROVE)
RESPOND = Verb(Choice.RESPOND, "Like this.")
SCENARIOS = (
    Scenario("submit, answered", submit="hello"),
    Scenario("submit with a key", submit="hello", key="k"),
    Scenario("submit, a question", submit="ask how"),
    Scenario("submit, a person wanted", submit="hello", human=True),
    Scenario("submit, an approval", submit="pay 5"),
    Scenario("reply after an answer", ("hello",), reply="pay 5"),
    Scenario("reply meanwhile, then respond", ("ask how",), reply="by the way", answer=RESPOND),
    Scenario("respond", ("ask how",), answer=RESPOND),
    Scenario("approve, keyed", ("pay 5",), answer=APPROVE),
    Scenario("approve, unkeyed", ("wire 5",), answer=APPROVE),
    Scenario("approve, did not happen", ("pay 0",), answer=APPROVE),
    Scenario("edit, keyed", ("pay 5",), answer=Verb(Choice.EDIT, args={"amount": "4"})),
    Scenario("reject", ("wire 5",), answer=Verb(Choice.REJECT, "Too much.")),
    Scenario("two calls at once", ("both 5",), answer=APPROVE),
    Scenario("outcome: again", ("wire 13",), outcome=APPROVE),
    Scenario("outcome: it happened", ("wire 13",), outcome=Verb(Choice.RESPOND, "Paid 13.")),
    Scenario("close", ("ask how",), closes=True),
)


def prepare(desk: Desk, scenario: Scenario, customer: str) -> None:
    """Bring a customer's ticket to where the scenario begins."""
    if not scenario.before:
        return
    ticket = desk.tickets.submit(desk.customer(customer), scenario.before[0], human=False)
    desk.runs.run(ticket.id)
    if scenario.outcome is not None:
        decide(desk, ticket_of(desk, customer), APPROVE)
        desk.runs.run(ticket.id)


def command(desk: Desk, scenario: Scenario, customer: str, payments: Payments, say: Say) -> Ticket:
    """Do what of the scenario is not done yet, as a person does who looks before trying again."""
    ticket = _told(desk, scenario, customer, say)
    while (verb := _verb(ticket, scenario, payments)) is not None:
        decide(desk, ticket, verb)
        say("decided")
        ticket = desk.runs.run(ticket.id)
    if scenario.closes and ticket.status is not Status.CLOSED:
        ticket = desk.tickets.close_as_customer(ticket.id, desk.customer(customer))
        say("closed")
    return ticket


def _told(desk: Desk, scenario: Scenario, customer: str, say: Say) -> Ticket:
    who, human, reply = desk.customer(customer), scenario.human, scenario.reply
    found = ids_of(desk, customer)
    if not found and scenario.submit is not None:
        found = [desk.tickets.submit(who, scenario.submit, human=human, key=scenario.key).id]
        say(scenario.submit)
    ticket = desk.tickets.of_anyone(found[0])
    if reply is not None and all(each.text != reply for each in ticket.messages):
        desk.tickets.reply(ticket.id, who, reply, human=human)
        say(reply)
    return desk.runs.run(ticket.id)


def _verb(ticket: Ticket, scenario: Scenario, payments: Payments) -> Verb | None:
    if not ticket.open_requests:
        return None
    request = _first(ticket)
    if request.kind is not Kind.OUTCOME:
        return scenario.answer
    before = [each for each in ticket.decided if each.kind is Kind.OUTCOME]
    return scenario.outcome if scenario.outcome and not before else oracle(request, payments)


def oracle(request: Request, payments: Payments) -> Verb:
    """Say whether an effect happened, as a person does who has asked the bank."""
    paid = any(each.key.endswith(request.call) for each in payments.all())
    return Verb(Choice.RESPOND, told(str(request.args["amount"]))) if paid else APPROVE


def decide(desk: Desk, ticket: Ticket, verb: Verb, by: str = ADMIN) -> Ticket:
    """Decide a ticket's first open request, on what it showed."""
    request = _first(ticket)
    answer = Answer(
        verb.type, verb.message, args=verb.args, request=request.id, if_match=request.fingerprint
    )
    return desk.decisions.decide(ticket.id, desk.admin(by), answer).ticket


def _first(ticket: Ticket) -> Request:
    """Return the desk's own request, if there is one: nothing runs before it is decided."""
    own = [each for each in ticket.open_requests if each.kind is Kind.OUTCOME]
    return (own or list(ticket.open_requests))[0]


def ids_of(desk: Desk, customer: str) -> list[str]:
    """Name a customer's tickets."""
    page = desk.documents.find(Ticket, fields=("id",), where={"customer": customer}, limit=1000)
    return [row["id"] for row in page.rows]


def ticket_of(desk: Desk, customer: str) -> Ticket:
    """Load a customer's only ticket."""
    (ticket_id,) = ids_of(desk, customer)
    return desk.tickets.of_anyone(ticket_id)
