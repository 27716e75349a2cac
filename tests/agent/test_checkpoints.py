"""The head is the newest state of the highest fence, whatever the clocks say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from support_cli.agent.checkpoints import Checkpoints
from tests.agent.saved import EARLY, LATE, NOW, THREAD, at, head, kept, put


def test_a_new_thread_has_no_head(checkpoints: Checkpoints) -> None:
    assert head(checkpoints) is None


def test_of_one_run_the_last_state_is_the_head(checkpoints: Checkpoints) -> None:
    put(checkpoints, EARLY, fence=1)
    put(checkpoints, NOW, fence=1)
    assert head(checkpoints) == NOW


def test_a_run_that_lost_its_lease_does_not_write_the_head(checkpoints: Checkpoints) -> None:
    put(checkpoints, EARLY, fence=1)
    put(checkpoints, NOW, fence=2)
    put(checkpoints, LATE, fence=1)
    assert head(checkpoints) == NOW


def test_a_host_whose_clock_is_behind_writes_the_head(checkpoints: Checkpoints) -> None:
    put(checkpoints, NOW, fence=1)
    put(checkpoints, EARLY, fence=2)
    assert head(checkpoints) == EARLY


def test_a_host_whose_clock_is_ahead_gives_the_head_up(checkpoints: Checkpoints) -> None:
    put(checkpoints, LATE, fence=1)
    put(checkpoints, NOW, fence=2)
    assert head(checkpoints) == NOW


def test_fences_are_compared_as_numbers(checkpoints: Checkpoints) -> None:
    put(checkpoints, NOW, fence=9)
    put(checkpoints, EARLY, fence=10)
    assert head(checkpoints) == EARLY


def test_a_state_that_is_named_is_loaded(checkpoints: Checkpoints) -> None:
    put(checkpoints, EARLY, fence=1)
    put(checkpoints, NOW, fence=2)
    found = checkpoints.of_run(THREAD, 3).get_tuple(at(checkpoint=EARLY))
    assert found is not None
    assert found.checkpoint["channel_values"] == {"said": EARLY}
    assert found.pending_writes == [(f"task of {EARLY}", "said", EARLY)]


def test_pruning_keeps_the_one_named_and_those_of_later_runs(checkpoints: Checkpoints) -> None:
    for checkpoint, fence in (("1", 1), ("5", 1), ("2", 2), ("3", 2), ("4", 3)):
        put(checkpoints, checkpoint, fence=fence)
    checkpoints.of_run(THREAD, 2).prune_to(keep="2")
    assert kept(checkpoints) == {"2", "4"}


def test_what_belongs_to_a_pruned_state_goes_with_it(checkpoints: Checkpoints) -> None:
    put(checkpoints, NOW, fence=1)
    checkpoints.of_run(THREAD, 2).prune_to(keep="another")
    put(checkpoints, NOW, fence=1, writes=False)
    found = checkpoints.of_run(THREAD, 2).get_tuple(at())
    assert found is not None
    assert not found.pending_writes


def test_pruning_leaves_other_threads_alone(checkpoints: Checkpoints) -> None:
    put(checkpoints, "1", fence=1)
    put(checkpoints, "2", fence=1, thread="another")
    checkpoints.of_run(THREAD, 9).prune_to(keep="none")
    assert kept(checkpoints) == set()
    assert kept(checkpoints, "another") == {"2"}


def test_what_a_late_run_left_goes_with_the_next_pruning(checkpoints: Checkpoints) -> None:
    put(checkpoints, "1", fence=2)
    put(checkpoints, "9", fence=1)
    checkpoints.of_run(THREAD, 2).prune_to(keep="1")
    assert kept(checkpoints) == {"1"}


def test_each_namespace_has_its_own_head(checkpoints: Checkpoints) -> None:
    put(checkpoints, NOW, fence=1)
    put(checkpoints, LATE, fence=2, namespace="child")
    found = checkpoints.of_run(THREAD, 3).get_tuple(at(namespace="child"))
    assert head(checkpoints) == NOW
    assert found is not None
    assert found.checkpoint["id"] == LATE


def test_pruning_keeps_the_head_of_every_namespace(checkpoints: Checkpoints) -> None:
    for checkpoint, namespace in (("1", ""), ("2", ""), ("3", "child"), ("4", "child")):
        put(checkpoints, checkpoint, fence=1, namespace=namespace)
    checkpoints.of_run(THREAD, 2).prune_to(keep="2")
    left = checkpoints.inner.list({"configurable": {"thread_id": THREAD}})
    assert {each.checkpoint["id"] for each in left} == {"2", "4"}


def test_many_threads_use_one_checkpointer(real_checkpoints: Checkpoints) -> None:
    def work(number: int) -> str | None:
        thread = f"thread {number}"
        for step in range(1, 8):
            put(real_checkpoints, str(step), fence=step, thread=thread)
        real_checkpoints.of_run(thread, 7).prune_to(keep="7")
        return head(real_checkpoints, thread)

    with ThreadPoolExecutor(8) as pool:
        heads = list(pool.map(work, range(8)))
    assert heads == ["7"] * 8
    assert all(kept(real_checkpoints, f"thread {number}") == {"7"} for number in range(8))
