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
from support_cli.agent.checkpoints import FENCE, FencedSaver, mongo_saver
from tests import databases

THREAD = "K7M2-9QXD"
EARLY, NOW, LATE = "1f0-09:00", "1f0-10:00", "1f0-11:00"  # ids sort as the clocks stood


@pytest.fixture(params=["sqlite", "mongomock", "mongo"])
def saver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FencedSaver]:
    """Give an empty checkpointer: on every database in turn."""
    if request.param == "mongomock":
        yield mongo_saver(databases.mongomock_client(), "support", nullcontext)
        return
    target = {"SUPPORT_HOME": str(tmp_path)}
    if request.param == "mongo":
        target["MONGODB_URI"] = request.getfixturevalue("mongo_uri")
    with ExitStack() as closing:
        yield opened(target, closing)


@pytest.fixture(params=["sqlite", "mongo"])
def real_saver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FencedSaver]:
    """Give an empty checkpointer on a database that several threads may use."""
    target = {"SUPPORT_HOME": str(tmp_path)}
    if request.param == "mongo":
        target["MONGODB_URI"] = request.getfixturevalue("mongo_uri")
    with ExitStack() as closing:
        yield opened(target, closing)


def opened(target: dict[str, str], closing: ExitStack) -> FencedSaver:
    """Open the checkpointer of a store as the product does."""
    given = settings.load(target, Path(target["SUPPORT_HOME"]) / "no.env")
    wiring.open_documents(given).close()
    return wiring.open_saver(given, closing)


def at(thread: str = THREAD, checkpoint: str | None = None, fence: int = 1) -> RunnableConfig:
    """Name a checkpoint, or the head; `fence` is the run's that writes."""
    named: dict[str, Any] = {"thread_id": thread, "checkpoint_ns": ""}
    if checkpoint is not None:
        named["checkpoint_id"] = checkpoint
    return {"configurable": named, "metadata": {FENCE: fence}}


def put(
    saver: BaseCheckpointSaver[Any],
    checkpoint: str,
    *,
    fence: int,
    thread: str = THREAD,
    writes: bool = True,
) -> None:
    """Store a checkpoint with an id of our own, and a write that belongs to it."""
    state = empty_checkpoint()
    state["id"] = checkpoint
    state["channel_values"] = {"said": checkpoint}
    state["channel_versions"] = {"said": "1"}
    metadata = cast("CheckpointMetadata", {FENCE: fence})
    stored = saver.put(at(thread, fence=fence), state, metadata, {"said": "1"})
    if writes:
        saver.put_writes(stored, [("said", checkpoint)], f"task of {checkpoint}")


def head(saver: FencedSaver, thread: str = THREAD) -> str | None:
    """Name the head."""
    found = saver.get_tuple(at(thread))
    return found.checkpoint["id"] if found else None


def kept(saver: FencedSaver, thread: str = THREAD) -> set[str]:
    """Name the checkpoints there are, each with its write."""
    found = list(saver.list(at(thread)))
    assert all(each.pending_writes for each in found)
    return {each.checkpoint["id"] for each in found}
