"""The agent's states in MongoDB, by the library's MongoDBSaver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langgraph.checkpoint.mongodb import MongoDBSaver

from support_cli.agent.checkpoints import FENCE, Attempt, Checkpoints, Mark, strict_serializer

_MANY = 10_000  # marks in one answer; more come when asked again


def mongo_saver(database: Any) -> MongoDBSaver:
    """Put the library's MongoDBSaver on a database, and make its indexes where they are missing.

    Never with its `ttl`: it deletes the state of tickets that wait.
    """
    return MongoDBSaver(database.client, database.name, serde=strict_serializer())


def mongo_checkpoints(saver: MongoDBSaver, attempt: Attempt) -> Checkpoints:
    """Make the checkpointer on a MongoDBSaver; `attempt` asks its database."""
    return Checkpoints(saver, MongoMarks(saver), attempt)


class MongoMarks:
    """The marks in the collections of the library's MongoDBSaver."""

    def __init__(self, saver: MongoDBSaver) -> None:
        self._checkpoints = saver.checkpoint_collection
        self._writes = saver.writes_collection
        self._serde = saver.serde

    def all(self, thread_id: str) -> list[Mark]:
        """List the marks of a thread's checkpoints, without loading them."""
        found = self._checkpoints.find(
            {"thread_id": thread_id},
            {"checkpoint_id": 1, "checkpoint_ns": 1, f"metadata.{FENCE}": 1},
            batch_size=_MANY,
        )
        return [
            Mark(
                self._fence(each.get("metadata", {})), each["checkpoint_id"], each["checkpoint_ns"]
            )
            for each in found
        ]

    def delete(self, thread_id: str, namespace: str, checkpoints: Sequence[str]) -> None:
        """Delete checkpoints of a namespace, and the writes that belong to them."""
        where = {
            "thread_id": thread_id,
            "checkpoint_ns": namespace,
            "checkpoint_id": {"$in": list(checkpoints)},
        }
        self._writes.delete_many(where)
        self._checkpoints.delete_many(where)

    def _fence(self, metadata: dict[str, Any]) -> int:
        stored = metadata.get(FENCE)
        return int(self._serde.loads_typed(tuple(stored))) if stored else 0
