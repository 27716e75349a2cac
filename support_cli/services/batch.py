"""Deciding many requests, and filing many questions: planned, side by side, safe to do again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from support_cli.domain.ids import parse_ticket_id
from support_cli.domain.running import claimable
from support_cli.domain.text import checked_text
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.trail import Actor
from support_cli.domain.work import (
    Outcome,
    Question,
    Said,
    Target,
    custom_id_of,
    parse_question,
    parse_work,
)
from support_cli.errors import Conflict, NotAllowed, NotFound, Stale, SupportError, UsageError
from support_cli.services.changes import unmoved
from support_cli.services.decisions import Answer, Decisions
from support_cli.services.ports import Clock
from support_cli.services.raw_lines import Line
from support_cli.services.runs import Claim, Runs
from support_cli.services.tickets import Tickets

_log = logging.getLogger(__name__)
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: a line's decision on one ticket, or its question; or what is wrong with it.

    `said` and `asked` None, without a fault: nobody has filled the line in.
    """

    line: int
    custom_id: str | None = None
    target: Target | None = None
    said: Said | None = None
    asked: Question | None = None
    fault: str | None = None
    args: Mapping[str, Any] | None = None

    @property
    def blank(self) -> bool:
        """Tell whether there is nothing to do."""
        return self.said is None and self.asked is None and self.fault is None

    @property
    def lane(self) -> str | None:
        """Name what two items may not be done side by side for: a ticket, or a customer's key."""
        if self.target is not None:
            return _ticket_of(self.target)
        if self.asked is not None and self.asked.key is not None:
            return f"{self.asked.customer}\0{self.asked.key}"
        return None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an item."""

    line: int
    custom_id: str | None
    ticket: str | None
    request: str | None
    outcome: Outcome
    status: Status | None = None
    reply: str | None = None
    error: str | None = None


def decisions_of(lines: Iterable[Line]) -> Iterator[Item]:
    """Read lines of decisions; one that serves several tickets gives an item for each."""
    for line in lines:
        work = _parsed(line, parse_work)
        if isinstance(work, Item):
            yield work
            continue
        for target in work.targets:
            yield Item(line.number, work.custom_id, target, work.said, args=work.args)


def questions_of(lines: Iterable[Line]) -> Iterator[Item]:
    """Read lines of questions."""
    for line in lines:
        question = _parsed(line, parse_question)
        if isinstance(question, Item):
            yield question
        else:
            yield Item(line.number, question.custom_id, asked=question)


class Batch:
    """Does items. Each call does one; any number of threads may call at once.

    Args:
        tickets: where questions are filed.
        decisions: where decisions are put on record.
        runs: what lets the agent go on; None leaves that to workers.
        clock: the time.
    """

    def __init__(
        self, tickets: Tickets, decisions: Decisions, runs: Runs | None, clock: Clock
    ) -> None:
        self._tickets = tickets
        self._decisions = decisions
        self._runs = runs
        self._clock = clock

    def foresee(self, item: Item, admin: Actor) -> Result:
        """Say what a decision would come to as things stand, and change nothing."""
        return _judged(item, lambda: self._foreseen(item, admin))

    def decide(self, item: Item, admin: Actor) -> Result:
        """Put a decision on record, and let the agent go on."""
        return _judged(item, lambda: self._decided(item, admin))

    def submit(self, item: Item, customer: Actor) -> Result:
        """File a question, and let the agent run it."""
        return _judged(item, lambda: self._submitted(item, customer))

    def _foreseen(self, item: Item, admin: Actor) -> Result:
        made = self._decisions.foresee(*_said(item, admin))
        outcome = Outcome.UNCHANGED if made.unchanged else Outcome.APPLIED
        return _result(item, made.ticket, outcome, made.request.id)

    def _decided(self, item: Item, admin: Actor) -> Result:
        claim = self._runs.claim() if self._runs else None
        made = self._decisions.decide(*_said(item, admin), claim.take if claim else unmoved)
        ticket, ran, error = self._run(made.ticket, claim)
        applied = any(each.id == made.request.id for each in ticket.decided)
        outcome = Outcome.APPLIED if ran or not made.unchanged else Outcome.UNCHANGED
        left = self._runs is None and made.unchanged  # to workers, and by an earlier batch
        if error is not None or not (applied or left):
            outcome = Outcome.RECORDED
        return _result(item, ticket, outcome, made.request.id, error)

    def _submitted(self, item: Item, customer: Actor) -> Result:
        question = _asked(item)
        who = Actor(question.customer or customer.name, customer.via)
        claim = self._runs.claim() if self._runs else None
        opened: list[Ticket] = []

        def take(ticket: Ticket) -> Ticket:
            opened.append(ticket)
            return claim.take(ticket) if claim else ticket

        filed = self._tickets.submit(who, question.text, human=False, key=question.key, then=take)
        if filed.customer_messages[0].text != checked_text(question.text):
            raise Conflict(f"The key {question.key} was used for another text, on {filed.id}.")
        ticket, ran, error = self._run(filed, claim)
        outcome = Outcome.APPLIED if ran else Outcome.UNCHANGED
        left = self._runs is None and not opened  # to workers, and by an earlier batch
        waits = ticket.status in (Status.READY, Status.RUNNING) and not left
        if waits or error is not None:
            outcome = Outcome.RECORDED
        # What went wrong inside is not for customers; the ticket is kept, and will be run.
        return _result(item, ticket, outcome)

    def _run(self, ticket: Ticket, claim: Claim | None) -> tuple[Ticket, bool, str | None]:
        """Run what may be run: the ticket as it is then, whether it ran, and what failed."""
        if self._runs is None or claim is None:
            return ticket, False, None
        claimed = (claim, ticket) if claim.holds(ticket) else None
        now = self._clock.now()
        if claimed is None and not claimable(ticket.status, ticket.lease, now):
            return ticket, False, None
        try:
            ran = self._runs.run(ticket.id, claimed=claimed)
        except SupportError as error:
            return ticket, True, error.message
        return ran, True, ran.error


def repeatable(item: Item) -> bool:
    """Tell whether an item may be done again: all may but a question without a key."""
    return item.asked is None or item.asked.key is not None


def lost(item: Item) -> Result:
    """Say that the process that did an item died, and that it cannot be done again here."""
    text = "The process that did it died, and the one that tried again."
    if not repeatable(item):
        text = "The process that did it died; the question may have been filed."
    return failed(item, SupportError(text))


def failed(item: Item, error: SupportError) -> Result:
    """Say that an item failed."""
    return _result(item, None, Outcome.FAILED, error=error.message)


def not_done(item: Item) -> Result:
    """Say that the batch ended before an item was begun; a line that is no good stays so."""
    return _judged(item, lambda: _result(item, None, Outcome.NOT_DONE))


def _parsed(line: Line, parse: Callable[[Mapping[str, Any]], P]) -> P | Item:
    if line.value is None:
        return Item(line.number, fault=line.fault)
    try:
        return parse(line.value)
    except UsageError as error:
        return Item(line.number, custom_id_of(line.value), fault=error.message)


def _ticket_of(target: Target) -> str:
    try:
        return parse_ticket_id(target.ticket)
    except NotFound:
        return target.ticket


def _said(item: Item, admin: Actor) -> tuple[str, Actor, Answer]:
    target, said = item.target, item.said
    if target is None or said is None:
        raise UsageError("The line has no decision.")
    answer = Answer(
        said.type,
        said.message,
        args=said.args,
        request=target.request,
        if_match=target.fingerprint,
        shown=item.args,
    )
    return target.ticket, admin, answer


def _asked(item: Item) -> Question:
    if item.asked is None:
        raise UsageError("The line has no question.")
    return item.asked


def _judged(item: Item, do: Callable[[], Result]) -> Result:
    if item.fault is not None:
        return _result(item, None, Outcome.INVALID, error=item.fault)
    try:
        return do()
    except SupportError as error:
        return _result(item, None, _outcome_of(error), error=error.message)
    except Exception as error:  # noqa: BLE001 (a bug in one line spoils no other)
        _log.exception("Line %s failed", item.line)
        text = f"This is a bug in support: {type(error).__name__}: {error}"
        return _result(item, None, Outcome.FAILED, error=text)


def _outcome_of(error: SupportError) -> Outcome:
    match error:
        case Stale():
            return Outcome.STALE
        case Conflict():
            return Outcome.CONFLICT
        case NotFound():
            return Outcome.NOT_FOUND
        case UsageError() | NotAllowed():
            return Outcome.INVALID
    return Outcome.FAILED


def _result(
    item: Item,
    ticket: Ticket | None,
    outcome: Outcome,
    request: str | None = None,
    error: str | None = None,
) -> Result:
    target = item.target
    return Result(
        line=item.line,
        custom_id=item.custom_id,
        ticket=ticket.id if ticket else target.ticket if target else None,
        request=request or (target.request if target else None),
        outcome=outcome,
        status=ticket.status if ticket else None,
        reply=ticket.reply if ticket else None,
        error=error,
    )
