"""What a run that lost its lease, or a clock that is behind, does to the agent's saved states."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from support_cli.agent.checkpoints import Checkpoints
from tests.agent.saved import EARLY, LATE, NOW, THREAD, at, head, head_of, kept, opened, put, put_by
from tests.reliability.desk import Target


@pytest.fixture
def two(store_target: Target) -> Iterator[tuple[Checkpoints, Checkpoints]]:
    """Give two processes' checkpointers on one store."""
    with ExitStack() as closing:
        yield opened(dict(store_target), closing), opened(dict(store_target), closing)


def test_a_late_state_does_not_move_the_head_between_two_looks_of_a_run(
    two: tuple[Checkpoints, Checkpoints],
) -> None:
    late, ours = two
    run = ours.of_run(THREAD, 2)
    put(late, EARLY, fence=1)
    assert head_of(run) == EARLY
    put(late, NOW, fence=1)
    assert head_of(run) == EARLY
    assert head_of(ours.of_run(THREAD, 3)) == NOW


def test_a_run_that_found_nothing_goes_on_from_nothing(
    two: tuple[Checkpoints, Checkpoints],
) -> None:
    late, ours = two
    run = ours.of_run(THREAD, 2)
    assert head_of(run) is None
    put(late, NOW, fence=1)
    assert head_of(run) is None
    put_by(run, EARLY, fence=2)
    assert head_of(run) == EARLY


def test_a_first_run_that_prunes_late_spares_a_later_run_whose_clock_is_behind(
    two: tuple[Checkpoints, Checkpoints],
) -> None:
    late, behind = two
    run = late.of_run(THREAD, 1)
    put_by(run, NOW, fence=1)
    put_by(run, LATE, fence=1)
    put(behind, EARLY, fence=2)
    run.prune_to(keep=LATE)
    assert kept(behind) == {EARLY, LATE}
    assert head(behind) == EARLY


def test_what_a_late_run_writes_into_the_head_between_two_looks_is_not_seen(
    two: tuple[Checkpoints, Checkpoints],
) -> None:
    late, ours = two
    put(late, NOW, fence=1, writes=False)
    run = ours.of_run(THREAD, 2)
    assert head_of(run) == NOW
    late.of_run(THREAD, 1).put_writes(at(checkpoint=NOW), [("said", "late")], "a late task")
    again = run.get_tuple(run.config)
    assert again is not None
    assert not again.pending_writes


def test_what_the_graph_does_to_a_state_it_was_given_stays_its_own(
    two: tuple[Checkpoints, Checkpoints],
) -> None:
    put(two[0], NOW, fence=1)
    run = two[1].of_run(THREAD, 2)
    first = run.get_tuple(run.config)
    assert first is not None
    first.checkpoint["channel_values"].clear()
    again = run.get_tuple(run.config)
    assert again is not None
    assert again.checkpoint["channel_values"] == {"said": NOW}
