"""A store that is away or full ends no worker, and is not told of again and again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from support_cli import settings
from support_cli.domain.ticket import Status
from support_cli.domain.trail import Actor
from support_cli.errors import DiskFailed, StoreError, StoreUnavailable
from support_cli.services.clock import SystemClock
from support_cli.services.ports import Clock, Page, Record, Report
from support_cli.store.sqlite import SqliteDocuments
from support_cli.wiring import Desk, open_desk
from tests.fakes import ScriptedAgent, ScriptedSession, ToldClock

ANN = Actor("ann", "ann@home")
AWAY = timedelta(seconds=30)


class Flaky(SqliteDocuments):
    """A store that fails until a time that the test tells."""

    clock: Clock
    until = datetime.min.replace(tzinfo=UTC)
    lists: StoreError | None = None
    writes: StoreError | None = None
    asked = 0

    def fail(self, span: timedelta) -> None:
        """Begin to fail for so long."""
        self.until = self.clock.now() + span

    def find(self, kind: type[Any], **query: Any) -> Page:
        """List, unless lists fail now."""
        self._fail(self.lists)
        return super().find(kind, **query)

    def replace(self, record: Record) -> bool:
        """Replace, unless writes fail now."""
        self._fail(self.writes)
        return super().replace(record)

    def _fail(self, error: StoreError | None) -> None:
        if error is not None and self.clock.now() < self.until:
            self.asked += 1
            raise error


@pytest.fixture
def store(tmp_path: Path) -> Flaky:
    """Give a store that fails when it is told to."""
    flaky = Flaky(tmp_path / "support.db")
    flaky.clock = ToldClock()
    return flaky


@pytest.fixture
def desk(store: Flaky, tmp_path: Path) -> Iterator[Desk]:
    """Give a desk on it, with ten tickets to run."""
    given, agent = settings.load({}, tmp_path / "no.env"), ScriptedAgent()
    with open_desk(given, documents=store, clock=store.clock, agent=lambda *_: agent) as opened:
        for _ in range(10):
            opened.tickets.submit(ANN, "hello", human=False)
        yield opened


def work(desk: Desk) -> tuple[list[str], list[str | None]]:
    """Run a worker once; give what it told of tickets, and of the store."""
    told, store = list[str](), list[str | None]()
    worker = desk.worker(
        2,
        lambda ticket, _: told.append(ticket),
        lambda error: store.append(error.code if error else None),
    )
    worker.run(once=True)
    return told, store


def test_a_store_that_is_away_for_30_s_ends_no_worker(store: Flaky, desk: Desk) -> None:
    """It is told once, asked again with growing pauses, and told once when it is back."""
    store.lists = StoreUnavailable()
    store.fail(AWAY)
    told, away = work(desk)
    assert (len(told), away) == (10, ["store_unavailable", None])
    assert store.asked < 15


def test_a_full_disk_ends_no_worker_and_sets_nothing_aside(store: Flaky, desk: Desk) -> None:
    store.writes = DiskFailed()
    store.fail(AWAY)
    told, away = work(desk)
    assert (len(told), away) == (10, ["disk_failed", None])
    assert desk.asides.all() == []
    assert store.asked < 30


def test_a_worker_that_runs_once_does_not_wait_for_ever(store: Flaky, desk: Desk) -> None:
    store.lists = StoreUnavailable("The store is gone.")
    store.fail(timedelta(days=1))
    with pytest.raises(StoreUnavailable, match="The store is gone"):
        work(desk)


class Unlucky(ScriptedAgent):
    """An agent that loses the store in the middle of its first run."""

    store: Flaky

    def session(self, ticket_id: str, fence: int, report: Report | None) -> ScriptedSession:
        """Begin to work on a ticket, and let the store go away."""
        if fence == 1:
            self.store.fail(timedelta(seconds=0.5))
        return super().session(ticket_id, fence, report)


def test_a_run_that_lost_the_store_is_recovered(tmp_path: Path) -> None:
    """Its lease ends, and the same worker takes it over before it says that nothing is left."""
    agent, store = Unlucky(), Flaky(tmp_path / "support.db")
    agent.store, store.clock, store.writes = store, SystemClock(), StoreUnavailable()
    given = settings.load({"SUPPORT_LEASE": "1s"}, tmp_path / "no.env")
    with open_desk(given, documents=store, agent=lambda *_: agent) as desk:
        ticket = desk.tickets.submit(ANN, "hello", human=False).id
        assert work(desk) == ([ticket], ["store_unavailable", None])
        assert desk.tickets.of_anyone(ticket).fence == 2


class Late(ScriptedAgent):
    """An agent that loses the store at once, not at all, and as it is back, in three runs."""

    def __init__(self) -> None:
        super().__init__()
        self.gone, self.back = threading.Event(), threading.Event()
        self._runs = iter((self._fail, self.gone.wait, self._fail_late))

    def session(self, ticket_id: str, fence: int, report: Report | None) -> ScriptedSession:
        """Begin to work on a ticket, as the next of the three."""
        next(self._runs, lambda: None)()
        return super().session(ticket_id, fence, report)

    def _fail(self) -> None:
        raise StoreUnavailable

    def _fail_late(self) -> None:
        self.back.wait()
        raise StoreUnavailable


def test_a_run_that_fails_of_an_outage_that_is_over_does_not_tell_of_another(
    tmp_path: Path,
) -> None:
    """A request has a patience of its own, which may end after the store is back."""
    agent, told = Late(), list[str | None]()

    def tell(error: StoreError | None) -> None:
        told.append(error.code if error else None)
        (agent.gone if error else agent.back).set()

    given = settings.load({"SUPPORT_LEASE": "1s"}, tmp_path / "no.env")
    with open_desk(given, agent=lambda *_: agent) as desk:
        tickets = [desk.tickets.submit(ANN, "hello", human=False).id for _ in range(3)]
        desk.worker(3, lambda *_: None, tell).run(once=True)
        assert {desk.tickets.of_anyone(each).status for each in tickets} == {Status.ANSWERED}
    assert told == ["store_unavailable", None]
