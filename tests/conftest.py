"""What every test gets: a clean environment, and the databases by name."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from support_cli.services.ports import Documents
from support_cli.store.mongo import MongoDocuments
from support_cli.store.sqlite import SqliteDocuments
from tests import databases
from tests.databases import Mongo, NoMongo, OwnMongo

_OURS = ("SUPPORT_", "OPENAI_", "MONGODB_URI", "LANGSMITH", "LANGCHAIN")
_CI = os.environ.get("CI") == "true"
M = TypeVar("M", bound=Mongo)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the developer's shell says, and give a home of the test's own."""
    for name in os.environ:
        if name.startswith(_OURS) and not name.startswith("SUPPORT_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SUPPORT_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongo]:
    """Give the best MongoDB there is, one for all tests of this worker; see `mongo_uri`."""
    with _started(databases.best_mongo, tmp_path_factory.mktemp("mongo")) as server:
        yield server


@pytest.fixture
def own_mongo(tmp_path: Path) -> Iterator[OwnMongo]:
    """Give a MongoDB of the test's own, to stop, kill and restart."""
    folder = tmp_path / "mongo"
    folder.mkdir()
    with _started(databases.own_mongo, folder) as server:
        yield server


@pytest.fixture
def mongo_uri(mongo: Mongo) -> Iterator[str]:
    """Give the URI of a database of the test's own, dropped afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    yield mongo.uri(name)
    with databases.client(mongo.uri(name)) as client:
        client.drop_database(name)


@pytest.fixture(params=["sqlite", "mongo"])
def store_target(request: pytest.FixtureRequest, tmp_path: Path) -> Mapping[str, str]:
    """Give the environment variables that point real processes at a store of the test's own."""
    home = {"SUPPORT_HOME": str(tmp_path)}
    if request.param == "sqlite":
        return home
    return home | {"MONGODB_URI": request.getfixturevalue("mongo_uri")}


@pytest.fixture(params=["sqlite", "mongomock", "mongo"])
def documents(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Documents]:
    """Give an empty document store: every backend in turn."""
    with _open(request, tmp_path) as store:
        yield store


def _open(request: pytest.FixtureRequest, tmp_path: Path) -> SqliteDocuments | MongoDocuments:
    if request.param == "sqlite":
        return SqliteDocuments(tmp_path / "support.db")
    if request.param == "mongomock":
        return MongoDocuments.over(databases.mongomock_client(), "support")
    return MongoDocuments(request.getfixturevalue("mongo_uri"))


@contextmanager
def _started(start: Callable[[Path], M], folder: Path) -> Iterator[M]:
    try:
        server = start(folder)
    except NoMongo as exc:
        # Where nobody looks, a skipped half of the suite would pass for a green one.
        (pytest.fail if _CI else pytest.skip)(f"no MongoDB to test on: {exc}")
    try:
        yield server
    finally:
        server.stop()
