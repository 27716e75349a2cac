"""A file with every kind of good and bad line mixed, and what must come of it."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from support_cli.domain.credit import Credit
from support_cli.domain.request import Choice
from support_cli.domain.ticket import Role, Status
from support_cli.domain.trail import Actor
from support_cli.services.decisions import Answer
from support_cli.wiring import Desk
from tests.batch.office import CUSTOMER, JSON, Office

GOOD = frozenset({"applied", "unchanged"})
_ALICE = Actor("alice", "alice@desk")
_PLENTY = b'{"ticket": "' + b"x" * 1_100_000 + b'"}'


@dataclass(frozen=True)
class End:
    """How a ticket must end: what was decided, what the customer was told, what was paid."""

    decided: str
    reply: str
    paid: tuple[str, ...] = ()


@dataclass
class Mixed:
    """The lines, the outcomes that each may have for each ticket, and how the tickets end."""

    lines: list[Mapping[str, Any] | bytes] = field(default_factory=list)
    outcomes: list[tuple[frozenset[str], int]] = field(default_factory=list)
    ends: dict[str, End] = field(default_factory=dict)

    def add(self, line: Mapping[str, Any] | bytes, *outcomes: str, tickets: int = 1) -> None:
        """Add a line."""
        self.lines.append(line)
        self.outcomes.append((frozenset(outcomes), tickets))

    def shuffle(self, seed: int) -> None:
        """Put the lines in a random order."""
        both = list(zip(self.lines, self.outcomes, strict=True))
        random.Random(seed).shuffle(both)
        self.lines, self.outcomes = [line for line, _ in both], [each for _, each in both]

    def check(self, results: Iterable[JSON]) -> None:
        """Fail where a line has no result, one too many, or another than it may have."""
        found: defaultdict[int, list[JSON]] = defaultdict(list)
        for result in results:
            found[result["line"]].append(result)
        for number, (outcomes, tickets) in enumerate(self.outcomes, start=1):
            got = found.pop(number, [])
            assert len(got) == (tickets if outcomes else 0), (number, got)
            assert all(each["outcome"] in outcomes for each in got), (number, outcomes, got)
        assert not found

    def check_ends(self, desk: Desk) -> None:
        """Fail where a ticket ended otherwise, or an effect happened twice."""
        paid = Counter(credits_of(desk))
        for ticket_id, end in self.ends.items():
            ticket = desk.tickets.of_anyone(ticket_id)
            (request,) = ticket.decided
            assert request.decision is not None
            said = [each.text for each in ticket.messages if each.role is Role.AGENT]
            assert (ticket.status, request.decision.type) == (Status.ANSWERED, end.decided)
            assert len(said) == 1, said
            assert end.reply in said[0]
            assert [each.type for each in ticket.trail].count("decided") == 1
            assert paid[ticket_id, end.paid[0] if end.paid else ""] == len(end.paid)
        assert paid.total() == sum(len(end.paid) for end in self.ends.values())


def credits_of(desk: Desk) -> Iterable[tuple[str, str]]:
    """List the credit notes: ticket and amount."""
    page = desk.credits.find(None, limit=1000)
    for row in page.rows:
        note = Credit(**row)
        yield note.ticket, str(note.amount)


def mixed(office: Office, questions: int, approvals: int) -> Mixed:
    """File the questions, and mix the lines that decide them."""
    texts = [f"Why {number}?" for number in range(questions)]
    filed = office.file_questions([*texts, *(f"credit {n + 1}.00" for n in range(approvals))])
    asked, held = filed[:questions], filed[questions:]
    work = office.exported()
    made = Mixed()
    _spoiled(office, made, [asked.pop() for _ in range(12)], work)
    _grouped(made, [asked.pop() for _ in range(6)], work)
    for number, ticket in enumerate(asked):
        _answered(made, ticket, work[ticket], bare=number % 5 == 0)
    for number, ticket in enumerate(held):
        _held(made, ticket, work[ticket], number)
    _unreadable(made)
    made.shuffle(7)
    return made


def _answered(made: Mixed, ticket: str, line: JSON, *, bare: bool) -> None:
    said = {"type": "respond", "message": f"Because, {ticket}."}
    given = {"ticket": ticket.lower().replace("-", "")} if bare else line
    made.add({**given, "custom_id": f"c-{ticket}", "decision": said}, *GOOD)
    made.ends[ticket] = End("respond", f"Because, {ticket}.")


def _held(made: Mixed, ticket: str, line: JSON, number: int) -> None:
    amount = line["args"]["amount"]
    said, end = (
        ({"type": "approve"}, End("approve", f"{amount} EUR", (f"{amount} EUR",))),
        (
            {"type": "edit", "args": {"amount": "0.50"}},
            End("edit", "0.50 EUR", ("0.50 EUR",)),
        ),
        ({"type": "reject", "message": "Too late."}, End("reject", "Too late.")),
        ({"type": "respond", "message": "Call us."}, End("respond", "Call us.")),
    )[number % 4]
    made.add({**line, "decision": said}, *GOOD)
    made.ends[ticket] = end


def _grouped(made: Mixed, tickets: list[str], work: Mapping[str, JSON]) -> None:
    keys = ("ticket", "request", "fingerprint")
    several = [{key: work[ticket][key] for key in keys} for ticket in tickets]
    said = {"type": "respond", "message": "It was an outage."}
    made.add({"tickets": several, "decision": said}, *GOOD, tickets=len(tickets))
    made.ends |= {ticket: End("respond", "It was an outage.") for ticket in tickets}


def _spoiled(office: Office, made: Mixed, tickets: list[str], work: Mapping[str, JSON]) -> None:
    said = {"type": "respond", "message": "Too late."}
    with office.desk() as desk:
        for number, ticket in enumerate(tickets):
            line = {**work[ticket], "decision": said}
            if number % 4 == 0:
                desk.tickets.reply(ticket, CUSTOMER, "And another thing.", human=False)
                made.add(line, "stale")
            elif number % 4 == 1:
                desk.decisions.decide(ticket, _ALICE, Answer(Choice.RESPOND, "Mine."))
                made.add(line, "conflict")
            elif number % 4 == 2:
                desk.tickets.close_as_admin(ticket, _ALICE, None)
                made.add(line, "conflict")
            else:
                made.add(work[ticket])  # nobody has filled it in


def _unreadable(made: Mixed) -> None:
    yes = {"type": "respond", "message": "Yes."}
    for line in (b"nope", b'{"ticket": "\xff"}', _PLENTY, b"[]"):
        made.add(line, "invalid")
    made.add({"ticket": "ZZZZ-ZZZZ", "decision": yes}, "not_found")
    made.add({"ticket": "what?", "decision": yes}, "not_found")
    made.add({"decision": yes}, "invalid")
    made.add({"ticket": "ZZZZ-ZZZZ", "decision": yes, "extra": 1}, "invalid")
