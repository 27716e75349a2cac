"""Credit notes, for the agent."""

from __future__ import annotations

from collections.abc import Callable

from support_cli.domain.money import parse_money
from support_cli.errors import UsageError
from support_cli.services.credits import Credits
from support_cli.tools.api import OWN_STORE, Context, DidNotHappen, effect


def credit_tools(credits_: Credits) -> list[Callable[..., str]]:
    """Make the tools over the credit notes."""

    @effect(keyed=True, timeout=OWN_STORE)
    def issue_credit(amount: str, currency: str, reason: str, context: Context) -> str:
        """Issue a credit note to this customer, such as 15.00 EUR, with the reason for it."""
        try:
            money = parse_money(amount, currency)
        except UsageError as error:
            raise DidNotHappen(error.message) from error
        note = credits_.issue(context.key, context.customer, money, reason, context.ticket)
        return f"A credit of {note.amount} was issued."

    return [issue_credit]
