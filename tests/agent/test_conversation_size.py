"""A long conversation costs in proportion to its length, not to its square."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import bson
import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.sqlite import SqliteSaver
from pymongo import MongoClient

from support_cli import settings, wiring
from support_cli.agent.checkpoints import once
from support_cli.agent.mongo_checkpoints import mongo_checkpoints, mongo_saver
from support_cli.store.mongo import MongoDocuments
from tests import databases
from tests.agent.bare import THREAD, Mindful, agent
from tests.agent.play import CUSTOMER

SHORT, LONG = 6, 60  # turns
AT_MOST = 11  # times the bytes, for ten times the turns
QUESTION = "How long can I return a parcel that I did not open?"
ANSWER = AIMessage("Within 30 days, free of charge.", response_metadata={"finish_reason": "stop"})


def talk(home: Path, turns: int, **parts: Any) -> None:
    """Have a conversation of so many turns at a desk."""
    given = settings.load({"SUPPORT_HOME": str(home)}, home / "no.env")
    checkpoints = parts.pop("checkpoints", None)
    model = Mindful(mind=lambda _: ANSWER.model_copy())
    make = partial(wiring.make_agent, checkpoints=checkpoints, model=model)
    with wiring.open_desk(given, agent=make, **parts) as desk:
        ticket = desk.tickets.submit(CUSTOMER, QUESTION, human=False)
        for _ in range(turns - 1):
            desk.runs.run(ticket.id)
            desk.tickets.reply(ticket.id, CUSTOMER, QUESTION, human=False)
        desk.runs.run(ticket.id)


def sqlite_bytes(home: Path, turns: int) -> int:
    """Talk over SQLite and weigh its file."""
    folder = home / f"sqlite-{turns}"
    talk(folder, turns)
    with closing(sqlite3.connect(folder / "support.db")) as connection:
        connection.execute("VACUUM")
        return weight(connection)


def mongo_bytes(home: Path, turns: int) -> int:
    """Talk over MongoDB and weigh its documents."""
    client: MongoClient[dict[str, Any]] = databases.mongomock_client()
    talk(
        home / f"mongo-{turns}",
        turns,
        documents=MongoDocuments.over(client, "support"),
        checkpoints=lambda *_: mongo_checkpoints(mongo_saver(client["support"]), once(nullcontext)),
    )
    database = client["support"]
    names = database.list_collection_names()
    return sum(len(bson.encode(each)) for name in names for each in database[name].find())


def weight(connection: sqlite3.Connection) -> int:
    """Weigh a database, but for what is not used of it."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(size)


@pytest.mark.parametrize("weighed", [sqlite_bytes, mongo_bytes])
def test_ten_times_the_turns_cost_about_ten_times_the_bytes(
    tmp_path: Path, weighed: Callable[[Path, int], int]
) -> None:
    assert weighed(tmp_path, LONG) <= AT_MOST * weighed(tmp_path, SHORT)


def test_the_library_keeps_every_step_of_every_turn() -> None:
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as connection:
        built = agent(calls=[], saver=SqliteSaver(connection))
        weights = []
        for turn in range(1, 41):
            built.invoke({"messages": [HumanMessage(QUESTION)]}, THREAD)
            if turn in (4, 40):
                weights.append(weight(connection))
    assert weights[1] > 2 * AT_MOST * weights[0]
