"""The tickets that were set aside: kept in the store, so that workers and admins share them."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial

from support_cli.domain.aside import SetAside, set_aside
from support_cli.domain.ticket import Status
from support_cli.errors import Damaged, NotFound, SupportError
from support_cli.services.changes import Changes
from support_cli.services.paging import every_row, overlook

_log = logging.getLogger(__name__)
_FIELDS = ("id", "reason", "since", "until", "tries", "version")


class Asides:
    """Remembers what was set aside, also where the store cannot keep it."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._documents = changes.documents
        self._known: dict[str, SetAside] = {}
        self._put: set[str] = set()  # by this process

    def refresh(self) -> None:
        """Look at what the other workers have set aside, and taken up again."""
        stored = {each.id: each for each in self._stored()}
        own = {name: self._known[name] for name in self._put}
        self._known = stored | own

    def waits(self, ticket_id: str, *, impatient: bool = False) -> bool:
        """Tell whether a ticket is not to be looked at yet.

        `impatient`: only what this process itself has set aside waits.
        """
        known = self._known.get(ticket_id)
        if known is None or (impatient and ticket_id not in self._put):
            return False
        return known.until > self._changes.clock.now()

    def due(self, *, impatient: bool = False) -> list[str]:
        """Name the tickets that are to be looked at again."""
        return [name for name in self._known if not self.waits(name, impatient=impatient)]

    def put(self, ticket_id: str, error: Exception) -> None:
        """Set a ticket aside, for longer than before."""
        now = self._changes.clock.now()
        known = self._known.get(ticket_id)
        made = known.again(error, now) if known else set_aside(ticket_id, error, now)
        self._known[ticket_id] = made
        self._put.add(ticket_id)
        try:
            self._store(made)
        except SupportError:
            _log.warning("That %s is set aside could not be stored", ticket_id, exc_info=True)

    def forget(self, ticket_id: str) -> None:
        """Take a ticket up again: it was run, or there is nothing to run."""
        self._put.discard(ticket_id)
        if self._known.pop(ticket_id, None) is None:
            return
        try:
            self._documents.delete(SetAside, ticket_id)
        except SupportError:
            _log.warning("%s is still told as set aside", ticket_id, exc_info=True)

    def all(self) -> list[SetAside]:
        """List what is set aside now, for people: not what has been run or closed since."""
        return [each for each in self._stored() if self._is_stuck(each.id)]

    def _stored(self) -> list[SetAside]:
        find = partial(self._documents.find, SetAside, fields=_FIELDS)
        return [SetAside(**row) for row in every_row(find, overlook)]

    def _store(self, made: SetAside) -> None:
        stored = self._documents.get(SetAside, made.id)
        if stored is None:
            self._documents.insert(made)
        else:
            self._documents.replace(replace(made, version=stored.version))

    def _is_stuck(self, ticket_id: str) -> bool:
        try:
            ticket = self._changes.load(ticket_id)
        except Damaged:
            return True
        except NotFound:
            return False
        return ticket.status is Status.READY or ticket.status is Status.RUNNING
