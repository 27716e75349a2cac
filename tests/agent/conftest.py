"""A model's server, and a desk that asks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.play import KEY, Play, stored
from tests.agent.saved import checkpoints, real_checkpoints
from tests.model_server import SERVER_TEXT, ModelServer, valid_conversation


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ModelServer]:
    """Give a model's server; afterwards look at what it was asked, and at what was kept of it."""
    with ModelServer() as server:
        yield server
        server.check()
    assert not server.left
    for body in server.asked:
        valid_conversation(body["messages"])
    kept = stored(tmp_path)
    assert KEY.encode() not in kept
    assert SERVER_TEXT.encode() not in kept


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def streamed(request: pytest.FixtureRequest) -> bool:
    """Tell whether somebody listens to the agent's text."""
    return bool(request.param)


@pytest.fixture
def play(tmp_path: Path, server: ModelServer, streamed: bool) -> Iterator[Play]:
    """Give a desk that asks the server, with somebody listening and without."""
    with Play(tmp_path, server, streamed=streamed) as play:
        yield play


@pytest.fixture
def quiet(tmp_path: Path, server: ModelServer) -> Iterator[Play]:
    """Give a desk that asks the server, with nobody listening."""
    with Play(tmp_path, server) as play:
        yield play


@pytest.fixture
def hurried(tmp_path: Path, server: ModelServer, streamed: bool) -> Iterator[Play]:
    """Give the same desk with little time for the model."""
    with Play(tmp_path, server, streamed=streamed, timeout="0.1s") as play:
        yield play


__all__ = ["checkpoints", "real_checkpoints"]
