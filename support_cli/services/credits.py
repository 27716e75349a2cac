"""Credit notes: an effect of the desk's own that takes an idempotency key."""

from __future__ import annotations

from contextlib import suppress

from support_cli.domain.credit import Credit
from support_cli.domain.money import Money
from support_cli.errors import ReplyLost, StoreError
from support_cli.services.ports import Clock, Documents, Page

_TRIES = 5


class Credits:
    """Issues and lists credit notes."""

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    def issue(self, key: str, customer: str, amount: Money, reason: str, ticket: str) -> Credit:
        """Issue a credit note once per key; the same key again returns the note it had.

        Raises:
            StoreError: it could not be stored.
        """
        note = Credit(key, customer, amount, reason, ticket, self._clock.now())
        for _ in range(_TRIES - 1):
            with suppress(ReplyLost):
                return self._stored(note)
        return self._stored(note)

    def _stored(self, note: Credit) -> Credit:
        self._documents.insert(note)
        kept = self._documents.get(Credit, note.id)
        if kept is None:
            raise StoreError("The credit note could not be stored.")
        return kept

    def find(self, customer: str | None, *, limit: int, after: str | None = None) -> Page:
        """List credit notes, the newest first."""
        return self._documents.find(
            Credit,
            fields=("id", "customer", "amount", "reason", "ticket", "at"),
            where={"customer": customer} if customer else {},
            descending=True,
            limit=limit,
            after=after,
        )
