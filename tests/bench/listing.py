"""A page of 50 among few and among many tickets."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support_cli.domain.staff import Staff
from support_cli.domain.talking import open_ticket
from support_cli.domain.ticket import Status
from support_cli.domain.trail import Actor, Stamp
from support_cli.services.changes import Changes
from support_cli.services.clock import SystemClock
from support_cli.services.ports import Documents
from support_cli.services.tickets import Filter, Tickets
from support_cli.store.mongo import MongoDocuments
from support_cli.store.sqlite import SqliteDocuments
from tests.bench.figure import Figure, milliseconds, paired

_FEW, _MANY, _TIMES = 1_000, 100_000, 30
_URI = os.environ.get("SUPPORT_TEST_MONGODB_URI")


def figures() -> Iterator[Figure]:
    """Compare the two on SQLite, and on a real MongoDB where SUPPORT_TEST_MONGODB_URI names one."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = (SqliteDocuments(Path(folder) / f"{n}.db") for n in (_FEW, _MANY))
        with closing(few), closing(many):
            yield _figure("SQLite", few, many)
    if _URI is not None:
        few_, many_ = (MongoDocuments(f"{_URI.rstrip('/')}/bench_{n}") for n in (_FEW, _MANY))
        with closing(few_), closing(many_):
            yield _figure("MongoDB", few_, many_)
            for each in (few_, many_):
                each.database.client.drop_database(each.database.name)


def _figure(store: str, few: Documents, many: Documents) -> Figure:
    _fill(few, _FEW)
    _fill(many, _MANY)
    little, much = (Tickets(Changes(each, SystemClock()), Staff) for each in (few, many))
    which = Filter(status=Status.READY)
    slow, quick = paired(
        lambda: much.find(which, limit=50), lambda: little.find(which, limit=50), _TIMES
    )
    made_of = f"{milliseconds(slow)} / {milliseconds(quick)}"
    return Figure(
        f"a page of 50 among {_MANY:,} / {_FEW:,}, {store}", slow / quick, "≤ 1.5", made_of
    )


def _fill(documents: Documents, count: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        stamp = Stamp(start + timedelta(seconds=number), Actor("ann", "bench"), f"{number:016x}")
        ticket_id = f"{number:08d}"
        documents.insert(open_ticket(ticket_id, f"customer {number % 97}", "Why?", False, stamp))
