"""Whether the desk's work goes on: what cannot be run, what nobody runs, which tools there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from support_cli.domain.action import Action
from support_cli.domain.article import Article
from support_cli.domain.credit import Credit
from support_cli.domain.durations import age
from support_cli.domain.effect import Effect
from support_cli.domain.order import Order
from support_cli.domain.policy import KeptPolicy
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.tool import Marking, Tool
from support_cli.errors import Damaged, SupportError
from support_cli.services.asides import Asides
from support_cli.services.changes import Changes
from support_cli.services.paging import every_row, overlook
from support_cli.services.ports import Check

_SOON, _LATE = timedelta(minutes=10), timedelta(days=1)  # that a ticket waits for a worker

_KINDS = (Ticket, Effect, Action, Credit, Order, Article, KeptPolicy)
_NEWEST = 1_000  # of each kind that are read: as many as take seconds, not minutes
_NAMED = 5  # of those that cannot be read


class Health:
    """Examines the desk for `admin doctor`.

    Args:
        changes: the tickets, and the time.
        asides: what could not be run.
        tools: loads the tools the agent is given.
    """

    def __init__(
        self, changes: Changes, asides: Asides, tools: Callable[[], Mapping[str, Tool]]
    ) -> None:
        self._changes = changes
        self._asides = asides
        self._tools = tools

    def checks(self) -> list[Check]:
        """Say of each thing that it is well, or what to do."""
        return [self._records(), *self._stuck(), self._neglected(), self._given()]

    def _records(self) -> Check:
        found = list(islice(self._unreadable(), _NAMED))
        if found:
            detail = f"cannot be read: {', '.join(found)}"
            return Check("records", False, detail, "restore them from a backup")
        return Check("records", True, f"the newest {_NEWEST:,} of each kind can be read")

    def _unreadable(self) -> Iterator[str]:
        documents = self._changes.documents
        for kind in _KINDS:
            name = kind.__name__.lower()
            page = documents.find(kind, fields=("id",), descending=True, limit=_NEWEST)
            yield from (f"{name} {each}" for each in page.damaged)
            for row in page.rows:
                try:
                    documents.get(kind, row["id"])
                except Damaged:
                    yield f"{name} {row['id']}"

    def _stuck(self) -> Iterator[Check]:
        now = self._changes.clock.now()
        for each in self._asides.all():
            detail = f"{each.id} cannot be run, for {age(now - each.since)}: {each.reason}"
            yield Check("set aside", False, detail, "support worker --once, when it is put right")

    def _neglected(self) -> Check:
        now = self._changes.clock.now()
        oldest = min(self._due(), default=None)
        if oldest is None or now - oldest[0] < _SOON:
            return Check("workers", True, "no ticket waits for a worker")
        since, ticket_id = oldest
        detail = f"{ticket_id} has waited {age(now - since)} for a worker"
        return Check("workers", now - since < _LATE, detail, "support worker")

    def _due(self) -> Iterator[tuple[datetime, str]]:
        """Give the ticket that has been ready for longest, and those whose run was abandoned."""
        find = partial(self._changes.documents.find, Ticket)
        ready = {"status": Status.READY}
        for row in find(fields=("id", "since"), where=ready, limit=1).rows:
            yield row["since"], row["id"]
        running = partial(find, fields=("id", "lease"), where={"status": Status.RUNNING})
        for row in every_row(running, overlook):
            if row["lease"]:
                yield row["lease"].until, row["id"]

    def _given(self) -> Check:
        try:
            tools = self._tools()
        except SupportError as error:
            return Check("tools", False, error.message, error.hint or "support admin doctor")
        return Check("tools", True, ", ".join(map(_told, tools.values())))


def _told(tool: Tool) -> str:
    return f"{tool.name} ({_marks(tool.marking)})"


def _marks(marking: Marking) -> str:
    if not marking.effect:
        return "read"
    keyed = "keyed" if marking.keyed else "without a key"
    return f"effect, {keyed}, {marking.timeout.total_seconds():g} s"
