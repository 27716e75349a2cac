"""A worker tells of what it ran, and nothing of others' tickets makes it die or spin."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from support_cli import settings
from support_cli.domain.effect import Effect, EffectState
from support_cli.domain.ticket import Ticket
from support_cli.domain.trail import Actor
from support_cli.wiring import Desk, open_desk
from tests.attacks.damage import overwrite_page_of
from tests.fakes import ScriptedAgent, ToldClock

ANN = Actor("ann", "ann@home")


def test_workers_tell_of_no_ticket_that_others_ran(tmp_path: Path) -> None:
    given = settings.load({"SUPPORT_HOME": str(tmp_path)}, tmp_path / "no.env")
    agent, told = ScriptedAgent(), list[str]()
    with (
        open_desk(given, agent=lambda desk, _: agent.at(desk.documents)) as desk,
        ThreadPoolExecutor(4) as threads,
    ):
        filed = [desk.tickets.submit(ANN, "hello", human=False).id for _ in range(60)]
        workers = [desk.worker(4, lambda ticket, _: told.append(ticket)) for _ in range(4)]
        list(threads.map(lambda worker: worker.run(once=True), workers))
    assert sorted(told) == sorted(filed)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk on a store that a test may damage, at a time that it tells."""
    given = settings.load({"SUPPORT_HOME": str(tmp_path)}, tmp_path / "no.env")
    agent = ScriptedAgent()
    with open_desk(given, clock=ToldClock(), agent=lambda *_: agent) as opened:
        yield opened


def file(desk: Desk, text: str = "hello") -> str:
    return desk.tickets.submit(ANN, text, human=False).id


def damage(tmp_path: Path, ticket: str, change: str = "'x' || body") -> None:
    with closing(sqlite3.connect(tmp_path / "support.db")) as connection, connection:
        connection.execute(f"UPDATE documents SET body = {change} WHERE id = ?", (ticket,))


def work(desk: Desk) -> list[tuple[str, str]]:
    """Run a worker once; give what it told."""
    told = []
    desk.worker(2, lambda ticket, ended: told.append((ticket, _state(ended)))).run(once=True)
    return told


def _state(ended: Ticket | Exception) -> str:
    return ended.status if isinstance(ended, Ticket) else type(ended).__name__


DAMAGES = {
    "no JSON": "'x' || body",
    "no such status": "replace(body, '\"ready\"', '\"lost\"')",
    "no text": "cast(X'ff00fe' AS TEXT)",
    "a field is gone": "json_remove(body, '$.customer')",
}


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_ticket_keeps_no_worker_from_the_others(
    desk: Desk, tmp_path: Path, change: str
) -> None:
    """It is told once and set aside, and the others are run."""
    broken, well = file(desk), [file(desk) for _ in range(3)]
    damage(tmp_path, broken, change)
    told = work(desk)
    assert sorted(told) == sorted([(broken, "Damaged"), *((each, "answered") for each in well)])
    assert [each.id for each in desk.asides.all()] == [broken]


def test_a_damaged_ticket_is_looked_at_again_with_growing_pauses(
    desk: Desk, tmp_path: Path
) -> None:
    broken = file(desk)
    damage(tmp_path, broken)
    pauses = []
    for _ in range(9):
        assert work(desk) == [(broken, "Damaged")]
        (aside,) = desk.asides.all()
        pauses.append((aside.until - desk.clock.now()).total_seconds())
        desk.clock.sleep(aside.until - desk.clock.now())
    assert pauses == [10, 20, 40, 80, 160, 320, 600, 600, 600]


def test_a_repaired_ticket_is_run_and_set_aside_no_longer(desk: Desk, tmp_path: Path) -> None:
    """Also where another process had set it aside for longer: `worker --once` looks at once."""
    broken = file(desk)
    damage(tmp_path, broken)
    work(desk)
    damage(tmp_path, broken, "substr(body, 2)")
    with open_desk(desk.settings, clock=desk.clock, agent=desk.make_agent) as other:
        assert work(other) == [(broken, "answered")]
        assert other.asides.all() == []


def test_a_damaged_ledger_asks_no_worker_to_spin_and_permits_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    """What the ledger says of a ticket matters: it is not run as if there were no such entry."""
    ticket = file(desk)
    work(desk)
    desk.tickets.reply(ticket, ANN, "again", human=False)
    started = desk.clock.now()
    desk.documents.insert(
        Effect(f"{ticket}:c", ticket, "c", "pay", "h", False, EffectState.STARTED, "o", started)
    )
    damage(tmp_path, f"{ticket}:c")
    assert work(desk) == [(ticket, "Damaged")]
    assert [each.id for each in desk.asides.all()] == [ticket]


def test_a_ticket_that_cannot_be_written_keeps_no_worker_from_the_others(
    desk: Desk, tmp_path: Path
) -> None:
    broken, well = file(desk), file(desk)
    with closing(sqlite3.connect(tmp_path / "support.db")) as connection:
        connection.execute(
            f"CREATE TRIGGER no BEFORE UPDATE ON documents WHEN old.id = '{broken}'"
            " BEGIN SELECT raise(ABORT, 'not this one'); END"
        )
    assert dict(work(desk)) == {broken: "StoreError", well: "answered"}
    assert work(desk) == []


def test_a_malformed_page_keeps_no_worker_from_the_others(desk: Desk, tmp_path: Path) -> None:
    """SQLite cannot read the rows on it, nor change what lies beside it; the others are run."""
    filed = [file(desk, "x" * 500) for _ in range(40)]
    overwrite_page_of(tmp_path / "support.db", filed[20])
    with open_desk(desk.settings, clock=desk.clock, agent=desk.make_agent) as other:
        told = dict(work(other))
    assert told.keys() == set(filed)
    assert told[filed[20]] == "Damaged"
    assert list(told.values()).count("answered") >= 20
