"""Who may decide what: people whom the policy names, on tickets that are not their own."""

from __future__ import annotations

from support_cli.domain.names import same_person
from support_cli.domain.request import OF_ACTIONS, Kind, Request
from support_cli.domain.staff import Audience, Staff
from support_cli.domain.ticket import Ticket
from support_cli.errors import NotAllowed

_POLICY = "support admin policy show"


def require_named(staff: Staff, person: str, what: str) -> None:
    """Refuse what only people whom the policy names may do, where it names anyone.

    Raises:
        NotAllowed: the policy names others.
    """
    if not staff.includes(person):
        raise NotAllowed(f"The policy does not name {person}, so they cannot {what}.", hint=_POLICY)


def require_permitted(ticket: Ticket, request: Request, person: str, staff: Staff) -> None:
    """Refuse a decision by a person who may not make it.

    Raises:
        NotAllowed: it is their own ticket, the policy names others, or they hold no level of it.
    """
    own = same_person(person, ticket.customer)
    if own and (staff.named or request.kind in OF_ACTIONS):
        raise NotAllowed(f"{person} is the customer of ticket {ticket.id} and cannot decide on it.")
    if request.kind is Kind.QUESTION and staff.questions is Audience.EVERYBODY:
        return
    require_named(staff, person, f"decide request {request.id} of {ticket.id}")
    if request.levels and not staff.held(person, request.levels):
        held = ", ".join(sorted(staff.held(person, staff.every_level))) or "no level"
        raise NotAllowed(
            f"Request {request.id} of {ticket.id} needs {' and '.join(request.levels)}; "
            f"{person} holds {held}.",
            hint=_POLICY,
        )
