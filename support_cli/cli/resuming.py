"""How an admin's decision comes about: from options, or asked for at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from support_cli.cli.asking import (
    at_terminal,
    confirmed,
    picked,
    text_of_file,
    text_or_stdin,
    typed,
)
from support_cli.cli.options import number
from support_cli.cli.output import note
from support_cli.cli.showing import show_for_decision
from support_cli.cli.votes import changes
from support_cli.cli.ways import CHOOSE, WAYS, Way, ways_for
from support_cli.domain.deciding import find_request
from support_cli.domain.request import Choice, Kind, Request
from support_cli.domain.ticket import Ticket
from support_cli.domain.trail import Actor
from support_cli.errors import Conflict, Stale, SupportError, UsageError
from support_cli.services.decisions import Accepted, Answer
from support_cli.services.json_text import read_json
from support_cli.wiring import Desk

_LABELS = {
    "TEXT": "Your answer",
    "N": "The number of the option",
    "REASON": "The reason",
    "RESULT": "What happened",
    "JSON": "The arguments to change, as JSON",
}
_EDIT = """--edit '{"amount": "60.00"}'"""
_WHICH = UsageError("Which ticket?", hint="support admin resume TICKET --answer TEXT")


@dataclass(frozen=True)
class Given:
    """What the command line says: the options that decide, and how the decision is bound.

    `options` holds, by a way's name, its text, or True for one that takes none.
    """

    options: Mapping[str, str | bool | None]
    answer_file: Path | None
    verbatim: bool
    request: str | None
    if_match: str | None

    def way(self) -> Way | None:
        """Find the one way that is given; None where the person is to be asked.

        Raises:
            UsageError: several are given, or one that --verbatim does not go with.
        """
        given = [way for way in WAYS if self.options.get(way.name) not in (None, False)]
        names = [way.option for way in given] + ["--answer-file"] * (self.answer_file is not None)
        if len(names) > 1:
            raise UsageError(f"{' and '.join(names)} exclude each other.", hint="give one of them")
        way = WAYS[0] if self.answer_file is not None else next(iter(given), None)
        if self.verbatim and way is not None and way.choice is not Choice.RESPOND:
            raise UsageError(f"--verbatim is about a text for the customer; {way.option} has none.")
        return way

    def text(self, way: Way) -> str | None:
        """Read the text that the way takes.

        Raises:
            UsageError: it cannot be read.
        """
        if self.answer_file is not None:
            return text_of_file(self.answer_file)
        text = self.options[way.name]
        return text_or_stdin(text) if isinstance(text, str) else None


def chosen_ticket(desk: Desk, ticket: str | None, given: Given) -> str | None:
    """Name the ticket to decide on: the one given, else at a terminal the oldest that waits.

    Raises:
        UsageError: none is given, and nobody has seen which one it would be.
    """
    if ticket is not None:
        return ticket
    if not at_terminal() or given.way() or given.request or given.if_match:
        raise _WHICH
    return desk.decisions.oldest_waiting()


def accepted(desk: Desk, ticket_id: str, admin: Actor, given: Given) -> Accepted:
    """Get the decision on record.

    Raises:
        UsageError: it is missing, and nobody is at a terminal. And whatever refuses it.
    """
    way = given.way()
    if way is None:
        return _asked(desk, ticket_id, admin, given)
    ticket = desk.tickets.of_anyone(ticket_id)
    request = find_request(ticket, given.request)
    if request.kind is not way.kind:
        fitting = ", ".join(each.option for each in ways_for(request))
        raise UsageError(
            f"Request {request.id} of {ticket.id} is a request of kind {request.kind}, "
            f"which takes {fitting}, not {way.option}.",
            hint=f"support admin show {ticket.id}",
        )
    answer = _answer(way, given.text(way), request, given)
    if at_terminal():
        _show_edit(request, answer)
    if at_terminal() and given.if_match is None and request.kind is not Kind.QUESTION:
        show_for_decision(ticket, request, desk.clock.now(), sys.stderr)
        answer = replace(answer, if_match=request.fingerprint)
    return desk.decisions.decide(ticket.id, admin, answer)


def _answer(way: Way, text: str | None, request: Request, given: Given) -> Answer:
    edits = way.choice is Choice.EDIT
    return Answer(
        way.choice,
        message=None if edits else _message(way, text, request),
        verbatim=given.verbatim,
        args=_changes(text or "") if edits else None,
        request=request.id,
        if_match=given.if_match,
    )


def _message(way: Way, text: str | None, request: Request) -> str | None:
    if way.choice is Choice.REJECT:
        return text or None
    return _chosen(request, text or "") if way.name == CHOOSE else text


def _chosen(request: Request, text: str) -> str:
    if not request.options:
        raise UsageError(f"Request {request.id} gives nothing to choose among.", hint="--answer")
    return request.options[number(len(request.options))(text.strip()) - 1]


def _show_edit(request: Request, answer: Answer) -> bool:
    """Show what an edit changes, before and after; tell whether there was an edit to show."""
    for change in changes(request.args, answer.args or {}):
        note(f"  {change}")
    return answer.args is not None


def _changes(text: str) -> Mapping[str, Any]:
    try:
        changed = read_json(text, "The edit")
    except UsageError as error:
        raise UsageError(error.message, hint=_EDIT) from error
    if not isinstance(changed, dict) or not changed:
        raise UsageError("An edit is a JSON object of the arguments to change.", hint=_EDIT)
    return changed


def _asked(desk: Desk, ticket_id: str, admin: Actor, given: Given) -> Accepted:
    if not at_terminal():
        options = ", ".join(f"{way.option} {way.takes}".strip() for way in WAYS)
        raise UsageError(
            f"The decision is missing: {options}, or - to read an answer from stdin.",
            hint=f'support admin resume {ticket_id} --answer "…"',
        )
    ticket, request = _shown(desk, ticket_id, given.request)
    if given.if_match not in (None, request.fingerprint):
        raise Stale(
            f"Request {request.id} of {ticket.id} has changed since {given.if_match} was shown."
        )
    bound = replace(given, if_match=request.fingerprint)
    way = _way_asked(ticket, request)
    text = typed(_LABELS[way.takes]) if way.takes else None
    answer = _answer(way, text, request, bound)
    if _show_edit(request, answer) and not confirmed("Do it so?"):
        raise SupportError("Nothing was decided.", hint=f"support admin resume {ticket.id}")
    try:
        return desk.decisions.decide(ticket.id, admin, answer)
    except Stale:
        return _asked_again(desk, ticket.id, admin, answer)


def _asked_again(desk: Desk, ticket_id: str, admin: Actor, answer: Answer) -> Accepted:
    note("The customer has written meanwhile. This is the request now:")
    _, request = _shown(desk, ticket_id, answer.request)
    if not confirmed("Decide the same?"):
        raise SupportError("Nothing was decided.", hint=f"support admin resume {ticket_id}")
    return desk.decisions.decide(ticket_id, admin, replace(answer, if_match=request.fingerprint))


def _way_asked(ticket: Ticket, request: Request) -> Way:
    ways = ways_for(request)
    if len(ways) == 1 and (ways[0].takes or confirmed(f"{ways[0].name.capitalize()}?")):
        return ways[0]
    name = picked([way.name for way in ways]) if len(ways) > 1 else None
    if name is None:
        raise SupportError("Nothing was decided.", hint=f"support admin resume {ticket.id}")
    return next(way for way in ways if way.name == name)


def _shown(desk: Desk, ticket_id: str, request_id: str | None) -> tuple[Ticket, Request]:
    ticket = desk.tickets.of_anyone(ticket_id)
    request = find_request(ticket, request_id)
    if request.decision is not None:
        raise Conflict(
            f"Nothing of ticket {ticket.id} waits for a decision.",
            hint=f"support admin show {ticket.id}",
        )
    show_for_decision(ticket, request, desk.clock.now(), sys.stderr)
    return ticket, request
