"""The library's checkpointers, made safe for many runners.

Every checkpoint carries its run's fence in its metadata, and the head of a thread is the highest
(fence, checkpoint id), not the highest id: a runner that lost its lease and wakes up, or a host
whose clock is behind, cannot make its own checkpoint the head. Every namespace of a thread has its
own head.
"""

from __future__ import annotations

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
    copy_checkpoint,
    get_checkpoint_id,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from support_cli.errors import StateDamaged

# What the library and its serializer raise over bytes that were damaged.
_UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    NotImplementedError,
    RecursionError,
)
_MEND = "restore the store from a backup, then let it be tried again"
FENCE = "fence"  # its name in the metadata of a config and of a checkpoint
T = TypeVar("T")
Translated = Callable[[], AbstractContextManager[None]]


class Attempt(Protocol):
    """Does what is asked of a database, and raises the desk's errors.

    It may do it again where the answer got lost: every write of a saver is harmless twice.
    """

    def __call__(self, action: Callable[[], T], /) -> T:
        """Do it, and return what it returns."""
        ...


@dataclass(frozen=True, order=True, slots=True)
class Mark:
    """A checkpoint's place in the order of its thread's namespace."""

    fence: int
    checkpoint: str
    namespace: str = ""


class Marks(Protocol):
    """What the wrapper asks the database itself: the savers have no call for it."""

    def all(self, thread_id: str) -> list[Mark]:
        """List the marks of a thread's checkpoints, without loading them."""
        ...

    def delete(self, thread_id: str, namespace: str, checkpoints: Sequence[str]) -> None:
        """Delete checkpoints of a namespace, and the writes that belong to them."""
        ...


def once(translated: Translated) -> Attempt:
    """Make an attempt that is made once, for a database whose answers do not get lost."""

    def attempt(action: Callable[[], T], /) -> T:
        with translated():
            return action()

    return attempt


def strict_serializer() -> JsonPlusSerializer:
    """Make a serializer that builds messages and plain values only.

    The default one imports and calls whatever a planted checkpoint names.
    """
    return JsonPlusSerializer(allowed_msgpack_modules=None, allowed_json_modules=None)


class Checkpoints:
    """The saved states of all threads, on the library's own checkpointer.

    Args:
        inner: the library's checkpointer.
        marks: what it has no call for.
        attempt: asks the database.
    """

    def __init__(self, inner: BaseCheckpointSaver[Any], marks: Marks, attempt: Attempt) -> None:
        self.inner = inner
        self.marks = marks
        self.attempt = attempt

    def of_run(self, thread_id: str, fence: int) -> FencedSaver:
        """Make the checkpointer of one run."""
        return FencedSaver(self, thread_id, fence)


class FencedSaver(BaseCheckpointSaver[Any]):
    """The checkpointer of one run, whose head is the newest state of the highest fence.

    It asks for the head once, and stays with what it found until it writes: a run that lost its
    lease may wake up and write between two looks. After that the head is the run's own last state,
    for no other run has its fence.
    """

    def __init__(self, checkpoints: Checkpoints, thread_id: str, fence: int) -> None:
        super().__init__(serde=checkpoints.inner.serde)
        self._attempt = checkpoints.attempt
        self._inner = checkpoints.inner
        self._marks = checkpoints.marks
        self._thread_id = thread_id
        self._fence = fence
        # Nobody ran before the first run, so it need not look.
        self._found: list[Mark] | None = [] if fence == 1 else None
        self._put: list[Mark] = []
        self._heads: dict[str, CheckpointTuple | None] = {}

    @property
    def config(self) -> RunnableConfig:
        """Name the thread, and the fence that its states are to carry."""
        return {
            "configurable": {"thread_id": self._thread_id},
            "metadata": {FENCE: self._fence},
        }

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Load the checkpoint named, else the head."""
        if get_checkpoint_id(config) is not None:
            return self._read(lambda: self._inner.get_tuple(config))
        namespace = _namespace(config)
        head = self._heads.get(namespace)
        if head is None:
            head = self._heads[namespace] = self._loaded_head(config)
        if head is None:
            return None
        # The graph writes into what it is given.
        return head._replace(checkpoint=copy_checkpoint(head.checkpoint))

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """List checkpoints as the library's saver does."""
        how: dict[str, Any] = {"filter": filter, "before": before, "limit": limit}
        yield from self._read(lambda: [*self._inner.list(config, **how)])

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Store a checkpoint; its fence came with the run's config."""
        namespace = _namespace(config)
        self._heads.pop(namespace, None)
        self._put.append(Mark(self._fence, checkpoint["id"], namespace))
        return self._attempt(lambda: self._inner.put(config, checkpoint, metadata, new_versions))

    def put_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Store what a task wrote."""
        self._heads.pop(_namespace(config), None)
        self._attempt(lambda: self._inner.put_writes(config, writes, task_id, task_path))

    def get_next_version(self, current: Any, channel: None) -> Any:
        """Give a channel its next version, as the library's saver does."""
        return self._inner.get_next_version(current, channel)

    def prune_to(self, keep: str) -> None:
        """Delete the states up to this fence, but for one: each step stored the conversation again.

        Of another namespace than the run's own, its head is kept. A later run's states have a
        higher fence and are left alone.
        """
        for namespace in {mark.namespace for mark in (*self._marks_found(), *self._put)}:
            newest = self._newest(namespace)
            kept = keep if namespace == "" or newest is None else newest.checkpoint
            self._prune(namespace, kept)

    def _prune(self, namespace: str, keep: str) -> None:
        old = [
            mark.checkpoint
            for mark in (*self._marks_found(), *self._put)
            if mark.namespace == namespace and mark.fence <= self._fence and mark.checkpoint != keep
        ]
        if old:
            self._attempt(lambda: self._marks.delete(self._thread_id, namespace, old))

    def _loaded_head(self, config: RunnableConfig) -> CheckpointTuple | None:
        newest = self._newest(_namespace(config))
        if newest is None:
            return None
        named = {**config["configurable"], "checkpoint_id": newest.checkpoint}

        def load() -> CheckpointTuple | None:
            head = self._inner.get_tuple({"configurable": named})
            if head is not None:
                copy_checkpoint(head.checkpoint)  # which takes no other shape
            return head

        return self._read(load)

    def _newest(self, namespace: str) -> Mark | None:
        put = [mark for mark in self._put if mark.namespace == namespace]
        found = put or [mark for mark in self._marks_found() if mark.namespace == namespace]
        return max(found, default=None)

    def _marks_found(self) -> Sequence[Mark]:
        if self._found is None:
            self._found = self._read(lambda: self._marks.all(self._thread_id))
        return self._found

    def _read(self, load: Callable[[], T]) -> T:
        """Load what was saved.

        Raises:
            StateDamaged: it cannot be decoded.
            StoreError: the database failed.
        """

        def decoded() -> T:
            try:
                return load()
            except _UNREADABLE as exc:
                raise StateDamaged(hint=_MEND) from exc

        return self._attempt(decoded)


def _namespace(config: RunnableConfig) -> str:
    return str(config["configurable"].get("checkpoint_ns", ""))
