"""The head is the newest state of the highest fence, whatever the clocks say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from support_cli.agent.checkpoints import FencedSaver
from tests.agent.savers import EARLY, LATE, NOW, THREAD, at, head, kept, put


def test_a_new_thread_has_no_head(saver: FencedSaver) -> None:
    assert head(saver) is None


def test_of_one_run_the_last_state_is_the_head(saver: FencedSaver) -> None:
    put(saver, EARLY, fence=1)
    put(saver, NOW, fence=1)
    assert head(saver) == NOW


def test_a_run_that_lost_its_lease_does_not_write_the_head(saver: FencedSaver) -> None:
    put(saver, EARLY, fence=1)
    put(saver, NOW, fence=2)
    put(saver, LATE, fence=1)
    assert head(saver) == NOW


def test_a_host_whose_clock_is_behind_writes_the_head(saver: FencedSaver) -> None:
    put(saver, NOW, fence=1)
    put(saver, EARLY, fence=2)
    assert head(saver) == EARLY


def test_a_host_whose_clock_is_ahead_gives_the_head_up(saver: FencedSaver) -> None:
    put(saver, LATE, fence=1)
    put(saver, NOW, fence=2)
    assert head(saver) == NOW


def test_fences_are_compared_as_numbers(saver: FencedSaver) -> None:
    put(saver, NOW, fence=9)
    put(saver, EARLY, fence=10)
    assert head(saver) == EARLY


def test_a_state_that_is_named_is_loaded(saver: FencedSaver) -> None:
    put(saver, EARLY, fence=1)
    put(saver, NOW, fence=2)
    found = saver.get_tuple(at(checkpoint=EARLY))
    assert found is not None
    assert found.checkpoint["channel_values"] == {"said": EARLY}
    assert found.pending_writes == [(f"task of {EARLY}", "said", EARLY)]


def test_pruning_keeps_the_one_named_and_those_of_later_runs(saver: FencedSaver) -> None:
    for checkpoint, fence in (("1", 1), ("5", 1), ("2", 2), ("3", 2), ("4", 3)):
        put(saver, checkpoint, fence=fence)
    saver.prune_thread(THREAD, keep="2", fence=2)
    assert kept(saver) == {"2", "4"}


def test_what_belongs_to_a_pruned_state_goes_with_it(saver: FencedSaver) -> None:
    put(saver, NOW, fence=1)
    saver.prune_thread(THREAD, keep="another", fence=1)
    put(saver, NOW, fence=1, writes=False)
    found = saver.get_tuple(at())
    assert found is not None
    assert not found.pending_writes


def test_pruning_leaves_other_threads_alone(saver: FencedSaver) -> None:
    put(saver, "1", fence=1)
    put(saver, "2", fence=1, thread="another")
    saver.prune_thread(THREAD, keep="none", fence=9)
    assert kept(saver) == set()
    assert kept(saver, "another") == {"2"}


def test_what_a_late_run_left_goes_with_the_next_pruning(saver: FencedSaver) -> None:
    put(saver, "1", fence=2)
    put(saver, "9", fence=1)
    saver.prune_thread(THREAD, keep="1", fence=2)
    assert kept(saver) == {"1"}


def test_many_threads_use_one_checkpointer(real_saver: FencedSaver) -> None:
    def work(number: int) -> str | None:
        thread = f"thread {number}"
        for step in range(1, 8):
            put(real_saver, str(step), fence=step, thread=thread)
        real_saver.prune_thread(thread, keep="7", fence=7)
        return head(real_saver, thread)

    with ThreadPoolExecutor(8) as pool:
        heads = list(pool.map(work, range(8)))
    assert heads == ["7"] * 8
    assert all(kept(real_saver, f"thread {number}") == {"7"} for number in range(8))


def test_a_thread_can_be_deleted(saver: FencedSaver) -> None:
    put(saver, "1", fence=1)
    saver.delete_thread(THREAD)
    assert kept(saver) == set()
