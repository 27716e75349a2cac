"""The ways to decide a request, each an option of `admin resume`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from support_cli.domain.request import Choice, Kind, Request
from support_cli.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Way:
    """One option: the kind of request it is for, what it decides, and what it takes."""

    name: str
    kind: Kind
    choice: Choice
    takes: str = ""

    @property
    def option(self) -> str:
        """The option as it is typed."""
        return f"--{self.name}"


CHOOSE = "choose"  # among the options that the agent gave with its question
WAYS = (
    Way("answer", Kind.QUESTION, Choice.RESPOND, "TEXT"),
    Way(CHOOSE, Kind.QUESTION, Choice.RESPOND, "N"),
    Way("approve", Kind.APPROVAL, Choice.APPROVE),
    Way("edit", Kind.APPROVAL, Choice.EDIT, "JSON"),
    Way("reject", Kind.APPROVAL, Choice.REJECT, "REASON"),
    Way("respond", Kind.APPROVAL, Choice.RESPOND, "TEXT"),
    Way("happened", Kind.OUTCOME, Choice.RESPOND, "RESULT"),
    Way("again", Kind.OUTCOME, Choice.APPROVE),
    Way("retry", Kind.FAILURE, Choice.APPROVE),
)


def ways_for(request: Request) -> list[Way]:
    """List the ways in which this request may be decided."""
    return [
        way
        for way in WAYS
        if way.kind is request.kind
        and way.choice in request.allowed
        and (request.options or way.name != CHOOSE)
    ]


def commands_for(ticket: Ticket, request: Request) -> Iterator[str]:
    """Write the commands that decide this request."""
    resume = f"support admin resume {ticket.id}"
    if len(ticket.open_requests) > 1:
        resume += f" --request {request.id}"
    bound = "" if request.kind is Kind.QUESTION else f" --if-match {request.fingerprint}"
    for way in ways_for(request):
        yield f"{resume} {way.option} {way.takes}".rstrip() + bound
    if request.kind is Kind.FAILURE:
        yield f"support admin close {ticket.id} --message TEXT"
