"""Racers are forked from a process that has imported the agent and run it once."""

from __future__ import annotations

from multiprocessing import forkserver

import pytest


@pytest.fixture(autouse=True, scope="session")
def warm() -> None:
    """Start that process, where nothing has started it yet."""
    forkserver.set_forkserver_preload(["tests.reliability.warm"])
    forkserver.ensure_running()
