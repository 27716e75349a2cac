"""What the graph library does with saved states, and that the desk is not subject to it.

A test of the library that fails is good news: a guard may have become needless.
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.mongodb import MongoDBSaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import StateSnapshot
from pymongo.errors import DocumentTooLarge
from werkzeug import Response

from support_cli.agent.checkpoints import Checkpoints, once, strict_serializer
from support_cli.agent.position import position_of
from support_cli.agent.sqlite_checkpoints import SqliteMarks
from support_cli.domain.ticket import Status
from support_cli.store.sqlite_file import begin
from support_cli.tools.api import as_tool, read
from tests import databases
from tests.agent.bare import THREAD, Log, agent, graph
from tests.agent.killing import Killed, LaterClock, Life, MortalSaver
from tests.agent.play import Play
from tests.agent.saved import LATE, NOW, at, put_by
from tests.model_server import ModelServer, Says, call

SEARCH = {"name": "search", "args": {"query": "pens"}, "id": "call_0"}


def search(query: str) -> str:
    """Search."""
    return f"Nothing on {query}."


@pytest.fixture
def bare_saver(tmp_path: Path) -> Iterator[SqliteSaver]:
    """Give the library's checkpointer as it comes."""
    with closing(sqlite3.connect(tmp_path / "bare.db", check_same_thread=False)) as connection:
        yield SqliteSaver(connection)


def killed_at_each_moment() -> Iterator[StateSnapshot]:
    """Kill an agent of the library's at each of its moments, and look at what it left."""
    for moment in itertools.count(1):
        life = Life(moment)
        with closing(sqlite3.connect(":memory:", check_same_thread=False)) as connection:
            saver = MortalSaver(connection)
            saver.life = life
            built = agent(search, calls=[SEARCH], saver=saver)
            with suppress(Killed):
                built.invoke({"messages": [HumanMessage("Pens?")]}, THREAD, durability="sync")
            if not life.ended:
                return
            yield built.get_state(THREAD)


def is_over(snapshot: StateSnapshot) -> bool:
    """Tell whether the agent has said its last word."""
    messages = snapshot.values.get("messages", [])
    return bool(messages) and messages[-1].text == "Done."


def test_the_library_names_no_next_task_though_one_is_left() -> None:
    left = [each for each in killed_at_each_moment() if each.tasks and not each.next]
    assert any(not is_over(each) for each in left)


def test_our_position_tells_at_every_moment_that_something_is_left() -> None:
    snapshots = [each for each in killed_at_each_moment() if each.config["configurable"]]
    assert all(position_of(each).unfinished or is_over(each) for each in snapshots if each.values)


def test_the_library_takes_the_newest_id_for_the_head(bare_saver: SqliteSaver) -> None:
    put_by(bare_saver, NOW, fence=2)
    put_by(bare_saver, LATE, fence=1)
    found = bare_saver.get_tuple(at())
    assert found is not None
    assert found.checkpoint["id"] == LATE


class Overtaken:
    """While a run's model thinks, somebody takes the ticket over; the run goes on beside it."""

    def __init__(self, by: Play, says: Says) -> None:
        self._by = by
        self._says = says
        self.begun, self.late = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._take_over)

    def _take_over(self) -> None:
        for ticket_id in self._by.desk.runs.due():
            self._by.desk.runs.run(ticket_id)

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Answer when the other run is at its model."""
        self._thread.start()
        assert self.begun.wait(60)
        return self._says.respond(streamed, over)

    def end(self) -> None:
        """Let the other run end."""
        self.late.set()
        self._thread.join()


@dataclass(frozen=True)
class WhenLate:
    """An answer to the run that took over, when the one before it has written its own."""

    overtaken: Overtaken
    says: Says

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Say that it has begun, and wait for the late run to end."""
        self.overtaken.begun.set()
        assert self.overtaken.late.wait(60)
        return self.says.respond(streamed, over)


def test_our_run_that_lost_its_lease_changes_nothing(
    tmp_path: Path, quiet: Play, server: ModelServer
) -> None:
    with Play(tmp_path, server, clock=LaterClock()) as later:
        overtaken = Overtaken(later, Says("Too late."))
        server.will(overtaken, WhenLate(overtaken, Says("In time.")), Says("With pleasure."))
        ticket = quiet.says("How long can I return a parcel?")
        assert ticket.status is Status.RUNNING
        overtaken.end()
        assert later.says("Thank you!", ticket).reply == "With pleasure."
    told = [each["content"] for each in server.asked[-1]["messages"][1:]]
    assert told == ["How long can I return a parcel?", "In time.", "Thank you!"]


def test_the_library_prunes_nothing(bare_saver: SqliteSaver) -> None:
    with pytest.raises(NotImplementedError):
        bare_saver.prune([THREAD["configurable"]["thread_id"]])
    assert MongoDBSaver.prune is BaseCheckpointSaver.prune


def test_the_library_acts_and_then_cannot_save_a_large_state(mongo_uri: str) -> None:
    acted = []

    def act(state: Log) -> dict[str, Any]:
        acted.append("refund")
        return {"log": ["x" * (17 * 2**20)]}

    with databases.client(mongo_uri) as client:
        built = graph(act, saver=MongoDBSaver(client, "test"))
        with pytest.raises(DocumentTooLarge):
            built.invoke({"log": []}, THREAD, durability="sync")
    assert acted == ["refund"]


class SlowSaver(SqliteSaver):
    """The library's checkpointer on a disk so slow that the agent could go on meanwhile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, serde=strict_serializer())
        self.saving = False
        self.went_on = threading.Event()

    def put(self, *given: Any) -> Any:
        """Store a checkpoint, after a while or when the agent has gone on."""
        self.saving = True
        self.went_on.wait(0.1)
        stored = super().put(*given)
        self.saving = False
        return stored

    def going_on(self) -> bool:
        """Tell whether the agent goes on before its state is saved."""
        before = self.saving
        self.went_on.set()
        return before


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[SlowSaver]:
    """Give a slow checkpointer."""
    with closing(sqlite3.connect(tmp_path / "slow.db", check_same_thread=False)) as connection:
        saver = SlowSaver(connection)
        saver.setup()
        yield saver


def test_the_library_goes_on_before_it_has_saved(slow: SlowSaver) -> None:
    went_on = []

    def search(query: str) -> str:
        """Search."""
        went_on.append(slow.going_on())
        return "Nothing."

    agent(search, calls=[SEARCH], saver=slow).invoke({"messages": [HumanMessage("Pens?")]}, THREAD)
    assert went_on == [True]


def test_ours_goes_on_when_it_has_saved(
    tmp_path: Path, server: ModelServer, slow: SlowSaver
) -> None:
    went_on = []

    @read
    def search(query: str) -> str:
        """Search."""
        went_on.append(slow.going_on())
        return "Nothing."

    server.will(Says(calls=(call("search", query="pens"),)), Says("There are none."))
    checkpoints = Checkpoints(slow, SqliteMarks(slow, begin), once(nullcontext))
    tools = [as_tool(search)]
    with Play(tmp_path, server, checkpoints=lambda *_: checkpoints, tools=tools) as play:
        assert play.says("Pens?").reply == "There are none."
    assert went_on == [False]
