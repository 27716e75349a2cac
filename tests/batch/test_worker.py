"""A worker asks the store what is due once for many tickets, and forgets no abandoned one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from support_cli import settings
from support_cli.domain.running import claim
from support_cli.domain.ticket import Lease, Ticket
from support_cli.domain.trail import Actor, Stamp
from support_cli.store.sqlite import SqliteDocuments
from support_cli.wiring import open_desk
from tests.fakes import ScriptedAgent

ANN = Actor("ann", "ann@home")


class Counting(SqliteDocuments):
    """A store that counts the lists it is asked for."""

    lists = 0

    def find(self, kind: type[Any], **query: Any) -> Any:
        """List, and count."""
        self.lists += 1
        return super().find(kind, **query)


def test_a_worker_asks_for_a_page_and_works_it_off(tmp_path: Path) -> None:
    store, agent = Counting(tmp_path / "support.db"), ScriptedAgent()
    given = settings.load({"SUPPORT_HOME": str(tmp_path)}, tmp_path / "no.env")
    ran: list[str] = []
    with open_desk(given, documents=store, agent=lambda desk, _: agent.at(desk.documents)) as desk:
        filed = [desk.tickets.submit(ANN, "hello", human=False).id for _ in range(60)]
        store.lists = 0
        desk.worker(4, lambda ticket_id, _: ran.append(ticket_id)).run(once=True)
    assert sorted(ran) == sorted(filed)
    assert store.lists - len(filed) < 20  # each run looks once for its effects


def test_an_abandoned_ticket_comes_before_new_ones(tmp_path: Path) -> None:
    given = settings.load({"SUPPORT_HOME": str(tmp_path)}, tmp_path / "no.env")
    agent = ScriptedAgent()
    with open_desk(given, agent=lambda desk, _: agent.at(desk.documents)) as desk:
        first = desk.tickets.submit(ANN, "hello", human=False)
        for _ in range(5):
            desk.tickets.submit(ANN, "hello", human=False)
        _abandon(desk.documents, first, desk.clock.now() - timedelta(hours=1))
        assert next(desk.runs.due()) == first.id


def _abandon(documents: Any, ticket: Ticket, then: Any) -> None:
    stamp = Stamp(then, Actor("agent", "dead"), "0" * 16)
    assert documents.replace(claim(ticket, Lease("dead", then), stamp))
