"""One ticket, shown to its customer or to an admin."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TextIO

from support_cli.cli.output import line, quote, say
from support_cli.cli.schema import decided
from support_cli.cli.text import one_line
from support_cli.cli.votes import SAME, changes, in_words, needed
from support_cli.cli.ways import commands_for
from support_cli.domain.durations import age
from support_cli.domain.integrity import faults
from support_cli.domain.request import Request
from support_cli.domain.text import subject_of
from support_cli.domain.ticket import Message, Role, Ticket
from support_cli.domain.trail import Event
from support_cli.domain.verdict import Verdict

_HEAD = "bold"
_FAINT = "dim"
_OUTSIDE = ("asks", "arguments", "edited", "reason", "facts", "options")  # may hold anybody's words
_HASHES = ("text", "args", "fingerprint")  # what a person cannot read in an event


def to_customer(ticket: Ticket, now: datetime) -> None:
    """Print the conversation for the customer; of a person's words, that there were some."""
    _title(ticket, now)
    for message in ticket.messages:
        say()
        when = age(now - message.at)
        if message.role is Role.PERSON:
            say(f"A person answered the agent, {when} ago.", style=_FAINT)
            continue
        who = "You" if message.role is Role.CUSTOMER else "Support"
        say(f"{who}, {when} ago{_ending(message)}:", style=_FAINT)
        quote(message.text, lead="  ")


def to_admin(ticket: Ticket, now: datetime) -> None:
    """Print everything that is known of a ticket."""
    _title(ticket, now, f", customer {ticket.customer}")
    if ticket.error:
        quote(ticket.error, lead="The last run failed: ")
    _heading("Conversation")
    for message in ticket.messages:
        _message(message, now)
    for request in ticket.open_requests:
        _heading(f"Request {request.id}")
        _request(ticket, request, now, sys.stdout)
        say("Decide with", style=_FAINT, lead="  ")
        for each in commands_for(ticket, request):
            line(f"    {each}")
    _show_decided(ticket, now)
    _show_trail(ticket)


def show_for_decision(ticket: Ticket, request: Request, now: datetime, stream: TextIO) -> None:
    """Print what a person must see before deciding: the customer's words, and the request."""
    head = f"Ticket {ticket.id} of {ticket.customer}, request {request.id}"
    say(head, style=_HEAD, stream=stream)
    for message in ticket.customer_messages:
        say(
            f"{ticket.customer}, {age(now - message.at)} ago:",
            style=_FAINT,
            lead="  ",
            stream=stream,
        )
        quote(message.text, lead="    ", stream=stream)
    say(stream=stream)
    _request(ticket, request, now, stream)
    say(stream=stream)


def _request(ticket: Ticket, request: Request, now: datetime, stream: TextIO) -> None:
    for name, value in _facts(request, now):
        tell = quote if name in _OUTSIDE else say
        tell(value, lead=f"  {name:<12} ", stream=stream)
    since = [each for each in ticket.customer_messages if each.at > request.created_at]
    if since:
        say("The customer has added since:", lead="  ", stream=stream)
    for message in since:
        quote(message.text, lead="    ", stream=stream)


def _title(ticket: Ticket, now: datetime, more: str = "") -> None:
    say(f"Ticket {ticket.id}: {ticket.status} for {age(now - ticket.since)}{more}", style=_HEAD)


def _heading(text: str) -> None:
    say()
    say(text, style=_HEAD)


def _message(message: Message, now: datetime) -> None:
    wish = ", asks for a person" if message.human else ""
    who = f"{message.role} {message.by}" if message.role is not Role.AGENT else "agent"
    when = f"{age(now - message.at)} ago"
    say(f"{who}, {when}{wish}{_ending(message)}:", style=_FAINT, lead="  ")
    quote(message.text, lead="    ")


def _ending(message: Message) -> str:
    return ", not finished" if message.unfinished else ""


def _facts(request: Request, now: datetime) -> Iterator[tuple[str, str]]:
    verdict = request.verdict
    yield "asks", request.query
    yield "kind", request.kind
    yield "since", f"{age(now - request.created_at)} ago"
    if request.tool:
        yield "tool", request.tool
        yield "arguments", json.dumps(dict(request.args), ensure_ascii=False)
    if request.reason:
        yield "reason", request.reason
    if request.evidence:
        yield "it", request.evidence.in_words()
        yield "printed", request.evidence.output or "nothing"
    if verdict:
        yield from _ruling(verdict)
    yield from _agreement(request, now)
    if request.options:
        numbered = (f"{at}. {one_line(option)}" for at, option in enumerate(request.options, 1))
        yield "options", "\n".join(numbered)
    yield "fingerprint", request.fingerprint


def _agreement(request: Request, now: datetime) -> Iterator[tuple[str, str]]:
    after = [*(edit.before for edit in request.edits[1:]), request.args]
    for edit, args in zip(request.edits, after, strict=False):
        what = ", ".join(changes(edit.before, args)) or SAME
        yield "edited", f"{edit.by}, {age(now - edit.at)} ago: {what}"
    for vote in request.votes:
        stands = vote.level or ("no level now" if request.levels else "any admin")
        yield "agreed", f"{vote.by} ({stands}), {age(now - vote.at)} ago"
    if request.levels and request.decision is None:
        yield "missing", needed(request)


def _ruling(verdict: Verdict) -> Iterator[tuple[str, str]]:
    told = {
        "rule": verdict.rule,
        "risk": verdict.risk,
        "needs": in_words(verdict.levels, verdict.in_order),
        "facts": json.dumps(dict(verdict.facts), ensure_ascii=False) if verdict.facts else None,
    }
    yield from ((name, value) for name, value in told.items() if value)


def _show_decided(ticket: Ticket, now: datetime) -> None:
    made = decided(ticket)
    if made:
        _heading("Decided")
    for request in made:
        say(_decided_line(request, now), lead="  ")


def _decided_line(request: Request, now: datetime) -> str:
    given = request.decision
    if given is None:
        return request.id
    said = f": “{subject_of(given.message)}”" if given.message else ""
    exactly = ", word for word" if given.verbatim else ""
    when = age(now - given.at)
    return f"{request.id} {request.kind}: {given.type} by {given.by}, {when} ago{exactly}{said}"


def _show_trail(ticket: Ticket) -> None:
    found = faults(ticket)
    _heading(f"Trail (UTC): {len(ticket.trail)} events, {'NOT intact' if found else 'intact'}")
    for fault in found:
        say(fault, lead="  ! ")
    for event in ticket.trail:
        say(_told(event), lead=f"{event.number:>4}  {event.at:%Y-%m-%d %H:%M:%S}  ")


def _told(event: Event) -> str:
    shown = {name: value for name, value in event.data.items() if value and name not in _HASHES}
    data = ", ".join(f"{name} {value}" for name, value in shown.items())
    return f"{event.type} by {event.by} ({event.via})" + (f": {data}" if data else "")
