"""What a run that lost its lease, or a clock that is behind, does to the agent's saved states."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from support_cli.agent.checkpoints import FencedSaver
from tests.agent.savers import EARLY, LATE, NOW, THREAD, at, kept, opened, put
from tests.reliability.desk import Target


@pytest.fixture
def two(store_target: Target) -> Iterator[tuple[FencedSaver, FencedSaver]]:
    """Give two processes' checkpointers on one store."""
    with ExitStack() as closing:
        yield opened(dict(store_target), closing), opened(dict(store_target), closing)


def found(saver: FencedSaver, fence: int) -> str | None:
    """Name the head, as the run with this fence has it."""
    head = saver.get_tuple(at(fence=fence))
    return head.checkpoint["id"] if head else None


def test_a_late_state_does_not_move_the_head_between_two_looks_of_a_run(
    two: tuple[FencedSaver, FencedSaver],
) -> None:
    late, ours = two
    put(late, EARLY, fence=1)
    assert found(ours, fence=2) == EARLY
    put(late, NOW, fence=1)
    assert found(ours, fence=2) == EARLY
    assert found(ours, fence=3) == NOW


def test_a_run_that_found_nothing_goes_on_from_nothing(
    two: tuple[FencedSaver, FencedSaver],
) -> None:
    late, ours = two
    assert found(ours, fence=2) is None
    put(late, NOW, fence=1)
    assert found(ours, fence=2) is None
    put(ours, EARLY, fence=2)
    assert found(ours, fence=2) == EARLY


def test_a_first_run_that_prunes_late_spares_a_later_run_whose_clock_is_behind(
    two: tuple[FencedSaver, FencedSaver],
) -> None:
    late, behind = two
    put(late, NOW, fence=1)
    put(late, LATE, fence=1)
    put(behind, EARLY, fence=2)
    late.prune_thread(THREAD, keep=LATE, fence=1)
    assert kept(behind) == {EARLY, LATE}
    assert found(behind, fence=3) == EARLY
