"""The library's own suite for checkpointers holds for ours, on every database.

What the library's bare savers do not offer (to copy a thread, to prune, to delete by runs) is
skipped, as it is for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, CheckpointTuple
from langgraph.checkpoint.conformance import checkpointer_test, validate

from support_cli.agent.checkpoints import Checkpoints, FencedSaver

BASE_TESTS = 58


class OfManyThreads(BaseCheckpointSaver[Any]):
    """Gives each thread the checkpointer of one run, as the suite's calls come."""

    def __init__(self, checkpoints: Checkpoints) -> None:
        super().__init__(serde=checkpoints.inner.serde)
        self._checkpoints = checkpoints
        self._runs: dict[str, FencedSaver] = {}

    def _run(self, config: RunnableConfig | None) -> FencedSaver:
        thread = str(config["configurable"]["thread_id"]) if config else ""
        return self._runs.setdefault(thread, self._checkpoints.of_run(thread, 2))

    async def aput(self, config: RunnableConfig, *given: Any) -> RunnableConfig:
        """Store a checkpoint."""
        return self._run(config).put(config, *given)

    async def aput_writes(self, config: RunnableConfig, *given: Any, **more: Any) -> None:
        """Store what a task wrote."""
        self._run(config).put_writes(config, *given, **more)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Load a checkpoint."""
        return self._run(config).get_tuple(config)

    async def alist(
        self, config: RunnableConfig | None, **how: Any
    ) -> AsyncIterator[CheckpointTuple]:
        """List checkpoints."""
        for found in self._run(config).list(config, **how):
            yield found

    async def adelete_thread(self, thread_id: str) -> None:
        """Delete a thread, as only the library's saver can."""
        self._checkpoints.inner.delete_thread(thread_id)
        self._runs.pop(thread_id, None)


def test_the_librarys_suite_for_checkpointers_holds(checkpoints: Checkpoints) -> None:
    @checkpointer_test(name="ours")
    async def ours() -> AsyncGenerator[BaseCheckpointSaver[Any], None]:
        yield OfManyThreads(checkpoints)

    results = asyncio.run(validate(ours)).results
    assert [each.failures for each in results.values() if each.failures] == []
    assert sum(each.tests_passed for each in results.values()) == BASE_TESTS
