"""A question to its pause, and its answer, inside one process: the desk and the bare graph."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.mongodb import MongoDBSaver
from langgraph.checkpoint.sqlite import SqliteSaver

from support_cli.domain.request import Choice
from support_cli.domain.trail import Actor
from support_cli.services.decisions import Answer
from support_cli.settings import load
from support_cli.store import mongo_client
from support_cli.wiring import Desk, open_desk
from tests.bench.bare import Bare
from tests.bench.figure import Figure, milliseconds, paired
from tests.bench.model_server import serving
from tests.databases import NoMongo, best_mongo

_TIMES = 60
_ANN, _BOB = Actor("ann", "bench"), Actor("bob", "bench")


def figures() -> Iterator[Figure]:
    """Compare both on SQLite and on the MongoDB the tests would take, with a quick model."""
    with tempfile.TemporaryDirectory() as folder, serving(0) as url, ExitStack() as stack:
        home = Path(folder)
        model = {"OPENAI_BASE_URL": url, "SUPPORT_MODEL": "openai:bench", "SUPPORT_HOME": folder}
        yield from _compared("SQLite", model, _sqlite_saver(home, stack), url)
        (home / "mongo").mkdir()
        try:
            mongo = best_mongo(home / "mongo")
        except NoMongo:
            return
        stack.callback(mongo.stop)
        database = mongo_client.database(mongo.uri("bare"))
        stack.callback(database.client.close)
        name = "MongoDB" if mongo.real else "MongoDB wire server"
        model = {**model, "MONGODB_URI": mongo.uri("desk")}
        yield from _compared(name, model, MongoDBSaver(database.client, "bare"), url)


def _compared(
    store: str, environment: Mapping[str, str], saver: BaseCheckpointSaver[Any], url: str
) -> Iterator[Figure]:
    bare = Bare(saver, url)
    numbers = count()
    with open_desk(load(environment, Path("no .env"))) as desk:
        tickets: list[str] = []
        threads: list[str] = []

        def ask_bare() -> None:
            threads.append(f"thread-{next(numbers)}")
            bare.ask(threads[-1], "Why?")

        ours, theirs = paired(lambda: tickets.append(_ask(desk)), ask_bare, _TIMES)
        yield _figure(f"submit to pause, {store}", ours, theirs)
        ours, theirs = paired(
            lambda: _answer(desk, tickets.pop()), lambda: bare.answer(threads.pop(), "So."), _TIMES
        )
        yield _figure(f"resume, {store}", ours, theirs)


def _ask(desk: Desk) -> str:
    claim = desk.runs.claim()
    ticket = desk.tickets.submit(_ANN, "Why?", human=False, then=claim.take)
    assert desk.runs.run(ticket.id, claimed=(claim, ticket)).open_requests
    return ticket.id


def _answer(desk: Desk, ticket_id: str) -> None:
    claim = desk.runs.claim()
    made = desk.decisions.decide(ticket_id, _BOB, Answer(Choice.RESPOND, "So."), claim.take)
    assert desk.runs.run(ticket_id, claimed=(claim, made.ticket)).reply == "So."


def _sqlite_saver(home: Path, stack: ExitStack) -> SqliteSaver:
    connection = sqlite3.connect(home / "bare.db", check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")
    stack.callback(connection.close)
    saver = SqliteSaver(connection)
    saver.setup()
    return saver


def _figure(name: str, ours: float, theirs: float) -> Figure:
    made_of = f"{milliseconds(ours)} / {milliseconds(theirs)}: bare graph, same checkpointer"
    return Figure(name, ours / theirs, "≤ 1.5", made_of)
