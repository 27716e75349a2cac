"""What a database says when it fails becomes an error of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from support_cli.agent.checkpoints import Checkpoints
from support_cli.agent.sqlite_checkpoints import SqliteCheckpoints
from support_cli.errors import ReplyLost, StoreError, StoreReadOnly, StoreUnavailable
from support_cli.store.sqlite import SqliteDocuments, connect
from support_cli.store.sqlite_file import begin
from support_cli.store.sqlite_place import OpenFile
from tests.agent.saved import EARLY, NOW, THREAD, head, kept, opened, put
from tests.databases import OwnMongo


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection of a checkpointer, to spoil it."""
    SqliteDocuments(tmp_path / "support.db").close()
    with closing(connect(tmp_path / "support.db")) as connection:
        yield connection


@pytest.fixture
def sqlite(tmp_path: Path, connection: sqlite3.Connection) -> Checkpoints:
    """Give a checkpointer on that connection, with one state in it."""
    file = OpenFile(tmp_path / "support.db", lambda _: connection)
    checkpoints = SqliteCheckpoints(lambda: file, begin)
    put(checkpoints, EARLY, fence=1)
    return checkpoints


def test_a_full_disk(sqlite: Checkpoints, connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match="is full"):
        put(sqlite, NOW * 100_000, fence=1)
    assert head(sqlite) == EARLY


def test_a_store_that_may_not_be_written(
    sqlite: Checkpoints, connection: sqlite3.Connection
) -> None:
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreReadOnly):
        put(sqlite, NOW, fence=1)
    with pytest.raises(StoreReadOnly):
        sqlite.of_run(THREAD, 2).prune_to(keep=NOW)
    assert head(sqlite) == EARLY


def test_a_damaged_store(
    tmp_path: Path, sqlite: Checkpoints, connection: sqlite3.Connection
) -> None:
    put(sqlite, NOW * 100_000, fence=1)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (tmp_path / "support.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 40)
    with pytest.raises(StoreError, match="damaged"):
        kept(opened({"SUPPORT_HOME": str(tmp_path)}, ExitStack()))


def test_a_mongodb_that_goes_away_and_comes_back(own_mongo: OwnMongo, tmp_path: Path) -> None:
    uri = own_mongo.uri("support")
    # The driver looks for its server every 500 ms.
    patience = f"{'&' if '?' in uri else '?'}serverSelectionTimeoutMS=1500"
    target = {"SUPPORT_HOME": str(tmp_path), "MONGODB_URI": uri + patience}
    with ExitStack() as closing_stack:
        states = opened(target, closing_stack)
        put(states, EARLY, fence=1)
        own_mongo.stop()
        actions = (lambda: head(states), lambda: put(states, NOW, fence=1), lambda: kept(states))
        for action in actions:
            with pytest.raises((StoreUnavailable, ReplyLost)):
                action()
        own_mongo.start()
        put(states, NOW, fence=1)
        assert head(states) == NOW


def test_a_mongodb_client_that_was_closed(mongo_uri: str, tmp_path: Path) -> None:
    with ExitStack() as closing_stack:
        states = opened({"SUPPORT_HOME": str(tmp_path), "MONGODB_URI": mongo_uri}, closing_stack)
    with pytest.raises(StoreError):
        head(states)
