"""A worker tells of what it ran, and nothing of others' tickets makes it die or spin."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support_cli import settings
from support_cli.domain.trail import Actor
from support_cli.wiring import open_desk
from tests.fakes import ScriptedAgent

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
