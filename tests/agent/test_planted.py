"""An object planted in a stored state is not built, and so does nothing.

Next to each stands what the library does by default, so that we notice when that changes.
"""

from __future__ import annotations

import json
import os
import pickle
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import ormsgpack
import pytest
from langgraph.checkpoint.serde.jsonplus import (
    EXT_CONSTRUCTOR_KW_ARGS,
    EXT_CONSTRUCTOR_POS_ARGS,
    EXT_CONSTRUCTOR_SINGLE_ARG,
    EXT_METHOD_SINGLE_ARG,
    JsonPlusSerializer,
)

from support_cli.agent.checkpoints import strict_serializer
from support_cli.errors import StateDamaged
from tests.agent.saved import NOW, head, opened, put

Planted = tuple[str, bytes]
Plant = Callable[[str], Planted]


class _MakesFolder:
    def __init__(self, folder: str) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self._folder,)


def _msgpack(code: int, *parts: Any) -> Planted:
    inner = ormsgpack.packb(["os", "mkdir", *parts])
    return "msgpack", ormsgpack.packb({"said": ormsgpack.Ext(code, inner)})


def _json(folder: str) -> Planted:
    planted = {"lc": 2, "type": "constructor", "id": ["os", "mkdir"], "args": [folder]}
    return "json", json.dumps({"said": planted}).encode()


PLANTS: dict[str, Plant] = {
    "one argument": lambda folder: _msgpack(EXT_CONSTRUCTOR_SINGLE_ARG, folder),
    "arguments": lambda folder: _msgpack(EXT_CONSTRUCTOR_POS_ARGS, [folder]),
    "named arguments": lambda folder: _msgpack(EXT_CONSTRUCTOR_KW_ARGS, {"path": folder}),
    "a method": lambda folder: _msgpack(EXT_METHOD_SINGLE_ARG, folder, "__call__"),
    "JSON": _json,
    "a pickle": lambda folder: ("pickle", pickle.dumps(_MakesFolder(folder))),
}
BUILT_BY_DEFAULT = ["one argument", "arguments", "named arguments"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Name a folder that is there only if something planted was run."""
    return tmp_path / "planted"


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS.keys())
def test_nothing_planted_is_built(folder: Path, plant: Plant) -> None:
    with suppress(NotImplementedError):
        strict_serializer().loads_typed(plant(str(folder)))
    assert not folder.exists()


@pytest.mark.parametrize("name", BUILT_BY_DEFAULT)
def test_the_library_builds_it_by_default(folder: Path, name: str) -> None:
    JsonPlusSerializer().loads_typed(PLANTS[name](str(folder)))
    assert folder.exists()


@pytest.mark.parametrize("table", ["checkpoints", "writes"])
@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS.keys())
def test_nothing_planted_in_the_store_is_built(
    tmp_path: Path, folder: Path, plant: Plant, table: str
) -> None:
    with ExitStack() as stack:
        states = opened({"SUPPORT_HOME": str(tmp_path)}, stack)
        put(states, NOW, fence=1)
        _replant(tmp_path / "support.db", table, plant(str(folder)))
        with suppress(StateDamaged):
            head(states)
    assert not folder.exists()


def test_a_secret_of_the_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    planted = json.dumps({"lc": 1, "type": "secret", "id": ["OPENAI_API_KEY"]}).encode()
    loaded = strict_serializer().loads_typed(("json", planted))
    assert "sk-secret" not in repr(loaded)


def _replant(database: Path, table: str, planted: Planted) -> None:
    kind, value = planted
    column = {"checkpoints": "checkpoint", "writes": "value"}[table]
    with closing(sqlite3.connect(database)) as connection, connection:
        done = connection.execute(f"UPDATE {table} SET type = ?, {column} = ?", (kind, value))
        assert done.rowcount == 1
