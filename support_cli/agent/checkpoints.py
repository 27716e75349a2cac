"""The library's checkpointers, made safe for many runners.

Every checkpoint carries its run's fence in its metadata, and the head of a thread is the highest
(fence, checkpoint id), not the highest id: a runner that lost its lease and wakes up, or a host
whose clock is behind, cannot make its own checkpoint the head.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_id,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from support_cli.errors import ReplyLost

FENCE = "fence"  # its name in the metadata of a config and of a checkpoint
_TRIES = 5  # for a write whose answer got lost; every write of a saver is harmless twice
T = TypeVar("T")
Translated = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, order=True, slots=True)
class Mark:
    """A checkpoint's place in its thread's order."""

    fence: int
    checkpoint: str


class Marks(Protocol):
    """What the wrapper asks the database itself: the savers have no call for it."""

    def all(self, thread_id: str) -> list[Mark]:
        """List the marks of a thread's checkpoints, without loading them."""
        ...

    def delete(self, thread_id: str, checkpoints: Sequence[str]) -> None:
        """Delete checkpoints and the writes that belong to them."""
        ...


def strict_serializer() -> JsonPlusSerializer:
    """Make a serializer that builds messages and plain values only.

    The default one imports and calls whatever a planted checkpoint names.
    """
    return JsonPlusSerializer(allowed_msgpack_modules=None, allowed_json_modules=None)


class FencedSaver(BaseCheckpointSaver[Any]):
    """A checkpointer whose head is the newest state of the highest fence."""

    def __init__(
        self, inner: BaseCheckpointSaver[Any], marks: Marks, translated: Translated
    ) -> None:
        super().__init__(serde=inner.serde)
        self._inner = inner
        self._marks = marks
        self._translated = translated
        self._found: dict[str, tuple[int, Mark | None]] = {}
        self._put: dict[str, list[str]] = {}

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Load the checkpoint named, else the head."""
        if get_checkpoint_id(config) is None:
            fence = config.get("metadata", {}).get(FENCE, 0)
            head = self._head(config["configurable"]["thread_id"], fence)
            if head is None:
                return None
            named = {**config["configurable"], "checkpoint_id": head.checkpoint}
            config = {"configurable": named}
        return self._settled(lambda: self._inner.get_tuple(config))

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """List checkpoints as the library's saver does."""
        with self._translated():
            yield from self._inner.list(config, filter=filter, before=before, limit=limit)

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Store a checkpoint; its fence came with the run's config."""
        self._put.setdefault(config["configurable"]["thread_id"], []).append(checkpoint["id"])
        return self._settled(lambda: self._inner.put(config, checkpoint, metadata, new_versions))

    def put_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Store what a task wrote."""
        self._settled(lambda: self._inner.put_writes(config, writes, task_id, task_path))

    def delete_thread(self, thread_id: str) -> None:
        """Delete a thread."""
        self._settled(lambda: self._inner.delete_thread(thread_id))

    def get_next_version(self, current: Any, channel: None) -> Any:
        """Give a channel its next version, as the library's saver does."""
        return self._inner.get_next_version(current, channel)

    def prune_thread(self, thread_id: str, keep: str, fence: int) -> None:
        """Delete the states up to a fence, but for one: each step stored the conversation again.

        A later run's states have a higher fence and are left alone.
        """
        self._found.pop(thread_id, None)
        own = [name for name in self._put.pop(thread_id, []) if name != keep]
        # Nobody ran before the first run. What it made is known here, so it need not look.
        old = own if fence == 1 else self._old(thread_id, keep, fence)
        if old:
            self._settled(lambda: self._marks.delete(thread_id, old))

    def _old(self, thread_id: str, keep: str, fence: int) -> Sequence[str]:
        marks = self._settled(lambda: self._marks.all(thread_id))
        return [m.checkpoint for m in marks if m.fence <= fence and m.checkpoint != keep]

    def _head(self, thread_id: str, fence: int) -> Mark | None:
        """Find the head, as the run with this fence has it.

        Until the run has put a state of its own, it stays with the head that it found first: one
        that lost its lease may wake up and write between two looks.
        """
        newest = max(self._settled(lambda: self._marks.all(thread_id)), default=None)
        if newest is not None and newest.fence >= fence:
            return newest
        if self._found.get(thread_id, (None,))[0] != fence:
            self._found[thread_id] = (fence, newest)
        return self._found[thread_id][1]

    def _settled(self, action: Callable[[], T]) -> T:
        for _ in range(_TRIES - 1):
            try:
                with self._translated():
                    return action()
            except ReplyLost:
                continue
        with self._translated():
            return action()


_SQLITE_DELETES = (
    "DELETE FROM writes WHERE thread_id = ? AND checkpoint_ns = '' AND checkpoint_id = ?",
    "DELETE FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = '' AND checkpoint_id = ?",
)


class SqliteMarks:
    """The marks in the tables of the library's SqliteSaver."""

    def __init__(self, connection: sqlite3.Connection, lock: AbstractContextManager[Any]) -> None:
        self._connection = connection
        self._lock = lock

    def all(self, thread_id: str) -> list[Mark]:
        """List the marks of a thread's checkpoints, without loading them."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT checkpoint_id, metadata FROM checkpoints"
                " WHERE thread_id = ? AND checkpoint_ns = ''",
                (thread_id,),
            ).fetchall()
        return [Mark(json.loads(metadata).get(FENCE, 0), name) for name, metadata in rows]

    def delete(self, thread_id: str, checkpoints: Sequence[str]) -> None:
        """Delete checkpoints and the writes that belong to them."""
        rows = [(thread_id, name) for name in checkpoints]
        with self._lock:
            # A deletion that a power cut undoes is made again later: no wait for the disk.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            try:
                with self._connection:
                    for delete in _SQLITE_DELETES:
                        self._connection.executemany(delete, rows)
            finally:
                self._connection.execute("PRAGMA synchronous = FULL")


class MongoMarks:
    """The marks in the collections of the library's MongoDBSaver."""

    def __init__(self, saver: Any) -> None:
        self._checkpoints = saver.checkpoint_collection
        self._writes = saver.writes_collection
        self._serde = saver.serde

    def all(self, thread_id: str) -> list[Mark]:
        """List the marks of a thread's checkpoints, without loading them."""
        found = self._checkpoints.find(
            {"thread_id": thread_id, "checkpoint_ns": ""},
            {"checkpoint_id": 1, f"metadata.{FENCE}": 1},
        )
        return [
            Mark(self._fence(each.get("metadata", {})), each["checkpoint_id"]) for each in found
        ]

    def delete(self, thread_id: str, checkpoints: Sequence[str]) -> None:
        """Delete checkpoints and the writes that belong to them."""
        where = {
            "thread_id": thread_id,
            "checkpoint_ns": "",
            "checkpoint_id": {"$in": list(checkpoints)},
        }
        self._writes.delete_many(where)
        self._checkpoints.delete_many(where)

    def _fence(self, metadata: dict[str, Any]) -> int:
        stored = metadata.get(FENCE)
        return int(self._serde.loads_typed(tuple(stored))) if stored else 0


def sqlite_saver(connection: sqlite3.Connection, translated: Translated) -> FencedSaver:
    """Put the library's SqliteSaver on a connection that any thread may use."""
    from langgraph.checkpoint.sqlite import SqliteSaver

    saver = SqliteSaver(connection, serde=strict_serializer())
    with translated():
        saver.setup()
    return FencedSaver(saver, SqliteMarks(connection, saver.lock), translated)


def mongo_saver(client: Any, database: str, translated: Translated) -> FencedSaver:
    """Put the library's MongoDBSaver on a client.

    Never with its `ttl`: it deletes the state of tickets that wait.
    """
    from langgraph.checkpoint.mongodb import MongoDBSaver

    with translated():
        saver = MongoDBSaver(client, database, serde=strict_serializer())
    return FencedSaver(saver, MongoMarks(saver), translated)
