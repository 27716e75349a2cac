"""The JSON that scripts read: a public interface, to which things are only added.

Every field is always there, null where it does not apply. Times are RFC 3339 in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from support_cli.domain.article import Article
from support_cli.domain.aside import SetAside
from support_cli.domain.request import Decision, Edit, Request, Vote
from support_cli.domain.ticket import Message, Role, Ticket
from support_cli.domain.trail import Event
from support_cli.services.ports import Check, Page
from support_cli.services.tickets import LISTED

JSON = dict[str, Any]
SCHEMA_VERSION = 1


def document(**parts: Any) -> JSON:
    """Make a document: its schema version, and its parts."""
    return {"schema_version": SCHEMA_VERSION, **parts}


def error(code: str, message: str, hint: str | None) -> JSON:
    """Write an error."""
    return document(error={"code": code, "message": message, "hint": hint})


def many(page: Page, view: Callable[[Mapping[str, Any]], JSON]) -> JSON:
    """Write a page of tickets, and where the next one begins."""
    return document(
        tickets=[view(row) for row in page.rows], next=page.next, damaged=list(page.damaged)
    )


def set_aside(each: SetAside) -> JSON:
    """Write of a ticket that workers cannot run, why, and when they look at it again."""
    return {
        "ticket": each.id,
        "reason": each.reason,
        "since": time(each.since),
        "until": time(each.until),
        "tries": each.tries,
    }


def for_customer(ticket: Ticket) -> JSON:
    """Write a ticket as its customer sees it."""
    return _ticket(_row(ticket), ticket.reply, customers_request) | {"error": None}


def for_customer_with_messages(ticket: Ticket) -> JSON:
    """Write a ticket and its transcript as its customer sees them."""
    return for_customer(ticket) | {"messages": [customers_message(m) for m in ticket.messages]}


def row_for_customer(row: Mapping[str, Any]) -> JSON:
    """Write a row of a list as the customer sees it; a list does not load replies."""
    return _ticket(row, None, customers_request) | {"error": None}


def for_admin(ticket: Ticket) -> JSON:
    """Write a ticket as admins see it."""
    return _ticket(_row(ticket), ticket.reply, request)


def for_admin_with_all(ticket: Ticket) -> JSON:
    """Write a ticket with its transcript, decided requests and trail."""
    return for_admin(ticket) | {
        "messages": [message(each) for each in ticket.messages],
        "decided": [request(each) for each in decided(ticket)],
        "trail": [event(each) for each in ticket.trail],
    }


def row_for_admin(row: Mapping[str, Any]) -> JSON:
    """Write a row of a list as admins see it; a list does not load replies."""
    return _ticket(row, None, request)


def decided(ticket: Ticket) -> list[Request]:
    """List the requests that were decided, applied or not."""
    return [each for each in (*ticket.decided, *ticket.requests) if each.decision is not None]


def request(each: Request) -> JSON:
    """Write a request as admins see it."""
    ruled = each.verdict
    return {
        "id": each.id,
        "kind": each.kind,
        "query": each.query,
        "tool": each.tool,
        "args": dict(each.args) if each.tool else None,
        "facts": dict(ruled.facts) if ruled else None,
        "rule": ruled.rule if ruled else None,
        "policy_version": ruled.policy_version if ruled else None,
        "reason": each.reason,
        "risk": ruled.risk if ruled else None,
        "levels": list(each.levels),
        "votes": [_vote(vote) for vote in each.votes],
        "missing": list(each.missing) if each.decision is None else [],
        "in_order": each.in_order,
        "edits": [_edit(edit) for edit in each.edits],
        "options": list(each.options) or None,
        "allowed_decisions": list(each.allowed),
        "fingerprint": each.fingerprint,
        "created_at": time(each.created_at),
        "due_at": _due(each),
        "decision": None if each.decision is None else _decision(each.decision),
        "evidence": None if each.evidence is None else asdict(each.evidence),
    }


def customers_request(each: Request) -> JSON:
    """Write what a customer may know of a request: that it is there, and what it asks."""
    shown = ("id", "kind", "query", "created_at")
    return {name: value if name in shown else None for name, value in request(each).items()}


def message(each: Message) -> JSON:
    """Write a message of the transcript."""
    return {
        "role": each.role,
        "text": each.text,
        "at": time(each.at),
        "by": each.by,
        "finished": not each.unfinished,
    }


def customers_message(each: Message) -> JSON:
    """Write a message for the customer: of a person's, only that there was one."""
    return message(each) | ({"text": None, "by": None} if each.role is Role.PERSON else {})


def event(each: Event) -> JSON:
    """Write one event of the trail."""
    return {
        "number": each.number,
        "at": time(each.at),
        "type": each.type,
        "by": each.by,
        "via": each.via,
        "operation": each.operation,
        "data": dict(each.data),
        "hash": each.hash,
    }


def article(each: Article) -> JSON:
    """Write an article; a list does not load the texts."""
    return {
        "id": each.id,
        "title": each.title,
        "text": each.text or None,
        "added_at": time(each.at),
        "by": each.by,
    }


def credit(row: Mapping[str, Any]) -> JSON:
    """Write a credit note; money is a decimal string with a currency."""
    amount = row["amount"]
    return {
        "id": row["id"],
        "customer": row["customer"],
        "amount": str(amount.amount),
        "currency": amount.currency,
        "reason": row["reason"],
        "ticket": row["ticket"],
        "at": time(row["at"]),
    }


def checks(each: Sequence[Check]) -> JSON:
    """Write what the doctor saw."""
    told = [
        {"name": one.name, "ok": one.ok, "detail": one.detail, "remedy": one.remedy} for one in each
    ]
    return document(doctor={"checks": told})


def time(at: datetime) -> str:
    """Write a time."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _ticket(row: Mapping[str, Any], reply: str | None, view: Callable[[Request], JSON]) -> JSON:
    return {
        "id": row["id"],
        "status": row["status"],
        "customer": row["customer"],
        "subject": row["subject"],
        "created_at": time(row["created_at"]),
        "updated_at": time(row["updated_at"]),
        "reply": reply,
        "error": row["error"],
        "requests": [view(each) for each in row["requests"] if each.decision is None],
    }


def _row(ticket: Ticket) -> Mapping[str, Any]:
    return {name: getattr(ticket, name) for name in LISTED}


def _decision(each: Decision) -> JSON:
    return {
        "type": each.type,
        "message": each.message,
        "args": None if each.args is None else dict(each.args),
        "by": each.by,
        "at": time(each.at),
    }


def _vote(each: Vote) -> JSON:
    return {"by": each.by, "level": each.level, "type": each.type, "at": time(each.at)}


def _edit(each: Edit) -> JSON:
    return {"by": each.by, "at": time(each.at), "before": dict(each.before)}


def _due(each: Request) -> str | None:
    seconds = each.verdict.due if each.verdict else None
    return None if seconds is None else time(each.created_at + timedelta(seconds=seconds))
