"""Checkpointers on every database, and checkpoints to put into them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any, cast

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointMetadata, empty_checkpoint

from support_cli import settings, wiring
from support_cli.agent.checkpoints import FENCE, Checkpoints, FencedSaver, once
from support_cli.agent.mongo_checkpoints import mongo_checkpoints, mongo_saver
from tests import databases

THREAD = "K7M2-9QXD"
_LAST = 1000  # the fence of a run after all others
EARLY, NOW, LATE = "1f0-09:00", "1f0-10:00", "1f0-11:00"  # ids sort as the clocks stood


@pytest.fixture(params=["sqlite", "mongomock", "mongo"])
def checkpoints(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Checkpoints]:
    """Give an empty checkpointer: on every database in turn."""
    if request.param == "mongomock":
        saver = mongo_saver(databases.mongomock_client()["support"])
        yield mongo_checkpoints(saver, once(nullcontext))
        return
    target = {"SUPPORT_HOME": str(tmp_path)}
    if request.param == "mongo":
        target["MONGODB_URI"] = request.getfixturevalue("mongo_uri")
    with ExitStack() as closing:
        yield opened(target, closing)


@pytest.fixture(params=["sqlite", "mongo"])
def real_checkpoints(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Checkpoints]:
    """Give an empty checkpointer on a database that several threads may use."""
    target = {"SUPPORT_HOME": str(tmp_path)}
    if request.param == "mongo":
        target["MONGODB_URI"] = request.getfixturevalue("mongo_uri")
    with ExitStack() as closing:
        yield opened(target, closing)


def opened(target: dict[str, str], closing: ExitStack) -> Checkpoints:
    """Open the checkpointer of a store as the product does."""
    given = settings.load(target, Path(target["SUPPORT_HOME"]) / "no.env")
    wiring.open_documents(given).close()
    return wiring.open_checkpoints(given, closing)


def at(thread: str = THREAD, checkpoint: str | None = None, namespace: str = "") -> RunnableConfig:
    """Name a checkpoint, or the head."""
    named: dict[str, Any] = {"thread_id": thread, "checkpoint_ns": namespace}
    if checkpoint is not None:
        named["checkpoint_id"] = checkpoint
    return {"configurable": named}


def put(
    checkpoints: Checkpoints,
    checkpoint: str,
    *,
    fence: int,
    thread: str = THREAD,
    namespace: str = "",
    writes: bool = True,
) -> None:
    """Store a checkpoint with an id of our own, and a write that belongs to it."""
    saver = checkpoints.of_run(thread, fence)
    put_by(saver, checkpoint, fence=fence, thread=thread, namespace=namespace, writes=writes)


def put_by(
    saver: BaseCheckpointSaver[Any],
    checkpoint: str,
    *,
    fence: int,
    thread: str = THREAD,
    namespace: str = "",
    writes: bool = True,
) -> None:
    """Store one through a checkpointer."""
    state = empty_checkpoint()
    state["id"] = checkpoint
    state["channel_values"] = {"said": checkpoint}
    state["channel_versions"] = {"said": "1"}
    metadata = {FENCE: fence}
    config: RunnableConfig = {**at(thread, namespace=namespace), "metadata": metadata}
    stored = saver.put(config, state, cast("CheckpointMetadata", metadata), {"said": "1"})
    if writes:
        saver.put_writes(stored, [("said", checkpoint)], f"task of {checkpoint}")


def head(checkpoints: Checkpoints, thread: str = THREAD) -> str | None:
    """Name the head, as a run finds it that begins now."""
    return head_of(checkpoints.of_run(thread, _LAST))


def head_of(saver: FencedSaver) -> str | None:
    """Name the head, as a run has it that is under way."""
    found = saver.get_tuple(saver.config)
    return found.checkpoint["id"] if found else None


def kept(checkpoints: Checkpoints, thread: str = THREAD) -> set[str]:
    """Name the checkpoints there are, each with its write."""
    found = list(checkpoints.of_run(thread, _LAST).list(at(thread)))
    assert all(each.pending_writes for each in found)
    return {each.checkpoint["id"] for each in found}
