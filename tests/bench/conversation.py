"""The bytes that a conversation takes: 200 turns and 20."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import bson

from support_cli.domain.trail import Actor
from support_cli.settings import load
from support_cli.store import mongo_client
from support_cli.store.sqlite_file import connect
from support_cli.wiring import open_desk
from tests.bench.figure import Figure
from tests.databases import NoMongo, best_mongo

_SHORT, _LONG = 20, 200
_ANN = Actor("ann", "bench")
_QUESTION = "How do I reset my password?"
_ARTICLES = Path(__file__).parents[2] / "support_cli" / "data" / "articles"


def figures() -> Iterator[Figure]:
    """Compare the two lengths on SQLite and on the MongoDB that the tests would take."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder)
        yield _figure("SQLite", {}, home, lambda name: _file_size(home / name / "support.db"))
        (home / "mongo").mkdir()
        try:
            mongo = best_mongo(home / "mongo")
        except NoMongo:
            return
        stack.callback(mongo.stop)
        yield _figure(
            "MongoDB" if mongo.real else "MongoDB wire server",
            {"MONGODB_URI": mongo.uri("NAME")},
            home,
            lambda name: _documents_size(mongo.uri(name)),
        )


def _figure(
    store: str, target: Mapping[str, str], home: Path, size: Callable[[str], int]
) -> Figure:
    grown = []
    for turns in (_SHORT, _LONG):
        name = f"{store.split()[0].lower()}_{turns}"
        where = {key: value.replace("NAME", name) for key, value in target.items()}
        environment = {**where, "SUPPORT_HOME": str(home / name), "SUPPORT_MODEL": "offline"}
        grown.append(_grown(environment, turns, lambda name=name: size(name)))  # type: ignore[misc]
    made_of = f"{grown[1]:,} / {grown[0]:,} bytes"
    return Figure(f"{_LONG} turns / {_SHORT} turns, {store}", grown[1] / grown[0], "≤ 12", made_of)


def _grown(environment: Mapping[str, str], turns: int, size: Callable[[], int]) -> int:
    """Hold a conversation, and return by how many bytes the store grew."""
    with open_desk(load(environment, Path("no .env"))) as desk:
        desk.knowledge.add([_ARTICLES], "bench")
        ticket = desk.tickets.submit(_ANN, _QUESTION, human=False)
        before = size()
        for _ in range(turns - 1):
            desk.runs.run(ticket.id)
            desk.tickets.reply(ticket.id, _ANN, _QUESTION, human=False)
        assert desk.runs.run(ticket.id).reply
        return size() - before


def _file_size(path: Path) -> int:
    connection = connect(path)
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    return path.stat().st_size


def _documents_size(uri: str) -> int:
    database: Any = mongo_client.database(uri)
    try:
        return sum(
            len(bson.encode(document))
            for name in database.list_collection_names()
            for document in database[name].find()
        )
    finally:
        database.client.close()
